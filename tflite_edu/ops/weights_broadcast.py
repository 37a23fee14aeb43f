"""Weights of values: checked to fit them, and spread over them.

Weights fit values where they are a scalar, or have as many axes, each of the same size or of 1.
"""

from __future__ import annotations

from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.constant_value import constant_value
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.operation import Operation
from tflite_edu.core.scopes import control_dependencies, name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.checking import assert_that
from tflite_edu.ops.comparison import equal
from tflite_edu.ops.conditional import cond
from tflite_edu.ops.constants import ones_like
from tflite_edu.ops.control import no_op
from tflite_edu.ops.joining import concat
from tflite_edu.ops.reshaping import expand_dims
from tflite_edu.ops.set_operations import set_difference
from tflite_edu.ops.shapes_of_tensors import rank_tensor, shape_tensor, size_tensor

_PROBLEM = "weights can not be broadcast to values."


def assert_broadcastable(weights: Any, values: Any) -> Operation:
    """A node that raises InvalidArgumentError unless the weights fit the values.

    Where shapes are known the check is made at once, and raises ValueError.
    """
    with name_scope(None, "assert_broadcastable", [weights, values]) as scope:
        weights, weights_shape, weights_rank = _measured(weights, "weights")
        values, values_shape, values_rank = _measured(values, "values")
        known = _checked(weights, weights_shape, values, values_shape)
        if known is not None:
            return no_op(name=known)
        is_scalar = equal(0, weights_rank, name="is_scalar")
        fits = cond(
            is_scalar,
            lambda: is_scalar,
            lambda: _same_rank_fits(weights_rank, weights_shape, values_rank, values_shape),
            name="is_valid_shape",
        )
        data = [
            *(_PROBLEM, "weights.shape=", weights.name, weights_shape),
            *("values.shape=", values.name, values_shape, "is_scalar=", is_scalar),
        ]
        return assert_that(fits, data, name=scope)


def broadcast_weights(weights: Any, values: Any) -> Tensor:
    """The weights in the shape of the values; the check is `assert_broadcastable`'s."""
    with name_scope(None, "broadcast_weights", [weights, values]) as scope:
        values = convert_to_tensor(values, name="values")
        weights = convert_to_tensor(weights, dtype=values.dtype.base_dtype, name="weights")
        shapes = weights.get_shape(), values.get_shape()
        if all(s.is_fully_defined() for s in shapes) and shapes[0].is_compatible_with(shapes[1]):
            return weights
        with control_dependencies([assert_broadcastable(weights, values)]):
            return raw.Mul(weights, ones_like(values), name=scope)


def _measured(value: Any, name: str) -> tuple[Tensor, Tensor, Tensor]:
    """The tensor, its shape and its rank."""
    with name_scope(None, name, [value]) as scope:
        tensor = convert_to_tensor(value, name=scope)
        return tensor, shape_tensor(tensor, name="shape"), rank_tensor(tensor, name="rank")


def _checked(
    weights: Tensor, weights_shape: Tensor, values: Tensor, values_shape: Tensor
) -> str | None:
    """The name of the node that stands for a check made now; None where too little is known."""
    static, other = weights.get_shape(), values.get_shape()
    if static.rank is None or other.rank is None:
        return None
    if static.rank == 0:
        return "static_scalar_check_success"
    if static.rank != other.rank:
        raise ValueError(
            f"{_PROBLEM} values.rank={other.rank}. weights.rank={static.rank}. "
            f"values.shape={other}. weights.shape={static}."
        )
    sizes, values_sizes = constant_value(weights_shape), constant_value(values_shape)
    if sizes is None or values_sizes is None:
        return None
    for axis, (size, values_size) in enumerate(zip(sizes, values_sizes, strict=True)):
        if size not in (1, values_size):
            raise ValueError(
                f"{_PROBLEM} Mismatch at dim {axis}. values.shape={values_sizes} "
                f"weights.shape={sizes}."
            )
    return "static_dims_check_success"


def _same_rank_fits(
    weights_rank: Tensor, weights_shape: Tensor, values_rank: Tensor, values_shape: Tensor
) -> Tensor:
    """Whether the ranks are the same and each size fits."""
    tensors = [weights_rank, weights_shape, values_rank, values_shape]
    with name_scope(None, "has_valid_nonscalar_shape", tensors) as scope:
        is_same_rank = equal(values_rank, weights_rank, name="is_same_rank")
        return cond(
            is_same_rank,
            lambda: _sizes_fit(weights_shape, values_shape),
            lambda: is_same_rank,
            name=scope,
        )


def _sizes_fit(weights_shape: Tensor, values_shape: Tensor) -> Tensor:
    """Whether each size of the weights is in the set {1, the values' size}."""
    with name_scope(None, "has_invalid_dims", [weights_shape, values_shape]) as scope:
        sizes = expand_dims(values_shape, -1)
        allowed = concat([sizes, ones_like(sizes)], axis=1)
        outside = set_difference(expand_dims(weights_shape, -1), allowed)
        count = size_tensor(outside.values, name="num_invalid_dims")
        return equal(0, count, name=scope)
