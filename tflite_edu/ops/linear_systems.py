"""Systems of linear equations, exact and in the least-squares sense."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import dtypes, raw
from tflite_edu.core.constant import constant
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import DOUBLE, FLOAT, HALF, DType
from tflite_edu.core.export import export
from tflite_edu.core.inference import merge, merge_dims, subshape, with_rank_at_least
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import control_dependencies, name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.assertions import assert_rank_at_least
from tflite_edu.ops.casting import cast
from tflite_edu.ops.conditional import cond
from tflite_edu.ops.decompositions import cholesky_factor
from tflite_edu.ops.identity import identity
from tflite_edu.ops.matrices import band_part, eye
from tflite_edu.ops.matrix_product import matmul
from tflite_edu.ops.permuting import matrix_transpose
from tflite_edu.ops.reductions import reduce_max, reduce_sum
from tflite_edu.ops.reshaping import expand_dims
from tflite_edu.ops.selection import where_v2
from tflite_edu.ops.shapes_of_tensors import shape
from tflite_edu.ops.square_matrices import MATRIX_TYPES, adjoint_of, wrong_input


def _solution_shape(matrix: Shape, rhs: Shape, square: bool) -> Shape:
    """The shape `[..., n, k]` of X in `matrix X = rhs`, `[..., m, n]` and `[..., m, k]`."""
    matrix, rhs = with_rank_at_least(matrix, 2), with_rank_at_least(rhs, 2)
    rows = columns = count = None
    if matrix is not None:
        rows, columns = matrix[-2:]
    if square:
        rows = columns = merge_dims(rows, columns)
    batch = merge(subshape(matrix, 0, -2), subshape(rhs, 0, -2))
    if rhs is not None:
        rows = merge_dims(rows, rhs[-2])
        count = rhs[-1]
    if batch is None:
        return None
    return (*batch, rows if square else columns, count)


def _check_system(matrix: Any, rhs: Any, square: bool) -> None:
    """Raises InvalidArgumentError where the arrays are no systems of equations."""
    if matrix.ndim != rhs.ndim:
        raise wrong_input("All input tensors must have the same rank.")
    if matrix.ndim < 2:
        raise wrong_input(f"Input tensor 0 must have rank >= 2, got {matrix.ndim}")
    if matrix.shape[:-2] != rhs.shape[:-2]:
        raise wrong_input("All input tensors must have the same outer dimensions.")
    if square and matrix.shape[-1] != matrix.shape[-2]:
        raise wrong_input("First input (lhs) must be a square matrix.")
    if matrix.shape[-2] != rhs.shape[-2]:
        raise wrong_input("Input matrix and rhs are incompatible.")


class MatrixSolve(Op):
    """X of `matrix X = rhs`, or of `adjoint(matrix) X = rhs` with `adjoint`."""

    inputs, outputs = ("matrix: T", "rhs: T"), ("output: T",)
    adjoint: bool = False
    T: DType = attr(*MATRIX_TYPES)

    def infer(self, matrix: Shape, rhs: Shape) -> Shape:
        return _solution_shape(matrix, rhs, square=True)

    def forward(self, np: Any, matrix: Any, rhs: Any) -> Any:
        _check_system(matrix, rhs, square=True)
        try:
            return np.linalg.solve(adjoint_of(np, matrix) if self.adjoint else matrix, rhs)
        except np.linalg.LinAlgError:
            raise wrong_input("Input matrix is not invertible.") from None

    def backward(self, op: Any, doutput: Tensor) -> list[Tensor]:
        matrix, solution = op.inputs[0], op.outputs[0]
        drhs = raw.MatrixSolve(matrix, doutput, adjoint=not self.adjoint)
        if self.adjoint:
            return [-matmul(solution, drhs, adjoint_b=True), drhs]
        return [-matmul(drhs, solution, adjoint_b=True), drhs]


@export("linalg.solve", "matrix_solve")
def matrix_solve(matrix: Any, rhs: Any, adjoint: bool = False, name: str | None = None) -> Tensor:
    """X, `[..., n, k]`, of `matrix X = rhs` for matrices `[..., n, n]` and `rhs` `[..., n, k]`.

    With `adjoint` the matrices' conjugate transposes take their place. Raises ValueError where the
    shapes are known not to fit, and InvalidArgumentError in a run where a matrix has no inverse.
    """
    return raw.MatrixSolve(matrix, rhs, adjoint=adjoint, name=name)


class MatrixTriangularSolve(Op):
    """X of `matrix X = rhs` where only the lower, or only the upper, triangles are read."""

    inputs, outputs = ("matrix: T", "rhs: T"), ("output: T",)
    lower: bool = True
    adjoint: bool = False
    T: DType = attr(*MATRIX_TYPES)

    def infer(self, matrix: Shape, rhs: Shape) -> Shape:
        return _solution_shape(matrix, rhs, square=True)

    def forward(self, np: Any, matrix: Any, rhs: Any) -> Any:
        _check_system(matrix, rhs, square=True)
        if (np.diagonal(matrix, 0, -2, -1) == 0).any():
            raise wrong_input("Input matrix is not invertible.")
        triangle = np.tril(matrix) if self.lower else np.triu(matrix)
        if self.adjoint:
            triangle = adjoint_of(np, triangle)
        if self.lower == self.adjoint:
            return _substituted(np, triangle, rhs)
        # In the reverse order of the unknowns the triangle is an upper one.
        turned = _substituted(np, triangle[..., ::-1, ::-1], rhs[..., ::-1, :])
        return np.ascontiguousarray(turned[..., ::-1, :])

    def backward(self, op: Any, doutput: Tensor) -> list[Tensor]:
        matrix, solution = op.inputs[0], op.outputs[0]
        drhs = raw.MatrixTriangularSolve(
            matrix, doutput, lower=self.lower, adjoint=not self.adjoint
        )
        if self.adjoint:
            dmatrix = -matmul(solution, drhs, adjoint_b=True)
        else:
            dmatrix = -matmul(drhs, solution, adjoint_b=True)
        return [band_part(dmatrix, -1, 0) if self.lower else band_part(dmatrix, 0, -1), drhs]


def _substituted(np: Any, upper: Any, rhs: Any) -> Any:
    """X of `upper X = rhs`, by back substitution a block at a time.

    Elimination finds nothing to do in an upper triangle, so that for a small one LAPACK's general
    solver just substitutes; of a big one most is products of matrices.
    """
    if upper.shape[-1] <= 32:
        return np.linalg.solve(upper, rhs)
    half = upper.shape[-1] // 2
    below = _substituted(np, upper[..., half:, half:], rhs[..., half:, :])
    known = upper[..., :half, half:] @ below
    above = _substituted(np, upper[..., :half, :half], rhs[..., :half, :] - known)
    return np.concatenate([above, below], -2)


@export("linalg.triangular_solve", "matrix_triangular_solve")
def matrix_triangular_solve(
    matrix: Any, rhs: Any, lower: bool = True, adjoint: bool = False, name: str | None = None
) -> Tensor:
    """X, `[..., n, k]`, of `matrix X = rhs` for triangular matrices `[..., n, n]`.

    Only the lower triangles are read, or without `lower` the upper ones; with `adjoint` their
    conjugate transposes take their place. Raises ValueError where the shapes are known not to fit,
    and InvalidArgumentError in a run with a 0 on a diagonal.
    """
    return raw.MatrixTriangularSolve(matrix, rhs, lower=lower, adjoint=adjoint, name=name)


@export("linalg.cholesky_solve", "cholesky_solve")
def cholesky_solve(chol: Any, rhs: Any, name: str | None = None) -> Tensor:
    """X, `[..., n, k]`, of `A X = rhs`, where `chol` `[..., n, n]` is the Cholesky factor of A.

    Raises as `matrix_triangular_solve` does.
    """
    with name_scope(name, "cholesky_solve", [chol, rhs]):
        half = raw.MatrixTriangularSolve(chol, rhs, adjoint=False, lower=True)
        return raw.MatrixTriangularSolve(chol, half, adjoint=True, lower=True)


class MatrixSolveLs(Op):
    """X that minimizes `|matrix X - rhs|^2 + l2_regularizer |X|^2`, or the least of many such X.

    `fast` solves the normal equations. Without it the matrix may have any rank, and the regularizer
    is not looked at.
    """

    inputs = ("matrix: T", "rhs: T", "l2_regularizer: float64")
    outputs = ("output: T",)
    T: DType = attr(*MATRIX_TYPES)
    fast: bool = True

    def infer(self, matrix: Shape, rhs: Shape, l2_regularizer: Shape) -> Shape:
        return _solution_shape(matrix, rhs, square=False)

    def forward(self, np: Any, matrix: Any, rhs: Any, l2_regularizer: Any) -> Any:
        _check_system(matrix, rhs, square=False)
        rows, columns = matrix.shape[-2:]
        if matrix.size == 0 or rhs.size == 0:
            return np.zeros((*matrix.shape[:-2], columns, rhs.shape[-1]), rhs.dtype)
        if not self.fast:
            least = np.finfo(matrix.dtype).eps * max(rows, columns)
            return np.linalg.pinv(matrix, rcond=least) @ rhs
        turned = adjoint_of(np, matrix)
        gramian = turned @ matrix if rows >= columns else matrix @ turned
        gramian = gramian + np.eye(min(rows, columns), dtype=matrix.dtype) * matrix.dtype.type(
            l2_regularizer
        )
        try:
            factor = cholesky_factor(np, gramian)
        except np.linalg.LinAlgError:
            advice = "a larger" if rows >= columns else "an"
            raise wrong_input(
                "Input matrix was rank deficient or ill-conditioned. Try setting fast=False or "
                f"provide {advice} l2_regularizer > 0."
            ) from None
        upper = adjoint_of(np, factor)
        if rows >= columns:
            return np.linalg.solve(upper, np.linalg.solve(factor, turned @ rhs))
        return turned @ np.linalg.solve(upper, np.linalg.solve(factor, rhs))

    def backward(self, op: Any, doutput: Tensor) -> list[Any]:
        if not self.fast:
            raise ValueError("Gradient not defined for fast=False")
        matrix, rhs = op.inputs[:2]
        l2_regularizer = cast(op.inputs[2], matrix.dtype)
        sizes: Any = (None, None) if matrix._shape is None else matrix._shape[-2:]
        if None in sizes:
            raise ValueError("None values not supported.")
        if sizes[0] >= sizes[1]:
            return [*_overdetermined(matrix, rhs, l2_regularizer, op.outputs[0], doutput), None]
        return [*_underdetermined(matrix, rhs, l2_regularizer, doutput), None]


def _overdetermined(
    matrix: Tensor, rhs: Tensor, l2_regularizer: Tensor, solution: Tensor, doutput: Tensor
) -> tuple[Tensor, Tensor]:
    """The gradients of the solution of systems with as many equations as unknowns, or more."""
    factor = _factor_of_gramian(matrix, l2_regularizer, first=True)
    z = cholesky_solve(factor, doutput)
    product = matmul(solution, z, adjoint_b=True)
    symmetric = product + matrix_transpose(product)
    dmatrix = -matmul(matrix, symmetric) + matmul(rhs, z, adjoint_b=True)
    return dmatrix, matmul(matrix, z)


def _underdetermined(
    matrix: Tensor, rhs: Tensor, l2_regularizer: Tensor, doutput: Tensor
) -> tuple[Tensor, Tensor]:
    """The gradients of the least solution of systems with fewer equations than unknowns."""
    factor = _factor_of_gramian(matrix, l2_regularizer, first=False)
    drhs = cholesky_solve(factor, matmul(matrix, doutput))
    multipliers = cholesky_solve(factor, rhs)
    inside = -matmul(drhs, matmul(multipliers, matrix, adjoint_a=True))
    outside = doutput - matmul(matrix, drhs, adjoint_a=True)
    return inside + matmul(multipliers, outside, adjoint_b=True), drhs


def _factor_of_gramian(matrix: Tensor, l2_regularizer: Any, first: bool) -> Tensor:
    """The Cholesky factor of `adjoint(M) M`, or of `M adjoint(M)`, plus the regularizer."""
    gramian = matmul(matrix, matrix, adjoint_a=first, adjoint_b=not first)
    if isinstance(l2_regularizer, Tensor) or l2_regularizer != 0:
        known = shape(matrix)
        batch = known[:-2]
        size = known[-1] if first else known[-2]
        gramian = gramian + l2_regularizer * eye(size, batch_shape=batch, dtype=matrix.dtype)
    return raw.Cholesky(gramian)


@export("linalg.lstsq", "matrix_solve_ls")
def matrix_solve_ls(
    matrix: Any, rhs: Any, l2_regularizer: Any = 0.0, fast: bool = True, name: str | None = None
) -> Tensor:
    """X, `[..., n, k]`, that minimizes `|matrix X - rhs|^2 + l2_regularizer |X|^2`.

    Args:
      matrix: `[..., m, n]`; where m < n, X is the least of the solutions.
      rhs: `[..., m, k]`.
      l2_regularizer: a number, 0 or more.
      fast: solve the normal equations by a Cholesky decomposition, for matrices of full rank that
        are well conditioned. Else they may have any rank, there is no gradient, and the regularizer
        is not looked at.

    Raises InvalidArgumentError in a run where `fast` meets a matrix that is not of full rank.
    """
    if not fast:
        return raw.MatrixSolveLs(matrix, rhs, l2_regularizer, fast=False, name=name)
    with name_scope(name, "matrix_solve_ls", [matrix, rhs, l2_regularizer]):
        matrix = convert_to_tensor(matrix, name="matrix")
        sizes: Any = () if matrix._shape is None else matrix._shape[-2:]

        def least_squares() -> Tensor:
            factor = _factor_of_gramian(matrix, l2_regularizer, first=True)
            return cholesky_solve(factor, matmul(matrix, rhs, adjoint_a=True))

        def least_solution() -> Tensor:
            factor = _factor_of_gramian(matrix, l2_regularizer, first=False)
            return matmul(matrix, cholesky_solve(factor, rhs), adjoint_a=True)

        if len(sizes) == 2 and None not in sizes:
            return least_squares() if sizes[0] >= sizes[1] else least_solution()
        known = shape(matrix)[-2:]
        return cond(known[-2] >= known[-1], least_squares, least_solution)


def _checked_matrices(a: Tensor, validate_args: bool) -> Tensor:
    """Floating matrices `a`; raises TypeError and ValueError where they are known not to be."""
    if not a.dtype.is_floating:
        raise TypeError(f"Input `a` must have `float`-like `dtype` (saw {a.dtype.name}).")
    message = "Input `a` must have at least 2 dimensions."
    if a._rank is not None:
        if a._rank < 2:
            raise ValueError(f"Input `a` must have at least 2 dimensions (saw: {a._rank}).")
    elif validate_args:
        with control_dependencies([assert_rank_at_least(a, rank=2, message=message)]):
            return identity(a)
    return a


# The distance from 1 to the next number.
_EPSILON = {HALF: 2.0**-10, FLOAT: 2.0**-23, DOUBLE: 2.0**-52}


def _default_cutoff(a: Tensor) -> Any:
    """`10 max(m, n)` times the epsilon of the dtype of matrices `[..., m, n]`."""
    rows, columns = (None, None) if a._shape is None else a._shape[-2:]
    if rows is not None and columns is not None:
        return 10.0 * max(rows, columns) * _EPSILON[a.dtype.base_dtype]
    longest = raw.Maximum(
        shape(a)[-2] if rows is None else rows, shape(a)[-1] if columns is None else columns
    )
    return 10.0 * cast(longest, a.dtype) * _EPSILON[a.dtype.base_dtype]


def _longest_side(a: Tensor) -> Tensor:
    """`max(m, n)` of matrices `[..., m, n]`, as a number of their dtype."""
    rows, columns = (None, None) if a._shape is None else a._shape[-2:]
    if rows is None or columns is None:
        return cast(reduce_max(shape(a)[-2:]), a.dtype)
    with name_scope("Cast") as scope:
        return cast(constant(max(rows, columns), dtypes.int64, name="x"), a.dtype, name=scope)


@export("linalg.matrix_rank")
def matrix_rank(
    a: Any, tol: Any = None, validate_args: bool = False, name: str | None = None
) -> Tensor:
    """How many singular values of matrices `[..., m, n]` exceed `tol`, `[...]` of int32.

    `tol` is by default `max(m, n)` times the greatest singular value times the dtype's epsilon.
    Raises TypeError where `a` is not floating and ValueError where it is known to have fewer than
    two axes; with `validate_args` also in a run.
    """
    with name_scope(name, "matrix_rank", [a, tol]):
        a = _checked_matrices(convert_to_tensor(a, name="a"), validate_args)
        s = raw.Svd(a, compute_uv=False)[0]
        if tol is None:
            relative = _EPSILON[a.dtype.base_dtype] * _longest_side(a)
            tol = relative * reduce_max(s, axis=-1, keepdims=True)
        return reduce_sum(cast(s > tol, dtypes.int32), axis=-1)


@export("linalg.pinv")
def pinv(a: Any, rcond: Any = None, validate_args: bool = False, name: str | None = None) -> Tensor:
    """The Moore-Penrose inverses `[..., n, m]` of matrices `[..., m, n]`.

    Singular values up to `rcond` times the greatest, by default `10 max(m, n)` times the dtype's
    epsilon, count as 0. Raises as `matrix_rank` does.
    """
    with name_scope(name, "pinv", [a, rcond]):
        a = _checked_matrices(convert_to_tensor(a, name="a"), validate_args)
        if rcond is None:
            rcond = _default_cutoff(a)
        rcond = convert_to_tensor(rcond, dtype=a.dtype, name="rcond")
        s, u, v = raw.Svd(a, compute_uv=True, full_matrices=False)
        cutoff = rcond * reduce_max(s, axis=-1)
        s = where_v2(s > expand_dims(cutoff, -1), s, float("inf"))
        inverse = matmul(v / expand_dims(s, -2), u, adjoint_b=True)
        if a._rank is not None:
            inverse.set_shape((*a._shape[:-2], a._shape[-1], a._shape[-2]))
        return inverse
