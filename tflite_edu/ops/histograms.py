"""How often values occur: by value, and by bins of equal width."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import dtypes, raw
from tflite_edu.core.constant import constant
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import DOUBLE, FLOAT, INT32, INT64, DType
from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.core.export import export
from tflite_edu.core.inference import ShapeError, with_rank, with_value
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.casting import cast
from tflite_edu.ops.reductions import reduce_max, reduce_prod
from tflite_edu.ops.shapes_of_tensors import shape


class HistogramFixedWidth(Op):
    """How many values fall into each of so many bins of equal width.

    What lies outside the range counts to the first or last bin.
    """

    inputs = ("values: T", "value_range: T", "nbins: int32")
    outputs = ("out: dtype",)
    infer_from = {"nbins": "value"}
    value_shapes = {"nbins": ()}
    T: DType = attr(INT32, INT64, FLOAT, DOUBLE)
    dtype: DType = attr(INT32, INT64, default=INT32)

    def infer(self, values: Shape, value_range: Shape, nbins: Any) -> Shape:
        with_value(with_rank(value_range, 1)[0], 2)
        if nbins is not None:
            with_rank(nbins.shape, 0)
        if nbins is None:
            return (None,)
        if nbins <= 0:
            raise ShapeError(f"Requires nbins > 0: {nbins}")
        return (int(nbins),)

    def forward(self, np: Any, values: Any, value_range: Any, nbins: Any) -> Any:
        if value_range.ndim != 1:
            raise InvalidArgumentError(None, None, "value_range should be a vector.")
        if value_range.size != 2:
            raise InvalidArgumentError(None, None, "value_range should be a vector of 2 elements.")
        if nbins.ndim:
            raise InvalidArgumentError(None, None, "nbins should be a scalar.")
        low, high = value_range.tolist()
        if low >= high:
            listed = ", ".join(f"{bound:g}" for bound in (low, high))
            raise InvalidArgumentError(
                None,
                None,
                f"value_range should satisfy value_range[0] < value_range[1], but got '[{listed}]'",
            )
        if nbins <= 0:
            raise InvalidArgumentError(
                None, None, f"nbins should be a positive number, but got '{nbins}'"
            )
        step = (high - low) / int(nbins)
        places = np.floor((values.ravel().astype(np.float64) - low) / step)
        # NaN belongs nowhere; TensorFlow crashes on it.
        places = np.clip(places[~np.isnan(places)], 0, nbins - 1).astype(np.int64)
        return np.bincount(places, minlength=int(nbins)).astype(self.dtype.as_numpy_dtype)


@export("histogram_fixed_width")
def histogram_fixed_width(
    values: Any,
    value_range: Any,
    nbins: Any = 100,
    dtype: Any = dtypes.int32,
    name: str | None = None,
) -> Tensor:
    """How many values fall into each of `nbins` bins of equal width: `[nbins]`.

    `value_range` is `[2]`, of the values' dtype; what lies outside counts to the first or last bin.
    Raises InvalidArgumentError in a run where the range is empty, ValueError where `nbins` is known
    to be 0 or less.
    """
    with name_scope(name, "histogram_fixed_width", [values, value_range, nbins]) as scope:
        return raw.HistogramFixedWidth(values, value_range, nbins, dtype=dtype, name=scope)


class Bincount(Op):
    """How often each of 0, 1, ..., size - 1 occurs, or the sum of its weights."""

    inputs = ("arr: int32", "size: int32", "weights: T")
    outputs = ("bins: T",)
    infer_from = {"size": "value"}
    value_shapes = {"size": ()}
    T: DType = attr(INT32, INT64, FLOAT, DOUBLE)

    def infer(self, arr: Shape, size: Any, weights: Shape) -> Shape:
        if size is None:
            return (None,)
        if size.ndim:
            raise ShapeError(f"Shape must be rank 0 but is rank {size.ndim}")
        if size < 0:
            raise ShapeError(f"size ({size}) must be non-negative")
        return (int(size),)

    def forward(self, np: Any, arr: Any, size: Any, weights: Any) -> Any:
        if size < 0:
            raise InvalidArgumentError(None, None, f"size ({size}) must be non-negative")
        if (arr < 0).any():
            raise InvalidArgumentError(None, None, "Input arr must be non-negative!")
        if weights.size and weights.size != arr.size:
            raise InvalidArgumentError(
                None, None, "weights must have as many elements as arr, or none"
            )
        flat = arr.ravel()
        inside = flat < size
        if not weights.size:
            counts = np.bincount(flat[inside], minlength=int(size))
        else:
            counts = np.zeros(int(size), weights.dtype)
            np.add.at(counts, flat[inside], weights.ravel()[inside])
        return counts.astype(weights.dtype)


@export("math.bincount", "bincount")
def bincount(
    arr: Any,
    weights: Any = None,
    minlength: Any = None,
    maxlength: Any = None,
    dtype: Any = dtypes.int32,
) -> Tensor:
    """How often each of 0, 1, ..., the greatest number occurs in `arr`, of int32.

    With `weights`, of the shape of `arr`, their sums, of their dtype; else counts of `dtype`. The
    result has `minlength` elements at least and `maxlength` at most. Raises InvalidArgumentError in
    a run with a negative number.
    """
    with name_scope(None, "bincount"):
        arr = convert_to_tensor(arr, dtypes.int32, name="arr")
        any_there = reduce_prod(shape(arr)) > 0
        length = cast(any_there, dtypes.int32) * (reduce_max(arr) + 1)
        if minlength is not None:
            minlength = convert_to_tensor(minlength, dtypes.int32, name="minlength")
            length = raw.Maximum(minlength, length)
        if maxlength is not None:
            maxlength = convert_to_tensor(maxlength, dtypes.int32, name="maxlength")
            length = raw.Minimum(maxlength, length)
        if weights is not None:
            weights = convert_to_tensor(weights, name="weights")
            return raw.UnsortedSegmentSum(weights, arr, length)
        return raw.Bincount(arr, length, constant([], dtype=dtypes.as_dtype(dtype)))
