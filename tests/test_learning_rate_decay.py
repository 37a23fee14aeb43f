"""Learning rates that fall with the steps follow their formulas."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tflite_edu as tf

STEPS = [0, 1, 3, 4, 9, 20]


def _part(passed: float) -> float:
    """How far a decay is that begins again after 1, 1 + 2, 1 + 2 + 4 ... of its first length."""
    length = 1
    while passed >= length:
        passed, length = passed - length, length * 2
    return passed / length


DECAYS: dict[str, tuple[Callable[[Any], Any], Callable[[int], float]]] = {
    "exponential": (
        lambda s: tf.train.exponential_decay(0.1, s, 4, 0.5),
        lambda s: 0.1 * 0.5 ** (s / 4),
    ),
    "staircase": (
        lambda s: tf.train.exponential_decay(0.1, s, 4, 0.5, staircase=True),
        lambda s: 0.1 * 0.5 ** (s // 4),
    ),
    "natural": (
        lambda s: tf.train.natural_exp_decay(0.1, s, 4, 0.5),
        lambda s: 0.1 * math.exp(-0.5 * s / 4),
    ),
    "inverse": (
        lambda s: tf.train.inverse_time_decay(0.1, s, 4, 0.5),
        lambda s: 0.1 / (1 + 0.5 * s / 4),
    ),
    "piecewise": (
        lambda s: tf.train.piecewise_constant(s, [3, 9], [0.3, 0.2, 0.1]),
        lambda s: 0.3 if s <= 3 else 0.2 if s <= 9 else 0.1,
    ),
    "polynomial again": (
        lambda s: tf.train.polynomial_decay(0.1, s, 8, 0.01, power=2.0, cycle=True),
        lambda s: 0.09 * (1 - s / (8 * max(1, math.ceil(s / 8)))) ** 2 + 0.01,
    ),
    "cosine again": (
        lambda s: tf.train.cosine_decay_restarts(0.1, s, 4, t_mul=1.0, m_mul=0.5),
        lambda s: 0.1 * 0.5 ** (s // 4) * (1 + math.cos(math.pi * (s % 4) / 4)) / 2,
    ),
    "cosine growing": (
        lambda s: tf.train.cosine_decay_restarts(0.1, s, 4.5, alpha=0.2),
        lambda s: 0.1 * (0.8 * (1 + math.cos(math.pi * _part(s / 4.5))) / 2 + 0.2),
    ),
    "polynomial": (
        lambda s: tf.train.polynomial_decay(0.1, s, 10, 0.01, power=2.0),
        lambda s: 0.09 * (1 - min(s, 10) / 10) ** 2 + 0.01,
    ),
    "cosine": (
        lambda s: tf.train.cosine_decay(0.1, s, 10, alpha=0.2),
        lambda s: 0.1 * (0.8 * (1 + math.cos(math.pi * min(s, 10) / 10)) / 2 + 0.2),
    ),
    "linear cosine": (
        lambda s: tf.train.linear_cosine_decay(0.1, s, 10, num_periods=2.0, alpha=0.1, beta=0.01),
        lambda s: (
            0.1
            * (
                (0.1 + 1 - min(s, 10) / 10) * (1 + math.cos(4 * math.pi * min(s, 10) / 10)) / 2
                + 0.01
            )
        ),
    ),
}


@pytest.mark.parametrize("name", DECAYS)
def test_learning_rates(name: str) -> None:
    make, expected = DECAYS[name]
    step = tf.placeholder(tf.int64, [])
    rate = make(step)
    assert rate.shape == () and rate.dtype == tf.float32
    with tf.Session() as sess:
        found = [float(sess.run(rate, {step: s})) for s in STEPS]
    assert found == pytest.approx([expected(s) for s in STEPS], rel=2e-5, abs=1e-8)


def test_noise_of_a_learning_rate_shrinks() -> None:
    step = tf.placeholder(tf.int64, [])
    rate = tf.train.noisy_linear_cosine_decay(1.0, step, 1000, 1.0, 2.0)
    steady = tf.train.linear_cosine_decay(1.0, step, 1000)
    with tf.Session() as sess:
        noise = [
            np.std([np.subtract(*sess.run([rate, steady], {step: s})) for _ in range(20)])
            for s in (1, 100)
        ]
    assert noise[0] > 0.1 and noise[1] < 0.1


def test_a_learning_rate_needs_a_step() -> None:
    for make in (tf.train.exponential_decay, tf.train.inverse_time_decay):
        with pytest.raises(ValueError, match="None values not supported"):
            make(0.1, None, 2, 0.5)
