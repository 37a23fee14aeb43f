"""Reductions by segments of rows that are picked by their index first."""

from __future__ import annotations

from typing import Any, ClassVar

from tflite_edu.core import errors, raw
from tflite_edu.core.dtypes import DOUBLE, FLOAT, INT32, INT64, REAL_NUMERIC, DType
from tflite_edu.core.export import export
from tflite_edu.core.inference import merge, subshape, with_rank, with_rank_at_least
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.row_combination import combine_at
from tflite_edu.ops.shape_checks import scalar_size
from tflite_edu.ops.shapes_of_tensors import shape


class _Sparse(Op, abstract=True):
    """Rows `data[indices]` in segments whose numbers never decrease."""

    inputs: ClassVar[tuple[str, ...]] = ("data: T", "indices: Tidx", "segment_ids: int32")
    outputs = ("output: T",)
    T: DType = attr(FLOAT, DOUBLE)
    Tidx: DType = attr(INT32, INT64, default=INT32)

    def infer(
        self, data: Shape, indices: Shape, segment_ids: Shape, num_segments: Any = None
    ) -> Shape:
        rest = subshape(with_rank_at_least(data, 1), 1)
        merge(with_rank(indices, 1), with_rank(segment_ids, 1))
        if rest is None:
            return None
        return (scalar_size(num_segments, 3), *rest)

    def forward(
        self, np: Any, data: Any, indices: Any, segment_ids: Any, num_segments: Any = None
    ) -> Any:
        if num_segments is not None:
            count = int(num_segments)
        else:
            count = int(segment_ids[-1]) + 1 if segment_ids.size else 0
        if indices.size != segment_ids.size:
            raise errors.InvalidArgumentError(
                None, None, "segment_ids and indices should have same size."
            )
        out = np.zeros((count, *data.shape[1:]), data.dtype)
        if not segment_ids.size:
            return out
        if np.any(segment_ids[1:] < segment_ids[:-1]):
            raise errors.InvalidArgumentError(None, None, "segment ids are not increasing")
        if segment_ids[0] < 0:
            raise errors.InvalidArgumentError(
                None,
                None,
                f"Segment id {segment_ids[0]} out of range [0, {count}), possibly because "
                "'segment_ids' input is not sorted.",
            )
        if segment_ids[-1] >= count:
            raise errors.InvalidArgumentError(None, None, "segment ids must be < num_segments")
        bad = np.flatnonzero((indices < 0) | (indices >= len(data)))
        if bad.size:
            raise errors.InvalidArgumentError(
                None,
                None,
                f"Bad: indices[{bad[0]}] == {indices[bad[0]]} out of range [0, {len(data)})",
            )
        starts = np.flatnonzero(np.r_[True, segment_ids[1:] != segment_ids[:-1]])
        totals = np.add.reduceat(data[indices], starts, 0, data.dtype)
        lengths = np.diff(np.r_[starts, segment_ids.size])
        out[segment_ids[starts]] = self.scaled(np, totals, lengths)
        return out

    def scaled(self, np: Any, totals: Any, lengths: Any) -> Any:
        """The sums of segments divided by what their lengths ask for."""
        return totals

    def backward(self, op: Any, gradient: Tensor) -> Any:
        data, indices, segment_ids = op.inputs[:3]
        rows = shape(data)[0]
        back = self.spread(gradient, indices, segment_ids, rows)
        return (back, *[None] * (len(op.inputs) - 1))

    def spread(self, gradient: Any, indices: Any, segment_ids: Any, rows: Any) -> Any:
        """The gradient of `data`, which has `rows` rows."""
        return raw.UnsortedSegmentSum(raw.GatherV2(gradient, segment_ids, 0), indices, rows)


class _Counted(_Sparse, abstract=True):
    """The same with the number of segments given."""

    inputs = (*_Sparse.inputs, "num_segments: Tnumsegments")
    T: DType = attr(FLOAT, DOUBLE)
    Tidx: DType = attr(INT32, INT64, default=INT32)
    Tnumsegments: DType = attr(INT32, INT64, default=INT32)
    infer_from = {"num_segments": "value"}
    value_shapes = {"num_segments": ()}


class SparseSegmentSum(_Sparse):
    """The sum of the picked rows of each segment."""

    T = attr(*REAL_NUMERIC)


class SparseSegmentSumWithNumSegments(_Counted):
    """The sum of the picked rows of each segment, of which there are so many."""

    T = attr(*REAL_NUMERIC)


@export("sparse.segment_sum", "sparse_segment_sum")
def sparse_segment_sum(
    data: Any, indices: Any, segment_ids: Any, name: str | None = None, num_segments: Any = None
) -> Tensor:
    """The sum of the rows `data[indices]` of each segment.

    Args:
      data: `[rows, ...]`, real numbers.
      indices: `[n]`, int32 or int64: which row.
      segment_ids: `[n]`, int32, from 0, never decreasing: the segment of each picked row.
      num_segments: how many segments there are; by default the last number and one.

    Returns:
      `[segments, ...]`; 0 for a segment without rows.
    """
    if num_segments is None:
        return raw.SparseSegmentSum(data, indices, segment_ids, name=name)
    return raw.SparseSegmentSumWithNumSegments(data, indices, segment_ids, num_segments, name=name)


class SparseSegmentMean(_Sparse):
    """The mean of the picked rows of each segment."""

    def scaled(self, np: Any, totals: Any, lengths: Any) -> Any:
        return totals / _column(lengths, totals)

    def spread(self, gradient: Any, indices: Any, segment_ids: Any, rows: Any) -> Any:
        return raw.SparseSegmentMeanGrad(gradient, indices, segment_ids, rows)


def _column(lengths: Any, rows: Any) -> Any:
    """One number for each row, in the rows' dtype and a shape that broadcasts to theirs."""
    return lengths.astype(rows.dtype).reshape(-1, *[1] * (rows.ndim - 1))


class SparseSegmentMeanWithNumSegments(_Counted):
    """The mean of the picked rows of each segment, of which there are so many."""

    scaled = SparseSegmentMean.scaled
    spread = SparseSegmentMean.spread


@export("sparse.segment_mean", "sparse_segment_mean")
def sparse_segment_mean(
    data: Any, indices: Any, segment_ids: Any, name: str | None = None, num_segments: Any = None
) -> Tensor:
    """The mean of the rows `data[indices]` of each segment; see `sparse_segment_sum`.

    `data` is float32 or float64.
    """
    if num_segments is None:
        return raw.SparseSegmentMean(data, indices, segment_ids, name=name)
    return raw.SparseSegmentMeanWithNumSegments(data, indices, segment_ids, num_segments, name=name)


class SparseSegmentSqrtN(_Sparse):
    """The sum of the picked rows of each segment, divided by the root of their number."""

    def scaled(self, np: Any, totals: Any, lengths: Any) -> Any:
        return totals / np.sqrt(_column(lengths, totals))

    def spread(self, gradient: Any, indices: Any, segment_ids: Any, rows: Any) -> Any:
        return raw.SparseSegmentSqrtNGrad(gradient, indices, segment_ids, rows)


class SparseSegmentSqrtNWithNumSegments(_Counted):
    """The same as SparseSegmentSqrtN, with the number of segments given."""

    scaled = SparseSegmentSqrtN.scaled
    spread = SparseSegmentSqrtN.spread


@export("sparse.segment_sqrt_n", "sparse_segment_sqrt_n")
def sparse_segment_sqrt_n(
    data: Any, indices: Any, segment_ids: Any, name: str | None = None, num_segments: Any = None
) -> Tensor:
    """The sum of the rows `data[indices]` of each segment, divided by the root of their number.

    Arguments and result are those of `sparse_segment_sum`; `data` is float32 or float64.
    """
    if num_segments is None:
        return raw.SparseSegmentSqrtN(data, indices, segment_ids, name=name)
    return raw.SparseSegmentSqrtNWithNumSegments(
        data, indices, segment_ids, num_segments, name=name
    )


class _SparseGradient(Op, abstract=True):
    """The gradient of `data`: each picked row gets its segment's, scaled as the segment was."""

    inputs = ("grad: T", "indices: Tidx", "segment_ids: int32", "output_dim0: int32")
    outputs = ("output: T",)
    T: DType = attr(FLOAT, DOUBLE)
    Tidx: DType = attr(INT32, INT64, default=INT32)
    infer_from = {"output_dim0": "value"}
    value_shapes = {"output_dim0": ()}

    def infer(self, grad: Shape, indices: Shape, segment_ids: Shape, output_dim0: Any) -> Shape:
        rest = subshape(with_rank_at_least(grad, 1), 1)
        with_rank(indices, 1)
        with_rank(segment_ids, 1)
        rows = None if output_dim0 is None else int(output_dim0)
        return None if rest is None else (rows, *rest)

    def divisor(self, np: Any, counts: Any) -> Any:
        """What a segment of so many rows was divided by."""
        raise NotImplementedError

    def forward(self, np: Any, grad: Any, indices: Any, segment_ids: Any, output_dim0: Any) -> Any:
        out = np.zeros((int(output_dim0), *grad.shape[1:]), grad.dtype)
        counts = np.maximum(np.bincount(segment_ids, minlength=len(grad)), 1)
        scaled = grad / self.divisor(np, _column(counts, grad))
        combine_at(np, np.add, out, indices, scaled[segment_ids])
        return out


class SparseSegmentMeanGrad(_SparseGradient):
    """The gradient of SparseSegmentMean for its rows."""

    def divisor(self, np: Any, counts: Any) -> Any:
        return counts


class SparseSegmentSqrtNGrad(_SparseGradient):
    """The gradient of SparseSegmentSqrtN for its rows."""

    def divisor(self, np: Any, counts: Any) -> Any:
        return np.sqrt(counts)
