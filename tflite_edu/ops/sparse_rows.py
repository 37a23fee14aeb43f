"""Rows of sparse tensors: empty ones filled, numbers in rows as indicators."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import DType
from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.core.export import export
from tflite_edu.core.inference import format_shape, merge_dims, with_rank
from tflite_edu.core.op import Op
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.sparse_tensor import SparseTensor, sparse_tensor
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.constants import fill
from tflite_edu.ops.reshaping import expand_dims
from tflite_edu.ops.shapes_of_tensors import shape as shape_of
from tflite_edu.ops.sparse_merge import sparse_merge
from tflite_edu.ops.sparse_tensors import sparse_tensor_to_dense


class SparseFillEmptyRows(Op):
    """A sparse tensor with one more element, first in its row, in each row without any."""

    inputs = ("indices: int64", "values: T", "dense_shape: int64", "default_value: T")
    outputs = (
        *("output_indices: int64", "output_values: T"),
        *("empty_row_indicator: bool", "reverse_index_map: int64"),
    )
    infer_from = {"dense_shape": "partial"}
    T: DType

    def infer(
        self, indices: Shape, values: Shape, dense_shape: Shape, default_value: Shape
    ) -> list[Shape]:
        indices, values = with_rank(indices, 2), with_rank(values, 1)
        with_rank(default_value, 0)
        count = merge_dims(indices[0], values[0])
        rank = merge_dims(indices[1], None if dense_shape is None else len(dense_shape))
        rows = dense_shape[0] if dense_shape else None
        return [(None, rank), (None,), (rows,), (count,)]

    def forward(
        self, np: Any, indices: Any, values: Any, dense_shape: Any, default_value: Any
    ) -> Any:
        _check_fill(np, indices, values, dense_shape, default_value)
        rows = indices[:, 0]
        count = int(dense_shape[0])
        if count == 0 and len(rows):
            _refuse(
                f"Received SparseTensor with dense_shape[0] = 0 but indices.shape[0] = {len(rows)}"
            )
        outside = np.flatnonzero((rows < 0) | (rows >= count))
        if outside.size:
            at = outside[0]
            _refuse(f"indices({at}, 0) is invalid: {rows[at]} >= {count}")
        lengths = np.bincount(rows, minlength=count)
        filled = np.maximum(lengths, 1)
        starts = np.cumsum(filled) - filled
        order = np.argsort(rows, kind="stable")
        # The place in its row of each element, the elements taken row by row.
        within = np.arange(len(rows)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        places = np.empty(len(rows), np.int64)
        places[order] = starts[rows[order]] + within
        total = int(filled.sum())
        out_indices = np.zeros((total, indices.shape[1]), np.int64)
        out_indices[:, 0] = np.repeat(np.arange(count), filled)
        out_indices[places] = indices
        out_values = np.empty(total, values.dtype)
        out_values[...] = default_value
        out_values[places] = values
        return out_indices, out_values, lengths == 0, places

    def backward(
        self, op: Any, dindices: Any, dvalues: Tensor, dempty: Any, dmap: Any
    ) -> list[Any]:
        del dindices, dempty, dmap
        back, ddefault = raw.SparseFillEmptyRowsGrad(op.outputs[3], dvalues)
        return [None, back, None, ddefault]


def _refuse(message: str) -> None:
    raise InvalidArgumentError(None, None, message)


def _check_fill(np: Any, indices: Any, values: Any, dense_shape: Any, default: Any) -> None:
    ranks = (
        ("dense_shape", dense_shape, 1, "vector"),
        ("indices", indices, 2, "matrix"),
        ("values", values, 1, "vector"),
        ("default_value", default, 0, "scalar"),
    )
    for name, given, rank, word in ranks:
        if np.ndim(given) != rank:
            _refuse(f"{name} must be a {word}, saw: {format_shape(np.shape(given))}")
    if len(indices) != len(values):
        _refuse(
            f"The length of `values` ({len(values)}) must match the first dimension of `indices` "
            f"({len(indices)})."
        )


class SparseFillEmptyRowsGrad(Op):
    """The gradients of the elements and of the default value that filled the other places."""

    inputs = ("reverse_index_map: int64", "grad_values: T")
    outputs = ("d_values: T", "d_default_value: T")
    T: DType

    def infer(self, reverse_index_map: Shape, grad_values: Shape) -> list[Shape]:
        with_rank(grad_values, 1)
        return [with_rank(reverse_index_map, 1), ()]

    def forward(self, np: Any, reverse_index_map: Any, grad_values: Any) -> Any:
        count = len(grad_values)
        outside = (reverse_index_map < 0) | (reverse_index_map >= count)
        if outside.any():
            _refuse(
                f"Elements in reverse index must be in [0, {count}) but got "
                f"{reverse_index_map[outside.argmax()]}"
            )
        filled = np.ones(count, bool)
        filled[reverse_index_map] = False
        return grad_values[reverse_index_map], grad_values[filled].sum(dtype=grad_values.dtype)


@export("sparse_fill_empty_rows", "sparse.fill_empty_rows")
def sparse_fill_empty_rows(
    sp_input: Any, default_value: Any, name: str | None = None
) -> tuple[SparseTensor, Tensor]:
    """A sparse tensor with `default_value` as the first element of each row that has none.

    Also gives bool `[rows]`: which rows had none. The elements come row by row. Raises TypeError
    where `sp_input` is not sparse; in a run InvalidArgumentError where a row is outside.
    """
    found = sparse_tensor(sp_input)
    with name_scope(name, "SparseFillEmptyRows", [found]):
        default_value = convert_to_tensor(default_value, dtype=found.values.dtype)
        indices, values, empty, _ = raw.SparseFillEmptyRows(
            found.indices, found.values, found.dense_shape, default_value
        )
        return SparseTensor(indices, values, found.dense_shape), empty


@export("sparse_to_indicator", "sparse.to_indicator")
def sparse_to_indicator(sp_input: Any, vocab_size: Any, name: str | None = None) -> Tensor:
    """Which numbers are in each row: bool `[..., vocab_size]`.

    `sp_input` is sparse, of integers in [0, vocab_size); its last axis is replaced. Raises
    TypeError where it is not sparse.
    """
    found = sparse_tensor(sp_input)
    with name_scope(name, "SparseToIndicator", [found]) as scope:
        count = shape_of(found.indices)[0]
        present = fill(expand_dims(count, 0), True)
        merged = sparse_merge(
            found, SparseTensor(found.indices, present, found.dense_shape), vocab_size, scope
        )
        return sparse_tensor_to_dense(
            merged, default_value=False, validate_indices=False, name=scope
        )
