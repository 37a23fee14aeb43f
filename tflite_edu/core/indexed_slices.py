"""`IndexedSlices`: rows of a large tensor and where they belong, as gradients of gathers are."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from tflite_edu.core import dtypes, raw
from tflite_edu.core.constant_value import constant_value
from tflite_edu.core.convert import convert, register_tensor_conversion_function
from tflite_edu.core.dtypes import DType
from tflite_edu.core.export import export
from tflite_edu.core.nest import is_nested
from tflite_edu.core.operation import Operation
from tflite_edu.core.tensor import Tensor

if TYPE_CHECKING:
    from tflite_edu.core.graph import Graph

# A dense tensor with this many elements is worth a warning.
_LARGE = 100_000_000


class IndexedSlicesValue(NamedTuple):
    """What a session gives for an `IndexedSlices`: arrays in place of the tensors."""

    values: Any
    indices: Any
    dense_shape: Any


@export("IndexedSlices")
class IndexedSlices:
    """A tensor that is zero but for some of its rows; a row that is listed twice counts twice.

    Args:
      values: the rows, `[n, ...]`.
      indices: `[n]`, int32 or int64: `values[i]` belongs to row `indices[i]`.
      dense_shape: the shape of the whole tensor, a 1-D integer tensor, or None.
    """

    __slots__ = ("__weakref__", "dense_shape", "indices", "values")

    def __init__(self, values: Any, indices: Any, dense_shape: Any = None) -> None:
        self.values = values
        self.indices = indices
        self.dense_shape = dense_shape

    @property
    def name(self) -> str:
        """The name of `values`."""
        return str(self.values.name)

    @property
    def device(self) -> str:
        """The device of `values`."""
        return str(self.values.device)

    @property
    def op(self) -> Operation:
        """The node that makes `values`."""
        op: Operation = self.values.op
        return op

    @property
    def dtype(self) -> DType:
        """The type of the elements."""
        dtype: DType = self.values.dtype
        return dtype

    @property
    def graph(self) -> Graph:
        """The graph that holds the tensors."""
        graph: Graph = self.values.graph
        return graph

    def consumers(self) -> list[Operation]:
        """The nodes that take one of the tensors as an input."""
        found = [op for tensor in self._to_components() for op in tensor.consumers()]
        return list(dict.fromkeys(found))

    def _to_components(self) -> list[Any]:
        parts = [self.values, self.indices]
        return parts if self.dense_shape is None else [*parts, self.dense_shape]

    def _from_components(self, parts: Sequence[Any]) -> IndexedSlices:
        return IndexedSlices(*parts)

    def __neg__(self) -> IndexedSlices:
        return IndexedSlices(-self.values, self.indices, self.dense_shape)

    def __str__(self) -> str:
        shape = "" if self.dense_shape is None else f", dense_shape={self.dense_shape}"
        return f"IndexedSlices(indices={self.indices}, values={self.values}{shape})"


def _dense(value: IndexedSlices, dtype: Any = None, name: Any = None, as_ref: bool = False) -> Any:
    """The whole tensor: rows of the same index added up, the others zero."""
    del as_ref
    if dtype is not None and not dtype.is_compatible_with(value.dtype):
        raise ValueError(
            f"Tensor conversion requested dtype {dtype.name} for IndexedSlices with dtype "
            f"{value.dtype.name}"
        )
    if value.dense_shape is None:
        raise ValueError(
            f"Tensor conversion requested for IndexedSlices without dense_shape: {value}"
        )
    shape = constant_value(value.dense_shape)
    if shape is None:
        warnings.warn(
            "Converting sparse IndexedSlices to a dense Tensor of unknown shape. This may consume "
            "a large amount of memory.",
            stacklevel=2,
        )
    elif (count := int(shape.prod(dtype="int64"))) >= _LARGE:
        warnings.warn(
            f"Converting sparse IndexedSlices to a dense Tensor with {count} elements. This may "
            "consume a large amount of memory.",
            stacklevel=2,
        )
    return raw.UnsortedSegmentSum(value.values, value.indices, value.dense_shape[0], name=name)


register_tensor_conversion_function(IndexedSlices, _dense)


@export("convert_to_tensor_or_indexed_slices")
def convert_to_tensor_or_indexed_slices(value: Any, dtype: Any = None, name: Any = None) -> Any:
    """`value` itself if it is sliced, else as a tensor; raises ValueError on another dtype."""
    return _convert(value, None if dtype is None else dtypes.as_dtype(dtype), name, False)


def _convert(value: Any, dtype: DType | None, name: str | None, as_ref: bool) -> Any:
    if isinstance(value, (Tensor, IndexedSlices)):
        if dtype is not None and not dtype.is_compatible_with(value.dtype):
            raise ValueError(
                f"Tensor conversion requested dtype {dtype.name} for Tensor with dtype "
                f"{value.dtype.name}: '{value}'"
            )
        return value
    return convert(value, dtype, name, as_ref)


def convert_n_to_tensor_or_indexed_slices(
    values: Any, dtype: Any = None, name: str | None = None, as_ref: bool = False
) -> list[Any]:
    """Each of `values` (None stays None), named `name_0`, `name_1`, ...

    `as_ref` leaves a variable's slot as it is. Raises TypeError where `values` is no list.
    """
    if not is_nested(values):
        raise TypeError("values must be a sequence.")
    wanted = None if dtype is None else dtypes.as_dtype(dtype)
    return [
        None
        if value is None
        else _convert(value, wanted, None if name is None else f"{name}_{i}", as_ref)
        for i, value in enumerate(values)
    ]
