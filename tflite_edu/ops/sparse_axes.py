"""Sparse tensors with their axes permuted, one more, or of other sizes; some of the simple ones."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import dtypes, raw
from tflite_edu.core.constant import constant
from tflite_edu.core.constant_value import constant_value
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.indexed_slices import IndexedSlices
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import dimension_at_index
from tflite_edu.core.sparse_tensor import SparseTensor, sparse_tensor
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.arithmetic import add, maximum, minimum
from tflite_edu.ops.assertions import assert_equal, assert_less_equal
from tflite_edu.ops.casting import cast
from tflite_edu.ops.constants import ones, ones_like, zeros
from tflite_edu.ops.control import with_dependencies
from tflite_edu.ops.gathering import gather
from tflite_edu.ops.identity import identity
from tflite_edu.ops.joining import concat
from tflite_edu.ops.packing import stack
from tflite_edu.ops.partitioning import setdiff1d
from tflite_edu.ops.permuting import transpose
from tflite_edu.ops.ranges import range as range_of
from tflite_edu.ops.reductions import reduce_max
from tflite_edu.ops.selection import where_v2
from tflite_edu.ops.shapes_of_tensors import shape as shape_of
from tflite_edu.ops.slicing import slice as slice_of
from tflite_edu.ops.sparse_tensors import sparse_reorder


@export("sparse_transpose", "sparse.transpose")
def sparse_transpose(sp_input: Any, perm: Any = None, name: str | None = None) -> SparseTensor:
    """A sparse tensor with its axes in the order `perm`, reversed by default; elements in order."""
    with name_scope(name, "SparseTranspose", [sp_input]):
        if perm is None:
            with name_scope(None, "Rank") as scope:
                rank = raw.Size(sp_input.dense_shape, name=scope)
            perm = (rank - 1) - range_of(0, rank, 1)
        indices = transpose(gather(transpose(sp_input.indices), perm))
        known = constant_value(convert_to_tensor(perm))
        static = sp_input.get_shape()
        if known is not None and static.is_fully_defined():
            sizes = static.as_list()
            shape: Any = [sizes[axis] for axis in known]
        else:
            shape = gather(sp_input.dense_shape, perm)
        return sparse_reorder(SparseTensor(indices, sp_input.values, shape))


@export("sparse.expand_dims")
def expand_dims(sp_input: Any, axis: Any = None, name: str | None = None) -> SparseTensor:
    """A sparse tensor with a new axis of size 1 at `axis`, in [-rank - 1, rank]; last by default.

    Raises ValueError where the rank is unknown.
    """
    rank = dimension_at_index(sp_input.dense_shape.get_shape(), 0)
    with name_scope(name, "expand_dims", [sp_input]):
        axis = -1 if axis is None else axis
        if isinstance(axis, Tensor):
            axis = cast(axis, dtypes.int32)
        else:
            axis = convert_to_tensor(axis, name="axis", dtype=dtypes.int32)
        axis = where_v2(axis >= 0, axis, axis + rank + 1)
        count = shape_of(sp_input.indices)[0]
        column = zeros([count, 1], dtypes.int64)
        before = slice_of(sp_input.indices, [0, 0], [-1, axis])
        after = slice_of(sp_input.indices, [0, axis], [-1, -1])
        indices = concat([before, column, after], axis=1)
        shape_before = slice_of(sp_input.dense_shape, [0], [axis])
        shape_after = slice_of(sp_input.dense_shape, [axis], [-1])
        size = convert_to_tensor([1], name="new_shape", dtype=dtypes.int64)
        shape = concat([shape_before, size, shape_after], axis=0)
        return SparseTensor(indices, sp_input.values, shape)


@export("sparse_reset_shape", "sparse.reset_shape")
def sparse_reset_shape(sp_input: Any, new_shape: Any = None) -> SparseTensor:
    """The same elements in another dense shape, by default the smallest that holds them.

    `new_shape` is of integers, `[rank]`, none smaller than the sizes of `sp_input`. Raises
    TypeError where `sp_input` is not sparse, ValueError (or, in a run, InvalidArgumentError) where
    the shape is smaller or of another rank.
    """
    found = sparse_tensor(sp_input)
    indices, values = identity(found.indices), identity(found.values)
    given = identity(found.dense_shape)
    if new_shape is None:
        last = reduce_max(indices, axis=0)
        return SparseTensor(
            indices, values, maximum(constant(0, dtypes.int64), add(last, ones_like(given)))
        )
    shape: Any = convert_to_tensor(new_shape)
    shape.get_shape().assert_has_rank(1)
    shape = cast(shape, dtypes.int64)
    dimension_at_index(shape.get_shape(), 0).assert_is_compatible_with(
        dimension_at_index(given.get_shape(), 0)
    )
    wanted, sizes = constant_value(shape), constant_value(found.dense_shape)
    if wanted is not None and sizes is not None:
        if (wanted < sizes).any():
            # As in TensorFlow, each under the other's name.
            raise ValueError(
                "Requested new_shape should have dimension sizes >= sp_input.shape.  Found "
                f"new_shape ({sizes}), sp_input.shape ({wanted})."
            )
        return SparseTensor(indices, values, wanted)
    shape = with_dependencies([assert_equal(shape_of(given), shape_of(shape))], shape)
    shape = with_dependencies([assert_less_equal(given, shape)], shape)
    return SparseTensor(indices, values, shape)


@export("sparse_mask", "sparse.mask")
def sparse_mask(a: Any, mask_indices: Any, name: str | None = None) -> IndexedSlices:
    """The slices of an `IndexedSlices` without those whose numbers are in `mask_indices`."""
    with name_scope(name, "sparse_mask", [a, mask_indices]) as scope:
        kept, places = setdiff1d(a.indices, mask_indices)
        return IndexedSlices(gather(a.values, places, name=scope), kept, a.dense_shape)


@export("sparse.eye")
def eye(
    num_rows: Any, num_columns: Any = None, dtype: Any = dtypes.float32, name: str | None = None
) -> SparseTensor:
    """A sparse matrix with ones on its diagonal, `[num_rows, num_columns]`, square by default."""
    with name_scope(name, "eye", [num_rows, num_columns]):
        rows = _int64(num_rows, "num_rows")
        columns = rows if num_columns is None else _int64(num_columns, "num_columns")
        count = minimum(rows, columns)
        places = range_of(count, dtype=dtypes.int64)
        return SparseTensor(
            stack([places, places], axis=1), ones(count, dtype=dtype), [rows, columns]
        )


def _int64(value: Any, name: str) -> Tensor:
    if isinstance(value, Tensor):
        return cast(value, dtypes.int64, name=name)
    return convert_to_tensor(value, name=name, dtype=dtypes.int64)
