"""Where along an axis the greatest or the least element stands."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import dtypes, errors, raw
from tflite_edu.core.dtypes import INT32, INT64, NUMERIC, DType
from tflite_edu.core.export import export
from tflite_edu.core.inference import ShapeError, format_shape
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor


class _ArgExtremum(Op, abstract=True):
    inputs, outputs = ("input: T", "dimension: Tidx"), ("output: output_type",)
    infer_from = {"dimension": "value"}
    value_shapes = {"dimension": ()}
    T: DType = attr(*NUMERIC)
    Tidx: DType = attr(INT32, INT64, default=INT32)
    output_type: DType = attr(INT32, INT64, default=INT64)

    def infer(self, input: Shape, dimension: Any) -> Shape:
        if input is None:
            return None
        rank = len(input)
        if rank <= 1:
            # The axis of a vector is 0, so the result is a scalar whatever the value.
            return ()
        if dimension is None:
            return (None,) * (rank - 1)
        if not -rank <= dimension < rank:
            raise ShapeError(
                f"Dimension ({dimension}) must be in the range [{-rank}, {rank}), where {rank} is "
                "the number of dimensions in the input."
            )
        axis = int(dimension) % rank
        return input[:axis] + input[axis + 1 :]

    def backward(self, op: Any, gradient: Tensor) -> Any:
        return None, None

    def axis(self, np: Any, input: Any, dimension: Any) -> int:
        """The axis, counted from the front."""
        rank = np.ndim(input)
        if not -rank <= dimension < rank:
            raise errors.InvalidArgumentError(
                None,
                None,
                f"Expected dimension in the range [{-rank}, {rank}), but got {dimension}",
            )
        axis = int(dimension) % rank
        if input.shape[axis] == 0:
            raise errors.InvalidArgumentError(
                None, None, f"Reduction axis {axis} is empty in shape {format_shape(input.shape)}"
            )
        return axis

    def find(self, np: Any, input: Any, axis: int, search: Any, worst: float) -> Any:
        """The place of the extreme, which is never NaN while there are numbers."""
        found = search(input, axis)
        if self.T.is_floating:
            extreme = np.take_along_axis(input, np.expand_dims(found, axis), axis)
            if np.isnan(extreme).any():
                return search(np.where(np.isnan(input), input.dtype.type(worst), input), axis)
        return found


class ArgMax(_ArgExtremum):
    """Where along an axis the greatest element stands; of several the first."""

    def forward(self, np: Any, input: Any, dimension: Any) -> Any:
        axis = self.axis(np, input, dimension)
        found = self.find(np, input, axis, np.argmax, -np.inf)
        return np.asarray(found, self.output_type.as_numpy_dtype)


@export("math.argmax", "argmax")
def argmax(
    input: Any,
    axis: Any = None,
    name: str | None = None,
    dimension: Any = None,
    output_type: Any = dtypes.int64,
) -> Tensor:
    """Where along `axis` (default 0) the greatest element stands; of several the first.

    Args:
      input: real numbers.
      axis: in [-rank, rank); `dimension` is its older name.
      output_type: int32 or int64.

    Returns:
      The shape of `input` without the axis.

    Raises:
      ValueError: the axis is out of range, or given by both names.
    """
    return raw.ArgMax(input, _axis(axis, dimension), output_type=output_type, name=name)


def _axis(axis: Any, dimension: Any) -> Any:
    if dimension is not None:
        if axis is not None:
            raise ValueError("Cannot specify both 'dimension' and 'axis'")
        return dimension
    return 0 if axis is None else axis


@export("arg_max")
def arg_max(
    input: Any, dimension: Any, output_type: Any = dtypes.int64, name: str | None = None
) -> Tensor:
    """`argmax` with its arguments in the old order."""
    return raw.ArgMax(input, dimension, output_type=output_type, name=name)


class ArgMin(_ArgExtremum):
    """Where along an axis the least element stands; of several the first."""

    def forward(self, np: Any, input: Any, dimension: Any) -> Any:
        axis = self.axis(np, input, dimension)
        found = self.find(np, input, axis, np.argmin, np.inf)
        return np.asarray(found, self.output_type.as_numpy_dtype)


@export("math.argmin", "argmin")
def argmin(
    input: Any,
    axis: Any = None,
    name: str | None = None,
    dimension: Any = None,
    output_type: Any = dtypes.int64,
) -> Tensor:
    """Where along `axis` (default 0) the least element stands; of several the first.

    Arguments, result and errors are those of `argmax`.
    """
    return raw.ArgMin(input, _axis(axis, dimension), output_type=output_type, name=name)


@export("arg_min")
def arg_min(
    input: Any, dimension: Any, output_type: Any = dtypes.int64, name: str | None = None
) -> Tensor:
    """`argmin` with its arguments in the old order."""
    return raw.ArgMin(input, dimension, output_type=output_type, name=name)
