"""Assignment to a part of a variable: `v[1:, ..., 0].assign(x)`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tflite_edu.core import errors, raw
from tflite_edu.core.dtypes import INT32, INT64, DType
from tflite_edu.core.host import Host, Slot
from tflite_edu.core.inference import format_shape
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.resource_variables import held
from tflite_edu.ops.slicing import masks_of, numpy_index


class StridedSliceAssign(Op):
    """Puts `value` into the part of a variable that a strided slice of it would be."""

    inputs = ("ref: Ref(T)", "begin: Index", "end: Index", "strides: Index", "value: T")
    outputs = ("output_ref: Ref(T)",)
    effect = "variable"
    T: DType
    Index: DType = attr(INT32, INT64)
    begin_mask: int = 0
    end_mask: int = 0
    ellipsis_mask: int = 0
    new_axis_mask: int = 0
    shrink_axis_mask: int = 0

    def infer(self, ref: Shape, *_: Shape) -> Shape:
        return ref

    def forward(self, host: Host, ref: Slot, *part_and_value: Any) -> Slot:
        with ref.lock:
            ref.write(_replaced(self, ref.read(), *part_and_value))
        return ref


class ResourceStridedSliceAssign(Op):
    """Puts `value` into the part of a resource variable that a strided slice of it would be."""

    inputs = ("ref: resource", "begin: Index", "end: Index", "strides: Index", "value: T")
    effect, stateful, writes = "variable", True, ("ref",)
    T: DType
    Index: DType = attr(INT32, INT64)
    begin_mask: int = 0
    end_mask: int = 0
    ellipsis_mask: int = 0
    new_axis_mask: int = 0
    shrink_axis_mask: int = 0

    def infer(self, *_: Shape) -> list[Shape]:
        return []

    def forward(self, host: Host, ref: Slot, *part_and_value: Any) -> None:
        with ref.lock:
            ref.write(_replaced(self, held(ref), *part_and_value))


def _replaced(op: Op, array: Any, begin: Any, end: Any, strides: Any, value: Any) -> Any:
    """A copy of `array` with `value` in its part; the shapes must be equal."""
    index = numpy_index(array.shape, begin, end, strides, masks_of(op))
    result = array.copy()
    if result[index].shape != value.shape:
        raise errors.UnimplementedError(
            None,
            None,
            f"sliced l-value shape {format_shape(result[index].shape)} does not match r-value "
            f"shape {format_shape(value.shape)}. Automatic broadcasting not yet implemented.",
        )
    result[index] = value
    return result


def assignable(part: Tensor, assign: Callable[..., Any]) -> Tensor:
    """`part`, a strided slice of a variable, with an `assign(value, name=None)` of its own.

    `assign(begin, end, strides, value, name, **masks)` makes the node.
    """
    op = part.op
    if op.type != "StridedSlice":
        return part
    masks = masks_of(op.definition)
    attributes = {f"{name}_mask": bits for name, bits in masks._asdict().items()}

    def assign_part(value: Any, name: str | None = None) -> Any:
        """Puts `value`, which has the part's shape, into the variable."""
        return assign(*op.inputs[1:], value, name=name or f"{op.name}/_assign", **attributes)

    part.assign = assign_part
    return part


def assign_to_reference(ref: Tensor) -> Callable[..., Any]:
    """What `assignable` calls for a reference variable."""

    def assign(*part_and_value: Any, name: str, **masks: int) -> Tensor:
        return raw.StridedSliceAssign(ref, *part_and_value, name=name, **masks)

    return assign
