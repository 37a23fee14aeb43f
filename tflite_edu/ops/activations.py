"""Activation functions of neural networks, element by element, and their gradients."""

from __future__ import annotations

import math
from typing import Any

from tflite_edu.core import errors, raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import (
    BFLOAT16,
    DOUBLE,
    FLOAT,
    HALF,
    INT8,
    INT16,
    INT32,
    INT64,
    QINT8,
    UINT8,
    UINT16,
    UINT32,
    UINT64,
    DType,
)
from tflite_edu.core.export import export
from tflite_edu.core.inference import format_shape, merge
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import control_dependencies, name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.casting import cast
from tflite_edu.ops.comparison import less
from tflite_edu.ops.constants import zeros, zeros_like
from tflite_edu.ops.exponential import exp, sigmoid
from tflite_edu.ops.joining import concat
from tflite_edu.ops.selection import where
from tflite_edu.ops.shapes_of_tensors import shape

_REAL = (
    *(FLOAT, DOUBLE, INT32, UINT8, INT16, INT8, INT64, BFLOAT16, UINT16, HALF, UINT32, UINT64),
)
_FLOATS = (HALF, BFLOAT16, FLOAT, DOUBLE)

# Klambauer, Unterthiner, Mayr and Hochreiter, "Self-Normalizing Neural Networks" (2017).
SELU_SCALE = 1.0507009873554805
SELU_SCALE_ALPHA = 1.7580993408473768


class _Activation(Op, abstract=True):
    inputs, outputs = ("features: T",), ("activations: T",)

    def infer(self, features: Shape) -> Shape:
        return features


class _ActivationGradient(Op, abstract=True):
    inputs, outputs = ("gradients: T", "features: T"), ("backprops: T",)

    def infer(self, gradients: Shape, features: Shape) -> Shape:
        return merge(gradients, features)


class _OutputGradient(_ActivationGradient, abstract=True):
    inputs = ("gradients: T", "outputs: T")


def _same_size(op: Op, gradients: Any, features: Any) -> bool:
    """True; raises InvalidArgumentError where a gradient has not the shape of its features."""
    if gradients.shape != features.shape:
        raise errors.InvalidArgumentError(
            None,
            None,
            f"Inputs to operation {op.op_type} of type {op.op_type} must have the same size and "
            f"shape.  Input 0: {format_shape(gradients.shape)} != "
            f"input 1: {format_shape(features.shape)}",
        )
    return True


def _either(condition: Any, x: Any, y: Any) -> Any:
    """`x` where the condition holds, else `y`, of one dtype and finite where not taken.

    On conditions that come and go, several times faster than `np.where`, which branches.
    """
    return condition * x + ~condition * y


def _zeros_of_shape(tensor: Tensor) -> Tensor:
    return zeros(shape(tensor), dtype=tensor.dtype)


class Relu(_Activation):
    """max(x, 0)."""

    T: DType = attr(*_REAL, QINT8)

    def forward(self, np: Any, features: Any) -> Any:
        return np.maximum(features, 0)

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        return raw.ReluGrad(gradient, op.outputs[0])


@export("nn.relu")
def relu(features: Any, name: str | None = None) -> Tensor:
    """`max(features, 0)`, element by element, of any real dtype."""
    return raw.Relu(features, name=name)


class ReluGrad(_ActivationGradient):
    """The gradient where the feature is over 0, else 0."""

    T: DType = attr(*_REAL)

    def forward(self, np: Any, gradients: Any, features: Any) -> Any:
        return _same_size(self, gradients, features) and gradients * (features > 0)

    def backward(self, op: Any, gradient: Tensor) -> Any:
        features = op.inputs[1]
        return raw.ReluGrad(gradient, features), _zeros_of_shape(features)


class Relu6(_Activation):
    """min(max(x, 0), 6)."""

    T: DType = attr(*_REAL)

    def forward(self, np: Any, features: Any) -> Any:
        return np.clip(features, 0, 6)

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        return raw.Relu6Grad(gradient, op.outputs[0])


@export("nn.relu6")
def relu6(features: Any, name: str | None = None) -> Tensor:
    """`min(max(features, 0), 6)`, element by element, of any real dtype.

    Krizhevsky, "Convolutional Deep Belief Networks on CIFAR-10" (2010).
    """
    with name_scope(name, "Relu6", [features]) as name:
        features = convert_to_tensor(features, name="features")
        return raw.Relu6(features, name=name)


class Relu6Grad(_ActivationGradient):
    """The gradient where the feature is between 0 and 6, else 0."""

    T: DType = attr(*_REAL)

    def forward(self, np: Any, gradients: Any, features: Any) -> Any:
        return _same_size(self, gradients, features) and (
            gradients * ((features > 0) & (features < 6))
        )

    def backward(self, op: Any, gradient: Tensor) -> Any:
        features = op.inputs[1]
        return raw.Relu6Grad(gradient, features), _zeros_of_shape(features)


class Elu(_Activation):
    """x where it is over 0, else exp(x) - 1."""

    T: DType = attr(*_FLOATS)

    def forward(self, np: Any, features: Any) -> Any:
        return np.maximum(features, 0) + (np.exp(np.minimum(features, 0)) - 1)

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        return raw.EluGrad(gradient, op.outputs[0])


@export("nn.elu")
def elu(features: Any, name: str | None = None) -> Tensor:
    """`features` where positive, else `exp(features) - 1`, element by element.

    Clevert, Unterthiner and Hochreiter, "Fast and Accurate Deep Network Learning by Exponential
    Linear Units" (2015).
    """
    return raw.Elu(features, name=name)


class EluGrad(_OutputGradient):
    """The gradient times (y + 1) where the output y is under 0, else the gradient."""

    T: DType = attr(*_FLOATS)

    def forward(self, np: Any, gradients: Any, outputs: Any) -> Any:
        return _same_size(self, gradients, outputs) and (gradients * (np.fmin(outputs, 0) + 1))

    def backward(self, op: Any, gradient: Tensor) -> Any:
        gradients, outputs = op.inputs
        return raw.EluGrad(gradient, outputs), _below_zero(gradient, gradients, outputs)


def _below_zero(gradient: Tensor, gradients: Tensor, outputs: Tensor) -> Tensor:
    """The product of two gradients where an output is under 0, else 0."""
    condition = less(outputs, 0)
    return where(condition, gradient * gradients, zeros_like(outputs))


class Selu(_Activation):
    """The scaled exponential linear unit."""

    T: DType = attr(*_FLOATS)

    def forward(self, np: Any, features: Any) -> Any:
        return SELU_SCALE * np.maximum(features, 0) + SELU_SCALE_ALPHA * (
            np.exp(np.minimum(features, 0)) - 1
        )

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        return raw.SeluGrad(gradient, op.outputs[0])


@export("nn.selu")
def selu(features: Any, name: str | None = None) -> Tensor:
    """`scale * features` where positive, else `scale * alpha * (exp(features) - 1)`.

    scale = 1.0507, alpha = 1.6733: Klambauer, Unterthiner, Mayr and Hochreiter, "Self-Normalizing
    Neural Networks" (2017).
    """
    return raw.Selu(features, name=name)


class SeluGrad(_OutputGradient):
    """The gradient times (y + scale alpha) where the output y is under 0, else times scale."""

    T: DType = attr(*_FLOATS)

    def forward(self, np: Any, gradients: Any, outputs: Any) -> Any:
        return _same_size(self, gradients, outputs) and gradients * _either(
            outputs < 0,
            np.fmin(outputs, 0) + SELU_SCALE_ALPHA,
            gradients.dtype.type(SELU_SCALE),
        )

    def backward(self, op: Any, gradient: Tensor) -> Any:
        gradients, outputs = op.inputs
        return raw.SeluGrad(gradient, outputs), _below_zero(gradient, gradients, outputs)


class LeakyRelu(_Activation):
    """x where it is over 0, else alpha x."""

    alpha: float = 0.2
    T: DType = attr(*_FLOATS, default=FLOAT)

    def forward(self, np: Any, features: Any) -> Any:
        if 0 < self.alpha <= 1:
            return np.maximum(features, features * self.alpha)
        return np.maximum(features, 0) + np.minimum(features, 0) * self.alpha

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        return raw.LeakyReluGrad(gradient, op.inputs[0], alpha=self.alpha)


@export("nn.leaky_relu")
def leaky_relu(features: Any, alpha: float = 0.2, name: str | None = None) -> Tensor:
    """`features` where positive, else `alpha * features`; integers become float32.

    Maas, Hannun and Ng, "Rectifier Nonlinearities Improve Neural Network Acoustic Models" (2013).
    """
    with name_scope(name, "LeakyRelu", [features, alpha]) as name:
        features = convert_to_tensor(features, name="features")
        if features.dtype.is_integer:
            features = cast(features, FLOAT)
        return raw.LeakyRelu(features, alpha=alpha, name=name)


class LeakyReluGrad(_ActivationGradient):
    """The gradient where the feature is over 0, else alpha times the gradient."""

    alpha: float = 0.2
    T: DType = attr(*_FLOATS, default=FLOAT)

    def forward(self, np: Any, gradients: Any, features: Any) -> Any:
        return _same_size(self, gradients, features) and (
            gradients
            * _either(features > 0, gradients.dtype.type(1), gradients.dtype.type(self.alpha))
        )

    def backward(self, op: Any, gradient: Tensor) -> Any:
        features = op.inputs[1]
        return (
            raw.LeakyReluGrad(gradient, features, alpha=self.alpha),
            _zeros_of_shape(features),
        )


# Softplus is x over -threshold and exp(x) under it, to the last bit of each type.
_SOFTPLUS_THRESHOLD = {
    HALF: math.log(2.0**-13) + 2,
    FLOAT: math.log(2.0**-23) + 2,
    DOUBLE: math.log(2.0**-52) + 2,
}


class Softplus(_Activation):
    """log(exp(x) + 1)."""

    T: DType = attr(*_FLOATS)

    def forward(self, np: Any, features: Any) -> Any:
        threshold = _SOFTPLUS_THRESHOLD[self.T]
        exponential = np.exp(features)
        return np.where(
            features > -threshold,
            features,
            np.where(features < threshold, exponential, np.log(exponential + 1)),
        )

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        return gradient * sigmoid(op.inputs[0])


@export("math.softplus", "nn.softplus")
def softplus(features: Any, name: str | None = None) -> Tensor:
    """`log(exp(features) + 1)`, element by element, exact where `features` is far from 0."""
    return raw.Softplus(features, name=name)


class SoftplusGrad(_ActivationGradient):
    """The gradient over (exp(-x) + 1)."""

    T: DType = attr(*_FLOATS)

    def forward(self, np: Any, gradients: Any, features: Any) -> Any:
        return _same_size(self, gradients, features) and gradients / (np.exp(-features) + 1)

    def backward(self, op: Any, gradient: Tensor) -> Any:
        dy, x = op.inputs
        with control_dependencies([gradient]):
            of_dy = raw.SoftplusGrad(gradient, x)
            return of_dy, gradient * dy / (exp(-x) + 2.0 + exp(x))


class Softsign(_Activation):
    """x / (|x| + 1)."""

    T: DType = attr(*_FLOATS)

    def forward(self, np: Any, features: Any) -> Any:
        return features / (np.abs(features) + 1)

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        return raw.SoftsignGrad(gradient, op.inputs[0])


@export("math.softsign", "nn.softsign")
def softsign(features: Any, name: str | None = None) -> Tensor:
    """`features / (abs(features) + 1)`, element by element."""
    return raw.Softsign(features, name=name)


class SoftsignGrad(_ActivationGradient):
    """The gradient over (|x| + 1)^2."""

    T: DType = attr(*_FLOATS)

    def forward(self, np: Any, gradients: Any, features: Any) -> Any:
        return _same_size(self, gradients, features) and (
            gradients / np.square(np.abs(features) + 1)
        )


@export("nn.crelu")
def crelu(features: Any, name: str | None = None, axis: int = -1) -> Tensor:
    """The positive part of `features` and the positive part of `-features`, joined along `axis`.

    Shang, Sohn, Almeida and Lee, "Understanding and Improving Convolutional Neural Networks via
    Concatenated Rectified Linear Units" (2016).
    """
    with name_scope(name, "CRelu", [features]) as name:
        features = convert_to_tensor(features, name="features")
        joined = concat([features, -features], axis, name=name)
        return relu(joined)
