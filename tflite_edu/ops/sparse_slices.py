"""Sparse tensors joined along an axis, split along one, and cut to a part."""

from __future__ import annotations

import builtins
from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.constant import constant
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import INT64, NUMERIC, DType
from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.core.export import export
from tflite_edu.core.inference import add_dims, format_shape, merge_dims, with_rank
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.sparse_tensor import SparseTensor, sparse_tensor
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.joining import concat
from tflite_edu.ops.reductions import one_of, reduce_max
from tflite_edu.ops.reshaping import reshape
from tflite_edu.ops.sparse_arithmetic import at_positions


def _refuse(message: str) -> None:
    raise InvalidArgumentError(None, None, message)


class SparseConcat(Op):
    """Sparse tensors one after the other along an axis, the result in row-major order."""

    inputs = ("indices: N*int64", "values: N*T", "shapes: N*int64")
    outputs = ("output_indices: int64", "output_values: T", "output_shape: int64")
    backward = None
    concat_dim: int
    N: int = attr(minimum=2)
    T: DType

    def infer(self, indices: Any, values: Any, shapes: Any) -> list[Shape]:
        count: int | None = 0
        rank: int | None = None
        for places, found, shape in zip(indices, values, shapes, strict=True):
            places, found = with_rank(places, 2), with_rank(found, 1)
            (size,) = with_rank(shape, 1)
            rank = merge_dims(rank, merge_dims(size, places[1]))
            count = add_dims(count, merge_dims(places[0], found[0]))
        return [(count, rank), (count,), (rank,)]

    def forward(self, np: Any, indices: Any, values: Any, shapes: Any) -> Any:
        _check_concat(np, indices, values, shapes)
        rank = len(shapes[0])
        if not -rank <= self.concat_dim < rank:
            _refuse(f"Concat dimension must be in range [{-rank}, {rank}), got {self.concat_dim}")
        axis = self.concat_dim % rank
        for number, shape in enumerate(shapes):
            for dimension in range(rank):
                if dimension != axis and shape[dimension] != shapes[0][dimension]:
                    _refuse(
                        f"Input shapes must match: expected {shapes[0][dimension]} for dimension "
                        f"{dimension} but got {shape[dimension]} at position {number}"
                    )
        lengths = np.array([shape[axis] for shape in shapes])
        counts = [len(one) for one in indices]
        places = np.concatenate(indices)
        places[:, axis] += np.repeat(np.cumsum(lengths) - lengths, counts)
        total = np.array(shapes[0])
        total[axis] = lengths.sum()
        order = np.lexsort(places.T[::-1]) if places.size else np.arange(len(places))
        return places[order], np.concatenate(values)[order], total


def _check_concat(np: Any, indices: Any, values: Any, shapes: Any) -> None:
    for number, one in enumerate(indices):
        if np.ndim(one) != 2:
            _refuse(
                f"Input indices should be a matrix but received shape {format_shape(one.shape)} "
                f"at position {number}"
            )
    for number, one in enumerate(values):
        if np.ndim(one) != 1:
            _refuse(
                f"Input values should be a vector but received shape {format_shape(one.shape)} at "
                f"position {number}"
            )
    for number, one in enumerate(shapes):
        if np.ndim(one) != 1:
            _refuse(
                f"Input shapes should be a vector but received shape {format_shape(one.shape)} at "
                f"position {number}"
            )
        if len(one) != len(shapes[0]):
            _refuse(
                f"Ranks of all input tensors must match: expected {len(shapes[0])} but got "
                f"{len(one)} at position {number}"
            )
    for places, found in zip(indices, values, strict=True):
        if len(places) != len(found):
            _refuse(
                "indices and values rows (indexing dimension) must match. (indices = "
                f"{len(places)}, values = {len(found)})"
            )


@export("sparse_concat", "sparse.concat")
def sparse_concat(
    axis: Any,
    sp_inputs: Any,
    name: str | None = None,
    expand_nonconcat_dim: bool = False,
    concat_dim: Any = None,
    expand_nonconcat_dims: Any = None,
) -> SparseTensor:
    """Sparse tensors one after the other along an axis; elements come in row-major order.

    Args:
      axis: the axis, in [-rank, rank).
      sp_inputs: a list of sparse tensors of one dtype and rank, each in row-major order.
      expand_nonconcat_dim: whether the other axes may differ in size; they are made the greatest.
      concat_dim, expand_nonconcat_dims: older names of `axis` and `expand_nonconcat_dim`.

    Raises TypeError where `sp_inputs` is no list of sparse tensors; in a run InvalidArgumentError
    where shapes do not fit.
    """
    if expand_nonconcat_dims is not None:
        expand_nonconcat_dim = one_of(
            "expand_nonconcat_dims",
            expand_nonconcat_dims,
            "expand_nonconcat_dim",
            expand_nonconcat_dim,
        )
    axis = one_of("axis", axis, "concat_dim", concat_dim)
    if not isinstance(sp_inputs, (list, tuple)):
        raise TypeError("Inputs must be a list or tuple.")
    found = [sparse_tensor(one) for one in sp_inputs]
    if len(found) == 1:
        return found[0]
    shapes = [one.dense_shape for one in found]
    if expand_nonconcat_dim:
        greatest = reduce_max(concat([reshape(shape, [1, -1]) for shape in shapes], 0), 0)
        shapes = [
            concat(
                [
                    greatest[:axis],
                    shape[-1:] if axis == -1 else shape[axis : axis + 1],
                    [] if axis == -1 else greatest[axis + 1 :],
                ],
                0,
            )
            for shape in shapes
        ]
    indices, values, shape = raw.SparseConcat(
        [one.indices for one in found],
        [one.values for one in found],
        shapes,
        concat_dim=axis,
        name=name,
    )
    known = [one.get_shape() for one in found]
    if not expand_nonconcat_dim and all(one.is_fully_defined() for one in known):
        sizes = known[0].as_list()
        if not -len(sizes) <= axis < len(sizes):
            raise IndexError(f"index {axis} is out of bounds for axis 0 with size {len(sizes)}")
        sizes[axis] = builtins.sum(one.as_list()[axis] for one in known)
        shape = constant(sizes, INT64)
    return SparseTensor(indices, values, shape)


class SparseSplit(Op):
    """A sparse tensor split along an axis; the first parts are one longer where it is uneven."""

    inputs = ("split_dim: int64", "indices: int64", "values: T", "shape: int64")
    outputs = (
        "output_indices: num_split*int64",
        "output_values: num_split*T",
        "output_shape: num_split*int64",
    )
    num_split: int = attr(minimum=1)
    T: DType

    def infer(self, split_dim: Shape, indices: Shape, values: Shape, shape: Shape) -> list[Shape]:
        count = self.num_split
        rank = None if shape is None or None in shape else shape[0]
        return [(None, rank)] * count + [(None,)] * count + [shape] * count

    def forward(self, np: Any, split_dim: Any, indices: Any, values: Any, shape: Any) -> Any:
        axis, rank = int(np.ravel(split_dim)[0]), len(shape)
        if axis >= rank:
            _refuse(f"Input split_dim should be between 0 and rank ({rank}), got {axis}")
        if axis < 0:
            _refuse(f"num_dim must be in the interval [0, {rank})")
        if self.num_split > shape[axis]:
            _refuse(
                "Input num_split should be between 1 and the splitting dimension size "
                f"({shape[axis]}), got {self.num_split}"
            )
        size, longer = divmod(int(shape[axis]), self.num_split)
        sizes = size + (np.arange(self.num_split) < longer)
        starts = np.cumsum(sizes) - sizes
        part = np.searchsorted(starts, indices[:, axis], "right") - 1
        all_indices, all_values, all_shapes = [], [], []
        for number in range(self.num_split):
            inside = part == number
            places = indices[inside]
            places[:, axis] -= starts[number]
            all_indices.append(places)
            all_values.append(values[inside])
            part_shape = np.array(shape)
            part_shape[axis] = sizes[number]
            all_shapes.append(part_shape)
        return [*all_indices, *all_values, *all_shapes]


_BY_KEYWORD = object()


@export("sparse_split", "sparse.split")
def sparse_split(
    keyword_required: Any = _BY_KEYWORD,
    sp_input: Any = None,
    num_split: Any = None,
    axis: Any = None,
    name: str | None = None,
    split_dim: Any = None,
) -> list[SparseTensor]:
    """A sparse tensor split into `num_split` parts along an axis.

    Where its size does not divide, the first parts are one longer. Arguments go by keyword.

    Args:
      sp_input: sparse.
      num_split: how many parts.
      axis: an integer or an int64 scalar, in [0, rank).
      split_dim: an older name of `axis`; TensorFlow wants `axis` all the same.

    Raises ValueError where an argument is missing, TypeError where `sp_input` is not sparse; in a
    run InvalidArgumentError where there are more parts than the axis is long.
    """
    if keyword_required is not _BY_KEYWORD:
        raise ValueError("Keyword arguments are required for this function.")
    if sp_input is None:
        raise ValueError("sp_input is required")
    if num_split is None:
        raise ValueError("num_split is required")
    if axis is None:
        raise ValueError("axis is required")
    axis = one_of("axis", axis, "split_dim", split_dim)
    found = sparse_tensor(sp_input)
    parts = raw.SparseSplit(
        axis, found.indices, found.values, found.dense_shape, num_split=num_split, name=name
    )
    return [SparseTensor(*part) for part in zip(*parts, strict=True)]


class SparseSlice(Op):
    """The elements of a sparse tensor inside a box, positions counted from its start."""

    inputs = (
        *("indices: int64", "values: T", "shape: int64"),
        *("start: int64", "size: int64"),
    )
    outputs = ("output_indices: int64", "output_values: T", "output_shape: int64")
    T: DType

    def infer(
        self, indices: Shape, values: Shape, shape: Shape, start: Shape, size: Shape
    ) -> list[Shape]:
        rank = None if shape is None or None in shape else shape[0]
        return [(None, rank), (None,), shape]

    def forward(self, np: Any, indices: Any, values: Any, shape: Any, start: Any, size: Any) -> Any:
        rank = len(shape)
        for word, given in (("start", start), ("size", size)):
            if len(given) != rank:
                _refuse(
                    f"Expected {word} to be a vector of length {rank} but got length {len(given)}"
                )
        sizes = np.minimum(size, shape - start)
        if (sizes < 0).any():
            _refuse(f"Expected start to lie inside the shape, got {start.tolist()}")
        inside = ((indices >= start) & (indices < start + sizes)).all(axis=1)
        return indices[inside] - start, values[inside], sizes

    def backward(self, op: Any, dindices: Any, dvalues: Tensor, dshape: Any) -> list[Any]:
        del dindices, dshape
        indices, values, _, start, _ = op.inputs
        back = raw.SparseSliceGrad(dvalues, indices, start, op.outputs[0])
        back.set_shape(values.shape)
        return [None, back, None, None, None]


class SparseSliceGrad(Op):
    """The gradient of what was sliced: the slice's at its places, 0 elsewhere."""

    inputs = (
        *("backprop_val_grad: T", "input_indices: int64", "input_start: int64"),
        "output_indices: int64",
    )
    outputs = ("val_grad: T",)
    T: DType = attr(*NUMERIC)

    def infer(self, dslice: Shape, indices: Shape, start: Shape, output_indices: Shape) -> Shape:
        del dslice, start, output_indices
        return (with_rank(indices, 2)[0],)

    def forward(self, np: Any, dslice: Any, indices: Any, start: Any, output_indices: Any) -> Any:
        if len(dslice) != len(output_indices):
            _refuse(
                "# elements of backprop_val_grad and # rows of output_indices should match (#nnz "
                f"of sum): got {len(dslice)} and {len(output_indices)}"
            )
        return at_positions(np, dslice, output_indices + start, indices)


@export("sparse_slice", "sparse.slice")
def sparse_slice(sp_input: Any, start: Any, size: Any, name: str | None = None) -> SparseTensor:
    """The part of a sparse tensor from `start` on, at most `size` long in each axis.

    `start` and `size` are int64 `[rank]`; positions are counted from `start`. Raises TypeError
    where `sp_input` is not sparse, in a run InvalidArgumentError where `start` is beyond the shape.
    """
    found = sparse_tensor(sp_input)
    start = convert_to_tensor(start, INT64)
    size = convert_to_tensor(size, INT64)
    with name_scope(name, "SparseSlice", [found]) as scope:
        return SparseTensor(
            *raw.SparseSlice(
                found.indices, found.values, found.dense_shape, start, size, name=scope
            )
        )
