"""Decompositions of matrices: Cholesky, eigenvalues, singular values, LU."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.dtypes import INT32, INT64, DType, int32
from tflite_edu.core.export import export
from tflite_edu.core.inference import concat_shapes, subshape, with_rank_at_least
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import control_dependencies
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.constants import zeros_like
from tflite_edu.ops.matrices import (
    band_part,
    eye,
    matrix_diag,
    matrix_diag_part,
    matrix_set_diag,
)
from tflite_edu.ops.matrix_product import matmul
from tflite_edu.ops.permuting import matrix_transpose
from tflite_edu.ops.reshaping import expand_dims
from tflite_edu.ops.shapes_of_tensors import shape
from tflite_edu.ops.square_matrices import (
    MATRIX_TYPES,
    adjoint,
    check_matrices,
    check_square,
    square_shape,
    wrong_input,
)

_NO_CHOLESKY = "Cholesky decomposition was not successful. The input might not be valid."


def cholesky_factor(np: Any, input: Any) -> Any:
    """The lower triangular L of `L adjoint(L) = input`, from the input's lower triangles.

    Raises numpy's LinAlgError where a matrix is not positive definite. As in TensorFlow, NaN goes
    through; LAPACK takes it for a failure.
    """
    try:
        return np.linalg.cholesky(input)
    except np.linalg.LinAlgError:
        if np.isfinite(np.tril(input)).all():
            raise
    factor = np.zeros_like(input)
    for k in range(input.shape[-1]):
        left = factor[..., k, :k]
        pivot = input[..., k, k].real - np.sum(np.abs(left) ** 2, -1)
        if (pivot <= 0).any():
            raise np.linalg.LinAlgError
        root = np.sqrt(pivot)
        factor[..., k, k] = root
        product = factor[..., k + 1 :, :k] @ np.conj(left)[..., None]
        factor[..., k + 1 :, k] = (input[..., k + 1 :, k] - product[..., 0]) / root[..., None]
    return factor


class Cholesky(Op):
    """Lower triangular factors L of positive definite matrices `L adjoint(L)`."""

    inputs, outputs = ("input: T",), ("output: T",)
    T: DType = attr(*MATRIX_TYPES)

    def infer(self, input: Shape) -> Shape:
        return square_shape(input)

    def forward(self, np: Any, input: Any) -> Any:
        check_square(input)
        try:
            return cholesky_factor(np, input)
        except np.linalg.LinAlgError:
            raise wrong_input(_NO_CHOLESKY) from None

    def backward(self, op: Any, doutput: Tensor) -> Tensor:
        # Murray, "Differentiation of the Cholesky decomposition" (2016).
        factor = op.outputs[0]
        size = shape(factor)[-1]
        inverse = raw.MatrixTriangularSolve(
            factor, eye(size, batch_shape=shape(factor)[:-2], dtype=factor.dtype)
        )
        middle = matmul(factor, doutput, adjoint_a=True)
        middle = matrix_set_diag(middle, 0.5 * matrix_diag_part(middle))
        middle = band_part(middle, -1, 0)
        gradient = matmul(matmul(inverse, middle, adjoint_a=True), inverse)
        return (gradient + adjoint(gradient)) * 0.5


@export("linalg.cholesky", "cholesky")
def cholesky(input: Any, name: str | None = None) -> Tensor:
    """The lower triangular L of `L adjoint(L) = input` for positive definite `[..., n, n]`.

    Only the lower triangles of `input` are read. Raises ValueError where the matrices are known not
    to be square, and InvalidArgumentError in a run where one is not positive definite.
    """
    return raw.Cholesky(input, name=name)


class SelfAdjointEigV2(Op):
    """Eigenvalues of self-adjoint matrices, ascending, and eigenvectors as columns.

    Without `compute_v` the vectors are an empty tensor. An eigenvector's sign (its phase, if it is
    complex) is LAPACK's.
    """

    inputs, outputs = ("input: T",), ("e: T", "v: T")
    compute_v: bool = True
    T: DType = attr(*MATRIX_TYPES)

    def infer(self, input: Shape) -> list[Shape]:
        input = square_shape(input)
        values = subshape(input, 0, -1)
        return [values, input if self.compute_v else (0,)]

    def forward(self, np: Any, input: Any) -> Any:
        check_square(input)
        failed = wrong_input(
            "Self-adjoint eigen decomposition was not successful. The input might not be valid."
        )
        if np.isnan(np.tril(input)).any():
            raise failed
        try:
            if self.compute_v:
                values, vectors = np.linalg.eigh(input)
            else:
                values, vectors = np.linalg.eigvalsh(input), np.zeros(0)
        except np.linalg.LinAlgError:
            raise failed from None
        return values.astype(input.dtype), vectors.astype(input.dtype)

    def backward(self, op: Any, de: Tensor, dv: Tensor) -> Tensor:
        # Giles, "Collected matrix derivative results for forward and reverse mode algorithmic
        # differentiation" (2008).
        values, vectors = op.outputs
        with control_dependencies([de, dv]):
            if self.compute_v:
                gaps = expand_dims(values, -2) - expand_dims(values, -1)
                inverse = matrix_set_diag(raw.Reciprocal(gaps), zeros_like(values))
                along = matrix_diag(de)
                middle = along + inverse * matmul(vectors, dv, adjoint_a=True)
            else:
                vectors = raw.SelfAdjointEigV2(op.inputs[0], compute_v=True)[1]
                middle = matrix_diag(de)
            gradient = matmul(vectors, matmul(middle, vectors, adjoint_b=True))
            # Only the lower triangle is read, so the upper one's share belongs to it.
            gradient = band_part(gradient + adjoint(gradient), -1, 0)
            return matrix_set_diag(gradient, 0.5 * matrix_diag_part(gradient))


@export("linalg.eigh", "self_adjoint_eig")
def self_adjoint_eig(tensor: Any, name: str | None = None) -> tuple[Tensor, Tensor]:
    """Eigenvalues `[..., n]`, ascending, and eigenvectors `[..., n, n]` of `tensor`, `[..., n, n]`.

    `vectors[..., :, i]` belongs to `values[..., i]`. Only the lower triangles are read. Raises
    ValueError where the matrices are known not to be square.
    """
    values, vectors = raw.SelfAdjointEigV2(tensor, compute_v=True, name=name)
    return values, vectors


@export("linalg.eigvalsh", "self_adjoint_eigvals")
def self_adjoint_eigvals(tensor: Any, name: str | None = None) -> Tensor:
    """The eigenvalues `[..., n]`, ascending, of self-adjoint matrices `[..., n, n]`.

    Only the lower triangles are read. Raises ValueError where the matrices are known not to be
    square.
    """
    return raw.SelfAdjointEigV2(tensor, compute_v=False, name=name)[0]


class Svd(Op):
    """Singular values of matrices, descending, and the singular vectors as columns of u and v.

    Without `compute_uv` u and v are empty. With `full_matrices` they are square. The sign of a pair
    of vectors is LAPACK's.
    """

    inputs, outputs = ("input: T",), ("s: T", "u: T", "v: T")
    compute_uv: bool = True
    full_matrices: bool = False
    T: DType = attr(*MATRIX_TYPES)

    def infer(self, input: Shape) -> list[Shape]:
        input = with_rank_at_least(input, 2)
        if input is None:
            return [None, None, None] if self.compute_uv else [None, (0,), (0,)]
        rows, columns = input[-2:]
        if rows is None or columns is None:
            count = 0 if rows == 0 or columns == 0 else None
        else:
            count = min(rows, columns)
        batch = subshape(input, 0, -2)
        values = concat_shapes(batch, (count,))
        if not self.compute_uv:
            return [values, (0,), (0,)]
        if self.full_matrices:
            return [
                values,
                concat_shapes(batch, (rows, rows)),
                concat_shapes(batch, (columns, columns)),
            ]
        return [
            values,
            concat_shapes(batch, (rows, count)),
            concat_shapes(batch, (columns, count)),
        ]

    def forward(self, np: Any, input: Any) -> Any:
        check_matrices(input)
        # LAPACK does not converge on what is not finite; TensorFlow gives NaN there.
        finite = np.isfinite(input).all((-2, -1))
        clean = input if finite.all() else np.where(finite[..., None, None], input, 0)
        if not self.compute_uv:
            s = np.linalg.svd(clean, compute_uv=False)
            results = [s, np.zeros(0), np.zeros(0)]
        else:
            u, s, vh = np.linalg.svd(clean, full_matrices=self.full_matrices)
            results = [s, u, np.conj(np.swapaxes(vh, -1, -2))]
        results = [np.array(r, input.dtype) for r in results]
        if not finite.all():
            for r in results[: 3 if self.compute_uv else 1]:
                r[~finite] = np.nan
        return results

    def backward(self, op: Any, ds: Tensor, du: Tensor, dv: Tensor) -> Tensor:
        # Townsend, "Differentiating the singular value decomposition" (2016).
        input = op.inputs[0]
        if not self.compute_uv:
            middle = matrix_diag(ds)
            _, u, v = raw.Svd(input, compute_uv=True)
            return matmul(u, matmul(middle, v, adjoint_b=True))
        if input.dtype.is_complex:
            raise NotImplementedError(
                "SVD gradient is not implemented for complex types and compute_uv=True."
            )
        rows, columns = (None, None) if input._shape is None else input._shape[-2:]
        if rows is None or columns is None:
            raise NotImplementedError(
                "SVD gradient has not been implemented for input with unknown inner matrix shape."
            )
        if self.full_matrices and abs(rows - columns) > 1:
            raise NotImplementedError(
                "svd gradient is not implemented for abs(m - n) > 1 when full_matrices is True"
            )
        s, u, v = op.outputs
        tall = rows > columns
        if tall:
            # The rules below are of wide matrices.
            rows, columns, u, v, du, dv = columns, rows, v, u, dv, du
        ds_matrix = matrix_diag(ds)
        with control_dependencies([ds, du, dv]):
            gradient = _gradient_of_wide(
                s, u, v, ds_matrix, du, dv, rows, columns, self.full_matrices
            )
            return matrix_transpose(gradient) if tall else gradient


def _gradient_of_wide(
    s: Tensor,
    u: Tensor,
    v: Tensor,
    ds: Tensor,
    du: Tensor,
    dv: Tensor,
    rows: int,
    columns: int,
    full: bool,
) -> Tensor:
    """The gradient of matrices `[..., rows, columns]`, rows <= columns; `ds` as diagonals."""
    s_matrix = matrix_diag(s)
    squares = raw.Square(s)
    known = shape(s)
    identity = eye(known[-1], batch_shape=known[:-1], dtype=s.dtype)
    gaps = expand_dims(squares, -2) - expand_dims(squares, -1)
    inverse_gaps = matrix_set_diag(raw.Reciprocal(gaps + identity), zeros_like(s))
    inverse_s = matrix_diag(raw.Reciprocal(s))
    v1, dv1 = v[..., :, :rows], dv[..., :, :rows]
    u_du = matmul(u, du, adjoint_a=True)
    v_dv = matmul(v1, dv1, adjoint_a=True)
    f_u = inverse_gaps * u_du
    f_v = inverse_gaps * v_dv
    middle = ds + matmul(f_u + adjoint(f_u), s_matrix) + matmul(s_matrix, f_v + adjoint(f_v))
    gradient = matmul(u, matmul(middle, v1, adjoint_b=True))
    if rows == columns:
        return gradient
    transposed = matrix_transpose(dv1)
    outside = transposed - matmul(matmul(transposed, v1), v1, adjoint_b=True)
    if full:
        v2, dv2 = v[..., :, rows:columns], dv[..., :, rows:columns]
        v1_dv2 = matmul(v1, dv2, adjoint_a=True)
        outside = outside - matmul(v1_dv2, v2, adjoint_b=True)
    return gradient + matmul(matmul(u, inverse_s), outside)


@export("linalg.svd", "svd")
def svd(
    tensor: Any, full_matrices: bool = False, compute_uv: bool = True, name: str | None = None
) -> Any:
    """Singular values `[..., p]`, descending, and vectors u, v of matrices `[..., m, n]`.

    `tensor = u diag(s) adjoint(v)`, p = min(m, n). u is `[..., m, p]` and v `[..., n, p]`, or with
    `full_matrices` `[..., m, m]` and `[..., n, n]`. Returns (s, u, v), or s without `compute_uv`.
    Raises ValueError where `tensor` is known to have fewer than two axes.
    """
    s, u, v = raw.Svd(tensor, compute_uv=compute_uv, full_matrices=full_matrices, name=name)
    return (s, u, v) if compute_uv else s


class Lu(Op):
    """L and U of square matrices, packed in one, and the permutation of their rows."""

    inputs, outputs = ("input: T",), ("lu: T", "p: output_idx_type")
    T: DType = attr(*MATRIX_TYPES)
    output_idx_type: DType = attr(INT32, INT64, default=INT32)

    def infer(self, input: Shape) -> list[Shape]:
        input = square_shape(input)
        return [input, subshape(input, 0, -1)]

    def forward(self, np: Any, input: Any) -> Any:
        check_square(input, "")
        size = input.shape[-1]
        lu = input.reshape(-1, size, size).copy() if input.size else np.empty_like(input)
        order = np.empty(input.shape[:-1], self.output_idx_type.as_numpy_dtype)
        order[...] = np.arange(size)
        if input.size:
            _eliminate(np, lu, order.reshape(-1, size))
        return lu.reshape(input.shape), order


def _eliminate(np: Any, lu: Any, order: Any) -> None:
    """Gaussian elimination with partial pivoting, in place, a column of all matrices at a time."""
    every = np.arange(len(lu))
    for k in range(lu.shape[-1]):
        pivot = k + np.abs(lu[:, k:, k]).argmax(-1)
        for rows in (lu, order):
            chosen = rows[every, pivot].copy()
            rows[every, pivot] = rows[:, k]
            rows[:, k] = chosen
        if not (np.abs(lu[:, k, k]) > 0).all():
            raise wrong_input("Input is not invertible.")
        lu[:, k + 1 :, k] /= lu[:, k, k, None]
        lu[:, k + 1 :, k + 1 :] -= lu[:, k + 1 :, k, None] * lu[:, k, None, k + 1 :]


@export("linalg.lu")
def lu(input: Any, output_idx_type: Any = int32, name: str | None = None) -> Any:
    """L and U of square matrices `[..., n, n]`, packed in one, and the permutation `[..., n]`.

    `input[..., p, :] = L U`; L has ones on its diagonal, which are left out. Raises ValueError
    where the matrices are known not to be square, and InvalidArgumentError in a run where one has
    no inverse.
    """
    return raw.Lu(input, output_idx_type=output_idx_type, name=name)
