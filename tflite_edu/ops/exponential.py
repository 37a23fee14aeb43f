"""Exponentials, logarithms and the logistic function, element by element."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.op import attr
from tflite_edu.core.scopes import control_dependencies, name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.complex_numbers import conj
from tflite_edu.ops.elementwise import FLOATS_AND_COMPLEX, Unary, UnaryGradient


class Exp(Unary):
    """e to the power of each element."""

    T = attr(*FLOATS_AND_COMPLEX)

    def forward(self, np: Any, x: Any) -> Any:
        return np.exp(x)

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        with control_dependencies([gradient]):
            return gradient * conj(op.outputs[0])


@export("math.exp", "exp")
def exp(x: Any, name: str | None = None) -> Tensor:
    """`e ** x`, element by element."""
    return raw.Exp(x, name=name)


class Expm1(Unary):
    """e to the power of each element, less 1, exact where the element is small."""

    T = attr(*FLOATS_AND_COMPLEX)

    def forward(self, np: Any, x: Any) -> Any:
        return np.expm1(x)

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        with control_dependencies([gradient]):
            return gradient * raw.Exp(conj(op.inputs[0]))


@export("math.expm1", "expm1")
def expm1(x: Any, name: str | None = None) -> Tensor:
    """`e ** x - 1`, element by element, exact for small `x`."""
    return raw.Expm1(x, name=name)


class Log(Unary):
    """The natural logarithm of each element."""

    T = attr(*FLOATS_AND_COMPLEX)

    def forward(self, np: Any, x: Any) -> Any:
        return np.log(x)

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        with control_dependencies([gradient]):
            return gradient * raw.Reciprocal(conj(op.inputs[0]))


@export("math.log", "log")
def log(x: Any, name: str | None = None) -> Tensor:
    """The natural logarithm of each element; -inf for 0, NaN for a negative real number."""
    return raw.Log(x, name=name)


class Log1p(Unary):
    """The natural logarithm of 1 plus each element, exact where the element is small."""

    T = attr(*FLOATS_AND_COMPLEX)

    def forward(self, np: Any, x: Any) -> Any:
        return np.log1p(x)

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        with control_dependencies([gradient]):
            return gradient * raw.Reciprocal(1 + conj(op.inputs[0]))


@export("math.log1p", "log1p")
def log1p(x: Any, name: str | None = None) -> Tensor:
    """`log(1 + x)`, element by element, exact for small `x`."""
    return raw.Log1p(x, name=name)


class Sigmoid(Unary):
    """The logistic function 1 / (1 + e^-x) of each element."""

    T = attr(*FLOATS_AND_COMPLEX)

    def forward(self, np: Any, x: Any) -> Any:
        return 1 / (1 + np.exp(-x))

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        with control_dependencies([gradient]):
            return raw.SigmoidGrad(conj(op.outputs[0]), gradient)


class SigmoidGrad(UnaryGradient):
    """dy y (1 - y), where y is a logistic function's value."""

    T = attr(*FLOATS_AND_COMPLEX)

    def forward(self, np: Any, y: Any, dy: Any) -> Any:
        return dy * y * (1 - y)

    def backward(self, op: Any, gradient: Tensor) -> Any:
        with control_dependencies([gradient]):
            a, b = conj(op.inputs[0]), conj(op.inputs[1])
            gb = gradient * b
            return gb - 2.0 * gb * a, raw.SigmoidGrad(a, gradient)


@export("math.sigmoid", "nn.sigmoid", "sigmoid")
def sigmoid(x: Any, name: str | None = None) -> Tensor:
    """The logistic function `1 / (1 + exp(-x))`, element by element."""
    with name_scope(name, "Sigmoid", [x]) as name:
        x = convert_to_tensor(x, name="x")
        return raw.Sigmoid(x, name=name)


@export("math.log_sigmoid", "log_sigmoid")
def log_sigmoid(x: Any, name: str | None = None) -> Tensor:
    """`log(sigmoid(x))` as `-softplus(-x)`, element by element, exact for large negative `x`."""
    with name_scope(name, "LogSigmoid", [x]) as name:
        x = convert_to_tensor(x, name="x")
        return raw.Neg(raw.Softplus(-x), name=name)
