"""Statistics made of reductions: variance, log-sum-exp, counts."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import dtypes, raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.casting import cast
from tflite_edu.ops.constants import zeros, zeros_like
from tflite_edu.ops.reductions import one_of, reduce_max, reduce_mean, reduce_sum
from tflite_edu.ops.shapes_of_tensors import shape


@export("math.reduce_variance")
def reduce_variance(
    input_tensor: Any, axis: Any = None, keepdims: Any = False, name: str | None = None
) -> Tensor:
    """The variance over some axes: the mean of the squared distance from the mean.

    Arguments and errors are those of `reduce_sum`.
    """
    with name_scope(name or "reduce_variance"):
        means = reduce_mean(input_tensor, axis=axis, keepdims=True)
        distances = raw.Square(input_tensor - means)
        return reduce_mean(distances, axis=axis, keepdims=keepdims)


@export("math.reduce_std")
def reduce_std(
    input_tensor: Any, axis: Any = None, keepdims: Any = False, name: str | None = None
) -> Tensor:
    """The standard deviation over some axes: the square root of the variance.

    Arguments and errors are those of `reduce_sum`.
    """
    with name_scope(name or "reduce_std"):
        return raw.Sqrt(reduce_variance(input_tensor, axis=axis, keepdims=keepdims))


@export("math.reduce_logsumexp", "reduce_logsumexp")
def reduce_logsumexp(
    input_tensor: Any,
    axis: Any = None,
    keepdims: Any = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: Any = None,
) -> Tensor:
    """`log(sum(exp(x)))` over some axes, without overflow: the greatest element is set apart.

    Arguments and errors are those of `reduce_sum`; floating numbers only.
    """
    axis = one_of("axis", axis, "reduction_indices", reduction_indices)
    keepdims = bool(one_of("keepdims", keepdims, "keep_dims", keep_dims))
    input_tensor = convert_to_tensor(input_tensor)
    with name_scope(name, "ReduceLogSumExp", [input_tensor]):
        greatest = reduce_max(input_tensor, axis=axis, keepdims=True)
        finite = raw.Select(raw.IsFinite(greatest), greatest, zeros_like(greatest))
        greatest = raw.StopGradient(finite)
        rest = raw.Log(
            reduce_sum(raw.Exp(raw.Sub(input_tensor, greatest)), axis=axis, keepdims=keepdims)
        )
        if not keepdims:
            greatest = raw.Reshape(greatest, shape(rest))
        return raw.Add(rest, greatest)


@export("math.count_nonzero", "count_nonzero")
def count_nonzero(
    input_tensor: Any = None,
    axis: Any = None,
    keepdims: Any = None,
    dtype: Any = dtypes.int64,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: Any = None,
    input: Any = None,
) -> Tensor:
    """How many elements over some axes are not zero (not False, not the empty string).

    Args:
      input_tensor: numbers, booleans or strings; `input` is a newer name.
      dtype: of the count.

    The other arguments and the errors are those of `reduce_sum`.
    """
    keepdims = one_of("keepdims", keepdims, "keep_dims", keep_dims)
    input_tensor = one_of("input", input, "input_tensor", input_tensor)
    axis = one_of("axis", axis, "reduction_indices", reduction_indices)
    keepdims = bool(keepdims)
    with name_scope(name, "count_nonzero", [input_tensor]):
        x = convert_to_tensor(input_tensor, name="input")
        nothing = zeros([], dtype=x.dtype.base_dtype)
        counts = cast(raw.NotEqual(x, nothing), dtypes.int64)
        return cast(reduce_sum(counts, axis=axis, keepdims=keepdims), dtype)
