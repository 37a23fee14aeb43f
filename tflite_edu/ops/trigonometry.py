"""Trigonometric and hyperbolic functions and their inverses, element by element; radians."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.constant import constant
from tflite_edu.core.export import export
from tflite_edu.core.op import attr
from tflite_edu.core.scopes import control_dependencies
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.complex_numbers import conj
from tflite_edu.ops.elementwise import (
    FLOATS,
    FLOATS_AND_COMPLEX,
    SIGNED,
    Binary,
    Unary,
    UnaryGradient,
)


class Sin(Unary):
    """The sine of each element."""

    T = attr(*FLOATS_AND_COMPLEX)

    def forward(self, np: Any, x: Any) -> Any:
        return np.sin(x)

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        with control_dependencies([gradient]):
            return gradient * raw.Cos(conj(op.inputs[0]))


@export("math.sin", "sin")
def sin(x: Any, name: str | None = None) -> Tensor:
    """The sine of each element, an angle in radians."""
    return raw.Sin(x, name=name)


class Cos(Unary):
    """The cosine of each element."""

    T = attr(*FLOATS_AND_COMPLEX)

    def forward(self, np: Any, x: Any) -> Any:
        return np.cos(x)

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        with control_dependencies([gradient]):
            x = conj(op.inputs[0])
            return -gradient * raw.Sin(x)


@export("math.cos", "cos")
def cos(x: Any, name: str | None = None) -> Tensor:
    """The cosine of each element, an angle in radians."""
    return raw.Cos(x, name=name)


class Tan(Unary):
    """The tangent of each element."""

    T = attr(*SIGNED)

    def forward(self, np: Any, x: Any) -> Any:
        return np.tan(x)

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        with control_dependencies([gradient]):
            secant = raw.Reciprocal(raw.Cos(conj(op.inputs[0])))
            return raw.Square(secant) * gradient


@export("math.tan", "tan")
def tan(x: Any, name: str | None = None) -> Tensor:
    """The tangent of each element, an angle in radians."""
    return raw.Tan(x, name=name)


def _one_minus_square(x: Tensor) -> Tensor:
    """1 - conj(x)^2."""
    square = raw.Square(conj(x))
    return raw.Sub(constant(1, dtype=x.dtype.base_dtype), square)


class Asin(Unary):
    """The angle in [-pi/2, pi/2] whose sine is each element."""

    T = attr(*SIGNED)

    def forward(self, np: Any, x: Any) -> Any:
        return np.arcsin(x)

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        with control_dependencies([gradient]):
            cosine = raw.Sqrt(_one_minus_square(op.inputs[0]))
            return gradient * raw.Reciprocal(cosine)


@export("math.asin", "asin")
def asin(x: Any, name: str | None = None) -> Tensor:
    """The angle in [-pi/2, pi/2] whose sine is each element; NaN outside [-1, 1]."""
    return raw.Asin(x, name=name)


class Acos(Unary):
    """The angle in [0, pi] whose cosine is each element."""

    T = attr(*SIGNED)

    def forward(self, np: Any, x: Any) -> Any:
        return np.arccos(x)

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        with control_dependencies([gradient]):
            sine = raw.Sqrt(_one_minus_square(op.inputs[0]))
            inverse = raw.Reciprocal(sine)
            return -gradient * inverse


@export("math.acos", "acos")
def acos(x: Any, name: str | None = None) -> Tensor:
    """The angle in [0, pi] whose cosine is each element; NaN outside [-1, 1]."""
    return raw.Acos(x, name=name)


class Atan(Unary):
    """The angle in (-pi/2, pi/2) whose tangent is each element."""

    T = attr(*SIGNED)

    def forward(self, np: Any, x: Any) -> Any:
        return np.arctan(x)

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        with control_dependencies([gradient]):
            x = conj(op.inputs[0])
            square = raw.Square(x)
            return gradient * raw.Reciprocal(raw.Add(constant(1, dtype=x.dtype.base_dtype), square))


@export("math.atan", "atan")
def atan(x: Any, name: str | None = None) -> Tensor:
    """The angle in (-pi/2, pi/2) whose tangent is each element."""
    return raw.Atan(x, name=name)


class Atan2(Binary):
    """The angle in [-pi, pi] of the point (x, y)."""

    inputs = ("y: T", "x: T")
    T = attr(*FLOATS)

    def forward(self, np: Any, y: Any, x: Any) -> Any:
        return np.arctan2(y, x)

    def backward(self, op: Any, gradient: Tensor) -> Any:
        y, x = op.inputs
        with control_dependencies([gradient]):
            ratio = gradient / (raw.Square(x) + raw.Square(y))
            return x * ratio, -y * ratio


@export("math.atan2", "atan2")
def atan2(y: Any, x: Any, name: str | None = None) -> Tensor:
    """The angle in [-pi, pi] of the point `(x, y)`, in radians; shapes broadcast.

    As in TensorFlow 1.15 its gradient takes operands of one shape only.
    """
    return raw.Atan2(y, x, name=name)


class Sinh(Unary):
    """The hyperbolic sine of each element."""

    T = attr(*FLOATS_AND_COMPLEX)

    def forward(self, np: Any, x: Any) -> Any:
        return np.sinh(x)

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        with control_dependencies([gradient]):
            return gradient * raw.Cosh(conj(op.inputs[0]))


@export("math.sinh", "sinh")
def sinh(x: Any, name: str | None = None) -> Tensor:
    """The hyperbolic sine of each element."""
    return raw.Sinh(x, name=name)


class Cosh(Unary):
    """The hyperbolic cosine of each element."""

    T = attr(*FLOATS_AND_COMPLEX)

    def forward(self, np: Any, x: Any) -> Any:
        return np.cosh(x)

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        with control_dependencies([gradient]):
            return gradient * raw.Sinh(conj(op.inputs[0]))


@export("math.cosh", "cosh")
def cosh(x: Any, name: str | None = None) -> Tensor:
    """The hyperbolic cosine of each element."""
    return raw.Cosh(x, name=name)


class Tanh(Unary):
    """The hyperbolic tangent of each element."""

    T = attr(*FLOATS_AND_COMPLEX)

    def forward(self, np: Any, x: Any) -> Any:
        return np.tanh(x)

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        with control_dependencies([gradient]):
            return raw.TanhGrad(conj(op.outputs[0]), gradient)


class TanhGrad(UnaryGradient):
    """dy (1 - y^2), where y is a hyperbolic tangent."""

    T = attr(*FLOATS_AND_COMPLEX)

    def forward(self, np: Any, y: Any, dy: Any) -> Any:
        return dy * (1 - np.square(y))

    def backward(self, op: Any, gradient: Tensor) -> Any:
        with control_dependencies([gradient]):
            a, b = conj(op.inputs[0]), conj(op.inputs[1])
            return gradient * -2.0 * b * a, raw.TanhGrad(a, gradient)


@export("math.tanh", "nn.tanh", "tanh")
def tanh(x: Any, name: str | None = None) -> Tensor:
    """The hyperbolic tangent of each element."""
    return raw.Tanh(x, name=name)


class Asinh(Unary):
    """The number whose hyperbolic sine is each element."""

    T = attr(*FLOATS_AND_COMPLEX)

    def forward(self, np: Any, x: Any) -> Any:
        return np.arcsinh(x)

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        with control_dependencies([gradient]):
            return gradient / raw.Cosh(conj(op.outputs[0]))


@export("math.asinh", "asinh")
def asinh(x: Any, name: str | None = None) -> Tensor:
    """The number whose hyperbolic sine is each element."""
    return raw.Asinh(x, name=name)


class Acosh(Unary):
    """The number, not negative, whose hyperbolic cosine is each element."""

    T = attr(*FLOATS_AND_COMPLEX)

    def forward(self, np: Any, x: Any) -> Any:
        return np.arccosh(x)

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        with control_dependencies([gradient]):
            return gradient / raw.Sinh(conj(op.outputs[0]))


@export("math.acosh", "acosh")
def acosh(x: Any, name: str | None = None) -> Tensor:
    """The number, not negative, whose hyperbolic cosine is each element; NaN below 1."""
    return raw.Acosh(x, name=name)


class Atanh(Unary):
    """The number whose hyperbolic tangent is each element."""

    T = attr(*FLOATS_AND_COMPLEX)

    def forward(self, np: Any, x: Any) -> Any:
        return np.arctanh(x)

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        with control_dependencies([gradient]):
            return gradient * raw.Reciprocal(_one_minus_square(op.inputs[0]))


@export("math.atanh", "atanh")
def atanh(x: Any, name: str | None = None) -> Tensor:
    """The number whose hyperbolic tangent is each element; NaN outside [-1, 1]."""
    return raw.Atanh(x, name=name)
