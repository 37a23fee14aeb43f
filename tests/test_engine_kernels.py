"""The numpy engine's own kernels: the values of the plain ones, whatever the sizes and threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from conftest import ENGINES
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import tflite_edu as tf
from tflite_edu.core import raw
from tflite_edu.engines import (
    blas,
    convolution,
    convolution_lines,
    losses,
    normalization,
    pooling,
    scratch,
    threads,
)
from tflite_edu.engines.kernels import KERNELS

PRECISION = {"float16": 2e-2, "float32": 2e-4, "float64": 1e-11}
FLOATS = st.sampled_from(sorted(PRECISION))


@pytest.fixture(autouse=True)
def several_threads() -> Iterator[None]:
    threads.set_threads(3)
    yield
    threads.set_threads(0)


def examples(count: int) -> Callable[..., Any]:
    """The same examples in every run, each without a time limit."""
    return settings(
        max_examples=count,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


def check_agreement(build: Callable[..., Any], *arrays: np.ndarray) -> list[np.ndarray]:
    """Runs what `build` makes of fed arrays on both engines; the values, which have to agree."""
    found = []
    with tf.Graph().as_default():
        fed = [tf.placeholder(tf.as_dtype(a.dtype), a.shape) for a in arrays]
        fetched = list(build(*fed))
        assert fetched[0].op.type in KERNELS
        for engine in ENGINES:
            with tf.Session(engine=engine) as session:
                found.append(session.run(fetched, dict(zip(fed, arrays))))
    for own, plain in zip(*found):
        assert own.shape == plain.shape
        assert own.dtype == plain.dtype
        precision = PRECISION.get(own.dtype.name, 0)
        np.testing.assert_allclose(own, plain, precision, precision)
    return found[0]


def random_array(random: np.random.RandomState, shape: Any, dtype: str) -> np.ndarray:
    """Numbers that are often equal, now and then in another order in memory."""
    array = random.randint(-3, 4, shape) + random.choice([0, 0.25, 0.5], shape)
    array = array.astype(dtype)
    return np.asfortranarray(array) if random.rand() < 0.25 else array


class Windows:
    """Images, a window and how it slides over them."""

    def __init__(self, draw: Callable[..., Any], paddings: list[str]) -> None:
        def sizes(least: int, most: int, count: int) -> list[int]:
            return [draw(st.integers(least, most)) for _ in range(count)]

        self.images = (*sizes(0, 3, 1), *sizes(1, 11, 2), draw(st.sampled_from([1, 2, 3, 9])))
        self.window = (*sizes(1, 5, 2), self.images[3], draw(st.sampled_from([1, 2, 5, 12])))
        self.strides = [1, *sizes(1, 4, 2), 1]
        self.padding = draw(st.sampled_from(paddings))
        self.pads = [0, 0, *sizes(0, 6, 4), 0, 0] if self.padding == "EXPLICIT" else []
        self.random = np.random.RandomState(draw(st.integers(0, 1000)))

    def fits(self, dilations: tuple[int, int] = (1, 1)) -> bool:
        """Whether the window fits into the images as padded."""
        pads = self.pads or [0] * 8
        return self.padding == "SAME" or all(
            (self.window[i] - 1) * dilations[i] < self.images[i + 1] + sum(pads[2 * i + 2 :][:2])
            for i in (0, 1)
        )

    def array(self, shape: Any, dtype: str) -> np.ndarray:
        return random_array(self.random, shape, dtype)


@st.composite
def windows(draw: Callable[..., Any], *paddings: str) -> Windows:
    return Windows(draw, list(paddings))


# Blocks of a few patches, in more or fewer lanes than there are blocks; and the usual ones.
BLOCKS = st.sampled_from([(1, 1, 16), (500, 1, 3), (4000, 7, 2), (1 << 21, 256, 16)])


def set_blocks(patch: pytest.MonkeyPatch, blocks: tuple[int, int, int]) -> None:
    for name, value in zip(("BLOCK_BYTES", "_LEAST_ROWS", "_MOST_LANES"), blocks):
        patch.setattr(convolution, name, value)
    patch.setattr(convolution, "_WORTH_LINES", 16 * blocks[0])
    patch.setattr(convolution, "_LEAST_MULTIPLICATIONS", blocks[0])
    # Small filters go by lines as well.
    patch.setattr(convolution_lines, "_LEAST_ROW", 1 if blocks[2] != 16 else 32)


@given(
    case=windows("SAME", "VALID", "EXPLICIT"),
    dtype=FLOATS,
    blocks=BLOCKS,
    dilations=st.sampled_from([(1, 1), (1, 1), (2, 1), (2, 3)]),
)
@examples(250)
def test_convolution(
    case: Windows, dtype: str, blocks: Any, dilations: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assume(case.fits(dilations))
    set_blocks(monkeypatch, blocks)
    options: dict[str, Any] = {
        "strides": case.strides,
        "padding": case.padding,
        "explicit_paddings": case.pads,
        "dilations": [1, *dilations, 1],
    }

    def build(image: tf.Tensor, window: tf.Tensor) -> Any:
        return [raw.Conv2D(image, window, **options)]

    image, window = case.array(case.images, dtype), case.array(case.window, dtype)
    (made,) = check_agreement(build, image, window)
    if dilations != (1, 1):
        return

    def build_gradients(image: tf.Tensor, window: tf.Tensor, grad: tf.Tensor) -> Any:
        of_input = raw.Conv2DBackpropInput(list(case.images), window, grad, **options)
        return [of_input, raw.Conv2DBackpropFilter(image, list(case.window), grad, **options)]

    check_agreement(build_gradients, image, window, case.array(made.shape, dtype))


@pytest.mark.parametrize("channels", (3, 40))
@pytest.mark.parametrize("stride", (1, 2))
def test_convolution_in_blocks_of_lines(channels: int, stride: int) -> None:
    random = np.random.RandomState(0)
    options = {"strides": [1, stride, stride, 1], "padding": "SAME"}
    image = random_array(random, (2, 61, 70, channels), "float64")
    window = random_array(random, (5, 4, channels, 24), "float64")
    grad = random_array(random, (2, -(-61 // stride), -(-70 // stride), 24), "float64")

    def build(image: tf.Tensor, window: tf.Tensor, grad: tf.Tensor) -> Any:
        return [
            raw.Conv2D(image, window, **options),
            raw.Conv2DBackpropInput(image.shape.as_list(), window, grad, **options),
            raw.Conv2DBackpropFilter(image, window.shape.as_list(), grad, **options),
        ]

    check_agreement(build, image, window, grad)


def test_convolution_of_pixels() -> None:
    random = np.random.RandomState(0)
    image = random_array(random, (3, 5, 6, 7), "float32")
    window = random_array(random, (1, 1, 7, 4), "float32")
    grad = random_array(random, (3, 5, 6, 4), "float32")
    options = {"strides": [1, 1, 1, 1], "padding": "VALID"}

    def build(image: tf.Tensor, window: tf.Tensor, grad: tf.Tensor) -> Any:
        return [
            raw.Conv2D(image, window, **options),
            raw.Conv2DBackpropInput([3, 5, 6, 7], window, grad, **options),
            raw.Conv2DBackpropFilter(image, [1, 1, 7, 4], grad, **options),
        ]

    check_agreement(build, image, window, grad)


@pytest.mark.parametrize("engine", ENGINES)
def test_convolution_refuses(engine: str) -> None:
    image = tf.placeholder(tf.float32)
    made = tf.nn.conv2d(image, tf.ones([2, 2, 3, 4]), [1, 1, 1, 1], "SAME")
    gradient = raw.Conv2DBackpropInput(
        [1, 4, 4, 3], tf.ones([2, 2, 3, 4]), image, strides=[1, 1, 1, 1], padding="SAME"
    )
    with tf.Session(engine=engine) as session:
        with pytest.raises(tf.errors.InvalidArgumentError, match="^input must be 4-dimensional"):
            session.run(made, {image: np.ones((2, 2))})
        with pytest.raises(tf.errors.InvalidArgumentError, match="evenly divisible"):
            session.run(made, {image: np.ones((1, 4, 4, 2))})
        with pytest.raises(tf.errors.InvalidArgumentError, match="Size of out_backprop"):
            session.run(gradient, {image: np.ones((1, 3, 4, 4))})


@given(
    case=windows("SAME", "VALID"),
    dtype=st.sampled_from(["float16", "float32", "float64", "int32", "int64", "uint8", "int8"]),
    block=st.sampled_from([1, 300, 1 << 18]),
    infinite=st.booleans(),
)
@examples(250)
def test_pooling(
    case: Windows, dtype: str, block: int, infinite: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    assume(case.fits())
    monkeypatch.setattr(pooling, "_BLOCK_BYTES", block)
    options = {
        "ksize": [1, *case.window[:2], 1],
        "strides": case.strides,
        "padding": case.padding,
    }
    images = case.array(case.images, dtype)
    if infinite and dtype.startswith("float"):
        images[case.random.rand(*images.shape) < 0.3] = -np.inf
        images[case.random.rand(*images.shape) < 0.1] = np.nan

    def build(images: tf.Tensor) -> Any:
        return [raw.MaxPool(images, **options)]

    (pooled,) = check_agreement(build, images)
    grad = case.array(pooled.shape, dtype)

    def build_gradient(images: tf.Tensor, pooled: tf.Tensor, grad: tf.Tensor) -> Any:
        return [raw.MaxPoolGrad(images, pooled, grad, **options)]

    check_agreement(build_gradient, images, pooled, grad)
    if not dtype.startswith("float"):
        return

    def build_average(images: tf.Tensor, grad: tf.Tensor) -> Any:
        made = raw.AvgPoolGrad(list(case.images), grad, **options)
        return [raw.AvgPool(images, **options), made]

    check_agreement(build_average, images, grad)


@pytest.mark.parametrize("engine", ENGINES)
def test_padding_is_never_the_greatest(engine: str) -> None:
    images = tf.fill([1, 3, 3, 1], -np.inf)
    pooled = tf.nn.max_pool(images, [1, 3, 3, 1], [1, 3, 3, 1], "SAME")
    (gradient,) = tf.gradients(pooled, images, tf.constant(np.inf, shape=[1, 1, 1, 1]))
    with tf.Session(engine=engine) as session:
        expected = [np.inf] + [0] * 8
        assert session.run(gradient).ravel().tolist() == expected


@given(
    shape=st.tuples(st.integers(1, 40), st.sampled_from([1, 2, 10, 31, 32, 33, 100])),
    dtype=FLOATS,
    split=st.booleans(),
    seed=st.integers(0, 100),
)
@examples(60)
def test_softmax_and_cross_entropies(
    shape: tuple[int, int], dtype: str, split: bool, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if split:
        monkeypatch.setattr(losses, "_WORTH_SPLITTING_BYTES", 1)
        monkeypatch.setattr(losses, "_BLOCK_BYTES", 300)
    random = np.random.RandomState(seed)
    logits = random_array(random, shape, dtype) * np.array(random.choice([1, 40]), dtype)
    probabilities = random.rand(*shape).astype(dtype)
    labels = random.randint(0, shape[1], shape[0])

    def build(logits: tf.Tensor, probabilities: tf.Tensor, labels: tf.Tensor) -> Any:
        return [
            *raw.SparseSoftmaxCrossEntropyWithLogits(logits, labels),
            *raw.SparseSoftmaxCrossEntropyWithLogits(logits, tf.cast(labels, tf.int32)),
            *raw.SoftmaxCrossEntropyWithLogits(logits, probabilities),
            raw.Softmax(logits),
            raw.LogSoftmax(tf.reshape(logits, [1, *shape])),
        ]

    check_agreement(build, logits, probabilities, labels)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("label", (-1, 3))
def test_cross_entropy_refuses_labels(engine: str, label: int) -> None:
    loss = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[0, label], logits=tf.ones([2, 3]))
    with tf.Session(engine=engine) as session:
        with pytest.raises(tf.errors.InvalidArgumentError, match=rf"label value of {label} which"):
            session.run(loss)


@given(
    shape=st.tuples(*[st.integers(1, 9)] * 3, st.sampled_from([1, 3, 8, 600])),
    training=st.booleans(),
    split=st.booleans(),
    op_type=st.sampled_from(["FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3"]),
)
@examples(60)
def test_batch_normalization(
    shape: Any, training: bool, split: bool, op_type: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if split:
        monkeypatch.setattr(normalization, "_WORTH_SPLITTING_BYTES", 1)
        monkeypatch.setattr(normalization, "_BLOCK_BYTES", 3000)
    random = np.random.RandomState(0)
    x, dy = (random.randn(*shape).astype("float32") for _ in range(2))
    vectors = [random.rand(shape[3]).astype("float32") + 0.5 for _ in range(4)]
    options = {"is_training": training, "epsilon": 0.01}

    def build(x: tf.Tensor, dy: tf.Tensor, *vectors: tf.Tensor) -> Any:
        estimated = [tf.zeros([0])] * 2 if training else vectors[2:]
        made = getattr(raw, op_type)(x, *vectors[:2], *estimated, **options)
        make_gradient = getattr(raw, op_type.replace("Norm", "NormGrad"))
        given = (dy, x, vectors[0], *vectors[2:], *made[5:])
        return [*made[:5], *make_gradient(*given, **options)[:3]]

    check_agreement(build, x, dy, *vectors)


@given(
    shape=st.lists(st.integers(0, 30), min_size=2, max_size=4).map(tuple),
    dtype=st.sampled_from(["float16", "float32", "float64", "int32"]),
)
@examples(60)
def test_bias_gradient(shape: tuple[int, ...], dtype: str) -> None:
    grad = random_array(np.random.RandomState(0), shape, dtype)
    check_agreement(lambda grad: [raw.BiasAddGrad(grad)], grad)


@pytest.mark.parametrize("rows", (1, 255, 511, 512, 513, 100_003))
def test_sum_of_rows_is_exact_in_the_last_digits(rows: int) -> None:
    array = np.random.RandomState(0).rand(rows, 5).astype("float32")
    exact = array.astype("float64").sum(axis=0)
    np.testing.assert_allclose(normalization.sum_of_rows(np, array), exact, 1e-6)


def convolutional_net() -> tuple[tf.Tensor, list[tf.Tensor]]:
    """Images [9, 13, 12, 3], and the loss of a small net with its gradients."""
    random = np.random.RandomState(0)
    images = tf.placeholder(tf.float32, [9, 13, 12, 3])
    first = tf.constant(random.randn(5, 5, 3, 8), tf.float32)
    second = tf.constant(random.randn(3, 3, 8, 10), tf.float32)
    hidden = tf.nn.max_pool(tf.nn.conv2d(images, first, 1, "SAME"), 2, 2, "SAME")
    hidden = tf.nn.avg_pool(tf.nn.conv2d(hidden, second, 2, "SAME"), [4, 3], 4, "VALID")
    loss = tf.nn.softmax_cross_entropy_with_logits(
        labels=tf.one_hot(np.arange(9), 10), logits=tf.reshape(hidden, [9, 10])
    )
    return images, [loss, *tf.gradients(loss, [images, first, second])]


def many_blocks(patch: pytest.MonkeyPatch) -> None:
    set_blocks(patch, (4000, 1, 4))
    patch.setattr(pooling, "_BLOCK_BYTES", 2000)
    patch.setattr(losses, "_WORTH_SPLITTING_BYTES", 1)
    patch.setattr(losses, "_BLOCK_BYTES", 80)


def test_results_do_not_depend_on_the_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    many_blocks(monkeypatch)
    images, fetches = convolutional_net()
    feeds = {images: np.random.RandomState(1).randn(9, 13, 12, 3)}
    found = []
    with tf.Session() as session:
        for count in (1, 2, 5):
            threads.set_threads(count)
            found.append([v.tobytes() for v in session.run(fetches, feeds)])
    assert found[0] == found[1] == found[2]


def test_runs_at_once_do_not_mix(monkeypatch: pytest.MonkeyPatch) -> None:
    many_blocks(monkeypatch)
    images, fetches = convolutional_net()
    random = np.random.RandomState(1)
    feeds = [{images: random.randn(9, 13, 12, 3)} for _ in range(4)]
    with tf.Session() as session, ThreadPoolExecutor(4) as pool:
        expected = [session.run(fetches, feed) for feed in feeds]
        rounds = [list(pool.map(lambda feed: session.run(fetches, feed), feeds)) for _ in range(5)]
    for found in rounds:
        for values, others in zip(found, expected):
            assert [v.tobytes() for v in values] == [v.tobytes() for v in others]


def test_results_are_the_callers(monkeypatch: pytest.MonkeyPatch) -> None:
    many_blocks(monkeypatch)
    images, fetches = convolutional_net()
    with tf.Session() as session:
        first = session.run(fetches, {images: np.ones((9, 13, 12, 3))})
        kept = [v.copy() for v in first]
        session.run(fetches, {images: np.zeros((9, 13, 12, 3))})
    assert all((a == b).all() for a, b in zip(first, kept))


@pytest.mark.parametrize("count", (0, 1, 2, 7))
def test_pieces_are_all_run_once(count: int) -> None:
    done: list[int] = []
    blas.run_pieces(done.append, count)
    assert sorted(done) == list(range(count))


@pytest.mark.parametrize("size", ((1, 1, 1), (5, 3, 70), (70, 3, 5), (33, 40, 31), (64, 0, 9)))
@pytest.mark.parametrize("pieces", (1, 2, 4, 16))
def test_product_in_pieces(
    size: tuple[int, int, int], pieces: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blas, "_CUTS", ((0, pieces),))
    m, k, n = size
    random = np.random.RandomState(0)
    a, b = random.randn(m, k), random.randn(n, k).T
    out = np.empty((2 * m, n))[::2]
    assert blas.matmul(a, b, out=out) is out
    np.testing.assert_allclose(out, a @ b, 1e-12)
    np.testing.assert_allclose(blas.matmul(a, b), a @ b, 1e-12)
    single = blas.matmul(a.astype("float32"), b.astype("float32"))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, a @ b, 1e-3, 1e-3)


def test_products_take_one_thread_within_pieces() -> None:
    library = blas.openblas
    if library is None:
        pytest.skip("numpy has no OpenBLAS of its own here")
    before = library.get_threads()
    seen: list[int] = []

    def nested(number: int) -> None:
        blas.run_pieces(lambda _: seen.append(library.get_threads()), 2)
        with blas.one_thread():
            seen.append(library.get_threads())
        if number == 2:
            raise KeyError(number)

    with pytest.raises(KeyError):
        blas.run_pieces(nested, 4)
    assert set(seen) == {1}
    assert library.get_threads() == before


def test_scratch_is_used_again_by_its_thread_alone() -> None:
    dtype = np.dtype("float32")
    first = scratch.scratch("a test", (4, 5), dtype)
    assert first.shape == (4, 5)
    assert first.dtype == dtype
    assert np.shares_memory(first, scratch.scratch("a test", (20,), dtype))
    assert not np.shares_memory(first, scratch.scratch("another", (20,), dtype))
    others: list[np.ndarray] = []
    thread = threading.Thread(target=lambda: others.append(scratch.scratch("a test", (20,), dtype)))
    thread.start()
    thread.join()
    assert not np.shares_memory(first, others[0])
    large = scratch.scratch("a test", (scratch.KEPT_BYTES,), dtype)
    assert not np.shares_memory(large, scratch.scratch("a test", (20,), dtype))
