"""Sums, greatest elements and softmax of sparse tensors, over the elements that they list."""

from __future__ import annotations

import math
from typing import Any

from tflite_edu.core import dtypes, raw
from tflite_edu.core.constant import constant
from tflite_edu.core.dtypes import DOUBLE, FLOAT, INT64, NUMERIC, REAL_NUMERIC, DType
from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.core.export import export
from tflite_edu.core.inference import format_shape, with_rank
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.sparse_tensor import SparseTensor
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.casting import cast
from tflite_edu.ops.gathering import gather_nd
from tflite_edu.ops.ranges import range as range_of
from tflite_edu.ops.reductions import one_of, reduced_shape
from tflite_edu.ops.reshaping import reshape


def _refuse(message: str) -> None:
    raise InvalidArgumentError(None, None, message)


def _check_parts(np: Any, indices: Any, values: Any, shape: Any) -> None:
    """Raises InvalidArgumentError unless the parts make a sparse tensor."""
    if np.ndim(indices) != 2:
        _refuse(f"indices must be a matrix, but got: {format_shape(np.shape(indices))}")
    if len(indices) != np.size(values):
        _refuse(
            "indices and values rows (indexing dimension) must match. (indices = "
            f"{len(indices)}, values = {np.size(values)})"
        )
    if len(shape) != indices.shape[1]:
        _refuse("Order length must be SparseTensor rank.")


def _groups(np: Any, indices: Any, shape: list[int], axes: list[int]) -> tuple[Any, Any, Any]:
    """The elements grouped by their positions in some axes: order, group starts, group numbers.

    A number is that of the position in row-major order among `axes`.
    """
    number = np.zeros(len(indices), np.int64)
    for axis in axes:
        number = number * shape[axis] + indices[:, axis]
    order = np.argsort(number, kind="stable")
    number = number[order]
    starts = np.flatnonzero(np.r_[True, number[1:] != number[:-1]][: len(number)])
    return order, starts, number[starts]


class _Reduction(Op, abstract=True):
    """Reduces a sparse tensor over some axes; `ufunc` names what joins two elements."""

    inputs = (
        *("input_indices: int64", "input_values: T", "input_shape: int64"),
        "reduction_axes: int32",
    )
    ufunc = "add"

    def reduce(self, np: Any, indices: Any, values: Any, shape: Any, axes: Any) -> Any:
        """The numbers of the groups that are not empty, their values, the sizes of all axes."""
        _check_parts(np, indices, values, shape)
        if np.ndim(axes) > 1:
            _refuse(
                "Expected reduction_axes to be a scalar or a vector; got shape: "
                f"{format_shape(axes.shape)}"
            )
        sizes, rank = shape.tolist(), len(shape)
        reduced = np.ravel(axes).tolist()
        for axis in reduced:
            if not -rank <= axis < rank:
                _refuse(f"Invalid reduction dimension {axis}, for input with {rank} dimensions.")
        gone = {axis % rank for axis in reduced}
        kept = [axis for axis in range(rank) if axis not in gone]
        if ((indices < 0) | (indices >= shape)).any():
            outside = ((indices < 0) | (indices >= shape)).any(axis=1).argmax()
            _refuse(
                f"indices[{outside}] = {format_shape(tuple(indices[outside].tolist()))} is out of "
                f"bounds: need 0 <= index < {format_shape(tuple(sizes))}"
            )
        order, starts, numbers = _groups(np, indices, sizes, kept)
        if not len(starts):
            return numbers, np.zeros(0, values.dtype), sizes, kept
        joined = getattr(np, self.ufunc).reduceat(values[order], starts, dtype=values.dtype)
        return numbers, joined, sizes, kept


class _ToDense(_Reduction, abstract=True):
    """The dense result; 0 where there was no element."""

    outputs = ("output: T",)
    infer_from = {"input_shape": "value", "reduction_axes": "value"}

    def infer(
        self: Any, input_indices: Shape, input_values: Shape, input_shape: Any, reduction_axes: Any
    ) -> Shape:
        if input_shape is None or reduction_axes is None:
            return None
        sizes = input_shape.tolist()
        axes = reduction_axes.ravel().tolist()
        rank = len(sizes)
        gone = {axis % rank for axis in axes}
        if self.keep_dims:
            return tuple([1 if axis in gone else size for axis, size in enumerate(sizes)])
        return tuple([size for axis, size in enumerate(sizes) if axis not in gone])

    def forward(
        self: Any,
        np: Any,
        input_indices: Any,
        input_values: Any,
        input_shape: Any,
        reduction_axes: Any,
    ) -> Any:
        numbers, joined, sizes, kept = self.reduce(
            np, input_indices, input_values, input_shape, reduction_axes
        )
        shape = [sizes[axis] for axis in kept]
        result = np.zeros(math.prod(shape), joined.dtype)
        result[numbers] = joined
        if self.keep_dims:
            shape = [size if axis in kept else 1 for axis, size in enumerate(sizes)]
        return result.reshape(shape)


class _ToSparse(_Reduction, abstract=True):
    """The sparse result, in row-major order."""

    outputs = ("output_indices: int64", "output_values: T", "output_shape: int64")

    def forward(
        self: Any,
        np: Any,
        input_indices: Any,
        input_values: Any,
        input_shape: Any,
        reduction_axes: Any,
    ) -> Any:
        numbers, joined, sizes, kept = self.reduce(
            np, input_indices, input_values, input_shape, reduction_axes
        )
        listed = range(len(sizes)) if self.keep_dims else kept
        indices = np.zeros((len(numbers), len(sizes)), np.int64)
        for axis in reversed(kept):
            numbers, indices[:, axis] = np.divmod(numbers, max(sizes[axis], 1))
        shape = [sizes[axis] if axis in kept else 1 for axis in listed]
        return indices[:, list(listed)], joined, np.array(shape, np.int64)


class SparseReduceSum(_ToDense):
    """The sums of the elements of a sparse tensor over some axes, dense."""

    keep_dims: bool = False
    T: DType = attr(*NUMERIC)

    def backward(self, op: Any, gradient: Tensor) -> list[Any]:
        indices, _, shape, axes = op.inputs
        kept = reduced_shape(shape, axes)
        gradient = reshape(gradient, kept)
        scale = shape // cast(kept, INT64)
        return [None, gather_nd(gradient, indices // scale), None, None]


def _reduced(
    op_type: str, sp_input: Any, axis: Any, keepdims: Any, reduction_axes: Any, keep_dims: Any
) -> Any:
    keepdims = one_of("keepdims", keepdims, "keep_dims", keep_dims)
    if reduction_axes is not None:
        if axis is not None:
            raise ValueError("Can't specify both axis' and 'reduction_indices'.")
        axis = reduction_axes
    if axis is None:
        axis = _all_axes(sp_input)
    return getattr(raw, op_type)(
        sp_input.indices,
        sp_input.values,
        sp_input.dense_shape,
        axis,
        keep_dims=bool(keepdims),
    )


def _all_axes(sp_input: Any) -> Tensor:
    if isinstance(sp_input, SparseTensor):
        (rank,) = sp_input.dense_shape.get_shape().as_list()
        if rank is not None:
            return constant(list(range(rank)), dtypes.int32)
    with name_scope(None, "Rank") as scope:
        count = raw.Size(sp_input.dense_shape, name=scope)
    return range_of(0, count)


@export("sparse_reduce_sum", "sparse.reduce_sum")
def sparse_reduce_sum(
    sp_input: Any,
    axis: Any = None,
    keepdims: Any = None,
    reduction_axes: Any = None,
    keep_dims: Any = None,
) -> Tensor:
    """The sums of a sparse tensor over some axes (all by default), as a dense tensor.

    Args:
      sp_input: sparse, of numbers.
      axis: the axis or axes, each in [-rank, rank).
      keepdims: whether a reduced axis stays, with size 1.
      reduction_axes, keep_dims: older names of `axis` and `keepdims`.

    Raises ValueError where an argument is given by both names, in a run InvalidArgumentError where
    an axis is out of range.
    """
    return _reduced("SparseReduceSum", sp_input, axis, keepdims, reduction_axes, keep_dims)


class SparseReduceSumSparse(_ToSparse):
    """The sums of the elements of a sparse tensor over some axes, sparse."""

    keep_dims: bool = False
    T: DType = attr(*NUMERIC)


@export("sparse_reduce_sum_sparse", "sparse.reduce_sum_sparse")
def sparse_reduce_sum_sparse(
    sp_input: Any,
    axis: Any = None,
    keepdims: Any = None,
    reduction_axes: Any = None,
    keep_dims: Any = None,
) -> SparseTensor:
    """The sums of a sparse tensor over some axes, sparse; see `sparse_reduce_sum`."""
    return SparseTensor(
        *_reduced("SparseReduceSumSparse", sp_input, axis, keepdims, reduction_axes, keep_dims)
    )


class SparseReduceMax(_ToDense):
    """The greatest of the listed elements over some axes, dense."""

    ufunc = "maximum"
    keep_dims: bool = False
    T: DType = attr(*REAL_NUMERIC)


@export("sparse_reduce_max", "sparse.reduce_max")
def sparse_reduce_max(
    sp_input: Any,
    axis: Any = None,
    keepdims: Any = None,
    reduction_axes: Any = None,
    keep_dims: Any = None,
) -> Tensor:
    """The greatest listed elements of a sparse tensor over some axes, as a dense tensor.

    Elements that are not listed do not count: a row of negative ones has a negative greatest one,
    and only a row without any gives 0. Arguments are those of `sparse_reduce_sum`. It has no
    gradient.
    """
    return _reduced("SparseReduceMax", sp_input, axis, keepdims, reduction_axes, keep_dims)


class SparseReduceMaxSparse(_ToSparse):
    """The greatest of the listed elements over some axes, sparse."""

    ufunc = "maximum"
    keep_dims: bool = False
    T: DType = attr(*REAL_NUMERIC)


@export("sparse_reduce_max_sparse", "sparse.reduce_max_sparse")
def sparse_reduce_max_sparse(
    sp_input: Any,
    axis: Any = None,
    keepdims: Any = None,
    reduction_axes: Any = None,
    keep_dims: Any = None,
) -> SparseTensor:
    """The greatest listed elements over some axes, sparse; see `sparse_reduce_max`."""
    return SparseTensor(
        *_reduced("SparseReduceMaxSparse", sp_input, axis, keepdims, reduction_axes, keep_dims)
    )


class SparseSoftmax(Op):
    """Softmax over the listed elements of each row (the last axis)."""

    inputs = ("sp_indices: int64", "sp_values: T", "sp_shape: int64")
    outputs = ("output: T",)
    T: DType = attr(FLOAT, DOUBLE)

    def infer(self, sp_indices: Shape, sp_values: Shape, sp_shape: Shape) -> Shape:
        with_rank(sp_indices, 2)
        with_rank(sp_shape, 1)
        return with_rank(sp_values, 1)

    def forward(self, np: Any, sp_indices: Any, sp_values: Any, sp_shape: Any) -> Any:
        rank = len(sp_shape)
        if rank < 2:
            _refuse(
                "Input should have rank >= 2, but received shape: "
                + " ".join(map(str, sp_shape.tolist()))
            )
        _check_parts(np, sp_indices, sp_values, sp_shape)
        order, starts, _ = _groups(np, sp_indices, sp_shape.tolist(), list(range(rank - 1)))
        result = np.empty_like(sp_values)
        if not len(starts):
            return result
        lengths = np.diff(np.r_[starts, len(order)])
        values = sp_values[order]
        values = np.exp(values - np.repeat(np.maximum.reduceat(values, starts), lengths))
        result[order] = values / np.repeat(np.add.reduceat(values, starts), lengths)
        return result

    def backward(self, op: Any, gradient: Tensor) -> list[Any]:
        indices, shape = op.inputs[0], op.inputs[2]
        (softmax,) = op.outputs
        weighted = SparseTensor(indices, softmax * gradient, shape)
        total = -sparse_reduce_sum(weighted, [-1], keepdims=True)
        centred = raw.SparseDenseCwiseAdd(indices, gradient, shape, total)
        return [None, centred * softmax, None]


@export("sparse_softmax", "sparse.softmax")
def sparse_softmax(sp_input: Any, name: str | None = None) -> SparseTensor:
    """Softmax over the listed elements of each row of a sparse tensor; others count as -infinity.

    `sp_input` is float32 or float64 of rank 2 or more; rows run along its last axis.
    """
    with name_scope(name, "SparseSoftmax", [sp_input.indices, sp_input.values]):
        values = raw.SparseSoftmax(sp_input.indices, sp_input.values, sp_input.dense_shape)
        return SparseTensor(sp_input.indices, values, sp_input.dense_shape)
