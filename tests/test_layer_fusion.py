"""Convolution, bias, ReLU and pooling as one step of the numpy engine: the same values as apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from conftest import ENGINES

import tflite_edu as tf
from tflite_edu.core import raw
from tflite_edu.engines import convolution, threads


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(convolution, "BLOCK_BYTES", 1 << 12)
    monkeypatch.setattr(convolution, "_LEAST_ROWS", 16)
    threads.set_threads(3)
    yield
    threads.set_threads(0)


def wave(*shape: int, dtype: Any = np.float32) -> Any:
    return np.sin(1.3 * np.arange(np.prod(shape)) ** 1.1).reshape(shape).astype(dtype)


def source(fetches: Any, feed: Any = None) -> str:
    with tf.Session() as session:
        return str(session.compilation(fetches, feed).source)


def check_agreement(fetches: list[Any], feed: Any = None) -> list[Any]:
    found = []
    for engine in ENGINES:
        with tf.Session(engine=engine) as session:
            session.run(tf.global_variables_initializer())
            found.append(session.run(fetches, feed))
    for own, plain in zip(*found, strict=True):
        assert own.shape == plain.shape and own.dtype == plain.dtype
        np.testing.assert_allclose(own, plain, 1e-5, 1e-5)
    return found[0]


def add_bias(value: Any, bias: Any) -> Any:
    return value + bias


def add_to_bias(value: Any, bias: Any) -> Any:
    return bias + value


@pytest.mark.parametrize("added", [tf.nn.bias_add, add_bias, add_to_bias, None])
@pytest.mark.parametrize("rectified", [True, False])
@pytest.mark.parametrize("pooling", [None, [2, 2], [3, 1], [1, 4], [1, 1]])
@pytest.mark.parametrize("kept", [True, False])
def test_layer(added: Any, rectified: bool, pooling: Any, kept: bool) -> None:
    image = tf.placeholder(tf.float32, [None, 12, 8, 3])
    h = tf.nn.conv2d(image, wave(3, 3, 3, 4), 1, "SAME")
    if added:
        h = added(h, wave(4))
    if rectified:
        h = tf.nn.relu(h)
    fetched = [h] if kept else []
    if pooling:
        h = tf.nn.max_pool(h, pooling, pooling, "VALID")
    feed = {image: wave(5, 12, 8, 3)}
    check_agreement([*fetched, h], feed)
    if added or rectified or pooling:
        written = source([*fetched, h], feed)
        (line,) = [line for line in written.splitlines() if "ConvolutionLayer_" in line]
        assert ("MaxPool" in line.partition("#")[2]) == bool(pooling)
        assert not any(name in written for name in ("np.add", "np.maximum", "MaxPool_"))
        # Nothing speaks of a batch of a known size.
        assert "ConvolutionLayer_" in source([*fetched, h], {image: None})


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("padding", ["SAME", "VALID"])
def test_training_step(dtype: Any, padding: str) -> None:
    image = tf.constant(wave(3, 13, 10, 2, dtype=dtype))
    window, bias = tf.Variable(wave(2, 3, 2, 4, dtype=dtype)), tf.Variable(wave(4, dtype=dtype))
    h = tf.nn.relu(tf.nn.bias_add(tf.nn.conv2d(image, window, [1, 1, 2, 1], padding), bias))
    pooled = tf.nn.max_pool(h, 2, 2, padding)
    loss = tf.reduce_sum(pooled * pooled)
    train = tf.train.GradientDescentOptimizer(0.01).minimize(loss)
    with tf.control_dependencies([train]):
        after = [window.read_value(), bias.read_value()]
    check_agreement([loss, *after])


def test_empty_batch() -> None:
    image = tf.placeholder(tf.float32, [None, 4, 4, 1])
    h = tf.nn.relu(tf.nn.conv2d(image, wave(3, 3, 1, 2), 1, "SAME") + wave(2))
    fetches = [h, tf.nn.max_pool(h, 2, 2, "SAME")]
    assert [v.shape for v in check_agreement(fetches, {image: wave(0, 4, 4, 1)})] == [
        (0, 4, 4, 2),
        (0, 2, 2, 2),
    ]


def test_not_a_number_stays_one() -> None:
    image = wave(1, 4, 4, 1)
    image[0, 1, 1] = np.nan
    image[0, 3, 3] = np.inf
    h = tf.nn.relu(tf.nn.conv2d(image, wave(1, 1, 1, 3), 1, "SAME") + wave(3))
    (pooled,) = check_agreement([tf.nn.max_pool(h, 2, 2, "SAME")])
    assert np.isnan(pooled[0, 0, 0]).all()


@pytest.mark.parametrize(
    "make",
    [
        lambda h: h + wave(4, 1, 4)[:, :, :1],
        lambda h: h + wave(1, 1, 1, 4),
        lambda h: h + h,
        lambda h: tf.nn.max_pool(h, 3, 2, "SAME"),
        lambda h: tf.nn.max_pool(h, 3, 3, "SAME"),
        lambda h: tf.nn.max_pool(h, [1, 1, 1, 2], [1, 1, 1, 2], "SAME"),
        lambda h: tf.nn.relu6(h),
    ],
)
def test_what_is_no_layer(make: Any) -> None:
    made = make(tf.nn.conv2d(wave(2, 4, 4, 2), tf.Variable(wave(2, 2, 2, 4)), 1, "SAME"))
    check_agreement([made])
    assert "ConvolutionLayer" not in source(made)


def test_half_precision_is_rounded_after_each_step() -> None:
    image, window = (wave(*shape, dtype=np.float16) for shape in ((2, 4, 4, 2), (2, 2, 2, 4)))
    x = tf.placeholder(tf.float16, image.shape)
    h = tf.nn.relu(tf.nn.bias_add(tf.nn.conv2d(x, window, 1, "SAME"), wave(4, dtype=np.float16)))
    assert "ConvolutionLayer" not in source(h, {x: image})
    check_agreement([h], {x: image})


@pytest.mark.parametrize("engine", ENGINES)
def test_assignment_between_the_steps_of_a_layer(engine: str) -> None:
    image, window = tf.constant(wave(1, 4, 4, 1)), tf.Variable(np.ones([1, 1, 1, 1], np.float32))
    before = tf.nn.conv2d(image, window, 1, "SAME")
    with tf.control_dependencies([before]):
        assigned = window.assign(tf.zeros([1, 1, 1, 1]))
    with tf.control_dependencies([assigned]):
        h = tf.nn.bias_add(before, tf.constant([1.0]))
    with tf.Session(engine=engine) as session:
        session.run(window.initializer)
        np.testing.assert_allclose(session.run(h), wave(1, 4, 4, 1) + 1, 1e-6)


@pytest.mark.parametrize("size", [2, 3])
def test_gradient_of_relu_before_pooling(size: int) -> None:
    x = tf.placeholder(tf.float32, [2, 6, 6, 3])
    h = tf.nn.relu(x)
    pooled = tf.nn.max_pool(h, size, 2, "SAME")
    (gradient,) = tf.gradients(pooled, x, wave(2, 3, 3, 3))
    written = source(gradient, {x: wave(2, 6, 6, 3)})
    assert "MaxPool > 0" in written and "Relu > 0" not in written
    check_agreement([gradient], {x: np.round(wave(2, 6, 6, 3) * 2)})


def test_gradient_of_relu_after_a_pooling_of_something_else() -> None:
    x = tf.placeholder(tf.float32, [1, 4, 4, 1])
    other = tf.nn.max_pool(tf.abs(x), 2, 2, "SAME")
    handed = raw.MaxPoolGrad(
        x,
        other,
        tf.ones([1, 2, 2, 1]),
        ksize=[1, 2, 2, 1],
        strides=[1, 2, 2, 1],
        padding="SAME",
    )
    check_agreement([raw.ReluGrad(handed, x)], {x: wave(1, 4, 4, 1)})


@pytest.mark.parametrize("engine", ENGINES)
def test_what_does_not_fit_names_the_convolution(engine: str) -> None:
    image = tf.placeholder(tf.float32, [None, 4, 4, None])
    h = tf.nn.conv2d(image, tf.Variable(wave(1, 1, 2, 3)), 1, "SAME", name="first")
    h = tf.nn.relu(tf.nn.bias_add(h, wave(3)))
    with tf.Session(engine=engine) as session:
        session.run(tf.global_variables_initializer())
        with pytest.raises(tf.errors.InvalidArgumentError, match="evenly divisible") as caught:
            session.run(h, {image: wave(1, 4, 4, 3)})
    assert caught.value.op.name == "first"
