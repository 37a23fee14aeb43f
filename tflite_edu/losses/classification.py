"""Losses of classifiers: cross-entropies, the logarithmic loss, the hinge."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.losses.regression import in_float32, require
from tflite_edu.losses.weighted import Reduction, compute_weighted_loss
from tflite_edu.ops.casting import cast
from tflite_edu.ops.comparison import equal
from tflite_edu.ops.conditional import cond
from tflite_edu.ops.confusion_matrix import remove_squeezable_dimensions
from tflite_edu.ops.constants import ones_like
from tflite_edu.ops.cross_entropy import (
    sigmoid_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits_v2,
    sparse_softmax_cross_entropy_with_logits,
)
from tflite_edu.ops.identity import stop_gradient
from tflite_edu.ops.reshaping import squeeze
from tflite_edu.ops.shapes_of_tensors import rank_tensor, shape_tensor


@export("losses.hinge_loss")
def hinge_loss(
    labels: Any,
    logits: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = "losses",
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Tensor:
    """max(0, 1 − y · logits) with y = 2 labels − 1, for labels 0 and 1.

    Weighted and reduced as `compute_weighted_loss` says. Raises ValueError where shapes differ.
    """
    require(labels=labels)
    require(logits=logits)
    with name_scope(scope, "hinge_loss", [logits, labels, weights]) as scope:
        labels, logits = in_float32(labels, logits)
        ones = ones_like(labels)
        signs = raw.Sub(2 * labels, ones)
        losses = raw.Relu(raw.Sub(ones, raw.Mul(signs, logits)))
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


@export("losses.log_loss")
def log_loss(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    epsilon: float = 1e-7,
    scope: str | None = None,
    loss_collection: str | None = "losses",
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Tensor:
    """−y · log(p + epsilon) − (1 − y) · log(1 − p + epsilon), of labels y and predictions p.

    Predictions are in [0, 1]. Weighted and reduced as `compute_weighted_loss` says. Raises
    ValueError where shapes differ.
    """
    require(labels=labels)
    require(predictions=predictions)
    with name_scope(scope, "log_loss", [predictions, labels, weights]) as scope:
        labels, predictions = in_float32(labels, predictions)
        losses = -raw.Mul(labels, raw.Log(predictions + epsilon)) - raw.Mul(
            1 - labels, raw.Log(1 - predictions + epsilon)
        )
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


@export("losses.sigmoid_cross_entropy")
def sigmoid_cross_entropy(
    multi_class_labels: Any,
    logits: Any,
    weights: Any = 1.0,
    label_smoothing: Any = 0,
    scope: str | None = None,
    loss_collection: str | None = "losses",
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Tensor:
    """`tf.nn.sigmoid_cross_entropy_with_logits`, for classes that do not exclude one another.

    Weighted and reduced as `compute_weighted_loss` says. `label_smoothing` s makes the labels
    (1 − s) · labels + s/2. Raises ValueError where shapes differ.
    """
    require(multi_class_labels=multi_class_labels)
    require(logits=logits)
    given = [logits, multi_class_labels, weights]
    with name_scope(scope, "sigmoid_cross_entropy_loss", given) as scope:
        logits = convert_to_tensor(logits)
        labels = cast(multi_class_labels, logits.dtype)
        logits.get_shape().assert_is_compatible_with(labels.get_shape())
        if label_smoothing > 0:
            labels = labels * (1 - label_smoothing) + 0.5 * label_smoothing
        losses = sigmoid_cross_entropy_with_logits(labels=labels, logits=logits, name="xentropy")
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


@export("losses.softmax_cross_entropy")
def softmax_cross_entropy(
    onehot_labels: Any,
    logits: Any,
    weights: Any = 1.0,
    label_smoothing: Any = 0,
    scope: str | None = None,
    loss_collection: str | None = "losses",
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Tensor:
    """The cross-entropy of the softmax of `logits` and a distribution over classes.

    `onehot_labels` and `logits` are [batch, classes]; the losses, [batch], are weighted and reduced
    as `compute_weighted_loss` says. `label_smoothing` s makes the labels (1 − s) · labels +
    s/classes (Szegedy et al., "Rethinking the Inception Architecture", 2015). No gradient goes to
    the labels. Raises ValueError where shapes differ.
    """
    require(onehot_labels=onehot_labels)
    require(logits=logits)
    given = [logits, onehot_labels, weights]
    with name_scope(scope, "softmax_cross_entropy_loss", given) as scope:
        logits = convert_to_tensor(logits)
        labels = cast(onehot_labels, logits.dtype)
        logits.get_shape().assert_is_compatible_with(labels.get_shape())
        if label_smoothing > 0:
            classes = cast(shape_tensor(labels)[-1], logits.dtype)
            kept = 1.0 - label_smoothing
            added = label_smoothing / classes
            labels = labels * kept + added
        labels = stop_gradient(labels, name="labels_stop_gradient")
        losses = softmax_cross_entropy_with_logits_v2(labels=labels, logits=logits, name="xentropy")
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


@export("losses.sparse_softmax_cross_entropy")
def sparse_softmax_cross_entropy(
    labels: Any,
    logits: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = "losses",
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Tensor:
    """The cross-entropy of the softmax of `logits` [batch..., classes] and class numbers.

    `labels` are int32 or int64 of [batch...], or with one more axis of size 1, which is dropped; so
    is one of `weights`. The losses are weighted and reduced as `compute_weighted_loss` says. Raises
    ValueError where shapes do not fit.
    """
    require(labels=labels)
    require(logits=logits)
    given = [logits, labels, weights]
    with name_scope(scope, "sparse_softmax_cross_entropy_loss", given) as scope:
        labels, logits = remove_squeezable_dimensions(labels, logits, expected_rank_diff=1)
        weights = _as_labels(convert_to_tensor(weights), labels)
        losses = sparse_softmax_cross_entropy_with_logits(
            labels=labels, logits=logits, name="xentropy"
        )
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def _as_labels(weights: Tensor, labels: Tensor) -> Tensor:
    """The weights without a last axis of size 1 that the labels do not have."""
    shape: Any = weights.get_shape()
    rank, labels_rank = shape.rank, labels.get_shape().rank
    if rank is not None and labels_rank is not None:
        return squeeze(weights, [-1]) if rank - labels_rank == 1 else weights
    difference = rank_tensor(weights) - rank_tensor(labels)
    if rank is None or (rank > 0 and shape.dims[-1].is_compatible_with(1)):
        return cond(equal(1, difference), lambda: squeeze(weights, [-1]), lambda: weights)
    return weights
