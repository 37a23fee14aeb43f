"""Metrics of the k classes that are predicted with the highest scores.

What the functions return is said in `means`; here the tensors are float64 scalars. Labels are int64
class numbers, [batch..., labels] or [batch...] for one each, dense or sparse.
"""

from __future__ import annotations

from typing import Any

from tflite_edu.core import dtypes, raw
from tflite_edu.core.export import export
from tflite_edu.core.scopes import control_dependencies, name_scope
from tflite_edu.core.sparse_tensor import SparseTensor, convert_to_tensor_or_sparse_tensor
from tflite_edu.core.tensor import Tensor
from tflite_edu.metrics.accumulation import collect, metric_variable
from tflite_edu.metrics.means import Metric
from tflite_edu.ops.casting import cast
from tflite_edu.ops.comparison import equal, greater_equal
from tflite_edu.ops.conditional import cond
from tflite_edu.ops.constants import fill, ones_like, zeros_like
from tflite_edu.ops.division import div, div_no_nan
from tflite_edu.ops.joining import concat
from tflite_edu.ops.reductions import reduce_max, reduce_sum, reduced_shape
from tflite_edu.ops.reference_variables import assign_add
from tflite_edu.ops.reshaping import expand_dims, reshape
from tflite_edu.ops.scans import cumsum
from tflite_edu.ops.selection import where_v2
from tflite_edu.ops.set_operations import set_difference, set_intersection, set_size
from tflite_edu.ops.shapes_of_tensors import rank, shape, size
from tflite_edu.ops.slicing import slice as slice_of
from tflite_edu.ops.sorting import top_k
from tflite_edu.ops.sparse_slices import sparse_concat
from tflite_edu.ops.sparse_tensors import sparse_reshape, sparse_retain
from tflite_edu.ops.tiling import tile
from tflite_edu.ops.weights_broadcast import assert_broadcastable, broadcast_weights


@export("metrics.recall_at_k")
def recall_at_k(
    labels: Any,
    predictions: Any,
    k: int,
    class_id: int | None = None,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Which share of the labels is among the k highest of `predictions` [batch..., classes].

    With `class_id` only that class counts.
    """
    given = [predictions, labels, weights]
    with name_scope(name, _named("recall", k, class_id), given) as scope:
        _, highest = top_k(predictions, k)
        collections = metrics_collections, updates_collections
        return recall_at_top_k(labels, highest, k, class_id, weights, *collections, name=scope)


@export("metrics.recall_at_top_k")
def recall_at_top_k(
    labels: Any,
    predictions_idx: Any,
    k: int | None = None,
    class_id: int | None = None,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """`recall_at_k` where the k classes [batch..., k] are known; `k` is for names only."""
    return _share_at_top_k(
        "recall",
        "false_negative",
        labels,
        predictions_idx,
        k,
        class_id,
        weights,
        (metrics_collections, updates_collections),
        name,
    )


@export("metrics.precision_at_k")
def precision_at_k(
    labels: Any,
    predictions: Any,
    k: int,
    class_id: int | None = None,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Which share of the k highest of `predictions` [batch..., classes] is among the labels.

    With `class_id` only that class counts.
    """
    given = [predictions, labels, weights]
    with name_scope(name, _named("precision", k, class_id), given) as scope:
        _, highest = top_k(predictions, k)
        collections = metrics_collections, updates_collections
        return precision_at_top_k(labels, highest, k, class_id, weights, *collections, name=scope)


@export("metrics.sparse_precision_at_k")
def sparse_precision_at_k(
    labels: Any,
    predictions: Any,
    k: int,
    class_id: int | None = None,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """An older name of `precision_at_k`."""
    collections = metrics_collections, updates_collections
    return precision_at_k(labels, predictions, k, class_id, weights, *collections, name=name)


@export("metrics.precision_at_top_k")
def precision_at_top_k(
    labels: Any,
    predictions_idx: Any,
    k: int | None = None,
    class_id: int | None = None,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """`precision_at_k` where the k classes [batch..., k] are known; `k` is for names only."""
    return _share_at_top_k(
        "precision",
        "false_positive",
        labels,
        predictions_idx,
        k,
        class_id,
        weights,
        (metrics_collections, updates_collections),
        name,
    )


def _share_at_top_k(
    default_name: str,
    error: str,
    labels: Any,
    predictions_idx: Any,
    k: int | None,
    class_id: int | None,
    weights: Any,
    collections: tuple[Any, Any],
    name: str | None,
) -> Metric:
    """The true positives as a share of them and of one kind of error."""
    given = [predictions_idx, labels, weights]
    with name_scope(name, _named(default_name, k, class_id), given) as scope:
        labels = _with_label_axis(labels, predictions_idx)
        highest = cast(predictions_idx, dtypes.int64)
        right, update_right = _count("true_positive", labels, highest, k, class_id, weights)
        wrong, update_wrong = _count(error, labels, highest, k, class_id, weights)
        value = collect(collections[0], div(right, raw.Add(right, wrong), name=scope))
        update = div(update_right, raw.Add(update_right, update_wrong), name="update")
        return value, collect(collections[1], update)


@export("metrics.average_precision_at_k")
def average_precision_at_k(
    labels: Any,
    predictions: Any,
    k: int,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """The mean, over the batch, of the mean precision at the places of right answers up to k.

    `predictions` are [batch..., classes]; `weights` fit [batch...]. Wikipedia, "Evaluation measures
    (information retrieval)", average precision.
    """
    given = [predictions, labels, weights]
    with name_scope(name, _named("average_precision", k), given) as scope:
        _, highest = top_k(predictions, k)
        labels = _without_unknown(labels, cast(shape(predictions)[-1], labels.dtype))
        given = [highest, labels, weights]
        with name_scope(scope, "average_precision_at_top_k", given) as scope:
            return _mean_average_precision(
                labels, highest, weights, (metrics_collections, updates_collections), scope
            )


@export("metrics.sparse_average_precision_at_k")
def sparse_average_precision_at_k(
    labels: Any,
    predictions: Any,
    k: int,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """An older name of `average_precision_at_k`."""
    collections = metrics_collections, updates_collections
    return average_precision_at_k(labels, predictions, k, weights, *collections, name=name)


def _mean_average_precision(
    labels: Any, highest: Tensor, weights: Any, collections: tuple[Any, Any], scope: str
) -> Metric:
    average = _average_precision(labels, highest)
    if weights is not None:
        weights = broadcast_weights(cast(weights, dtypes.float64), average)
        average = raw.Mul(average, weights)
    with name_scope(None, "max", [average]) as max_scope:
        most = metric_variable([], dtypes.float64, max_scope)
        if weights is None:
            batch_most = cast(size(average, name="batch_max"), dtypes.float64)
        else:
            batch_most = reduce_sum(weights, name="batch_max")
        update_most = assign_add(most, batch_most, name="update")
    with name_scope(None, "total", [average]) as total_scope:
        total = metric_variable([], dtypes.float64, total_scope)
        batch_total = reduce_sum(average, name="batch_total")
        update_total = assign_add(total, batch_total, name="update")
    value = collect(collections[0], div_no_nan(total, most, name="mean"))
    update = div_no_nan(update_total, update_most, name=scope)
    return value, collect(collections[1], update)


def _average_precision(labels: Any, highest: Tensor) -> Tensor:
    """[batch...], from the k highest classes [batch..., k]."""
    with name_scope(None, "average_precision", [highest, labels]) as scope:
        highest = cast(highest, dtypes.int64, name="predictions_idx")
        if highest.get_shape().rank == 0:
            raise ValueError("The rank of predictions_idx must be at least 1.")
        k = highest.get_shape().as_list()[-1]
        if k is None:
            raise ValueError("The last dimension of predictions_idx must be set.")
        labels = _with_label_axis(labels, highest)
        each = expand_dims(highest, -1, name="predictions_idx_per_k")
        labels_of_each = _repeated(labels, k, "labels_per_k")
        relevant = _sizes("true_positive", labels_of_each, each, name="relevant_per_k")
        found = cumsum(relevant, axis=-1, name="tp_per_k")
        retrieved = cumsum(ones_like(relevant), axis=-1, name="retrieved_per_k")
        precision = div(
            cast(found, dtypes.float64), cast(retrieved, dtypes.float64), name="precision_per_k"
        )
        counted = raw.Mul(
            precision, cast(relevant, dtypes.float64), name="relevant_precision_per_k"
        )
        total = reduce_sum(counted, axis=(-1,), name="precision_sum")
        return div(total, cast(_relevant(labels, k), dtypes.float64), name=scope)


def _without_unknown(labels: Any, classes: Tensor) -> Any:
    """The labels with −1, which is never right, in place of those that are no class."""
    sparse = isinstance(labels, SparseTensor)
    values = labels.values if sparse else labels

    def replaced() -> Any:
        known = where_v2(greater_equal(values, classes), -1 * ones_like(values), values)
        return SparseTensor(labels.indices, known, labels.dense_shape) if sparse else known

    return cond(greater_equal(reduce_max(values), classes), replaced, lambda: labels)


def _relevant(labels: Any, k: int) -> Tensor:
    """How many labels there are, at most k; a negative one is none."""
    if k < 1:
        raise ValueError(f"Invalid k={k}.")
    with name_scope(None, "num_relevant", [labels]) as scope:
        labels = convert_to_tensor_or_sparse_tensor(labels)
        if isinstance(labels, SparseTensor):
            return raw.Minimum(set_size(labels), k, name=scope)
        there = where_v2(greater_equal(labels, 0), ones_like(labels), zeros_like(labels))
        return raw.Minimum(reduce_sum(there, axis=-1), k, name=scope)


def _repeated(labels: Any, k: int, name: str) -> Any:
    """The labels [batch..., labels] k times, as [batch..., k, labels]."""
    with name_scope(name, "expand_and_tile", [labels, k, -1]) as scope:
        labels = convert_to_tensor_or_sparse_tensor(labels)
        if isinstance(labels, SparseTensor):
            sizes = labels.dense_shape
            last = reshape(size(sizes) + -1, [1])
            expanded_shape = concat(
                [slice_of(sizes, [0], last), [1], slice_of(sizes, last, [-1])],
                0,
                name="expanded_shape",
            )
            expanded = sparse_reshape(labels, expanded_shape, name="expand")
            return expanded if k == 1 else sparse_concat(-2, [expanded] * k, name=scope)
        dense = expand_dims(labels, -2, name="expand")
        if k == 1:
            return dense
        ones = ones_like(shape(labels))
        multiples = concat([ones[:-1], [k], ones[-1:]], 0, name="multiples")
        return tile(dense, multiples, name=scope)


def _named(name: str, k: int | None = None, class_id: int | None = None) -> str:
    name = f"{name}_at_k" if k is None else f"{name}_at_{k:d}"
    return name if class_id is None else f"{name}_class{class_id:d}"


def _with_label_axis(labels: Any, predictions: Tensor) -> Any:
    """The labels with a last axis of size 1 where they have one axis less than `predictions`."""
    with name_scope(None, "expand_labels", [labels, predictions]) as scope:
        labels = convert_to_tensor_or_sparse_tensor(labels)
        if isinstance(labels, SparseTensor):
            return cond(
                equal(rank(predictions), size(labels.dense_shape) + 1),
                lambda: sparse_reshape(labels, concat([labels.dense_shape, [1]], 0), name=scope),
                lambda: labels,
            )
        labels_rank, wanted = labels.get_shape().rank, predictions.get_shape().rank
        if labels_rank is not None and wanted is not None:
            if wanted == labels_rank:
                return labels
            if wanted == labels_rank + 1:
                return expand_dims(labels, -1, name=scope)
            raise ValueError(
                f"Unexpected labels shape {labels.get_shape()} for predictions shape "
                f"{predictions.get_shape()}."
            )
        return cond(
            equal(rank(predictions), rank(labels) + 1),
            lambda: expand_dims(labels, -1, name=scope),
            lambda: labels,
        )


def _count(
    kind: str, labels: Any, highest: Tensor, k: int | None, class_id: int | None, weights: Any
) -> Metric:
    """How many answers were of a kind, over all batches."""
    with name_scope(None, _named(kind, k, class_id), [highest, labels, weights]) as scope:
        sizes = _sizes(kind, labels, highest, class_id, weights)
        batch = cast(reduce_sum(sizes), dtypes.float64)
        count = metric_variable([], dtypes.float64, scope)
        return count, assign_add(count, batch, name="update")


def _sizes(
    kind: str,
    labels: Any,
    highest: Tensor,
    class_id: int | None = None,
    weights: Any = None,
    name: str | None = None,
) -> Tensor:
    """How many answers of each example are of a kind, times its weight: float64 [batch...]."""
    with name_scope(name, f"{kind}s", [highest, labels, weights]):
        chosen: Any = highest
        if class_id is not None:
            labels, chosen = _of_class(labels, class_id), _of_class(highest, class_id)
        if kind == "true_positive":
            found = set_intersection(chosen, labels)
        else:
            found = set_difference(chosen, labels, aminusb=kind == "false_positive")
        sizes = cast(set_size(found), dtypes.float64)
        if weights is not None:
            with control_dependencies([assert_broadcastable(weights, sizes)]):
                weights = cast(weights, dtypes.float64)
                sizes = raw.Mul(sizes, weights)
        return sizes


def _of_class(classes: Any, class_id: int) -> SparseTensor:
    """Of class numbers only those that are `class_id`."""
    classes = convert_to_tensor_or_sparse_tensor(classes)
    if isinstance(classes, SparseTensor):
        return sparse_retain(classes, equal(classes.values, class_id))
    sizes = shape(classes, out_type=dtypes.int64)
    last = size(sizes) - 1
    wanted = fill(reduced_shape(sizes, reshape(last, [1])), cast(class_id, dtypes.int64))
    found = set_intersection(wanted, classes)
    return SparseTensor(found.indices, found.values, sizes)
