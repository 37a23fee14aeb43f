"""The confusion matrix, and what brings labels and predictions to one rank."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import dtypes, raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.sparse_tensor import SparseTensor
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.assertions import assert_less, assert_non_negative
from tflite_edu.ops.casting import cast
from tflite_edu.ops.comparison import equal
from tflite_edu.ops.conditional import cond
from tflite_edu.ops.constants import ones_like, zeros
from tflite_edu.ops.control import with_dependencies
from tflite_edu.ops.packing import stack
from tflite_edu.ops.reductions import reduce_max
from tflite_edu.ops.reshaping import squeeze
from tflite_edu.ops.shapes_of_tensors import rank_tensor
from tflite_edu.ops.sparse_arithmetic import sparse_add


@export("math.confusion_matrix", "confusion_matrix")
def confusion_matrix(
    labels: Any,
    predictions: Any,
    num_classes: Any = None,
    dtype: Any = dtypes.int32,
    name: str | None = None,
    weights: Any = None,
) -> Tensor:
    """How often each class (row) was predicted as each (column): `[num_classes, num_classes]`.

    `labels` and `predictions` are `[count]` class numbers from 0. `num_classes` is one more than
    the largest where None. With `weights` [count] each pair counts as its weight. Raises ValueError
    where shapes differ; a run raises InvalidArgumentError on a class out of bounds.
    """
    with name_scope(name, "confusion_matrix", [predictions, labels, num_classes, weights]):
        labels, predictions = remove_squeezable_dimensions(
            convert_to_tensor(labels, name="labels"),
            convert_to_tensor(predictions, name="predictions"),
        )
        predictions = cast(predictions, dtypes.int64)
        labels = cast(labels, dtypes.int64)
        labels = _not_negative(labels, "labels")
        predictions = _not_negative(predictions, "predictions")
        if num_classes is None:
            num_classes = raw.Maximum(reduce_max(predictions), reduce_max(labels)) + 1
        else:
            limit = cast(num_classes, dtypes.int64)
            labels = _below(labels, limit, "labels")
            predictions = _below(predictions, limit, "predictions")
        if weights is not None:
            weights = convert_to_tensor(weights, name="weights")
            predictions.get_shape().assert_is_compatible_with(weights.get_shape())
            weights = cast(weights, dtype)
        shape = stack([num_classes, num_classes])
        places = stack([labels, predictions], axis=1)
        counts = ones_like(predictions, dtype) if weights is None else weights
        pairs = SparseTensor(places, counts, cast(shape, dtypes.int64))
        return sparse_add(zeros(cast(shape, dtypes.int32), dtype), pairs)


def remove_squeezable_dimensions(
    labels: Any, predictions: Any, expected_rank_diff: int = 0, name: str | None = None
) -> tuple[Tensor, Tensor]:
    """Both, the one without its last axis of size 1 that has one axis too many.

    `expected_rank_diff` is how many axes more the predictions should have.
    """
    with name_scope(name, "remove_squeezable_dimensions", [labels, predictions]):
        predictions = convert_to_tensor(predictions)
        labels = convert_to_tensor(labels)
        predictions_rank, labels_rank = predictions.get_shape().rank, labels.get_shape().rank
        if predictions_rank is not None and labels_rank is not None:
            surplus = predictions_rank - labels_rank - expected_rank_diff
            if surplus == 1:
                predictions = squeeze(predictions, [-1])
            elif surplus == -1:
                labels = squeeze(labels, [-1])
            return labels, predictions
        difference = rank_tensor(predictions) - rank_tensor(labels)
        given_predictions, given_labels = predictions, labels
        if last_may_be_one(predictions):
            predictions = cond(
                equal(expected_rank_diff + 1, difference),
                lambda: squeeze(given_predictions, [-1]),
                lambda: given_predictions,
            )
        if last_may_be_one(labels):
            labels = cond(
                equal(expected_rank_diff - 1, difference),
                lambda: squeeze(given_labels, [-1]),
                lambda: given_labels,
            )
        return labels, predictions


def last_may_be_one(tensor: Tensor) -> bool:
    """Whether the last axis may have size 1, as far as is known; there may be no axis known."""
    shape: Any = tensor.get_shape()
    return shape.rank is None or bool(shape.dims[-1].is_compatible_with(1))


def _not_negative(classes: Tensor, name: str) -> Tensor:
    check = assert_non_negative(classes, message=f"`{name}` contains negative values")
    return with_dependencies([check], classes)


def _below(classes: Tensor, limit: Tensor, name: str) -> Tensor:
    return with_dependencies(
        [assert_less(classes, limit, message=f"`{name}` out of bound")], classes
    )
