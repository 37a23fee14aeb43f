"""Tensors joined along an axis they have, and split along one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tflite_edu.core import dtypes, errors, raw
from tflite_edu.core.constant import constant
from tflite_edu.core.constant_value import constant_value, partial_value
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dimension import Dimension
from tflite_edu.core.dtypes import INT32, INT64, DType
from tflite_edu.core.export import export
from tflite_edu.core.indexed_slices import IndexedSlices
from tflite_edu.core.inference import (
    ShapeError,
    add_dims,
    concat_shapes,
    divide_dims,
    format_shape,
    merge,
    subshape,
    with_rank,
    with_rank_at_least,
)
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.casting import cast
from tflite_edu.ops.constants import fill
from tflite_edu.ops.gathering import gather
from tflite_edu.ops.packing import stack
from tflite_edu.ops.reshaping import expand_dims, squeeze
from tflite_edu.ops.shape_checks import before_values
from tflite_edu.ops.shapes_of_tensors import rank_tensor, shape_n, shape_tensor
from tflite_edu.ops.slicing import slice

# With more inputs than this a gradient is split by one node instead of a slice for each input.
_MANY_INPUTS = 16


def _joined_shape(values: list[Shape], axis: Any) -> Shape:
    ranks = _joined_rank(values)
    if axis is None:
        return ranks
    axis = int(axis)
    rank = -axis if axis < 0 else axis + 1
    before: Shape = None
    after: Shape = None
    size: int | None = 0
    for shape in reversed(values):
        with_rank_at_least(shape, rank)
        size = add_dims(size, None if shape is None else shape[axis])
        before = merge(subshape(shape, 0, axis), before)
        after = merge((() if axis == -1 else subshape(shape, axis + 1)), after)
    return concat_shapes(before, (size,), after)


def _joined_rank(values: list[Shape]) -> Shape:
    rank = next((len(shape) for shape in values if shape is not None), None)
    if rank is None:
        return None
    if rank == 0:
        raise ShapeError("Can't concatenate scalars (use tf.stack instead)")
    for shape in values:
        with_rank(shape, rank)
    return (None,) * rank


def _joined(np: Any, values: list[Any], axis: Any) -> Any:
    if axis.ndim:
        raise errors.InvalidArgumentError(
            None,
            None,
            "ConcatOp : Expected concat dim to be a scalar, but got shape "
            + format_shape(axis.shape),
        )
    first = values[0].shape
    rank = len(first)
    if not -rank <= axis < rank:
        raise errors.InvalidArgumentError(
            None,
            None,
            "ConcatOp : Expected concatenating dimensions in the range "
            f"[{-rank}, {rank}), but got {axis}",
        )
    axis = int(axis) % rank
    for i, value in enumerate(values):
        if value.ndim != rank:
            what = "Ranks of all input tensors"
        elif value.shape[:axis] + value.shape[axis + 1 :] != first[:axis] + first[axis + 1 :]:
            what = "Dimensions of inputs"
        else:
            continue
        raise errors.InvalidArgumentError(
            None,
            None,
            f"ConcatOp : {what} should match: shape[0] = {format_shape(first)} vs. "
            f"shape[{i}] = {format_shape(value.shape)}",
        )
    return np.concatenate(values, axis)


class Concat(Op):
    """Tensors joined along axis `concat_dim`: the older form of `ConcatV2`."""

    inputs, outputs = ("concat_dim: int32", "values: N*T"), ("output: T",)
    N: int = attr(minimum=2)
    T: DType
    infer_from = {"concat_dim": "value"}
    value_shapes = {"concat_dim": ()}

    def infer(self, concat_dim: Any, values: list[Shape]) -> Shape:
        return _joined_shape(values, concat_dim)

    def forward(self, np: Any, concat_dim: Any, values: list[Any]) -> Any:
        return _joined(np, values, concat_dim)

    def partial_shape(self, tensor: Tensor) -> Shape:
        return concat_shapes(*[partial_value(t) for t in tensor.op._inputs[1:]])

    def backward(self, op: Any, doutput: Any) -> list[Any]:
        return [None, *_parts_of_gradient(doutput, op.inputs[1:], op.inputs[0])]


class ConcatV2(Op):
    """Tensors joined along axis `axis`."""

    inputs, outputs = ("values: N*T", "axis: Tidx"), ("output: T",)
    N: int = attr(minimum=2)
    T: DType
    Tidx: DType = attr(INT32, INT64, default=INT32)
    infer_from = {"axis": "value"}
    value_shapes = {"axis": ()}

    def infer(self, values: list[Shape], axis: Any) -> Shape:
        return _joined_shape(values, axis)

    def forward(self, np: Any, values: list[Any], axis: Any) -> Any:
        return _joined(np, values, axis)

    def partial_shape(self, tensor: Tensor) -> Shape:
        return concat_shapes(*[partial_value(t) for t in tensor.op._inputs[:-1]])

    def backward(self, op: Any, doutput: Any) -> list[Any]:
        return [*_parts_of_gradient(doutput, op.inputs[:-1], op.inputs[-1]), None]


@export("concat")
def concat(values: Any, axis: Any, name: str = "concat") -> Tensor:
    """Tensors joined along `axis`, in which alone their shapes may differ.

    Raises ValueError where shapes do not fit or `axis` is out of range, TypeError where types
    differ.
    """
    if not isinstance(values, (list, tuple)):
        values = [values]
    if len(values) == 1:
        with name_scope(name, None):
            axis = convert_to_tensor(axis, name="concat_dim", dtype=dtypes.int32)
            axis.get_shape().assert_has_rank(0)
            return raw.Identity(values[0], name=name)
    return raw.ConcatV2(values, axis, name=name)


def _parts_of_gradient(gradient: Any, values: Sequence[Tensor], axis: Tensor) -> list[Any]:
    """The gradient of a concatenation, cut into one for each of the tensors that were joined."""
    place = axis % rank_tensor(values[0])
    if isinstance(gradient, IndexedSlices):
        return _parts_of_slices(gradient, values, axis, place)
    shapes = _shapes_of(values)
    if len(shapes) > _MANY_INPUTS:
        sizes = squeeze(slice(stack(shapes, axis=1), [place, 0], [1, -1]))
        return split(gradient, sizes, place)
    offsets = raw.ConcatOffset(place, shapes)
    parts = []
    for value, offset, shape in zip(values, offsets, shapes, strict=True):
        part = slice(gradient, offset, shape)
        part.set_shape(value._shape)
        parts.append(part)
    return parts


def _shapes_of(values: Sequence[Tensor]) -> list[Tensor]:
    """Shapes as constants where all are known, else as the outputs of one node."""
    shapes: list[Tensor] = []
    for value in values:
        shape = shape_tensor(value)
        if shape.op.type != "Const":
            return shape_n(list(values))
        shapes.append(shape)
    return shapes


def _parts_of_slices(
    gradient: IndexedSlices, values: Sequence[Tensor], axis: Tensor, place: Tensor
) -> list[Any]:
    known = constant_value(axis)
    if known is None:
        raise ValueError("Can only compute IndexedSlices gradient with statically-known concat_dim")
    if known < 0:
        rank = constant_value(rank_tensor(values[0]))
        if rank is None:
            raise ValueError(
                "Can only compute IndexedSlices gradient with negative concat_dim when first value "
                "rank is statically-known."
            )
        known = known % rank
    shapes = [shape_tensor(value) for value in values]
    return (_columns_of if known > 0 else _rows_of)(gradient, shapes, place)


def _columns_of(gradient: IndexedSlices, shapes: list[Tensor], place: Tensor) -> list[Any]:
    """All rows for each input, and of each row the elements that came from it."""
    rank = shape_tensor(shapes[0])
    before = fill(expand_dims(place, 0), 0)
    after = fill(rank - place - 1, 0)
    step = concat([before, [1], after], 0)
    begin = fill(rank, 0)
    parts = []
    for shape in shapes:
        size = concat([[-1], slice(shape, [1], [-1])], 0)
        parts.append(IndexedSlices(slice(gradient.values, begin, size), gradient.indices, shape))
        begin = raw.Add(begin, shape * step)
    return parts


def _rows_of(gradient: IndexedSlices, shapes: list[Tensor], place: Tensor) -> list[Any]:
    """For each input the rows that came from it, counted from its own first row."""
    indices = gradient.indices
    start: Any = constant(0, dtype=indices.dtype)
    parts = []
    for shape in shapes:
        length = gather(shape, place)
        if length.dtype is not indices.dtype:
            length = cast(length, indices.dtype)
        end = start + length
        chosen = squeeze(raw.Where(raw.LogicalAnd(indices >= start, indices < end)), axis=[1])
        rows = gather(indices, chosen) - start
        parts.append(IndexedSlices(gather(gradient.values, chosen), rows, shape))
        start = end
    return parts


class ConcatOffset(Op):
    """Where each of the tensors that are joined along `concat_dim` begins in the result."""

    inputs, outputs = ("concat_dim: int32", "shape: N*int32"), ("offset: N*int32",)
    N: int = attr(minimum=2)
    backward = None

    def infer(self, concat_dim: Shape, shape: list[Shape]) -> list[Shape]:
        return shape

    def forward(self, np: Any, concat_dim: Any, shape: list[Any]) -> list[Any]:
        rank = len(shape[0])
        if not -rank <= concat_dim < rank:
            raise errors.InvalidArgumentError(
                None, None, f"Concat dim is out of range: {concat_dim} vs. {rank}"
            )
        axis = int(concat_dim) % rank
        offsets = [np.zeros(rank, np.int32) for _ in shape]
        for i, sizes in enumerate(shape):
            if len(sizes) != rank:
                raise errors.InvalidArgumentError(
                    None, None, f"input {i} should contain {rank} elements, but got {len(sizes)}"
                )
            differs = (sizes != shape[0]) & (np.arange(rank) != axis)
            if differs.any():
                raise errors.InvalidArgumentError(
                    None,
                    None,
                    f"All dimensions except {axis} must match. Input {i} has shape "
                    f"[{' '.join(map(str, sizes))}] and doesn't match input 0 with shape "
                    f"[{' '.join(map(str, shape[0]))}].",
                )
            if i + 1 < len(shape):
                offsets[i + 1][axis] = offsets[i][axis] + sizes[axis]
        return offsets


class Split(Op):
    """A tensor cut into `num_split` equal parts along axis `split_dim`."""

    inputs, outputs = ("split_dim: int32", "value: T"), ("output: num_split*T",)
    num_split: int = attr(minimum=1)
    T: DType
    infer_from = {"split_dim": "value"}

    def infer(self, split_dim: Any, value: Shape) -> list[Shape]:
        axis = _split_axis(split_dim, value)
        if axis is None or value is None:
            return [None if value is None else (None,) * len(value)] * self.num_split
        try:
            size = divide_dims(value[axis], self.num_split)
        except ShapeError as error:
            raise ShapeError(
                f"{error}\n\tNumber of ways to split should evenly divide the split dimension"
            ) from None
        return [(*value[:axis], size, *value[axis + 1 :])] * self.num_split

    def forward(self, np: Any, split_dim: Any, value: Any) -> list[Any]:
        axis = _run_axis(split_dim, value)
        if value.shape[axis] % self.num_split:
            raise errors.InvalidArgumentError(
                None,
                None,
                "Number of ways to split should evenly divide the split dimension, but got "
                f"split_dim {axis} (size = {value.shape[axis]}) and num_split {self.num_split}",
            )
        return [part.copy() for part in np.split(value, self.num_split, axis)]

    def backward(self, op: Any, *doutputs: Tensor) -> list[Any]:
        return [None, concat(list(doutputs), op.inputs[0])]


def _split_axis(split_dim: Any, value: Shape) -> int | None:
    if split_dim is None:
        return None
    before_values(with_rank, split_dim.shape, 0)
    axis = int(split_dim)
    if value is None:
        return axis if axis >= 0 else None
    rank = len(value)
    if not -rank <= axis < rank:
        raise ShapeError(
            f"Dimension size, given by scalar input {axis} must be in range [-{rank}, {rank})"
        )
    return axis % rank


def _run_axis(split_dim: Any, value: Any) -> int:
    rank = value.ndim
    if not -rank <= split_dim < rank:
        raise errors.InvalidArgumentError(
            None,
            None,
            f"-input rank(-{rank}) <= split_dim < input rank ({rank}), but got {split_dim}",
        )
    return int(split_dim) % rank


class SplitV(Op):
    """A tensor cut along axis `split_dim` into parts of the sizes `size_splits`; one may be -1."""

    inputs = ("value: T", "size_splits: Tlen", "split_dim: int32")
    outputs = ("output: num_split*T",)
    num_split: int = attr(minimum=1)
    T: DType
    Tlen: DType = attr(INT32, INT64, default=INT64)
    infer_from = {"size_splits": "value", "split_dim": "value"}

    def infer(self, value: Shape, size_splits: Any, split_dim: Any) -> list[Shape]:
        if value is None:
            return [None] * self.num_split
        if not value:
            raise ShapeError("Can't split scalars", read=())
        axis = _split_axis(split_dim, value)
        if axis is None:
            return [(None,) * len(value)] * self.num_split
        before, length, after = value[:axis], value[axis], value[axis + 1 :]
        if size_splits is None:
            return [(*before, None, *after)] * self.num_split
        sizes = size_splits.tolist()
        if len(sizes) != self.num_split:
            raise ShapeError("Length of size_splits should be equal to num_outputs")
        if sizes.count(-1) > 1:
            raise ShapeError("size_splits can only have one -1")
        total = sum(size for size in sizes if size != -1)
        if length is not None and (total > length if -1 in sizes else total != length):
            raise ShapeError(
                f"can't split axis of size {length} into pieces of size "
                f"[{','.join(map(str, sizes))}]"
            )
        rest = None if length is None else length - total
        return [(*before, rest if size == -1 else size, *after) for size in sizes]

    def forward(self, np: Any, value: Any, size_splits: Any, split_dim: Any) -> list[Any]:
        axis = _run_axis(split_dim, value)
        sizes = size_splits.tolist()
        length = value.shape[axis]
        if len(sizes) != self.num_split:
            raise errors.InvalidArgumentError(
                None,
                None,
                "size of the split_tensor must be 1-D and have the same elements as outputs got "
                f"{len(size_splits.shape)} -D and {len(sizes)} elements",
            )
        total = sum(size for size in sizes if size != -1)
        if sizes.count(-1) > 1:
            raise errors.InvalidArgumentError(None, None, "There can only be one -1 in the input.")
        if total > length or (total != length and -1 not in sizes):
            raise errors.InvalidArgumentError(
                None,
                None,
                "Determined shape must either match input shape along split_dim exactly if fully "
                "specified, or be less than the size of the input along split_dim if not fully "
                f"specified.  Got: {total}",
            )
        for i, size in enumerate(sizes):
            if size < -1:
                raise errors.InvalidArgumentError(
                    None, None, f"Split size at index {i} must be >= 0. Got: {size}"
                )
        ends = np.cumsum([length - total if size == -1 else size for size in sizes])
        return [part.copy() for part in np.split(value, ends[:-1], axis)]

    def backward(self, op: Any, *doutputs: Tensor) -> list[Any]:
        return [concat(list(doutputs), op.inputs[2]), None, None]


@export("split")
def split(
    value: Any,
    num_or_size_splits: Any,
    axis: Any = 0,
    num: int | None = None,
    name: str = "split",
) -> list[Tensor]:
    """A tensor cut along `axis`: into as many equal parts as a number says, or into given sizes.

    `num` is the number of sizes where it cannot be told from them. Raises ValueError where the axis
    cannot be cut so.
    """
    sizes = convert_to_tensor(num_or_size_splits)
    if isinstance(num_or_size_splits, (int, Dimension)):
        return raw.Split(axis, value, num_split=int(num_or_size_splits), name=name)
    if sizes._rank == 0:
        raise ValueError(
            "Rank-0 tensors are not supported as the num_or_size_splits argument to split. "
            f"Argument provided: {num_or_size_splits}"
        )
    if num is None:
        num = sizes._shape[0] if sizes._shape else None
        if num is None:
            raise ValueError(f"Cannot infer num from shape {num_or_size_splits}")
    return raw.SplitV(value, sizes, axis, num_split=num, name=name)
