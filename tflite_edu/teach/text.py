"""A `Diagram` as text for a terminal: one line a node, in the order of the computation."""

from __future__ import annotations

from tflite_edu.teach.diagram import Diagram, Edge, Kind, Node, fold, verify
from tflite_edu.teach.svg import clip

WIDTH = 100
MOST_NODES = 60

_SIGNS = {
    Kind.INPUT: ">",
    Kind.CONSTANT: "=",
    Kind.VARIABLE: "#",
    Kind.OPERATION: "o",
    Kind.GRADIENT: "~",
    Kind.OUTPUT: "*",
    Kind.SCOPE: "+",
}


def to_text(diagram: Diagram, most_nodes: int = MOST_NODES) -> str:
    """The diagram as lines of at most 100 columns, with scopes folded to `most_nodes` nodes.

    A line has the sign of the node's kind, its name, and after "<-" what it takes, with the values
    (or shapes) and in parentheses the gradients. Nodes of a scope stand under its name.
    """
    verify(diagram)
    diagram = fold(diagram, most_nodes)
    entering: dict[str, list[Edge]] = {node.name: [] for node in diagram.nodes}
    for edge in diagram.edges:
        entering[edge.target].append(edge)
    rows: list[tuple[int, str, list[str]]] = []  # indent, what, from
    scope = ""
    for node in in_order(diagram):
        if node.scope != scope:
            scope = node.scope
            rows += [(0, f"{scope}/", [])] if scope else []
        depth = 1 if scope else 0
        rows.append((depth, _name(node), _sources(node, entering[node.name])))
    column = min(
        max([2 * depth + len(what) for depth, what, taken in rows if taken], default=0), 40
    )
    lines = [diagram.title, ""] if diagram.title else []
    for depth, what, sources in rows:
        lines += _row("  " * depth + what, sources, column)
    if not rows:
        lines.append("(nothing to show)")
    kinds = [kind for kind in Kind if any(node.kind is kind for node in diagram.nodes)]
    if kinds:
        lines += ["", "   ".join(f"{_SIGNS[kind]} {kind.value}" for kind in kinds)]
    return "\n".join(lines) + "\n"


def in_order(diagram: Diagram) -> list[Node]:
    """The nodes so that each comes after its inputs, where no cycle prevents it.

    Among the nodes that may come next, one of the same scope does.
    """
    nodes = {node.name: node for node in diagram.nodes}
    waiting: dict[str, int] = dict.fromkeys(nodes, 0)
    after: dict[str, list[str]] = {name: [] for name in nodes}
    for edge in diagram.edges:
        waiting[edge.target] += 1
        after[edge.source].append(edge.target)
    left = dict.fromkeys(nodes)  # in the diagram's order
    ready: dict[str, None] = {name: None for name in nodes if waiting[name] == 0}
    found: list[Node] = []
    scope = ""
    while left:
        name = next((name for name in ready if nodes[name].scope == scope), None)
        if name is None:
            # In a cycle nothing is ready: the first node that is left opens it.
            name = next(iter(ready or left))
        ready.pop(name, None)
        del left[name]
        found.append(nodes[name])
        scope = nodes[name].scope
        for target in after[name]:
            waiting[target] -= 1
            if waiting[target] == 0 and target in left:
                ready[target] = None
    return found


def _name(node: Node) -> str:
    own = node.name.rstrip("/").rpartition("/")[2] + ("/" if node.name.endswith("/") else "")
    head, _, small = node.label.partition("\n")
    label = f"{head} {small}" if small and small != node.scope else head
    said = f" {label}" if label.lower() not in (own.lower().rstrip("/"), "") else ""
    if said and label.lower().startswith(own.lower()):
        own, said = label, ""
    return f"{_SIGNS[node.kind]} {own}{said}"


def _sources(node: Node, edges: list[Edge]) -> list[str]:
    texts = []
    for edge in edges:
        source = edge.source
        if node.scope and source.startswith(f"{node.scope}/"):
            source = source[len(node.scope) + 1 :]
        under = f" ({edge.under})" if edge.under else ""
        above = f" {edge.above}" if edge.above else ""
        texts.append(f"{'after ' if edge.control else ''}{clip(source, 44)}{above}{under}")
    return texts


def _row(what: str, sources: list[str], column: int) -> list[str]:
    what = clip(what, WIDTH)
    if not sources:
        return [what]
    taken = [""]
    for i, source in enumerate(sources):
        text = clip(source, WIDTH - column - 6) + ("," if i < len(sources) - 1 else "")
        if taken[-1] and len(taken[-1]) + len(text) + column + 6 > WIDTH:
            taken.append(text)
        else:
            taken[-1] = f"{taken[-1]} {text}".strip()
    lines = [] if len(what) <= column else [what]
    first = f"{what if not lines else '':{column}}  <- {taken[0]}"
    return [*lines, first, *[" " * (column + 5) + line for line in taken[1:]]]
