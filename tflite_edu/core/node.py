"""A new node: its output types and shapes, and the account of shapes that do not fit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tflite_edu.core.constant_value import evaluate, partial_value
from tflite_edu.core.graph import Graph
from tflite_edu.core.inference import ShapeError, format_shape, with_rank, with_value
from tflite_edu.core.op import Argument, Op
from tflite_edu.core.operation import Operation
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor


def node(graph: Graph, definition: Op, tensors: Sequence[Tensor], name: str) -> Operation:
    """Adds a node whose attributes and inputs are settled, with its outputs' shapes inferred."""
    if not graph._finalized:
        shapes = infer_shapes(definition, tensors, name)
    else:
        shapes = []
    op = graph.add_node(definition, tensors, definition.output_types, name)
    for tensor, shape in zip(op._outputs, shapes, strict=True):
        tensor._shape = shape
    handles = getattr(definition, "handles", None)
    if handles is not None:
        for tensor, handle in zip(op._outputs, handles(op), strict=True):
            tensor.handle = handle
    return op


def infer_shapes(definition: Op, tensors: Sequence[Tensor], name: str) -> list[Any]:
    """Shapes of a node's outputs; raises ValueError with TF's account of op and inputs."""
    try:
        result = definition.infer(*_arguments(definition, tensors, _known))
    except ShapeError as error:
        if definition.infer_from:
            error = _without_values(definition, tensors) or error
        raise ValueError(_complaint(definition, tensors, name, error)) from None
    count = len(definition.output_types)
    if isinstance(result, list):
        return result
    return [result] if count == 1 else [result] * count


def _arguments(
    definition: Op, tensors: Sequence[Tensor], known: Callable[[Tensor, str | None], Any]
) -> list[Any]:
    """What `infer` is given of the inputs."""
    arguments: list[Any] = []
    also: list[Any] = []
    index = 0
    sources = definition.infer_from
    for argument in definition.signature.inputs:
        source = sources.get(argument.name)
        if argument.name in definition.value_shapes:
            _check_shape(tensors[index]._shape, definition.value_shapes[argument.name])
        if argument.name in definition.infer_also:
            also.append([t._shape for t in tensors[index : index + length(definition, argument)]])
        if argument.is_list:
            count = length(definition, argument)
            arguments.append([known(t, source) for t in tensors[index : index + count]])
            index += count
        else:
            tensor = tensors[index]
            arguments.append(tensor._shape if source is None else known(tensor, source))
            index += 1
    return arguments + also


def _check_shape(shape: Shape, wanted: tuple[int | None, ...]) -> None:
    try:
        for size, expected in zip(with_rank(shape, len(wanted)), wanted, strict=True):
            if expected is not None:
                with_value(size, expected)
    except ShapeError as error:
        error.read = ()
        raise


def _without_values(definition: Op, tensors: Sequence[Tensor]) -> ShapeError | None:
    """The error that the shapes alone make: TF looks at the values only if there is none."""
    try:
        definition.infer(*_arguments(definition, tensors, _unknown))
    except ShapeError as error:
        error.read = ()
        return error
    return None


def length(definition: Op, argument: Argument) -> int:
    """How many tensors a list argument of a node holds."""
    if argument.number_attr is not None:
        return int(getattr(definition, argument.number_attr))
    return len(getattr(definition, argument.type_list_attr or ""))


def _known(tensor: Tensor, source: str | None) -> Any:
    if source is None:
        return tensor._shape
    if source == "value":
        return evaluate(tensor)
    if source == "partial":
        return partial_value(tensor)
    if source == "value and partial":
        return evaluate(tensor), partial_value(tensor)
    return tensor.handle


def _unknown(tensor: Tensor, source: str | None) -> Any:
    """What `_known` gives for a tensor of the same shape that depends on a feed."""
    if source is None:
        return tensor._shape
    if source == "value":
        return None
    if source == "handle":
        return tensor.handle
    shape = tensor._shape
    if shape is not None and len(shape) != 1:
        raise ShapeError(f"Shape must be rank 1 but is rank {len(shape)}")
    sizes = None if shape is None or shape[0] is None else (None,) * shape[0]
    return sizes if source == "partial" else (None, sizes)


def _complaint(definition: Op, tensors: Sequence[Tensor], name: str, error: ShapeError) -> str:
    """The message with the node and what was known of its inputs."""
    shapes = ", ".join(format_shape(t._shape) for t in tensors)
    text = (
        f"{error} for '{name.removesuffix('/')}' (op: '{definition.op_type}') with input shapes: "
        f"{shapes}"
    )
    sources = _sources(definition, error.read)
    values = [(i, evaluate(t)) for i, t in enumerate(tensors) if sources[i] == "value"]
    listed = ", ".join(
        f"input[{i}] = <{_summarized(array)}>" for i, array in values if array is not None
    )
    if listed:
        text += f" and with computed input tensors: {listed}"
    partial = [
        (i, partial_value(t))
        for i, t in enumerate(tensors)
        if sources[i] in ("partial", "value and partial")
    ]
    listed = ",".join(f"input[{i}] = {format_shape(s)}" for i, s in partial if s is not None)
    if listed:
        text += f" and with input tensors computed as partial shapes: {listed}"
    return text + "."


def _summarized(array: Any) -> str:
    """The first values of an array as TF's messages list them: rows in brackets."""
    if array.ndim < 2:
        return " ".join(str(v) for v in array.ravel()[:6])
    return "".join(f"[{_summarized(row)}]" for row in array[:6])


def _sources(definition: Op, read: tuple[str, ...] | None) -> list[str | None]:
    """For each input what was read of it; `read` limits that to some arguments."""
    sources: list[str | None] = []
    for argument in definition.signature.inputs:
        source = definition.infer_from.get(argument.name)
        if read is not None and argument.name not in read:
            source = None
        sources += [source] * (length(definition, argument) if argument.is_list else 1)
    return sources
