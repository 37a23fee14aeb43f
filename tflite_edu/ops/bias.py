"""Adding a bias to every channel, and the layers that are a matrix product and a bias."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import errors, raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import (
    BFLOAT16,
    COMPLEX64,
    COMPLEX128,
    DOUBLE,
    FLOAT,
    HALF,
    INT8,
    INT16,
    INT32,
    INT64,
    QINT8,
    QINT32,
    QUINT8,
    UINT8,
    UINT16,
    UINT32,
    UINT64,
    DType,
)
from tflite_edu.core.export import export
from tflite_edu.core.inference import format_shape, merge_dims, with_rank, with_rank_at_least
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.activations import relu
from tflite_edu.ops.constants import ones_like
from tflite_edu.ops.joining import concat
from tflite_edu.ops.matrix_product import matmul
from tflite_edu.ops.ranges import range as range_
from tflite_edu.ops.reductions import reduce_sum
from tflite_edu.ops.reshaping import reshape
from tflite_edu.ops.shapes_of_tensors import rank, shape
from tflite_edu.ops.tiling import tile

_TYPES = (
    *(FLOAT, DOUBLE, INT32, UINT8, INT16, INT8, COMPLEX64, INT64, QINT8, QUINT8, QINT32, BFLOAT16),
    *(UINT16, COMPLEX128, HALF, UINT32, UINT64),
)


def _invalid(message: str) -> errors.InvalidArgumentError:
    return errors.InvalidArgumentError(None, None, message)


def _shape_with_bias(value: Shape, bias: Shape, channels_first: bool) -> Shape:
    value = with_rank_at_least(value, 3 if channels_first else 2)
    (channels,) = with_rank(bias, 1)
    if value is None:
        return None
    axis = 1 if channels_first else len(value) - 1
    return (*value[:axis], merge_dims(value[axis], channels), *value[axis + 1 :])


def _with_bias(np: Any, value: Any, bias: Any, channels_first: bool) -> Any:
    if np.ndim(value) < 2:
        raise _invalid(f"Input tensor must be at least 2D: {format_shape(value.shape)}")
    if np.ndim(bias) != 1:
        raise _invalid(f"Biases must be 1D: {format_shape(bias.shape)}")
    axis = 1 if channels_first else value.ndim - 1
    if len(bias) != value.shape[axis]:
        raise _invalid(
            "Must provide as many biases as the last dimension of the input tensor: "
            f"{format_shape(bias.shape)} vs. {format_shape(value.shape)}"
        )
    return value + bias.reshape(-1, *(1,) * (value.ndim - 1 - axis))


class BiasAdd(Op):
    """A value with a bias added to each channel: the last axis, or axis 1 for NCHW."""

    inputs, outputs = ("value: T", "bias: T"), ("output: T",)
    T: DType = attr(*_TYPES)
    data_format: str = attr("NHWC", "NCHW", default="NHWC")

    def infer(self, value: Shape, bias: Shape) -> Shape:
        return _shape_with_bias(value, bias, self.data_format == "NCHW")

    def forward(self, np: Any, value: Any, bias: Any) -> Any:
        return _with_bias(np, value, bias, self.data_format == "NCHW")

    def backward(self, op: Any, gradient: Tensor) -> Any:
        return gradient, raw.BiasAddGrad(gradient, data_format=self.data_format)


@export("nn.bias_add")
def bias_add(
    value: Any, bias: Any, data_format: str | None = None, name: str | None = None
) -> Tensor:
    """`value` with `bias` added to each channel.

    Args:
      value: [batch, ..., channels], or [batch, channels, ...] where `data_format` begins with NC.
      bias: [channels], of the dtype of `value`.
      data_format: "N...C" (the default) or "NC...".

    Raises ValueError on another format and on shapes that do not fit.
    """
    if data_format is not None:
        if data_format.startswith("NC"):
            data_format = "NCHW"
        elif data_format.startswith("N") and data_format.endswith("C"):
            data_format = "NHWC"
        else:
            raise ValueError("data_format must be of the form `N...C` or `NC...`")
    with name_scope(name, "BiasAdd", [value, bias]) as name:
        value = convert_to_tensor(value, name="input")
        bias = convert_to_tensor(bias, dtype=value.dtype, name="bias")
        return raw.BiasAdd(value, bias, data_format=data_format, name=name)


class BiasAddV1(Op):
    """A value with a bias added along the last axis."""

    inputs, outputs = ("value: T", "bias: T"), ("output: T",)
    T: DType = attr(*_TYPES)

    def infer(self, value: Shape, bias: Shape) -> Shape:
        return _shape_with_bias(value, bias, False)

    def forward(self, np: Any, value: Any, bias: Any) -> Any:
        return _with_bias(np, value, bias, False)

    def backward(self, op: Any, gradient: Tensor) -> Any:
        return gradient, reduce_sum(gradient, range_(rank(gradient) - 1))


class BiasAddGrad(Op):
    """The sum of a gradient over all axes but that of the channels."""

    inputs, outputs = ("out_backprop: T",), ("output: T",)
    T: DType = attr(*_TYPES)
    data_format: str = attr("NHWC", "NCHW", default="NHWC")

    def infer(self, out_backprop: Shape) -> Shape:
        channels_first = self.data_format == "NCHW"
        known = with_rank_at_least(out_backprop, 3 if channels_first else 2)
        return (None,) if known is None else (known[1 if channels_first else -1],)

    def forward(self, np: Any, out_backprop: Any) -> Any:
        if np.ndim(out_backprop) < 2:
            raise _invalid(f"Input tensor must be at least 2D: {format_shape(out_backprop.shape)}")
        kept = 1 if self.data_format == "NCHW" else out_backprop.ndim - 1
        axes = tuple([axis for axis in range(out_backprop.ndim) if axis != kept])
        return out_backprop.sum(axis=axes, dtype=out_backprop.dtype)

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        sizes, channels = shape(op.inputs[0]), shape(gradient)
        if self.data_format == "NCHW":
            expanded = concat([ones_like(sizes[:1]), channels, ones_like(sizes[2:])], 0)
            multiples = concat([sizes[:1], [1], sizes[2:]], 0)
        else:
            expanded = concat([ones_like(sizes[:-1]), channels], 0)
            multiples = concat([sizes[:-1], [1]], 0)
        return tile(reshape(gradient, expanded), multiples)


@export("nn.xw_plus_b")
def xw_plus_b(x: Any, weights: Any, biases: Any, name: str | None = None) -> Tensor:
    """`matmul(x, weights) + biases`: [batch, in] and [in, out] and [out] to [batch, out]."""
    with name_scope(name, "xw_plus_b", [x, weights, biases]) as name:
        x = convert_to_tensor(x, name="x")
        weights = convert_to_tensor(weights, name="weights")
        biases = convert_to_tensor(biases, name="biases")
        return bias_add(matmul(x, weights), biases, name=name)


@export("nn.relu_layer")
def relu_layer(x: Any, weights: Any, biases: Any, name: str | None = None) -> Tensor:
    """`relu(matmul(x, weights) + biases)`: [batch, in] and [in, out] and [out] to [batch, out]."""
    with name_scope(name, "relu_layer", [x, weights, biases]) as name:
        x = convert_to_tensor(x, name="x")
        weights = convert_to_tensor(weights, name="weights")
        biases = convert_to_tensor(biases, name="biases")
        return relu(bias_add(matmul(x, weights), biases), name=name)
