"""Operations on the bits of integers."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.dtypes import (
    INT8,
    INT16,
    INT32,
    INT64,
    UINT8,
    UINT16,
    UINT32,
    UINT64,
)
from tflite_edu.core.export import export
from tflite_edu.core.op import attr
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.elementwise import Binary, Unary

_INTEGERS = (INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64)


class BitwiseAnd(Binary):
    """The bits that are set in both of two integers."""

    T = attr(*_INTEGERS)
    commutative = True
    backward = None

    def forward(self, np: Any, x: Any, y: Any) -> Any:
        return np.bitwise_and(x, y)


@export("bitwise.bitwise_and")
def bitwise_and(x: Any, y: Any, name: str | None = None) -> Tensor:
    """`x & y`, element by element, of integers that broadcast against each other."""
    return raw.BitwiseAnd(x, y, name=name)


class BitwiseOr(Binary):
    """The bits that are set in either of two integers."""

    T = attr(*_INTEGERS)
    commutative = True
    backward = None

    def forward(self, np: Any, x: Any, y: Any) -> Any:
        return np.bitwise_or(x, y)


@export("bitwise.bitwise_or")
def bitwise_or(x: Any, y: Any, name: str | None = None) -> Tensor:
    """`x | y`, element by element, of integers that broadcast against each other."""
    return raw.BitwiseOr(x, y, name=name)


class BitwiseXor(Binary):
    """The bits in which two integers differ."""

    T = attr(*_INTEGERS)
    commutative = True
    backward = None

    def forward(self, np: Any, x: Any, y: Any) -> Any:
        return np.bitwise_xor(x, y)


@export("bitwise.bitwise_xor")
def bitwise_xor(x: Any, y: Any, name: str | None = None) -> Tensor:
    """`x ^ y`, element by element, of integers that broadcast against each other."""
    return raw.BitwiseXor(x, y, name=name)


class Invert(Unary):
    """Integers with every bit turned."""

    T = attr(*_INTEGERS)
    backward = None

    def forward(self, np: Any, x: Any) -> Any:
        return np.invert(x)


@export("bitwise.invert")
def invert(x: Any, name: str | None = None) -> Tensor:
    """`~x`, element by element, of integers."""
    return raw.Invert(x, name=name)


def _places(np: Any, y: Any) -> Any:
    """How far to shift: as TensorFlow, no further than to the last bit, and never back."""
    return np.clip(y, 0, y.dtype.itemsize * 8 - 1)


class LeftShift(Binary):
    """Integers with their bits moved to higher places."""

    T = attr(*_INTEGERS)
    backward = None

    def forward(self, np: Any, x: Any, y: Any) -> Any:
        return np.left_shift(x, _places(np, y))


@export("bitwise.left_shift")
def left_shift(x: Any, y: Any, name: str | None = None) -> Tensor:
    """`x << y`, element by element, of integers that broadcast against each other.

    A shift below 0 counts as 0, one past the last bit as one to the last bit.
    """
    return raw.LeftShift(x, y, name=name)


class RightShift(Binary):
    """Integers with their bits moved to lower places; the sign stays."""

    T = attr(*_INTEGERS)
    backward = None

    def forward(self, np: Any, x: Any, y: Any) -> Any:
        return np.right_shift(x, _places(np, y))


@export("bitwise.right_shift")
def right_shift(x: Any, y: Any, name: str | None = None) -> Tensor:
    """`x >> y`, element by element, of integers that broadcast against each other.

    A shift below 0 counts as 0, one past the last bit as one to the last bit.
    """
    return raw.RightShift(x, y, name=name)
