"""Losses: against numpy, with weights and reductions, as gradients to train by, their errors."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tflite_edu as tf

Y = np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]], np.float32)
X = np.array([[0.9, 0.25, 0.5], [0.125, 0.75, 0.4]], np.float32)
WEIGHTS = np.array([[2.0], [0.0]], np.float32)


def softplus(x: np.ndarray) -> np.ndarray:
    return np.log1p(np.exp(x))


ELEMENTS: dict[str, tuple[Callable[..., Any], np.ndarray]] = {
    "absolute_difference": (tf.losses.absolute_difference, np.abs(X - Y)),
    "mean_squared_error": (tf.losses.mean_squared_error, (X - Y) ** 2),
    "hinge_loss": (tf.losses.hinge_loss, np.maximum(0, 1 - (2 * Y - 1) * X)),
    "log_loss": (tf.losses.log_loss, -Y * np.log(X + 1e-7) - (1 - Y) * np.log(1 - X + 1e-7)),
    "sigmoid_cross_entropy": (tf.losses.sigmoid_cross_entropy, softplus(X) - X * Y),
    "huber_loss": (
        lambda y, x, **k: tf.losses.huber_loss(y, x, delta=0.5, **k),
        np.where(np.abs(X - Y) <= 0.5, (X - Y) ** 2 / 2, 0.5 * np.abs(X - Y) - 0.125),
    ),
}


@pytest.mark.parametrize("name", ELEMENTS)
def test_loss_of_each_element(name: str) -> None:
    loss, expected = ELEMENTS[name]
    with tf.Session() as sess:
        got = sess.run(loss(Y, X, reduction=tf.losses.Reduction.NONE))
    np.testing.assert_allclose(got, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("reduction", "expected"),
    [
        ("weighted_sum", 24.0),
        ("weighted_mean", 24 / 6),
        ("weighted_sum_over_batch_size", 24 / 6),
        ("weighted_sum_by_nonzero_weights", 24 / 3),
    ],
)
@pytest.mark.parametrize("dynamic", [False, True])
def test_reduction(reduction: str, expected: float, dynamic: bool) -> None:
    losses = np.array([[3.0, 4.0, 5.0], [6.0, 7.0, 8.0]], np.float32)
    placeholders = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
    given = placeholders if dynamic else (losses, WEIGHTS)
    loss = tf.losses.compute_weighted_loss(*given, reduction=reduction)
    with tf.Session() as sess:
        got = sess.run(loss, dict(zip(placeholders, (losses, WEIGHTS), strict=True)))
    assert got == pytest.approx(expected)


def test_no_weight_gives_zero_and_no_elements_too() -> None:
    empty = tf.losses.mean_squared_error(np.zeros((0, 2)), np.zeros((0, 2)))
    unweighted = tf.losses.mean_squared_error(Y, X, weights=0.0)
    pairwise = tf.losses.mean_pairwise_squared_error(Y, X, weights=0.0)
    with tf.Session() as sess:
        assert sess.run([empty, unweighted, pairwise]) == [0.0, 0.0, 0.0]


def test_pairwise_loss_is_the_mean_over_pairs() -> None:
    errors = X - Y
    pairs = [(i, j) for i in range(3) for j in range(3) if i != j]
    expected = sum(np.mean([(e[i] - e[j]) ** 2 for i, j in pairs]) for e in errors)
    with tf.Session() as sess:
        got = sess.run(tf.losses.mean_pairwise_squared_error(Y, X))
    assert got == pytest.approx(expected, rel=1e-5)


def test_softmax_losses_agree_and_labels_are_smoothed() -> None:
    logits = np.array([[1.0, 2.0, 0.5], [0.0, -1.0, 3.0]], np.float32)
    onehot = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], np.float32)
    smooth = onehot * 0.7 + 0.1
    log_p = logits - np.log(np.exp(logits).sum(1, keepdims=True))
    losses = [
        tf.losses.softmax_cross_entropy(onehot, logits),
        tf.losses.sparse_softmax_cross_entropy([1, 2], logits),
        tf.losses.sparse_softmax_cross_entropy([[1], [2]], logits, [[1.0], [1.0]]),
        tf.losses.softmax_cross_entropy(onehot, logits, label_smoothing=0.3),
    ]
    with tf.Session() as sess:
        got = sess.run(losses)
    plain = -(onehot * log_p).sum(1).mean()
    np.testing.assert_allclose(got[:3], [plain] * 3, rtol=1e-5)
    assert got[3] == pytest.approx(-(smooth * log_p).sum(1).mean(), rel=1e-5)


def test_poisson_loss_with_stirling() -> None:
    counts = np.array([0.0, 1.0, 20.0])
    full = tf.nn.log_poisson_loss(counts, np.log([2.0, 2.0, 18.0]), compute_full_loss=True)
    with tf.Session() as sess:
        got = sess.run(full)
    exact = [
        m - c * math.log(m) + math.lgamma(c + 1) for c, m in zip(counts, (2, 2, 18), strict=True)
    ]
    np.testing.assert_allclose(got, exact, rtol=2e-3)


@pytest.mark.parametrize("engine", ["numpy", "reference"])
@pytest.mark.parametrize(
    "loss",
    [
        tf.losses.sigmoid_cross_entropy,
        tf.losses.hinge_loss,
        tf.losses.huber_loss,
        tf.losses.mean_pairwise_squared_error,
    ],
)
def test_training_lowers_the_loss(
    loss: Callable[..., Any], engine: str, engine_session: Callable[[str], tf.Session]
) -> None:
    random = np.random.default_rng(3)
    inputs = random.normal(size=(40, 3)).astype(np.float32)
    labels = (inputs @ [[1.0, -1.0], [2.0, 0.5], [-1.0, 1.0]] > 0).astype(np.float32)
    x, y = tf.placeholder(tf.float32, [None, 3]), tf.placeholder(tf.float32, [None, 2])
    w = tf.get_variable("w", [3, 2], initializer=tf.zeros_initializer())
    loss(y, tf.matmul(x, w))
    total = tf.losses.get_total_loss()
    train = tf.train.AdamOptimizer(0.05).minimize(total)
    with engine_session(engine) as sess:
        sess.run(tf.global_variables_initializer())
        feed = {x: inputs, y: labels}
        before = sess.run(total, feed)
        for _ in range(25):
            sess.run(train, feed)
        assert sess.run(total, feed) < 0.9 * before


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: tf.losses.mean_squared_error(None, X), "labels must not be None."),
        (lambda: tf.losses.mean_squared_error(Y, X[:1]), r"Shapes \(1, 3\) and \(2, 3\)"),
        (lambda: tf.losses.mean_squared_error(Y, X, reduction="sum"), "Invalid Reduction Key sum."),
        (
            lambda: tf.losses.compute_weighted_loss(X, [1.0, 2.0]),
            r"weights can not be broadcast to values. values.rank=2. weights.rank=1.",
        ),
        (
            lambda: tf.losses.compute_weighted_loss(X, [[1.0, 2.0]]),
            r"Mismatch at dim 1. values.shape=\[2 3\] weights.shape=\[1 2\].",
        ),
        (lambda: tf.losses.cosine_distance(Y, X), "You must specify 'axis'."),
        (lambda: tf.losses.get_total_loss(), "inputs must be a list of at least one Tensor"),
    ],
)
def test_errors(make: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()
    assert tf.losses.get_losses() == []


def test_weights_that_do_not_fit_show_in_a_run() -> None:
    values, weights = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
    loss = tf.losses.compute_weighted_loss(values, weights)
    with tf.Session() as sess:
        with pytest.raises(tf.errors.InvalidArgumentError, match="can not be broadcast to values"):
            sess.run(loss, {values: [[1.0, 2.0]], weights: [[1.0], [2.0]]})
        assert sess.run(loss, {values: [[1.0, 2.0]], weights: [[4.0]]}) == 6.0


@pytest.mark.parametrize("operation", ["union", "intersection", "difference"])
def test_set_operations_are_pythons(operation: str) -> None:
    random = np.random.default_rng(5)
    a, b = random.integers(0, 9, (3, 2, 6)), random.integers(0, 9, (3, 2, 4))
    with tf.Session() as sess:
        got = sess.run(tf.sparse.to_dense(getattr(tf.sets, operation)(a, b), default_value=-1))
        empty = sess.run(getattr(tf.sets, operation)(a[:, :0], b[:, :0]))
    sets = zip(got.reshape(6, -1), a.reshape(6, -1), b.reshape(6, -1), strict=True)
    for rows, one, other in sets:
        expected = getattr(set(one.tolist()), operation)(other.tolist())
        assert rows[rows >= 0].tolist() == sorted(expected)
    assert empty.values.size == 0
    assert empty.dense_shape.tolist() == [3, 0, 0]
