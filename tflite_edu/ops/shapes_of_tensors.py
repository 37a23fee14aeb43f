"""What a tensor's shape is: as a vector, its length, its product."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tflite_edu.core import dtypes, raw
from tflite_edu.core.constant import constant, constant_array
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import INT32, INT64, DType
from tflite_edu.core.export import export
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape as StaticShape
from tflite_edu.core.shapes import is_fully_defined, num_elements
from tflite_edu.core.tensor import Tensor


class Shape(Op):
    """The dimensions of a tensor, as a vector."""

    inputs, outputs = ("input: T",), ("output: out_type",)
    T: DType
    out_type: DType = attr(INT32, INT64, default=INT32)
    backward = None

    def infer(self, input: StaticShape) -> StaticShape:
        return (None if input is None else len(input),)

    def forward(self, np: Any, input: Any) -> Any:
        return np.array(input.shape, self.out_type.as_numpy_dtype)

    def from_shapes(self, input: StaticShape) -> Any:
        return constant_array(input, self.out_type) if is_fully_defined(input) else None

    def partial_shape(self, tensor: Tensor) -> StaticShape:
        return tensor.op._inputs[0]._shape


@export("shape")
def shape(input: Any, name: str | None = None, out_type: Any = dtypes.int32) -> Tensor:
    """The shape of a tensor as a vector [rank], a constant where it is known."""
    return shape_tensor(input, name, True, out_type)


def shape_tensor(
    input: Any,
    name: str | None = None,
    optimize: bool = True,
    out_type: Any = dtypes.int32,
) -> Tensor:
    """The shape of a tensor as a vector; with `optimize` a constant where it is known."""
    with name_scope(name, "Shape", [input]) as scope:
        tensor = convert_to_tensor(input)
        if optimize and is_fully_defined(tensor._shape):
            return constant(tensor._shape, dtype=out_type, name=scope)
        return raw.Shape(tensor, out_type=out_type, name=scope)


class ShapeN(Op):
    """The dimensions of each of several tensors of one type."""

    inputs, outputs = ("input: N*T",), ("output: N*out_type",)
    N: int = attr(minimum=1)
    T: DType
    out_type: DType = attr(INT32, INT64, default=INT32)
    backward = None

    def infer(self, input: list[StaticShape]) -> list[StaticShape]:
        return [(None if shape is None else len(shape),) for shape in input]

    def forward(self, np: Any, input: list[Any]) -> list[Any]:
        return [np.array(array.shape, self.out_type.as_numpy_dtype) for array in input]

    def from_shapes(self, *input: StaticShape) -> Any:
        if not all(is_fully_defined(shape) for shape in input):
            return None
        return [constant_array(shape, self.out_type) for shape in input]

    def partial_shape(self, tensor: Tensor) -> StaticShape:
        return tensor.op._inputs[tensor.value_index]._shape


@export("shape_n")
def shape_n(
    input: Sequence[Any], out_type: Any = dtypes.int32, name: str | None = None
) -> list[Tensor]:
    """The shape of each tensor of a list, as vectors. Raises ValueError on an empty list."""
    return raw.ShapeN(input, out_type=out_type, name=name)


class Size(Op):
    """The number of elements of a tensor."""

    inputs, outputs = ("input: T",), ("output: out_type",)
    T: DType
    out_type: DType = attr(INT32, INT64, default=INT32)
    backward = None

    def infer(self, input: StaticShape) -> StaticShape:
        return ()

    def forward(self, np: Any, input: Any) -> Any:
        return np.array(input.size, self.out_type.as_numpy_dtype)

    def from_shapes(self, input: StaticShape) -> Any:
        count = num_elements(input)
        return None if count is None else constant_array(count, self.out_type)


@export("size")
def size(input: Any, name: str | None = None, out_type: Any = dtypes.int32) -> Tensor:
    """The number of elements of a tensor, a scalar; a constant where it is known."""
    return size_tensor(input, name, True, out_type)


def size_tensor(
    input: Any,
    name: str | None = None,
    optimize: bool = True,
    out_type: Any = dtypes.int32,
) -> Tensor:
    """The number of elements of a tensor; with `optimize` a constant where it is known."""
    with name_scope(name, "Size", [input]) as scope:
        tensor = convert_to_tensor(input)
        if optimize:
            count = num_elements(tensor._shape)
            if count is None and tensor._shape and 0 in tensor._shape:
                count = 0
            if count is not None:
                return constant(count, dtype=out_type, name=scope)
        return raw.Size(tensor, out_type=out_type, name=scope)


class Rank(Op):
    """The number of dimensions of a tensor."""

    inputs, outputs = ("input: T",), ("output: int32",)
    T: DType
    backward = None

    def infer(self, input: StaticShape) -> StaticShape:
        return ()

    def forward(self, np: Any, input: Any) -> Any:
        return np.array(input.ndim, np.int32)

    def from_shapes(self, input: StaticShape) -> Any:
        return None if input is None else constant_array(len(input), INT32)


@export("rank")
def rank(input: Any, name: str | None = None) -> Tensor:
    """The number of dimensions of a tensor, an int32 scalar; a constant where it is known."""
    return rank_tensor(input, name, True)


def rank_tensor(input: Any, name: str | None = None, optimize: bool = True) -> Tensor:
    """The number of dimensions of a tensor; with `optimize` a constant where it is known."""
    with name_scope(name, "Rank", [input]) as scope:
        tensor = convert_to_tensor(input)
        if optimize and tensor._rank is not None:
            return constant(tensor._rank, dtype=dtypes.int32, name=scope)
        return raw.Rank(tensor, name=scope)
