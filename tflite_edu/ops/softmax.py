"""Softmax and its logarithm along one axis."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tflite_edu.core import errors, raw
from tflite_edu.core.constant_value import constant_value
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import BFLOAT16, DOUBLE, FLOAT, HALF, DType
from tflite_edu.core.export import export
from tflite_edu.core.inference import with_rank_at_least
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.arithmetic import subtract
from tflite_edu.ops.comparison import less
from tflite_edu.ops.exponential import exp
from tflite_edu.ops.joining import concat
from tflite_edu.ops.permuting import transpose
from tflite_edu.ops.ranges import range as range_
from tflite_edu.ops.reductions import reduce_sum
from tflite_edu.ops.selection import where
from tflite_edu.ops.shapes_of_tensors import rank


def exponentials(np: Any, logits: Any) -> tuple[Any, Any, Any]:
    """Logits less the largest of their row, e to the power of these, and its sum over the row.

    `logits` is [..., classes]; the largest exponent of a row is 0, so that none overflows. Sum:
    [..., 1].
    """
    shifted = logits - logits.max(axis=-1, keepdims=True, initial=-np.inf)
    powers = np.exp(shifted)
    return shifted, powers, powers.sum(axis=-1, keepdims=True, dtype=logits.dtype)


class _OfRows(Op, abstract=True):
    def infer(self, logits: Shape) -> Shape:
        return with_rank_at_least(logits, 1)


def _check_rank(np: Any, logits: Any) -> None:
    if np.ndim(logits) == 0:
        raise errors.InvalidArgumentError(None, None, "logits must have >= 1 dimension, got []")


class Softmax(_OfRows):
    """exp(x) / sum(exp(x)) along the last axis."""

    inputs, outputs = ("logits: T",), ("softmax: T",)
    T: DType = attr(HALF, BFLOAT16, FLOAT, DOUBLE)

    def forward(self, np: Any, logits: Any) -> Any:
        _check_rank(np, logits)
        _, powers, total = exponentials(np, logits)
        return np.divide(powers, total, out=powers)

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        softmax = op.outputs[0]
        total = reduce_sum(gradient * softmax, -1, keepdims=True)
        return (gradient - total) * softmax


@export("math.softmax", "nn.softmax")
def softmax(logits: Any, axis: Any = None, name: str | None = None, dim: Any = None) -> Tensor:
    """`exp(logits) / sum(exp(logits))` along `axis`, the last one where it is left out.

    Args:
      logits: of rank 1 or more; float16, float32 or float64.
      axis: in [-rank, rank).
      dim: the old name of `axis`.

    Raises InvalidArgumentError where there is no such axis, ValueError where `axis` and `dim` are
    both given.
    """
    return _along(logits, raw.Softmax, last_axis_if_none(axis, dim), name)


class LogSoftmax(_OfRows):
    """x - log(sum(exp(x))) along the last axis."""

    inputs, outputs = ("logits: T",), ("logsoftmax: T",)
    T: DType = attr(HALF, BFLOAT16, FLOAT, DOUBLE)

    def forward(self, np: Any, logits: Any) -> Any:
        _check_rank(np, logits)
        shifted, _, total = exponentials(np, logits)
        return np.subtract(shifted, np.log(total), out=shifted)

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        probabilities = exp(op.outputs[0])
        return gradient - reduce_sum(gradient, -1, keepdims=True) * probabilities


@export("math.log_softmax", "nn.log_softmax")
def log_softmax(logits: Any, axis: Any = None, name: str | None = None, dim: Any = None) -> Tensor:
    """`logits - log(sum(exp(logits)))` along `axis`, the last one where it is left out.

    Args:
      logits: of rank 1 or more; float16, float32 or float64.
      axis: in [-rank, rank).
      dim: the old name of `axis`.

    Raises InvalidArgumentError where there is no such axis, ValueError where `axis` and `dim` are
    both given.
    """
    return _along(logits, raw.LogSoftmax, last_axis_if_none(axis, dim), name)


def last_axis_if_none(axis: Any, dim: Any) -> Any:
    """The axis that a wrapper was asked for by its new or its old name; -1 where by neither."""
    if dim is not None:
        if axis is not None:
            raise ValueError("Cannot specify both 'dim' and 'axis'")
        axis = dim
    return -1 if axis is None else axis


def _along(logits: Any, compute: Callable[..., Tensor], axis: Any, name: str | None) -> Tensor:
    """Computes along the last axis, with which `axis` changes places before and after."""
    logits = convert_to_tensor(logits)
    shape = logits.shape
    is_tensor = isinstance(axis, Tensor)
    if not is_tensor and (axis == -1 or axis == shape.ndims - 1):
        return compute(logits, name=name)
    known = constant_value(axis) if is_tensor else axis
    if known is not None and not -shape.ndims <= known < shape.ndims:
        raise errors.InvalidArgumentError(
            None,
            None,
            f"Dimension ({known}) must be in the range [{-shape.ndims}, {shape.ndims}) where "
            f"{shape.ndims} is the number of dimensions in the input.",
        )
    dimensions = rank(logits)
    if is_tensor:
        axis = where(less(axis, 0), axis + dimensions, axis)
    elif axis < 0:
        axis = axis + dimensions
    dimensions = rank(logits)
    axis = axis % shape.ndims
    swapped = _swapped(logits, axis, subtract(dimensions, 1))
    result = _swapped(compute(swapped), axis, subtract(dimensions, 1), name)
    result.set_shape(shape)
    return result


def _swapped(tensor: Tensor, axis: Any, last: Tensor, name: str | None = None) -> Tensor:
    order = concat([range_(axis), [last], range_(axis + 1, last), [axis]], 0)
    return transpose(tensor, order, name=name or "transpose")
