"""Square matrices: their checks, adjoints, determinants and inverses."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import errors, raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import COMPLEX64, COMPLEX128, DOUBLE, FLOAT, HALF, DType
from tflite_edu.core.export import export
from tflite_edu.core.inference import merge_dims, subshape, with_rank_at_least
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.joining import concat
from tflite_edu.ops.matrices import matrix_diag_part
from tflite_edu.ops.matrix_product import matmul
from tflite_edu.ops.permuting import matrix_transpose
from tflite_edu.ops.reductions import reduce_sum
from tflite_edu.ops.shapes_of_tensors import shape

# What the decompositions and solvers take.
MATRIX_TYPES = (DOUBLE, FLOAT, HALF, COMPLEX64, COMPLEX128)


def wrong_input(message: str) -> errors.InvalidArgumentError:
    """The error of a run whose matrices do not do."""
    return errors.InvalidArgumentError(None, None, message)


def square_shape(input: Shape) -> Shape:
    """The shape `[..., n, n]` of square matrices, with what either side says of n."""
    input = with_rank_at_least(input, 2)
    if input is None:
        return None
    side = merge_dims(input[-2], input[-1])
    return (*input[:-2], side, side)


def check_matrices(input: Any, number: str = " 0") -> None:
    """Raises InvalidArgumentError where an array has fewer than two axes."""
    if input.ndim < 2:
        raise wrong_input(f"Input tensor{number} must have rank >= 2, got {input.ndim}")


def check_square(input: Any, number: str = " 0") -> None:
    """Raises InvalidArgumentError where an array does not hold square matrices."""
    check_matrices(input, number)
    if input.shape[-1] != input.shape[-2]:
        raise wrong_input("Input matrix must be square.")


def adjoint_of(np: Any, matrices: Any) -> Any:
    """The conjugate transposes of an array's matrices."""
    return np.conj(np.swapaxes(matrices, -1, -2))


@export("linalg.adjoint")
def adjoint(matrix: Any, name: str | None = None) -> Tensor:
    """The conjugate transposes `[..., n, m]` of matrices `[..., m, n]`.

    Raises ValueError where `matrix` is known to have fewer than two axes.
    """
    with name_scope(name, "adjoint", [matrix]):
        matrix = convert_to_tensor(matrix, name="matrix")
        return matrix_transpose(matrix, conjugate=True)


class MatrixInverse(Op):
    """The inverses of square matrices, or of their conjugate transposes with `adjoint`."""

    inputs, outputs = ("input: T",), ("output: T",)
    adjoint: bool = False
    T: DType = attr(*MATRIX_TYPES)

    def infer(self, input: Shape) -> Shape:
        return square_shape(input)

    def forward(self, np: Any, input: Any) -> Any:
        check_square(input)
        if self.adjoint:
            input = adjoint_of(np, input)
        try:
            return np.linalg.inv(input)
        except np.linalg.LinAlgError:
            raise wrong_input("Input is not invertible.") from None

    def backward(self, op: Any, doutput: Tensor) -> Tensor:
        inverse = op.outputs[0]
        return -matmul(inverse, matmul(doutput, inverse, adjoint_b=True), adjoint_a=True)


@export("linalg.inv", "matrix_inverse")
def matrix_inverse(input: Any, adjoint: bool = False, name: str | None = None) -> Tensor:
    """The inverses of square matrices `[..., n, n]`, or of their adjoints.

    Raises ValueError where they are known not to be square, and InvalidArgumentError in a run where
    one has no inverse.
    """
    return raw.MatrixInverse(input, adjoint=adjoint, name=name)


def _sign_and_logarithm(np: Any, input: Any) -> tuple[Any, Any]:
    """Signs and logarithms of the absolute values of determinants, the latter finite or infinite.

    Where a logarithm is not finite the sign is 0, and NaN counts as minus infinity.
    """
    check_square(input)
    sign, logarithm = np.linalg.slogdet(input)
    finite = np.isfinite(logarithm)
    logarithm = np.where(finite, logarithm, np.where(logarithm > 0, np.inf, -np.inf))
    return np.where(finite, sign, 0), logarithm


def _determinant_shape(input: Shape) -> Shape:
    input = with_rank_at_least(input, 2)
    if input is not None:
        merge_dims(input[-1], input[-2])
    return subshape(input, 0, -2)


class MatrixDeterminant(Op):
    """The determinants of square matrices."""

    inputs, outputs = ("input: T",), ("output: T",)
    T: DType = attr(HALF, FLOAT, DOUBLE, COMPLEX64, COMPLEX128)

    def infer(self, input: Shape) -> Shape:
        return _determinant_shape(input)

    def forward(self, np: Any, input: Any) -> Any:
        sign, logarithm = _sign_and_logarithm(np, input)
        return np.asarray(sign * np.exp(logarithm)).astype(input.dtype)

    def backward(self, op: Any, doutput: Tensor) -> Tensor:
        inverse = raw.MatrixInverse(op.inputs[0], adjoint=True)
        return _as_matrices(doutput * op.outputs[0], op.outputs[0]) * inverse


@export("linalg.det", "matrix_determinant")
def matrix_determinant(input: Any, name: str | None = None) -> Tensor:
    """The determinants `[...]` of square matrices `[..., n, n]`.

    Raises ValueError where they are known not to be square.
    """
    return raw.MatrixDeterminant(input, name=name)


def _as_matrices(numbers: Tensor, of_shape: Tensor) -> Tensor:
    """Numbers `[...]`, of the shape of a tensor, as matrices `[..., 1, 1]`."""
    return raw.Reshape(numbers, concat([shape(of_shape), [1, 1]], 0))


class LogMatrixDeterminant(Op):
    """Signs of determinants of square matrices and logarithms of their absolute values."""

    inputs, outputs = ("input: T",), ("sign: T", "log_abs_determinant: T")
    T: DType = attr(HALF, FLOAT, DOUBLE, COMPLEX64, COMPLEX128)

    def infer(self, input: Shape) -> list[Shape]:
        found = _determinant_shape(input)
        return [found, found]

    def forward(self, np: Any, input: Any) -> Any:
        sign, logarithm = _sign_and_logarithm(np, input)
        return sign.astype(input.dtype), logarithm.astype(input.dtype)

    def backward(self, op: Any, dsign: Any, dlogarithm: Tensor) -> Tensor:
        inverse = raw.MatrixInverse(op.inputs[0], adjoint=True)
        return _as_matrices(dlogarithm, op.outputs[1]) * inverse


@export("linalg.slogdet")
def slogdet(input: Any, name: str | None = None) -> Any:
    """Sign and logarithm of the absolute value of the determinants of matrices `[..., n, n]`.

    Both are `[...]`; of a singular matrix they are 0 and minus infinity. Raises ValueError where
    the matrices are known not to be square.
    """
    return raw.LogMatrixDeterminant(input, name=name)


@export("linalg.logdet")
def logdet(matrix: Any, name: str | None = None) -> Tensor:
    """The logarithms `[...]` of the determinants of positive definite matrices `[..., n, n]`.

    `2 sum(log(diagonal of the Cholesky factor))`. Raises InvalidArgumentError in a run where a
    matrix is not positive definite.
    """
    with name_scope(name, "logdet", [matrix]):
        diagonal = matrix_diag_part(raw.Cholesky(matrix))
        return 2.0 * reduce_sum(raw.Log(diagonal), axis=[-1])
