"""Rounding, and which numbers are finite, element by element."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import DType
from tflite_edu.core.export import export
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.elementwise import FLOATS, SIGNED, Unary


class Floor(Unary):
    """The greatest integer that is not above each element."""

    T = attr(*FLOATS)

    def forward(self, np: Any, x: Any) -> Any:
        return np.floor(x)

    def backward(self, op: Any, gradient: Tensor) -> None:
        return None


@export("math.floor", "floor")
def floor(x: Any, name: str | None = None) -> Tensor:
    """The greatest integer that is not above each element, in the dtype of `x`."""
    return raw.Floor(x, name=name)


class Ceil(Unary):
    """The least integer that is not below each element."""

    T = attr(*FLOATS)

    def forward(self, np: Any, x: Any) -> Any:
        return np.ceil(x)

    def backward(self, op: Any, gradient: Tensor) -> None:
        return None


@export("math.ceil", "ceil")
def ceil(x: Any, name: str | None = None) -> Tensor:
    """The least integer that is not below each element, in the dtype of `x`."""
    return raw.Ceil(x, name=name)


class Round(Unary):
    """The nearest integer to each element, the even one of two equally near."""

    # Some versions of numpy give an array of integers back as it is.
    may_alias = True
    T = attr(*SIGNED)

    def forward(self, np: Any, x: Any) -> Any:
        return np.round(x)

    def backward(self, op: Any, gradient: Tensor) -> None:
        return None


@export("math.round", "round")
def round(x: Any, name: str | None = None) -> Tensor:
    """The nearest integer to each element, the even one of two equally near.

    In the dtype of `x`; a tensor of integers comes back as it is.
    """
    x = convert_to_tensor(x, name="x")
    return x if x.dtype.is_integer else raw.Round(x, name=name)


class Rint(Unary):
    """The nearest integer to each element, the even one of two equally near."""

    T = attr(*FLOATS)

    def forward(self, np: Any, x: Any) -> Any:
        return np.rint(x)

    def backward(self, op: Any, gradient: Tensor) -> None:
        return None


@export("math.rint", "rint")
def rint(x: Any, name: str | None = None) -> Tensor:
    """The nearest integer to each element, the even one of two equally near; floats only."""
    return raw.Rint(x, name=name)


class _Property(Op, abstract=True):
    inputs, outputs = ("x: T",), ("y: bool",)
    T: DType = attr(*FLOATS)

    def infer(self, x: Shape) -> Shape:
        return x


class IsNan(_Property):
    """Whether each element is not a number."""

    def forward(self, np: Any, x: Any) -> Any:
        return np.isnan(x)


@export("math.is_nan", "debugging.is_nan", "is_nan")
def is_nan(x: Any, name: str | None = None) -> Tensor:
    """Whether each element is NaN."""
    return raw.IsNan(x, name=name)


class IsInf(_Property):
    """Whether each element is infinite."""

    def forward(self, np: Any, x: Any) -> Any:
        return np.isinf(x)


@export("math.is_inf", "debugging.is_inf", "is_inf")
def is_inf(x: Any, name: str | None = None) -> Tensor:
    """Whether each element is infinite."""
    return raw.IsInf(x, name=name)


class IsFinite(_Property):
    """Whether each element is a finite number."""

    def forward(self, np: Any, x: Any) -> Any:
        return np.isfinite(x)


@export("math.is_finite", "debugging.is_finite", "is_finite")
def is_finite(x: Any, name: str | None = None) -> Tensor:
    """Whether each element is a finite number."""
    return raw.IsFinite(x, name=name)
