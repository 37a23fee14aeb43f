"""`SparseTensor`: the elements of a tensor that are listed by their positions, the others zero."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from tflite_edu.core import dtypes
from tflite_edu.core.constant_value import constant_value, partial_value
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import DType
from tflite_edu.core.export import export
from tflite_edu.core.operation import Operation
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import TensorShape, dimension_at_index
from tflite_edu.core.tensor import Tensor
from tflite_edu.core.upward import upward

if TYPE_CHECKING:
    from tflite_edu.core.graph import Graph


# The nodes through which TensorFlow looks for the shape of a sparse tensor.
_READ_AS_SHAPES = frozenset(("Const", "Shape", "Pack", "ConcatV2", "StridedSlice"))


@export("SparseTensorValue")
class SparseTensorValue(NamedTuple):
    """The arrays of a sparse tensor: what a session gives for one, and takes as a feed.

    `indices` is int64 `[count, rank]`, `values` is `[count]`, `dense_shape` is int64 `[rank]`.
    """

    indices: Any
    values: Any
    dense_shape: Any


@export("SparseTensor", "sparse.SparseTensor")
class SparseTensor:
    """A tensor given by the positions and values of some of its elements; the others are zero.

    Most operations want the positions in row-major order, none of them twice.

    Args:
      indices: `[count, rank]`, int64: where each of the elements is.
      values: `[count]`: the elements.
      dense_shape: `[rank]`, int64: the shape of the whole tensor.

    Raises:
      TypeError: a part cannot be converted.
      ValueError: the ranks or lengths of the parts do not fit each other.
    """

    __slots__ = ("__weakref__", "_dense_shape", "_indices", "_values")

    def __init__(self, indices: Any, values: Any, dense_shape: Any) -> None:
        with name_scope(None, "SparseTensor", [indices, values, dense_shape]):
            self._indices = convert_to_tensor(indices, dtypes.int64, name="indices")
            self._values = convert_to_tensor(values, name="values")
            self._dense_shape = convert_to_tensor(dense_shape, dtypes.int64, name="dense_shape")
        positions = self._indices.shape.with_rank(2)
        count = self._values.shape.with_rank(1)
        rank = self._dense_shape.shape.with_rank(1)
        dimension_at_index(positions, 0).merge_with(dimension_at_index(count, 0))
        dimension_at_index(positions, 1).merge_with(dimension_at_index(rank, 0))

    @classmethod
    def from_value(cls, sparse_tensor_value: Any) -> SparseTensor:
        """A sparse tensor of the parts of another one or of a `SparseTensorValue`.

        Raises TypeError where it is neither.
        """
        if not isinstance(sparse_tensor_value, (SparseTensor, SparseTensorValue)):
            raise TypeError(f"Neither a SparseTensor nor SparseTensorValue: {sparse_tensor_value}.")
        return cls(
            sparse_tensor_value.indices,
            sparse_tensor_value.values,
            sparse_tensor_value.dense_shape,
        )

    @property
    def indices(self) -> Tensor:
        """Where the elements are, `[count, rank]` of int64."""
        return self._indices

    @property
    def values(self) -> Tensor:
        """The elements, `[count]`."""
        return self._values

    @property
    def dense_shape(self) -> Tensor:
        """The shape of the whole tensor, `[rank]` of int64."""
        return self._dense_shape

    @property
    def op(self) -> Operation:
        """The node that makes `values`."""
        return self._values.op

    @property
    def dtype(self) -> DType:
        """The type of the elements."""
        return self._values.dtype

    @property
    def graph(self) -> Graph:
        """The graph that holds the parts."""
        return self._indices.graph

    @property
    def shape(self) -> TensorShape:
        """What is known of `dense_shape` while the graph is built."""
        return self.get_shape()

    def get_shape(self) -> TensorShape:
        """What is known of `dense_shape` while the graph is built."""
        shape = self._dense_shape
        if shape.op.type in _READ_AS_SHAPES:
            return TensorShape._of(partial_value(shape))
        value = constant_value(shape)
        if value is None:
            (rank,) = shape.shape.with_rank(1).as_list()
            return TensorShape._of(None if rank is None else (None,) * rank)
        return TensorShape._of(tuple([None if size < 0 else size for size in value.tolist()]))

    def consumers(self) -> list[Operation]:
        """The nodes that take one of the parts as an input."""
        found = [op for tensor in self._to_components() for op in tensor.consumers()]
        return list(dict.fromkeys(found))

    def eval(self, feed_dict: Any = None, session: Any = None) -> SparseTensorValue:
        """The value in `session`, or in the default session. Raises ValueError without one."""
        found = upward("get_default_session")() if session is None else session
        if found is None:
            raise ValueError(
                "Cannot evaluate tensor using `eval()`: No default session is registered. Use "
                "`with sess.as_default()` or pass an explicit session to `eval(session=sess)`"
            )
        value: SparseTensorValue = found.run(self, feed_dict)
        return value

    def __mul__(self, other: Any) -> SparseTensor:
        return upward("sparse_binary")("mul", self, other)  # type: ignore[no-any-return]

    def __truediv__(self, other: Any) -> SparseTensor:
        return upward("sparse_binary")("truediv", self, other)  # type: ignore[no-any-return]

    def __div__(self, other: Any) -> SparseTensor:
        return upward("sparse_binary")("div", self, other)  # type: ignore[no-any-return]

    def _to_components(self) -> list[Tensor]:
        return [self._indices, self._values, self._dense_shape]

    def _from_components(self, parts: Sequence[Any]) -> Any:
        if all(isinstance(part, Tensor) for part in parts):
            return SparseTensor(*parts)
        return SparseTensorValue(*parts)

    def __str__(self) -> str:
        return (
            f"SparseTensor(indices={self._indices}, values={self._values}, "
            f"dense_shape={self._dense_shape})"
        )


@export("convert_to_tensor_or_sparse_tensor")
def convert_to_tensor_or_sparse_tensor(value: Any, dtype: Any = None, name: Any = None) -> Any:
    """`value` itself if it is sparse, a `SparseTensorValue` as a sparse tensor, else a tensor.

    Raises RuntimeError where a sparse value has another dtype, else as `tf.convert_to_tensor`.
    """
    wanted = None if dtype is None else dtypes.as_dtype(dtype)
    if isinstance(value, SparseTensorValue):
        value = SparseTensor.from_value(value)
    if not isinstance(value, SparseTensor):
        return convert_to_tensor(value, wanted, name)
    if wanted is not None and not wanted.is_compatible_with(value.dtype):
        raise RuntimeError(f"Sparse dtype: requested = {wanted.name}, actual = {value.dtype.name}")
    return value


def sparse_tensor(value: Any) -> SparseTensor:
    """`value`, or a `SparseTensorValue` as a sparse tensor; raises TypeError on anything else."""
    if isinstance(value, SparseTensorValue):
        return SparseTensor.from_value(value)
    if not isinstance(value, SparseTensor):
        raise TypeError("Input must be a SparseTensor.")
    return value
