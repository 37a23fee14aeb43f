"""Sums, products, powers and extremes of two tensors, broadcast, element by element."""

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
    STRING,
    UINT8,
)
from tflite_edu.core.export import export
from tflite_edu.core.indexed_slices import IndexedSlices
from tflite_edu.core.op import attr
from tflite_edu.core.scopes import control_dependencies, name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.broadcasting import BroadcastNodes, Unbroadcast, same_static_shape
from tflite_edu.ops.casting import cast
from tflite_edu.ops.complex_numbers import conj
from tflite_edu.ops.constants import ones_like, zeros, zeros_like
from tflite_edu.ops.elementwise import NO_NAN, NUMBERS, REAL_SIGNED, SIGNED, Binary
from tflite_edu.ops.shapes_of_tensors import shape

_ADDABLE = (
    *(BFLOAT16, HALF, FLOAT, DOUBLE, UINT8, INT8, INT16, INT32, INT64, COMPLEX64, COMPLEX128),
)


class _Sum(Binary, abstract=True):
    def forward(self, np: Any, x: Any, y: Any) -> Any:
        return x + y

    def backward(self, op: Any, gradient: Tensor) -> Any:
        x, y = op.inputs
        if same_static_shape(x, y, gradient):
            return gradient, gradient
        back = Unbroadcast(x, y, gradient)
        return back.x(gradient), back.y(gradient)


class Add(_Sum):
    """The sum of two tensors; strings are joined."""

    T = attr(*_ADDABLE, STRING)


@export("math.add", "add")
def add(x: Any, y: Any, name: str | None = None) -> Tensor:
    """`x + y`, element by element; shapes broadcast. Strings are joined."""
    return raw.Add(x, y, name=name)


class AddV2(_Sum):
    """The sum of two tensors."""

    commutative = aggregate = True
    T = attr(*_ADDABLE)


class Sub(Binary):
    """The difference of two tensors."""

    T = attr(*NUMBERS)

    def forward(self, np: Any, x: Any, y: Any) -> Any:
        return x - y

    def backward(self, op: Any, gradient: Tensor) -> Any:
        x, y = op.inputs
        if same_static_shape(x, y, gradient):
            return gradient, -gradient
        back = Unbroadcast(x, y, gradient)
        return back.x(gradient), back.y(-gradient)


@export("math.subtract", "subtract")
def subtract(x: Any, y: Any, name: str | None = None) -> Tensor:
    """`x - y`, element by element; shapes broadcast."""
    return raw.Sub(x, y, name=name)


class Mul(Binary):
    """The product of two tensors, element by element."""

    commutative = True
    T = attr(*NUMBERS)

    def forward(self, np: Any, x: Any, y: Any) -> Any:
        return x * y

    def backward(self, op: Any, gradient: Tensor) -> Any:
        x, y = op.inputs
        if same_static_shape(x, y, gradient) and gradient.dtype in (INT32, FLOAT):
            return raw.Mul(gradient, y), raw.Mul(gradient, x)
        back = Unbroadcast(x, y, gradient)
        x, y = conj(x), conj(y)
        return back.x(raw.Mul(gradient, y)), back.y(raw.Mul(x, gradient))


@export("math.multiply", "multiply")
def multiply(x: Any, y: Any, name: str | None = None) -> Tensor:
    """`x * y`, element by element; shapes broadcast."""
    return raw.Mul(x, y, name=name)


@export("math.scalar_mul", "scalar_mul")
def scalar_mul(scalar: Any, x: Any, name: str | None = None) -> Any:
    """A 0-D number times a tensor or IndexedSlices. Raises ValueError if `scalar` is not 0-D."""
    factor = convert_to_tensor(scalar, dtype=x.dtype.base_dtype, name="scalar")
    if factor._shape is None or factor._shape == ():
        if isinstance(x, IndexedSlices):
            return IndexedSlices(raw.Mul(factor, x.values, name=name), x.indices, x.dense_shape)
        return raw.Mul(factor, x, name=name)
    raise ValueError(f"Only scalar multiply works, got shape {factor.shape}")


class MulNoNan(Binary):
    """The product of two tensors; 0 wherever `y` is 0, even if `x` is not finite."""

    T = attr(*NO_NAN)

    def forward(self, np: Any, x: Any, y: Any) -> Any:
        return np.where(y == 0, y.dtype.type(0), x * y)

    def backward(self, op: Any, gradient: Tensor) -> Any:
        x, y = op.inputs
        if same_static_shape(x, y, gradient):
            return raw.MulNoNan(gradient, y), raw.MulNoNan(x, gradient)
        back = BroadcastNodes(x, y)
        return back.x(raw.MulNoNan(gradient, y)), back.y(raw.MulNoNan(x, gradient))


@export("math.multiply_no_nan")
def multiply_no_nan(x: Any, y: Any, name: str | None = None) -> Tensor:
    """`x * y`, and 0 wherever `y` is 0, even if `x` is infinite or NaN.

    float32 or float64; shapes broadcast. Raises TypeError where the dtypes differ.
    """
    with name_scope(name, "multiply_no_nan", [x, y]) as name:
        x = convert_to_tensor(x, name="x")
        y = convert_to_tensor(y, name="y", dtype=x.dtype.base_dtype)
        require_same_type(x, y)
        return raw.MulNoNan(x, y, name=name)


def require_same_type(x: Tensor, y: Tensor) -> None:
    """Raises TypeError unless two operands have one dtype."""
    given, wanted = y.dtype.base_dtype, x.dtype.base_dtype
    if given is not wanted:
        raise TypeError(f"x and y must have the same dtype, got {wanted!r} != {given!r}")


class Pow(Binary):
    """One tensor to the power of another."""

    T = attr(BFLOAT16, FLOAT, HALF, DOUBLE, INT32, INT64, COMPLEX64, COMPLEX128)

    def forward(self, np: Any, x: Any, y: Any) -> Any:
        if self.T.is_integer and np.any(y < 0):
            raise errors.InvalidArgumentError(
                None, None, "Integers to negative integer powers are not allowed"
            )
        return np.power(x, y)

    def backward(self, op: Any, gradient: Tensor) -> Any:
        x, y = op.inputs
        back = Unbroadcast(x, y, gradient)
        x, y = conj(x), conj(y)
        dx = back.x(gradient * y * pow(x, y - 1))
        z = conj(op.outputs[0])
        # d(x^y)/dy = x^y log x, which is 0 where x is not in the domain of the logarithm.
        in_domain = raw.NotEqual(x, 0) if x.dtype.is_complex else x > 0
        safe_x = raw.Select(in_domain, x, ones_like(x))
        log_x = raw.Select(in_domain, raw.Log(safe_x), zeros_like(x))
        return dx, back.y(gradient * z * log_x)


@export("math.pow", "pow")
def pow(x: Any, y: Any, name: str | None = None) -> Tensor:
    """`x ** y`, element by element; shapes broadcast.

    Raises in the run (InvalidArgumentError) on an integer to a negative power.
    """
    with name_scope(name, "Pow", [x]) as name:
        return raw.Pow(x, y, name=name)


class Maximum(Binary):
    """The greater of two numbers; the first where either is NaN."""

    T = attr(*REAL_SIGNED)

    def forward(self, np: Any, x: Any, y: Any) -> Any:
        return np.maximum(np.fmax(x, y), x)

    def backward(self, op: Any, gradient: Tensor) -> Any:
        return _of_chosen(op, gradient, raw.GreaterEqual)


@export("math.maximum", "maximum")
def maximum(x: Any, y: Any, name: str | None = None) -> Tensor:
    """The greater of `x` and `y`, element by element; shapes broadcast."""
    return raw.Maximum(x, y, name=name)


class Minimum(Binary):
    """The lesser of two numbers; the first where either is NaN."""

    T = attr(*REAL_SIGNED)

    def forward(self, np: Any, x: Any, y: Any) -> Any:
        return np.minimum(np.fmin(x, y), x)

    def backward(self, op: Any, gradient: Tensor) -> Any:
        return _of_chosen(op, gradient, raw.LessEqual)


@export("math.minimum", "minimum")
def minimum(x: Any, y: Any, name: str | None = None) -> Tensor:
    """The lesser of `x` and `y`, element by element; shapes broadcast."""
    return raw.Minimum(x, y, name=name)


def _of_chosen(op: Any, gradient: Tensor, first_is_chosen: Any) -> Any:
    """The gradient goes to the operand that was chosen, to the first of two equal ones."""
    x, y = op.inputs
    x_shape, y_shape, gradient_shape = shape(x), shape(y), shape(gradient)
    nothing = zeros(gradient_shape, gradient.dtype)
    chosen = first_is_chosen(x, y)
    x_axes, y_axes = raw.BroadcastGradientArgs(x_shape, y_shape)
    dx = raw.Reshape(raw.Sum(raw.Select(chosen, gradient, nothing), x_axes), x_shape)
    dy = raw.Reshape(raw.Sum(raw.Select(chosen, nothing, gradient), y_axes), y_shape)
    return dx, dy


def _times_conjugate(np: Any, x: Any) -> Any:
    return x * np.conj(x)


class SquaredDifference(Binary):
    """The square of the difference of two tensors."""

    commutative = True
    T = attr(*SIGNED)

    def forward(self, np: Any, x: Any, y: Any) -> Any:
        return np.square(x - y) if not self.T.is_complex else _times_conjugate(np, x - y)

    def backward(self, op: Any, gradient: Tensor) -> Any:
        x, y = op.inputs
        with control_dependencies([gradient]):
            dx = scalar_mul(2.0, gradient) * (x - y)
        if same_static_shape(x, y, gradient):
            return dx, -dx
        back = Unbroadcast(x, y, gradient)
        return back.x(dx), -back.y(dx)


@export("math.squared_difference", "squared_difference")
def squared_difference(x: Any, y: Any, name: str | None = None) -> Tensor:
    """`(x - y)(x - y)`, element by element; shapes broadcast."""
    return raw.SquaredDifference(x, y, name=name)


class Xlogy(Binary):
    """x log y, and 0 wherever x is 0."""

    T = attr(*NO_NAN)

    def forward(self, np: Any, x: Any, y: Any) -> Any:
        return np.where(x == 0, x.dtype.type(0), x * np.log(y))

    def backward(self, op: Any, gradient: Tensor) -> Any:
        x, y = op.inputs
        back = BroadcastNodes(x, y)
        with control_dependencies([gradient]):
            dx = raw.Xlogy(is_not_zero(x), y)
            dy = raw.Xdivy(x, y)
        dx = back.x(dx * gradient)
        return dx, back.y(dy * gradient)


def is_not_zero(x: Tensor) -> Tensor:
    """1 where an element of `x` is not 0, in its dtype, else 0."""
    return cast(raw.NotEqual(x, cast(0.0, x.dtype)), x.dtype)


@export("math.xlogy")
def xlogy(x: Any, y: Any, name: str | None = None) -> Tensor:
    """`x * log(y)`, and 0 wherever `x` is 0; shapes broadcast."""
    return raw.Xlogy(x, y, name=name)


@export("math.polyval")
def polyval(coeffs: Any, x: Any, name: str | None = None) -> Tensor:
    """The polynomial with these coefficients, that of the highest power first, at each `x`.

    `coeffs` is a list of tensors (or numbers) that broadcast against `x`; an empty one gives 0.
    Computed by Horner's scheme.
    """
    with name_scope(name, "polyval", [*coeffs, x]) as name:
        x = convert_to_tensor(x, name="x")
        if not coeffs:
            return zeros_like(x, name=name)
        terms = [convert_to_tensor(c, name=f"coeff_{i}") for i, c in enumerate(coeffs)]
        value = terms[0]
        for term in terms[1:]:
            value = term + value * x
        return value
