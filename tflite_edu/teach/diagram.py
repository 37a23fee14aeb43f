"""`Diagram`: a picture of a computation as plain data, before anyone draws it."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Kind(enum.Enum):
    """What a node is to a reader; each kind has its own shape and colour."""

    INPUT = "input"
    CONSTANT = "constant"
    VARIABLE = "variable"
    OPERATION = "operation"
    GRADIENT = "gradient"
    OUTPUT = "output"
    SCOPE = "scope"


class Node(NamedTuple):
    """One box: a unique name, the label drawn in it, and the lines shown when it is opened.

    What follows a newline in the label is drawn small under it. `scope` is the name scope it is in,
    without the last "/". A name that ends in "/" is that of a folded scope.
    """

    name: str
    label: str
    kind: Kind
    scope: str = ""
    details: tuple[str, ...] = ()


class Edge(NamedTuple):
    """An arrow from node to node, with a value (or a shape) above it and a gradient under it.

    A `control` edge carries nothing: its target only runs after its source.
    """

    source: str
    target: str
    above: str = ""
    under: str = ""
    control: bool = False


class Diagram(NamedTuple):
    """Nodes and edges, with the orders in which the passes forward and backward reach the nodes."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    title: str = ""
    forward: tuple[str, ...] = ()
    backward: tuple[str, ...] = ()


def verify(diagram: Diagram) -> None:
    """Raises ValueError where names are not unique or unknown, or an edge ends where it starts."""
    counts = Counter(node.name for node in diagram.nodes)
    for name, count in counts.items():
        if count > 1:
            raise ValueError(f"{count} nodes of the diagram have the name {name!r}.")
    for edge in diagram.edges:
        for end in (edge.source, edge.target):
            if end not in counts:
                raise ValueError(f"An edge of the diagram ends at {end!r}, which is no node of it.")
        if edge.source == edge.target:
            raise ValueError(f"An edge of the diagram leads from {edge.source!r} to itself.")
    for name in (*diagram.forward, *diagram.backward):
        if name not in counts:
            raise ValueError(f"The order of the diagram names {name!r}, which is no node of it.")


def fold(diagram: Diagram, most_nodes: int) -> Diagram:
    """The diagram with whole scopes drawn as one node each, until at most `most_nodes` are left.

    Outer scopes are opened first, small ones before large ones, until one does not fit; scopes of
    one size side by side (the layers of a network) open together or not at all. Nodes outside every
    scope always stay, so that the result may be larger than asked.
    """
    if len(diagram.nodes) <= most_nodes:
        return diagram
    inside = _scope_tree(diagram.nodes)
    opened = {""}
    shown = len(inside[""])
    groups = _groups(inside, "")
    while groups:
        key = min(groups)
        size, scopes = key[1], groups.pop(key)
        grown = shown + len(scopes) * (size - 1)
        # A scope of one thing says no more folded than open.
        if grown > most_nodes and size > 1:
            break
        opened.update(scopes)
        shown = grown
        for scope in scopes:
            groups.update(_groups(inside, scope))
    return fold_scopes(diagram, opened)


def _groups(inside: dict[str, list[str]], scope: str) -> dict[tuple[int, int, str], list[str]]:
    """The scopes right in a scope by (depth, size, scope), the order in which they may open."""
    found: dict[tuple[int, int, str], list[str]] = {}
    for name in inside[scope]:
        if name in inside:
            found.setdefault((name.count("/"), len(inside[name]), scope), []).append(name)
    return found


def fold_scopes(diagram: Diagram, opened: Iterable[str]) -> Diagram:
    """The diagram with every scope folded but those in `opened`, which are as in "a/b/"."""
    opened = {"", *opened}
    place: dict[str, str] = {}
    members: dict[str, list[Node]] = {}
    for node in diagram.nodes:
        shown = node.name
        for scope in enclosing(node):
            if scope not in opened:
                shown = scope
                break
        place[node.name] = shown
        members.setdefault(shown, []).append(node)
    nodes = [
        folded_node(name, held) if held[0].name != name else held[0]
        for name, held in members.items()
    ]
    between: dict[tuple[str, str], list[Edge]] = {}
    for edge in diagram.edges:
        ends = place[edge.source], place[edge.target]
        if ends[0] != ends[1]:
            between.setdefault(ends, []).append(edge)
    # Edges between two nodes that are both themselves stay apart: x * x has two.
    edges: list[Edge] = []
    for (source, target), held_edges in between.items():
        if source.endswith("/") or target.endswith("/"):
            data = [e for e in held_edges if not e.control]
            above, under = _one_text([e.above for e in data]), _one_text([e.under for e in data])
            edges.append(Edge(source, target, above, under, control=not data))
        else:
            edges += held_edges
    return Diagram(
        tuple(nodes),
        tuple(edges),
        diagram.title,
        _order([place[name] for name in diagram.forward]),
        _order([place[name] for name in diagram.backward]),
    )


def folded_node(name: str, members: Sequence[Node]) -> Node:
    """The one node that stands for all of a scope; it lists what is inside."""
    path = name.rstrip("/")
    outer, _, label = path.rpartition("/")
    kinds = {node.kind for node in members}
    of_gradients = Kind.GRADIENT in kinds and kinds <= {Kind.GRADIENT, Kind.CONSTANT}
    kind = Kind.GRADIENT if of_gradients else Kind.SCOPE
    count = f"{len(members)} node" + ("s" if len(members) > 1 else "")
    labels = Counter(node.label for node in members)
    contents = [f"{label} × {n}" if n > 1 else label for label, n in labels.most_common(12)]
    more = [f"and {len(labels) - 12} other kinds"] if len(labels) > 12 else []
    return Node(name, label, kind, outer, (f"A scope of {count}, folded:", *contents, *more))


def enclosing(node: Node) -> list[str]:
    """The scopes around a node, outermost first, as in "a/", "a/b/"."""
    parts = node.scope.split("/") if node.scope else []
    return ["/".join(parts[: i + 1]) + "/" for i in range(len(parts))]


def _scope_tree(nodes: Iterable[Node]) -> dict[str, list[str]]:
    """Scope -> what is directly in it: names of nodes, and inner scopes (which end in "/")."""
    inside: dict[str, dict[str, None]] = {"": {}}
    for node in nodes:
        outer = ""
        for scope in enclosing(node):
            inside[outer][scope] = None
            inside.setdefault(scope, {})
            outer = scope
        inside[outer][node.name] = None
    return {scope: list(names) for scope, names in inside.items()}


def _one_text(texts: Sequence[str]) -> str:
    different = {text for text in texts if text}
    if len(different) > 1:
        return f"{len(texts)} tensors"
    return different.pop() if different else ""


def _order(names: Sequence[str]) -> tuple[str, ...]:
    """Each name once, where it comes last: a scope is done when all in it is done."""
    return tuple(reversed(dict.fromkeys(reversed(names))))
