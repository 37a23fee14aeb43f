"""Who shares a program's work out to the cores, and the values whichever does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import tflite_edu as tf
from tflite_edu.engines import threads


@pytest.fixture(autouse=True)
def graph() -> Iterator[None]:
    with tf.Graph().as_default():
        yield
    threads.set_threads(0)


def perceptron(batch: int) -> tuple[Any, list[Any], dict[Any, Any]]:
    """The training step of a perceptron, what it computes, and feeds."""
    random = np.random.RandomState(0)
    x = tf.placeholder(tf.float32, [None, 300], name="x")
    w, v = (
        tf.Variable(random.randn(*shape).astype(np.float32) * 0.1)
        for shape in ((300, 200), (200, 200))
    )
    loss = tf.reduce_mean(tf.square(tf.matmul(tf.nn.relu(tf.matmul(x, w)), v)))
    train = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    return train, [loss, w, v], {x: random.rand(batch, 300)}


def test_products_without_other_large_work_are_left_to_openblas() -> None:
    train, fetches, feeds = perceptron(batch=64)
    with tf.Session() as session:
        source = session.compilation([train, *fetches], feeds).source
    assert source.count("np.matmul(") == 5
    assert "blas." not in source
    assert "run_blocks" not in source


def test_several_long_products_take_one_thread_each() -> None:
    x = tf.placeholder(tf.float32, [512, 512], name="x")
    one, two = tf.matmul(x, x), tf.matmul(tf.matmul(x, x), x)
    feeds = {x: np.eye(512, dtype=np.float32) * 2}
    with tf.Session() as session:
        source = session.compilation(two, feeds).source
        assert source.count("blas.matmul(") == 2 and "blas.one_thread()" in source
        assert "blas" not in session.compilation(one, feeds).source
        np.testing.assert_array_equal(session.run(two, feeds), feeds[x] * 4)


def test_products_beside_images_take_one_thread_each() -> None:
    x = tf.placeholder(tf.float32, [None, 16, 16, 2], name="x")
    w = tf.ones([3, 3, 2, 8])
    hidden = tf.reshape(tf.nn.conv2d(x, w, [1, 1, 1, 1], "SAME"), [-1, 2048])
    y = tf.matmul(hidden, tf.ones([2048, 300]))
    with tf.Session() as session:
        feeds = {x: np.ones((64, 16, 16, 2))}
        source = session.compilation(y, feeds).source
        assert "blas.one_thread()" in source
        assert "blas.matmul(" in source
        np.testing.assert_allclose(
            session.run(y, feeds)[:, 0].max(), 8 * (14 * 14 * 18 + 4 * 14 * 12 + 4 * 8)
        )


def test_products_beside_very_many_numbers_take_one_thread_each() -> None:
    x = tf.placeholder(tf.float32, [None], name="x")
    a = tf.placeholder(tf.float32, [None, None], name="a")
    fetches = [tf.exp(x) * 2.0, tf.matmul(a, a)]
    feeds = {x: np.zeros(4_200_000), a: np.ones((70, 70))}
    with tf.Session() as session:
        source = session.compilation(fetches, feeds).source
        assert "blas.one_thread()" in source and "run_blocks(" in source
        feeds[x] = np.zeros(400_000)
        assert "one_thread" not in session.compilation(fetches, feeds).source


@pytest.mark.parametrize("batch", (64, 601))
def test_a_step_does_not_depend_on_the_number_of_threads(batch: int) -> None:
    train, fetches, feeds = perceptron(batch)
    found = []
    for count in (1, 2, 5):
        threads.set_threads(count)
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            for _ in range(2):
                session.run(train, feeds)
            found.append([np.asarray(v).tobytes() for v in session.run(fetches, feeds)])
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize("engine", ("numpy", "reference"))
@pytest.mark.parametrize("transposed", (False, True))
def test_a_product_of_a_column_and_a_row(engine: str, transposed: bool) -> None:
    shape = [1, None] if transposed else [None, 1]
    a = tf.placeholder(tf.float32, shape)
    b = tf.placeholder(tf.float32, shape[::-1])
    y = tf.matmul(a, b, transpose_a=transposed, transpose_b=transposed)
    column = np.arange(5.0)[:, None]
    row = np.arange(3.0)[None] - 1
    with tf.Session(engine=engine) as session:
        feeds = {a: column.T if transposed else column, b: row.T if transposed else row}
        np.testing.assert_array_equal(session.run(y, feeds), column * row)
        if engine == "numpy":
            assert "np.multiply(" in session.compilation(y, feeds).source


@pytest.mark.parametrize("shape", ((5000, 7), (600, 32), (40, 5, 6, 3)))
@pytest.mark.parametrize("dtype", (tf.float32, tf.float64))
def test_sums_of_many_short_rows(shape: tuple[int, ...], dtype: tf.DType) -> None:
    x = tf.placeholder(dtype, [None] * len(shape))
    y = tf.reduce_sum(x, list(range(len(shape) - 1)))
    kept = tf.reduce_sum(x, list(range(len(shape) - 1)), keepdims=True)
    given = np.random.RandomState(0).randn(*shape)
    with tf.Session() as session:
        assert "sum_of_rows(" in session.compilation(y, {x: given}).source
        found, whole = session.run([y, kept], {x: given})
    assert found.dtype == dtype.as_numpy_dtype
    expected = given.sum(axis=tuple(range(len(shape) - 1)))
    np.testing.assert_allclose(found, expected, 1e-4, 1e-4)
    np.testing.assert_allclose(whole.reshape(-1), expected, 1e-4, 1e-4)
    assert whole.ndim == len(shape)
