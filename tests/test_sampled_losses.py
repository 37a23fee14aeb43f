"""Candidate samplers and the losses over samples of classes, against what they stand for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tflite_edu as tf

CLASSES, DIM = 12, 3
RANDOM = np.random.RandomState(3)
WEIGHTS = RANDOM.randn(CLASSES, DIM).astype(np.float32)
BIASES = RANDOM.randn(CLASSES).astype(np.float32)
INPUTS = RANDOM.randn(4, DIM).astype(np.float32)
LABELS = np.array([[0], [1], [5], [11]])
COUNTS = [1.0, 2.0, 3.0, 4.0]


def run(*fetches: Any) -> Any:
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        values = session.run(list(fetches))
    return values[0] if len(fetches) == 1 else values


def tensors() -> list[tf.Tensor]:
    """Weights, biases, labels and inputs."""
    return [tf.constant(a) for a in (WEIGHTS, BIASES, LABELS, INPUTS)]


def test_softmax_over_all_classes_is_the_exact_one() -> None:
    weights, biases, labels, inputs = tensors()
    every = tf.nn.all_candidate_sampler(labels, 1, CLASSES, True)
    sampled = tf.nn.sampled_softmax_loss(
        weights, biases, labels, inputs, CLASSES, CLASSES, sampled_values=every
    )
    logits = tf.matmul(inputs, weights, transpose_b=True) + biases
    exact = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels[:, 0], logits=logits)
    slopes = [
        [tf.convert_to_tensor(g) for g in tf.gradients(loss, [weights, biases, inputs])]
        for loss in (sampled, exact)
    ]
    own, expected = run([sampled, slopes[0]], [exact, slopes[1]])
    np.testing.assert_allclose(own[0], expected[0], rtol=1e-5)
    for a, b in zip(own[1], expected[1]):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("removed", [False, True])
def test_nce_is_its_formula(removed: bool) -> None:
    weights, biases, labels, inputs = tensors()
    sampled = np.array([5, 0, 7, 5, 2])
    counts = np.array([0.5, 1.5, 0.25, 0.5, 0.75], np.float32)
    true_counts = np.array([[1.5], [0.125], [0.5], [2.0]], np.float32)
    values = [tf.constant(v) for v in (sampled, true_counts, counts)]
    loss = tf.nn.nce_loss(
        weights,
        biases,
        labels,
        inputs,
        len(sampled),
        CLASSES,
        sampled_values=values,
        remove_accidental_hits=removed,
    )
    logits = INPUTS @ WEIGHTS.T + BIASES
    true = np.take_along_axis(logits, LABELS, 1) - np.log(true_counts)
    noise = logits[:, sampled] - np.log(counts)
    terms = np.log1p(np.exp(noise))
    if removed:
        terms[0, 1] = 0
        # of the class that was drawn twice, the last draw alone
        terms[2, 3] = 0
    expected = np.log1p(np.exp(-true)).sum(1) + terms.sum(1)
    np.testing.assert_allclose(run(loss), expected, rtol=1e-5)


@pytest.mark.parametrize("loss", [tf.nn.nce_loss, tf.nn.sampled_softmax_loss])
@pytest.mark.parametrize("strategy", ["mod", "div"])
def test_partitions_hold_the_same_classes(loss: Any, strategy: str) -> None:
    weights, biases, labels, inputs = tensors()
    parts = [WEIGHTS[k::3] for k in range(3)] if strategy == "mod" else np.split(WEIGHTS, 3)
    sampled = tf.nn.uniform_candidate_sampler(labels, 1, 5, True, CLASSES, seed=2)
    rest = [biases, labels, inputs, 5, CLASSES]
    whole = loss(weights, *rest, sampled_values=sampled)
    spread = loss(
        [tf.constant(p) for p in parts], *rest, sampled_values=sampled, partition_strategy=strategy
    )
    np.testing.assert_allclose(*run(whole, spread), rtol=1e-5)


@pytest.mark.parametrize("use_resource", [False, True])
def test_variables_learn(use_resource: bool) -> None:
    _, biases, labels, inputs = tensors()
    table = tf.get_variable(
        "table",
        [CLASSES, DIM],
        initializer=tf.zeros_initializer(),
        partitioner=tf.fixed_size_partitioner(2),
        use_resource=use_resource,
    )
    loss = tf.reduce_mean(
        tf.nn.sampled_softmax_loss(
            table, biases, labels, inputs, 6, CLASSES, partition_strategy="div", seed=1
        )
    )
    step = tf.train.GradientDescentOptimizer(1.0).minimize(loss)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        losses = [session.run([loss, step])[0] for _ in range(40)]
    assert np.mean(losses[-5:]) < 0.5 * np.mean(losses[:5])


def test_several_true_classes_share_the_label() -> None:
    weights, biases, _, inputs = tensors()
    labels = tf.constant(np.hstack([LABELS, LABELS]))
    once = tf.nn.uniform_candidate_sampler(tf.constant(LABELS), 1, 5, True, CLASSES, seed=2)
    twice = tf.nn.uniform_candidate_sampler(labels, 2, 5, True, CLASSES, seed=2)
    double = tf.nn.nce_loss(
        weights, biases, labels, inputs, 5, CLASSES, num_true=2, sampled_values=twice
    )
    single = tf.nn.nce_loss(
        weights, biases, tf.constant(LABELS), inputs, 5, CLASSES, sampled_values=once
    )
    logits = INPUTS @ WEIGHTS.T + BIASES
    doubled, one, expected = run(double, single, once[1])
    true = (np.take_along_axis(logits, LABELS, 1) - np.log(expected))[:, 0]
    # log(1 + exp(x)) - x / 2 twice in place of log(1 + exp(x)) - x
    np.testing.assert_allclose(doubled - one, np.log1p(np.exp(true)), rtol=1e-4)


@pytest.mark.parametrize("distortion", [1.0, 0.5])
def test_unigrams_come_in_proportion_to_their_counts(distortion: float) -> None:
    sampled, _, expected = run(
        tf.nn.fixed_unigram_candidate_sampler(
            [[0]], 1, 20000, False, 4, distortion=distortion, unigrams=COUNTS, seed=4
        )
    )
    share = np.array(COUNTS) ** distortion
    share /= share.sum()
    np.testing.assert_allclose(np.bincount(sampled) / 20000, share, atol=0.015)
    np.testing.assert_allclose(expected, share[sampled] * 20000, rtol=1e-5)


def from_file(path: Path, range_max: int = 4) -> Any:
    tf.set_random_seed(1)
    return tf.nn.fixed_unigram_candidate_sampler(
        [[1, 3]], 2, 2, True, range_max, vocab_file=str(path), seed=2
    )


def test_counts_are_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "words"
    path.write_text("a,1\nb,2\nc,x,3\n,4\n")
    outputs = from_file(path)
    with tf.Session() as session:
        first, second = session.run(outputs), session.run(outputs)
    assert [first[0].tolist(), second[0].tolist()] == [[3, 1], [2, 1]]
    np.testing.assert_allclose(first[1], [[0.4, 0.8]], rtol=1e-6)


def test_bad_counts_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "words"
    with pytest.raises(tf.errors.NotFoundError, match="words; No such file or directory"):
        run(from_file(path)[0])
    path.write_text("a,1\nb,many\n")
    with pytest.raises(tf.errors.InvalidArgumentError, match="format at line: b,many"):
        run(from_file(path)[0])
    path.write_text("a,1\nb,2\n")
    with pytest.raises(tf.errors.InvalidArgumentError, match="range_max is 4, but 2 classes"):
        run(from_file(path)[0])


def test_classes_that_never_come_are_not_waited_for() -> None:
    sampler = tf.nn.fixed_unigram_candidate_sampler([[0]], 1, 3, True, 3, unigrams=[1.0, 0.0, 1.0])
    with pytest.raises(tf.errors.InvalidArgumentError, match="Sampler's range is too small"):
        run(sampler[0])


def test_labels_of_another_width_are_refused() -> None:
    weights, biases, labels, inputs = tensors()
    wide = tf.concat([labels, labels], 1)
    with pytest.raises(ValueError, match="Dimensions must be equal, but are 4 and 8"):
        tf.nn.nce_loss(weights, biases, wide, inputs, 4, CLASSES)
    unknown = tf.placeholder_with_default(np.hstack([LABELS, LABELS]), None)
    loss = tf.nn.nce_loss(weights, biases, unknown, inputs, 4, CLASSES)
    with pytest.raises(tf.errors.InvalidArgumentError, match="expected: 2 was: 1"):
        run(loss)
