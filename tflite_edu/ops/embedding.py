"""Rows of tables by their numbers: embedding lookups, in one table or several."""

from __future__ import annotations

import builtins
from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.constant import constant
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import INT32
from tflite_edu.core.export import export
from tflite_edu.core.indexed_slices import IndexedSlices
from tflite_edu.core.scopes import colocate_with, name_scope
from tflite_edu.core.shapes import TensorShape, as_shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.arithmetic import maximum
from tflite_edu.ops.casting import cast
from tflite_edu.ops.clipping import clip_by_norm
from tflite_edu.ops.gathering import gather
from tflite_edu.ops.identity import identity
from tflite_edu.ops.joining import concat
from tflite_edu.ops.packing import stack
from tflite_edu.ops.partitioning import dynamic_partition
from tflite_edu.ops.ranges import range
from tflite_edu.ops.reductions import reduce_sum
from tflite_edu.ops.reshaping import reshape
from tflite_edu.ops.selection import where
from tflite_edu.ops.shapes_of_tensors import rank, shape, size


@export("nn.embedding_lookup")
def embedding_lookup(
    params: Any,
    ids: Any,
    partition_strategy: str = "mod",
    name: str | None = None,
    validate_indices: bool = True,
    max_norm: float | None = None,
) -> Tensor:
    """The rows of a table that `ids` number: [*ids.shape, *row shape].

    Args:
      params: one table [rows, ...], a tensor or variable; or a list of tables with rows of one
        shape, a partitioned variable among these, over which the numbers are spread.
      ids: int32 or int64 of any shape.
      partition_strategy: which of several tables row i is in. "mod": table i mod n, so tables
        differ by one row at most; "div": the first rows in the first table, and so on, the first
        ones having one row more where it does not divide.
      validate_indices: accepted, without effect.
      max_norm: rows longer than this are scaled down to it.

    The gradient of a table is `IndexedSlices` of the rows looked up. Raises ValueError where there
    is no table, or on another strategy.
    """
    del validate_indices
    if params is None:
        raise ValueError("params must be specified")
    if isinstance(params, (list, tuple)) and not params:
        raise ValueError("Need at least one param")
    if not isinstance(params, list):
        # A partitioned variable, as TensorFlow names the method that only it has.
        params = list(params) if hasattr(params, "_get_variable_list") else [params]
    with name_scope(name, "embedding_lookup", [*params, ids]) as name:
        # A resource variable is read at the rows alone.
        if not any(_is_resource(p) for p in params):
            params = [
                p if isinstance(p, IndexedSlices) else convert_to_tensor(p, name=f"params_{number}")
                for number, p in enumerate(params)
            ]
        ids = convert_to_tensor(ids, name="ids")
        if len(params) > 1:
            return _lookup_in_several(params, ids, partition_strategy, name, max_norm)
        with colocate_with(params[0]):
            rows = _clipped(gather(params[0], ids, name=name), ids, max_norm)
        # A node without colocation, so that what follows need not sit beside the table.
        return identity(rows)


def _is_resource(variable: Any) -> bool:
    return isinstance(getattr(variable, "handle", None), Tensor) and not isinstance(
        variable, Tensor
    )


def _clipped(rows: Tensor, ids: Tensor, max_norm: float | None) -> Tensor:
    if max_norm is None:
        return rows
    # A rank of 0 counts as unknown, as it does in TensorFlow.
    first, last = ids.shape.ndims, rows.shape.ndims
    if first and last:
        return clip_by_norm(rows, max_norm, axes=list(builtins.range(first, last)))
    return clip_by_norm(rows, max_norm, axes=range(first or rank(ids), last or rank(rows)))


def _lookup_in_several(
    params: list[Any], ids: Tensor, strategy: str, name: str, max_norm: float | None
) -> Tensor:
    number = len(params)
    flat = reshape(ids, [-1])
    places = range(size(flat))
    table: Any
    row: Any
    if strategy == "mod":
        table, row = flat % number, flat // number
    elif strategy == "div":
        table, row = _divided(params, flat)
    else:
        raise ValueError(f"Unrecognized partition strategy: {strategy}")
    table = cast(table, INT32)
    rows_of = dynamic_partition(row, table, number)
    places_of = dynamic_partition(places, table, number)
    found = []
    for param, rows in zip(params, rows_of, strict=True):
        with colocate_with(param):
            found.append(gather(param, rows))
    result = raw.ParallelDynamicStitch(places_of, found, name=name)
    row_shape: TensorShape = params[0].shape[1:]
    for param in params[1:]:
        row_shape = row_shape.merge_with(param.shape[1:])
    row_sizes: Any = row_shape
    if not row_shape.is_fully_defined():
        with colocate_with(params[0]):
            sizes = shape(params[0])
        row_sizes = sizes[1:]
    result = reshape(result, concat([shape(ids), row_sizes], 0))
    result.set_shape(ids.shape.concatenate(row_shape))
    return _clipped(result, ids, max_norm)


def _divided(params: list[Any], flat: Tensor) -> tuple[Tensor, Tensor]:
    """The table and the row in it of each number, where tables hold numbers in a row."""
    total = _number_of_rows(params, flat)
    per_table, extras = total // len(params), total % len(params)
    table = maximum(flat // (per_table + 1), (flat - extras) // per_table)
    row = where(table < extras, flat % (per_table + 1), (flat - extras) % per_table)
    return table, row


def _number_of_rows(params: list[Any], flat: Tensor) -> Tensor:
    shapes = [as_shape(p.shape) for p in params]
    rows = [known[0] if known else None for known in shapes]
    if None not in rows:
        return constant(sum(rows), flat.dtype)
    counted: list[Any] = []
    for param, known in zip(params, rows, strict=True):
        if known is not None:
            counted.append(known)
            continue
        with colocate_with(param):
            counted.append(shape(param)[0])
    return reduce_sum(cast(stack(counted), flat.dtype))
