"""Predictions, labels and weights brought to one rank."""

from __future__ import annotations

from typing import Any

from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.comparison import equal
from tflite_edu.ops.conditional import cond
from tflite_edu.ops.confusion_matrix import last_may_be_one, remove_squeezable_dimensions
from tflite_edu.ops.reshaping import expand_dims, squeeze
from tflite_edu.ops.shapes_of_tensors import rank_tensor


def aligned(predictions: Any, labels: Any, weights: Any) -> tuple[Tensor, Any, Any]:
    """The three with a last axis of size 1 dropped from, or given to, the one that needs it.

    `labels` and `weights` may be None; scalar weights stay. Raises ValueError where predictions and
    labels do not have one shape then.
    """
    predictions = convert_to_tensor(predictions)
    if labels is not None:
        labels, predictions = remove_squeezable_dimensions(labels, predictions)
        predictions.get_shape().assert_is_compatible_with(labels.get_shape())
    if weights is None:
        return predictions, labels, None
    weights = convert_to_tensor(weights)
    rank, wanted = weights.get_shape().rank, predictions.get_shape().rank
    if rank == 0:
        return predictions, labels, weights
    if rank is not None and wanted is not None:
        if rank - wanted == 1:
            weights = squeeze(weights, [-1])
        elif wanted - rank == 1:
            weights = expand_dims(weights, [-1])
        return predictions, labels, weights
    return predictions, labels, _aligned_in_run(weights, predictions)


def _aligned_in_run(weights: Tensor, predictions: Tensor) -> Tensor:
    """The weights by conditionals: ranks are known only in a run."""
    rank = rank_tensor(weights)
    surplus = rank - rank_tensor(predictions)

    def without_last() -> Tensor:
        return squeeze(weights, [-1]) if last_may_be_one(weights) else weights

    def perhaps_expanded() -> Any:
        return cond(equal(surplus, -1), lambda: expand_dims(weights, [-1]), lambda: weights)

    def adjusted() -> Any:
        return cond(equal(surplus, 1), without_last, perhaps_expanded)

    aligned_weights: Tensor = cond(equal(rank, 0), lambda: weights, adjusted)
    return aligned_weights
