"""`tf.contrib.slim.metrics`: the metrics of `tf.metrics` under older names, and dicts of them."""

from __future__ import annotations

from typing import Any

from tflite_edu.core.export import export
from tflite_edu.metrics import counts, means

Metric = tuple[Any, Any]


@export("contrib.slim.metrics.aggregate_metric_map", "contrib.metrics.aggregate_metric_map")
def aggregate_metric_map(
    names_to_tuples: dict[str, Metric],
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The values and the updates, by name, of metrics by name.

    Raises ValueError where there is none.
    """
    if not names_to_tuples:
        raise ValueError("not enough values to unpack (expected 2, got 0)")
    values = {name: value for name, (value, _) in names_to_tuples.items()}
    updates = {name: update for name, (_, update) in names_to_tuples.items()}
    return values, updates


@export("contrib.slim.metrics.aggregate_metrics", "contrib.metrics.aggregate_metrics")
def aggregate_metrics(*value_update_tuples: Metric) -> tuple[list[Any], list[Any]]:
    """The values and the updates of metrics; ValueError where there is none."""
    if not value_update_tuples:
        raise ValueError("Expected at least one value_tensor/update_op pair")
    return [value for value, _ in value_update_tuples], [u for _, u in value_update_tuples]


@export("contrib.slim.metrics.streaming_mean", "contrib.metrics.streaming_mean")
def streaming_mean(
    values: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """`tf.metrics.mean`."""
    return means.mean(values, weights, metrics_collections, updates_collections, name)


@export("contrib.slim.metrics.streaming_accuracy", "contrib.metrics.streaming_accuracy")
def streaming_accuracy(
    predictions: Any,
    labels: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """`tf.metrics.accuracy`, with the predictions first."""
    return means.accuracy(
        labels, predictions, weights, metrics_collections, updates_collections, name
    )


@export(
    "contrib.slim.metrics.streaming_mean_absolute_error",
    "contrib.metrics.streaming_mean_absolute_error",
)
def streaming_mean_absolute_error(
    predictions: Any,
    labels: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """`tf.metrics.mean_absolute_error`, with the predictions first."""
    return means.mean_absolute_error(
        labels, predictions, weights, metrics_collections, updates_collections, name
    )


@export(
    "contrib.slim.metrics.streaming_mean_squared_error",
    "contrib.metrics.streaming_mean_squared_error",
)
def streaming_mean_squared_error(
    predictions: Any,
    labels: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """`tf.metrics.mean_squared_error`, with the predictions first."""
    return means.mean_squared_error(
        labels, predictions, weights, metrics_collections, updates_collections, name
    )


@export(
    "contrib.slim.metrics.streaming_root_mean_squared_error",
    "contrib.metrics.streaming_root_mean_squared_error",
)
def streaming_root_mean_squared_error(
    predictions: Any,
    labels: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """`tf.metrics.root_mean_squared_error`, with the predictions first."""
    return means.root_mean_squared_error(
        labels, predictions, weights, metrics_collections, updates_collections, name
    )


@export("contrib.slim.metrics.streaming_precision", "contrib.metrics.streaming_precision")
def streaming_precision(
    predictions: Any,
    labels: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """`tf.metrics.precision`, with the predictions first."""
    return counts.precision(
        labels, predictions, weights, metrics_collections, updates_collections, name
    )


@export("contrib.slim.metrics.streaming_recall", "contrib.metrics.streaming_recall")
def streaming_recall(
    predictions: Any,
    labels: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """`tf.metrics.recall`, with the predictions first."""
    return counts.recall(
        labels, predictions, weights, metrics_collections, updates_collections, name
    )
