"""The largest elements of an axis, in order, and their places."""

from __future__ import annotations

import builtins
from collections import namedtuple
from typing import Any

from tflite_edu.core import dtypes, errors, raw
from tflite_edu.core.constant import constant
from tflite_edu.core.constant_value import constant_value
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import (
    BFLOAT16,
    DOUBLE,
    FLOAT,
    HALF,
    INT8,
    INT16,
    INT32,
    INT64,
    UINT8,
    UINT16,
    UINT32,
    UINT64,
    DType,
    float32_from_bfloat16,
)
from tflite_edu.core.export import export
from tflite_edu.core.inference import ShapeError, merge_dims, with_rank, with_rank_at_least
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.casting import cast
from tflite_edu.ops.constants import zeros
from tflite_edu.ops.gathering import gather, scatter_nd
from tflite_edu.ops.packing import stack
from tflite_edu.ops.permuting import transpose
from tflite_edu.ops.ranges import range as range_of_numbers
from tflite_edu.ops.reductions import reduce_prod
from tflite_edu.ops.reshaping import expand_dims
from tflite_edu.ops.shape_checks import scalar_size
from tflite_edu.ops.shapes_of_tensors import rank_tensor, shape_tensor, size_tensor


def _top_shapes(input: Shape, k: int | None) -> list[Shape]:
    with_rank_at_least(input, 1)
    if input is None:
        return [None, None]
    if k is not None and input[-1] is not None and input[-1] < k:
        raise ShapeError(f"input must have last dimension >= k = {k} but is {input[-1]}")
    return [(*input[:-1], k)] * 2


def _top(np: Any, input: Any, k: int) -> tuple[Any, Any]:
    if k < 0:
        raise errors.InvalidArgumentError(None, None, f"Need k >= 0, got {k}")
    if input.ndim < 1:
        raise errors.InvalidArgumentError(None, None, "input must be >= 1-D, got shape []")
    size = input.shape[-1]
    if size < k:
        raise errors.InvalidArgumentError(
            None, None, f"input must have at least k columns. Had {size}, needed {k}"
        )
    keys = float32_from_bfloat16(input) if input.dtype.names else input
    if k == 1:
        indices = np.argmax(keys, -1)[..., None]
    else:
        rows = keys.reshape(-1, size)
        if k < size // _FEW and rows.size:
            indices = _few_largest(np, rows, k)
        else:
            indices = _largest_first(np, rows)[:, :k]
        indices = indices.reshape(*input.shape[:-1], k)
    return np.take_along_axis(input, indices, -1), indices.astype(np.int32)


# Less than this part of the elements are found without sorting all.
_FEW = 8


def _largest_first(np: Any, rows: Any) -> Any:
    """The columns of each of the rows [n, size], the largest element's first, of equal ones the
    first first.
    """
    size = rows.shape[1]
    if rows.dtype.kind == "f":
        # Unstable sorts are several times faster, and right unless there are equal elements.
        order = np.argsort(rows, -1)[:, ::-1]
        ranked = np.take_along_axis(rows, order, 1)
        # Numbers that are not equal to themselves, NaN, come first; two of them are no other tie.
        tied = (ranked[:, 1:] == ranked[:, :-1]).any(1) | np.isnan(ranked[:, 1:2]).any(1)
        if not tied.any():
            return order
        order = np.ascontiguousarray(order)
        order[tied] = _stably_largest_first(np, rows[tied], size)
        return order
    return _stably_largest_first(np, rows, size)


def _stably_largest_first(np: Any, rows: Any, size: int) -> Any:
    # A stable sort of what is turned round: of equal elements the first stays first.
    return size - 1 - np.argsort(rows[:, ::-1], -1, kind="stable")[:, ::-1]


def _few_largest(np: Any, rows: Any, k: int) -> Any:
    """The first `k` columns of `_largest_first`."""
    count, size = rows.shape
    least = np.partition(rows, size - k, 1)[:, size - k : size - k + 1]
    found = rows >= least
    clear = found.sum(1) == k
    indices = np.empty((count, k), np.intp)
    if not clear.all():
        # Several elements are equal to the last, or some are NaN.
        indices[~clear] = _stably_largest_first(np, rows[~clear], size)[:, :k]
        found[~clear] = False
    columns = np.flatnonzero(found).reshape(-1, k) % size
    values = np.take_along_axis(rows[clear], columns, 1)
    indices[clear] = np.take_along_axis(columns, _stably_largest_first(np, values, k), 1)
    return indices


def _gradient_of_top(op: Any, dvalues: Tensor) -> Tensor:
    """What each value was taken from: places in the flattened input, to which gradients go."""
    shape = shape_tensor(op.inputs[0])
    indices = op.outputs[1]
    top_shape = shape_tensor(indices)
    count = gather(cast(top_shape, dtypes.int64), size_tensor(top_shape) - 1)
    rows = raw.Reshape(indices, stack([-1, count]))
    length = gather(cast(shape, dtypes.int64), size_tensor(shape) - 1)
    outer = shape_tensor(rows)[0]
    starts = range_of_numbers(0, cast(outer, dtypes.int64) * length, length)
    places = raw.Reshape(rows + cast(expand_dims(starts, -1), dtypes.int32), [-1])
    flat = scatter_nd(expand_dims(places, -1), raw.Reshape(dvalues, [-1]), [reduce_prod(shape)])
    return raw.Reshape(flat, shape)


class TopKV2(Op):
    """The `k` largest elements of the last axis, the largest first, and their places."""

    inputs, outputs = ("input: T", "k: int32"), ("values: T", "indices: int32")
    sorted: bool = True
    T: DType = attr(
        *(FLOAT, DOUBLE, INT32, UINT8, INT16, INT8, INT64, BFLOAT16, UINT16, HALF, UINT32, UINT64)
    )
    infer_from = {"k": "value"}

    def infer(self, input: Shape, k: Any) -> list[Shape]:
        with_rank_at_least(input, 1)
        return _top_shapes(input, scalar_size(k, 1))

    def forward(self, np: Any, input: Any, k: Any) -> Any:
        return _top(np, input, int(k))

    def backward(self, op: Any, dvalues: Tensor, dindices: Tensor) -> list[Any]:
        return [_gradient_of_top(op, dvalues), zeros([], dtype=dtypes.int32)]


# Named as TensorFlow names it, for it is printed.
_TopKOutput = namedtuple("TopKV2", ["values", "indices"])  # type: ignore[name-match]


@export("nn.top_k", "math.top_k")
def top_k(input: Any, k: Any = 1, sorted: bool = True, name: str | None = None) -> Any:
    """The `k` largest elements of the last axis, the largest first, of equal ones the first.

    Gives `values` and `indices` (int32), both [..., k]. They are in order also where `sorted` is
    false. Raises ValueError where the axis has fewer elements.
    """
    return _TopKOutput(*raw.TopKV2(input, k, sorted=sorted, name=name))


class InTopK(Op):
    """Whether the prediction for the target class is among the `k` largest; `k` is an attribute."""

    inputs, outputs = ("predictions: float32", "targets: T"), ("precision: bool",)
    k: int
    T: DType = attr(INT32, INT64, default=INT32)

    def infer(self, predictions: Shape, targets: Shape) -> Shape:
        return (merge_dims(with_rank(predictions, 2)[0], with_rank(targets, 1)[0]),)

    def forward(self, np: Any, predictions: Any, targets: Any) -> Any:
        return _in_top(np, predictions, targets, self.k)


class InTopKV2(Op):
    """Whether the prediction for the target class is among the `k` largest of its row."""

    inputs, outputs = ("predictions: float32", "targets: T", "k: T"), ("precision: bool",)
    T: DType = attr(INT32, INT64, default=INT32)

    def infer(self, predictions: Shape, targets: Shape, k: Shape) -> Shape:
        return (merge_dims(with_rank(predictions, 2)[0], with_rank(targets, 1)[0]),)

    def forward(self, np: Any, predictions: Any, targets: Any, k: Any) -> Any:
        return _in_top(np, predictions, targets, int(k))


_FIRST_CLASSES = 64


def _in_top(np: Any, predictions: Any, targets: Any, k: int) -> Any:
    if predictions.ndim != 2:
        raise errors.InvalidArgumentError(None, None, "predictions must be 2-dimensional")
    if targets.ndim != 1:
        raise errors.InvalidArgumentError(None, None, "targets must be 1-dimensional")
    if len(predictions) != len(targets):
        raise errors.InvalidArgumentError(
            None,
            None,
            f"First dimension of predictions {len(predictions)} must match length of targets "
            f"{len(targets)}",
        )
    classes = predictions.shape[1]
    known = (targets >= 0) & (targets < classes)
    chosen = np.where(known, targets, 0)[:, None]
    own = np.take_along_axis(predictions, chosen, 1)
    if classes < 4 * _FIRST_CLASSES:
        return known & _has_fewer_larger(np, predictions, own, k)
    # In most rows of wrong predictions k of the first few classes are larger already.
    some = predictions[:, :_FIRST_CLASSES] > own
    found = known & (_row_sums(np, some) < k)
    left = np.flatnonzero(found)
    if len(left) < len(found):
        predictions, own = predictions[left], own[left]
    found[left] = _has_fewer_larger(np, predictions, own, k)
    return found


def _has_fewer_larger(np: Any, predictions: Any, own: Any, k: int) -> Any:
    """Whether fewer than `k` numbers of each row exceed its own."""
    # Where a number of the row is not finite there is no telling, and the answer is no. Then the
    # row's sum is not finite either; it may also have overflowed.
    finite = np.isfinite(_row_sums(np, predictions))
    if not finite.all():
        finite[~finite] = np.isfinite(predictions[~finite]).all(1)
    return finite & (_row_sums(np, predictions > own) < k)


def _row_sums(np: Any, rows: Any) -> Any:
    # Products with ones add up faster than sums do, those of truth values above all.
    return rows.astype(np.float32, copy=False) @ np.ones(rows.shape[1], np.float32)


@export("nn.in_top_k", "math.in_top_k")
def in_top_k(predictions: Any, targets: Any, k: Any, name: str | None = None) -> Tensor:
    """Whether the prediction for the target class is among the `k` largest of its row.

    `predictions` is [batch, classes], `targets` [batch] of int32 or int64; the result is bool
    [batch], False where a target is out of range or a prediction not finite. Ties are in. Raises
    ValueError where the shapes do not fit.
    """
    with name_scope(name, "in_top_k"):
        return raw.InTopKV2(predictions, targets, k, name=name)


@export("sort", "contrib.framework.sort")
def sort(
    values: Any, axis: int = -1, direction: str = "ASCENDING", name: str | None = None
) -> Tensor:
    """The elements along `axis` in order, "ASCENDING" or "DESCENDING".

    Raises ValueError on another direction or an axis that is not a number.
    """
    with name_scope(name, "sort"):
        return _sorted(values, axis, direction, False)


@export("argsort", "contrib.framework.argsort")
def argsort(
    values: Any,
    axis: int = -1,
    direction: str = "ASCENDING",
    stable: bool = False,
    name: str | None = None,
) -> Tensor:
    """The places, int32, that would put the elements along `axis` in order.

    Of equal elements the first comes first; `stable` changes nothing. Raises ValueError as `sort`.
    """
    del stable
    with name_scope(name, "argsort"):
        return _sorted(values, axis, direction, True)


def _sorted(values: Any, axis: Any, direction: str, places: bool) -> Tensor:
    if direction not in ("ASCENDING", "DESCENDING"):
        raise ValueError(f"{direction} should be one of ASCENDING, DESCENDING")
    known = constant_value(convert_to_tensor(axis, name="axis"))
    if known is None or known.ndim:
        raise ValueError("axis must be a constant scalar")
    values = convert_to_tensor(values, name="values")
    if direction == "DESCENDING":
        return _in_descending_order(values, int(known), places)
    result = _in_descending_order(-values, int(known), places)
    return result if places else -result


def _in_descending_order(values: Tensor, axis: Any, places: bool) -> Tensor:
    count = shape_tensor(values)[axis]
    rank = rank_tensor(values)
    known_rank = values._rank
    if axis == -1 or axis + 1 == known_rank:
        top = top_k(values, count)
        return top.indices if places else top.values
    if axis < 0:
        axis = axis + (known_rank or rank)
    order: Tensor
    if known_rank is not None:
        exchanged = list(builtins.range(known_rank))
        exchanged[axis], exchanged[-1] = known_rank - 1, axis
        order = constant(exchanged, dtype=dtypes.int64, name="transposition")
    else:
        first, last = range_of_numbers(axis), rank - 1
        between = range_of_numbers(axis + 1, rank - 1)
        order = raw.ConcatV2([first, [last], between, [axis]], 0, name="concat")
    top = top_k(transpose(values, order), count)
    return transpose(top.indices if places else top.values, order)
