"""Metrics of class numbers: mean intersection over union, mean accuracy of a class.

What the functions return is said in `means`.
"""

from __future__ import annotations

from typing import Any

from tflite_edu.core import dtypes, raw
from tflite_edu.core.export import export
from tflite_edu.core.tensor import Tensor
from tflite_edu.metrics.accumulation import collect, metric_variable, ratio
from tflite_edu.metrics.means import Metric
from tflite_edu.ops.casting import cast
from tflite_edu.ops.comparison import equal, greater, not_equal
from tflite_edu.ops.confusion_matrix import confusion_matrix
from tflite_edu.ops.constants import ones, ones_like
from tflite_edu.ops.division import div
from tflite_edu.ops.reductions import reduce_mean, reduce_sum
from tflite_edu.ops.reference_variables import assign_add
from tflite_edu.ops.reshaping import reshape
from tflite_edu.ops.scatter_updates import scatter_add
from tflite_edu.ops.selection import where
from tflite_edu.ops.shapes_of_tensors import size
from tflite_edu.variables.scope import variable_scope


@export("metrics.mean_iou")
def mean_iou(
    labels: Any,
    predictions: Any,
    num_classes: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> tuple[Any, Any]:
    """The mean over classes of tp / (tp + fp + fn), of the classes that came up; float32.

    `labels` and `predictions` are tensors of class numbers below `num_classes`, of one shape. The
    second tensor is the updated confusion matrix, float64 [num_classes, num_classes].
    """
    with variable_scope(name, "mean_iou", [predictions, labels, weights]):
        predictions.get_shape().assert_is_compatible_with(labels.get_shape())
        total = metric_variable(
            [num_classes, num_classes], dtypes.float64, "total_confusion_matrix"
        )
        predictions = cast(predictions, dtypes.int64)
        labels = cast(labels, dtypes.int64)
        num_classes = cast(num_classes, dtypes.int64)
        predictions, labels = _flat(predictions), _flat(labels)
        if weights is not None:
            weights = _flat(weights)
        current = confusion_matrix(
            labels, predictions, num_classes, weights=weights, dtype=dtypes.float64
        )
        update = assign_add(total, current)
        value = collect(metrics_collections, _mean_intersection_over_union(total))
        return value, collect(updates_collections, update)


def _mean_intersection_over_union(matrix: Any) -> Tensor:
    rows = cast(reduce_sum(matrix, 0), dtypes.float32)
    columns = cast(reduce_sum(matrix, 1), dtypes.float32)
    right = cast(raw.DiagPart(matrix), dtypes.float32)
    union = rows + columns - right
    seen = reduce_sum(cast(not_equal(union, 0), dtypes.float32))
    union = where(greater(union, 0), union, ones_like(union))
    shares = div(right, union)
    return where(greater(seen, 0), reduce_sum(shares, name="mean_iou") / seen, 0)


@export("metrics.mean_per_class_accuracy")
def mean_per_class_accuracy(
    labels: Any,
    predictions: Any,
    num_classes: int,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """The mean over all classes of the share of a class that was predicted right; float32.

    `labels` and `predictions` are tensors of class numbers below `num_classes`, of one shape. The
    second tensor has the share of each class, [num_classes].
    """
    with variable_scope(name, "mean_accuracy", [predictions, labels, weights]):
        labels = _flat(cast(labels, dtypes.int64))
        predictions = _flat(predictions)
        predictions.get_shape().assert_is_compatible_with(labels.get_shape())
        total = metric_variable([num_classes], dtypes.float32, "total")
        count = metric_variable([num_classes], dtypes.float32, "count")
        number = ones([size(labels)], dtypes.float32)
        if labels.dtype != predictions.dtype:
            predictions = cast(predictions, labels.dtype)
        right = cast(equal(predictions, labels), dtypes.float32)
        if weights is not None:
            weights = cast(_flat(weights), dtypes.float32)
            right *= weights
            number *= weights
        update_total = scatter_add(total, labels, number)
        update_count = scatter_add(count, labels, right)
        mean = reduce_mean(ratio(count, total, None), name="mean_accuracy")
        value = collect(metrics_collections, mean)
        update = ratio(update_count, update_total, "update_op")
        return value, collect(updates_collections, update)


def _flat(tensor: Any) -> Tensor:
    """One axis, of a tensor of several."""
    flat: Tensor = reshape(tensor, [-1]) if tensor.get_shape().rank > 1 else tensor
    return flat
