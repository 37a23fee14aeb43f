"""Counts of right and wrong answers to yes-or-no questions, precision and recall.

What the functions return is said in `means`. Labels and predictions are bools, or numbers of which
each but 0 is a yes.
"""

from __future__ import annotations

from typing import Any

from tflite_edu.core import dtypes, raw
from tflite_edu.core.export import export
from tflite_edu.core.scopes import control_dependencies
from tflite_edu.core.tensor import Tensor
from tflite_edu.metrics.accumulation import collect, metric_variable
from tflite_edu.metrics.alignment import aligned
from tflite_edu.metrics.means import Metric
from tflite_edu.ops.assertions import assert_rank_in, assert_type
from tflite_edu.ops.casting import cast
from tflite_edu.ops.comparison import equal, greater
from tflite_edu.ops.division import div
from tflite_edu.ops.logic import logical_and
from tflite_edu.ops.reductions import reduce_sum
from tflite_edu.ops.reference_variables import assign_add
from tflite_edu.ops.selection import where
from tflite_edu.ops.shapes_of_tensors import rank
from tflite_edu.variables.scope import variable_scope


@export("metrics.true_positives")
def true_positives(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """How often both are a yes, float32; each counts as its weight."""
    collections = metrics_collections, updates_collections
    return _count(labels, predictions, weights, (True, True), "true_positives", name, collections)


@export("metrics.true_negatives")
def true_negatives(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """How often both are a no, float32; each counts as its weight."""
    collections = metrics_collections, updates_collections
    return _count(labels, predictions, weights, (False, False), "true_negatives", name, collections)


@export("metrics.false_positives")
def false_positives(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """How often a yes was predicted and a no was right, float32; each counts as its weight."""
    collections = metrics_collections, updates_collections
    return _count(labels, predictions, weights, (False, True), "false_positives", name, collections)


@export("metrics.false_negatives")
def false_negatives(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """How often a no was predicted and a yes was right, float32; each counts as its weight."""
    collections = metrics_collections, updates_collections
    return _count(labels, predictions, weights, (True, False), "false_negatives", name, collections)


def _count(
    labels: Any,
    predictions: Any,
    weights: Any,
    wanted: tuple[bool, bool],
    default_name: str,
    name: str | None,
    collections: tuple[Any, Any],
) -> Metric:
    """How often (label, prediction) is `wanted`."""
    with variable_scope(name, default_name, [predictions, labels, weights]):
        predictions, labels, weights = _as_bools(predictions, labels, weights)
        met = logical_and(equal(labels, wanted[0]), equal(predictions, wanted[1]))
        assert_type(met, dtypes.bool)
        count = metric_variable([], dtypes.float32, "count")
        values = cast(met, dtypes.float32)
        if weights is not None:
            with control_dependencies([assert_rank_in(weights, (0, rank(values)))]):
                weights = cast(weights, dtypes.float32)
                values = raw.Mul(values, weights)
        value = collect(collections[0], raw.Identity(count))
        return value, collect(collections[1], assign_add(count, reduce_sum(values)))


def _as_bools(predictions: Any, labels: Any, weights: Any) -> tuple[Tensor, Tensor, Any]:
    return aligned(cast(predictions, dtypes.bool), cast(labels, dtypes.bool), weights)


@export("metrics.precision")
def precision(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Which share of what was predicted as a yes was one, float32; 0 where nothing was."""
    with variable_scope(name, "precision", [predictions, labels, weights]):
        predictions, labels, weights = _as_bools(predictions, labels, weights)
        right, update_right = true_positives(labels, predictions, weights)
        wrong, update_wrong = false_positives(labels, predictions, weights)
        value = collect(metrics_collections, _share(right, wrong, "value"))
        update = _share(update_right, update_wrong, "update_op")
        return value, collect(updates_collections, update)


@export("metrics.recall")
def recall(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Which share of what was a yes was predicted as one, float32; 0 where nothing was."""
    with variable_scope(name, "recall", [predictions, labels, weights]):
        predictions, labels, weights = _as_bools(predictions, labels, weights)
        found, update_found = true_positives(labels, predictions, weights)
        missed, update_missed = false_negatives(labels, predictions, weights)
        value = collect(metrics_collections, _share(found, missed, "value"))
        update = _share(update_found, update_missed, "update_op")
        return value, collect(updates_collections, update)


def _share(part: Any, others: Any, name: str) -> Tensor:
    return where(greater(part + others, 0), div(part, part + others), 0, name)
