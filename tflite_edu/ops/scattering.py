"""Tensors with some elements replaced, or added to, at given positions."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.dtypes import (
    BOOL,
    INT32,
    INT64,
    NUMERIC,
    DType,
)
from tflite_edu.core.export import export
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.constants import zeros_like
from tflite_edu.ops.gathering import check_positions, gather_nd, scattered_shape
from tflite_edu.ops.identity import identity
from tflite_edu.ops.row_combination import combine_at_positions


class _TensorScatter(Op, abstract=True):
    inputs = ("tensor: T", "indices: Tindices", "updates: T")
    outputs = ("output: T",)

    def infer(self, tensor: Shape, indices: Shape, updates: Shape) -> Shape:
        return scattered_shape(tensor, indices, updates)


def _positions(np: Any, indices: Any, shape: tuple[int, ...]) -> tuple[Any, ...]:
    check_positions(np, indices, shape, "shape")
    return tuple(np.moveaxis(indices, -1, 0))


class TensorScatterUpdate(_TensorScatter):
    """A tensor with `updates` in place of what it has at positions."""

    T: DType
    Tindices: DType = attr(INT32, INT64)

    def forward(self, np: Any, tensor: Any, indices: Any, updates: Any) -> Any:
        output = tensor.copy()
        output[_positions(np, indices, tensor.shape)] = updates
        return output

    def backward(self, op: Any, doutput: Tensor) -> list[Any]:
        _, indices, updates = op.inputs
        dupdates = gather_nd(doutput, indices)
        dtensor = tensor_scatter_update(
            identity(doutput), indices, zeros_like(updates, dtype=doutput.dtype)
        )
        return [dtensor, None, dupdates]


@export("tensor_scatter_update", "tensor_scatter_nd_update")
def tensor_scatter_update(
    tensor: Any, indices: Any, updates: Any, name: str | None = None
) -> Tensor:
    """`tensor` with `updates` in place of what it has at positions.

    [i..., d] indices are positions in its first d axes; `updates` is [i..., *tensor.shape[d:]].
    Raises ValueError where the shapes do not fit, InvalidArgumentError in a run where a position is
    outside.
    """
    return raw.TensorScatterUpdate(tensor, indices, updates, name=name)


class TensorScatterAdd(_TensorScatter):
    """A tensor with `updates` added at positions."""

    T: DType
    Tindices: DType = attr(INT32, INT64)

    def forward(self, np: Any, tensor: Any, indices: Any, updates: Any) -> Any:
        output = tensor.copy()
        places = _positions(np, indices, tensor.shape)
        combine_at_positions(np, np.add, output, places, updates)
        return output

    def backward(self, op: Any, doutput: Tensor) -> list[Any]:
        dupdates = gather_nd(doutput, op.inputs[1])
        return [identity(doutput), None, dupdates]


@export("tensor_scatter_add", "tensor_scatter_nd_add")
def tensor_scatter_add(tensor: Any, indices: Any, updates: Any, name: str | None = None) -> Tensor:
    """`tensor` with `updates` added at positions, as `tf.tensor_scatter_update` reads them."""
    return raw.TensorScatterAdd(tensor, indices, updates, name=name)


class TensorScatterSub(_TensorScatter):
    """A tensor with `updates` subtracted at positions."""

    T: DType
    Tindices: DType = attr(INT32, INT64)

    def forward(self, np: Any, tensor: Any, indices: Any, updates: Any) -> Any:
        output = tensor.copy()
        places = _positions(np, indices, tensor.shape)
        combine_at_positions(np, np.add, output, places, np.negative(updates))
        return output

    def backward(self, op: Any, doutput: Tensor) -> list[Any]:
        dupdates = gather_nd(doutput, op.inputs[1])
        return [identity(doutput), None, -dupdates]


@export("tensor_scatter_sub", "tensor_scatter_nd_sub")
def tensor_scatter_sub(tensor: Any, indices: Any, updates: Any, name: str | None = None) -> Tensor:
    """`tensor` with `updates` subtracted at positions, as `tf.tensor_scatter_update` reads them."""
    return raw.TensorScatterSub(tensor, indices, updates, name=name)


class ScatterNdNonAliasingAdd(Op):
    """A tensor with `updates` added at positions: an older form of `TensorScatterAdd`."""

    inputs = ("input: T", "indices: Tindices", "updates: T")
    outputs = ("output: T",)
    T: DType = attr(*NUMERIC, BOOL)
    Tindices: DType = attr(INT32, INT64)

    def infer(self, input: Shape, indices: Shape, updates: Shape) -> Shape:
        return scattered_shape(input, indices, updates)

    def forward(self, np: Any, input: Any, indices: Any, updates: Any) -> Any:
        output = input.copy()
        places = _positions(np, indices, input.shape)
        combine_at_positions(np, np.add, output, places, updates)
        return output

    def backward(self, op: Any, doutput: Tensor) -> list[Any]:
        return [doutput, None, gather_nd(doutput, op.inputs[1])]
