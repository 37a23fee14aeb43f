"""Diagonals and bands of matrices, and the identity matrix."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import dtypes, errors, raw
from tflite_edu.core.constant import constant
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
)
from tflite_edu.core.export import export
from tflite_edu.core.inference import (
    ShapeError,
    concat_shapes,
    format_shape,
    merge,
    merge_dims,
    with_rank,
    with_rank_at_least,
)
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import colocate_with, name_scope
from tflite_edu.core.shapes import Shape, as_shape, is_fully_defined
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.constants import ones, zeros, zeros_like
from tflite_edu.ops.joining import concat
from tflite_edu.ops.shapes_of_tensors import rank_tensor, shape_tensor
from tflite_edu.ops.slicing import slice


class Diag(Op):
    """A tensor of twice the rank that holds a tensor on its diagonal, and zeros."""

    inputs, outputs = ("diagonal: T",), ("output: T",)
    T: DType = attr(BFLOAT16, HALF, FLOAT, DOUBLE, INT32, INT64, COMPLEX64, COMPLEX128)

    def infer(self, diagonal: Shape) -> Shape:
        with_rank_at_least(diagonal, 1)
        return concat_shapes(diagonal, diagonal)

    def forward(self, np: Any, diagonal: Any) -> Any:
        flat = np.zeros((diagonal.size, diagonal.size), diagonal.dtype)
        np.fill_diagonal(flat, diagonal)
        return flat.reshape(diagonal.shape * 2)

    def backward(self, op: Any, doutput: Tensor) -> Tensor:
        return tensor_diag_part(doutput)


@export("diag", "linalg.tensor_diag")
def tensor_diag(diagonal: Any, name: str | None = None) -> Tensor:
    """Zeros of shape `[*s, *s]` but for `result[i..., i...] = diagonal[i...]`, `diagonal` [*s].

    Raises ValueError on a scalar.
    """
    return raw.Diag(diagonal, name=name)


class DiagPart(Op):
    """The diagonal of a tensor whose shape is some shape twice."""

    inputs, outputs = ("input: T",), ("diagonal: T",)
    T: DType = attr(BFLOAT16, HALF, FLOAT, DOUBLE, INT32, INT64, COMPLEX64, COMPLEX128)

    def infer(self, input: Shape) -> Shape:
        if input is None:
            return None
        rank = len(input)
        if rank % 2 or not rank:
            raise ShapeError(f"Input must have even and non-zero rank, input rank is {rank}")
        half = rank // 2
        return tuple([merge_dims(m, n) for m, n in zip(input[:half], input[half:], strict=True)])

    def forward(self, np: Any, input: Any) -> Any:
        rank = input.ndim
        if rank % 2 or not rank:
            raise errors.InvalidArgumentError(
                None,
                None,
                "The rank of the tensor should be even and positive, got shape "
                f"{format_shape(input.shape)}",
            )
        half = input.shape[: rank // 2]
        for i, size in enumerate(half):
            if input.shape[i + rank // 2] != size:
                raise errors.InvalidArgumentError(
                    None,
                    None,
                    f"Invalid shape {format_shape(input.shape)}: dimensions {i} and "
                    f"{i + rank // 2} do not match.",
                )
        count = int(np.prod(half))
        return np.diagonal(input.reshape(count, count)).reshape(half).copy()

    def backward(self, op: Any, doutput: Tensor) -> Tensor:
        return tensor_diag(doutput)


@export("diag_part", "linalg.tensor_diag_part")
def tensor_diag_part(input: Any, name: str | None = None) -> Tensor:
    """The diagonal of a tensor `[*s, *s]`: `result[i...] = input[i..., i...]`, of shape `[*s]`.

    Raises ValueError where the shape is not some shape twice.
    """
    return raw.DiagPart(input, name=name)


class MatrixDiag(Op):
    """Square matrices with given diagonals, and zeros."""

    inputs, outputs = ("diagonal: T",), ("output: T",)
    T: DType

    def infer(self, diagonal: Shape) -> Shape:
        with_rank_at_least(diagonal, 1)
        return None if diagonal is None else (*diagonal, diagonal[-1])

    def forward(self, np: Any, diagonal: Any) -> Any:
        if diagonal.ndim < 1:
            raise errors.InvalidArgumentError(
                None, None, "diagonal must be at least 1-dim, received shape: []"
            )
        size = diagonal.shape[-1]
        output = np.zeros((*diagonal.shape, size), diagonal.dtype)
        output.reshape(*diagonal.shape[:-1], size * size)[..., :: size + 1] = diagonal
        return output

    def backward(self, op: Any, doutput: Tensor) -> Tensor:
        return matrix_diag_part(doutput)


@export("matrix_diag", "linalg.diag")
def matrix_diag(
    diagonal: Any,
    name: str = "diag",
    k: Any = 0,
    num_rows: Any = -1,
    num_cols: Any = -1,
    padding_value: Any = 0,
) -> Tensor:
    """Square matrices [..., n, n] with the diagonals [..., n], and zeros elsewhere.

    As in TensorFlow 1.15 the arguments after `name` have no effect. Raises ValueError on a scalar.
    """
    del k, num_rows, num_cols, padding_value
    return raw.MatrixDiag(diagonal, name=name)


class MatrixDiagPart(Op):
    """The diagonals of matrices."""

    inputs, outputs = ("input: T",), ("diagonal: T",)
    T: DType

    def infer(self, input: Shape) -> Shape:
        with_rank_at_least(input, 2)
        return None if input is None else (*input[:-2], _smaller(*input[-2:]))

    def forward(self, np: Any, input: Any) -> Any:
        _check_matrix(input)
        return np.diagonal(input, 0, -2, -1).copy()

    def backward(self, op: Any, doutput: Tensor) -> Tensor:
        shape = op.inputs[0]._shape
        if shape is not None and shape[-1] is not None and shape[-1] == shape[-2]:
            return matrix_diag(doutput)
        return matrix_set_diag(zeros_like(op.inputs[0]), doutput)


def _smaller(m: int | None, n: int | None) -> int | None:
    """The smaller of two dimensions; 0 is known to be."""
    if 0 in (m, n):
        return 0
    return None if m is None or n is None else min(m, n)


def _check_matrix(input: Any) -> None:
    if input.ndim < 2:
        raise errors.InvalidArgumentError(
            None,
            None,
            f"input must be at least 2-dim, received shape: {format_shape(input.shape)}",
        )


@export("matrix_diag_part", "linalg.diag_part")
def matrix_diag_part(
    input: Any, name: str = "diag_part", k: Any = 0, padding_value: Any = 0
) -> Tensor:
    """The diagonals [..., min(m, n)] of matrices [..., m, n].

    As in TensorFlow 1.15 the arguments after `name` have no effect. Raises ValueError where `input`
    has fewer than two axes.
    """
    del k, padding_value
    return raw.MatrixDiagPart(input, name=name)


class MatrixSetDiag(Op):
    """Matrices with other diagonals."""

    inputs, outputs = ("input: T", "diagonal: T"), ("output: T",)
    T: DType

    def infer(self, input: Shape, diagonal: Shape) -> Shape:
        with_rank_at_least(input, 2)
        with_rank_at_least(diagonal, 1)
        if input is not None:
            diagonal = with_rank(diagonal, len(input) - 1)
            merge_dims(_smaller(*input[-2:]), diagonal[-1])
        if diagonal is not None and not is_fully_defined(input):
            return merge(input, (*diagonal[:-1], None, None))
        return input

    def forward(self, np: Any, input: Any, diagonal: Any) -> Any:
        _check_matrix(input)
        size = min(input.shape[-2:])
        if diagonal.shape != (*input.shape[:-2], size):
            raise errors.InvalidArgumentError(
                None,
                None,
                "Either first dimensions of diagonal don't match input.shape[:-2], or "
                "diagonal.shape[:-1] is not equal to the longests diagonal in range "
                "[lower_diag_index:upper_diag_index].",
            )
        output = input.copy()
        output[..., np.arange(size), np.arange(size)] = diagonal
        return output

    def backward(self, op: Any, doutput: Tensor) -> list[Tensor]:
        input, diagonal = op.inputs
        shape = merge(input._shape, doutput._shape)
        batch = merge(
            None if shape is None else shape[:-2],
            None if diagonal._shape is None else diagonal._shape[:-1],
        )
        matrix = (None, None) if shape is None else shape[-2:]
        sizes: Any
        if batch is not None and None not in batch and None not in matrix:
            sizes = [*batch, _smaller(*matrix)]
        else:
            with colocate_with(doutput):
                known, rank = shape_tensor(doutput), rank_tensor(doutput)
                outer = slice(known, [0], [rank - 2])
                inner = slice(known, [rank - 2], [2])
                smaller = raw.Min(inner, constant([0], dtype=dtypes.int32))
                sizes = concat([outer, [smaller]], 0)
        return [
            matrix_set_diag(doutput, zeros(sizes, dtype=doutput.dtype)),
            matrix_diag_part(doutput),
        ]


@export("matrix_set_diag", "linalg.set_diag")
def matrix_set_diag(input: Any, diagonal: Any, name: str = "set_diag", k: Any = 0) -> Tensor:
    """Matrices [..., m, n] with the diagonals [..., min(m, n)].

    As in TensorFlow 1.15 `k` has no effect. Raises ValueError where the shapes do not fit.
    """
    del k
    return raw.MatrixSetDiag(input, diagonal, name=name)


class MatrixBandPart(Op):
    """Matrices with zeros outside a band around the diagonal."""

    inputs = ("input: T", "num_lower: Tindex", "num_upper: Tindex")
    outputs = ("band: T",)
    T: DType
    Tindex: DType = attr(INT32, INT64, default=INT64)

    def infer(self, input: Shape, num_lower: Shape, num_upper: Shape) -> Shape:
        return input

    def forward(self, np: Any, input: Any, num_lower: Any, num_upper: Any) -> Any:
        _check_matrix(input)
        rows, columns = input.shape[-2:]
        if num_lower > rows:
            raise errors.InvalidArgumentError(
                None,
                None,
                f"num_lower must be negative or less or equal to number of rows ({rows}) got: "
                f"{num_lower}",
            )
        if num_upper > columns:
            raise errors.InvalidArgumentError(
                None,
                None,
                "num_upper must be negative or less or equal to number of columns "
                f"({columns}) got: {num_upper}",
            )
        upper = columns if num_upper < 0 else int(num_upper)
        inside = np.tri(rows, columns, upper, dtype=bool)
        if num_lower >= 0:
            inside &= ~np.tri(rows, columns, -int(num_lower) - 1, dtype=bool)
        if input.dtype.kind in "biuf":
            # Elements are kept by their bits, for NaN times 0 is not 0.
            bits = np.dtype(f"i{input.dtype.itemsize}")
            kept = inside.astype(bits)
            np.negative(kept, out=kept)
            return (np.ascontiguousarray(input).view(bits) & kept).view(input.dtype)
        output = input.copy()
        output[..., ~inside] = np.zeros((), input.dtype)
        return output

    def backward(self, op: Any, dband: Tensor) -> list[Any]:
        return [band_part(dband, *op.inputs[1:]), None, None]


@export("matrix_band_part", "linalg.band_part")
def band_part(input: Any, num_lower: Any, num_upper: Any, name: str | None = None) -> Tensor:
    """Matrices [..., m, n] with zeros but for a band around the diagonal.

    It keeps `num_lower` diagonals below and `num_upper` above the main one; a negative number
    keeps them all. Raises InvalidArgumentError in a run where there are not so many.
    """
    return raw.MatrixBandPart(input, num_lower, num_upper, name=name)


@export("eye", "linalg.eye")
def eye(
    num_rows: Any,
    num_columns: Any = None,
    batch_shape: Any = None,
    dtype: Any = dtypes.float32,
    name: str | None = None,
) -> Tensor:
    """Identity matrices [*batch_shape, num_rows, num_columns], by default square."""
    with name_scope(name, "eye", [num_rows, num_columns, batch_shape]):
        square = num_columns is None or (
            not isinstance(num_rows, Tensor)
            and not isinstance(num_columns, Tensor)
            and num_rows == num_columns
        )
        columns = num_rows if num_columns is None else num_columns
        batch = [] if batch_shape is None else batch_shape
        if isinstance(num_rows, Tensor) or isinstance(columns, Tensor):
            size = raw.Minimum(num_rows, columns)
        else:
            size = min(num_rows, columns)
        shape: Any = None
        diagonal: Any
        if isinstance(batch, Tensor) or isinstance(size, Tensor):
            batch = convert_to_tensor(batch, name="shape", dtype=dtypes.int32)
            diagonal = concat((batch, [size]), axis=0)
            if not square:
                shape = concat((batch, [num_rows, columns]), axis=0)
        else:
            batch = list(batch) if isinstance(batch, (list, tuple)) else list(as_shape(batch) or ())
            diagonal = [*batch, size]
            shape = [*batch, num_rows, columns]
        filled = ones(diagonal, dtype=dtype)
        if square:
            return matrix_diag(filled)
        return matrix_set_diag(zeros(shape, dtype=dtype), filled)
