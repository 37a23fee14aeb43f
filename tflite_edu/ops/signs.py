"""Absolute value, negation and sign."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import BFLOAT16, DOUBLE, FLOAT, HALF, INT8, INT16, INT32, INT64
from tflite_edu.core.export import export
from tflite_edu.core.op import attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.constants import zeros
from tflite_edu.ops.elementwise import SIGNED, Unary
from tflite_edu.ops.shapes_of_tensors import shape


class Abs(Unary):
    """The absolute value of each element."""

    T = attr(BFLOAT16, HALF, FLOAT, DOUBLE, INT8, INT16, INT32, INT64)

    def forward(self, np: Any, x: Any) -> Any:
        return np.abs(x)

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        return gradient * raw.Sign(op.inputs[0])


@export("math.abs", "abs")
def abs(x: Any, name: str | None = None) -> Tensor:
    """The absolute value of each element; of complex numbers the magnitude, as real numbers."""
    with name_scope(name, "Abs", [x]) as name:
        x = convert_to_tensor(x, name="x")
        if x.dtype.is_complex:
            return raw.ComplexAbs(x, Tout=x.dtype.real_dtype, name=name)
        return raw.Abs(x, name=name)


class Neg(Unary):
    """Each element with the other sign."""

    T = attr(*SIGNED)

    def forward(self, np: Any, x: Any) -> Any:
        return -x

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        return -gradient


@export("math.negative", "negative")
def negative(x: Any, name: str | None = None) -> Tensor:
    """`-x`, element by element."""
    return raw.Neg(x, name=name)


class Sign(Unary):
    """-1, 0 or 1 as each element is negative, zero (or NaN) or positive; x / |x| if complex."""

    T = attr(*SIGNED)

    def forward(self, np: Any, x: Any) -> Any:
        if self.T.is_complex:
            return np.sign(x)
        return np.subtract(x > 0, x < 0, dtype=x.dtype)

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        x = op.inputs[0]
        return zeros(shape(x), dtype=x.dtype)


@export("math.sign", "sign")
def sign(x: Any, name: str | None = None) -> Tensor:
    """-1, 0 or 1 as each element is negative, zero or positive; `x / |x|` of complex numbers."""
    return raw.Sign(x, name=name)
