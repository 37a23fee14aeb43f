"""Sparse tensors against the same computed densely, and refusals that no node makes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tflite_edu as tf


def random_sparse(seed: int, shape: tuple[int, ...], count: int) -> tuple[Any, Any]:
    """A dense array with `count` elements that are not zero, and the same as a sparse value."""
    random = np.random.RandomState(seed)
    dense = np.zeros(shape)
    places = random.choice(dense.size, count, replace=False)
    dense.flat[places] = random.randn(count)
    indices = np.argwhere(dense)
    return dense, tf.SparseTensorValue(indices, dense[tuple(indices.T)], np.array(shape))


def run(fetch: Any) -> Any:
    with tf.Session() as session:
        return session.run(fetch)


def test_large_product_is_the_dense_one() -> None:
    dense, sparse = random_sparse(1, (300, 500), 4000)
    b = np.random.RandomState(2).randn(500, 40)
    product = tf.sparse_tensor_dense_matmul(sparse, b)
    assert np.allclose(run(product), dense @ b)
    with pytest.raises(ValueError, match="Dimensions must be equal"):
        tf.sparse_tensor_dense_matmul(sparse, b, adjoint_b=True)
    turned = tf.sparse_tensor_dense_matmul(sparse, dense, adjoint_a=True)
    assert np.allclose(run(turned), dense.T @ dense)


@pytest.mark.parametrize("axes", [None, 0, 1, [0, 2], [-1]])
def test_sums_are_the_dense_ones(axes: Any) -> None:
    dense, sparse = random_sparse(3, (7, 8, 9), 100)
    found = tf.SparseTensor.from_value(sparse)
    axis = tuple(axes) if isinstance(axes, list) else axes
    assert np.allclose(run(tf.sparse_reduce_sum(found, axes)), dense.sum(axis))
    again = tf.sparse_tensor_to_dense(tf.sparse_reduce_sum_sparse(found, axes, keepdims=True))
    assert np.allclose(run(again), dense.sum(axis, keepdims=True))


def test_arithmetic_is_the_dense_one() -> None:
    (x, sparse_x), (y, sparse_y) = (random_sparse(seed, (20, 30), 150) for seed in (4, 5))
    a, b = tf.SparseTensor.from_value(sparse_x), tf.SparseTensor.from_value(sparse_y)
    to_dense = tf.sparse_tensor_to_dense
    found = run(
        [
            to_dense(tf.sparse_add(a, b)),
            tf.sparse_add(a, tf.constant(y)),
            to_dense(a * y),
            to_dense(tf.sparse_maximum(a, b)),
            to_dense(tf.sparse_concat(1, [a, b])),
            to_dense(tf.sparse_transpose(a)),
            to_dense(tf.sparse_slice(a, [3, 4], [10, 100])),
        ]
    )
    expected = [x + y, x + y, x * y, np.maximum(x, y), np.hstack([x, y]), x.T, x[3:13, 4:]]
    for own, wanted in zip(found, expected, strict=True):
        assert np.allclose(own, wanted)


def test_edit_distances_of_textbooks() -> None:
    words = [b"kitten", b"sitting", b"saturday", b"sunday", b"a", b"ab"]

    def sparse(texts: list[bytes]) -> Any:
        places = [[row, column] for row, text in enumerate(texts) for column in range(len(text))]
        return tf.SparseTensor(places, [byte for text in texts for byte in text], [len(texts), 9])

    found = run(tf.edit_distance(sparse(words[::2]), sparse(words[1::2]), normalize=False))
    assert found.tolist() == [3, 3, 1]


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: tf.sparse_tensor_dense_matmul(1, [[1.0]]), TypeError, "must be a SparseTensor"),
        (lambda: tf.sparse_add(1, 2), TypeError, "At least one input should be SparseTensor"),
        (lambda: tf.sparse_concat(0, 1), TypeError, "Inputs must be a list or tuple"),
        (lambda: tf.sparse_concat(0, []), ValueError, "length 0 shorter than minimum length 2"),
        (lambda: tf.sparse_split(2), ValueError, "Keyword arguments are required"),
        (lambda: tf.sparse_split(num_split=2, axis=0), ValueError, "sp_input is required"),
        (lambda: tf.sets.size(1), TypeError, "Expected `SparseTensor`"),
        (lambda: tf.edit_distance(1, 2), TypeError, "Hypothesis must be a SparseTensor"),
        (
            lambda: tf.sparse_reset_shape(tf.SparseTensor([[0]], [1], [3]), [2]),
            ValueError,
            "Requested new_shape should have dimension sizes",
        ),
        (
            lambda: tf.nn.embedding_lookup_sparse([[1.0]], 1, None),
            TypeError,
            "sp_ids must be SparseTensor",
        ),
        (
            lambda: tf.nn.embedding_lookup_sparse([[1.0]], 1, None, combiner="x"),
            ValueError,
            "combiner must be one of",
        ),
        (
            lambda: tf.nn.safe_embedding_lookup_sparse(None, 1),
            ValueError,
            "Missing embedding_weights None",
        ),
    ],
)
def test_refused(make: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        make()
