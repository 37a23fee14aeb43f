"""Decompositions and systems: what no recording can hold, and the errors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tflite_edu as tf

RANDOM = np.random.RandomState(5)
BATCH = RANDOM.randn(7, 6, 6)
SYMMETRIC = BATCH + np.swapaxes(BATCH, -1, -2)
HERMITIAN = SYMMETRIC + 1j * (BATCH - np.swapaxes(BATCH, -1, -2))


def run(fetches: Any, feed: Any = None) -> Any:
    with tf.Session() as session:
        return session.run(fetches, feed)


@pytest.mark.parametrize("matrices", [SYMMETRIC, HERMITIAN, SYMMETRIC.astype(np.float32)])
def test_eigenvectors_are_turned_into_their_multiples(matrices: np.ndarray) -> None:
    values, vectors = run(tf.self_adjoint_eig(matrices))
    assert values.dtype == vectors.dtype == matrices.dtype
    assert (np.diff(values.real) >= 0).all()
    precision = 1e-4 if matrices.dtype == np.float32 else 1e-12
    np.testing.assert_allclose(matrices @ vectors, values[:, None] * vectors, atol=precision)
    np.testing.assert_allclose(
        np.conj(np.swapaxes(vectors, -1, -2)) @ vectors,
        np.eye(6)[None].repeat(7, 0),
        atol=precision,
    )


def test_eigenvalues_read_the_lower_triangle_only() -> None:
    values = run(tf.self_adjoint_eigvals(np.tril(SYMMETRIC)))
    np.testing.assert_allclose(values, np.linalg.eigvalsh(SYMMETRIC), rtol=1e-12)


@pytest.mark.parametrize("shape", [(6, 6), (6, 3), (3, 6), (1, 4), (7, 2, 5)])
@pytest.mark.parametrize("full", [False, True])
def test_singular_vectors_put_the_matrix_together_again(shape: tuple[int, ...], full: bool) -> None:
    matrices = RANDOM.randn(*shape)
    s, u, v = run(tf.svd(matrices, full_matrices=full))
    count = min(shape[-2:])
    assert u.shape == (*shape[:-1], shape[-2] if full else count)
    assert v.shape == (*shape[:-2], shape[-1], shape[-1] if full else count)
    again = (u[..., :count] * s[..., None, :]) @ np.swapaxes(v[..., :count], -1, -2)
    np.testing.assert_allclose(again, matrices, atol=1e-13)
    assert (np.diff(s) <= 0).all()


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0), (2, 3, 0), (2, 0, 3)])
def test_decompositions_of_nothing(shape: tuple[int, ...]) -> None:
    s, u, v = run(tf.svd(np.zeros(shape)))
    assert s.shape == (*shape[:-2], 0) and u.shape == (*shape[:-1], 0)
    assert v.shape == (*shape[:-2], shape[-1], 0)
    q, r = run(tf.qr(np.zeros(shape)))
    assert q.shape == (*shape[:-1], 0) and r.shape == (*shape[:-2], 0, shape[-1])


def test_lu_is_a_permutation_of_the_rows() -> None:
    lu, order = run(tf.linalg.lu(BATCH))
    lower = np.tril(lu, -1) + np.eye(6)
    np.testing.assert_allclose(
        lower @ np.triu(lu), np.take_along_axis(BATCH, order[..., None], 1), atol=1e-13
    )
    assert np.abs(np.tril(lu, -1)).max() <= 1


@pytest.mark.parametrize("lower", [True, False])
@pytest.mark.parametrize("adjoint", [True, False])
@pytest.mark.parametrize("matrices", [BATCH + 4 * np.eye(6), HERMITIAN + 9 * np.eye(6)])
def test_triangular_systems(lower: bool, adjoint: bool, matrices: np.ndarray) -> None:
    rhs = RANDOM.randn(7, 6, 2).astype(matrices.dtype)
    solution = run(tf.matrix_triangular_solve(matrices, rhs, lower=lower, adjoint=adjoint))
    triangle = np.tril(matrices) if lower else np.triu(matrices)
    if adjoint:
        triangle = np.conj(np.swapaxes(triangle, -1, -2))
    np.testing.assert_allclose(triangle @ solution, rhs, atol=1e-11)


def test_triangular_system_is_exact_where_substitution_is() -> None:
    """Elimination with pivots would swap the rows of this one."""
    matrix = np.array([[1e-20, 0.0], [1.0, 1.0]])
    assert run(tf.matrix_triangular_solve(matrix, [[1e-20], [2.0]])).tolist() == [[1.0], [1.0]]


@pytest.mark.parametrize("lower", [True, False])
def test_big_triangular_system(lower: bool) -> None:
    matrices = RANDOM.randn(2, 133, 133) + 40 * np.eye(133)
    rhs = RANDOM.randn(2, 133, 7)
    solution = run(tf.matrix_triangular_solve(matrices, rhs, lower=lower))
    triangle = np.tril(matrices) if lower else np.triu(matrices)
    np.testing.assert_allclose(triangle @ solution, rhs, atol=1e-12)


def test_least_squares_of_any_rank() -> None:
    matrix = np.outer(np.arange(1.0, 6.0), [1.0, 2.0, -1.0])
    rhs = RANDOM.randn(5, 2)
    found = run(tf.matrix_solve_ls(matrix, rhs, fast=False))
    np.testing.assert_allclose(found, np.linalg.lstsq(matrix, rhs, rcond=None)[0], atol=1e-14)


def test_big_system_with_a_batch() -> None:
    matrices = RANDOM.randn(3, 120, 120) + 20 * np.eye(120)
    rhs = RANDOM.randn(3, 120, 40)
    solution, inverse = run([tf.matrix_solve(matrices, rhs), tf.matrix_inverse(matrices)])
    np.testing.assert_allclose(matrices @ solution, rhs, atol=1e-10)
    np.testing.assert_allclose(inverse @ rhs, solution, atol=1e-10)


def test_nan_is_no_failure_of_a_decomposition() -> None:
    broken = SYMMETRIC.copy()
    broken[2, 4, 1] = np.nan
    s = run(tf.svd(broken, compute_uv=False))
    assert np.isnan(s[2]).all() and np.isfinite(np.delete(s, 2, 0)).all()
    factor = run(tf.cholesky([[4.0, np.nan], [np.nan, 9.0]]))
    assert factor[0, 0] == 2 and np.isnan(factor[1]).all()


SQUARE = "Input matrix must be square."
ERRORS = [
    (tf.cholesky, np.ones((2, 3)), SQUARE),
    (tf.matrix_inverse, np.ones((2, 3)), SQUARE),
    (tf.matrix_determinant, np.ones((2, 3)), SQUARE),
    (tf.linalg.slogdet, np.ones((2, 3)), SQUARE),
    (tf.self_adjoint_eigvals, np.ones((2, 3)), SQUARE),
    (tf.linalg.lu, np.ones((2, 3)), SQUARE),
    (tf.linalg.lu, np.ones(2), "Input tensor must have rank >= 2, got 1"),
    (tf.matrix_inverse, np.ones(2), "Input tensor 0 must have rank >= 2, got 1"),
    (tf.svd, np.ones(2), "Input tensor 0 must have rank >= 2, got 1"),
    (tf.cholesky, np.zeros((2, 2)), "Cholesky decomposition was not successful. The input might"),
    (tf.matrix_inverse, np.ones((2, 2)), "Input is not invertible."),
    (tf.linalg.lu, np.ones((2, 2)), "Input is not invertible."),
    (lambda x: tf.matrix_solve(x, [[1.0], [1.0]]), np.ones((2, 2)), "Input matrix is not invert"),
    (lambda x: tf.matrix_solve(x, [[1.0]]), np.eye(2), "Input matrix and rhs are incompatible."),
    (lambda x: tf.matrix_solve(x, [[1.0]]), np.ones((1, 1, 1)), "All input tensors must have the"),
    (
        lambda x: tf.matrix_triangular_solve(x, [[1.0], [1.0]]),
        np.ones((2, 3)),
        "First input (lhs) must be a square matrix.",
    ),
]


@pytest.mark.parametrize("index", range(len(ERRORS)))
def test_errors_of_a_run(index: int) -> None:
    function, value, message = ERRORS[index]
    x = tf.placeholder(tf.float32)
    y = function(x)
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        run(y, {x: value})
    assert str(caught.value).startswith(message)


def test_errors_of_a_gradient() -> None:
    wide = tf.placeholder(tf.float64, [3, 5])
    for y, message in (
        (tf.svd(wide, full_matrices=True)[1], "svd gradient is not implemented for abs(m - n) > 1"),
        (tf.svd(tf.placeholder(tf.float64, [None, 3]))[0], "SVD gradient has not been implemented"),
        (tf.qr(wide)[0], "QrGrad not implemented when ncols > nrows"),
        (tf.qr(tf.placeholder(tf.float64, [None, 3]))[0], "QrGrad not implemented with dynamic"),
    ):
        with pytest.raises(NotImplementedError) as caught:
            tf.gradients(y, y.op.inputs[0])
        assert str(caught.value).startswith(message)
    slow = tf.matrix_solve_ls(wide, tf.ones([3, 1], tf.float64), fast=False)
    with pytest.raises(ValueError, match="Gradient not defined for fast=False"):
        tf.gradients(slow, wide)


def test_gradients_of_vectors_are_finite_differences() -> None:
    """Through functions of the vectors that no choice of sign changes."""
    for shape in ((4, 4), (5, 3), (3, 4)):
        x = tf.placeholder(tf.float64, shape)
        s, u, v = tf.svd(x)
        q, r = tf.qr(x[:, :3])
        losses = [
            tf.reduce_sum(tf.matmul(u * s**3, v, transpose_b=True) * RANDOM.randn(*shape)),
            tf.reduce_sum(tf.matmul(q, q, transpose_b=True) * RANDOM.randn(shape[0], shape[0]))
            + tf.reduce_sum(r**2),
        ]
        point, direction = RANDOM.randn(*shape), RANDOM.randn(*shape)
        for loss in losses:
            slope = run(tf.gradients(loss, x)[0], {x: point})
            ahead, behind = (run(loss, {x: point + h * direction}) for h in (1e-6, -1e-6))
            expected = (ahead - behind) / 2e-6
            assert abs(np.sum(slope * direction) - expected) < 1e-5 * max(1, abs(expected))
