"""Rows, elements and parts of a tensor, chosen by tensors of indices."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import dtypes, errors, raw
from tflite_edu.core.constant_value import constant_value
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import INT32, INT64, DType
from tflite_edu.core.export import export
from tflite_edu.core.indexed_slices import IndexedSlices
from tflite_edu.core.inference import (
    ShapeError,
    concat_shapes,
    format_shape,
    merge,
    subshape,
    with_rank_at_least,
)
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import colocate_with, name_scope
from tflite_edu.core.shapes import Shape, TensorShape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.casting import cast
from tflite_edu.ops.constants import ones, zeros
from tflite_edu.ops.packing import stack, unstack
from tflite_edu.ops.permuting import transpose
from tflite_edu.ops.reshaping import expand_dims, squeeze
from tflite_edu.ops.row_combination import combine_at_positions
from tflite_edu.ops.shapes_of_tensors import rank_tensor, shape_tensor, size_tensor
from tflite_edu.ops.tiling import meshgrid


class Gather(Op):
    """Rows of `params` (its slices along the first axis): the older form of `GatherV2`."""

    inputs, outputs = ("params: Tparams", "indices: Tindices"), ("output: Tparams",)
    validate_indices: bool = True
    Tparams: DType
    Tindices: DType = attr(INT32, INT64)

    def infer(self, params: Shape, indices: Shape) -> Shape:
        with_rank_at_least(params, 1)
        return concat_shapes(indices, subshape(params, 1))

    def forward(self, np: Any, params: Any, indices: Any) -> Any:
        _check_indices(indices, params.shape[0])
        return np.take(params, indices, 0)

    def backward(self, op: Any, doutput: Any) -> list[Any]:
        return [_gradient_of_rows(op, doutput), None]


class GatherV2(Op):
    """Slices of `params` along one axis, chosen by `indices`.

    The first `batch_dims` axes of both are walked in step: each entry of a batch has its own
    params and its own indices.
    """

    inputs = ("params: Tparams", "indices: Tindices", "axis: Taxis")
    outputs = ("output: Tparams",)
    batch_dims: int = 0
    Tparams: DType
    Tindices: DType = attr(INT32, INT64)
    Taxis: DType = attr(INT32, INT64)
    infer_from = {"axis": "value"}
    value_shapes = {"axis": ()}

    def infer(self, params: Shape, indices: Shape, axis: Any) -> Shape:
        with_rank_at_least(params, 1)
        if axis is None:
            if params is None or indices is None:
                return None
            return (None,) * (len(params) + len(indices) - 1 - self.batch_dims)
        place = int(axis)
        with_rank_at_least(params, -place if place < 0 else place + 1)
        with_rank_at_least(indices, abs(self.batch_dims))
        batch = self.batch_dims
        if batch < 0:
            if indices is None:
                return None
            batch += len(indices)
        with_rank_at_least(params, batch + 1)
        inner: Shape = () if place == -1 else subshape(params, place + 1)
        return concat_shapes(subshape(params, 0, place), subshape(indices, batch), inner)

    def forward(self, np: Any, params: Any, indices: Any, axis: Any) -> Any:
        rank = params.ndim
        if not -rank <= axis < rank:
            raise errors.InvalidArgumentError(
                None, None, f"Expected axis in the range [{-rank}, {rank}), but got {axis}"
            )
        place = int(axis) % rank
        _check_indices(indices, params.shape[place])
        batch = self.batch_dims + (indices.ndim if self.batch_dims < 0 else 0)
        if batch == 0:
            return np.take(params, indices, place)
        return _take_in_batches(np, params, indices, place, batch)

    def backward(self, op: Any, doutput: Any) -> list[Any]:
        if constant_value(op.inputs[2]) == 0:
            return [_gradient_of_rows(op, doutput), None, None]
        return [_gradient_along_axis(op, doutput, self.batch_dims), None, None]


def _check_indices(indices: Any, limit: int) -> None:
    wrong = (indices < 0) | (indices >= limit)
    if wrong.any():
        place = tuple(axis[0] for axis in wrong.nonzero()) if indices.ndim else ()
        where = f"[{','.join(str(i) for i in place)}]" if place else ""
        raise errors.InvalidArgumentError(
            None, None, f"indices{where} = {indices[place]} is not in [0, {limit})"
        )


def _take_in_batches(np: Any, params: Any, indices: Any, axis: int, batch: int) -> Any:
    if params.shape[:batch] != indices.shape[:batch]:
        raise errors.InvalidArgumentError(
            None,
            None,
            f"params.shape[0]: {params.shape[0]} should be equal to indices.shape[0]: "
            f"{indices.shape[0]}",
        )
    places = [
        np.arange(indices.shape[i]).reshape([-1 if i == j else 1 for j in range(indices.ndim)])
        for i in range(batch)
    ]
    taken = np.moveaxis(params, axis, batch)[(*places, indices)]
    # [batch..., chosen..., axes before `axis`..., after...]: the chosen ones belong to `axis`.
    chosen = range(batch, indices.ndim)
    return np.moveaxis(taken, list(chosen), [i + axis - batch for i in chosen])


def _shape_of_params(params: Tensor) -> Tensor:
    # Where the params are, as they may be large; int64, as their sizes may be.
    with colocate_with(params):
        return cast(shape_tensor(params, out_type=dtypes.int64), dtypes.int32)


def _gradient_of_rows(op: Any, doutput: Any) -> IndexedSlices:
    params, indices = op.inputs[:2]
    shape = _shape_of_params(params)
    count = expand_dims(size_tensor(indices), 0)
    values = raw.Reshape(doutput, raw.ConcatV2([count, shape[1:]], 0, name="concat"))
    return IndexedSlices(values, raw.Reshape(indices, count), shape)


def _gradient_along_axis(op: Any, doutput: Any, batch: int) -> Tensor:
    """Sums what each slice of the params was taken for, along any axis, in batches.

    The gathered axis is moved to the front of what is left of the batch axes, summed by segments,
    and moved back.
    """
    params, indices, axis = op.inputs
    shape = _shape_of_params(params)
    if batch < 0:
        batch += len(indices._shape)
    expand_dims(size_tensor(indices), 0)
    outer, inner = shape[:axis], shape[axis:][1:]
    values_shape = raw.ConcatV2([outer, [-1], inner], 0, name="concat")
    rank, place = size_tensor(values_shape), size_tensor(outer)
    batch_axes = raw.Range(0, batch, 1, name="range")
    outer_axes = raw.Range(batch, place, 1, name="range")
    inner_axes = raw.Range(place + 1, rank, 1, name="range")
    values = raw.Reshape(doutput, values_shape)
    order = raw.ConcatV2([batch_axes, [place], outer_axes, inner_axes], 0, name="concat")
    summed = _sum_in_batches(shape, transpose(values, order), indices, batch, shape[axis])
    back = raw.ConcatV2([batch_axes, outer_axes + 1, [batch], inner_axes], 0, name="concat")
    return transpose(summed, back)


def _sum_in_batches(
    params_shape: Tensor, values: Tensor, indices: Tensor, batch: int, count: Tensor
) -> Tensor:
    length = expand_dims(size_tensor(indices), 0)
    if not batch:
        return raw.UnsortedSegmentSum(values, raw.Reshape(indices, length), count)
    shape = shape_tensor(values)
    outer, inner = shape[:batch], shape[batch:][1:]
    batches = raw.Prod(outer, [0])
    flat_shape = raw.ConcatV2([[-1], inner], 0, name="concat")
    count = count * batches
    indices = _indices_into_flat_batches(params_shape, indices, batch)
    values = raw.Reshape(values, flat_shape)
    summed = raw.UnsortedSegmentSum(values, raw.Reshape(indices, length), count)
    return raw.Reshape(summed, raw.ConcatV2([outer, flat_shape], 0, name="concat"))


def _indices_into_flat_batches(params_shape: Tensor, indices: Tensor, batch: int) -> Tensor:
    """Indices as they are once the batch axes of the params are joined with the gathered one."""
    dtype = indices.dtype.base_dtype
    rank = len(indices._shape or ())
    sizes = cast(params_shape, dtype)
    stride: Any = ones((), dtype=dtype)
    for axis in range(batch, 0, -1):
        size = sizes[axis - 1]
        stride = stride * sizes[axis]
        start, step = zeros((), dtype=dtype), ones((), dtype=dtype)
        offsets = raw.Range(start, size, step, name="range") * stride
        column = stack([1] * (axis - 1) + [size] + [1] * (rank - axis), axis=0)
        indices = indices + raw.Reshape(offsets, column)
    return indices


@export("gather")
def gather(
    params: Any,
    indices: Any,
    validate_indices: Any = None,
    name: str | None = None,
    axis: Any = None,
    batch_dims: int = 0,
) -> Tensor:
    """Slices of `params` along `axis` (0, or `batch_dims`), in the order of `indices`.

    For `params` [p0, ..., n, ..., pk] and `indices` of any shape [i...] the result has the shape
    [p0, ..., i..., ..., pk]. The first `batch_dims` axes of both are walked in step.
    `validate_indices` is accepted and has no effect. Raises ValueError where shapes do not fit,
    and InvalidArgumentError in a run where an index is negative or too large.
    """
    del validate_indices
    if axis is None:
        axis = batch_dims
    if constant_value(axis) != 0 and not (isinstance(axis, int) and axis == 0):
        return raw.GatherV2(params, indices, axis, batch_dims=batch_dims, name=name)
    sparse_read = getattr(params, "sparse_read", None)
    if sparse_read is not None:
        read: Tensor = sparse_read(indices, name=name)
        return read
    return raw.GatherV2(params, indices, axis, name=name)


@export("batch_gather")
def batch_gather(params: Any, indices: Any, name: str | None = None) -> Tensor:
    """Elements of the last common axis: of `params` [b..., n, ...] those at `indices` [b..., m].

    Raises ValueError where the rank of `indices` is not known.
    """
    with name_scope(name, "BatchGather", [params, indices]):
        indices = convert_to_tensor(indices, name="indices")
        params = convert_to_tensor(params, name="params")
        if indices._shape is None:
            raise ValueError("batch_gather does not allow indices with unknown shape.")
        batch = len(indices._shape) - 1
        batch_indices = indices
        dtype = indices.dtype.base_dtype
        indices_shape = shape_tensor(indices)
        params_shape = shape_tensor(params)
        stride: Any = ones((), dtype=dtype)
        sizes = raw.Cast(params_shape, DstT=dtype)
        for axis in range(batch, 0, -1):
            size = sizes[axis - 1]
            stride = stride * sizes[axis]
            start, step = zeros((), dtype=dtype), ones((), dtype=dtype)
            offsets = raw.Range(start, size, step) * stride
            column = stack([1] * (axis - 1) + [size] + [1] * (batch + 1 - axis), axis=0)
            batch_indices = batch_indices + raw.Reshape(offsets, column)
        flat_indices = raw.Reshape(batch_indices, [-1])
        outer = params_shape[batch + 1 :]
        count = raw.Prod(params_shape[: batch + 1], [0])
        flat_params = raw.Reshape(params, raw.ConcatV2([[count], outer], 0, name="concat"))
        flat = gather(flat_params, flat_indices)
        result = raw.Reshape(flat, raw.ConcatV2([indices_shape, outer], 0, name="concat"))
        final = indices.get_shape()[:batch].merge_with(params.get_shape()[:batch])
        final = final.concatenate(indices.get_shape().dims[batch : batch + 1])
        final = final.concatenate(params.get_shape()[batch + 1 :])
        result.set_shape(final)
        return result


class GatherNd(Op):
    """Parts of `params` at positions: the last axis of `indices` is one in the first axes."""

    inputs, outputs = ("params: Tparams", "indices: Tindices"), ("output: Tparams",)
    Tparams: DType
    Tindices: DType = attr(INT32, INT64)

    def infer(self, params: Shape, indices: Shape) -> Shape:
        with_rank_at_least(indices, 1)
        if indices is None or indices[-1] is None:
            return None
        if params is not None and indices[-1] > len(params):
            raise ShapeError(
                "indices.shape[-1] must be <= params.rank, but saw indices shape: "
                f"{format_shape(indices)} and params shape: {format_shape(params)}"
            )
        return concat_shapes(indices[:-1], subshape(params, indices[-1]))

    def forward(self, np: Any, params: Any, indices: Any) -> Any:
        depth = indices.shape[-1]
        if depth > params.ndim:
            raise errors.InvalidArgumentError(
                None,
                None,
                "index innermost dimension length must be <= params rank; saw: "
                f"{depth} vs. {params.ndim}",
            )
        check_positions(np, indices, params.shape, "param shape")
        if depth == 0:
            return np.array(np.broadcast_to(params, indices.shape[:-1] + params.shape))
        return params[tuple(np.moveaxis(indices, -1, 0))]

    def backward(self, op: Any, doutput: Any) -> list[Any]:
        params, indices = op.inputs
        shape = shape_tensor(params, out_type=indices.dtype)
        if indices._rank == 2 and indices._shape[-1] == 1:
            return [IndexedSlices(doutput, squeeze(indices, axis=-1), shape), None]
        return [raw.ScatterNd(indices, doutput, shape), None]


def check_positions(np: Any, indices: Any, shape: tuple[int, ...], kind: str) -> None:
    """Raises InvalidArgumentError where a position along the last axis is outside `shape`."""
    limits = np.array(shape[: indices.shape[-1]], np.int64)
    # As numbers without a sign, negative ones are too large as well.
    if not (indices.view(f"u{indices.dtype.itemsize}") >= limits.view(np.uint64)).any():
        return
    wrong = ((indices < 0) | (indices >= limits)).any(-1)
    if wrong.any():
        place = tuple(int(axis[0]) for axis in wrong.nonzero()) if wrong.ndim else ()
        where = f"[{','.join(str(i) for i in place)}]" if place else ""
        listed = ", ".join(str(i) for i in indices[place])
        raise errors.InvalidArgumentError(
            None,
            None,
            f"indices{where} = [{listed}] does not index into {kind} {format_shape(shape)}",
        )


@export("gather_nd", "manip.gather_nd")
def gather_nd(params: Any, indices: Any, name: str | None = None, batch_dims: int = 0) -> Tensor:
    """Parts of `params` at positions: [i..., d] indices give [i..., *params.shape[d:]].

    With `batch_dims` the first axes of both are walked in step, and positions are in the axes after
    them. Raises ValueError where a position has more numbers than `params` axes, and
    InvalidArgumentError in a run where a position is outside.
    """
    if batch_dims != 0:
        return _gather_nd_in_batches(params, indices, batch_dims, name)
    sparse_read = getattr(params, "gather_nd", None)
    if sparse_read is not None:
        read: Tensor = sparse_read(indices, name=name)
        return read
    return raw.GatherNd(params, indices, name=name)


def _gather_nd_in_batches(params: Any, indices: Any, batch: int, name: str | None) -> Tensor:
    """Puts the number of its batch before each position, and gathers from all batches at once."""
    with name_scope(name, "BatchGatherND", [params, indices]):
        indices = convert_to_tensor(indices, name="indices")
        params = convert_to_tensor(params, name="params")
        rank = indices._rank
        if batch < 0:
            raise ValueError("tf.gather_nd does not allow negative batch_dims.")
        if rank is not None and batch >= rank:
            raise ValueError(f"batch_dims = {batch} must be less than rank(indices) = {rank}")
        if params._rank is not None and batch >= params._rank:
            raise ValueError(
                f"batch_dims = {batch} must be less than rank(params) = {params._rank}"
            )
        params_shape, indices_shape = shape_tensor(params), shape_tensor(indices)
        batch_shape = params_shape[:batch]
        count = raw.Prod(batch_shape, [0])
        index_axes = rank_tensor(indices) - batch - 1
        inner_shape = indices_shape[batch:-1]
        numbers = [
            raw.Cast(raw.Range(0, size, 1), DstT=indices.dtype) for size in unstack(batch_shape)
        ]
        grid = meshgrid(*numbers, indexing="ij")
        places = transpose(stack([raw.Reshape(axis, [-1]) for axis in grid]))
        shape = shape_tensor(places)
        spread = raw.ConcatV2(
            [shape[:1], ones(index_axes, dtype=dtypes.int32), shape[1:]], 0, name="concat"
        )
        places = raw.Reshape(places, spread)
        times = raw.ConcatV2([[1], inner_shape, [1]], 0, name="concat")
        places = raw.Tile(places, times)
        flat_shape = raw.ConcatV2([[count], indices_shape[batch:]], 0, name="concat")
        flat = raw.Reshape(indices, flat_shape)
        full = raw.ConcatV2([places, flat], -1, name="concat")
        gathered = raw.GatherNd(params, full)
        final = raw.ConcatV2([batch_shape, shape_tensor(gathered)[1:]], 0, name="concat")
        return raw.Reshape(gathered, final)


class ScatterNd(Op):
    """Zeros of `shape`, to which `updates` are added at positions."""

    inputs = ("indices: Tindices", "updates: T", "shape: Tindices")
    outputs = ("output: T",)
    T: DType
    Tindices: DType = attr(INT32, INT64)
    infer_from = {"shape": "partial"}

    def infer(self, indices: Shape, updates: Shape, shape: Shape) -> Shape:
        return scattered_shape(shape, indices, updates, "output")

    def forward(self, np: Any, indices: Any, updates: Any, shape: Any) -> Any:
        output = np.zeros(tuple(shape.tolist()), self.T.as_numpy_dtype)
        check_positions(np, indices, output.shape, "shape")
        positions = tuple(np.moveaxis(indices, -1, 0))
        combine_at_positions(np, np.add, output, positions, updates)
        return output

    def backward(self, op: Any, doutput: Any) -> list[Any]:
        return [None, gather_nd(doutput, op.inputs[0]), None]


def scattered_shape(shape: Shape, indices: Shape, updates: Shape, kind: str = "input") -> Shape:
    """The shape of what updates are scattered into; raises ShapeError where they do not fit.

    `kind` is what the message calls it.
    """
    with_rank_at_least(indices, 1)
    with_rank_at_least(updates, 1)
    if indices is None or updates is None or indices[-1] is None:
        return shape
    outer, depth = len(indices) - 1, indices[-1]
    if kind == "input":
        with_rank_at_least(shape, depth)
    try:
        merge(indices[:-1], subshape(updates, 0, outer))
    except ShapeError as error:
        raise ShapeError(
            f"The outer {outer} dimensions of indices.shape={format_shape(indices)} must match the "
            f"outer {outer} dimensions of updates.shape={format_shape(updates)}: {error}"
        ) from None
    try:
        merge(subshape(shape, depth), subshape(updates, outer))
    except ShapeError as error:
        raise ShapeError(
            f"The inner {len(shape or ()) - depth} dimensions of "
            f"{kind}.shape={format_shape(shape)} must match the inner {len(updates) - outer} "
            f"dimensions of updates.shape={format_shape(updates)}: {error}"
        ) from None
    return shape


@export("scatter_nd", "manip.scatter_nd")
def scatter_nd(indices: Any, updates: Any, shape: Any, name: str | None = None) -> Tensor:
    """Zeros of `shape`, to which updates are added at positions.

    [i..., d] indices are positions in the first d axes; `updates` is [i..., *shape[d:]]. What goes
    to one position is summed. Raises ValueError where shapes do not fit.
    """
    return raw.ScatterNd(indices, updates, shape, name=name)


@export("boolean_mask")
def boolean_mask(
    tensor: Any, mask: Any, name: str = "boolean_mask", axis: int | None = None
) -> Tensor:
    """What of a tensor stands where `mask` is true.

    The mask covers as many axes as it has, from `axis` (0) on; they become one. Raises ValueError
    where the mask is a scalar, has no known rank, or does not fit.
    """
    with name_scope(name, None, [tensor, mask]):
        tensor = convert_to_tensor(tensor, name="tensor")
        mask = convert_to_tensor(mask, name="mask")
        rank = mask._rank
        if rank == 0:
            raise ValueError("mask cannot be scalar.")
        if rank is None:
            raise ValueError(
                "Number of mask dimensions must be specified, even if some dimensions are None.  "
                "E.g. shape=[None] is ok, but shape=None is not."
            )
        first = 0 if axis is None else axis
        last = first + rank
        known = tensor.get_shape()
        known[first:last].assert_is_compatible_with(mask.get_shape())
        count = raw.Prod(shape_tensor(tensor)[first:last], [0])
        shape = raw.ConcatV2(
            [shape_tensor(tensor)[:first], [count], shape_tensor(tensor)[last:]], 0, name="concat"
        )
        tensor = raw.Reshape(tensor, shape)
        covered = known[first:last].num_elements()
        tensor.set_shape(
            TensorShape(known[:first]).concatenate([covered]).concatenate(known[last:])
        )
        chosen = squeeze(raw.Where(raw.Reshape(mask, [-1])), axis=[1])
        return gather(tensor, chosen, axis=first)
