"""A tensor's elements in another shape: reshape, and axes added and taken away."""

from __future__ import annotations

import math
from typing import Any

from tflite_edu.core import errors, raw
from tflite_edu.core.dtypes import INT32, INT64, DType
from tflite_edu.core.export import export
from tflite_edu.core.inference import ShapeError, divide_dims, format_shape
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.shapes_of_tensors import shape_tensor


class Reshape(Op):
    """The elements of a tensor in the same order, in another shape; one size may be -1."""

    inputs, outputs = ("tensor: T", "shape: Tshape"), ("output: T",)
    may_alias = True
    T: DType
    Tshape: DType = attr(INT32, INT64, default=INT32)
    infer_from = {"shape": "partial"}

    def infer(self, tensor: Shape, shape: Shape) -> Shape:
        if tensor is None or shape is None or shape.count(None) > 1 or tensor.count(None) > 1:
            return shape
        given, wanted = _product(tensor), _product(shape)
        if None not in tensor and None not in shape:
            if given != wanted:
                raise ShapeError(
                    f"Cannot reshape a tensor with {given} elements to shape {format_shape(shape)} "
                    f"({wanted} elements)"
                )
        elif None not in tensor:
            if wanted > 0:
                return _completed(shape, divide_dims(given, wanted))
        elif None not in shape:
            if given != 0:
                divide_dims(wanted, given)
        elif given == wanted:
            return _completed(shape, tensor[tensor.index(None)])
        return shape

    def forward(self, np: Any, tensor: Any, shape: Any) -> Any:
        return tensor.reshape(_requested(tensor, shape))

    def backward(self, op: Any, doutput: Any) -> list[Any]:
        return [_in_shape_of_input(op, doutput), None]


def _product(shape: tuple[int | None, ...]) -> int:
    """The number of elements, an unknown dimension counted as 1."""
    return math.prod(1 if size is None else size for size in shape)


def _completed(shape: tuple[int | None, ...], size: int | None) -> Shape:
    return tuple(size if known is None else known for known in shape)


def _requested(tensor: Any, shape: Any) -> list[int]:
    """The sizes to which a run reshapes, the -1 worked out."""
    if shape.ndim != 1:
        raise errors.InvalidArgumentError(
            None, None, f"sizes input must be 1-D, not {format_shape(shape.shape)}"
        )
    sizes: list[int] = shape.tolist()
    unknown = [axis for axis, size in enumerate(sizes) if size == -1]
    if len(unknown) > 1:
        raise errors.InvalidArgumentError(
            None,
            None,
            f"Only one input size may be -1, not both {unknown[0]} and {unknown[1]}",
        )
    for axis, size in enumerate(sizes):
        if size < -1:
            raise errors.InvalidArgumentError(
                None, None, f"Size {axis} must be non-negative, not {size}"
            )
    if unknown:
        # Where a size is zero the others are compared as if both shapes had no zeros.
        skip = 0 if 0 in sizes else None
        known = math.prod(size for size in sizes if size not in (-1, skip))
        count = math.prod(size for size in tensor.shape if size != skip)
        if known == 0 or count % known:
            raise errors.InvalidArgumentError(
                None,
                None,
                f"Input to reshape is a tensor with {count} values, but the requested shape "
                f"requires a multiple of {known}",
            )
        sizes[unknown[0]] = count // known
    if math.prod(sizes) != tensor.size:
        raise errors.InvalidArgumentError(
            None,
            None,
            f"Input to reshape is a tensor with {tensor.size} values, but the requested shape has "
            f"{math.prod(sizes)}",
        )
    return sizes


def _in_shape_of_input(op: Any, doutput: Any) -> Tensor:
    """A gradient in the shape of the node's first input."""
    return raw.Reshape(doutput, shape_tensor(op.inputs[0]))


@export("reshape", "manip.reshape")
def reshape(tensor: Any, shape: Any, name: str | None = None) -> Tensor:
    """The elements of `tensor`, in the same order, in another shape.

    One size of `shape` may be -1: what is left. Raises ValueError where the number of elements is
    known not to fit, and InvalidArgumentError where that shows in a run.
    """
    return raw.Reshape(tensor, shape, name=name)


class ExpandDims(Op):
    """A tensor with a new axis of one element."""

    inputs, outputs = ("input: T", "dim: Tdim"), ("output: T",)
    may_alias = True
    T: DType
    Tdim: DType = attr(INT32, INT64, default=INT32)
    infer_from = {"dim": "value"}

    def infer(self, input: Shape, dim: Any) -> Shape:
        if dim is not None and dim.size != 1:
            raise ShapeError("'dim' input must be a tensor with a single value")
        if dim is None or input is None:
            return None
        axis, rank = dim.item(), len(input)
        if not -rank - 1 <= axis <= rank:
            raise ShapeError(f"dim {axis} not in the interval [{-rank - 1}, {rank}].")
        axis = axis + rank + 1 if axis < 0 else axis
        return (*input[:axis], 1, *input[axis:])

    def forward(self, np: Any, input: Any, dim: Any) -> Any:
        if dim.size != 1:
            raise errors.InvalidArgumentError(
                None, None, "'dim' must be a tensor with a single value"
            )
        if not -input.ndim - 1 <= dim.item() <= input.ndim:
            raise errors.InvalidArgumentError(
                None,
                None,
                f"Tried to expand dim index {dim.item()} for tensor with {input.ndim} dimensions.",
            )
        return np.expand_dims(input, dim.item())

    def backward(self, op: Any, doutput: Any) -> list[Any]:
        return [_in_shape_of_input(op, doutput), None]


@export("expand_dims")
def expand_dims(input: Any, axis: Any = None, name: str | None = None, dim: Any = None) -> Tensor:
    """`input` with a new axis of one element before `axis`, in [-rank - 1, rank].

    `dim` is the old name of `axis`. Raises ValueError where `axis` is missing or out of range.
    """
    axis = _one_of("axis", axis, "dim", dim)
    if axis is None:
        raise ValueError("Must specify an axis argument to tf.expand_dims()")
    return raw.ExpandDims(input, axis, name=name)


def _one_of(name: str, value: Any, old_name: str, old_value: Any) -> Any:
    """The value of an argument that also goes by an older name."""
    if old_value is not None:
        if value is not None:
            raise ValueError(f"Cannot specify both '{old_name}' and '{name}'")
        return old_value
    return value


class Squeeze(Op):
    """A tensor without its axes of one element, or without those of `squeeze_dims`."""

    inputs, outputs = ("input: T",), ("output: T",)
    may_alias = True
    T: DType
    squeeze_dims: list[int] = attr(default=(), minimum=0)

    def infer(self, input: Shape) -> Shape:
        if input is None:
            return None
        rank = len(input)
        for i, axis in enumerate(self.squeeze_dims):
            if not -rank <= axis < rank:
                raise ShapeError(f"squeeze_dims[{i}] not in [{-rank},{rank}).")
        chosen = {axis % rank for axis in self.squeeze_dims}
        if not chosen:
            return None if None in input else tuple(size for size in input if size != 1)
        for axis, size in enumerate(input):
            if axis in chosen and size not in (None, 1):
                raise ShapeError(
                    f"Can not squeeze dim[{axis}], expected a dimension of 1, got {size}"
                )
        return tuple(size for axis, size in enumerate(input) if axis not in chosen)

    def forward(self, np: Any, input: Any) -> Any:
        rank = input.ndim
        for axis in self.squeeze_dims:
            if not -rank <= axis < rank:
                raise errors.InvalidArgumentError(
                    None,
                    None,
                    f"Tried to squeeze dim index {axis} for tensor with {rank} dimensions.",
                )
        chosen = {axis % rank for axis in self.squeeze_dims}
        for axis in sorted(chosen):
            if input.shape[axis] != 1:
                raise errors.InvalidArgumentError(
                    None,
                    None,
                    f"Can not squeeze dim[{axis}], expected a dimension of 1, got "
                    f"{input.shape[axis]}",
                )
        return np.squeeze(input, tuple(chosen) or None)

    def backward(self, op: Any, doutput: Any) -> Tensor:
        return _in_shape_of_input(op, doutput)


@export("squeeze")
def squeeze(
    input: Any, axis: Any = None, name: str | None = None, squeeze_dims: Any = None
) -> Tensor:
    """`input` without its axes of one element, or without those in `axis` (one, or a list).

    `squeeze_dims` is the old name of `axis`. Raises ValueError where an axis is out of range or has
    more elements than one.
    """
    axis = _one_of("axis", axis, "squeeze_dims", squeeze_dims)
    if axis is not None and not isinstance(axis, (list, tuple)) and not hasattr(axis, "__len__"):
        axis = [axis]
    return raw.Squeeze(input, squeeze_dims=axis, name=name)
