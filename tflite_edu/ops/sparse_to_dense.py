"""A dense tensor from the positions and values of some of its elements."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import errors, raw
from tflite_edu.core.dtypes import INT32, INT64, DType
from tflite_edu.core.export import export
from tflite_edu.core.inference import format_shape
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.constants import zeros_like
from tflite_edu.ops.gathering import gather_nd
from tflite_edu.ops.random_ops import checked_dimensions
from tflite_edu.ops.reductions import reduce_sum


class SparseToDense(Op):
    """A tensor with given values at given positions and one value everywhere else."""

    inputs = (
        "sparse_indices: Tindices",
        "output_shape: Tindices",
        "sparse_values: T",
        "default_value: T",
    )
    outputs = ("dense: T",)
    infer_from = {"output_shape": "partial"}
    validate_indices: bool = True
    T: DType
    Tindices: DType = attr(INT32, INT64)

    def infer(
        self, sparse_indices: Shape, output_shape: Shape, sparse_values: Shape, default_value: Shape
    ) -> Shape:
        return output_shape

    def forward(
        self,
        np: Any,
        sparse_indices: Any,
        output_shape: Any,
        sparse_values: Any,
        default_value: Any,
    ) -> Any:
        shape = self._checked_shape(np, sparse_indices, output_shape, sparse_values, default_value)
        rank = len(shape)
        positions = sparse_indices.reshape(np.size(sparse_indices) // rank if rank else 0, rank)
        if self.validate_indices:
            check_order(np, positions, shape)
        elif ((positions < 0) | (positions >= np.array(shape))).any():
            raise errors.InvalidArgumentError(
                None, None, f"Indices are not valid (out of bounds).  Shape: {format_shape(shape)}"
            )
        dense = np.empty(shape, self.T.as_numpy_dtype)
        dense[...] = default_value
        dense[tuple(positions.T)] = sparse_values
        return dense

    def _checked_shape(
        self, np: Any, indices: Any, output_shape: Any, values: Any, default: Any
    ) -> tuple[int, ...]:
        def refuse(message: str) -> None:
            raise errors.InvalidArgumentError(None, None, message)

        if np.ndim(indices) > 2:
            refuse(
                "sparse_indices should be a scalar, vector, or matrix, got shape "
                f"{format_shape(indices.shape)}"
            )
        count = np.shape(indices)[0] if np.ndim(indices) else 1
        rank = indices.shape[1] if np.ndim(indices) == 2 else 1
        if np.ndim(output_shape) != 1:
            refuse(f"output_shape should be a vector, got shape {format_shape(output_shape.shape)}")
        if len(output_shape) != rank:
            refuse(
                f"output_shape has incorrect number of elements: {len(output_shape)} "
                f"should be: {rank}"
            )
        if np.ndim(values) and np.shape(values) != (count,):
            refuse(
                f"sparse_values has incorrect shape {format_shape(values.shape)}, "
                f"should be [] or [{count}]"
            )
        if np.ndim(default):
            refuse("default_value should be a scalar.")
        return checked_dimensions(output_shape)

    def backward(self, op: Any, ddense: Tensor) -> list[Any]:
        sparse_indices, output_shape, _, _ = op.inputs
        dvalues = gather_nd(ddense, sparse_indices)
        ddefault = reduce_sum(ddense) - reduce_sum(dvalues)
        return [zeros_like(sparse_indices), zeros_like(output_shape), dvalues, ddefault]


def check_order(np: Any, positions: Any, shape: tuple[int, ...]) -> None:
    """Raises InvalidArgumentError at the first position outside, out of order or repeated."""
    outside = ((positions < 0) | (positions >= np.array(shape))).any(axis=1)
    before, after = positions[:-1], positions[1:]
    differs = before != after
    repeated = np.concatenate([[False], ~differs.any(axis=1)])[: len(positions)]
    # The first axis in which two neighbours differ says which comes first.
    axis = differs.argmax(axis=1)[:, None] if differs.size else np.zeros((len(before), 1), np.int64)
    falls = (np.take_along_axis(before, axis, 1) > np.take_along_axis(after, axis, 1))[:, 0]
    falls = np.concatenate([[False], falls])[: len(positions)]
    wrong = np.flatnonzero(outside | repeated | falls)
    if not wrong.size:
        return
    place = int(wrong[0])
    if outside[place]:
        problem = f" is out of bounds: need 0 <= index < {format_shape(shape)}"
    elif repeated[place]:
        problem = " is repeated"
    else:
        problem = " is out of order. Many sparse ops require sorted indices."
    listed = format_shape(tuple(positions[place].tolist()))
    raise errors.InvalidArgumentError(None, None, f"indices[{place}] = {listed}{problem}")


@export("sparse_to_dense")
def sparse_to_dense(
    sparse_indices: Any,
    output_shape: Any,
    sparse_values: Any,
    default_value: Any = 0,
    validate_indices: bool = True,
    name: str | None = None,
) -> Tensor:
    """A tensor of `output_shape` with `sparse_values` at positions and `default_value` elsewhere.

    Args:
      sparse_indices: int32 or int64; [count, rank] positions, or [count] or a scalar where the
        tensor has one axis.
      output_shape: [rank], of the same dtype.
      sparse_values: [count], or a scalar for all positions.
      default_value: a scalar.
      validate_indices: whether positions must be in order, none of them twice; else, of values for
        one position the last one counts.

    In a run, raises InvalidArgumentError where they are not, where a position is outside, or where
    the shapes do not fit.
    """
    return raw.SparseToDense(
        sparse_indices,
        output_shape,
        sparse_values,
        default_value,
        validate_indices=validate_indices,
        name=name,
    )
