"""A graph, or what a tensor needs of it, as a `Diagram`: shapes on the edges, scopes to fold."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence

import numpy as np

from tflite_edu.core.operation import Operation
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.teach.diagram import Diagram, Edge, Kind, Node

_VARIABLES = frozenset({"Variable", "VariableV2", "VarHandleOp"})
# Right under a variable's name: what makes it, sets it at first and reads it.
_VARIABLE_PARTS = re.compile(
    r"(Assign|read|initial_value|(Initializer|IsInitialized|Read|cond)/.*)$"
)
_GRADIENT_SCOPE = re.compile(r"(^|/)(gradients(_\d+)?|[^/]+_grad(_\d+)?)/")
_ASKS_A_SHAPE = frozenset({"Shape", "ShapeN", "Size", "Rank"})
_MOST_ATTRIBUTES = 8


def graph_diagram(
    operations: Sequence[Operation],
    targets: Sequence[Operation] = (),
    internals: bool = False,
    title: str = "",
) -> Diagram:
    """The diagram of `targets` and all that they need, or of all `operations` without targets.

    Unless `internals`, a variable stands for the nodes that initialize and read it, integer nodes
    that only tell another node a shape or an axis are left out (that node's details list them), and
    so are the identities that tie gradients together.
    """
    chosen = needed(targets) if targets else list(operations)
    picked = set(chosen)
    if internals:
        hidden: dict[Operation, Operation | None] = {}
    else:
        hidden = _hidden(chosen)
        if any(
            target in hidden and target.type not in ("Identity", "ReadVariableOp")
            for target in targets
        ):
            hidden = {}

    def shown(operation: Operation | None) -> Operation | None:
        while operation is not None and operation in hidden:
            operation = hidden[operation]
        return operation

    ends = {shown(target) for target in targets}
    variables = {op.name for op in chosen if op.type in _VARIABLES}
    folded: dict[Operation, list[str]] = {}
    for op in chosen:
        stands = shown(op) if op in hidden else None
        if stands is not None:
            folded.setdefault(stands, []).append(op.name)
    nodes, edges = [], []
    for op in chosen:
        if op in hidden:
            continue
        settings = []
        linked = set()
        for tensor in op.inputs:
            source = shown(tensor.op)
            if source is None:
                settings.append(tensor)
            elif source is not op and source in picked:
                edges.append(Edge(source.name, op.name, _edge_text(tensor)))
                linked.add(source)
        for control in op.control_inputs:
            source = shown(control)
            if source not in (None, op) and source in picked and source not in linked:
                edges.append(Edge(source.name, op.name, control=True))
                linked.add(source)
        nodes.append(_node(op, op in ends, variables, settings, folded.get(op, [])))
    return Diagram(tuple(nodes), tuple(edges), title, tuple(node.name for node in nodes))


def needed(targets: Iterable[Operation]) -> list[Operation]:
    """The targets and every node that has to run for them, in the order in which they were made."""
    found = set(targets)
    waiting = list(found)
    while waiting:
        op = waiting.pop()
        for source in [*[tensor.op for tensor in op.inputs], *op.control_inputs]:
            if source not in found:
                found.add(source)
                waiting.append(source)
    return sorted(found, key=lambda op: op._id)


def shape_text(shape: Shape) -> str:
    """A static shape as in `[?, 784]`, or `scalar`; `?` where not even the rank is known."""
    if shape is None:
        return "?"
    if not shape:
        return "scalar"
    return f"[{', '.join('?' if size is None else str(size) for size in shape)}]"


def _hidden(chosen: Sequence[Operation]) -> dict[Operation, Operation | None]:
    """The nodes that a reader need not see -> the node that stands for each, None for no node."""
    variables = {op.name: op for op in chosen if op.type in _VARIABLES}
    hidden: dict[Operation, Operation | None] = {}
    for op in chosen:
        if op.type in _VARIABLES:
            continue
        if op.type == "ReadVariableOp":
            hidden[op] = op.inputs[0].op
            continue
        variable = _variable_of(op, variables)
        if variable is not None:
            hidden[op] = variable
        elif op.name.endswith("tuple/group_deps") and _GRADIENT_SCOPE.search(op.name):
            hidden[op] = None
        elif "/tuple/control_dependency" in op.name and op.type == "Identity":
            hidden[op] = op.inputs[0].op
    hidden.update(dict.fromkeys(_shape_arithmetic(chosen)))
    # A group of nothing that is left, such as the one of all initializers, says nothing.
    for op in chosen:
        if op.type == "NoOp" and op.control_inputs and op not in hidden:
            if all(control in hidden for control in op.control_inputs):
                hidden[op] = None
    return hidden


def _variable_of(op: Operation, variables: dict[str, Operation]) -> Operation | None:
    end = len(op.name)
    while (end := op.name.rfind("/", 0, end)) > 0:
        variable = variables.get(op.name[:end])
        if variable is not None and _VARIABLE_PARTS.match(op.name[end + 1 :]):
            return variable
    return None


def _shape_arithmetic(chosen: Sequence[Operation]) -> set[Operation]:
    """Integer nodes that come from constants and shapes alone and only steer other types."""
    picked = set(chosen)
    from_shapes: set[Operation] = set()
    for op in chosen:
        if op.outputs and all(tensor.dtype.is_integer for tensor in op.outputs):
            sources = [tensor.op for tensor in op.inputs]
            made = op.type == "Const" or (bool(sources) and from_shapes.issuperset(sources))
            if op.type in _ASKS_A_SHAPE or made:
                from_shapes.add(op)
    steering: set[Operation] = set()
    for op in reversed(chosen):
        users = {user for tensor in op.outputs for user in tensor.consumers() if user in picked}
        if op in from_shapes and users:
            if all(user in steering or _makes_no_integers(user) for user in users):
                steering.add(op)
    return steering


def _makes_no_integers(op: Operation) -> bool:
    return bool(op.outputs) and not any(tensor.dtype.is_integer for tensor in op.outputs)


def _node(
    op: Operation,
    is_end: bool,
    variables: set[str],
    settings: Sequence[Tensor],
    folded: Sequence[str],
) -> Node:
    scope = op.name.rpartition("/")[0]
    # The slots of an optimizer lie under the name of their variable, which is no scope.
    while scope in variables:
        scope = scope.rpartition("/")[0]
    own = op.name[len(scope) + 1 :] if scope else op.name
    kind = _kind(op)
    if is_end and kind is Kind.OPERATION:
        kind = Kind.OUTPUT
    label = own
    if op.type == "Const":
        label = f"{own}\n{value_text(op.definition.attributes()['value'], 24)}"
    elif kind is Kind.VARIABLE and scope:
        label = f"{own}\n{scope}"
    elif kind in (Kind.OPERATION, Kind.OUTPUT, Kind.GRADIENT) and _plain(own) != _plain(op.type):
        label = f"{own}\n{op.type}"
    return Node(op.name, label, kind, scope, _details(op, settings, folded))


def _kind(op: Operation) -> Kind:
    if op.type in _VARIABLES:
        return Kind.VARIABLE
    if op.type == "Const":
        return Kind.CONSTANT
    if op.type.startswith("Placeholder") or "Iterator" in op.type or "Dequeue" in op.type:
        return Kind.INPUT
    return Kind.GRADIENT if _GRADIENT_SCOPE.search(op.name) else Kind.OPERATION


def _plain(name: str) -> str:
    """What a default name and its op type have in common: `add_1` and `AddV2` are both `add`."""
    return re.sub(r"(_\d+|V\d)+$", "", name).lower()


def _edge_text(tensor: Tensor) -> str:
    if tensor.handle is not None:
        return shape_text(tensor.handle[0])
    return shape_text(tensor._shape_tuple())


def _details(op: Operation, settings: Sequence[Tensor], folded: Sequence[str]) -> tuple[str, ...]:
    lines = [f"operation {op.type}"]
    lines += [f"takes {_tensor_line(tensor)}" for tensor in op.inputs if tensor not in settings]
    for tensor in settings:
        value = tensor.op.definition.attributes()["value"] if tensor.op.type == "Const" else None
        said = f" = {value_text(value, 60)}" if value is not None else ""
        lines.append(f"set by {_tensor_line(tensor)}{said}")
    lines += [f"runs after {control.name}" for control in op.control_inputs]
    lines += [f"makes {_tensor_line(tensor)}" for tensor in op.outputs]
    lines += _attribute_lines(op)
    if folded:
        names = ", ".join(folded[:4]) + (f" and {len(folded) - 4} more" if len(folded) > 4 else "")
        lines.append(f"stands also for {names}")
    if op.where:
        file, line = op.where[0]
        lines.append(f"defined in {os.path.basename(file)}, line {line}")
    return tuple(lines)


def _tensor_line(tensor: Tensor) -> str:
    return f"{tensor.name}: {tensor.dtype.base_dtype.name} {_edge_text(tensor)}"


def _attribute_lines(op: Operation) -> list[str]:
    kinds = op.definition.signature.attributes
    values = op.definition.attributes().items()
    told = [(key, value) for key, value in values if kinds[key].kind not in ("type", "tensor")]
    lines = []
    for key, value in told[:_MOST_ATTRIBUTES]:
        text = shape_text(value) if kinds[key].kind == "shape" else str(value)
        if text:
            lines.append(f"with {key} = {text if len(text) <= 60 else text[:57] + '...'}")
    return lines


def value_text(value: np.ndarray, most: int) -> str:
    """A constant in at most `most` characters: its numbers, or its shape where it has many."""
    if value.size <= 12:
        text = np.array2string(
            value, separator=", ", formatter={"float_kind": lambda number: f"{number:.4g}"}
        )
        text = re.sub(r"\s+", " ", text)
        if len(text) <= most:
            return text
    if value.ndim == 0:
        return f"{str(value.item())[: most - 3]}..."
    return shape_text(value.shape)
