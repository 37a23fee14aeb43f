"""Mean and variance of a tensor over some axes, plain, weighted and gathered in steps."""

from __future__ import annotations

from typing import Any

from tflite_edu.core.constant import constant
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import FLOAT, HALF
from tflite_edu.core.export import export
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.arithmetic import add, multiply, squared_difference, subtract
from tflite_edu.ops.casting import cast
from tflite_edu.ops.constants import zeros_like
from tflite_edu.ops.gathering import gather
from tflite_edu.ops.identity import stop_gradient
from tflite_edu.ops.powers import reciprocal, square
from tflite_edu.ops.reductions import reduce_mean, reduce_prod, reduce_sum
from tflite_edu.ops.reshaping import squeeze
from tflite_edu.ops.shapes_of_tensors import shape


def _kept(keepdims: bool | None, keep_dims: bool | None) -> bool:
    if keep_dims is not None:
        if keepdims is not None:
            raise ValueError("Cannot specify both 'keep_dims' and 'keepdims'")
        keepdims = keep_dims
    return bool(keepdims)


@export("nn.moments")
def moments(
    x: Tensor,
    axes: Any,
    shift: Any = None,
    name: str | None = None,
    keep_dims: bool | None = None,
    keepdims: bool | None = None,
) -> tuple[Tensor, Tensor]:
    """The mean of `x` over `axes`, and the mean of its squared distance from that.

    Args:
      x: float16 (computed as float32), float32 or float64.
      axes: those that are averaged over; for batch normalization [0], after a convolution
        [0, 1, 2].
      shift: has no effect.
      keepdims: whether the reduced axes stay, with one element. `keep_dims` is the old name.

    The gradient of the variance takes the mean for a constant, which changes nothing.
    """
    keep = _kept(keepdims, keep_dims)
    with name_scope(name, "moments", [x, axes]):
        y = cast(x, FLOAT) if x.dtype == HALF else x
        mean = reduce_mean(y, axes, keepdims=True, name="mean")
        distances = squared_difference(y, stop_gradient(mean))
        variance = reduce_mean(distances, axes, keepdims=True, name="variance")
        if not keep:
            mean, variance = squeeze(mean, axes), squeeze(variance, axes)
        if x.dtype == HALF:
            return cast(mean, HALF), cast(variance, HALF)
        return mean, variance


@export("nn.weighted_moments")
def weighted_moments(
    x: Any,
    axes: Any,
    frequency_weights: Any,
    name: str | None = None,
    keep_dims: bool | None = None,
    keepdims: bool | None = None,
) -> tuple[Tensor, Tensor]:
    """`moments` where each element of `x` counts as often as its weight says.

    Args:
      x: float16 (computed as float32), float32 or float64.
      axes: those that are averaged over.
      frequency_weights: not negative; broadcast with `x`.
      keepdims: whether the reduced axes stay, with one element. `keep_dims` is the old name.
    """
    keep = _kept(keepdims, keep_dims)
    with name_scope(name, "weighted_moments", [x, frequency_weights, axes]):
        x = convert_to_tensor(x, name="x")
        weights = convert_to_tensor(frequency_weights, name="frequency_weights")
        is_half = x.dtype == HALF
        if is_half:
            x = cast(x, FLOAT)
        if weights.dtype != x.dtype:
            weights = cast(weights, x.dtype)
        total = reduce_sum(weights * x, axes, name="weighted_input_sum", keepdims=True)
        every_weight = weights + zeros_like(x)
        total_weight = reduce_sum(every_weight, axes, name="sum_of_weights", keepdims=True)
        divisor = reciprocal(total_weight, name="inv_weight_sum")
        mean = multiply(total, divisor)
        distances = weights * squared_difference(x, mean)
        total_distance = reduce_sum(distances, axes, name="weighted_distsq", keepdims=True)
        variance = multiply(total_distance, divisor)
        if not keep:
            mean, variance = squeeze(mean, axis=axes), squeeze(variance, axis=axes)
        if is_half:
            return cast(mean, HALF), cast(variance, HALF)
        return mean, variance


@export("nn.sufficient_statistics")
def sufficient_statistics(
    x: Any,
    axes: Any,
    shift: Any = None,
    keep_dims: bool | None = None,
    name: str | None = None,
    keepdims: bool | None = None,
) -> tuple[Tensor, Tensor, Tensor, Any]:
    """What `normalize_moments` makes mean and variance from; those of several batches add up.

    Args:
      x: of a floating dtype.
      axes: a list of those that are summed over.
      shift: near the mean, taken away before squaring for the sake of precision; None is 0.
      keepdims: whether the reduced axes stay, with one element. `keep_dims` is the old name.

    Returns the number of elements (a scalar of x's dtype), their sum, the sum of their squares,
    and `shift` as a tensor or None.
    """
    keep = _kept(keepdims, keep_dims)
    axes = list(set(axes))
    with name_scope(name, "sufficient_statistics", [x, shift]):
        x = convert_to_tensor(x, name="x")
        known = x._shape
        if known is not None and all(known[axis] is not None for axis in axes):
            number = 1
            for axis in axes:
                number *= known[axis] or 0
            count = constant(number, dtype=x.dtype)
        else:
            sizes = gather(cast(shape(x), x.dtype), axes)
            count = reduce_prod(sizes, name="count")
        if shift is not None:
            shift = convert_to_tensor(shift, name="shift")
            values, squares = subtract(x, shift), squared_difference(x, shift)
        else:
            values, squares = x, square(x)
        total = reduce_sum(values, axes, keepdims=keep, name="mean_ss")
        total_squares = reduce_sum(squares, axes, keepdims=keep, name="var_ss")
        return count, total, total_squares, shift


@export("nn.normalize_moments")
def normalize_moments(
    counts: Any, mean_ss: Any, variance_ss: Any, shift: Any, name: str | None = None
) -> tuple[Tensor, Tensor]:
    """Mean and variance from the results of `sufficient_statistics`."""
    with name_scope(name, "normalize", [counts, mean_ss, variance_ss, shift]):
        divisor = reciprocal(counts, name="divisor")
        if shift is not None:
            from_shift = multiply(mean_ss, divisor, name="shifted_mean")
            mean = add(from_shift, shift, name="mean")
        else:
            mean = from_shift = multiply(mean_ss, divisor, name="mean")
        mean_square = multiply(variance_ss, divisor)
        return mean, subtract(mean_square, square(from_shift), name="variance")
