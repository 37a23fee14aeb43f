"""The QR decomposition."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.dtypes import COMPLEX64, COMPLEX128, DOUBLE, FLOAT, HALF, DType
from tflite_edu.core.export import export
from tflite_edu.core.inference import concat_shapes, subshape, with_rank_at_least
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape


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


@export("linalg.qr", "qr")
def qr(input: Any, full_matrices: bool = False, name: str | None = None) -> Any:
    """Q and R of matrices `[..., m, n]`; see `Qr`. Raises ValueError on fewer than 2 dimensions."""
    return raw.Qr(input, full_matrices=full_matrices, name=name)
