"""The CTC loss and its decoders against all alignments, written out."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

import tflite_edu as tf


def run(fetches: Any) -> Any:
    with tf.Session() as session:
        return session.run(fetches)


def labelling(alignment: tuple[int, ...], blank: int) -> tuple[int, ...]:
    """What an alignment says: repetitions merged, then blanks left out."""
    merged = [a for a, _ in itertools.groupby(alignment)]
    return tuple(a for a in merged if a != blank)


def probabilities(logits: np.ndarray) -> dict[tuple[int, ...], float]:
    """The probability of every label sequence of logits `[time, classes]`."""
    exponentials = np.exp(logits)
    softmax = exponentials / exponentials.sum(-1, keepdims=True)
    found: dict[tuple[int, ...], float] = {}
    for alignment in itertools.product(range(logits.shape[1]), repeat=len(logits)):
        labels = labelling(alignment, logits.shape[1] - 1)
        step = np.prod([softmax[t, a] for t, a in enumerate(alignment)])
        found[labels] = found.get(labels, 0.0) + float(step)
    return found


LOGITS = np.random.RandomState(3).randn(5, 3, 4)
LABELS = [(0, 1), (2, 2), (1,)]
LENGTHS = [5, 4, 3]


def sparse(labels: list[tuple[int, ...]]) -> tf.SparseTensor:
    indices = [[b, i] for b, row in enumerate(labels) for i in range(len(row))]
    values = tf.constant([v for row in labels for v in row], tf.int32)
    return tf.SparseTensor(indices, values, [len(labels), max(map(len, labels))])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_loss_is_the_sum_over_all_alignments(dtype: Any) -> None:
    loss = run(tf.nn.ctc_loss(sparse(LABELS), tf.constant(LOGITS, dtype), LENGTHS))
    expected = [
        -np.log(probabilities(LOGITS[:length, b])[labels])
        for b, (labels, length) in enumerate(zip(LABELS, LENGTHS))
    ]
    assert loss.dtype == dtype
    np.testing.assert_allclose(loss, expected, rtol=1e-5 if dtype == np.float32 else 1e-12)


def test_gradient_is_finite_differences() -> None:
    x = tf.placeholder(tf.float64, LOGITS.shape)
    loss = tf.reduce_sum(tf.nn.ctc_loss(sparse(LABELS), x, LENGTHS) * [1.0, -2.0, 0.5])
    (slope,) = tf.gradients(loss, x)
    direction = np.random.RandomState(4).randn(*LOGITS.shape)
    with tf.Session() as session:
        value = session.run(slope, {x: LOGITS})
        ahead, behind = (session.run(loss, {x: LOGITS + h * direction}) for h in (1e-6, -1e-6))
    assert abs(np.sum(value * direction) - (ahead - behind) / 2e-6) < 1e-8
    assert not value[4, 1].any() and not value[3:, 2].any()


def test_beam_search_that_keeps_all_is_exact() -> None:
    decoded, scores = run(
        tf.nn.ctc_beam_search_decoder(
            tf.constant(LOGITS), LENGTHS, beam_width=1000, top_paths=4, merge_repeated=False
        )
    )
    for b, length in enumerate(LENGTHS):
        expected = probabilities(LOGITS[:length, b])
        best = sorted(expected, key=lambda labels: -expected[labels])[:4]
        for path, labels, score in zip(decoded, best, scores[b]):
            rows = path.indices[:, 0] == b
            assert tuple(path.values[rows].tolist()) == labels
            assert path.indices[rows, 1].tolist() == list(range(len(labels)))
            assert np.exp(score) == pytest.approx(expected[labels], rel=1e-9)


def test_greedy_labels_are_those_of_the_best_alignment() -> None:
    (decoded,), sums = run(tf.nn.ctc_greedy_decoder(LOGITS, LENGTHS))
    for b, length in enumerate(LENGTHS):
        best = tuple(LOGITS[:length, b].argmax(-1).tolist())
        assert tuple(decoded.values[decoded.indices[:, 0] == b].tolist()) == labelling(best, 3)
        assert sums[b, 0] == pytest.approx(-LOGITS[:length, b].max(-1).sum())


def test_long_batch_stays_finite() -> None:
    """Probabilities of long sequences are far below what a float holds."""
    random = np.random.RandomState(1)
    logits = random.randn(400, 8, 30).astype(np.float32) * 3
    labels = sparse([tuple(random.randint(0, 29, 50).tolist()) for _ in range(8)])
    x = tf.constant(logits)
    loss = tf.nn.ctc_loss(labels, x, [400] * 8)
    value, slope = run([loss, tf.gradients(loss, x)[0]])
    assert np.isfinite(value).all() and (value > 400).all()
    # The gradient of a softmax sums to 0 at each time.
    np.testing.assert_allclose(slope.sum(-1), 0, atol=2e-3)


def test_wrong_arguments() -> None:
    with pytest.raises(TypeError, match="Expected labels .first argument. to be a SparseTensor"):
        tf.nn.ctc_loss([1], LOGITS, LENGTHS)
    loss = tf.nn.ctc_loss(sparse([(0, 1), (2,), (1, 0, 1, 0)]), LOGITS, LENGTHS)
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        run(loss)
    assert str(caught.value).startswith(
        "Not enough time for target transition sequence (required: 4, available: 3)2You can turn "
        "this error into a warning by using the flag ignore_longer_outputs_than_inputs"
    )
    with pytest.raises(tf.errors.InvalidArgumentError, match="Less leaves in the beam search"):
        run(tf.nn.ctc_beam_search_decoder(LOGITS[:1, :, :2], [1, 1, 1], top_paths=9)[1])
