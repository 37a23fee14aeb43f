"""Metrics of predictions in [0, 1] at many thresholds, above which a prediction is a yes.

What the functions return is said in `means`. Labels are bools, or numbers of which each but 0 is a
yes; a run raises InvalidArgumentError on predictions outside [0, 1].
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tflite_edu.core import dtypes, raw
from tflite_edu.core.constant import constant
from tflite_edu.core.export import export
from tflite_edu.core.scopes import control_dependencies
from tflite_edu.core.tensor import Tensor
from tflite_edu.metrics.accumulation import collect, metric_variable, ratio
from tflite_edu.metrics.alignment import aligned
from tflite_edu.metrics.means import Metric
from tflite_edu.ops.arg_extrema import argmax, argmin
from tflite_edu.ops.assertions import assert_greater_equal, assert_less_equal
from tflite_edu.ops.casting import cast
from tflite_edu.ops.comparison import equal, greater
from tflite_edu.ops.constants import ones_like
from tflite_edu.ops.division import div
from tflite_edu.ops.logic import logical_and, logical_not
from tflite_edu.ops.packing import stack
from tflite_edu.ops.permuting import transpose
from tflite_edu.ops.reductions import reduce_min, reduce_sum
from tflite_edu.ops.reference_variables import assign_add
from tflite_edu.ops.reshaping import expand_dims, reshape
from tflite_edu.ops.scans import cumsum
from tflite_edu.ops.selection import where
from tflite_edu.ops.shapes_of_tensors import shape
from tflite_edu.ops.tiling import tile
from tflite_edu.ops.weights_broadcast import broadcast_weights
from tflite_edu.variables.scope import variable_scope

_COUNTS = {
    "tp": "true_positives",
    "fn": "false_negatives",
    "tn": "true_negatives",
    "fp": "false_positives",
}
# Thresholds this far outside of [0, 1] leave all, or no, predictions above them.
_MARGIN = 1e-7

Counts = dict[str, Any]


def _counts_at(
    labels: Any,
    predictions: Any,
    thresholds: Sequence[float],
    weights: Any = None,
    includes: Sequence[str] = tuple(_COUNTS),
) -> tuple[Counts, Counts]:
    """The counts at each threshold, [thresholds] each, by kind: as variables, and updated."""
    message = "predictions must be in [0, 1]"
    checks = [
        assert_greater_equal(predictions, cast(0.0, predictions.dtype), message=message),
        assert_less_equal(predictions, cast(1.0, predictions.dtype), message=message),
    ]
    with control_dependencies(checks):
        predictions, labels, weights = aligned(
            cast(predictions, dtypes.float32), cast(labels, dtypes.bool), weights
        )
    count = len(thresholds)
    column = reshape(predictions, [-1, 1])
    row = reshape(cast(labels, dtypes.bool), [1, -1])
    number: Any = column.get_shape().as_list()[0]
    if number is None:
        number = shape(column)[0]
    limits = tile(expand_dims(constant(thresholds), [1]), stack([1, number]))
    yes = greater(tile(transpose(column), [count, 1]), limits)
    no = logical_not(yes) if "fn" in includes or "tn" in includes else None
    is_yes = tile(row, [count, 1])
    is_no = logical_not(is_yes) if "fp" in includes or "tn" in includes else None
    if weights is not None:
        weights = broadcast_weights(cast(weights, dtypes.float32), predictions)
        weights = tile(reshape(weights, [1, -1]), [count, 1])
        limits.get_shape().assert_is_compatible_with(weights.get_shape())
    pairs = {"tp": (is_yes, yes), "fn": (is_yes, no), "tn": (is_no, no), "fp": (is_no, yes)}
    values, updates = {}, {}
    for kind, name in _COUNTS.items():
        if kind in includes:
            values[kind] = metric_variable([count], dtypes.float32, name)
            met = cast(logical_and(*pairs[kind]), dtypes.float32)
            if weights is not None:
                met *= weights
            updates[kind] = assign_add(values[kind], reduce_sum(met, 1))
    return values, updates


def _at_thresholds(
    kind: str,
    labels: Any,
    predictions: Any,
    thresholds: Sequence[float],
    weights: Any,
    name: str | None,
    collections: tuple[Any, Any],
) -> Metric:
    with variable_scope(name, _COUNTS[kind], [predictions, labels, weights]):
        values, updates = _counts_at(labels, predictions, thresholds, weights, (kind,))
        value = collect(collections[0], raw.Identity(values[kind]))
        return value, collect(collections[1], updates[kind])


@export("metrics.true_positives_at_thresholds")
def true_positives_at_thresholds(
    labels: Any,
    predictions: Any,
    thresholds: Sequence[float],
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """`true_positives` at each threshold, [thresholds]."""
    collections = metrics_collections, updates_collections
    return _at_thresholds("tp", labels, predictions, thresholds, weights, name, collections)


@export("metrics.true_negatives_at_thresholds")
def true_negatives_at_thresholds(
    labels: Any,
    predictions: Any,
    thresholds: Sequence[float],
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """`true_negatives` at each threshold, [thresholds]."""
    collections = metrics_collections, updates_collections
    return _at_thresholds("tn", labels, predictions, thresholds, weights, name, collections)


@export("metrics.false_positives_at_thresholds")
def false_positives_at_thresholds(
    labels: Any,
    predictions: Any,
    thresholds: Sequence[float],
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """`false_positives` at each threshold, [thresholds]."""
    collections = metrics_collections, updates_collections
    return _at_thresholds("fp", labels, predictions, thresholds, weights, name, collections)


@export("metrics.false_negatives_at_thresholds")
def false_negatives_at_thresholds(
    labels: Any,
    predictions: Any,
    thresholds: Sequence[float],
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """`false_negatives` at each threshold, [thresholds]."""
    collections = metrics_collections, updates_collections
    return _at_thresholds("fn", labels, predictions, thresholds, weights, name, collections)


@export("metrics.precision_at_thresholds")
def precision_at_thresholds(
    labels: Any,
    predictions: Any,
    thresholds: Sequence[float],
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """`precision` at each threshold, [thresholds]."""
    with variable_scope(name, "precision_at_thresholds", [predictions, labels, weights]):
        values, updates = _counts_at(labels, predictions, thresholds, weights, ("tp", "fp"))

        def compute(counts: Counts, name: str) -> Tensor:
            return div(counts["tp"], 1e-7 + counts["tp"] + counts["fp"], name=f"precision_{name}")

        return _computed(compute, values, updates, metrics_collections, updates_collections)


@export("metrics.recall_at_thresholds")
def recall_at_thresholds(
    labels: Any,
    predictions: Any,
    thresholds: Sequence[float],
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """`recall` at each threshold, [thresholds]."""
    with variable_scope(name, "recall_at_thresholds", [predictions, labels, weights]):
        values, updates = _counts_at(labels, predictions, thresholds, weights, ("tp", "fn"))

        def compute(counts: Counts, name: str) -> Tensor:
            return div(counts["tp"], 1e-7 + counts["tp"] + counts["fn"], name=f"recall_{name}")

        return _computed(compute, values, updates, metrics_collections, updates_collections)


def _computed(
    compute: Callable[[Counts, str], Tensor],
    values: Counts,
    updates: Counts,
    metrics_collections: Any,
    updates_collections: Any,
) -> Metric:
    value = collect(metrics_collections, compute(values, "value"))
    return value, collect(updates_collections, compute(updates, "update_op"))


def _spread(number: int, margin: float = _MARGIN) -> list[float]:
    """Thresholds evenly over [0, 1], the first just below it and the last `margin` above."""
    inner = [(i + 1) * 1.0 / (number - 1) for i in range(number - 2)]
    return [0.0 - _MARGIN, *inner, 1.0 + margin]


@export("metrics.auc")
def auc(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    num_thresholds: int = 200,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    curve: str = "ROC",
    name: str | None = None,
    summation_method: str = "trapezoidal",
    thresholds: Sequence[float] | None = None,
) -> Metric:
    """The area under a curve that the thresholds draw, float32 in [0, 1].

    `curve` "ROC" is the share of the yeses found over the share of the noes taken for one; "PR" is
    precision over recall. `summation_method` says how the area between two thresholds is taken:
    "trapezoidal", "minoring" (below both ends), "majoring" (above both), or, best for "PR",
    "careful_interpolation" (Davis and Goadrich, "The Relationship Between Precision-Recall and ROC
    Curves", 2006). `thresholds` in [0, 1] are taken in place of `num_thresholds` even ones. Raises
    ValueError on another curve or method.
    """
    with variable_scope(name, "auc", [labels, predictions, weights]):
        if curve not in ("ROC", "PR"):
            raise ValueError(f"curve must be either ROC or PR, {curve} unknown")
        if thresholds is None:
            limits = _spread(num_thresholds)
        else:
            limits = [0.0 - _MARGIN, *sorted(thresholds), 1.0 + _MARGIN]
        values, updates = _counts_at(labels, predictions, limits, weights)

        def compute(counts: Counts, name: str) -> Tensor:
            return _area(counts, len(limits) - 1, curve, summation_method, name)

        return _computed(compute, values, updates, metrics_collections, updates_collections)


def _area(counts: Counts, last: int, curve: str, method: str, name: str) -> Tensor:
    """The area under a curve given at `last` + 1 thresholds."""
    tp, fn, tn, fp = (counts[kind] for kind in ("tp", "fn", "tn", "fp"))
    if curve == "PR" and method == "careful_interpolation":
        return _interpolated_area(tp, fp, fn, last)
    epsilon = 1.0e-6
    recall = div(tp + epsilon, tp + fn + epsilon)
    if curve == "ROC":
        x, y = div(fp, fp + tn + epsilon), recall
    else:
        x, y = recall, div(tp + epsilon, tp + fp + epsilon)
    if method not in _HEIGHTS:
        raise ValueError(f"Invalid summation_method: {method}")
    return reduce_sum(raw.Mul(x[:last] - x[1:], _HEIGHTS[method](y[:last], y[1:])), name=name)


def _middle(one: Tensor, other: Tensor) -> Tensor:
    return (one + other) / 2.0


# The height that stands for the curve between two thresholds.
_HEIGHTS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "trapezoidal": _middle,
    "careful_interpolation": _middle,
    "minoring": lambda one, other: raw.Minimum(one, other),
    "majoring": lambda one, other: raw.Maximum(one, other),
}


def _interpolated_area(tp: Any, fp: Any, fn: Any, last: int) -> Tensor:
    """The area under the precision-recall curve where counts, not shares, are interpolated."""
    added = tp[:last] - tp[1:]
    p = tp + fp
    slope = ratio(added, p[:last] - p[1:], "prec_slope")
    intercept = tp[1:] - raw.Mul(slope, p[1:])
    relative = where(
        logical_and(p[:last] > 0, p[1:] > 0),
        ratio(p[:last], p[1:], "recall_relative_ratio"),
        ones_like(p[1:]),
    )
    increments = ratio(
        slope * (added + intercept * raw.Log(relative)), tp[1:] + fn[1:], "pr_auc_increment"
    )
    return reduce_sum(increments, name="interpolate_pr_auc")


@export("metrics.sensitivity_at_specificity")
def sensitivity_at_specificity(
    labels: Any,
    predictions: Any,
    specificity: float,
    weights: Any = None,
    num_thresholds: int = 200,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """The share of the yeses found at the threshold where the share of noes found is nearest.

    Nearest to `specificity`, that is. Raises ValueError where it is not in [0, 1].
    """
    if specificity < 0 or specificity > 1:
        raise ValueError("`specificity` must be in the range [0, 1].")
    with variable_scope(name, "sensitivity_at_specificity", [predictions, labels, weights]):
        values, updates = _counts_at(labels, predictions, _spread(num_thresholds), weights)

        def compute(counts: Counts, name: str) -> Tensor:
            tp, fn, tn, fp = (counts[kind] for kind in ("tp", "fn", "tn", "fp"))
            specificities = div(tn, tn + fp + _MARGIN)
            at = argmin(raw.Abs(specificities - specificity), 0)
            at = cast(at, dtypes.int32)
            return div(tp[at], tp[at] + fn[at] + _MARGIN, name)

        return _computed(compute, values, updates, metrics_collections, updates_collections)


@export("metrics.specificity_at_sensitivity")
def specificity_at_sensitivity(
    labels: Any,
    predictions: Any,
    sensitivity: float,
    weights: Any = None,
    num_thresholds: int = 200,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """The share of the noes found at the last threshold where the share of yeses found is nearest.

    Nearest to `sensitivity`, that is. Raises ValueError where it is not in [0, 1].
    """
    if sensitivity < 0 or sensitivity > 1:
        raise ValueError("`sensitivity` must be in the range [0, 1].")
    with variable_scope(name, "specificity_at_sensitivity", [predictions, labels, weights]):
        thresholds = _spread(num_thresholds, -_MARGIN)
        values, updates = _counts_at(labels, predictions, thresholds, weights)

        def compute(counts: Counts, name: str) -> Tensor:
            tp, fn, tn, fp = (counts[kind] for kind in ("tp", "fn", "tn", "fp"))
            sensitivities = div(tp, tp + fn + _MARGIN)
            smallest = reduce_min(raw.Abs(sensitivities - sensitivity))
            nearest = equal(raw.Abs(sensitivities - sensitivity), smallest)
            # Of several the last: the running count is largest there first.
            at = cast(argmax(cumsum(cast(nearest, dtypes.int64)), 0), dtypes.int32)
            return div(tn[at], tn[at] + fp[at] + _MARGIN, name)

        return _computed(compute, values, updates, metrics_collections, updates_collections)
