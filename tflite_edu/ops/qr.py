"""The QR decomposition."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.dtypes import COMPLEX64, COMPLEX128, DOUBLE, FLOAT, HALF, DType
from tflite_edu.core.export import export
from tflite_edu.core.inference import concat_shapes, subshape, with_rank_at_least
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.matrices import band_part
from tflite_edu.ops.matrix_product import matmul
from tflite_edu.ops.square_matrices import adjoint


class Qr(Op):
    """Matrices `[..., m, n]` as products of Q, `[..., m, p]`, and R, `[..., p, n]`.

    Q has orthonormal columns and R is upper triangular; p is min(m, n), or m for `full_matrices`.
    """

    inputs, outputs = ("input: T",), ("q: T", "r: T")
    full_matrices: bool = False
    T: DType = attr(DOUBLE, FLOAT, HALF, COMPLEX64, COMPLEX128)

    def infer(self, input: Shape) -> list[Shape]:
        input = with_rank_at_least(input, 2)
        if input is None:
            return [None, None]
        rows, columns = input[-2:]
        if self.full_matrices:
            inner = rows
        elif rows is None or columns is None:
            inner = 0 if rows == 0 or columns == 0 else None
        else:
            inner = min(rows, columns)
        batch = subshape(input, 0, -2)
        return [concat_shapes(batch, (rows, inner)), concat_shapes(batch, (inner, columns))]

    def forward(self, np: Any, input: Any) -> Any:
        half = self.T is HALF
        q, r = np.linalg.qr(
            input.astype(np.float32) if half else input,
            mode="complete" if self.full_matrices else "reduced",
        )
        return (q.astype(np.float16), r.astype(np.float16)) if half else (q, r)

    def backward(self, op: Any, dq: Tensor, dr: Tensor) -> Tensor:
        # Walter and Lehmann, "On evaluating higher-order derivatives of the QR decomposition of
        # tall matrices with full column rank in forward and reverse mode" (2009).
        q, r = op.outputs
        if q.dtype.is_complex:
            raise NotImplementedError(f"QrGrad not implemented for dtype: {q.dtype}")
        sizes = None if r._shape is None else r._shape[-2:]
        if sizes is None or None in sizes or q._shape is None or None in q._shape[-2:]:
            raise NotImplementedError("QrGrad not implemented with dynamic shapes.")
        if sizes[0] != sizes[1]:
            raise NotImplementedError(
                "QrGrad not implemented when ncols > nrows or full_matrices is true and "
                "ncols != nrows."
            )
        q_dq = matmul(q, dq, adjoint_a=True)
        skew = q_dq - adjoint(q_dq)
        r_dr = matmul(r, dr, adjoint_b=True)
        lower = band_part(skew + (r_dr - adjoint(r_dr)), -1, 0)
        inside = matmul(q, dr + _right_solved(lower, r))
        return inside + _right_solved(dq - matmul(q, q_dq), r)


def _right_solved(x: Tensor, r: Tensor) -> Tensor:
    """`x adjoint(inverse(r))` of upper triangular `r`."""
    return adjoint(raw.MatrixTriangularSolve(r, adjoint(x), lower=False, adjoint=False))


@export("linalg.qr", "qr")
def qr(input: Any, full_matrices: bool = False, name: str | None = None) -> Any:
    """Q and R of matrices `[..., m, n]`; see `Qr`. Raises ValueError on fewer than 2 dimensions."""
    return raw.Qr(input, full_matrices=full_matrices, name=name)
