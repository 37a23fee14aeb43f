"""Sparse tensors: placeholders for them, to dense ones and back, in order, in another shape."""

from __future__ import annotations

import math
from typing import Any

from tflite_edu.core import dtypes, errors, raw
from tflite_edu.core.constant_value import constant_value, partial_value
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import DType
from tflite_edu.core.export import export
from tflite_edu.core.inference import format_shape, merge_dims, with_rank
from tflite_edu.core.op import Op
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape, TensorShape, dimension_at_index
from tflite_edu.core.sparse_tensor import SparseTensor, sparse_tensor
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.casting import cast
from tflite_edu.ops.constants import placeholder, zeros
from tflite_edu.ops.gathering import gather, gather_nd
from tflite_edu.ops.identity import identity
from tflite_edu.ops.ranges import range as range_of
from tflite_edu.ops.reshaping import reshape
from tflite_edu.ops.selection import where
from tflite_edu.ops.shapes_of_tensors import shape_tensor
from tflite_edu.ops.sparse_to_dense import sparse_to_dense


@export("sparse_placeholder", "sparse.placeholder")
def sparse_placeholder(dtype: Any, shape: Any = None, name: str | None = None) -> SparseTensor:
    """A sparse tensor that each run is fed, as a `SparseTensorValue` or (indices, values, shape).

    `shape` is the dense shape: a tensor, or a list that may have None for unknown sizes; the shape
    need not be fed where it is all known. A run that needs it without a feed raises
    InvalidArgumentError.
    """
    prefix = None if name is None else f"{name}/"
    names = [prefix and prefix + part for part in ("shape", "values", "indices")]
    rank: Any = None
    if shape is None:
        shape = placeholder(dtypes.int64, [None], names[0])
    elif isinstance(shape, Tensor):
        rank = shape.shape[0]
    else:
        if isinstance(shape, TensorShape) and shape.rank is None:
            raise ValueError("Cannot take the length of shape with unknown rank.")
        rank = len(shape)
        if not isinstance(shape, TensorShape) and any(size is None for size in shape):
            shape = placeholder(dtypes.int64, [rank], names[0])
        else:
            shape = convert_to_tensor(shape, dtypes.int64, name=names[0])
    values = placeholder(dtype, [None], names[1])
    return SparseTensor(
        values=values,
        indices=placeholder(dtypes.int64, [None, rank], names[2]),
        dense_shape=shape,
    )


@export("sparse_tensor_to_dense", "sparse.to_dense")
def sparse_tensor_to_dense(
    sp_input: Any, default_value: Any = None, validate_indices: bool = True, name: str | None = None
) -> Tensor:
    """The dense tensor of a sparse one, with `default_value` (zero) where nothing is listed.

    With `validate_indices` a run raises InvalidArgumentError where positions are not in order or
    one is there twice; in any case where one is outside. Raises TypeError where `sp_input` is not
    sparse.
    """
    found = sparse_tensor(sp_input)
    if default_value is None:
        default_value = zeros([], dtype=found.dtype)
    return sparse_to_dense(
        found.indices,
        found.dense_shape,
        found.values,
        default_value=default_value,
        validate_indices=validate_indices,
        name=name,
    )


@export("sparse.from_dense")
def from_dense(tensor: Any, name: str | None = None) -> SparseTensor:
    """The elements of a dense tensor that are not zero, in row-major order."""
    with name_scope(name, "dense_to_sparse"):
        tensor = convert_to_tensor(tensor)
        indices = where(raw.NotEqual(tensor, convert_to_tensor(0, tensor.dtype)))
        return SparseTensor(
            indices, gather_nd(tensor, indices), shape_tensor(tensor, out_type=dtypes.int64)
        )


class SparseReorder(Op):
    """The listed elements in row-major order of their positions."""

    inputs = ("input_indices: int64", "input_values: T", "input_shape: int64")
    outputs = ("output_indices: int64", "output_values: T")
    T: DType

    def infer(self, input_indices: Shape, input_values: Shape, input_shape: Shape) -> list[Shape]:
        with_rank(input_shape, 1)
        return [with_rank(input_indices, 2), with_rank(input_values, 1)]

    def forward(self, np: Any, input_indices: Any, input_values: Any, input_shape: Any) -> Any:
        if len(input_indices) != len(input_values):
            raise errors.InvalidArgumentError(
                None,
                None,
                "indices and values rows (indexing dimension) must match. "
                f"(indices = {len(input_indices)}, values = {len(input_values)})",
            )
        if len(input_shape) != input_indices.shape[1]:
            raise errors.InvalidArgumentError(None, None, "Order length must be SparseTensor rank.")
        order = np.lexsort(input_indices.T[::-1]) if input_indices.size else slice(None)
        return np.array(input_indices[order]), np.array(input_values[order])

    def backward(self, op: Any, dindices: Any, dvalues: Tensor) -> list[Any]:
        del dindices
        indices, _, dense_shape = op.inputs
        count = shape_tensor(indices)[0]
        places = SparseTensor(indices, range_of(count), dense_shape)
        moved = raw.InvertPermutation(sparse_reorder(places).values)
        return [None, gather(dvalues, moved), None]


@export("sparse_reorder", "sparse.reorder")
def sparse_reorder(sp_input: Any, name: str | None = None) -> SparseTensor:
    """A sparse tensor with its elements in row-major order, elements of one position as they were.

    Raises TypeError where `sp_input` is not sparse.
    """
    found = sparse_tensor(sp_input)
    indices, values = raw.SparseReorder(found.indices, found.values, found.dense_shape, name=name)
    if found.get_shape().is_fully_defined():
        return SparseTensor(indices, values, found.get_shape().as_list())
    return SparseTensor(indices, values, identity(found.dense_shape))


@export("sparse_retain", "sparse.retain")
def sparse_retain(sp_input: Any, to_retain: Any) -> SparseTensor:
    """Those elements of a sparse tensor for which `to_retain`, bool `[count]`, is true.

    Raises TypeError where `sp_input` is not sparse, ValueError where the lengths differ.
    """
    found = sparse_tensor(sp_input)
    to_retain = convert_to_tensor(to_retain)
    count = dimension_at_index(to_retain.shape.with_rank(1), 0)
    dimension_at_index(found.values.shape, 0).merge_with(count)
    kept = reshape(where(to_retain), [-1])
    return SparseTensor(
        gather(found.indices, kept), gather(found.values, kept), identity(found.dense_shape)
    )


class SparseReshape(Op):
    """Positions and dense shape of the same elements in another shape; one size may be -1."""

    inputs = ("input_indices: int64", "input_shape: int64", "new_shape: int64")
    outputs = ("output_indices: int64", "output_shape: int64")

    backward = None

    def infer(self, input_indices: Shape, input_shape: Shape, new_shape: Shape) -> list[Shape]:
        indices = with_rank(input_indices, 2)
        merge_dims(indices[1], with_rank(input_shape, 1)[0])
        (rank,) = with_rank(new_shape, 1)
        return [(indices[0], rank), (rank,)]

    def forward(self, np: Any, input_indices: Any, input_shape: Any, new_shape: Any) -> Any:
        shape = _complete_shape(input_shape.tolist(), new_shape.tolist())
        if shape == input_shape.tolist():
            return np.array(input_indices), np.array(input_shape)
        place = np.zeros(len(input_indices), np.int64)
        for axis, size in enumerate(input_shape.tolist()):
            place = place * size + input_indices[:, axis]
        indices = np.empty((len(input_indices), len(shape)), np.int64)
        for axis in reversed(range(len(shape))):
            indices[:, axis] = place % shape[axis] if shape[axis] else 0
            place = place // shape[axis] if shape[axis] else place
        return indices, np.array(shape, np.int64)


def _complete_shape(given: list[int], wanted: list[int]) -> list[int]:
    """`wanted` with its -1 worked out; raises InvalidArgumentError where it does not fit."""

    def refuse(message: str) -> None:
        raise errors.InvalidArgumentError(None, None, message)

    unknown = None
    for axis, size in enumerate(wanted):
        if size == -1:
            if unknown is not None:
                refuse(f"only one output dimension may be -1, not both {unknown} and {axis}")
            unknown = axis
        elif size < 0:
            refuse(f"size {axis} must be non-negative, not {size}")
    count = math.prod(given)
    known = math.prod(size for size in wanted if size != -1)
    shape = list(wanted)
    if unknown is not None:
        if known <= 0:
            refuse(
                "reshape cannot infer the missing input size for an empty tensor unless all "
                "specified input sizes are non-zero"
            )
        shape[unknown] = 1 if count % known else count // known
        if count % known:
            refuse(
                f"Input to reshape is a SparseTensor with {count} dense values, but the requested "
                f"shape requires a multiple of {known}. "
                f"input_shape={format_shape(tuple(given))} "
                f"output_shape={format_shape(tuple(shape))}"
            )
    elif known != count:
        refuse(
            f"Input to reshape is a tensor with {count} dense values, but the requested shape has "
            f"{known}. input_shape={format_shape(tuple(given))} "
            f"output_shape={format_shape(tuple(shape))}"
        )
    return shape


@export("sparse_reshape", "sparse.reshape")
def sparse_reshape(sp_input: Any, shape: Any, name: str | None = None) -> SparseTensor:
    """A sparse tensor in another dense shape, elements in the same row-major places.

    One size in `shape` may be -1, which stands for what is left. Raises TypeError where `sp_input`
    is not sparse, ValueError (or, in a run, InvalidArgumentError) where the sizes do not fit.
    """
    found = sparse_tensor(sp_input)
    new_shape = cast(shape, dtypes.int64)
    with name_scope(name, "SparseReshape", [found.indices]) as scope:
        indices, reshaped = raw.SparseReshape(
            found.indices, found.dense_shape, new_shape, name=scope
        )
        static = _static_shape(found, new_shape)
        if static is not None:
            reshaped = convert_to_tensor(static, dtypes.int64)
        return SparseTensor(indices, identity(found.values), reshaped)


def _static_shape(found: SparseTensor, new_shape: Tensor) -> list[int] | None:
    """The reshaped tensor's shape where it is known; raises ValueError where it does not fit."""
    wanted = constant_value(new_shape)
    if wanted is None:
        return None
    sizes = wanted.tolist()
    if sizes.count(-1) > 1:
        raise ValueError(f"At most one dimension can be inferred (-1). Found: {wanted}")
    given = partial_value(found.dense_shape)
    if given is None or None in given:
        return None
    count = math.prod(size for size in given if size is not None)
    known = math.prod(size for size in sizes if size != -1)
    shown = [None if size == -1 else size for size in sizes]
    if -1 in sizes and known:
        sizes[sizes.index(-1)] = count // known
        known *= count // known
    if known != count or -1 in sizes:
        raise ValueError(
            f"Cannot reshape a tensor with {count} elements to shape {shown} ({known} elements)."
        )
    return sizes
