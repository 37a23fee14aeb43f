"""An explanation as a page of text: the values forward, then the gradients backward."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy

from tflite_edu.teach.array_summary import norm, number, shape_text, short, summary
from tflite_edu.teach.diagram import Diagram, Kind, fold

if TYPE_CHECKING:
    from tflite_edu.teach.explanation import ExplainedInput, ExplainedNode

WIDTH = 100
_WIDEST_NAME, _WIDEST_TYPE, _WIDEST_SHAPE = 24, 24, 16


def text_of(
    loss: str,
    nodes: Sequence[ExplainedNode],
    notes: Sequence[str],
    diagram: Diagram,
    most_nodes: int | None,
) -> str:
    """The page, at most 100 columns wide."""
    folded = _folded(nodes, diagram, most_nodes)
    shown = _in_order(nodes, folded)
    last = next(node for node in nodes if node.name == loss)
    value = last.value[0] if isinstance(last.value, list) else last.value
    count = f"{len(nodes)} node" + ("s" if len(nodes) > 1 else "")
    lines = _wrapped(f"L = {loss} = {short(value)}. {count} lead to it.", "")
    if value is not None and numpy.size(value) > 1:
        lines += _wrapped("L has several elements: the gradients are those of their sum.", "")
    for note in notes:
        lines += _wrapped(note, "")
    lines += ["", "FORWARD: what each node makes"]
    lines += _forward(shown)
    lines += ["", "BACKWARD: from L back, ∂L/∂node, and what each node passes to its inputs"]
    for one in reversed(shown):
        lines += _backward(one) if not isinstance(one, _Scope) else one.backward()
    ends = [n for n in shown if not isinstance(n, _Scope) and not n.inputs]
    ends = [node for node in ends if node.gradient is not None]
    if ends:
        lines += ["", "WHERE IT BEGINS: how L changes with each variable, input and constant"]
        lines += _table([["node", "is", "shape", "∂L/∂node"], *map(_end, ends)])
    if folded:
        lines += ["", "Scopes that end in / are folded; text(most_nodes=None) opens them."]
    return "\n".join(lines)


class _Scope:
    """The nodes of a folded name scope."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.members: list[ExplainedNode] = []

    def row(self) -> list[str]:
        """The scope as a line of the forward table: what leaves it, as far as one node does."""
        last = self.members[-1]
        types = list(dict.fromkeys(m.op_type for m in self.members if m.inputs))
        more = " ..." if len(types) > 6 else ""
        what = f"{len(self.members)} nodes: {', '.join(types[:6])}{more}"
        value = last.value if not isinstance(last.value, list) else last.value[0]
        return [self.name, "scope", shape_text(value), what]

    def backward(self) -> list[str]:
        """The gradients of the variables inside, and how large they are."""
        lines = [f"  {_clip(self.name, WIDTH - 2)}"]
        variables = [m for m in self.members if m.kind is Kind.VARIABLE and m.gradient is not None]
        for one in variables:
            size = number(norm(one.gradient))
            lines += _wrapped(f"∂L/∂{one.name}: norm {size}, {summary(one.gradient)}", "      ")
        if not variables:
            passed = [m.gradient for m in self.members if m.gradient is not None]
            text = "no gradient comes here" if not passed else f"{len(passed)} gradients inside"
            lines.append(f"      {text}, no variable")
        return lines


def _folded(nodes: Sequence[ExplainedNode], diagram: Diagram, most: int | None) -> list[str]:
    """The scopes, each ending in "/", that stay closed."""
    if most is None or len(nodes) <= most:
        return []
    return [node.name for node in fold(diagram, most).nodes if node.name.endswith("/")]


def _in_order(nodes: Sequence[ExplainedNode], folded: Sequence[str]) -> list[Any]:
    """The nodes in forward order, those of a folded scope as one, where the scope is done."""
    scopes: dict[str, _Scope] = {}
    found: dict[Any, None] = {}
    for node in nodes:
        name = next((scope for scope in folded if node.name.startswith(scope)), None)
        if name is None:
            found[node] = None
        else:
            scope = scopes.setdefault(name, _Scope(name))
            scope.members.append(node)
            found.pop(scope, None)
            found[scope] = None
    return list(found)


def _forward(shown: Sequence[Any]) -> list[str]:
    rows = [["node", "operation", "shape", "value"]]
    for one in shown:
        rows += [one.row()] if isinstance(one, _Scope) else _rows(one)
    return _table(rows)


def _table(rows: Sequence[Sequence[Any]]) -> list[str]:
    """Rows of name, kind, shape and a value, which is a text or an array to be summarised."""
    widest = (_WIDEST_NAME, _WIDEST_TYPE, _WIDEST_SHAPE)
    widths = [min(max(len(row[i]) for row in rows), widest[i]) for i in range(3)]
    room = WIDTH - 2 - sum(widths) - 6
    lines = []
    for row in rows:
        cells = [_clip(row[i], widths[i]).ljust(widths[i]) for i in range(3)]
        last = row[3] if isinstance(row[3], str) else summary(row[3], room)
        lines.append(f"  {'  '.join(cells)}  {_clip(last, room)}".rstrip())
    return lines


def _rows(node: ExplainedNode) -> list[list[Any]]:
    values = node.value if isinstance(node.value, list) else [node.value]
    what = _what(node)
    if node.inputs:
        what = f"{what}({', '.join(_own(one.name, node.name) for one in node.inputs)})"
    dead = "not computed: its branch was not taken"
    return [
        [node.name, what, shape_text(value), dead if value is None else value] for value in values
    ]


def _end(node: ExplainedNode) -> list[Any]:
    gradient = node.gradient[0] if isinstance(node.gradient, list) else node.gradient
    return [node.name, _what(node), shape_text(gradient), gradient]


def _what(node: ExplainedNode) -> str:
    named = {Kind.VARIABLE: "variable", Kind.CONSTANT: "constant", Kind.INPUT: node.op_type}
    kind = named.get(node.kind, node.op_type)
    return "input" if kind in ("Placeholder", "PlaceholderV2") else kind


def _own(name: str, beside: str) -> str:
    """A name without the scope that both are in."""
    scope = beside.rpartition("/")[0]
    return name.removeprefix(f"{scope}/") if scope else name


def _backward(node: ExplainedNode) -> list[str]:
    if node.gradient is None or not node.inputs:
        return []
    gradients = node.gradient if isinstance(node.gradient, list) else [node.gradient]
    own = node.name.rpartition("/")[2]
    kind = "" if own.startswith(node.op_type) else f"  {node.op_type}"
    head = f"{node.name}{kind}  gradient "
    lines: list[str] = []
    for gradient in gradients:
        written = "none: its branch was not taken" if gradient is None else summary(gradient)
        lines += _wrapped(f"{head}{written}", "  ")
    lines += _wrapped(node.rule, "      ")
    passing = [one for one in node.inputs if one.gradient is not None]
    width = max((len(_own(one.name, node.name)) for one in passing), default=0)
    for one in passing:
        lines += _passed(one, node, min(width, _WIDEST_NAME))
    return lines


def _passed(one: ExplainedInput, node: ExplainedNode, width: int) -> list[str]:
    """What goes back to one input: the gradient of the node times the local gradient."""
    name = _clip(_own(one.name, node.name), width).ljust(width)
    if one.local_gradient is None:
        return _wrapped(f"-> {name}  {summary(one.gradient)}", "      ")
    given = node.gradient
    scalars = all(numpy.size(a) == 1 for a in (given, one.local_gradient, one.gradient))
    if scalars and not isinstance(given, list):
        terms = f"{summary(given)} · {summary(one.local_gradient)}"
        return _wrapped(f"-> {name}  {terms} = {summary(one.gradient)}", "      ")
    local = f"local{' (summed)' if one.summed else ''} {summary(one.local_gradient, 50)}"
    lines = _wrapped(f"-> {name}  {summary(one.gradient)}", "      ")
    return lines + _wrapped(local, " " * (len(name) + 11))


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_on_hyphens=False,
    )


def _clip(text: str, most: int) -> str:
    """The text, its middle left out where it is too long: names differ at their ends."""
    if len(text) <= most:
        return text
    end = (most - 3) // 2
    return f"{text[: most - 3 - end]}...{text[-end:]}"
