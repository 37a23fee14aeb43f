"""What is known of a tensor's value while the graph is still being built."""

from __future__ import annotations

from typing import Any

import numpy

from tflite_edu.core.errors import OpError
from tflite_edu.core.export import export
from tflite_edu.core.inference import ShapeError
from tflite_edu.core.op import Op
from tflite_edu.core.operation import Operation
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor

# Deeper chains of constants count as unknown; larger values are not worked out while building.
_MAXIMUM_DEPTH = 100
_MAXIMUM_ELEMENTS = 1 << 20

_PUBLICLY_KNOWN = frozenset(
    (
        *("Const", "Shape", "Size", "Rank", "Range", "Cast", "Concat", "ConcatV2", "ConcatOffset"),
        *("Pack", "Fill", "Equal", "NotEqual"),
    )
)


@export("get_static_value", "contrib.util.constant_value")
def constant_value(tensor: Any, partial: bool = False) -> Any:
    """The value of a tensor as a numpy array, where it can be told without a run, else None.

    With `partial`, a stack of tensors some of which are known gives an object array with None in
    the unknown places. Raises nothing for a tensor that depends on a feed or a variable.
    """
    if not isinstance(tensor, Tensor):
        return None
    value = _value(tensor, 0, _PUBLICLY_KNOWN)
    if value is None and partial and tensor.op.type == "Pack" and tensor.op._inputs:
        known = [_value(t, 0, _PUBLICLY_KNOWN) for t in tensor.op._inputs]
        if any(k is not None for k in known):
            return numpy.array(known, dtype=object)
    return value


def evaluate(tensor: Tensor) -> Any:
    """The value of a tensor that depends on constants and static shapes alone, else None."""
    return _value(tensor, 0, None)


def _value(tensor: Tensor, depth: int, among: frozenset[str] | None) -> Any:
    op = tensor.op
    definition = op.definition
    op_type = definition.op_type
    if op_type == "Const":
        return definition.value  # type: ignore[attr-defined]
    if definition.effect is not None or depth > _MAXIMUM_DEPTH or op._control_flow_context:
        return None
    if among is not None and op_type not in among:
        return None
    memo = op.graph.attachments.setdefault("static values" if among is None else "known values", {})
    if tensor in memo:
        return memo[tensor]
    values = _computed(op, definition, depth, among)
    if values is None:
        return None
    for output, value in zip(op._outputs, values, strict=True):
        memo[output] = value
    return memo[tensor]


def _computed(
    op: Operation, definition: Op, depth: int, among: frozenset[str] | None
) -> list[Any] | None:
    if definition.from_shapes is not None:
        known = definition.from_shapes(*[t._shape for t in op._inputs])
        if known is None:
            return None
        return list(known) if isinstance(known, list) else [known]
    if not op._inputs or not _small(op):
        return None
    arrays = []
    for t in op._inputs:
        if t.dtype._is_ref_dtype:
            return None
        value = _value(t, depth + 1, among)
        if value is None:
            return None
        arrays.append(value)
    forward: Any = definition.forward  # type: ignore[attr-defined]
    try:
        with numpy.errstate(all="ignore"):
            result = forward(numpy, *grouped(definition, arrays))
    except (OpError, ValueError, TypeError, ArithmeticError, IndexError):
        # The run will fail, and say so; until then the value is not known.
        return None
    return list(result) if isinstance(result, (list, tuple)) else [numpy.asarray(result)]


def grouped(definition: Op, flat: list[Any]) -> list[Any]:
    """Inputs as `forward` takes them: one value for each argument, lists for list arguments."""
    signature = definition.signature
    if not any(a.is_list for a in signature.inputs):
        return flat
    arguments: list[Any] = []
    index = 0
    for argument in signature.inputs:
        if argument.number_attr is not None:
            count = getattr(definition, argument.number_attr)
        elif argument.type_list_attr is not None:
            count = len(getattr(definition, argument.type_list_attr))
        else:
            arguments.append(flat[index])
            index += 1
            continue
        arguments.append(flat[index : index + count])
        index += count
    return arguments


def _small(op: Operation) -> bool:
    for tensor in op._outputs:
        count = 1
        for dim in tensor._shape or ():
            count *= dim or 1
        if count > _MAXIMUM_ELEMENTS:
            return False
    return True


def partial_value(tensor: Tensor) -> Shape:
    """The value of an integer tensor read as a shape: dimensions are None where they are unknown.

    Among the values -1 stands for an unknown dimension. Raises ShapeError where the tensor is no
    vector, ValueError where it has a value below -1.
    """
    shape = tensor._shape
    if shape is not None and len(shape) != 1:
        raise ShapeError(f"Shape must be rank 1 but is rank {len(shape)}", read=())
    definition = tensor.op.definition
    if definition.op_type != "Const" and definition.partial_shape is not None:
        known = definition.partial_shape(tensor)
        if known is not None:
            return known
    value = evaluate(tensor)
    if value is not None:
        return _sizes(value.tolist())
    return None if shape is None or shape[0] is None else (None,) * shape[0]


def _sizes(values: list[int]) -> Shape:
    for value in values:
        if value < -1:
            raise ValueError(f"Invalid value in tensor used for shape: {value}")
    return tuple([None if value == -1 else value for value in values])
