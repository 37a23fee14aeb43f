"""Comparisons, element by element; shapes broadcast."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import errors, raw
from tflite_edu.core.dtypes import (
    BFLOAT16,
    BOOL,
    COMPLEX64,
    COMPLEX128,
    DOUBLE,
    FLOAT,
    HALF,
    INT8,
    INT16,
    INT32,
    INT64,
    NUMERIC,
    QINT8,
    QINT32,
    QUINT8,
    REAL_NUMERIC,
    STRING,
    UINT8,
    DType,
)
from tflite_edu.core.export import export
from tflite_edu.core.inference import ShapeError, broadcast_shape, format_shape, merge
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor


class _Comparison(Op, abstract=True):
    inputs, outputs = ("x: T", "y: T"), ("z: bool",)
    T: DType = attr(*REAL_NUMERIC)

    backward = None

    def infer(self, x: Shape, y: Shape) -> Shape:
        return broadcast_shape(x, y)


class Less(_Comparison):
    """Whether x < y."""

    def forward(self, np: Any, x: Any, y: Any) -> Any:
        return x < y


@export("math.less", "less")
def less(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Whether `x < y`, element by element; shapes broadcast."""
    return raw.Less(x, y, name=name)


class LessEqual(_Comparison):
    """Whether x <= y."""

    def forward(self, np: Any, x: Any, y: Any) -> Any:
        return x <= y


@export("math.less_equal", "less_equal")
def less_equal(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Whether `x <= y`, element by element; shapes broadcast."""
    return raw.LessEqual(x, y, name=name)


class Greater(_Comparison):
    """Whether x > y."""

    def forward(self, np: Any, x: Any, y: Any) -> Any:
        return x > y


@export("math.greater", "greater")
def greater(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Whether `x > y`, element by element; shapes broadcast."""
    return raw.Greater(x, y, name=name)


class GreaterEqual(_Comparison):
    """Whether x >= y."""

    def forward(self, np: Any, x: Any, y: Any) -> Any:
        return x >= y


@export("math.greater_equal", "greater_equal")
def greater_equal(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Whether `x >= y`, element by element; shapes broadcast."""
    return raw.GreaterEqual(x, y, name=name)


class _Equality(_Comparison, abstract=True):
    commutative = True
    T = attr(
        *(BFLOAT16, HALF, FLOAT, DOUBLE, UINT8, INT8, INT16, INT32, INT64, COMPLEX64),
        *(QUINT8, QINT8, QINT32, STRING, BOOL, COMPLEX128),
    )
    incompatible_shape_error: bool = True

    def infer(self, x: Shape, y: Shape) -> Shape:
        try:
            return broadcast_shape(x, y)
        except ShapeError:
            if self.incompatible_shape_error:
                raise
            return None

    def compare(self, np: Any, x: Any, y: Any, ufunc: Any, otherwise: bool) -> Any:
        """The comparison; one boolean for shapes that do not broadcast, where that is no error."""
        if not self.incompatible_shape_error:
            try:
                np.broadcast_shapes(np.shape(x), np.shape(y))
            except ValueError:
                return np.asarray(otherwise)
        return ufunc(x, y, dtype=bool) if self.T is STRING else ufunc(x, y)


class Equal(_Equality):
    """Whether x == y."""

    def forward(self, np: Any, x: Any, y: Any) -> Any:
        return self.compare(np, x, y, np.equal, False)


@export("math.equal", "equal")
def equal(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Whether `x == y`, element by element; shapes broadcast. Any dtype, strings included."""
    return raw.Equal(x, y, name=name)


class NotEqual(_Equality):
    """Whether x != y."""

    def forward(self, np: Any, x: Any, y: Any) -> Any:
        return self.compare(np, x, y, np.not_equal, True)


@export("math.not_equal", "not_equal")
def not_equal(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Whether `x != y`, element by element; shapes broadcast. Any dtype, strings included."""
    return raw.NotEqual(x, y, name=name)


class ApproximateEqual(Op):
    """Whether |x - y| is below a tolerance."""

    inputs, outputs = ("x: T", "y: T"), ("z: bool",)
    commutative = True
    T: DType = attr(*NUMERIC)
    tolerance: float = 1e-5

    backward = None

    def infer(self, x: Shape, y: Shape) -> Shape:
        return merge(x, y)

    def forward(self, np: Any, x: Any, y: Any) -> Any:
        if np.shape(x) != np.shape(y):
            raise errors.InvalidArgumentError(
                None,
                None,
                "x and y must be of the same shape. "
                f"x shape: {format_shape(np.shape(x))}. y shape: {format_shape(np.shape(y))}",
            )
        return np.abs(x - y) < self.tolerance
