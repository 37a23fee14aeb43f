"""Reductions of slices by segments whose numbers come in any order."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import errors, raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import BOOL, INT32, INT64, NUMERIC, REAL_NUMERIC, DType
from tflite_edu.core.export import export
from tflite_edu.core.inference import merge_prefix
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.casting import cast
from tflite_edu.ops.constants import ones, ones_like, zeros_like
from tflite_edu.ops.row_combination import combine_at
from tflite_edu.ops.shape_checks import scalar_size
from tflite_edu.ops.shapes_of_tensors import shape


class _Unsorted(Op, abstract=True):
    """Slices in segments, in any order; slices of a negative number are left out."""

    inputs = ("data: T", "segment_ids: Tindices", "num_segments: Tnumsegments")
    outputs = ("output: T",)
    T: DType = attr(*NUMERIC)
    Tindices: DType = attr(INT32, INT64)
    Tnumsegments: DType = attr(INT32, INT64, default=INT32)
    infer_from = {"num_segments": "value"}
    value_shapes = {"num_segments": ()}

    def infer(self, data: Shape, segment_ids: Shape, num_segments: Any) -> Shape:
        data, segment_ids = merge_prefix(data, segment_ids)
        if data is None or segment_ids is None:
            return None
        return (scalar_size(num_segments, 2), *data[len(segment_ids) :])

    def reduce(
        self, np: Any, data: Any, segment_ids: Any, num_segments: Any, combine: Any, empty: Any
    ) -> Any:
        """One slice of each segment: slices combined by a ufunc, `empty` where it has none."""
        if num_segments < 0:
            raise errors.InvalidArgumentError(
                None, None, f"Input num_segments == {num_segments} must not be negative."
            )
        if data.shape[: segment_ids.ndim] != segment_ids.shape:
            raise errors.InvalidArgumentError(
                None,
                None,
                f"data.shape = [{','.join(map(str, data.shape))}] does not start with "
                f"segment_ids.shape = [{','.join(map(str, segment_ids.shape))}]",
            )
        ids = segment_ids.ravel()
        beyond = np.flatnonzero(ids >= num_segments)
        if beyond.size:
            place = np.unravel_index(beyond[0], segment_ids.shape)
            raise errors.InvalidArgumentError(
                None,
                None,
                f"segment_ids[{','.join(str(int(p)) for p in place)}] = {ids[beyond[0]]} is out of "
                f"range [0, {num_segments})",
            )
        slices = data.reshape(ids.size, *data.shape[segment_ids.ndim :])
        out = np.full((int(num_segments), *slices.shape[1:]), empty, data.dtype)
        kept = ids >= 0
        if not kept.all():
            ids, slices = ids[kept], slices[kept]
        if ids.size:
            combine_at(np, combine, out, ids, slices)
        return out


def _gathered(values: Tensor, segment_ids: Tensor, places: Any = None, positive: Any = None) -> Any:
    """The segment's slice of each number, zero where the number is negative.

    Also gives the numbers without the negative ones, and which are not negative, both of which may
    be handed in again.
    """
    if places is None:
        places = raw.Maximum(segment_ids, zeros_like(segment_ids))
    gathered = raw.GatherV2(values, places, 0)
    if positive is None:
        positive = raw.GreaterEqual(segment_ids, 0)
        for _ in range(gathered._rank - positive._rank):
            positive = raw.ExpandDims(positive, -1)
        positive = positive & ones_like(gathered, dtype=BOOL)
    return raw.Select(positive, gathered, zeros_like(gathered)), places, positive


class UnsortedSegmentSum(_Unsorted):
    """The sum of the slices of each segment."""

    def forward(self, np: Any, data: Any, segment_ids: Any, num_segments: Any) -> Any:
        return self.reduce(np, data, segment_ids, num_segments, np.add, 0)

    def backward(self, op: Any, gradient: Tensor) -> Any:
        return _gathered(gradient, op.inputs[1])[0], None, None


@export("math.unsorted_segment_sum", "unsorted_segment_sum")
def unsorted_segment_sum(
    data: Any, segment_ids: Any, num_segments: Any, name: str | None = None
) -> Tensor:
    """The sum of the slices of each segment.

    Args:
      data: numbers; its shape starts with that of `segment_ids`.
      segment_ids: int32 or int64, of any rank and order: the segment of each slice. Slices with a
        negative number are left out.
      num_segments: how many segments there are, a scalar.

    Returns:
      `[num_segments, ...]` with the dimensions of `data` after those of `segment_ids`; 0 for a
      segment without slices.

    Raises:
      ValueError: the shapes do not fit. In the run InvalidArgumentError on a number that is
        `num_segments` or more.
    """
    return raw.UnsortedSegmentSum(data, segment_ids, num_segments, name=name)


def _to_unsorted_extreme(op: Any, gradient: Tensor) -> Any:
    data, segment_ids, count = op.inputs
    extremes, places, positive = _gathered(op.outputs[0], segment_ids)
    chosen = raw.LogicalAnd(raw.Equal(data, extremes), positive)
    counts = raw.UnsortedSegmentSum(cast(chosen, gradient.dtype), segment_ids, count)
    shared, _, _ = _gathered(gradient / counts, segment_ids, places, positive)
    return raw.Select(chosen, shared, zeros_like(shared)), None, None


class UnsortedSegmentMax(_Unsorted):
    """The greatest of the slices of each segment; the least number where there is none."""

    T = attr(*REAL_NUMERIC)

    def forward(self, np: Any, data: Any, segment_ids: Any, num_segments: Any) -> Any:
        return self.reduce(np, data, segment_ids, num_segments, np.maximum, self.T.min)

    def backward(self, op: Any, gradient: Tensor) -> Any:
        return _to_unsorted_extreme(op, gradient)


@export("math.unsorted_segment_max", "unsorted_segment_max")
def unsorted_segment_max(
    data: Any, segment_ids: Any, num_segments: Any, name: str | None = None
) -> Tensor:
    """The greatest of the slices of each segment, the dtype's least number where there is none.

    Arguments, result and errors are those of `unsorted_segment_sum`.
    """
    return raw.UnsortedSegmentMax(data, segment_ids, num_segments, name=name)


class UnsortedSegmentMin(_Unsorted):
    """The least of the slices of each segment; the greatest number where there is none."""

    T = attr(*REAL_NUMERIC)

    def forward(self, np: Any, data: Any, segment_ids: Any, num_segments: Any) -> Any:
        return self.reduce(np, data, segment_ids, num_segments, np.minimum, self.T.max)

    def backward(self, op: Any, gradient: Tensor) -> Any:
        return _to_unsorted_extreme(op, gradient)


@export("math.unsorted_segment_min", "unsorted_segment_min")
def unsorted_segment_min(
    data: Any, segment_ids: Any, num_segments: Any, name: str | None = None
) -> Tensor:
    """The least of the slices of each segment, the dtype's greatest number where there is none.

    Arguments, result and errors are those of `unsorted_segment_sum`.
    """
    return raw.UnsortedSegmentMin(data, segment_ids, num_segments, name=name)


class UnsortedSegmentProd(_Unsorted):
    """The product of the slices of each segment; 1 where there is none."""

    def forward(self, np: Any, data: Any, segment_ids: Any, num_segments: Any) -> Any:
        return self.reduce(np, data, segment_ids, num_segments, np.multiply, 1)

    def backward(self, op: Any, gradient: Tensor) -> Any:
        """product / element, and where the element is the only 0 the product of the others."""
        data, segment_ids, count = op.inputs
        is_zero = raw.Equal(data, 0)
        zeros = raw.UnsortedSegmentSum(cast(is_zero, INT32), segment_ids, count)
        gradient = raw.Select(raw.Greater(zeros, 1), zeros_like(gradient), gradient)
        not_zero = raw.Select(is_zero, ones_like(data), data)
        product_of_others = raw.UnsortedSegmentProd(not_zero, segment_ids, count)
        places = raw.Maximum(segment_ids, zeros_like(segment_ids))
        product = raw.GatherV2(op.outputs[0], places, 0)
        of_others = raw.GatherV2(product_of_others, places, 0)
        partial = raw.Select(is_zero, of_others, product / data)
        return _gathered(gradient, segment_ids, places)[0] * partial, None, None


@export("math.unsorted_segment_prod", "unsorted_segment_prod")
def unsorted_segment_prod(
    data: Any, segment_ids: Any, num_segments: Any, name: str | None = None
) -> Tensor:
    """The product of the slices of each segment, 1 where there is none.

    Arguments, result and errors are those of `unsorted_segment_sum`.
    """
    return raw.UnsortedSegmentProd(data, segment_ids, num_segments, name=name)


@export("math.unsorted_segment_mean", "unsorted_segment_mean")
def unsorted_segment_mean(
    data: Any, segment_ids: Any, num_segments: Any, name: str | None = None
) -> Tensor:
    """The mean of the slices of each segment, 0 where there is none.

    Arguments, result and errors are those of `unsorted_segment_sum`; `data` is floating.
    """
    with name_scope(name, "UnsortedSegmentMean"):
        data, segment_ids = convert_to_tensor(data), convert_to_tensor(segment_ids)
        counts = _counts(data, segment_ids, num_segments)
        return raw.UnsortedSegmentSum(data, segment_ids, num_segments) / counts


@export("math.unsorted_segment_sqrt_n", "unsorted_segment_sqrt_n")
def unsorted_segment_sqrt_n(
    data: Any, segment_ids: Any, num_segments: Any, name: str | None = None
) -> Tensor:
    """The sum of the slices of each segment divided by the root of their number.

    Arguments, result and errors are those of `unsorted_segment_sum`; `data` is floating.
    """
    with name_scope(name, "UnsortedSegmentSqrtN"):
        data, segment_ids = convert_to_tensor(data), convert_to_tensor(segment_ids)
        counts = _counts(data, segment_ids, num_segments)
        return raw.UnsortedSegmentSum(data, segment_ids, num_segments) / raw.Sqrt(counts)


def _counts(data: Tensor, segment_ids: Tensor, num_segments: Any) -> Tensor:
    """How many slices each segment has, at least 1, in a shape that broadcasts to the result's."""
    each = ones(shape(segment_ids), dtype=data.dtype)
    counts = raw.UnsortedSegmentSum(each, segment_ids, num_segments)
    ndims = (data._rank or 0) - (segment_ids._rank or 0)
    counts_shape = [num_segments] + [1] * ndims
    return raw.Maximum(raw.Reshape(counts, counts_shape), 1)
