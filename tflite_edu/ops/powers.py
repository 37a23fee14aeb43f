"""Squares, roots and reciprocals, element by element."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.constant import constant
from tflite_edu.core.export import export
from tflite_edu.core.op import attr
from tflite_edu.core.scopes import control_dependencies, name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.complex_numbers import conj
from tflite_edu.ops.division import div_no_nan
from tflite_edu.ops.elementwise import FLOATS_AND_COMPLEX, SIGNED, Unary, UnaryGradient


class Square(Unary):
    """The square of each element."""

    T = attr(*SIGNED)

    def forward(self, np: Any, x: Any) -> Any:
        return np.square(x)

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        x = op.inputs[0]
        with control_dependencies([gradient]):
            x = conj(x)
            two = constant(2.0, dtype=x.dtype)
            return raw.Mul(gradient, raw.Mul(x, two))


@export("math.square", "square")
def square(x: Any, name: str | None = None) -> Tensor:
    """`x * x`, element by element."""
    return raw.Square(x, name=name)


class Sqrt(Unary):
    """The square root of each element."""

    T = attr(*FLOATS_AND_COMPLEX)

    def forward(self, np: Any, x: Any) -> Any:
        return np.sqrt(x)

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        return raw.SqrtGrad(op.outputs[0], gradient)


class SqrtGrad(UnaryGradient):
    """dy / (2 conj(y)), where y is a square root."""

    T = attr(*FLOATS_AND_COMPLEX)

    def forward(self, np: Any, y: Any, dy: Any) -> Any:
        return 0.5 * dy / np.conj(y)

    def backward(self, op: Any, gradient: Tensor) -> Any:
        y, z = op.inputs[0], op.outputs[0]
        with control_dependencies([gradient]):
            ratio = gradient / y
            return -conj(ratio) * z, 0.5 * ratio


@export("math.sqrt", "sqrt")
def sqrt(x: Any, name: str | None = None) -> Tensor:
    """The square root of each element; NaN for a negative real number."""
    return raw.Sqrt(x, name=name)


class Rsqrt(Unary):
    """One over the square root of each element."""

    T = attr(*FLOATS_AND_COMPLEX)

    def forward(self, np: Any, x: Any) -> Any:
        return 1 / np.sqrt(x)

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        return raw.RsqrtGrad(op.outputs[0], gradient)


class RsqrtGrad(UnaryGradient):
    """-dy conj(y)^3 / 2, where y is one over a square root."""

    T = attr(*FLOATS_AND_COMPLEX)

    def forward(self, np: Any, y: Any, dy: Any) -> Any:
        return -0.5 * (dy * np.conj(y)) * np.square(np.conj(y))

    def backward(self, op: Any, gradient: Tensor) -> Any:
        a, b = op.inputs
        with control_dependencies([gradient]):
            ca, cg = conj(a), conj(gradient)
            return -1.5 * cg * b * raw.Square(ca), raw.RsqrtGrad(ca, gradient)


@export("math.rsqrt", "rsqrt")
def rsqrt(x: Any, name: str | None = None) -> Tensor:
    """`1 / sqrt(x)`, element by element."""
    return raw.Rsqrt(x, name=name)


class Reciprocal(Unary):
    """One over each element."""

    T = attr(*SIGNED)

    def forward(self, np: Any, x: Any) -> Any:
        return np.reciprocal(x)

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        return raw.ReciprocalGrad(op.outputs[0], gradient)


class Inv(Reciprocal):
    """One over each element: the old name of Reciprocal."""


class ReciprocalGrad(UnaryGradient):
    """-dy conj(y)^2, where y is a reciprocal."""

    T = attr(*FLOATS_AND_COMPLEX)

    def forward(self, np: Any, y: Any, dy: Any) -> Any:
        return -dy * np.square(np.conj(y))

    def backward(self, op: Any, gradient: Tensor) -> Any:
        b = op.inputs[1]
        with control_dependencies([gradient]):
            ca, cg = conj(op.inputs[0]), conj(gradient)
            return cg * -2.0 * b * ca, raw.ReciprocalGrad(ca, gradient)


class InvGrad(ReciprocalGrad):
    """-dy conj(y)^2, where y is a reciprocal: the old name of ReciprocalGrad."""


@export("math.reciprocal", "reciprocal")
def reciprocal(x: Any, name: str | None = None) -> Tensor:
    """`1 / x`, element by element."""
    return raw.Reciprocal(x, name=name)


@export("math.reciprocal_no_nan")
def reciprocal_no_nan(x: Any, name: str | None = None) -> Tensor:
    """`1 / x`, and 0 wherever `x` is 0; floating or complex."""
    with name_scope(name, "reciprocal_no_nan", [x]) as scope:
        one = constant(1.0, dtype=x.dtype.base_dtype, name="one")
        return div_no_nan(one, x, name=scope)
