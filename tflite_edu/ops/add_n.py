"""Sums of many tensors at once."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import errors, raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import NUMERIC, VARIANT, DType, as_dtype
from tflite_edu.core.export import export
from tflite_edu.core.indexed_slices import (
    IndexedSlices,
    convert_n_to_tensor_or_indexed_slices,
)
from tflite_edu.core.inference import format_shape, merge, merge_all
from tflite_edu.core.nest import is_nested
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape, TensorShape, as_shape
from tflite_edu.core.tensor import Tensor


class AddN(Op):
    """The sum of tensors of one shape and dtype."""

    inputs, outputs = ("inputs: N*T",), ("sum: T",)
    commutative = aggregate = True
    N: int = attr(minimum=1)
    T: DType = attr(*NUMERIC, VARIANT)

    def infer(self, inputs: list[Shape]) -> Shape:
        return merge_all(inputs)

    def forward(self, np: Any, inputs: list[Any]) -> Any:
        for i, array in enumerate(inputs):
            if np.shape(array) != np.shape(inputs[0]):
                raise errors.InvalidArgumentError(
                    None,
                    None,
                    f"Inputs to operation {self.op_type} of type {self.op_type} must have the "
                    f"same size and shape.  Input 0: {format_shape(np.shape(inputs[0]))} != "
                    f"input {i}: {format_shape(np.shape(array))}",
                )
        total = np.array(inputs[0]) if len(inputs) == 1 else inputs[0] + inputs[1]
        for array in inputs[2:]:
            total += array
        return total

    def backward(self, op: Any, gradient: Tensor) -> Any:
        return [gradient] * self.N


@export("math.add_n", "add_n")
def add_n(inputs: Any, name: str | None = None) -> Tensor:
    """The sum of a list of tensors (or IndexedSlices) of one shape and dtype.

    One tensor comes back as it is, or as an `Identity` if `name` is given. Raises ValueError on an
    empty list and on shapes that differ, TypeError on dtypes that differ.
    """
    complaint = (
        "inputs must be a list of at least one Tensor/IndexedSlices with the same dtype and shape"
    )
    if not inputs or not is_nested(inputs):
        raise ValueError(complaint)
    found = convert_n_to_tensor_or_indexed_slices(inputs)
    if not all(isinstance(x, (Tensor, IndexedSlices)) for x in found):
        raise ValueError(complaint)
    if len(found) > 1:
        return raw.AddN(found, name=name)
    only = found[0]
    if isinstance(only, IndexedSlices):
        only = convert_to_tensor(only)
    return raw.Identity(only, name=name) if name else only


class AccumulateNV2(Op):
    """The sum of tensors of one shape and dtype, which is given."""

    inputs, outputs = ("inputs: N*T",), ("sum: T",)
    commutative = aggregate = True
    N: int = attr(minimum=1)
    T: DType = attr(*NUMERIC)
    shape: Shape

    def infer(self, inputs: list[Shape]) -> Shape:
        merged = self.shape
        for shape in inputs:
            merged = merge(merged, shape)
        return self.shape

    forward = AddN.forward

    def backward(self, op: Any, gradient: Tensor) -> Any:
        return [gradient] * self.N


@export("math.accumulate_n", "accumulate_n")
def accumulate_n(
    inputs: Any, shape: Any = None, tensor_dtype: Any = None, name: str | None = None
) -> Tensor:
    """The sum of a list of tensors of one shape and dtype.

    Args:
      inputs: the tensors.
      shape: their shape, where it is not known from them.
      tensor_dtype: their dtype, which is checked.

    Raises:
      ValueError: the list is empty or the shapes contradict each other.
      TypeError: the dtypes differ, or are not `tensor_dtype`.
    """
    complaint = "inputs must be a list of at least one Tensor with the same dtype and shape"
    if not inputs or not isinstance(inputs, (list, tuple)):
        raise ValueError(complaint)
    found = convert_n_to_tensor_or_indexed_slices(inputs)
    if not all(isinstance(x, Tensor) and x.dtype is found[0].dtype for x in found):
        raise ValueError(complaint)
    whole = TensorShape(as_shape(shape))
    for tensor in found:
        whole = whole.merge_with(tensor.shape)
    if tensor_dtype is not None and as_dtype(tensor_dtype) is not found[0].dtype:
        raise TypeError(f"tensor_dtype is {tensor_dtype}, but input is of type {found[0].dtype}")
    if len(found) == 1:
        return found[0] if name is None else raw.Identity(found[0], name=name)
    return raw.AccumulateNV2(found, shape=whole, name=name)
