"""Division, and what it leaves: quotients and remainders of two tensors, broadcast."""

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
    UINT8,
    UINT16,
    DType,
)
from tflite_edu.core.export import export
from tflite_edu.core.op import attr
from tflite_edu.core.scopes import control_dependencies, name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.arithmetic import is_not_zero, require_same_type
from tflite_edu.ops.broadcasting import BroadcastNodes
from tflite_edu.ops.casting import cast
from tflite_edu.ops.complex_numbers import conj
from tflite_edu.ops.elementwise import NO_NAN, NUMBERS, Binary

_REMAINDER = (INT32, INT64, BFLOAT16, HALF, FLOAT, DOUBLE)


def _divisor(np: Any, x: Any, y: Any) -> Any:
    """The integers `y` by which `x` is divided; none may be 0 where there is anything to divide."""
    if np.size(x) and not np.all(y):
        raise errors.InvalidArgumentError(None, None, "Integer division by zero")
    return y


def _truncated_quotient(np: Any, x: Any, y: Any) -> Any:
    """x / y of integers, cut off towards zero."""
    return (x - np.fmod(x, _divisor(np, x, y))) // y


class _Quotient(Binary, abstract=True):
    T = attr(*NUMBERS)

    def forward(self, np: Any, x: Any, y: Any) -> Any:
        return _truncated_quotient(np, x, y) if self.T.is_integer else x / y


class Div(_Quotient):
    """The quotient of two tensors; that of integers is cut off towards zero."""

    def backward(self, op: Any, gradient: Tensor) -> Any:
        x, y = op.inputs
        back = BroadcastNodes(x, y)
        x, y = conj(x), conj(y)
        dx = back.x(divide(gradient, y))
        return dx, back.y(gradient * divide(divide(-x, y), y))


class RealDiv(_Quotient):
    """The quotient of two tensors of real or complex numbers."""

    def backward(self, op: Any, gradient: Tensor) -> Any:
        x, y = op.inputs
        back = BroadcastNodes(x, y)
        x, y = conj(x), conj(y)
        dx = back.x(raw.RealDiv(gradient, y))
        return dx, back.y(gradient * raw.RealDiv(raw.RealDiv(-x, y), y))


@export("realdiv")
def realdiv(x: Any, y: Any, name: str | None = None) -> Tensor:
    """`x / y` of two tensors of one floating or complex dtype; shapes broadcast."""
    return raw.RealDiv(x, y, name=name)


# The dtype in which integers are divided by `/`; None divides as it is.
_TRUE_DIVISION: dict[DType, DType | None] = {
    UINT8: FLOAT,
    INT8: FLOAT,
    UINT16: FLOAT,
    INT16: FLOAT,
    INT32: DOUBLE,
    INT64: DOUBLE,
    BFLOAT16: None,
    HALF: None,
    FLOAT: None,
    DOUBLE: None,
    COMPLEX64: None,
    COMPLEX128: None,
}


@export("math.truediv", "truediv")
def truediv(x: Any, y: Any, name: str | None = None) -> Tensor:
    """`x / y` as Python 3 divides; shapes broadcast.

    Integers of 8 and 16 bits give float32, those of 32 and 64 bits float64. Raises TypeError where
    the dtypes differ or are not numbers.
    """
    with name_scope(name, "truediv", [x, y]) as name:
        x = convert_to_tensor(x, name="x")
        y = convert_to_tensor(y, name="y")
        dtype = x.dtype.base_dtype
        require_same_type(x, y)
        if dtype not in _TRUE_DIVISION:
            raise TypeError(f"Invalid dtype {dtype!r} in __truediv__.")
        wider = _TRUE_DIVISION[dtype]
        if wider is not None:
            x, y = cast(x, wider), cast(y, wider)
        return raw.RealDiv(x, y, name=name)


@export("math.divide", "divide")
def divide(x: Any, y: Any, name: str | None = None) -> Any:
    """`x / y` as Python 3 divides; shapes broadcast. Two Python numbers give a Python number."""
    if name is not None:
        return truediv(x, y, name=name)
    return x / y


@export("div")
def div(x: Any, y: Any, name: str | None = None) -> Tensor:
    """`x / y` as Python 2 divides: integers are rounded down; shapes broadcast."""
    with name_scope(name, "div", [x, y]) as name:
        x = convert_to_tensor(x, name="x")
        y = convert_to_tensor(y, name="y", dtype=x.dtype.base_dtype)
        require_same_type(x, y)
        if x.dtype.is_floating or x.dtype.is_complex:
            return raw.RealDiv(x, y, name=name)
        return raw.FloorDiv(x, y, name=name)


class DivNoNan(Binary):
    """The quotient of two tensors; 0 wherever the divisor is 0."""

    T = attr(*NO_NAN)

    def forward(self, np: Any, x: Any, y: Any) -> Any:
        return np.where(y == 0, y.dtype.type(0), x / y)

    def backward(self, op: Any, gradient: Tensor) -> Any:
        x, y = op.inputs
        back = BroadcastNodes(x, y)
        x, y = conj(x), conj(y)
        dx = back.x(div_no_nan(gradient, y))
        return dx, back.y(gradient * div_no_nan(div_no_nan(-x, y), y))


@export("math.divide_no_nan", "div_no_nan")
def div_no_nan(x: Any, y: Any, name: str | None = None) -> Tensor:
    """`x / y`, and 0 wherever `y` is 0; shapes broadcast."""
    with name_scope(name, "div_no_nan", [x, y]) as name:
        x = convert_to_tensor(x, name="x")
        y = convert_to_tensor(y, name="y", dtype=x.dtype.base_dtype)
        return raw.DivNoNan(x, y, name=name)


class FloorDiv(Binary):
    """The quotient of two tensors, rounded down."""

    T = attr(*NUMBERS)

    def forward(self, np: Any, x: Any, y: Any) -> Any:
        return x // _divisor(np, x, y) if self.T.is_integer else np.floor(x / y)

    def backward(self, op: Any, gradient: Tensor) -> Any:
        return None, None


@export("floor_div")
def floor_div(x: Any, y: Any, name: str | None = None) -> Tensor:
    """`x // y`, rounded down; shapes broadcast. Raises in the run on integers divided by 0."""
    return raw.FloorDiv(x, y, name=name)


@export("math.floordiv", "floordiv")
def floordiv(x: Any, y: Any, name: str | None = None) -> Tensor:
    """`x // y`, rounded down; shapes broadcast. Raises in the run on integers divided by 0."""
    with name_scope(name, "floordiv", [x, y]) as name:
        return raw.FloorDiv(x, y, name=name)


class FloorMod(Binary):
    """The remainder of rounded-down division: it has the sign of the divisor."""

    T = attr(*_REMAINDER)

    def forward(self, np: Any, x: Any, y: Any) -> Any:
        if self.T.is_integer:
            return np.mod(x, _divisor(np, x, y))
        remainder = np.fmod(x, y)
        same_sign = (x < 0) == (y < 0)
        if np.all(same_sign):
            return remainder
        other = remainder + y
        # fmod(other, y): as large as `y` at most.
        other = np.where(other == y, np.copysign(other - y, y), other)
        return np.where(same_sign, remainder, other)

    def backward(self, op: Any, gradient: Tensor) -> Any:
        x, y = op.inputs
        back = BroadcastNodes(x, y)
        floor_xy = raw.FloorDiv(x, y)
        dx = back.x(gradient)
        return dx, back.y(gradient * raw.Neg(floor_xy))


@export("math.floormod", "math.mod", "floormod", "mod")
def floormod(x: Any, y: Any, name: str | None = None) -> Tensor:
    """`x % y`, which has the sign of `y`; shapes broadcast. Raises in the run on integers % 0."""
    return raw.FloorMod(x, y, name=name)


class _TruncatedRemainder(Binary, abstract=True):
    def forward(self, np: Any, x: Any, y: Any) -> Any:
        return np.fmod(x, _divisor(np, x, y) if self.T.is_integer else y)


class Mod(_TruncatedRemainder):
    """The remainder of division towards zero: it has the sign of the dividend."""

    T = attr(INT32, INT64, HALF, HALF, BFLOAT16, FLOAT, DOUBLE)


class TruncateDiv(_Quotient):
    """The quotient of two tensors, cut off towards zero."""

    def backward(self, op: Any, gradient: Tensor) -> Any:
        return None, None


@export("truncatediv")
def truncatediv(x: Any, y: Any, name: str | None = None) -> Tensor:
    """The quotient of integers, cut off towards zero; shapes broadcast."""
    return raw.TruncateDiv(x, y, name=name)


class TruncateMod(_TruncatedRemainder):
    """The remainder of division towards zero: it has the sign of the dividend."""

    T = attr(*_REMAINDER)


@export("truncatemod")
def truncatemod(x: Any, y: Any, name: str | None = None) -> Tensor:
    """The remainder of division towards zero, with the sign of `x`; shapes broadcast."""
    return raw.TruncateMod(x, y, name=name)


class Xdivy(Binary):
    """x / y, and 0 wherever x is 0."""

    T = attr(*NO_NAN)

    def forward(self, np: Any, x: Any, y: Any) -> Any:
        return np.where(x == 0, x.dtype.type(0), x / y)

    def backward(self, op: Any, gradient: Tensor) -> Any:
        x, y = op.inputs
        back = BroadcastNodes(x, y)
        with control_dependencies([gradient]):
            dx = raw.Xdivy(is_not_zero(x), y)
            dy = raw.Xdivy(raw.Neg(x), y**2)
        dx = back.x(dx * gradient)
        return dx, back.y(dy * gradient)


@export("math.xdivy")
def xdivy(x: Any, y: Any, name: str | None = None) -> Tensor:
    """`x / y`, and 0 wherever `x` is 0; shapes broadcast."""
    return raw.Xdivy(x, y, name=name)
