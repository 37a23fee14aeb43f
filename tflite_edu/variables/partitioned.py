"""Variables that are kept in parts, cut along one axis."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.convert import convert_to_tensor, register_tensor_conversion_function
from tflite_edu.core.dtypes import DType
from tflite_edu.core.scopes import control_dependencies, name_scope
from tflite_edu.core.shapes import TensorShape
from tflite_edu.core.tensor import Tensor


class PartitionInfo:
    """Which part of a partitioned variable an initializer makes.

    `full_shape` is the shape of the whole, `var_offset` where the part begins.
    """

    def __init__(self, full_shape: Sequence[int], var_offset: Sequence[int]) -> None:
        self.full_shape = list(full_shape)
        self.var_offset = list(var_offset)


def partition_counts(
    partitioner: Callable[..., Any], shape: TensorShape, dtype: DType
) -> list[int]:
    """Into how many parts a partitioner cuts each axis; at most one axis is cut.

    Raises ValueError on a shape that is not fully defined, or on an answer that is none.
    """
    if not shape.is_fully_defined():
        raise ValueError(
            f"Shape of a new partitioned variable must be fully defined, but instead was {shape}."
        )
    counts = partitioner(shape=shape, dtype=dtype)
    if not isinstance(counts, Sequence):
        raise ValueError(f"Partitioner must return a sequence, but saw: {counts}")
    if len(counts) != shape.ndims:
        raise ValueError(
            "Partitioner returned a partition list that does not match the Variable's rank: "
            f"{counts} vs. {shape}"
        )
    if any(count < 1 for count in counts):
        raise ValueError(f"Partitioner returned zero partitions for some axes: {counts}")
    if sum(1 for count in counts if count > 1) > 1:
        raise ValueError(
            f"Can only slice a variable along one dimension: shape: {shape}, partitioning: "
            f"{list(counts)}"
        )
    return list(counts)


def parts(shape: list[int], counts: list[int]) -> Iterator[tuple[list[int], list[int]]]:
    """(offset, size) of each part; where the axis does not divide, the first ones are larger."""
    axis = next((i for i, count in enumerate(counts) if count > 1), 0)
    size, left = divmod(shape[axis], counts[axis])
    begin = 0
    for number in range(counts[axis]):
        length = size + (number < left)
        yield (
            [begin if i == axis else 0 for i in range(len(shape))],
            [length if i == axis else dim for i, dim in enumerate(shape)],
        )
        begin += length


def part_of_value(value: Any, dtype: DType, offset: list[int], size: list[int]) -> Tensor:
    """The part of a whole initial value that begins at `offset`."""
    return raw.Slice(convert_to_tensor(value, dtype), offset, size)


class PartitionedVariable:
    """A variable kept in parts, as `tf.get_variable` with a partitioner makes it.

    Iterating gives the parts, each a variable; used as a tensor it is all of them joined.
    """

    def __init__(
        self,
        name: str,
        shape: TensorShape,
        dtype: DType,
        variable_list: Sequence[Any],
        partitions: Sequence[int],
    ) -> None:
        self._name = name
        self._shape = shape
        self._dtype = dtype
        self._variable_list = sorted(
            variable_list, key=lambda v: v._get_save_slice_info().var_offset
        )
        self._partitions = list(partitions)

    @property
    def name(self) -> str:
        """The name of the whole."""
        return self._name

    @property
    def dtype(self) -> DType:
        """The type of the elements."""
        return self._dtype

    @property
    def shape(self) -> TensorShape:
        """The shape of the whole."""
        return self._shape

    def get_shape(self) -> TensorShape:
        """The shape of the whole."""
        return self._shape

    @property
    def _distribute_strategy(self) -> None:
        return None

    def _get_variable_list(self) -> list[Any]:
        return self._variable_list

    def _get_partitions(self) -> list[int]:
        return self._partitions

    def _partition_axes(self) -> list[int]:
        """The axes that are cut; the first where there is only one part."""
        return [i for i, count in enumerate(self._partitions) if count > 1] or [0]

    def as_tensor(self) -> Tensor:
        """All parts joined, outside of all conditionals and control dependencies."""
        with control_dependencies(None):
            return self._joined()

    def _joined(self) -> Tensor:
        if len(self._variable_list) == 1:
            joined = self._variable_list[0]
        else:
            with name_scope(f"{self._name}/ConcatPartitions/"):
                # Resource variables are read inside the scope of the node itself.
                parts = self._variable_list
                joined = raw.ConcatV2(parts, self._partition_axes()[0], name="concat")
        with name_scope(None):
            return raw.Identity(joined, name=self._name)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._variable_list)

    def __len__(self) -> int:
        return len(self._variable_list)


def _convert(
    variable: PartitionedVariable,
    dtype: DType | None = None,
    name: Any = None,
    as_ref: bool = False,
) -> Tensor:
    del name
    if dtype is not None and not dtype.is_compatible_with(variable.dtype):
        raise ValueError(
            f"Incompatible type conversion requested to type '{dtype.name}' for variable of type "
            f"'{variable.dtype.name}'"
        )
    if as_ref:
        raise NotImplementedError("PartitionedVariable doesn't support being used as a reference.")
    return variable.as_tensor()


register_tensor_conversion_function(PartitionedVariable, _convert)
