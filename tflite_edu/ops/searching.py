"""Where numbers belong in sorted rows, and where flat indices point to."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import dtypes, raw
from tflite_edu.core.dtypes import INT32, INT64, DType
from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.core.export import export
from tflite_edu.core.inference import with_rank
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.reshaping import reshape
from tflite_edu.ops.shapes_of_tensors import shape


class _Bound(Op, abstract=True):
    """Where in a sorted row each value belongs, row by row."""

    inputs, outputs = ("sorted_inputs: T", "values: T"), ("output: out_type",)
    T: DType
    out_type: DType = attr(INT32, INT64, default=INT32)

    def infer(self, sorted_inputs: Shape, values: Shape) -> Shape:
        with_rank(sorted_inputs, 2)
        return values if values is None else with_rank(values, 2)

    def found(self, np: Any, sorted_inputs: Any, values: Any, side: str) -> Any:
        """The places, all before which are less than the value (or, "right", not greater)."""
        if len(sorted_inputs) != len(values):
            raise InvalidArgumentError(None, None, "Leading dim_size of both tensors must match.")
        result = np.empty(values.shape, self.out_type.as_numpy_dtype)
        # numpy searches one sorted row at a time.
        for row, wanted, places in zip(sorted_inputs, values, result, strict=True):
            places[:] = np.searchsorted(row, wanted, side)
        return result


class LowerBound(_Bound):
    """Where in a sorted row each value belongs, before what equals it."""

    def forward(self, np: Any, sorted_inputs: Any, values: Any) -> Any:
        return self.found(np, sorted_inputs, values, "left")


class UpperBound(_Bound):
    """Where in a sorted row each value belongs, behind what equals it."""

    def forward(self, np: Any, sorted_inputs: Any, values: Any) -> Any:
        return self.found(np, sorted_inputs, values, "right")


@export("searchsorted")
def searchsorted(
    sorted_sequence: Any,
    values: Any,
    side: str = "left",
    out_type: Any = dtypes.int32,
    name: str | None = None,
) -> Tensor:
    """Where values belong in sorted sequences: how many elements are less than each.

    Args:
      sorted_sequence: `[..., n]`, each row ascending.
      values: `[..., k]`, the outer sizes those of `sorted_sequence`.
      side: "left", or "right" to count the equal ones too.

    Returns `[..., k]` of int32 or int64. Raises ValueError on another `side`.
    """
    length, count = shape(sorted_sequence)[-1], shape(values)[-1]
    rows = reshape(sorted_sequence, [-1, length])
    wanted = reshape(values, [-1, count])
    if side not in ("left", "right"):
        raise ValueError(f"side must be either 'right' or 'left'.  Saw: {side}.")
    search = raw.LowerBound if side == "left" else raw.UpperBound
    return reshape(search(rows, wanted, out_type=out_type, name=name), shape(values))


class UnravelIndex(Op):
    """Flat indices as indices into a shape."""

    inputs, outputs = ("indices: Tidx", "dims: Tidx"), ("output: Tidx",)
    Tidx: DType = attr(INT32, INT64, default=INT32)
    backward = None

    def infer(self, indices: Shape, dims: Shape) -> Shape:
        (rank,) = with_rank(dims, 1)
        if indices is None:
            return None
        if not indices:
            return (rank,)
        count: int | None = 1
        for size in indices:
            count = None if count is None or size is None else count * size
        return (rank, count)

    def forward(self, np: Any, indices: Any, dims: Any) -> Any:
        if dims.ndim != 1:
            listed = ",".join(str(size) for size in dims.shape)
            raise InvalidArgumentError(None, None, f'The indices can only be 1-D, got "[{listed}]"')
        if indices.ndim > 1:
            listed = ",".join(str(size) for size in indices.shape)
            raise InvalidArgumentError(
                None, None, f'The indices can only be scalar or vector, got "[{listed}]"'
            )
        if (dims == 0).any():
            raise InvalidArgumentError(None, None, "Input dims cannot contain a dim of zero")
        # As TensorFlow divides: towards zero.
        steps = np.append(np.cumprod(dims[:0:-1], dtype=dims.dtype)[::-1], dims.dtype.type(1))
        steps = steps[: dims.size]
        column = (-1,) + (1,) * indices.ndim
        quotients = (indices - np.fmod(indices, steps.reshape(column))) // steps.reshape(column)
        return np.fmod(quotients, dims.reshape(column))


@export("unravel_index")
def unravel_index(indices: Any, dims: Any, name: str | None = None) -> Tensor:
    """Indices `[rank, n]` into a tensor of shape `dims` `[rank]` from flat ones `[n]`.

    A scalar gives `[rank]`. Raises InvalidArgumentError in a run where a size of `dims` is 0.
    """
    return raw.UnravelIndex(indices, dims, name=name)
