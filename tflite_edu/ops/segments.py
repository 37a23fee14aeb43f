"""Reductions of rows by segments: rows of one segment number become one row."""

from __future__ import annotations

import math
from typing import Any

from tflite_edu.core import errors, raw
from tflite_edu.core.constant import constant
from tflite_edu.core.dtypes import INT32, INT64, NUMERIC, REAL_NUMERIC, DType
from tflite_edu.core.export import export
from tflite_edu.core.inference import subshape, with_rank, with_rank_at_least
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.casting import cast
from tflite_edu.ops.constants import zeros_like
from tflite_edu.ops.row_combination import combined
from tflite_edu.ops.shapes_of_tensors import rank, shape


class _Sorted(Op, abstract=True):
    """Rows in segments whose numbers never decrease; a number that is left out gives `empty`."""

    inputs, outputs = ("data: T", "segment_ids: Tindices"), ("output: T",)
    T: DType = attr(*NUMERIC)
    Tindices: DType = attr(INT32, INT64)
    empty = 0

    def infer(self, data: Shape, segment_ids: Shape) -> Shape:
        with_rank(segment_ids, 1)
        rest = subshape(with_rank_at_least(data, 1), 1)
        return None if rest is None else (None, *rest)

    def reduce(self, np: Any, data: Any, segment_ids: Any, combine: Any) -> Any:
        """One row of each segment: the rows combined by a ufunc."""
        if len(data) != len(segment_ids):
            raise errors.InvalidArgumentError(
                None, None, "segment_ids should be the same size as dimension 0 of input."
            )
        count = int(segment_ids[-1]) + 1 if len(segment_ids) else 0
        if np.any(segment_ids[1:] < segment_ids[:-1]):
            raise errors.InvalidArgumentError(None, None, "segment ids are not increasing")
        if len(segment_ids) and segment_ids[0] < 0:
            raise errors.InvalidArgumentError(
                None,
                None,
                f"Segment id {segment_ids[0]} out of range [0, {count}), possibly because "
                "'segment_ids' input is not sorted.",
            )
        out = np.full((count, *data.shape[1:]), self.empty, data.dtype)
        width = math.prod(data.shape[1:])
        if len(segment_ids) and width > 1:
            rows = data.reshape(-1, width)
            numbers, made = combined(np, combine, segment_ids, rows)
            out.reshape(-1, width)[numbers] = made
        elif len(segment_ids):
            starts = np.flatnonzero(np.r_[True, segment_ids[1:] != segment_ids[:-1]])
            out[segment_ids[starts]] = combine.reduceat(data, starts, 0, data.dtype)
        return out


class SegmentSum(_Sorted):
    """The sum of the rows of each segment."""

    def forward(self, np: Any, data: Any, segment_ids: Any) -> Any:
        return self.reduce(np, data, segment_ids, np.add)

    def backward(self, op: Any, gradient: Tensor) -> Any:
        return raw.GatherV2(gradient, op.inputs[1], 0), None


@export("math.segment_sum", "segment_sum")
def segment_sum(data: Any, segment_ids: Any, name: str | None = None) -> Tensor:
    """The sum of the rows of each segment.

    Args:
      data: `[n, ...]`, numbers.
      segment_ids: `[n]`, int32 or int64, from 0, never decreasing: the segment of each row.

    Returns:
      `[last number + 1, ...]`; a row of 0 for a segment without rows.
    """
    return raw.SegmentSum(data, segment_ids, name=name)


class SegmentMean(_Sorted):
    """The mean of the rows of each segment."""

    def forward(self, np: Any, data: Any, segment_ids: Any) -> Any:
        total = self.reduce(np, data, segment_ids, np.add)
        counts = np.maximum(np.bincount(segment_ids, minlength=len(total)), 1)
        counts = counts.astype(data.dtype).reshape(-1, *[1] * (data.ndim - 1))
        if self.T.is_integer:
            return (total - np.fmod(total, counts)) // counts
        return total / counts

    def backward(self, op: Any, gradient: Tensor) -> Any:
        data, segment_ids = op.inputs
        data_rank = rank(data)
        rows = shape(segment_ids)
        others = raw.Fill(raw.ExpandDims(data_rank - 1, 0), 1)
        ones_shape = raw.ConcatV2([rows, others], 0, name="concat")
        ones = raw.Fill(ones_shape, constant(1, dtype=gradient.dtype))
        scaled = gradient / raw.SegmentSum(ones, segment_ids)
        return raw.GatherV2(scaled, segment_ids, 0), None


@export("math.segment_mean", "segment_mean")
def segment_mean(data: Any, segment_ids: Any, name: str | None = None) -> Tensor:
    """The mean of the rows of each segment; arguments and result are those of `segment_sum`."""
    return raw.SegmentMean(data, segment_ids, name=name)


class SegmentProd(_Sorted):
    """The product of the rows of each segment."""

    empty = 1

    def forward(self, np: Any, data: Any, segment_ids: Any) -> Any:
        return self.reduce(np, data, segment_ids, np.multiply)


@export("math.segment_prod", "segment_prod")
def segment_prod(data: Any, segment_ids: Any, name: str | None = None) -> Tensor:
    """The product of the rows of each segment, 1 where there is none; see `segment_sum`.

    As in TensorFlow it has no gradient.
    """
    return raw.SegmentProd(data, segment_ids, name=name)


def _to_extreme(op: Any, gradient: Tensor) -> Any:
    """The gradient of the extreme of a segment, shared by the rows that are equal to it."""
    data, segment_ids = op.inputs
    nothing = zeros_like(data)
    chosen = raw.Equal(data, raw.GatherV2(op.outputs[0], segment_ids, 0))
    counts = raw.SegmentSum(cast(chosen, gradient.dtype), segment_ids)
    shared = raw.GatherV2(gradient / counts, segment_ids, 0)
    return raw.Select(chosen, shared, nothing), None


class SegmentMin(_Sorted):
    """The least of the rows of each segment."""

    T = attr(*REAL_NUMERIC)

    def forward(self, np: Any, data: Any, segment_ids: Any) -> Any:
        return self.reduce(np, data, segment_ids, np.minimum)

    def backward(self, op: Any, gradient: Tensor) -> Any:
        return _to_extreme(op, gradient)


@export("math.segment_min", "segment_min")
def segment_min(data: Any, segment_ids: Any, name: str | None = None) -> Tensor:
    """The least of the rows of each segment, 0 where there is none; see `segment_sum`."""
    return raw.SegmentMin(data, segment_ids, name=name)


class SegmentMax(_Sorted):
    """The greatest of the rows of each segment."""

    T = attr(*REAL_NUMERIC)

    def forward(self, np: Any, data: Any, segment_ids: Any) -> Any:
        return self.reduce(np, data, segment_ids, np.maximum)

    def backward(self, op: Any, gradient: Tensor) -> Any:
        return _to_extreme(op, gradient)


@export("math.segment_max", "segment_max")
def segment_max(data: Any, segment_ids: Any, name: str | None = None) -> Tensor:
    """The greatest of the rows of each segment, 0 where there is none; see `segment_sum`."""
    return raw.SegmentMax(data, segment_ids, name=name)
