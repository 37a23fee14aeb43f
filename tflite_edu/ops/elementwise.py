"""Base classes of operations that compute each element from the elements at the same place."""

from __future__ import annotations

from typing import Any

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
from tflite_edu.core.inference import broadcast_shape
from tflite_edu.core.op import Op
from tflite_edu.core.shapes import Shape

# Sets of types that many OpDefs allow, in the order they list them.
FLOATS = (BFLOAT16, HALF, FLOAT, DOUBLE)
FLOATS_AND_COMPLEX = (*FLOATS, COMPLEX64, COMPLEX128)
SIGNED = (*FLOATS, INT32, INT64, COMPLEX64, COMPLEX128)
REAL_SIGNED = (*FLOATS, INT32, INT64)
NUMBERS = (
    *(BFLOAT16, HALF, FLOAT, DOUBLE, UINT8, INT8, UINT16, INT16, INT32, INT64),
    *(COMPLEX64, COMPLEX128),
)
NO_NAN = (HALF, FLOAT, DOUBLE, COMPLEX64, COMPLEX128)


class Unary(Op, abstract=True):
    """One tensor to one of the same shape and, where T is the only attribute, the same dtype."""

    inputs, outputs = ("x: T",), ("y: T",)
    T: DType

    def infer(self, x: Shape) -> Shape:
        return x


class Binary(Op, abstract=True):
    """Two tensors, broadcast against each other, to one."""

    inputs, outputs = ("x: T", "y: T"), ("z: T",)
    T: DType

    def infer(self, x: Shape, y: Shape) -> Shape:
        return broadcast_shape(x, y)


class UnaryGradient(Op, abstract=True):
    """The gradient of a unary operation from its output `y` and the incoming gradient `dy`."""

    inputs, outputs = ("y: T", "dy: T"), ("z: T",)
    T: DType

    def infer(self, y: Shape, dy: Shape) -> Any:
        return y
