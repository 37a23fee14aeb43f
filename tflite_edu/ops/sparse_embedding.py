"""Rows of tables for lists of numbers of different lengths, joined to one row each."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import dtypes
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import TensorShape
from tflite_edu.core.sparse_tensor import SparseTensor, SparseTensorValue, sparse_tensor
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.arithmetic import pow as power
from tflite_edu.ops.casting import cast
from tflite_edu.ops.comparison import greater, greater_equal
from tflite_edu.ops.constants import fill, ones_like, zeros_like
from tflite_edu.ops.division import div
from tflite_edu.ops.embedding import embedding_lookup
from tflite_edu.ops.gathering import gather
from tflite_edu.ops.joining import concat
from tflite_edu.ops.logic import logical_and
from tflite_edu.ops.packing import stack
from tflite_edu.ops.partitioning import unique
from tflite_edu.ops.powers import sqrt
from tflite_edu.ops.reductions import reduce_prod
from tflite_edu.ops.reshaping import expand_dims, reshape
from tflite_edu.ops.segments import segment_sum
from tflite_edu.ops.selection import where
from tflite_edu.ops.shapes_of_tensors import rank as rank_of
from tflite_edu.ops.shapes_of_tensors import shape as shape_of
from tflite_edu.ops.shapes_of_tensors import size
from tflite_edu.ops.slicing import slice as slice_of
from tflite_edu.ops.sparse_rows import sparse_fill_empty_rows
from tflite_edu.ops.sparse_segments import (
    sparse_segment_mean,
    sparse_segment_sqrt_n,
    sparse_segment_sum,
)
from tflite_edu.ops.sparse_tensors import sparse_reshape, sparse_retain
from tflite_edu.ops.tiling import tile

_SPARSE = (SparseTensor, SparseTensorValue)


@export("nn.embedding_lookup_sparse")
def embedding_lookup_sparse(
    params: Any,
    sp_ids: Any,
    sp_weights: Any,
    partition_strategy: str = "mod",
    name: str | None = None,
    combiner: str | None = None,
    max_norm: float | None = None,
) -> Tensor:
    """For each row of `sp_ids`, the rows of a table that it numbers, joined: `[rows, ...]`.

    Args:
      params: a table or several, as in `embedding_lookup`.
      sp_ids: sparse `[rows, n]` of int32 or int64, without empty rows between others.
      sp_weights: sparse floats at the same places that the table's rows are multiplied by, or None.
      combiner: "mean" (the default): the sum by the sum of the weights; "sqrtn": the sum by the
        root of the sum of the squares of the weights; "sum".
      max_norm: rows of the table longer than this are scaled down to it.

    Raises TypeError where a sparse argument is not, ValueError on another combiner or where the
    weights are not at the same places.
    """
    if combiner is None:
        combiner = "mean"
    if combiner not in ("mean", "sqrtn", "sum"):
        raise ValueError("combiner must be one of 'mean', 'sqrtn' or 'sum'")
    if not isinstance(params, list):
        params = list(params) if hasattr(params, "_get_variable_list") else [params]
    if not isinstance(sp_ids, _SPARSE):
        raise TypeError("sp_ids must be SparseTensor")
    sp_ids = sparse_tensor(sp_ids)
    if sp_weights is not None:
        if not isinstance(sp_weights, _SPARSE):
            raise TypeError("sp_weights must be either None or SparseTensor")
        sp_weights = sparse_tensor(sp_weights)
        sp_ids.values.get_shape().assert_is_compatible_with(sp_weights.values.get_shape())
        sp_ids.indices.get_shape().assert_is_compatible_with(sp_weights.indices.get_shape())
        sp_ids.dense_shape.get_shape().assert_is_compatible_with(sp_weights.dense_shape.get_shape())
    with name_scope(name, "embedding_lookup_sparse", [*params, sp_ids]) as scope:
        rows = sp_ids.indices[:, 0]
        if rows.dtype != dtypes.int32:
            rows = cast(rows, dtypes.int32)
        ids, places = unique(sp_ids.values)
        table_rows = embedding_lookup(
            params, ids, partition_strategy=partition_strategy, max_norm=max_norm
        )
        if sp_weights is None:
            join = {
                "sum": sparse_segment_sum,
                "mean": sparse_segment_mean,
                "sqrtn": sparse_segment_sqrt_n,
            }[combiner]
            return join(table_rows, places, rows, name=scope)
        weights = sp_weights.values
        if weights.dtype != table_rows.dtype:
            weights = cast(weights, table_rows.dtype)
        table_rows = gather(table_rows, places)
        weights = _as_columns(weights, table_rows)
        return _joined(table_rows * weights, weights, rows, combiner, scope)


def _as_columns(weights: Tensor, rows: Tensor) -> Tensor:
    """`weights`, `[n]`, in a shape that broadcasts to that of `rows`, `[n, ...]`."""
    trailing = fill(expand_dims(rank_of(rows) - 1, 0), 1)
    known = weights.get_shape()
    weights = reshape(weights, concat([shape_of(weights), trailing], 0))
    rank = rows.get_shape().ndims
    if rank is not None:
        weights.set_shape(known.concatenate([1] * (rank - 1)))
    return weights


def _joined(weighted: Tensor, weights: Tensor, rows: Tensor, combiner: str, name: str) -> Tensor:
    if combiner == "sum":
        return segment_sum(weighted, rows, name=name)
    total = segment_sum(weighted, rows)
    if combiner == "mean":
        return div(total, segment_sum(weights, rows), name=name)
    return div(total, sqrt(segment_sum(power(weights, 2), rows)), name=name)


@export("nn.safe_embedding_lookup_sparse")
def safe_embedding_lookup_sparse(
    embedding_weights: Any,
    sparse_ids: Any,
    sparse_weights: Any = None,
    combiner: str = "mean",
    default_id: Any = None,
    name: str | None = None,
    partition_strategy: str = "div",
    max_norm: float | None = None,
) -> Tensor:
    """`embedding_lookup_sparse` for ids that may be invalid or missing: `[*batch, ...]`.

    Args:
      embedding_weights: a table or several, as in `embedding_lookup`.
      sparse_ids: sparse `[*batch, n]` of int32 or int64; negative ones are left out.
      sparse_weights: sparse floats at the same places, or None. Those with a weight of 0 or less
        are left out, except from a "sum".
      combiner: as in `embedding_lookup_sparse`.
      default_id: what stands in empty rows; with None these give zeros.

    Raises ValueError where there is no table, or tables and weights differ in dtype.
    """
    if embedding_weights is None:
        raise ValueError(f"Missing embedding_weights {embedding_weights}.")
    if hasattr(embedding_weights, "_get_variable_list"):
        embedding_weights = list(embedding_weights)
    if not isinstance(embedding_weights, list):
        embedding_weights = [embedding_weights]
    if not embedding_weights:
        raise ValueError(f"Missing embedding_weights {embedding_weights}.")
    dtype = None if sparse_weights is None else sparse_weights.dtype
    embedding_weights = [
        table if hasattr(table, "handle") else convert_to_tensor(table, dtype=dtype)
        for table in embedding_weights
    ]
    values = [*embedding_weights, sparse_ids, sparse_weights]
    with name_scope(name, "embedding_lookup", values) as scope:
        shape = sparse_ids.dense_shape
        (known_rank,) = shape.get_shape().as_list()
        rank = size(shape) if known_rank is None else known_rank
        sparse_ids = sparse_reshape(
            sparse_ids, [reduce_prod(slice_of(shape, [0], [rank - 1])), gather(shape, rank - 1)]
        )
        if sparse_weights is not None:
            sparse_weights = SparseTensor(
                sparse_ids.indices, sparse_weights.values, sparse_ids.dense_shape
            )
        valid = greater_equal(sparse_ids.values, 0)
        if sparse_weights is not None:
            # All true; TensorFlow's graph has it.
            valid = logical_and(valid, ones_like(sparse_weights.values, dtype=dtypes.bool))
        sparse_ids, sparse_weights = _retained(sparse_ids, sparse_weights, valid)
        if combiner != "sum" and sparse_weights is not None:
            positive = greater(sparse_weights.values, 0)
            sparse_ids, sparse_weights = _retained(sparse_ids, sparse_weights, positive)
        sparse_ids, empty = sparse_fill_empty_rows(sparse_ids, default_id or 0)
        if sparse_weights is not None:
            sparse_weights, _ = sparse_fill_empty_rows(sparse_weights, 1.0)
        result = embedding_lookup_sparse(
            embedding_weights,
            sparse_ids,
            sparse_weights,
            combiner=combiner,
            partition_strategy=partition_strategy,
            name=None if default_id is None else scope,
            max_norm=max_norm,
        )
        if default_id is None:
            in_empty = tile(reshape(empty, [-1, 1]), stack([1, shape_of(result)[1]]))
            result = where(in_empty, zeros_like(result), result, name=scope)
        batch = slice_of(cast(shape, dtypes.int32), [0], [rank - 1])
        final = reshape(result, concat([batch, slice_of(shape_of(result), [1], [-1])], 0))
        batch_shape = TensorShape([None] * (known_rank - 1) if known_rank is not None else None)
        final.set_shape(batch_shape.concatenate(result.get_shape()[1:]))
        return final


def _retained(ids: SparseTensor, weights: Any, kept: Tensor) -> tuple[SparseTensor, Any]:
    ids = sparse_retain(ids, kept)
    return ids, None if weights is None else sparse_retain(weights, kept)
