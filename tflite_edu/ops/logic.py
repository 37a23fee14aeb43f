"""Logic on booleans, element by element; shapes broadcast."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.export import export
from tflite_edu.core.inference import broadcast_shape
from tflite_edu.core.op import Op
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor


class _Connective(Op, abstract=True):
    inputs, outputs = ("x: bool", "y: bool"), ("z: bool",)
    commutative = True

    backward = None

    def infer(self, x: Shape, y: Shape) -> Shape:
        return broadcast_shape(x, y)


class LogicalAnd(_Connective):
    """Whether both are true."""

    def forward(self, np: Any, x: Any, y: Any) -> Any:
        return x & y


@export("math.logical_and", "logical_and")
def logical_and(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Whether both `x` and `y` are true, element by element; shapes broadcast."""
    return raw.LogicalAnd(x, y, name=name)


class LogicalOr(_Connective):
    """Whether one of both is true."""

    def forward(self, np: Any, x: Any, y: Any) -> Any:
        return x | y


@export("math.logical_or", "logical_or")
def logical_or(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Whether `x` or `y` is true, element by element; shapes broadcast."""
    return raw.LogicalOr(x, y, name=name)


class LogicalNot(Op):
    """Whether each element is false."""

    inputs, outputs = ("x: bool",), ("y: bool",)

    backward = None

    def infer(self, x: Shape) -> Shape:
        return x

    def forward(self, np: Any, x: Any) -> Any:
        return np.logical_not(x)


@export("math.logical_not", "logical_not")
def logical_not(x: Any, name: str | None = None) -> Tensor:
    """Whether each element of `x` is false."""
    return raw.LogicalNot(x, name=name)


@export("math.logical_xor", "logical_xor")
def logical_xor(x: Any, y: Any, name: str | None = "LogicalXor") -> Tensor:
    """Whether one of `x` and `y` is true but not both, element by element; shapes broadcast."""
    return raw.LogicalAnd(raw.LogicalOr(x, y), raw.LogicalNot(raw.LogicalAnd(x, y)), name=name)
