"""Tensors stacked along a new axis, taken apart again, and lists that hold tensors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tflite_edu.core import errors, raw
from tflite_edu.core.constant import constant
from tflite_edu.core.constant_value import evaluate
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import DType
from tflite_edu.core.export import export
from tflite_edu.core.inference import (
    ShapeError,
    format_shape,
    merge,
    merge_all,
    normalize_axis,
    with_rank_at_least,
    with_value,
)
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape, TensorShape, is_fully_defined
from tflite_edu.core.tensor import Tensor


class Pack(Op):
    """Tensors of one shape, stacked along a new axis."""

    inputs, outputs = ("values: N*T",), ("output: T",)
    N: int = attr(minimum=1)
    T: DType
    axis: int = 0

    def infer(self, values: list[Shape]) -> Shape:
        merged = merge_all(values)
        if merged is None:
            return None
        axis = normalize_axis(self.axis, len(merged) + 1)
        return (*merged[:axis], self.N, *merged[axis:])

    def forward(self, np: Any, values: list[Any]) -> Any:
        shape = values[0].shape
        _check_axis(self.axis, len(shape) + 1)
        for i, value in enumerate(values):
            if value.shape != shape:
                raise errors.InvalidArgumentError(
                    None,
                    None,
                    f"Shapes of all inputs must match: values[0].shape = {format_shape(shape)} != "
                    f"values[{i}].shape = {format_shape(value.shape)}",
                )
        return np.stack(values, self.axis)

    def partial_shape(self, tensor: Tensor) -> Shape:
        sizes: list[int | None] = []
        for packed in tensor.op._inputs:
            value = evaluate(packed)
            if value is not None and value.ndim:
                return None
            sizes.append(None if value is None or value < 0 else int(value))
        return tuple(sizes)

    def backward(self, op: Any, doutput: Tensor) -> list[Tensor]:
        return unstack(doutput, num=self.N, axis=self.axis)


def _check_axis(axis: int, rank: int) -> None:
    if not -rank <= axis < rank:
        raise errors.InvalidArgumentError(None, None, f"axis = {axis} not in [{-rank}, {rank})")


@export("stack")
def stack(values: Any, axis: int = 0, name: str = "stack") -> Tensor:
    """Tensors of one shape [...] stacked along a new axis `axis`, which has `len(values)` elements.

    Raises ValueError where shapes differ or `axis` is out of range, TypeError where types differ.
    """
    if axis == 0:
        try:
            return convert_to_tensor(values, name=name)
        except (TypeError, ValueError):
            # Pack below says what is wrong, or takes what is no list of constants and tensors.
            pass
    shape = convert_to_tensor(values[0], name=name)._shape
    if shape is not None:
        rank = len(shape) + 1
        if not -rank <= axis < rank:
            raise ValueError(f"axis = {axis} not in [{-rank}, {rank})")
    return raw.Pack(values, axis=axis, name=name)


class ParallelConcat(Op):
    """Tensors of known shapes, each with one row, joined along the first axis."""

    inputs, outputs = ("values: N*T",), ("output: T",)
    N: int = attr(minimum=1)
    T: DType
    shape: Shape
    backward = None

    def infer(self, values: list[Shape]) -> Shape:
        if not is_fully_defined(self.shape):
            raise ShapeError("shape attr must be fully defined.")
        assert self.shape is not None
        row: Shape = (1, *self.shape[1:])
        for i, shape in enumerate(values):
            if shape is None or None in shape:
                raise ShapeError("All input shapes must be fully defined.")
            if not shape or shape[0] != 1:
                raise ShapeError("Size of first dimension must be 1.")
            try:
                row = merge(shape, row)
            except ShapeError as error:
                raise ShapeError(f"{error}\n\tFrom merging shape {i} with other shapes.") from None
        return self.shape

    def forward(self, np: Any, values: list[Any]) -> Any:
        return np.concatenate(values, 0)


@export("parallel_stack")
def parallel_stack(values: Sequence[Any], name: str = "parallel_stack") -> Tensor:
    """`tf.stack` along the first axis of tensors whose shapes are known; it has no gradient.

    Raises ValueError where a shape is not known.
    """
    with name_scope(name):
        shape = convert_to_tensor(values[0]).get_shape()
        rows = [raw.ExpandDims(value, 0) for value in values]
        return raw.ParallelConcat(rows, shape=TensorShape([len(values)]).concatenate(shape))


class Unpack(Op):
    """The slices of a tensor along one axis, which goes away."""

    inputs, outputs = ("value: T",), ("output: num*T",)
    num: int = attr(minimum=0)
    T: DType
    axis: int = 0

    def infer(self, value: Shape) -> list[Shape]:
        if value is None:
            return [None] * self.num
        with_rank_at_least(value, 1)
        axis = normalize_axis(self.axis, len(value))
        with_value(value[axis], self.num)
        return [value[:axis] + value[axis + 1 :]] * self.num

    def forward(self, np: Any, value: Any) -> list[Any]:
        _check_axis(self.axis, value.ndim)
        if value.shape[self.axis] != self.num:
            axis = self.axis % value.ndim
            raise errors.InvalidArgumentError(
                None,
                None,
                f"Input shape axis {axis} must equal {self.num}, got shape "
                f"{format_shape(value.shape)}",
            )
        return [np.array(part) for part in np.moveaxis(value, self.axis, 0)]

    def backward(self, op: Any, *doutputs: Tensor) -> Tensor:
        return stack(list(doutputs), axis=self.axis)


@export("unstack")
def unstack(
    value: Any, num: int | None = None, axis: int = 0, name: str = "unstack"
) -> list[Tensor]:
    """The slices of `value` along `axis`: `num` tensors of its shape without that axis.

    Raises ValueError where `num` is neither given nor known, and where `axis` is out of range.
    """
    if num is None:
        value = convert_to_tensor(value)
        shape = value._shape
        if shape is not None:
            if not -len(shape) <= axis < len(shape):
                raise ValueError(f"axis = {axis} not in [{-len(shape)}, {len(shape)})")
            num = shape[axis]
        if num is None:
            raise ValueError(f"Cannot infer num from shape {TensorShape(shape)}")
    return raw.Unpack(value, num=num, axis=axis, name=name)


def pack_list(values: Sequence[Any], dtype: DType | None, name: str | None) -> Any:
    """A list (of lists ...) that holds tensors, as one tensor: a `Pack` for each list that does.

    Without `dtype` the first tensor settles the type of the other elements; with it tensors of
    other types are cast. NotImplemented where there is no tensor inside.
    """
    found = _type_of_first_tensor(values)
    if found is None:
        return NotImplemented
    if dtype is None:
        dtype = found
    elif dtype is not found:
        values = _cast_tensors(values, dtype)
    return _packed(values, dtype, name or "packed")


def _is_tensor(value: Any) -> bool:
    return isinstance(value, Tensor) or (
        hasattr(value, "_as_graph_element") and hasattr(value, "dtype")
    )


def _type_of_first_tensor(values: Sequence[Any]) -> DType | None:
    for value in values:
        found = None
        if _is_tensor(value):
            found = value.dtype.base_dtype
        elif isinstance(value, (list, tuple)):
            found = _type_of_first_tensor(value)
        if found is not None:
            return found
    return None


def _cast_tensors(values: Sequence[Any], dtype: DType) -> list[Any]:
    cast: list[Any] = []
    for value in values:
        if isinstance(value, (list, tuple)):
            value = _cast_tensors(value, dtype)
        elif _is_tensor(value) and value.dtype.base_dtype is not dtype:
            value = raw.Cast(value, DstT=dtype)
        cast.append(value)
    return cast


def _packed(values: Sequence[Any], dtype: DType, name: str) -> Any:
    """The `Pack` of a list, or the list with its inner lists done where it holds no tensor."""
    elements: list[Any] = []
    with name_scope(name, None) as scope:
        for i, value in enumerate(values):
            if _is_tensor(value):
                if value.dtype.base_dtype is not dtype:
                    raise TypeError(
                        f"Cannot convert a list containing a tensor of dtype {value.dtype} to "
                        f"{dtype} (Tensor is: {value!r})"
                    )
            elif isinstance(value, (list, tuple)):
                value = _packed(value, dtype, str(i))
            elements.append(value)
        if not any(_is_tensor(element) for element in elements):
            return elements
        tensors = [
            element if _is_tensor(element) else constant(element, dtype=dtype, name=str(i))
            for i, element in enumerate(elements)
        ]
        return raw.Pack(tensors, name=scope)
