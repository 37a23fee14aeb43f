"""Einsum, tensordot, norms, clipping by norms and reductions by segments, against numpy."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import tflite_edu as tf

NAN, INF = float("nan"), float("inf")


def run(fetches: Any, feed: dict[Any, Any] | None = None) -> Any:
    with tf.Session() as session:
        return session.run(fetches, feed)


def first_line(error: BaseException) -> str:
    return str(error).split("\n")[0]


EQUATIONS: list[tuple[str, list[list[int]]]] = [
    ("ij,jk->ik", [[2, 3], [3, 4]]),
    ("ij,kj->ik", [[2, 3], [4, 3]]),
    ("ij->ji", [[2, 3]]),
    ("ij->", [[2, 3]]),
    ("ij,ij->", [[2, 3], [2, 3]]),
    ("i,j->ij", [[2], [3]]),
    ("bij,bjk->bik", [[5, 2, 3], [5, 3, 4]]),
    ("bld,dhk->blhk", [[5, 7, 4], [4, 2, 3]]),
    ("ij,jk,kl->il", [[2, 3], [3, 4], [4, 2]]),
    ("ia,aj,ka->ijk", [[2, 3], [3, 4], [5, 3]]),
    ("...ij,jk->...ik", [[5, 2, 3], [3, 4]]),
    ("jk,ij", [[3, 4], [2, 3]]),
    ("ii", [[3, 3]]),
]


@pytest.mark.parametrize(("equation", "sizes"), EQUATIONS)
@pytest.mark.parametrize("known", [True, False])
def test_einsum(equation: str, sizes: list[list[int]], known: bool) -> None:
    arrays = [np.linspace(-1, 2, math.prod(s)).reshape(s) for s in sizes]
    tensors = [tf.placeholder(tf.float64, s if known else [None] * len(s)) for s in sizes]
    y = run(tf.einsum(equation, *tensors), dict(zip(tensors, arrays, strict=True)))
    np.testing.assert_allclose(y, np.einsum(equation, *arrays), atol=1e-12)


@pytest.mark.parametrize("axes", [0, 1, 2, [[1], [0]], [[0, 2], [1, 0]], [[-1], [0]], [2, 0]])
@pytest.mark.parametrize("shape", [[3, 2, 3], [None, 2, None], None])
def test_tensordot(axes: Any, shape: Any) -> None:
    a = np.arange(18.0).reshape(3, 2, 3)
    b = {2: np.arange(24.0).reshape(2, 3, 4)}.get(
        axes if isinstance(axes, int) else -1, np.arange(36.0).reshape(3, 3, 4)
    )
    if axes == [[1], [0]]:
        b = np.arange(24.0).reshape(2, 3, 4)
    x = tf.placeholder(tf.float64, shape)
    expected = np.tensordot(a, b, axes)
    np.testing.assert_allclose(run(tf.tensordot(x, b, axes), {x: a}), expected)


def by_segment(data: Any, ids: list[int], count: int, reduce: Any, empty: float) -> list[Any]:
    rows = []
    for segment in range(count):
        chosen = [row for row, i in zip(data, ids, strict=True) if i == segment]
        rows.append(reduce(chosen, axis=0) if chosen else np.full(data.shape[1:], empty))
    return rows


LOWEST, HIGHEST = np.finfo(np.float32).min, np.finfo(np.float32).max


@pytest.mark.parametrize(
    ("kind", "reduce", "empty", "unsorted_empty"),
    [
        ("sum", np.sum, 0, 0),
        ("mean", np.mean, 0, 0),
        ("prod", np.prod, 1, 1),
        ("max", np.max, 0, LOWEST),
        ("min", np.min, 0, HIGHEST),
    ],
)
def test_segments(kind: str, reduce: Any, empty: float, unsorted_empty: float) -> None:
    data = np.linspace(-2, 3, 12, dtype=np.float32).reshape(6, 2)
    ids = [0, 0, 2, 2, 2, 5]
    expected = by_segment(data, ids, 6, reduce, empty)
    np.testing.assert_allclose(run(getattr(tf, f"segment_{kind}")(data, ids)), expected, rtol=1e-6)
    mixed = [3, 0, -1, 3, 1, 0]
    expected = by_segment(data, mixed, 5, reduce, unsorted_empty)
    made = getattr(tf, f"unsorted_segment_{kind}")(data, mixed, 5)
    np.testing.assert_allclose(run(made), expected, rtol=1e-6)


def test_segments_of_many_dimensions() -> None:
    data = np.arange(24.0).reshape(2, 3, 4)
    ids = [[0, 1, 0], [1, 1, -1]]
    y = run(tf.unsorted_segment_sum(data, ids, 2))
    np.testing.assert_array_equal(
        y, [data[0, 0] + data[0, 2], data[0, 1] + data[1, 0] + data[1, 1]]
    )


SEGMENT_ERRORS: list[tuple[list[int], str]] = [
    ([0, 1, 0], "segment ids are not increasing"),
    ([0, 1], "segment_ids should be the same size as dimension 0 of input."),
    (
        [-1, 0, 1],
        "Segment id -1 out of range [0, 2), possibly because 'segment_ids' input is not sorted.",
    ),
]


@pytest.mark.parametrize(("ids", "message"), SEGMENT_ERRORS)
def test_segment_numbers_are_checked(ids: list[int], message: str) -> None:
    fed = tf.placeholder(tf.int32, [None])
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        run(tf.segment_sum(tf.ones([3, 2]), fed), {fed: ids})
    assert first_line(caught.value) == message
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        run(tf.unsorted_segment_sum(tf.ones([3, 2]), fed, 2), {fed: [0, 5, 1]})
    assert first_line(caught.value) == "segment_ids[1] = 5 is out of range [0, 2)"


@pytest.mark.parametrize(("kind", "scale"), [("sum", 1), ("mean", 2), ("sqrt_n", math.sqrt(2))])
@pytest.mark.parametrize("count", [None, 4])
def test_sparse_segments(kind: str, scale: float, count: int | None) -> None:
    data = tf.constant(np.arange(8.0).reshape(4, 2))
    indices, ids = [3, 1, 1, 0], [0, 0, 2, 2]
    y = getattr(tf, f"sparse_segment_{kind}")(data, indices, ids, num_segments=count)
    expected = np.array([[8, 10], [0, 0], [2, 4], [0, 0]])[: count or 3] / scale
    weights = np.arange(1.0, 2 * len(expected) + 1).reshape(-1, 2)
    (gradient,) = tf.gradients(y, data, grad_ys=tf.constant(weights))
    value, back = run([y, gradient])
    np.testing.assert_allclose(value, expected)
    spread = np.zeros((4, 2))
    for index, segment in zip(indices, ids, strict=True):
        spread[index] += weights[segment] / scale
    np.testing.assert_allclose(back, spread)


def test_clipping_by_norm() -> None:
    x = np.array([[3.0, 4.0], [0.3, 0.4], [0.0, 0.0]], np.float32)
    y = run(tf.clip_by_norm(x, 1.0, axes=[1]))
    np.testing.assert_allclose(y, [[0.6, 0.8], [0.3, 0.4], [0, 0]], rtol=1e-6)
    np.testing.assert_allclose(run(tf.clip_by_norm(x[0], 1.0)), [0.6, 0.8], rtol=1e-6)
    np.testing.assert_allclose(run(tf.clip_by_average_norm(x[0], 1.0)), [1.2, 1.6], rtol=1e-6)


def test_clipping_by_global_norm_keeps_slices_and_gaps() -> None:
    slices = tf.IndexedSlices(tf.constant([[4.0]]), tf.constant([2]))
    clipped, norm = tf.clip_by_global_norm([tf.constant([3.0]), None, slices], 1.0)
    assert clipped[1] is None
    assert isinstance(clipped[2], tf.IndexedSlices)
    values = run([clipped[0], clipped[2].values, norm])
    np.testing.assert_allclose(values[0], [0.6], rtol=1e-6)
    np.testing.assert_allclose(values[1], [[0.8]], rtol=1e-6)
    assert values[2] == 5
    infinite, _ = tf.clip_by_global_norm([tf.constant([1.0, INF])], 1.0)
    assert np.isnan(run(infinite[0])).all()


@pytest.mark.parametrize(
    ("ord", "axis"),
    [("euclidean", None), (1, None), (2, 1), (INF, 0), (3, 1), ("fro", (0, 1)), (1, [0, 1])],
)
@pytest.mark.parametrize("keepdims", [True, False])
def test_norm(ord: Any, axis: Any, keepdims: bool) -> None:
    x = np.array([[3.0, -4.0, 1.0], [0.5, 2.0, -1.0]])
    y = run(tf.norm(x, ord, axis, keepdims=keepdims))
    reference = x.ravel() if axis is None else x
    kind = None if ord == "euclidean" else ord
    axes = tuple(axis) if isinstance(axis, list) else axis
    expected = np.linalg.norm(reference, kind, axes)
    np.testing.assert_allclose(np.squeeze(y), expected)
    assert (y.ndim == 2) == keepdims or (axis in (0, 1) and y.ndim == 1 + keepdims)
