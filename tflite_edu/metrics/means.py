"""Means over batches: of values, of errors, of what was right.

Each function returns (value, update_op): `value` is the metric of all batches so far, `update_op`
takes one batch in and is the metric then. What they keep are local variables, for
`tf.local_variables_initializer` to reset. `metrics_collections` and `updates_collections` are lists
of the collections that the two tensors join.
"""

from __future__ import annotations

from typing import Any

from tflite_edu.core import dtypes, raw
from tflite_edu.core.export import export
from tflite_edu.core.scopes import control_dependencies
from tflite_edu.core.tensor import Tensor
from tflite_edu.metrics.accumulation import collect, metric_variable, ratio
from tflite_edu.metrics.alignment import aligned
from tflite_edu.ops.casting import cast
from tflite_edu.ops.comparison import equal, less
from tflite_edu.ops.confusion_matrix import remove_squeezable_dimensions
from tflite_edu.ops.constants import ones_like, zeros_like
from tflite_edu.ops.division import div
from tflite_edu.ops.reductions import reduce_sum
from tflite_edu.ops.reference_variables import assign_add
from tflite_edu.ops.selection import where
from tflite_edu.ops.shapes_of_tensors import size
from tflite_edu.ops.weights_broadcast import broadcast_weights
from tflite_edu.variables.scope import variable_scope

Metric = tuple[Any, Any]


@export("metrics.mean")
def mean(
    values: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """The weighted mean of all values, float32 scalars; 0 where the weights add up to 0.

    `weights` is a scalar, or has the values' axes with the same sizes or 1.
    """
    with variable_scope(name, "mean", [values, weights]):
        values = cast(values, dtypes.float32)
        total = metric_variable([], dtypes.float32, "total")
        count = metric_variable([], dtypes.float32, "count")
        if weights is None:
            number = cast(size(values), dtypes.float32)
        else:
            values, weights = _weighted(values, weights)
            number = reduce_sum(weights)
        update_total = assign_add(total, reduce_sum(values))
        with control_dependencies([values]):
            update_count = assign_add(count, number)
        value = collect(metrics_collections, ratio(total, count, "value"))
        update = ratio(update_total, update_count, "update_op")
        return value, collect(updates_collections, update)


@export("metrics.mean_tensor")
def mean_tensor(
    values: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """The weighted mean of each element over the batches, in the values' shape; see `mean`."""
    with variable_scope(name, "mean", [values, weights]):
        values = cast(values, dtypes.float32)
        total = metric_variable(values.get_shape(), dtypes.float32, "total_tensor")
        count = metric_variable(values.get_shape(), dtypes.float32, "count_tensor")
        number = ones_like(values)
        if weights is not None:
            values, weights = _weighted(values, weights)
            number = raw.Mul(number, weights)
        update_total = assign_add(total, values)
        with control_dependencies([values]):
            update_count = assign_add(count, number)
        value = collect(metrics_collections, ratio(total, count, "value"))
        update = ratio(update_total, update_count, "update_op")
        return value, collect(updates_collections, update)


def _weighted(values: Tensor, weights: Any) -> tuple[Tensor, Tensor]:
    """The values times their weights, and the weights in the values' shape."""
    values, _, weights = aligned(values, None, weights)
    weights = broadcast_weights(cast(weights, dtypes.float32), values)
    return raw.Mul(values, weights), weights


@export("metrics.accuracy")
def accuracy(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """How often predictions equal labels, as a share of 1; see `mean`."""
    predictions, labels, weights = aligned(predictions, labels, weights)
    predictions.get_shape().assert_is_compatible_with(labels.get_shape())
    if labels.dtype != predictions.dtype:
        predictions = cast(predictions, labels.dtype)
    right = cast(equal(predictions, labels), dtypes.float32)
    return mean(right, weights, metrics_collections, updates_collections, name or "accuracy")


@export("metrics.percentage_below")
def percentage_below(
    values: Any,
    threshold: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """How many of the values are below a threshold, as a share of 1; see `mean`."""
    below = cast(less(values, threshold), dtypes.float32)
    name = name or "percentage_below_threshold"
    return mean(below, weights, metrics_collections, updates_collections, name)


@export("metrics.mean_absolute_error")
def mean_absolute_error(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """The mean of |predictions − labels|; see `mean`."""
    predictions, labels, weights = aligned(predictions, labels, weights)
    errors = raw.Abs(predictions - labels)
    name = name or "mean_absolute_error"
    return mean(errors, weights, metrics_collections, updates_collections, name)


@export("metrics.mean_squared_error")
def mean_squared_error(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """The mean of (labels − predictions)²; see `mean`."""
    predictions, labels, weights = aligned(predictions, labels, weights)
    errors = raw.SquaredDifference(labels, predictions)
    name = name or "mean_squared_error"
    return mean(errors, weights, metrics_collections, updates_collections, name)


@export("metrics.root_mean_squared_error")
def root_mean_squared_error(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """The root of `mean_squared_error`; see `mean`."""
    predictions, labels, weights = aligned(predictions, labels, weights)
    name = name or "root_mean_squared_error"
    squared, update = mean_squared_error(labels, predictions, weights, None, None, name)
    value = collect(metrics_collections, raw.Sqrt(squared))
    return value, collect(updates_collections, raw.Sqrt(update))


@export("metrics.mean_relative_error")
def mean_relative_error(
    labels: Any,
    predictions: Any,
    normalizer: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """The mean of |labels − predictions| / normalizer, 0 where the normalizer is; see `mean`."""
    predictions, labels, weights = aligned(predictions, labels, weights)
    predictions, normalizer = remove_squeezable_dimensions(predictions, normalizer)
    predictions.get_shape().assert_is_compatible_with(normalizer.get_shape())
    errors = where(
        equal(normalizer, 0.0), zeros_like(labels), div(raw.Abs(labels - predictions), normalizer)
    )
    name = name or "mean_relative_error"
    return mean(errors, weights, metrics_collections, updates_collections, name)


@export("metrics.mean_cosine_distance")
def mean_cosine_distance(
    labels: Any,
    predictions: Any,
    dim: int,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """1 − the mean of labels · predictions along the axis `dim`; see `mean`.

    The vectors along that axis have length 1 already.
    """
    predictions, labels, weights = aligned(predictions, labels, weights)
    products = raw.Mul(predictions, labels)
    cosines = reduce_sum(products, axis=[dim], keepdims=True)
    similar, update = mean(cosines, weights, None, None, name or "mean_cosine_distance")
    value = collect(metrics_collections, raw.Sub(1.0, similar))
    return value, collect(updates_collections, raw.Sub(1.0, update))
