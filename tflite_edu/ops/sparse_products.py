"""The product of a sparse matrix and a dense one."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import INT32, INT64, DType
from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.core.export import export
from tflite_edu.core.inference import format_shape, merge_dims, with_rank
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.sparse_tensor import sparse_tensor
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.gathering import gather
from tflite_edu.ops.permuting import transpose
from tflite_edu.ops.reductions import reduce_sum


class SparseTensorDenseMatMul(Op):
    """Product of a sparse matrix and a dense one, either of which may be transposed first.

    A transposed complex `b` is conjugated, too; `a` is not, as in TensorFlow's kernel.
    """

    inputs = ("a_indices: Tindices", "a_values: T", "a_shape: int64", "b: T")
    outputs = ("product: T",)
    infer_from = {"a_shape": "partial"}
    T: DType
    Tindices: DType = attr(INT32, INT64, default=INT64)
    adjoint_a: bool = False
    adjoint_b: bool = False

    def infer(self, a_indices: Shape, a_values: Shape, a_shape: Shape, b: Shape) -> Shape:
        with_rank(a_indices, 2)
        with_rank(a_values, 1)
        b = with_rank(b, 2)
        a = with_rank(a_shape, 2)
        merge_dims(a[not self.adjoint_a], b[self.adjoint_b])
        return a[self.adjoint_a], b[not self.adjoint_b]

    def forward(self, np: Any, a_indices: Any, a_values: Any, a_shape: Any, b: Any) -> Any:
        self._check(np, a_indices, a_values, a_shape, b)
        if self.adjoint_a:
            a_indices, a_shape = a_indices[:, ::-1], a_shape[::-1]
        if self.adjoint_b:
            b = np.conj(b).T
        rows, columns = a_indices[:, 0], a_indices[:, 1]
        self._check_places(np, rows, columns, a_shape)
        product = np.zeros((int(a_shape[0]), b.shape[1]), b.dtype)
        if not rows.size:
            return product
        if (rows[1:] < rows[:-1]).any():
            order = np.argsort(rows, kind="stable")
            rows, columns, a_values = rows[order], columns[order], a_values[order]
        starts = np.flatnonzero(np.r_[True, rows[1:] != rows[:-1]])
        terms = a_values[:, None] * b[columns]
        product[rows[starts]] = np.add.reduceat(terms, starts, 0, b.dtype)
        return product

    def _check(self, np: Any, a_indices: Any, a_values: Any, a_shape: Any, b: Any) -> None:
        def refuse(message: str) -> None:
            raise InvalidArgumentError(None, None, message)

        if np.ndim(b) != 2:
            refuse("Tensor 'b' is not a matrix")
        if np.ndim(a_shape) != 1:
            refuse("Tensor 'a_shape' is not a vector")
        if len(a_shape) != 2:
            refuse("Tensor 'a_shape' must have 2 elements")
        if np.ndim(a_values) != 1:
            refuse("Tensor 'a_values' is not a vector")
        if np.ndim(a_indices) != 2:
            refuse("Tensor 'a_indices' is not a matrix")
        if len(a_indices) != len(a_values):
            refuse("Number of rows of a_indices does not match number of entries in a_values")
        if a_indices.shape[1] != 2:
            refuse("Number of columns of a_indices does not match number of entries in a_shape")
        left, right = a_shape[0 if self.adjoint_a else 1], b.shape[self.adjoint_b]
        if left != right:
            refuse(
                f"Cannot multiply A and B because inner dimension does not match: {left} vs. "
                f"{right}.  Did you forget a transpose?  Dimensions of A: [{a_shape[0]}, "
                f"{a_shape[1]}).  Dimensions of B: {format_shape(b.shape)}"
            )

    def _check_places(self, np: Any, rows: Any, columns: Any, shape: Any) -> None:
        outside_columns = (columns < 0) | (columns >= shape[1])
        outside = np.flatnonzero(outside_columns | (rows < 0) | (rows >= shape[0]))
        if not outside.size:
            return
        at = outside[0]
        if outside_columns[at]:
            letter, place, axis = "k", columns[at], 0 if self.adjoint_a else 1
            limit = shape[1]
        else:
            letter, place, axis = "m", rows[at], 1 if self.adjoint_a else 0
            limit = shape[0]
        raise InvalidArgumentError(
            None, None, f"{letter} ({place}) from index[{at},{axis}] out of bounds (>={limit})"
        )

    def backward(self, op: Any, gradient: Tensor) -> list[Any]:
        indices, values, shape, b = op.inputs
        if values.dtype.is_complex:
            # TensorFlow's own words; its check comes too late to be met.
            raise NotImplementedError(
                "SparseTensorDenseMatMul op does not support complex gradients."
            )
        db = raw.SparseTensorDenseMatMul(
            indices, values, shape, gradient, adjoint_a=not self.adjoint_a
        )
        if self.adjoint_b:
            db = transpose(db)
        rows, columns = indices[:, 0], indices[:, 1]
        if self.adjoint_a:
            rows, columns = columns, rows
        left = gather(gradient, rows)
        right = gather(transpose(b) if self.adjoint_b else b, columns)
        return [None, reduce_sum(left * right, axis=1), None, db]


@export("sparse_tensor_dense_matmul", "sparse.matmul", "sparse.sparse_dense_matmul")
def sparse_tensor_dense_matmul(
    sp_a: Any, b: Any, adjoint_a: bool = False, adjoint_b: bool = False, name: str | None = None
) -> Tensor:
    """The product of a sparse matrix and a dense one, `[n, m]`.

    Args:
      sp_a: sparse, `[n, k]`; its elements may be in any order, those of one position add up.
      b: `[k, m]`, of the same dtype.
      adjoint_a, adjoint_b: whether the matrix is transposed first, `b` also conjugated.

    Raises TypeError where `sp_a` is not sparse, ValueError (or, in a run, InvalidArgumentError)
    where shapes do not fit.
    """
    found = sparse_tensor(sp_a)
    with name_scope(name, "SparseTensorDenseMatMul", [found.indices, found.values, b]):
        b = convert_to_tensor(b, name="b")
        return raw.SparseTensorDenseMatMul(
            found.indices,
            found.values,
            found.dense_shape,
            b,
            adjoint_a=adjoint_a,
            adjoint_b=adjoint_b,
        )
