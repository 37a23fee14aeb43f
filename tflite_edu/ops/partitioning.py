"""Tensors sorted into parts and put together again, and the distinct elements of a vector."""

from __future__ import annotations

from collections import namedtuple
from typing import Any

from tflite_edu.core import dtypes, errors, raw
from tflite_edu.core.constant import constant
from tflite_edu.core.dtypes import INT32, INT64, DType
from tflite_edu.core.export import export
from tflite_edu.core.indexed_slices import IndexedSlices
from tflite_edu.core.inference import (
    concat_shapes,
    format_shape,
    merge,
    merge_prefix,
    normalize_axis,
    subshape,
    with_rank,
)
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.gathering import gather
from tflite_edu.ops.shapes_of_tensors import shape_tensor


class DynamicPartition(Op):
    """Slices of `data`, sorted into `num_partitions` tensors by a label for each."""

    inputs, outputs = ("data: T", "partitions: int32"), ("outputs: num_partitions*T",)
    num_partitions: int = attr(minimum=1)
    T: DType

    def infer(self, data: Shape, partitions: Shape) -> list[Shape]:
        if partitions is None:
            return [None] * self.num_partitions
        merge_prefix(data, partitions)
        return [concat_shapes((None,), subshape(data, len(partitions)))] * self.num_partitions

    def forward(self, np: Any, data: Any, partitions: Any) -> list[Any]:
        if data.shape[: partitions.ndim] != partitions.shape:
            raise errors.InvalidArgumentError(
                None,
                None,
                "data.shape must start with partitions.shape, got data.shape = "
                f"{format_shape(data.shape)}, partitions.shape = {format_shape(partitions.shape)}",
            )
        wrong = (partitions < 0) | (partitions >= self.num_partitions)
        if wrong.any():
            place = tuple(int(axis[0]) for axis in wrong.nonzero()) if wrong.ndim else ()
            where = f"[{','.join(str(i) for i in place)}]" if place else ""
            raise errors.InvalidArgumentError(
                None,
                None,
                f"partitions{where} = {partitions[place]} is not in [0, {self.num_partitions})",
            )
        flat, rest = partitions.reshape(-1), data.shape[partitions.ndim :]
        slices = data.reshape(flat.size, *rest)
        # Places are found, and slices taken, without a branch at each element.
        return [slices.take(np.flatnonzero(flat == i), 0) for i in range(self.num_partitions)]

    def backward(self, op: Any, *doutputs: Tensor) -> list[Any]:
        data, partitions = op.inputs
        prefix = shape_tensor(partitions)
        count = raw.Prod(prefix, constant([0], dtype=dtypes.int32))
        places = raw.Reshape(raw.Range(0, count, 1, name="range"), prefix)
        parts = raw.DynamicPartition(places, partitions, num_partitions=self.num_partitions)
        whole = dynamic_stitch(parts, list(doutputs))
        return [raw.Reshape(whole, shape_tensor(data)), None]


@export("dynamic_partition")
def dynamic_partition(
    data: Any, partitions: Any, num_partitions: int, name: str | None = None
) -> list[Tensor]:
    """The slices of `data` sorted by label: tensor i holds those whose label is i, in order.

    `partitions` is int32, in [0, num_partitions), and its shape is how that of `data` begins.
    Raises ValueError where it is not, InvalidArgumentError in a run on other labels.
    """
    return raw.DynamicPartition(data, partitions, num_partitions=num_partitions, name=name)


class DynamicStitch(Op):
    """Slices of several tensors put where the indices beside them say; the last one counts."""

    inputs, outputs = ("indices: N*int32", "data: N*T"), ("merged: T",)
    N: int = attr(minimum=1)
    T: DType
    infer_from = {"indices": "value"}
    infer_also = ("indices",)

    def infer(
        self, indices: list[Any], data: list[Shape], outer: list[Shape] | None = None
    ) -> Shape:
        rest: Shape = None
        for places, shape in zip(outer or [None] * self.N, data, strict=True):
            if places is not None:
                merge_prefix(shape, places)
                rest = merge(rest, subshape(shape, len(places)))
        length = None
        if all(places is not None for places in indices):
            length = 1 + max((int(places.max()) for places in indices if places.size), default=-1)
        return concat_shapes((length,), rest)

    def forward(self, np: Any, indices: list[Any], data: list[Any]) -> Any:
        for i, (places, values) in enumerate(zip(indices, data, strict=True)):
            if values.shape[: places.ndim] != places.shape:
                raise errors.InvalidArgumentError(
                    None,
                    None,
                    f"data[{i}].shape = {format_shape(values.shape)} does not start with "
                    f"indices[{i}].shape = {format_shape(places.shape)}",
                )
        rest = data[0].shape[indices[0].ndim :]
        rows = np.concatenate([places.ravel() for places in indices])
        length = int(rows.max()) + 1 if rows.size else 0
        if rows.size and rows.min() < 0:
            wrong = next(places for places in indices if (places < 0).any()) < 0
            place = ",".join(str(int(axis[0])) for axis in wrong.nonzero()) if wrong.ndim else ""
            raise errors.InvalidArgumentError(
                None, None, f"indices{f'[{place}]' if place else ''} is out of range"
            )
        merged = np.zeros((length, *rest), self.T.as_numpy_dtype)
        for places, values in zip(indices, data, strict=True):
            merged[places] = values
        return merged

    def backward(self, op: Any, doutput: Any) -> list[Any]:
        indices = op.inputs[: self.N]
        if isinstance(doutput, IndexedSlices):
            rows = shape_tensor(op.outputs[0])[0]
            doutput = raw.UnsortedSegmentSum(doutput.values, doutput.indices, rows)
        return [None] * self.N + [gather(doutput, places) for places in indices]


class ParallelDynamicStitch(DynamicStitch):
    """A `DynamicStitch` that may put the slices in any order."""

    N: int = attr(minimum=1)
    T: DType


@export("dynamic_stitch")
def dynamic_stitch(indices: Any, data: Any, name: str | None = None) -> Tensor:
    """One tensor of slices of several: `merged[indices[m][i...]] = data[m][i...]`.

    It is as long as the largest index asks for; the last of slices with one index counts. Raises
    ValueError where the shape of some data does not begin with that of its indices.
    """
    return raw.DynamicStitch(indices, data, name=name)


class Unique(Op):
    """The distinct elements of a vector in the order in which they first come."""

    inputs, outputs = ("x: T",), ("y: T", "idx: out_idx")
    T: DType
    out_idx: DType = attr(INT32, INT64, default=INT32)

    def infer(self, x: Shape) -> list[Shape]:
        with_rank(x, 1)
        return [(None,), x]

    def forward(self, np: Any, x: Any) -> Any:
        _check_vector(x)
        y, places, _ = _distinct(np, x, 0)
        return y, places.astype(self.out_idx.as_numpy_dtype)


def _check_vector(x: Any) -> None:
    if x.ndim != 1:
        raise errors.InvalidArgumentError(None, None, "unique expects a 1D vector.")


class UniqueV2(Op):
    """The distinct slices of a tensor along one axis, in the order in which they first come."""

    inputs, outputs = ("x: T", "axis: Taxis"), ("y: T", "idx: out_idx")
    T: DType
    Taxis: DType = attr(INT32, INT64, default=INT64)
    out_idx: DType = attr(INT32, INT64, default=INT32)
    infer_from = {"axis": "value"}

    def infer(self, x: Shape, axis: Any) -> list[Shape]:
        return _unique_shapes(x, axis)

    def forward(self, np: Any, x: Any, axis: Any) -> Any:
        y, places, _ = _distinct(np, x, _one_axis(x, axis))
        return y, places.astype(self.out_idx.as_numpy_dtype)


class UniqueWithCounts(Op):
    """The distinct elements of a vector, and how often each is there."""

    inputs, outputs = ("x: T",), ("y: T", "idx: out_idx", "count: out_idx")
    T: DType
    out_idx: DType = attr(INT32, INT64, default=INT32)

    def infer(self, x: Shape) -> list[Shape]:
        return [(None,), x, (None,)]

    def forward(self, np: Any, x: Any) -> Any:
        _check_vector(x)
        y, places, counts = _distinct(np, x, 0)
        dtype = self.out_idx.as_numpy_dtype
        return y, places.astype(dtype), counts.astype(dtype)


class UniqueWithCountsV2(Op):
    """The distinct slices of a tensor along one axis, and how often each is there."""

    inputs, outputs = ("x: T", "axis: Taxis"), ("y: T", "idx: out_idx", "count: out_idx")
    T: DType
    Taxis: DType = attr(INT32, INT64, default=INT64)
    out_idx: DType = attr(INT32, INT64, default=INT32)
    infer_from = {"axis": "value"}

    def infer(self, x: Shape, axis: Any) -> list[Shape]:
        return [*_unique_shapes(x, axis), (None,)]

    def forward(self, np: Any, x: Any, axis: Any) -> Any:
        y, places, counts = _distinct(np, x, _one_axis(x, axis))
        dtype = self.out_idx.as_numpy_dtype
        return y, places.astype(dtype), counts.astype(dtype)


def _unique_shapes(x: Shape, axis: Any) -> list[Shape]:
    if x is None or axis is None:
        return [None, (None,)]
    if axis.size == 0:
        return [(None,), with_rank(x, 1)]
    place = normalize_axis(int(axis.ravel()[0]), len(x))
    return [(*x[:place], None, *x[place + 1 :]), (x[place],)]


def _one_axis(x: Any, axis: Any) -> int:
    if axis.ndim != 1 or axis.size > 1:
        raise errors.InvalidArgumentError(
            None, None, "axis does not support input tensors larger than 1 elements"
        )
    if axis.size == 0:
        return 0
    place = int(axis[0])
    if not -x.ndim <= place < x.ndim:
        raise errors.InvalidArgumentError(None, None, f"axis has to be between [0, {x.ndim})")
    return place % x.ndim


def _distinct(np: Any, x: Any, axis: int) -> tuple[Any, Any, Any]:
    """(distinct slices, the number of its slice for each one of x, how often each is there)."""
    if x.ndim == 1 and x.size and x.dtype.kind in "iu":
        low, high = int(x.min()), int(x.max())
        if high - low < _NUMBERS_OF_A_TABLE * x.size:
            return _distinct_by_table(np, x, low, high)
    if x.ndim == 1:
        _, first, inverse, counts = np.unique(
            x, return_index=True, return_inverse=True, return_counts=True, equal_nan=False
        )
    else:
        _, first, inverse, counts = np.unique(
            x, return_index=True, return_inverse=True, return_counts=True, axis=axis
        )
    # numpy sorts the values: put them back in the order of their first places.
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(order.size)
    return np.take(x, first[order], axis), rank[inverse.ravel()], counts[order]


# Integers are looked up in a table of at most so many entries for each.
_NUMBERS_OF_A_TABLE = 4


def _distinct_by_table(np: Any, x: Any, low: int, high: int) -> tuple[Any, Any, Any]:
    """`_distinct` of integers from `low` to `high`, which takes no sorting of them."""
    wide = x if x.dtype.itemsize == 8 else x.astype(np.int64)
    entries = (wide - wide.dtype.type(low)).astype(np.intp, copy=False)
    first = np.empty(high - low + 1, np.intp)
    # Of several numbers put in one place the last stays: from the back, that is the first one.
    first[entries[::-1]] = np.arange(x.size - 1, -1, -1)
    counts = np.bincount(entries, minlength=first.size)
    present = np.flatnonzero(counts)
    present = present[np.argsort(first[present])]
    rank = np.empty(first.size, np.intp)
    rank[present] = np.arange(present.size)
    return x[first[present]], rank[entries], counts[present]


# Named as TensorFlow names them, for they are printed.
_UniqueOutput = namedtuple("Unique", ["y", "idx"])  # type: ignore[name-match]
_UniqueWithCountsOutput = namedtuple(  # type: ignore[name-match]
    "UniqueWithCounts", ["y", "idx", "count"]
)
_ListDiffOutput = namedtuple("ListDiff", ["out", "idx"])  # type: ignore[name-match]


@export("unique")
def unique(x: Any, out_idx: Any = dtypes.int32, name: str | None = None) -> Any:
    """The distinct elements of a vector in the order in which they first come.

    Gives `y` [number of them] and `idx` [n]: `x[i] = y[idx[i]]`. Raises ValueError where `x` is no
    vector.
    """
    return _UniqueOutput(*raw.Unique(x, out_idx=out_idx, name=name))


@export("unique_with_counts")
def unique_with_counts(x: Any, out_idx: Any = dtypes.int32, name: str | None = None) -> Any:
    """The distinct elements of a vector, and how often each is there.

    Gives `y` and `count` [number of them] and `idx` [n]: `x[i] = y[idx[i]]`.
    """
    return _UniqueWithCountsOutput(*raw.UniqueWithCounts(x, out_idx=out_idx, name=name))


class ListDiff(Op):
    """The elements of a vector that another does not hold."""

    inputs, outputs = ("x: T", "y: T"), ("out: T", "idx: out_idx")
    T: DType
    out_idx: DType = attr(INT32, INT64, default=INT32)

    def infer(self, x: Shape, y: Shape) -> list[Shape]:
        with_rank(x, 1)
        with_rank(y, 1)
        return [(None,), (None,)]

    def forward(self, np: Any, x: Any, y: Any) -> Any:
        for name, vector in (("x", x), ("y", y)):
            if vector.ndim != 1:
                raise errors.InvalidArgumentError(None, None, f"{name} should be a 1D vector.")
        places = np.flatnonzero(~np.isin(x, y))
        return x[places], places.astype(self.out_idx.as_numpy_dtype)


@export("setdiff1d")
def setdiff1d(x: Any, y: Any, index_dtype: Any = dtypes.int32, name: str | None = None) -> Any:
    """The elements of vector `x` that `y` does not hold, in order and as often as they come.

    Gives `out` and `idx`, their places in `x`. Raises ValueError where either is no vector.
    """
    return _ListDiffOutput(*raw.ListDiff(x, y, out_idx=index_dtype, name=name))
