"""Random operations: TensorFlow's numbers and messages, streams that sessions do not share."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest

import tflite_edu as tf
from tflite_edu.ops.philox import Philox, uniform
from tflite_edu.ops.sampling import multinomial


def run(fetch: Any, feed: Any = None) -> Any:
    with tf.Session() as session:
        return session.run(fetch, feed)


def runs(fetch: Any, feeds: list[Any]) -> list[Any]:
    with tf.Session() as session:
        return [session.run(fetch, feed) for feed in feeds]


def test_numbers_are_tensorflows() -> None:
    tf.set_random_seed(777)
    uniform = tf.random_uniform([2])
    normal = tf.random_normal([2], 1.0, 0.5)
    whole = tf.random_uniform([3], -5, 50, tf.int32, seed=3)
    assert run(uniform).tolist() == [0.06672298908233643, 0.30095040798187256]
    np.testing.assert_allclose(run(normal), [1.5634796619415283, 1.2963576316833496], rtol=1e-6)
    assert run(whole).tolist() == [15, 33, 45]


def test_the_node_count_stands_in_for_a_missing_op_seed() -> None:
    tf.set_random_seed(1)
    first, second = tf.random_uniform([2]), tf.random_uniform([2])
    nodes = [t.op.inputs[0].op.inputs[0].op for t in (first, second)]
    assert [(n.get_attr("seed"), n.get_attr("seed2")) for n in nodes] == [(1, 3), (1, 10)]


def test_float_seeds_are_cut_off() -> None:
    node = tf.random_shuffle([1, 2], seed=1.5).op
    assert (node.get_attr("seed"), node.get_attr("seed2")) == (87654321, 1)


def test_a_session_goes_on_in_its_stream_and_a_new_one_starts_it_anew() -> None:
    x = tf.random_normal([4], seed=1)
    first, second = runs(x, [None, None])
    assert not np.array_equal(first, second)
    again, _ = runs(x, [None, None])
    np.testing.assert_array_equal(first, again)


def test_without_seeds_sessions_differ() -> None:
    x = tf.random_uniform([4])
    assert not np.array_equal(run(x), run(x))


def test_a_shape_known_only_in_a_run() -> None:
    shape = tf.placeholder(tf.int64, [None])
    x = tf.random_uniform(shape, tf.placeholder_with_default(-2.0, []), 3.0, seed=2)
    assert x.shape.ndims is None
    small, large, empty = runs(x, [{shape: [2]}, {shape: [40, 50]}, {shape: [3, 0]}])
    assert small.shape == (2,) and large.shape == (40, 50) and empty.shape == (3, 0)
    assert -2 <= large.min() < -1.9 and 2.9 < large.max() < 3
    assert abs(large.mean() - 0.5) < 0.1


@pytest.mark.parametrize(
    ("make", "mean", "deviation"),
    [
        (lambda: tf.random_uniform([200, 100], seed=1), 0.5, 12**-0.5),
        (lambda: tf.random_uniform([200, 100], 0, 10, tf.int64, seed=1), 4.5, 8.25**0.5),
        (lambda: tf.random_normal([200, 100], 3.0, 2.0, seed=1), 3.0, 2.0),
        (lambda: tf.random_normal([200, 100], dtype=tf.float64, seed=1), 0.0, 1.0),
        (lambda: tf.truncated_normal([200, 100], seed=1), 0.0, 0.8796),
        (lambda: tf.random_gamma([20000], 4.0, beta=2.0, seed=1), 2.0, 1.0),
        (lambda: tf.random_gamma([20000], 0.5, seed=1), 0.5, 0.5**0.5),
        (lambda: tf.random_poisson(3.0, [20000], seed=1), 3.0, 3**0.5),
        (lambda: tf.random_poisson(30.0, [20000], tf.int32, seed=1), 30.0, 30**0.5),
    ],
)
def test_mean_and_deviation(make: Any, mean: float, deviation: float) -> None:
    x = run(make()).astype(np.float64)
    assert abs(x.mean() - mean) < 4 * deviation / x.size**0.5
    assert abs(x.std() / deviation - 1) < 0.03


def test_truncated_normals_stay_within_two_deviations() -> None:
    x = run(tf.truncated_normal([5000], 1.0, 0.1, seed=4))
    assert 0.8 <= x.min() < 0.82 and 1.18 < x.max() <= 1.2


def test_shuffle_permutes_rows() -> None:
    x = tf.placeholder(tf.float32)
    shuffled = tf.random_shuffle(x, seed=1)
    rows = np.arange(30.0).reshape(10, 3)
    with tf.Session() as session:
        y = session.run(shuffled, {x: rows})
        assert not np.array_equal(y, rows)
        np.testing.assert_array_equal(y[np.argsort(y[:, 0])], rows)
        assert session.run(shuffled, {x: 3.0}) == 3
        assert session.run(shuffled, {x: np.zeros([3, 0])}).shape == (3, 0)


def test_shuffled_rows_are_tensorflows_and_what_needs_no_draw_takes_none() -> None:
    x = tf.placeholder(tf.float32)
    shuffled = tf.random_shuffle(x, seed=1)
    rows = [[1, 2], [3, 4], [5, 6]]
    feeds = [np.zeros([3, 0]), rows, rows, [[7]], rows]
    first = [y[:1].ravel().tolist() for y in runs(shuffled, [{x: f} for f in feeds])]
    assert first == [[], [1, 2], [3, 4], [7], [5, 6]]


def test_categories_follow_their_probabilities() -> None:
    logits = np.log([[0.5, 0.25, 0.25], [1e-9, 0.1, 0.9]])
    drawn = run(tf.multinomial(logits, 4000, seed=1))
    assert drawn.shape == (2, 4000) and drawn.dtype == np.int64
    shares = [np.bincount(row, minlength=3) / 4000 for row in drawn]
    np.testing.assert_allclose(shares, np.exp(logits), atol=0.03)


def test_a_logit_of_minus_infinity_is_never_drawn() -> None:
    drawn = run(tf.random.categorical([[0.0, -np.inf, 0.0]], 200, dtype=tf.int32, seed=1))
    assert drawn.dtype == np.int32 and set(drawn[0]) == {0, 2}


@pytest.mark.parametrize("classes", [1, 2, 7, 8, 9, 300])
def test_categories_of_many_rows(classes: int) -> None:
    """Rows that are searched side by side give what each gives by itself."""
    random = np.random.RandomState(classes)
    logits = (random.randn(40, classes) * 50).astype(np.float32)
    logits[:4, 0] = [np.nan, np.inf, -np.inf, 1e30]
    logits[4] = np.nan
    draws = uniform(np, Philox.from_seeds(1, 2), [40 * 3], np.float64).reshape(40, 3)
    drawn = multinomial(np, Philox.from_seeds(1, 2), logits, 3)
    for row, numbers, found in zip(logits.astype(np.float64), draws, drawn, strict=True):
        row = np.where(np.isfinite(row), row, -np.inf)
        largest = row.max() if np.isfinite(row).any() else 0.0
        cumulative = np.exp(row - largest).cumsum()
        assert found.tolist() == [(cumulative <= n * cumulative[-1]).sum() for n in numbers]


def test_gamma_and_poisson_shapes() -> None:
    alpha = tf.placeholder(tf.float32, [None, 3])
    gamma = tf.random_gamma([2], alpha, beta=np.ones([4, 1, 3], np.float32), seed=1)
    assert gamma.shape.as_list() == [2, 4, None, 3]
    assert run(gamma, {alpha: np.ones([5, 3])}).shape == (2, 4, 5, 3)
    rate = tf.placeholder(tf.float32)
    poisson = tf.random_poisson(rate, [2, 3], seed=1)
    assert run(poisson, {rate: [[1.0], [2.0]]}).shape == (2, 3, 2, 1)
    assert run(poisson, {rate: np.zeros([0])}).shape == (2, 3, 0)
    np.testing.assert_allclose(
        run(tf.random_gamma([2], [1.0, 2.0], seed=1)),
        [[0.5176820158958435, 0.8673296570777893], [0.6986525654792786, 1.127017617225647]],
        rtol=1e-6,
    )


def test_crop_is_a_piece_of_the_whole() -> None:
    whole = np.arange(48).reshape(6, 8)
    crop = tf.random_crop(whole, [3, 2], seed=1)
    assert crop.shape.as_list() == [3, 2]
    places = set()
    for piece in runs(crop, [None] * 20):
        row, column = divmod(piece[0, 0], 8)
        np.testing.assert_array_equal(piece, whole[row : row + 3, column : column + 2])
        places.add((row, column))
    assert len(places) > 5
    size = tf.placeholder(tf.int32, [2])
    with pytest.raises(
        tf.errors.InvalidArgumentError,
        match=r"assertion failed: \[Need value.shape >= size, got \] \[6 8\] \[7 1\]",
    ):
        run(tf.random_crop(whole, size), {size: [7, 1]})


def test_threads_draw_different_numbers_from_one_op() -> None:
    x = tf.random_uniform([50], 0, 2**62, tf.int64, seed=1)
    drawn: list[Any] = []
    with tf.Session() as session:
        step = session.make_callable(x)
        threads = [threading.Thread(target=lambda: drawn.append(step())) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(set(np.concatenate(drawn).tolist())) == 8 * 50


SHAPE = "shape must be a vector of {int32,int64}, got shape"


@pytest.mark.parametrize(
    ("op", "feeds", "message"),
    [
        ("uniform", {"shape": 3}, f"{SHAPE} []"),
        ("uniform", {"shape": [[3]]}, f"{SHAPE} [1,1]"),
        ("normal", {"shape": [-1, 2]}, "Dimension -1 must be >= 0"),
        ("int", {"shape": [2], "low": 5, "high": 5}, "Need minval < maxval, got 5 >= 5"),
        ("int", {"shape": [1], "low": [5], "high": 6}, "minval must be 0-D, got shape [1]"),
        ("int", {"shape": [1], "low": 5, "high": [6]}, "maxval must be 0-D, got shape [1]"),
        (
            "gamma",
            {"shape": 2, "real": [1.0]},
            f"{SHAPE}: Tensor<type: int32 shape: [] values: 2>",
        ),
        (
            "gamma",
            {"shape": [[1, 2], [3, 4]], "real": [1.0]},
            f"{SHAPE}: Tensor<type: int32 shape: [2,2] values: [1 2][3...]...>",
        ),
        ("gamma", {"shape": [-2], "real": [1.0]}, "Dimension -2 must be >= 0"),
        ("poisson", {"shape": 2, "real": [1.0]}, f"{SHAPE} []"),
        ("categories", {"real": [1.0, 2.0], "low": 3}, "logits should be a matrix, got shape [2]"),
        (
            "categories",
            {"real": [[1.0]], "low": [3]},
            "num_samples should be a scalar, got shape [1]",
        ),
        ("categories", {"real": [[1.0]], "low": -1}, "num_samples should be nonnegative, got -1"),
        (
            "categories",
            {"real": np.zeros([1, 0]), "low": 1},
            "num_classes should be positive, got 0",
        ),
    ],
)
def test_refusals_in_a_run(op: str, feeds: dict[str, Any], message: str) -> None:
    shape, low, high = (tf.placeholder(tf.int32, name=n) for n in ("shape", "low", "high"))
    real = tf.placeholder(tf.float32, name="real")
    fetch = {
        "uniform": lambda: tf.random_uniform(shape),
        "normal": lambda: tf.random_normal(shape),
        "int": lambda: tf.random_uniform(shape, low, high, tf.int32),
        "gamma": lambda: tf.random_gamma(shape, real),
        "poisson": lambda: tf.random_poisson(real, shape),
        "categories": lambda: tf.multinomial(real, low),
    }[op]()
    with pytest.raises(tf.errors.InvalidArgumentError) as refused:
        run(fetch, {f"{name}:0": value for name, value in feeds.items()})
    assert str(refused.value).splitlines()[0] == message


def test_bounds_of_an_empty_result_do_not_matter() -> None:
    assert run(tf.random_uniform([0], 5, 5, tf.int32)).shape == (0,)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (
            lambda: tf.random_uniform([2], dtype=tf.int32),
            ValueError,
            "Must specify maxval for integer dtype tf.int32",
        ),
        (lambda: tf.random_uniform([2], dtype=tf.uint8), ValueError, "Invalid dtype tf.uint8"),
        (
            lambda: tf.random_uniform([2.0]),
            TypeError,
            "Value passed to parameter 'shape' has DataType float32 not in list of allowed "
            "values: int32, int64",
        ),
        (
            lambda: tf.random_uniform(tf.TensorShape([None])),
            ValueError,
            "Cannot convert a partially known TensorShape to a Tensor: (?,)",
        ),
        (
            lambda: tf.random_normal([2], mean=tf.zeros([3])),
            ValueError,
            "Dimensions must be equal, but are 2 and 3 for 'random_normal' (op: 'Add') with input "
            "shapes: [2], [3].",
        ),
        (
            lambda: tf.multinomial([[1.0]], -4),
            ValueError,
            "Dimension size, given by scalar input 1, must be non-negative but is -4 for "
            "'multinomial/Multinomial' (op: 'Multinomial') with input shapes: [1,1], [] and with "
            "computed input tensors: input[1] = <-4>.",
        ),
        (lambda: tf.random_gamma([4], 3, dtype=tf.int32), ValueError, "not inexact"),
    ],
)
def test_refusals_at_definition(make: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as refused:
        make()
    assert message in str(refused.value)


def test_gradients_stop_at_what_was_drawn() -> None:
    low = tf.constant(1.0)
    x = tf.random_uniform([2], low, 3.0, seed=1)
    unit = x.op.inputs[0].op.inputs[0]
    gradient, of_unit = run([tf.gradients(x, low)[0], unit])
    np.testing.assert_allclose(gradient, (1 - of_unit).sum(), rtol=1e-6)
    rows = tf.constant([1.0, 2.0])
    with pytest.raises(LookupError, match="No gradient defined for operation 'RandomShuffle'"):
        tf.gradients(tf.random_shuffle(rows), rows)
