"""Sets along the last axis: union, intersection, difference, size.

The last axis of a tensor lists the elements of one set for each position of the other axes; an
element that is there twice counts once. Results are sparse, each set in rising order.
"""

from __future__ import annotations

import math
from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.dtypes import INT8, INT16, INT32, INT64, STRING, UINT8, UINT16, DType
from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.core.export import export
from tflite_edu.core.inference import (
    ShapeError,
    format_shape,
    merge,
    merge_dims,
    with_rank,
    with_rank_at_least,
    with_value,
)
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape
from tflite_edu.core.sparse_tensor import (
    SparseTensor,
    convert_to_tensor_or_sparse_tensor,
)
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.sparse_to_dense import check_order

_OPERATIONS = {"a-b": "setdiff1d", "b-a": "setdiff1d", "intersection": "intersect1d"}
_OPERATIONS["union"] = "union1d"


class SetOperation(Op, abstract=True):
    """Sets made of the sets in two tensors that agree in all axes but the last."""

    outputs = ("result_indices: int64", "result_values: T", "result_shape: int64")
    set_operation: str
    validate_indices: bool = True
    T: DType = attr(INT8, INT16, INT32, INT64, UINT8, UINT16, STRING)

    def combined(self, np: Any, first: tuple[Any, ...], second: tuple[Any, ...]) -> tuple[Any, ...]:
        """The result of two operands, each (shape, the number of each element's set, elements)."""
        operation = self.set_operation.lower()
        if operation not in _OPERATIONS:
            raise _invalid(f"Invalid set_operation {self.set_operation}.")
        (shape, sets, values), (other_shape, other_sets, other_values) = first, second
        if shape[:-1] != other_shape[:-1]:
            raise _invalid(
                f"Mismatched shapes {format_shape(shape[:-1])} vs {format_shape(other_shape[:-1])}"
            )
        elements, numbers = np.unique(np.concatenate([values, other_values]), return_inverse=True)
        # One integer for each element of each set: the set, and the element's rank in it.
        count = max(len(elements), 1)
        keys = sets * count + numbers[: len(values)]
        other_keys = other_sets * count + numbers[len(values) :]
        if operation == "b-a":
            keys, other_keys = other_keys, keys
        chosen = getattr(np, _OPERATIONS[operation])(keys, other_keys)
        return self._listed(np, shape[:-1], chosen // count, elements[chosen % count])

    def _listed(self, np: Any, groups: tuple[int, ...], sets: Any, values: Any) -> tuple[Any, ...]:
        starts = np.searchsorted(sets, sets)
        columns = np.arange(len(sets)) - starts
        places = np.unravel_index(sets, groups) if len(sets) else [sets] * len(groups)
        indices = np.stack([*places, columns], axis=1).astype(np.int64)
        largest = int(columns.max(initial=-1)) + 1
        return indices, values.astype(self.T.as_numpy_dtype), np.array([*groups, largest], np.int64)


class DenseToDenseSetOperation(SetOperation):
    """The sets of two dense tensors, combined."""

    inputs = ("set1: T", "set2: T")

    def infer(self, set1: Shape, set2: Shape) -> list[Shape]:
        with_rank_at_least(set2, 2)
        if set2 is not None and set1 is not None:
            with_rank_at_least(set1, 2)
            with_rank(set1, len(set2)) if len(set1) > len(set2) else with_rank(set2, len(set1))
            merge(set1[:-1], set2[:-1])
        with_rank_at_least(set1, 2)
        known = set1 if set2 is None else set2
        return _result_shapes(None if known is None else len(known))

    def forward(self, np: Any, set1: Any, set2: Any) -> Any:
        return self.combined(np, _dense(np, set1), _dense(np, set2))


class DenseToSparseSetOperation(SetOperation):
    """The sets of a dense and of a sparse tensor, combined."""

    inputs = ("set1: T", "set2_indices: int64", "set2_values: T", "set2_shape: int64")

    def infer(
        self, set1: Shape, set2_indices: Shape, set2_values: Shape, set2_shape: Shape
    ) -> list[Shape]:
        rank = _sparse_rank(set2_indices, set2_values, set2_shape)
        if set1 is not None:
            with_rank_at_least(set1, 2)
            rank = len(set1) if rank is None else with_value(rank, len(set1))
        return _result_shapes(rank)

    def forward(self, np: Any, set1: Any, *set2: Any) -> Any:
        return self.combined(np, _dense(np, set1), _sparse(np, *set2))


class SparseToSparseSetOperation(SetOperation):
    """The sets of two sparse tensors, combined."""

    inputs = (
        *("set1_indices: int64", "set1_values: T", "set1_shape: int64"),
        *("set2_indices: int64", "set2_values: T", "set2_shape: int64"),
    )

    def infer(
        self,
        set1_indices: Shape,
        set1_values: Shape,
        set1_shape: Shape,
        set2_indices: Shape,
        set2_values: Shape,
        set2_shape: Shape,
    ) -> list[Shape]:
        rank = _sparse_rank(set1_indices, set1_values, set1_shape)
        if rank is not None and rank < 2:
            raise ShapeError(f"Input 0, expected rank >= 2, got {rank}.")
        other = _sparse_rank(set2_indices, set2_values, set2_shape)
        if rank is None:
            if other is not None and other < 2:
                raise ShapeError(f"Input 3, expected rank >= 2, got {other}.")
            rank = other
        elif other is not None:
            with_value(other, rank)
        return _result_shapes(rank)

    def forward(self, np: Any, *sets: Any) -> Any:
        return self.combined(np, _sparse(np, *sets[:3]), _sparse(np, *sets[3:]))


class SetSize(Op):
    """How many elements each set of a sparse tensor has."""

    inputs = ("set_indices: int64", "set_values: T", "set_shape: int64")
    outputs = ("size: int32",)
    validate_indices: bool = True
    T: DType = attr(INT8, INT16, INT32, INT64, UINT8, UINT16, STRING)

    def infer(self, set_indices: Shape, set_values: Shape, set_shape: Shape) -> Shape:
        return None

    def forward(self, np: Any, set_indices: Any, set_values: Any, set_shape: Any) -> Any:
        shape, sets, values = _sparse(np, set_indices, set_values, set_shape)
        elements, numbers = np.unique(values, return_inverse=True)
        count = max(len(elements), 1)
        found = np.unique(sets * count + numbers) // count
        sizes = np.bincount(found, minlength=math.prod(shape[:-1]))
        return sizes.reshape(shape[:-1]).astype(np.int32)


@export("sets.size", "sets.set_size")
def set_size(a: Any, validate_indices: bool = True) -> Tensor:
    """How many different elements each set of the `SparseTensor` `a` has.

    int32, of `a`'s shape without the last axis. `a` holds integers or strings. Raises TypeError
    where `a` is not sparse; a run raises InvalidArgumentError where its positions are not in order.
    """
    a = convert_to_tensor_or_sparse_tensor(a, name="a")
    if not isinstance(a, SparseTensor):
        raise TypeError(f"Expected `SparseTensor`, got {a}.")
    _check_dtype(a, "a")
    return raw.SetSize(a.indices, a.values, a.dense_shape, validate_indices=validate_indices)


@export("sets.intersection", "sets.set_intersection")
def set_intersection(a: Any, b: Any, validate_indices: bool = True) -> SparseTensor:
    """What the sets in `a` have in common with those in `b`; see `set_union`."""
    a, b, _ = _operands(a, b)
    return _combined(a, b, "intersection", validate_indices)


@export("sets.difference", "sets.set_difference")
def set_difference(
    a: Any, b: Any, aminusb: bool = True, validate_indices: bool = True
) -> SparseTensor:
    """What is in the sets of `a` and not in those of `b`, or the other way; see `set_union`."""
    a, b, flipped = _operands(a, b)
    return _combined(a, b, "a-b" if aminusb != flipped else "b-a", validate_indices)


@export("sets.union", "sets.set_union")
def set_union(a: Any, b: Any, validate_indices: bool = True) -> SparseTensor:
    """What is in the sets of `a`, of `b`, or of both.

    `a` and `b` are tensors or `SparseTensor`s of integers or strings, of two or more axes that
    agree in all but the last, which lists a set. Raises TypeError on other dtypes or two; a run
    raises InvalidArgumentError where shapes differ or sparse positions are not in order.
    """
    a, b, _ = _operands(a, b)
    return _combined(a, b, "union", validate_indices)


def _operands(a: Any, b: Any) -> tuple[Any, Any, bool]:
    """Both as tensors, and whether they changed places: of two kinds the dense one comes first."""
    a = convert_to_tensor_or_sparse_tensor(a, name="a")
    _check_dtype(a, "a")
    b = convert_to_tensor_or_sparse_tensor(b, name="b")
    if b.dtype.base_dtype != a.dtype.base_dtype:
        raise TypeError(f"Types don't match, {a.dtype} vs {b.dtype}.")
    if isinstance(a, SparseTensor) and not isinstance(b, SparseTensor):
        return b, a, True
    return a, b, False


def _check_dtype(tensor: Any, name: str) -> None:
    if tensor.dtype.base_dtype not in (INT8, INT16, INT32, INT64, UINT8, UINT16, STRING):
        raise TypeError(f"'{name}' invalid dtype {tensor.dtype}.")


def _combined(a: Any, b: Any, operation: str, validate_indices: bool) -> SparseTensor:
    settings = {"set_operation": operation, "validate_indices": validate_indices}
    if isinstance(a, SparseTensor):
        made = raw.SparseToSparseSetOperation(*_parts(a), *_parts(b), **settings)
    elif isinstance(b, SparseTensor):
        made = raw.DenseToSparseSetOperation(a, *_parts(b), **settings)
    else:
        made = raw.DenseToDenseSetOperation(a, b, **settings)
    return SparseTensor(*made)


def _parts(tensor: SparseTensor) -> tuple[Tensor, Tensor, Tensor]:
    return tensor.indices, tensor.values, tensor.dense_shape


def _result_shapes(rank: int | None) -> list[Shape]:
    return [(None, rank), (None,), (rank,)]


def _sparse_rank(indices: Shape, values: Shape, shape: Shape) -> int | None:
    places, listed, sizes = with_rank(indices, 2), with_rank(values, 1), with_rank(shape, 1)
    merge_dims(places[0], listed[0])
    merge_dims(places[1], sizes[0])
    return sizes[0]


def _dense(np: Any, tensor: Any) -> tuple[Any, ...]:
    shape = tensor.shape
    if len(shape) < 2:
        raise _invalid(f"Shape {format_shape(shape)} has rank {len(shape)} < 2")
    sets = np.repeat(np.arange(math.prod(shape[:-1])), shape[-1])
    return shape, sets, tensor.reshape(-1)


def _sparse(np: Any, indices: Any, values: Any, dense_shape: Any) -> tuple[Any, ...]:
    if indices.ndim != 2:
        raise _invalid(f"indices must be a matrix, but got: {format_shape(indices.shape)}")
    if values.ndim != 1:
        raise _invalid(f"vals must be a vec, but got: {format_shape(values.shape)}")
    if len(indices) != len(values):
        raise _invalid(
            "indices and values rows (indexing dimension) must match. "
            f"(indices = {len(indices)}, values = {len(values)})"
        )
    shape = tuple(dense_shape.tolist())
    if len(shape) < 2 or len(shape) != indices.shape[1]:
        raise _invalid(f"Invalid rank {len(shape)}.")
    check_order(np, indices, shape)
    sets = (
        np.ravel_multi_index(tuple(indices.T[:-1]), shape[:-1]) if len(indices) else indices[:, 0]
    )
    return shape, sets, values


def _invalid(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, message)
