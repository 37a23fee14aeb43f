"""Partitioners: functions that say into how many parts `tf.get_variable` cuts a variable."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from tflite_edu.core import dtypes
from tflite_edu.core.export import export
from tflite_edu.core.graph import get_default_graph
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import TensorShape
from tflite_edu.variables.scope import variable_scope
from tflite_edu.variables.store import VariableStore

Partitioner = Callable[..., list[int]]


def _cut_one(rank: int, axis: int, count: int) -> list[int]:
    counts = [1] * rank
    counts[axis] = count
    return counts


def _element_bytes(dtype: Any, bytes_per_string_element: int) -> int:
    dtype = dtypes.as_dtype(dtype)
    return bytes_per_string_element if dtype is dtypes.string else dtype.size


@export("fixed_size_partitioner")
def fixed_size_partitioner(num_shards: int, axis: int = 0) -> Partitioner:
    """Cuts `axis` into `num_shards` parts, or into its length if that is less."""

    def partitioner(shape: Any, **_: Any) -> list[int]:
        shape = TensorShape(shape).as_list()
        return _cut_one(len(shape), axis, min(num_shards, shape[axis]))

    return partitioner


@export("variable_axis_size_partitioner")
def variable_axis_size_partitioner(
    max_shard_bytes: int,
    axis: int = 0,
    bytes_per_string_element: int = 16,
    max_shards: int | None = None,
) -> Partitioner:
    """Cuts `axis` so that a part has at most `max_shard_bytes`, into at most `max_shards` parts.

    Raises ValueError on sizes that are not positive.
    """
    if max_shard_bytes < 1 or bytes_per_string_element < 1:
        raise ValueError("Both max_shard_bytes and bytes_per_string_element must be positive.")

    def partitioner(shape: Any, dtype: Any) -> list[int]:
        shape = TensorShape(shape).as_list()
        row = math.prod(shape) / shape[axis] * _element_bytes(dtype, bytes_per_string_element)
        rows = max(1, math.floor(max_shard_bytes / row))
        count = math.ceil(shape[axis] / rows)
        if max_shards:
            count = min(max_shards, count)
        return _cut_one(len(shape), axis, count)

    return partitioner


@export("min_max_variable_partitioner")
def min_max_variable_partitioner(
    max_partitions: int = 1,
    axis: int = 0,
    min_slice_size: int = 256 << 10,
    bytes_per_string_element: int = 16,
) -> Partitioner:
    """Cuts `axis` into up to `max_partitions` parts of at least `min_slice_size` bytes each."""

    def partitioner(shape: Any, dtype: Any) -> list[int]:
        shape = TensorShape(shape).as_list()
        size = math.prod(shape) * _element_bytes(dtype, bytes_per_string_element)
        count = min(math.ceil(size / min_slice_size), max_partitions, shape[axis])
        return _cut_one(len(shape), axis, max(count, 1))

    return partitioner


@export("create_partitioned_variables")
def create_partitioned_variables(
    shape: Any,
    slicing: Any,
    initializer: Any,
    dtype: Any = dtypes.float32,
    trainable: bool = True,
    collections: Any = None,
    name: str | None = None,
    reuse: Any = None,
) -> list[Any]:
    """The parts of a variable that is cut into `slicing[i]` parts along axis i.

    At most one axis is cut. Raises ValueError where `slicing` does not fit `shape`.
    """
    if len(shape) != len(slicing):
        raise ValueError(
            "The 'shape' and 'slicing' of a partitioned Variable must have the length: "
            f"shape: {shape}, slicing: {slicing}"
        )
    with variable_scope(name, "PartitionedVariable", reuse=reuse) as scope, name_scope(None):
        made = VariableStore.of(get_default_graph()).get_variable(
            scope.name,
            shape=shape,
            dtype=dtype,
            initializer=initializer,
            reuse=scope.reuse,
            trainable=trainable,
            collections=collections,
            partitioner=lambda **_: list(slicing),
            use_resource=scope.use_resource,
        )
    return list(made)
