"""Products of matrices and of batches of matrices."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import errors, raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import (
    BFLOAT16,
    COMPLEX64,
    COMPLEX128,
    DOUBLE,
    FLOAT,
    HALF,
    INT32,
    INT64,
    DType,
    float32_from_bfloat16,
)
from tflite_edu.core.export import export
from tflite_edu.core.inference import (
    ShapeError,
    broadcast_shape,
    format_shape,
    merge,
    merge_dims,
    with_rank,
    with_rank_at_least,
)
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape, is_fully_defined
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.casting import cast
from tflite_edu.ops.complex_numbers import conj
from tflite_edu.ops.permuting import transpose
from tflite_edu.ops.shapes_of_tensors import shape

_TYPES = (BFLOAT16, HALF, FLOAT, DOUBLE, INT32, INT64, COMPLEX64, COMPLEX128)


def _product(np: Any, a: Any, b: Any, dtype: DType) -> Any:
    if dtype is HALF:
        # BLAS knows no float16; the sums are more exact in float32, too.
        return np.matmul(a.astype(np.float32), b.astype(np.float32)).astype(np.float16)
    return np.matmul(a, b)


def _complaint(message: str) -> errors.InvalidArgumentError:
    return errors.InvalidArgumentError(None, None, message)


class MatMul(Op):
    """Product of two matrices, either of which may be transposed first."""

    inputs, outputs = ("a: T", "b: T"), ("product: T",)
    transpose_a: bool = False
    transpose_b: bool = False
    T: DType = attr(*_TYPES)

    def infer(self, a: Shape, b: Shape) -> Shape:
        rows, inner_a = with_rank(a, 2)[:: -1 if self.transpose_a else 1]
        inner_b, columns = with_rank(b, 2)[:: -1 if self.transpose_b else 1]
        merge_dims(inner_a, inner_b)
        return rows, columns

    def forward(self, np: Any, a: Any, b: Any) -> Any:
        for i, x in enumerate((a, b)):
            if np.ndim(x) != 2:
                shape = format_shape(np.shape(x))
                raise _complaint(f"In[{i}] is not a matrix. Instead it has shape {shape}")
        if a.shape[not self.transpose_a] != b.shape[self.transpose_b]:
            raise _complaint(
                f"Matrix size-incompatible: In[0]: {format_shape(a.shape)}, "
                f"In[1]: {format_shape(b.shape)}"
            )
        return _product(np, a.T if self.transpose_a else a, b.T if self.transpose_b else b, self.T)

    def backward(self, op: Any, gradient: Tensor) -> Any:
        a, b = conj(op.inputs[0]), conj(op.inputs[1])
        if self.transpose_a:
            da = raw.MatMul(b, gradient, transpose_a=self.transpose_b, transpose_b=True)
        else:
            da = raw.MatMul(gradient, b, transpose_b=not self.transpose_b)
        if self.transpose_b:
            db = raw.MatMul(gradient, a, transpose_a=True, transpose_b=self.transpose_a)
        else:
            db = raw.MatMul(a, gradient, transpose_a=not self.transpose_a)
        return da, db


@export("linalg.matmul", "matmul")
def matmul(
    a: Any,
    b: Any,
    transpose_a: bool = False,
    transpose_b: bool = False,
    adjoint_a: bool = False,
    adjoint_b: bool = False,
    a_is_sparse: bool = False,
    b_is_sparse: bool = False,
    name: str | None = None,
) -> Tensor:
    """The matrix product `a @ b`, of matrices or of batches of them.

    Args:
      a: `[..., n, k]`, or `[..., k, n]` where it is transposed; float16, float32, float64, int32,
        int64, complex64 or complex128.
      b: `[..., k, m]`, or `[..., m, k]`; of the dtype of `a`. The dimensions in front broadcast.
      transpose_a, transpose_b: whether the matrices are transposed first.
      adjoint_a, adjoint_b: whether they are transposed and conjugated first.
      a_is_sparse, b_is_sparse: whether most elements are 0, which makes a `SparseMatMul`.

    Returns:
      `[..., n, m]`.

    Raises:
      ValueError: the shapes do not fit, or a matrix is to be both transposed and adjoint.
      TypeError: the dtypes differ.
    """
    with name_scope(name, "MatMul", [a, b]) as name:
        if transpose_a and adjoint_a:
            raise ValueError("Only one of transpose_a and adjoint_a can be True.")
        if transpose_b and adjoint_b:
            raise ValueError("Only one of transpose_b and adjoint_b can be True.")
        a = convert_to_tensor(a, name="a")
        b = convert_to_tensor(b, name="b")
        in_batches = a._rank is None or a._rank > 2 or b._rank is None or b._rank > 2
        if in_batches and not a_is_sparse and not b_is_sparse:
            if transpose_a:
                a, adjoint_a = conj(a), True
            if transpose_b:
                b, adjoint_b = conj(b), True
            return raw.BatchMatMulV2(a, b, adj_x=adjoint_a, adj_y=adjoint_b, name=name)
        if adjoint_a:
            a, transpose_a = conj(a), True
        if adjoint_b:
            b, transpose_b = conj(b), True
        if not _takes_sparse(a, b, a_is_sparse or b_is_sparse):
            return raw.MatMul(a, b, transpose_a=transpose_a, transpose_b=transpose_b, name=name)
        product = raw.SparseMatMul(
            a,
            b,
            transpose_a=transpose_a,
            transpose_b=transpose_b,
            a_is_sparse=a_is_sparse,
            b_is_sparse=b_is_sparse,
            name=name,
        )
        if a.dtype is BFLOAT16 and b.dtype is BFLOAT16:
            return cast(product, BFLOAT16)
        return product


def _takes_sparse(a: Tensor, b: Tensor, wanted: bool) -> bool:
    types = (a.dtype, b.dtype)
    if BFLOAT16 in types and a.dtype is not b.dtype:
        return True
    return wanted and all(t in (BFLOAT16, FLOAT) for t in types)


class _Batched(Op, abstract=True):
    inputs, outputs = ("x: T", "y: T"), ("output: T",)
    T: DType = attr(*_TYPES)
    adj_x: bool = False
    adj_y: bool = False

    def infer(self, x: Shape, y: Shape) -> Shape:
        x, y = with_rank_at_least(x, 2), with_rank_at_least(y, 2)
        batch = self.batch(None if x is None else x[:-2], None if y is None else y[:-2])
        rows, inner_x = (None, None) if x is None else x[-2:][:: -1 if self.adj_x else 1]
        inner_y, columns = (None, None) if y is None else y[-2:][:: -1 if self.adj_y else 1]
        merge_dims(inner_x, inner_y)
        return None if batch is None else (*batch, rows, columns)

    def batch(self, x: Shape, y: Shape) -> Shape:
        """The dimensions in front, from those of the operands."""
        return merge(x, y)

    def check(self, x: tuple[int, ...], y: tuple[int, ...]) -> str | None:
        """What is wrong with the operands' shapes."""
        for i, sizes in enumerate((x, y)):
            if len(sizes) < 2:
                return f"In[{i}] ndims must be >= 2: {len(sizes)}"
        inner_x, inner_y = x[-2 if self.adj_x else -1], y[-1 if self.adj_y else -2]
        if inner_x != inner_y:
            return (
                f"In[0] mismatch In[1] shape: {inner_x} vs. {inner_y}: {format_shape(x)} "
                f"{format_shape(y)} {int(self.adj_x)} {int(self.adj_y)}"
            )
        return None

    def forward(self, np: Any, x: Any, y: Any) -> Any:
        complaint = self.check(np.shape(x), np.shape(y))
        if complaint is not None:
            raise _complaint(complaint)
        if self.adj_x:
            x = np.swapaxes(np.conj(x) if self.T.is_complex else x, -1, -2)
        if self.adj_y:
            y = np.swapaxes(np.conj(y) if self.T.is_complex else y, -1, -2)
        return _product(np, x, y, self.T)

    def products(self, op: Any, gradient: Tensor) -> tuple[Tensor, Tensor]:
        """The gradients of the operands, before broadcasting is undone."""
        x, y = op.inputs
        if self.adj_x:
            dx = matmul(y, gradient, adjoint_a=self.adj_y, adjoint_b=True)
        else:
            dx = matmul(gradient, y, adjoint_b=not self.adj_y)
        if self.adj_y:
            dy = matmul(gradient, x, adjoint_a=True, adjoint_b=self.adj_x)
        else:
            dy = matmul(x, gradient, adjoint_a=not self.adj_x)
        return dx, dy


class BatchMatMul(_Batched):
    """Products of the matrices of two batches, which have the same dimensions in front."""

    def check(self, x: tuple[int, ...], y: tuple[int, ...]) -> str | None:
        if len(x) != len(y):
            return f"In[0] and In[1] has different ndims: {format_shape(x)} vs. {format_shape(y)}"
        for i, (m, n) in enumerate(zip(x[:-2], y[:-2], strict=True)):
            if m != n:
                return (
                    f"In[0].dim({i}) and In[1].dim({i}) must be the same: {format_shape(x)} vs "
                    f"{format_shape(y)}"
                )
        return super().check(x, y)

    def backward(self, op: Any, gradient: Tensor) -> Any:
        return self.products(op, gradient)


class BatchMatMulV2(_Batched):
    """Products of the matrices of two batches, whose dimensions in front broadcast."""

    def batch(self, x: Shape, y: Shape) -> Shape:
        return broadcast_shape(x, y)

    def check(self, x: tuple[int, ...], y: tuple[int, ...]) -> str | None:
        try:
            broadcast_shape(x[:-2], y[:-2])
        except ShapeError:
            return (
                f"In[0] and In[1] must have compatible batch dimensions: {format_shape(x)} vs. "
                f"{format_shape(y)}"
            )
        return super().check(x, y)

    def backward(self, op: Any, gradient: Tensor) -> Any:
        x, y = op.inputs
        dx, dy = self.products(op, gradient)
        if is_fully_defined(x._shape) and x._shape == y._shape:
            return dx, dy
        x_shape, y_shape = shape(x), shape(y)
        x_axes, y_axes = raw.BroadcastGradientArgs(x_shape[:-2], y_shape[:-2])
        dx = raw.Reshape(raw.Sum(dx, x_axes), x_shape)
        return dx, raw.Reshape(raw.Sum(dy, y_axes), y_shape)


class SparseMatMul(Op):
    """Product of two matrices most of whose elements are 0, in float32."""

    inputs, outputs = ("a: Ta", "b: Tb"), ("product: float",)
    transpose_a: bool = False
    transpose_b: bool = False
    a_is_sparse: bool = False
    b_is_sparse: bool = False
    Ta: DType = attr(FLOAT, BFLOAT16, default=FLOAT)
    Tb: DType = attr(FLOAT, BFLOAT16, default=FLOAT)

    infer = MatMul.infer

    def forward(self, np: Any, a: Any, b: Any) -> Any:
        a = float32_from_bfloat16(a) if self.Ta is BFLOAT16 else a
        b = float32_from_bfloat16(b) if self.Tb is BFLOAT16 else b
        return np.matmul(a.T if self.transpose_a else a, b.T if self.transpose_b else b)

    def backward(self, op: Any, gradient: Tensor) -> Any:
        a, b = op.inputs
        sparse = {
            a: self.a_is_sparse,
            b: self.b_is_sparse,
            gradient: gradient.op.type == "ReluGrad",
        }

        def product(
            x: Tensor, y: Tensor, dtype: DType, transpose_x: bool, transpose_y: bool
        ) -> Any:
            x_is_sparse, y_is_sparse = sparse[x], sparse[y]
            if transpose_y:
                y = transpose(y)
            made = matmul(
                x, y, transpose_a=transpose_x, a_is_sparse=x_is_sparse, b_is_sparse=y_is_sparse
            )
            return cast(made, dtype)

        if self.transpose_a:
            da = product(b, gradient, self.Ta, self.transpose_b, True)
        else:
            da = product(gradient, b, self.Ta, False, not self.transpose_b)
        if self.transpose_b:
            db = product(gradient, a, self.Tb, True, self.transpose_a)
        else:
            db = product(a, gradient, self.Tb, not self.transpose_a, False)
        return da, db


@export("sparse_matmul")
def sparse_matmul(
    a: Any,
    b: Any,
    transpose_a: bool = False,
    transpose_b: bool = False,
    a_is_sparse: bool = False,
    b_is_sparse: bool = False,
    name: str | None = None,
) -> Tensor:
    """The product of two matrices `[n, k]` and `[k, m]` that may be mostly 0, in float32.

    The operands are float32 or bfloat16. Raises ValueError where the shapes do not fit.
    """
    return raw.SparseMatMul(
        a,
        b,
        transpose_a=transpose_a,
        transpose_b=transpose_b,
        a_is_sparse=a_is_sparse,
        b_is_sparse=b_is_sparse,
        name=name,
    )


@export("linalg.matvec")
def matvec(
    a: Any,
    b: Any,
    transpose_a: bool = False,
    adjoint_a: bool = False,
    a_is_sparse: bool = False,
    b_is_sparse: bool = False,
    name: str | None = None,
) -> Tensor:
    """The product of matrices `[..., n, k]` and vectors `[..., k]`: vectors `[..., n]`.

    Arguments and errors are those of `matmul`.
    """
    with name_scope(name, "MatVec", [a, b]):
        column = raw.ExpandDims(b, -1)
        product = matmul(
            a,
            column,
            transpose_a=transpose_a,
            adjoint_a=adjoint_a,
            a_is_sparse=a_is_sparse,
            b_is_sparse=b_is_sparse,
        )
        return raw.Squeeze(product, squeeze_dims=[-1])
