"""Splats: large values all of whose elements are one number, known by that number alone.

The gradient of a sum or a mean is one. What moves the elements of a splat about, or computes on
each of them, makes another.
"""

from __future__ import annotations

from typing import Any

import numpy

from tflite_edu.core.errors import OpError
from tflite_edu.core.shapes import is_fully_defined
from tflite_edu.ops.elementwise import Binary, Unary
from tflite_edu.plan.program import Step, Value

SPREADING = frozenset({"Fill", "Tile", "BroadcastTo"})
"""The op types that make a splat of a number."""

FAILURES = (OpError, ValueError, TypeError, ArithmeticError, IndexError)
"""What kernels raise that cannot do their work; a run fails in the same way, and says where."""

ALIKE = {"ZerosLike": 0, "OnesLike": 1}
"""The op types that make a splat in the shape of their input, whatever that holds."""

# The first input's elements, each any number of times, in other places.
_MOVING = frozenset(
    {
        *("ExpandDims", "Reshape", "ReverseV2", "Slice", "Squeeze", "StridedSlice", "Transpose"),
    }
)


def splat_of(step: Step, known: dict[Value, Any]) -> Any:
    """The number, without dimensions, that is in every place of a step's output, or None."""
    if len(step.outputs) != 1 or not step.inputs:
        return None
    if step.definition.op_type not in ALIKE and any(value not in known for value in step.inputs):
        return None
    shape = step.outputs[0].shape
    if shape is None or not is_fully_defined(shape):
        return None
    if step.definition.op_type in ALIKE:
        kind = numpy.dtype(step.outputs[0].dtype.as_numpy_dtype)
        return None if kind.hasobject else numpy.array(ALIKE[step.definition.op_type], kind)
    arrays = [known[value] for value in step.inputs]
    definition: Any = step.definition
    try:
        with numpy.errstate(all="ignore"):
            if definition.op_type in SPREADING:
                spread = arrays[definition.op_type == "Fill"]
                return _number(spread) if spread.ndim <= len(shape) else None
            if definition.op_type in _MOVING:
                # For its errors: a view of a view, it costs nothing.
                moved = definition.forward(numpy, *arrays)
                return _number(arrays[0]) if moved.shape == shape else None
            if definition.op_type != "Cast" and not isinstance(definition, (Unary, Binary)):
                return None
            numbers = [_number(array) for array in arrays]
            if any(number is None for number in numbers):
                return None
            if numpy.broadcast_shapes(*[array.shape for array in arrays]) != shape:
                return None
            return numpy.asarray(definition.forward(numpy, *numbers))
    except FAILURES:
        return None


def _number(array: Any) -> Any:
    """The one number that an array consists of, as far as its strides tell, or None."""
    if array.dtype == object or not array.size or (array.size > 1 and any(array.strides)):
        return None
    number = numpy.array(array.ravel()[0] if array.size == 1 else array[(0,) * array.ndim])
    number.setflags(write=False)
    return number
