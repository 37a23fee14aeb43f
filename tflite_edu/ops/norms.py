"""Norms of vectors and matrices."""

from __future__ import annotations

import numbers
from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.arithmetic import pow as power
from tflite_edu.ops.complex_numbers import conj
from tflite_edu.ops.reductions import one_of, reduce_max, reduce_sum
from tflite_edu.ops.signs import abs as absolute

_INFINITY = float("inf")
_VECTOR_NORMS = ("euclidean", 1, 2, _INFINITY)
_MATRIX_NORMS = ("euclidean", "fro", 1, 2, _INFINITY)


@export("norm", "linalg.norm")
def norm(
    tensor: Any,
    ord: Any = "euclidean",
    axis: Any = None,
    keepdims: Any = None,
    name: str | None = None,
    keep_dims: Any = None,
) -> Tensor:
    """The norm of vectors or matrices, or of a whole tensor read as one vector.

    Args:
      tensor: floating or complex numbers.
      ord: of vectors "euclidean", 1, 2, infinity or any positive p: `sum(|x| ** p) ** (1 / p)`.
        Of matrices "euclidean" or "fro" (the root of the sum of squares), 1 (the greatest column
        sum) or infinity (the greatest row sum).
      axis: the axis of the vectors, or the two axes of the matrices, or None for the whole tensor.
      keepdims: whether the axes stay, with size 1; `keep_dims` is its older name.

    Raises:
      ValueError: `ord` or `axis` is none of these.
      NotImplementedError: `ord` is 2 for matrices, for which TensorFlow makes `tf.while_loop`s.
    """
    keepdims = bool(one_of("keepdims", keepdims, "keep_dims", keep_dims))
    of_matrices = isinstance(axis, (tuple, list)) and len(axis) == 2
    if of_matrices:
        axis = tuple(axis)
        if not all(isinstance(a, numbers.Integral) for a in axis) or axis[0] == axis[1]:
            raise ValueError("'axis' must be None, an integer, or a tuple of 2 unique integers")
        if ord not in _MATRIX_NORMS:
            raise ValueError(
                f"'ord' must be a supported matrix norm in {list(_MATRIX_NORMS)}, got {ord}"
            )
        if ord == 2:
            raise NotImplementedError("The 2-norm of matrices needs tf.while_loop.")
    else:
        if axis is not None and not isinstance(axis, numbers.Integral):
            raise ValueError("'axis' must be None, an integer, or a tuple of 2 unique integers")
        if ord not in _VECTOR_NORMS and not (isinstance(ord, (int, float)) and ord > 0):
            raise ValueError(f"'ord' must be a supported vector norm, got {ord}")
        axis = None if axis is None else (axis,)
    with name_scope(name, "norm", [tensor]):
        tensor = convert_to_tensor(tensor)
        result = _norm(tensor, ord, axis, of_matrices)
        return result if keepdims else raw.Squeeze(result, squeeze_dims=axis)


def _norm(tensor: Tensor, ord: Any, axis: Any, of_matrices: bool) -> Tensor:
    if ord in ("euclidean", "fro", 2):
        return raw.Sqrt(reduce_sum(tensor * conj(tensor), axis, keepdims=True))
    result = absolute(tensor)
    if ord == 1:
        result = reduce_sum(result, None if axis is None else axis[0], keepdims=True)
        return reduce_max(result, axis[-1], keepdims=True) if of_matrices else result
    if ord == _INFINITY:
        if of_matrices:
            result = reduce_sum(result, axis[1], keepdims=True)
        return reduce_max(result, None if axis is None else axis[0], keepdims=True)
    total = reduce_sum(power(result, ord), axis, keepdims=True)
    return power(total, 1.0 / ord)


@export("linalg.normalize")
def normalize(
    tensor: Any, ord: Any = "euclidean", axis: Any = None, name: str | None = None
) -> tuple[Tensor, Tensor]:
    """`tensor` divided by its norm, and the norm; arguments and errors are those of `norm`."""
    with name_scope(name, "normalize", [tensor]):
        tensor = convert_to_tensor(tensor)
        length = norm(tensor, ord, axis, keepdims=True)
        return tensor / length, length
