"""Nodes without inputs, constants and placeholders, and tensors filled with one value."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import mul
from typing import Any

from tflite_edu.core import dtypes, errors, raw
from tflite_edu.core.constant import constant
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import (
    BFLOAT16,
    BOOL,
    COMPLEX64,
    COMPLEX128,
    DOUBLE,
    FLOAT,
    HALF,
    INT8,
    INT16,
    INT32,
    INT64,
    UINT8,
    UINT16,
    DType,
)
from tflite_edu.core.export import export
from tflite_edu.core.inference import ShapeError, format_shape, merge, with_rank
from tflite_edu.core.op import Op, TensorValue, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape, TensorShape, is_fully_defined
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.shape_checks import before_values
from tflite_edu.ops.shapes_of_tensors import shape_tensor

# `zeros` and `ones` of fewer elements than this are one constant node.
_FEW_ELEMENTS = 1000


class Const(Op):
    """A value fixed when the graph is built."""

    outputs = ("output: dtype",)
    may_alias = True
    value: TensorValue
    dtype: DType

    backward = None

    def infer(self) -> Shape:
        return self.value.shape

    def forward(self, np: Any) -> Any:
        return self.value


class Placeholder(Op):
    """A tensor whose value each run is fed; a run that needs it without a feed fails."""

    outputs = ("output: dtype",)
    effect = "feed"
    dtype: DType
    shape: Shape = None

    def infer(self) -> Shape:
        return self.shape

    def forward(self, host: Any) -> Any:
        shape = f" and shape {format_shape(self.shape)}" if self.shape else ""
        raise errors.InvalidArgumentError(
            None,
            None,
            f"You must feed a value for placeholder tensor '{host.operation.name}' with dtype "
            f"{dtypes.kernel_name(self.dtype)}{shape}",
        )


@export("placeholder")
def placeholder(dtype: Any, shape: Any = None, name: str | None = None) -> Tensor:
    """A tensor whose value is given to each run in `feed_dict`.

    Fed values must fit `shape`; without one any shape fits. Raises TypeError where `dtype` is no
    type. A run that needs an unfed placeholder raises InvalidArgumentError.
    """
    if dtype is None:
        raise TypeError("Expected DataType for argument 'dtype' not None.")
    return raw.Placeholder(dtype=dtype, shape=shape, name=name)


class PlaceholderWithDefault(Op):
    """Its input, unless a run feeds another value."""

    inputs, outputs = ("input: dtype",), ("output: dtype",)
    # What a run may feed is never known while the graph is built.
    effect = "feed"
    may_alias = True
    dtype: DType
    shape: Shape

    def infer(self, input: Shape) -> Shape:
        merge(input, self.shape)
        return self.shape

    def forward(self, host: Any, input: Any) -> Any:
        return input

    def backward(self, op: Any, doutput: Tensor) -> Tensor:
        return doutput


@export("placeholder_with_default")
def placeholder_with_default(input: Any, shape: Any, name: str | None = None) -> Tensor:
    """A tensor with the value of `input` wherever a run does not feed it one of `shape`.

    Raises ValueError where `input` does not fit `shape`.
    """
    return raw.PlaceholderWithDefault(input, shape=shape, name=name)


class Fill(Op):
    """A tensor of the shape `dims` with `value` in every place."""

    inputs, outputs = ("dims: index_type", "value: T"), ("output: T",)
    T: DType
    index_type: DType = attr(INT32, INT64, default=INT32)
    infer_from = {"dims": "value and partial"}

    def infer(self, dims: tuple[Any, Shape], value: Shape) -> Shape:
        before_values(with_rank, value, 0)
        known, partial = dims
        if known is not None and (known < 0).any():
            raise ShapeError("Fill dimensions must be >= 0")
        return partial

    def forward(self, np: Any, dims: Any, value: Any) -> Any:
        if np.ndim(dims) != 1:
            raise errors.InvalidArgumentError(
                None, None, f"dims must be a vector, got shape {_listed(np.shape(dims))}"
            )
        if (dims < 0).any():
            axis = int((dims < 0).argmax())
            raise errors.InvalidArgumentError(None, None, f"Dimension {dims[axis]} must be >= 0")
        return np.full(tuple(dims.tolist()), value, self.T.as_numpy_dtype)

    def backward(self, op: Any, doutput: Tensor) -> list[Any]:
        total = raw.Sum(doutput, _all_axes(doutput))
        total.set_shape(())
        return [None, total]


def _listed(shape: Iterable[int]) -> str:
    return f"[{','.join(str(size) for size in shape)}]"


def _all_axes(tensor: Tensor) -> Tensor:
    """The axes of a tensor, counted where the graph is built if its rank is known."""
    if tensor._rank is not None:
        return constant(list(range(tensor._rank)), dtype=dtypes.int32)
    return raw.Range(0, raw.Rank(tensor), 1, name="range")


@export("fill")
def fill(dims: Any, value: Any, name: str | None = None) -> Tensor:
    """A tensor of the shape `dims` (1-D) with the scalar `value` in every place.

    Raises ValueError where `dims` is no vector or `value` no scalar.
    """
    return raw.Fill(dims, value, name=name)


class ZerosLike(Op):
    """Zeros in the shape of `x`."""

    inputs, outputs = ("x: T",), ("y: T",)
    T: DType
    backward = None

    def infer(self, x: Shape) -> Shape:
        return x

    def forward(self, np: Any, x: Any) -> Any:
        return np.zeros_like(x) if x.dtype != object else np.full(x.shape, b"", object)


class OnesLike(Op):
    """Ones in the shape of `x`."""

    inputs, outputs = ("x: T",), ("y: T",)
    T: DType = attr(
        *(BFLOAT16, HALF, FLOAT, DOUBLE, INT8, UINT8, INT16, UINT16, INT32, INT64),
        *(COMPLEX64, COMPLEX128, BOOL),
    )
    backward = None

    def infer(self, x: Shape) -> Shape:
        return x

    def forward(self, np: Any, x: Any) -> Any:
        return np.ones_like(x)


@export("zeros")
def zeros(shape: Any, dtype: Any = dtypes.float32, name: str | None = None) -> Tensor:
    """A tensor of zeros (False, the empty string) of a shape: numbers, or a 1-D tensor.

    Raises TypeError where `shape` is no shape, ValueError where a dimension is negative.
    """
    dtype = dtypes.as_dtype(dtype).base_dtype
    zero: Any = False if dtype is BOOL else "" if dtype is dtypes.string else 0
    return _filled_with(zero, shape, dtype, name, "zeros")


@export("ones")
def ones(shape: Any, dtype: Any = dtypes.float32, name: str | None = None) -> Tensor:
    """A tensor of ones (True) of a shape: numbers, or a 1-D tensor.

    Raises TypeError where `shape` is no shape or `dtype` has no one, ValueError where a dimension
    is negative.
    """
    dtype = dtypes.as_dtype(dtype).base_dtype
    one: Any = True if dtype is BOOL else 1
    return _filled_with(one, shape, dtype, name, "ones")


def _filled_with(value: Any, shape: Any, dtype: DType, name: str | None, default: str) -> Tensor:
    """One constant where the shape is known and small, else a `Fill`."""
    with name_scope(name, default, [shape]) as scope:
        if not isinstance(shape, Tensor):
            try:
                known = _constant_if_small(value, shape, dtype, scope)
                if known is not None:
                    return known
                shape = convert_to_tensor(TensorShape(shape))
            except (TypeError, ValueError):
                shape = convert_to_tensor(shape, dtype=dtypes.int32)
        if not shape._shape:
            # A scalar, or of unknown rank: Fill wants a vector.
            shape = raw.Reshape(shape, [-1])
        return raw.Fill(shape, constant(value, dtype=dtype), name=scope)


def _constant_if_small(value: Any, shape: Any, dtype: DType, name: str) -> Tensor | None:
    try:
        # Dimensions that are tensors are multiplied by nodes, and the comparison makes a node too;
        # asking for its truth then raises TypeError. TensorFlow leaves the same nodes behind.
        if reduce(mul, _dimensions(shape)) < _FEW_ELEMENTS if _dimensions(shape) else True:
            return constant(value, dtype=dtype, shape=[int(size) for size in shape], name=name)
    except TypeError:
        pass
    return None


def _dimensions(shape: Any) -> list[Any]:
    return list(shape) if isinstance(shape, Iterable) else [shape]


@export("zeros_like")
def zeros_like(
    tensor: Any, dtype: Any = None, name: str | None = None, optimize: bool = True
) -> Tensor:
    """Zeros in the shape of `tensor`, of its type or of `dtype`.

    With `optimize` the shape counts as it is known while the graph is built.
    """
    return _zeros_like(tensor, dtype, name, optimize)


def _zeros_like(tensor: Any, dtype: Any, name: str | None, optimize: bool) -> Tensor:
    with name_scope(name, "zeros_like", [tensor]) as scope:
        tensor = convert_to_tensor(tensor, name="tensor")
        own = tensor.dtype
        wanted = own if dtype is None else dtypes.as_dtype(dtype)
        if optimize and is_fully_defined(tensor._shape) and own is not dtypes.variant:
            return zeros(tensor.shape, dtype=wanted, name=scope)
        if wanted != own and wanted is not dtypes.variant:
            return zeros(shape_tensor(tensor, optimize=optimize), dtype=wanted, name=scope)
        return raw.ZerosLike(tensor, name=scope)


@export("ones_like")
def ones_like(
    tensor: Any, dtype: Any = None, name: str | None = None, optimize: bool = True
) -> Tensor:
    """Ones in the shape of `tensor`, of its type or of `dtype`.

    With `optimize` the shape counts as it is known while the graph is built. Raises TypeError
    where the type has no one.
    """
    with name_scope(name, "ones_like", [tensor]) as scope:
        tensor = convert_to_tensor(tensor, name="tensor")
        shape = shape_tensor(tensor, optimize=optimize)
        result = ones(shape, dtype=tensor.dtype if dtype is None else dtype, name=scope)
        result.set_shape(tensor.shape)
        return result
