"""An explanation as a picture: values above the edges, gradients under them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tflite_edu.teach.array_summary import shape_text, short, short_gradient, summary
from tflite_edu.teach.diagram import Diagram, Edge, Kind, Node

if TYPE_CHECKING:
    from tflite_edu.teach.explanation import ExplainedNode

# What textbooks write into a node.
_SIGNS = {
    "Add": "+",
    "AddV2": "+",
    "AddN": "Σ",
    "Sub": "−",
    "Mul": "×",
    "Div": "÷",
    "RealDiv": "÷",
    "Neg": "−1 ×",
    "Sum": "Σ",
    "Square": "x²",
    "Sqrt": "√",
    "Exp": "exp",
    "Log": "log",
    "Maximum": "max",
    "Minimum": "min",
    "Reciprocal": "1/x",
    "Sigmoid": "σ",
    "Tanh": "tanh",
    "Relu": "ReLU",
}


def diagram_of(loss: str, nodes: Sequence[ExplainedNode]) -> Diagram:
    """The picture of an explanation's nodes; the loss gets an arrow that leads out of the graph."""
    names = {node.name for node in nodes}
    drawn = [_node(node) for node in nodes]
    edges = []
    for node in nodes:
        for one in node.inputs:
            source = one.name if one.name in names else one.name.rpartition(":")[0]
            edges.append(Edge(source, node.name, short(one.value), short_gradient(one.gradient)))
    last = next(node for node in nodes if node.name == loss)
    out = f"{loss}:0"
    above, under = short(_first(last.value)), short_gradient(_first(last.gradient))
    details = (f"L = {above}", "∂L/∂L = 1, where the backward pass begins.")
    drawn.append(Node(out, "L", Kind.OUTPUT, _scope(loss), details))
    edges.append(Edge(loss, out, above, under))
    order = tuple(node.name for node in nodes)
    back = tuple(node.name for node in reversed(nodes) if node.gradient is not None)
    return Diagram(tuple(drawn), tuple(edges), loss, (*order, out), (out, *back))


def details_of(node: ExplainedNode) -> tuple[str, ...]:
    """What opens with a node: value, gradient, what each input gets, and the rule."""
    lines = [f"{node.name}: {node.op_type}"]
    for label, found in (("value", node.value), ("∂L/∂node", node.gradient)):
        several = found if isinstance(found, list) else [found]
        lines += [f"{label} = {shape_text(one)} {summary(one)}" for one in several]
    for one in node.inputs:
        if one.gradient is None:
            continue
        local = f"{summary(one.local_gradient)}{' (summed)' if one.summed else ''}"
        through = "" if one.local_gradient is None else f"local gradient {local}, "
        lines.append(f"to {one.name}: {through}passes {summary(one.gradient)}")
    return (*lines, node.rule)


def _node(node: ExplainedNode) -> Node:
    # The arrow that leads out is the output; its node is an operation like the others.
    kind = Kind.OPERATION if node.kind is Kind.OUTPUT else node.kind
    if kind is Kind.OPERATION:
        label = _SIGNS.get(node.op_type, node.op_type)
    else:
        label = node.name.rpartition("/")[2]
    return Node(node.name, label, kind, _scope(node.name), details_of(node))


def _scope(name: str) -> str:
    return name.rpartition("/")[0]


def _first(found: Any) -> Any:
    return found[0] if isinstance(found, list) else found
