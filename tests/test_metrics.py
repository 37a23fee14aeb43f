"""Metrics over several batches against numpy over all of them at once; their variables, errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tflite_edu as tf

RANDOM = np.random.default_rng(4)
LABELS = RANDOM.integers(0, 2, (3, 8)).astype(np.float32)
SCORES = RANDOM.random((3, 8)).astype(np.float32)
WEIGHTS = RANDOM.random((3, 8)).astype(np.float32)


def _share(part: Any, whole: Any) -> float:
    return float((WEIGHTS * part).sum() / (WEIGHTS * whole).sum())


YES, FOUND = LABELS > 0, SCORES > 0.5
METRICS: dict[str, tuple[Callable[..., Any], float]] = {
    "mean": (lambda y, x, w: tf.metrics.mean(x, w), _share(SCORES, 1)),
    "accuracy": (
        lambda y, x, w: tf.metrics.accuracy(y, tf.to_float(x > 0.5), w),
        _share(YES == FOUND, 1),
    ),
    "below": (lambda y, x, w: tf.metrics.percentage_below(x, 0.3, w), _share(SCORES < 0.3, 1)),
    "absolute": (tf.metrics.mean_absolute_error, _share(np.abs(SCORES - LABELS), 1)),
    "squared": (tf.metrics.mean_squared_error, _share((SCORES - LABELS) ** 2, 1)),
    "root": (tf.metrics.root_mean_squared_error, _share((SCORES - LABELS) ** 2, 1) ** 0.5),
    "relative": (
        lambda y, x, w: tf.metrics.mean_relative_error(y, x, x + 1, w),
        _share(np.abs(SCORES - LABELS) / (SCORES + 1), 1),
    ),
    "precision": (
        lambda y, x, w: tf.metrics.precision(y, x > 0.5, w),
        _share(YES & FOUND, FOUND),
    ),
    "recall": (lambda y, x, w: tf.metrics.recall(y, x > 0.5, w), _share(YES & FOUND, YES)),
    "true_negatives": (
        lambda y, x, w: tf.metrics.true_negatives(y, x > 0.5, w),
        float((WEIGHTS * (~YES & ~FOUND)).sum()),
    ),
}


@pytest.mark.parametrize("engine", ["numpy", "reference"])
@pytest.mark.parametrize("name", METRICS)
def test_metric_of_batches_is_that_of_all(
    name: str, engine: str, engine_session: Callable[[str], tf.Session]
) -> None:
    make, expected = METRICS[name]
    y, x, w = (tf.placeholder(tf.float32, [None]) for _ in range(3))
    value, update = make(y, x, w)
    with engine_session(engine) as sess:
        for _ in range(2):
            sess.run(tf.local_variables_initializer())
            assert sess.run(value) == 0
            last = [
                sess.run(update, dict(zip((y, x, w), batch, strict=True)))
                for batch in zip(LABELS, SCORES, WEIGHTS, strict=True)
            ][-1]
            assert sess.run(value) == pytest.approx(expected, rel=1e-4)
            assert last == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("method", ["trapezoidal", "minoring", "majoring"])
def test_area_under_the_curve(method: str) -> None:
    """The share of pairs of a yes and a no that the scores put in the right order."""
    positive, negative = SCORES[YES], SCORES[~YES]
    expected = (positive[:, None] > negative[None, :]).mean()
    value, update = tf.metrics.auc(LABELS, SCORES, num_thresholds=2000, summation_method=method)
    with tf.Session() as sess:
        sess.run(tf.local_variables_initializer())
        sess.run(update)
        assert sess.run(value) == pytest.approx(expected, abs=0.02)


def test_thresholds() -> None:
    limits = [0.25, 0.75]
    precision, update = tf.metrics.precision_at_thresholds(LABELS, SCORES, limits)
    counts, _ = tf.metrics.true_positives_at_thresholds(LABELS, SCORES, limits)
    with tf.Session() as sess:
        sess.run(tf.local_variables_initializer())
        expected = [(YES & (SCORES > t)).sum() / (SCORES > t).sum() for t in limits]
        np.testing.assert_allclose(sess.run(update), expected, rtol=1e-5)
        np.testing.assert_allclose(sess.run(precision), expected, rtol=1e-5)
        assert sess.run(counts).tolist() == [0.0, 0.0]


def test_classes_of_several_batches() -> None:
    labels, found = RANDOM.integers(0, 4, (2, 50)), RANDOM.integers(0, 4, (2, 50))
    y, x = tf.placeholder(tf.int32, [None]), tf.placeholder(tf.int32, [None])
    metrics = [tf.metrics.mean_iou(y, x, 5), tf.metrics.mean_per_class_accuracy(y, x, 4)]
    with tf.Session() as sess:
        sess.run(tf.local_variables_initializer())
        for batch in zip(labels, found, strict=True):
            matrix, _ = sess.run([u for _, u in metrics], dict(zip((y, x), batch, strict=True)))
        union, accuracy = sess.run([v for v, _ in metrics])
    hits = [((labels == c) & (found == c)).sum() for c in range(4)]
    either = [((labels == c) | (found == c)).sum() for c in range(4)]
    assert matrix.sum() == 100
    assert union == pytest.approx(np.mean(np.divide(hits, either)), rel=1e-5)
    assert accuracy == pytest.approx(
        np.mean([h / (labels == c).sum() for c, h in enumerate(hits)]), rel=1e-5
    )


def test_highest_k() -> None:
    scores = RANDOM.random((6, 5)).astype(np.float32)
    labels = np.array([[0, 1], [1, 2], [3, 4], [0, 4], [2, 3], [1, 4]])
    top = np.argsort(-scores, axis=1)[:, :3]
    hits = sum(len(set(t) & set(wanted)) for t, wanted in zip(top, labels, strict=True))
    metrics = [
        tf.metrics.recall_at_k(labels, scores, 3),
        tf.metrics.precision_at_k(labels, scores, 3),
    ]
    average = tf.metrics.average_precision_at_k(tf.constant(labels), scores, 3)
    with tf.Session() as sess:
        sess.run(tf.local_variables_initializer())
        got = sess.run([u for _, u in [*metrics, average]])
    expected = []
    for t, wanted in zip(top, labels, strict=True):
        right = np.isin(t, wanted)
        expected.append((np.cumsum(right) / [1, 2, 3] * right).sum() / 2)
    np.testing.assert_allclose(got, [hits / 12, hits / 18, np.mean(expected)])


def test_variables_are_local_and_collections_get_the_tensors() -> None:
    value, update = tf.metrics.mean([1.0], metrics_collections=["a", "b"], updates_collections="c")
    assert tf.get_collection("a") == tf.get_collection("b") == [value]
    assert tf.get_collection("c") == [update]
    names = [v.name for v in tf.local_variables()]
    assert names == ["mean/total:0", "mean/count:0"]
    assert tf.get_collection(tf.GraphKeys.METRIC_VARIABLES) == tf.local_variables()
    assert tf.global_variables() == []


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: tf.metrics.accuracy(LABELS, SCORES[:1]), r"Shapes \(1, 8\) and \(3, 8\)"),
        (lambda: tf.metrics.mean(SCORES, [1.0, 2.0]), "weights can not be broadcast to values"),
        (
            lambda: tf.metrics.auc(tf.constant(LABELS), tf.constant(SCORES), curve="X"),
            "curve must be either ROC or PR, X unknown",
        ),
        (
            lambda: tf.metrics.sensitivity_at_specificity(LABELS, SCORES, 1.5),
            r"`specificity` must be in the range \[0, 1\].",
        ),
        (
            lambda: tf.metrics.average_precision_at_k(tf.constant([[1]] * 3, tf.int64), SCORES, 0),
            "Invalid k=0.",
        ),
    ],
)
def test_errors(make: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_predictions_outside_of_the_unit_interval() -> None:
    x = tf.placeholder(tf.float32, [None])
    _, update = tf.metrics.auc([1.0], x)
    with tf.Session() as sess:
        sess.run(tf.local_variables_initializer())
        with pytest.raises(
            tf.errors.InvalidArgumentError, match=r"predictions must be in \[0, 1\]"
        ):
            sess.run(update, {x: [1.5]})
