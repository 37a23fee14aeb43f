"""Initializers: their values, scales, configurations and checks."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pytest

import tflite_edu as tf


def value(tensor: tf.Tensor) -> Any:
    with tf.Session() as session:
        return session.run(tensor)


@pytest.mark.parametrize(
    ("initializer", "expected"),
    [
        (tf.zeros_initializer(), [[0, 0, 0], [0, 0, 0]]),
        (tf.ones_initializer(), [[1, 1, 1], [1, 1, 1]]),
        (tf.constant_initializer(0.5), [[0.5] * 3] * 2),
        (tf.constant_initializer([1, 2, 3, 4]), [[1, 2, 3], [4, 4, 4]]),
        (tf.constant_initializer(np.arange(6.0)), [[0, 1, 2], [3, 4, 5]]),
        (tf.initializers.identity(gain=2.0), [[2, 0, 0], [0, 2, 0]]),
    ],
)
def test_values(initializer: Any, expected: Any) -> None:
    result = value(initializer([2, 3]))
    assert result.dtype == np.float32
    assert result.tolist() == expected


def test_types() -> None:
    assert value(tf.zeros_initializer()([2], tf.string)).tolist() == [b"", b""]
    assert value(tf.ones_initializer(tf.bool)([1])).tolist() == [True]
    assert tf.random_normal_initializer(dtype=tf.float64)([2]).dtype == tf.float64
    assert tf.random_uniform_initializer(0, 10, dtype=tf.int32)([2]).dtype == tf.int32


@pytest.mark.parametrize(
    ("shape", "fan_in", "fan_out"),
    [([], 1, 1), ([3], 3, 3), ([3, 4], 3, 4), ([2, 2, 3, 4], 12, 16), ([5, 2, 2, 3, 4], 60, 80)],
)
def test_scales_of_variance_scaling(shape: list[int], fan_in: int, fan_out: int) -> None:
    units = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}
    for mode, count in units.items():
        uniform = tf.variance_scaling_initializer(2.0, mode, "uniform")(shape)
        limits = tf.get_default_graph().get_tensor_by_name(f"{uniform.op.name}/max:0")
        assert value(limits) == pytest.approx(math.sqrt(6.0 / count))
        normal = tf.variance_scaling_initializer(2.0, mode)(shape)
        stddev = tf.get_default_graph().get_tensor_by_name(f"{normal.op.name}/stddev:0")
        assert value(stddev) == pytest.approx(math.sqrt(2.0 / count) / 0.87962566103423978)


@pytest.mark.parametrize(
    ("initializer", "variance"),
    [
        (tf.glorot_uniform_initializer(seed=1), 2 / 300),
        (tf.glorot_normal_initializer(seed=1), 2 / 300),
        (tf.initializers.he_normal(seed=1), 2 / 200),
        (tf.initializers.he_uniform(seed=1), 2 / 200),
        (tf.initializers.lecun_normal(seed=1), 1 / 200),
        (tf.initializers.lecun_uniform(seed=1), 1 / 200),
        (tf.variance_scaling_initializer(3.0, "fan_out", "untruncated_normal", seed=1), 3 / 100),
        (tf.random_normal_initializer(0.0, 0.5, seed=1), 0.25),
        (tf.random_uniform_initializer(-1.0, 1.0, seed=1), 1 / 3),
        (tf.uniform_unit_scaling_initializer(2.0, seed=1), 4 / 200),
        (tf.keras.initializers.RandomNormal(seed=1), 0.05**2),
        (tf.keras.initializers.RandomUniform(seed=1), 0.05**2 / 3),
    ],
)
def test_variances(initializer: Any, variance: float) -> None:
    drawn = value(initializer([200, 100]))
    assert abs(drawn.mean()) < 0.05 * variance**0.5
    assert drawn.var() == pytest.approx(variance, rel=0.05)


def test_truncated_normal_stays_within_two_deviations() -> None:
    drawn = value(tf.truncated_normal_initializer(1.0, 0.5, seed=3)([1000]))
    assert np.abs(drawn - 1.0).max() <= 1.0
    drawn = value(tf.keras.initializers.TruncatedNormal(seed=3)([1000]))
    assert np.abs(drawn).max() <= 0.1


@pytest.mark.parametrize("shape", [[4, 4], [6, 3], [3, 6], [2, 3, 4], [3, 2, 8]])
def test_orthogonal(shape: list[int]) -> None:
    gain = 1.5
    matrix = value(tf.orthogonal_initializer(gain, seed=2)(shape)).reshape(-1, shape[-1]) / gain
    product = matrix.T @ matrix if matrix.shape[0] >= matrix.shape[1] else matrix @ matrix.T
    np.testing.assert_allclose(product, np.eye(len(product)), atol=1e-5)


def test_qr() -> None:
    a = np.random.default_rng(0).normal(size=(2, 4, 3))
    thin, full = tf.linalg.qr(a), tf.qr(a, full_matrices=True)
    assert [t.shape.as_list() for t in (*thin, *full)] == [
        [2, 4, 3],
        [2, 3, 3],
        [2, 4, 4],
        [2, 4, 3],
    ]
    for q, r in (value(thin), value(full)):
        np.testing.assert_allclose(q @ r, a, atol=1e-12)
        np.testing.assert_allclose(np.tril(r, -1), 0.0, atol=1e-12)
        np.testing.assert_allclose(
            q.swapaxes(1, 2) @ q, np.eye(q.shape[2])[None].repeat(2, 0), atol=1e-12
        )
    unknown = tf.linalg.qr(tf.placeholder(tf.float32, [None, 3]))
    assert [t.shape.as_list() for t in unknown] == [[None, None], [None, 3]]
    with pytest.raises(ValueError, match="Shape must be at least rank 2 but is rank 1 for 'Qr"):
        tf.linalg.qr(tf.placeholder(tf.float32, [2]))


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: tf.orthogonal_initializer()([2]), ValueError, "must be at least two-dimensional"),
        (lambda: tf.initializers.identity()([2]), ValueError, "can only be used for 2D matrices."),
        (
            lambda: tf.variance_scaling_initializer(0.0),
            ValueError,
            "`scale` must be positive float",
        ),
        (lambda: tf.variance_scaling_initializer(mode="x"), ValueError, "Invalid `mode` argument:"),
        (
            lambda: tf.variance_scaling_initializer(distribution="x"),
            ValueError,
            "Invalid `distribution` argument:",
        ),
        (
            lambda: tf.random_normal_initializer(dtype=tf.int32),
            ValueError,
            "Expected floating point type, got <dtype: 'int32'>.",
        ),
        (
            lambda: tf.constant_initializer(object()),
            TypeError,
            "Invalid type for initial value: <class 'object'>",
        ),
        (
            lambda: tf.constant_initializer([1, 2, 3])([2]),
            ValueError,
            "Too many elements provided.",
        ),
        (
            lambda: tf.constant_initializer([1, 2, 3], verify_shape=True)([5]),
            TypeError,
            "Expected Tensor's shape: (5,), got (3,).",
        ),
        (
            lambda: tf.random_uniform_initializer(dtype=tf.int32)([2]),
            ValueError,
            "Must specify maxval for integer dtype tf.int32",
        ),
    ],
)
def test_checks(make: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=re.escape(message)):
        make()


@pytest.mark.parametrize(
    "initializer",
    [
        tf.zeros_initializer(tf.int32),
        tf.ones_initializer(),
        tf.constant_initializer(3),
        tf.random_uniform_initializer(1, 2, seed=5),
        tf.random_normal_initializer(1.0, seed=5),
        tf.truncated_normal_initializer(stddev=2.0),
        tf.uniform_unit_scaling_initializer(3.0),
        tf.variance_scaling_initializer(2.0, "fan_avg"),
        tf.orthogonal_initializer(2.0),
        tf.initializers.identity(2.0),
        tf.glorot_normal_initializer(4),
        tf.glorot_uniform_initializer(4),
        tf.keras.initializers.RandomNormal(stddev=2.0),
    ],
)
def test_configuration_round_trip(initializer: Any) -> None:
    config = initializer.get_config()
    assert isinstance(initializer, tf.keras.initializers.Initializer)
    assert type(initializer).from_config(config).get_config() == config
    serialized = tf.keras.initializers.serialize(initializer)
    if type(initializer).__name__ not in ("UniformUnitScaling",):
        assert tf.keras.initializers.deserialize(serialized).get_config() == config


def test_keras_names() -> None:
    get = tf.keras.initializers.get
    assert isinstance(get("zeros"), tf.zeros_initializer)
    assert get("he_normal").get_config() == tf.initializers.he_normal().get_config()
    assert get({"class_name": "Constant", "config": {"value": 3}}).value == 3
    assert get(None) is None
    made = tf.ones_initializer()
    assert get(made) is made
    with pytest.raises(ValueError, match="Unknown initializer:nope"):
        get("nope")
    with pytest.raises(ValueError, match="Could not interpret initializer identifier: 3"):
        get(3)
    custom = tf.keras.initializers.deserialize("mine", {"mine": tf.ones_initializer})
    assert isinstance(custom, tf.ones_initializer)


def test_seeds_give_the_numbers_of_tensorflow() -> None:
    drawn = value(tf.random_normal_initializer(seed=1)([3]))
    again = value(tf.random_normal_initializer(seed=1)([3]))
    np.testing.assert_array_equal(drawn, again)
    np.testing.assert_allclose(drawn, [-0.8113182, 1.4845988, 0.06532937], rtol=1e-6)
