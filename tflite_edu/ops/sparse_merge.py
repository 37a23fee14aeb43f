"""A sparse tensor out of several that hold its positions and its values."""

from __future__ import annotations

import numbers
from collections.abc import Sequence
from typing import Any

from tflite_edu.core import dtypes
from tflite_edu.core.export import export
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.sparse_tensor import SparseTensor, sparse_tensor
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.casting import cast
from tflite_edu.ops.joining import concat
from tflite_edu.ops.reshaping import expand_dims
from tflite_edu.ops.sparse_tensors import sparse_reorder


@export("sparse_merge", "sparse.merge")
def sparse_merge(
    sp_ids: Any,
    sp_values: Any,
    vocab_size: Any,
    name: str | None = None,
    already_sorted: bool = False,
) -> SparseTensor:
    """Positions and values of the same places made into one sparse tensor.

    Args:
      sp_ids: a sparse tensor of integers, where in the last axis each value belongs; or a list of
        them, an axis each.
      sp_values: a sparse tensor with the values.
      vocab_size: the length of the new axis, or a list of lengths: numbers or int64 scalars.
      name: of the scope.
      already_sorted: whether the positions are known to be in order.

    Returns a sparse tensor `[..., *vocab_size]`, the last axis of `sp_ids` replaced. Raises
    TypeError where an argument is of another kind.
    """
    if isinstance(sp_ids, Sequence) and not hasattr(sp_ids, "dense_shape"):
        if not isinstance(vocab_size, Sequence):
            raise TypeError(
                f"vocab_size has to be a list of Tensors or Python ints. Found {type(vocab_size)}"
            )
        for size in vocab_size:
            if not isinstance(size, (Tensor, numbers.Integral)):
                raise TypeError(
                    f"vocab_size has to be a list of Tensors or Python ints. Found {type(size)}"
                )
        sizes = list(vocab_size)
    else:
        if not isinstance(vocab_size, (Tensor, numbers.Integral)):
            raise TypeError(
                f"vocab_size has to be a Tensor or Python int. Found {type(vocab_size)}"
            )
        sp_ids, sizes = [sp_ids], [vocab_size]
    if len(sp_ids) != len(sizes):
        raise ValueError("sp_ids and vocab_size have to have equal lengths.")
    with name_scope(name, "SparseMerge", [sp_ids, sp_values]):
        found = [sparse_tensor(ids) for ids in sp_ids]
        values = sparse_tensor(sp_values)
        ids = []
        for one in found:
            positions = one.values
            if positions.dtype is not dtypes.int64:
                positions = cast(positions, dtypes.int64)
            ids.append(expand_dims(positions, axis=1))
        lengths = [cast(size, dtypes.int64) for size in sizes]
        indices = concat([found[0].indices[:, :-1], *ids], 1)
        shape = concat([found[0].dense_shape[:-1], lengths], 0)
        merged = SparseTensor(indices, values.values, shape)
        if already_sorted:
            return merged
        ordered = sparse_reorder(merged)
        return SparseTensor(ordered.indices, ordered.values, shape)
