"""Losses between numbers: squared, absolute, Huber's, pairwise, of angles."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import dtypes, raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.scopes import control_dependencies, name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.losses.collected import add_loss
from tflite_edu.losses.weighted import Reduction, compute_weighted_loss, num_present
from tflite_edu.ops.casting import cast
from tflite_edu.ops.constants import zeros_like
from tflite_edu.ops.division import div_no_nan
from tflite_edu.ops.ranges import range as range_of
from tflite_edu.ops.reductions import one_of, reduce_sum
from tflite_edu.ops.selection import where
from tflite_edu.ops.shapes_of_tensors import rank_tensor
from tflite_edu.ops.weights_broadcast import assert_broadcastable


@export("losses.absolute_difference")
def absolute_difference(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = "losses",
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Tensor:
    """|predictions − labels|, weighted and reduced as `compute_weighted_loss` says.

    `labels` and `predictions` have one shape. Raises ValueError where they do not.
    """
    require(labels=labels)
    require(predictions=predictions)
    with name_scope(scope, "absolute_difference", [predictions, labels, weights]) as scope:
        labels, predictions = in_float32(labels, predictions)
        losses = raw.Abs(raw.Sub(predictions, labels))
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


@export("losses.cosine_distance")
def cosine_distance(
    labels: Any,
    predictions: Any,
    axis: Any = None,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = "losses",
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
    dim: Any = None,
) -> Tensor:
    """1 − labels · predictions along `axis`, of vectors that have length one already.

    Weighted and reduced as `compute_weighted_loss` says, which gets the losses with a size of 1 in
    `axis`. `dim` is an older name of `axis`. Raises ValueError where neither is given or both are,
    or shapes differ.
    """
    axis = one_of("axis", axis, "dim", dim)
    if axis is None:
        raise ValueError("You must specify 'axis'.")
    require(labels=labels)
    require(predictions=predictions)
    with name_scope(scope, "cosine_distance_loss", [predictions, labels, weights]) as scope:
        labels, predictions = in_float32(labels, predictions)
        products = raw.Mul(predictions, labels)
        losses = 1 - reduce_sum(products, axis=(axis,), keepdims=True)
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


@export("losses.huber_loss")
def huber_loss(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    delta: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = "losses",
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Tensor:
    """½ e² where |e| ≤ delta, else delta (|e| − ½ delta), with e = predictions − labels.

    Weighted and reduced as `compute_weighted_loss` says. Raises ValueError where shapes differ.
    Huber, "Robust Estimation of a Location Parameter", 1964.
    """
    require(labels=labels)
    require(predictions=predictions)
    with name_scope(scope, "huber_loss", [predictions, labels, weights]) as scope:
        labels, predictions = in_float32(labels, predictions)
        distance = raw.Abs(raw.Sub(predictions, labels))
        quadratic = raw.Minimum(distance, delta)
        # |e| − delta where the loss is a line, else 0; its gradient is then never ambiguous.
        linear = raw.Sub(distance, quadratic)
        half = convert_to_tensor(0.5, dtype=quadratic.dtype)
        losses = raw.Add(raw.Mul(half, raw.Mul(quadratic, quadratic)), raw.Mul(delta, linear))
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


@export("losses.mean_squared_error")
def mean_squared_error(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = "losses",
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Tensor:
    """(predictions − labels)², weighted and reduced as `compute_weighted_loss` says.

    `labels` and `predictions` have one shape. Raises ValueError where they do not.
    """
    require(labels=labels)
    require(predictions=predictions)
    with name_scope(scope, "mean_squared_error", [predictions, labels, weights]) as scope:
        labels, predictions = in_float32(labels, predictions)
        losses = raw.SquaredDifference(predictions, labels)
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


@export("losses.mean_pairwise_squared_error")
def mean_pairwise_squared_error(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = "losses",
) -> Tensor:
    """How far differences between elements of predictions are from those between labels.

    For each index of the first axis: the mean, over pairs of elements (i, j), of (e_i − e_j)² with
    e = predictions − labels. The sum of these, each times its weight, is a scalar float32; 0 where
    all weights are. `weights` is a scalar or fits `labels`. Raises ValueError where shapes differ.
    """
    require(labels=labels)
    require(predictions=predictions)
    with name_scope(scope, "mean_pairwise_squared_error", [predictions, labels, weights]):
        weights = cast(weights, dtypes.float32)
        labels = cast(labels, dtypes.float32)
        with control_dependencies([assert_broadcastable(weights, labels)]):
            predictions = cast(predictions, dtypes.float32)
            predictions.get_shape().assert_is_compatible_with(labels.get_shape())
            errors = raw.Sub(predictions, labels)
            axes = range_of(1, rank_tensor(errors))
            squares = reduce_sum(raw.Square(errors), axis=axes, keepdims=True)
            count = num_present(errors, weights, per_batch=True)
            squared = 2.0 * div_no_nan(squares, raw.Maximum(count - 1, 0), name="value")
            total = reduce_sum(errors, axis=axes, keepdims=True)
            crossed = 2.0 * div_no_nan(
                raw.Square(total), raw.Maximum(raw.Mul(count, count - 1), 0), name="value"
            )
            loss = reduce_sum(raw.Mul(squared - crossed, weights))
            mean = where(reduce_sum(count) > 0, loss, zeros_like(loss), name="value")
            add_loss(mean, loss_collection)
            return mean


def require(**given: Any) -> None:
    """Raises ValueError where the argument is None."""
    for name, value in given.items():
        if value is None:
            raise ValueError(f"{name} must not be None.")


def in_float32(labels: Any, predictions: Any) -> tuple[Tensor, Tensor]:
    """Both as float32; raises ValueError where their shapes differ."""
    predictions = cast(predictions, dtypes.float32)
    labels = cast(labels, dtypes.float32)
    predictions.get_shape().assert_is_compatible_with(labels.get_shape())
    return labels, predictions
