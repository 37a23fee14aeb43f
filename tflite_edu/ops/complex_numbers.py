"""Complex numbers: their parts, conjugates, absolute values and angles."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import (
    COMPLEX64,
    COMPLEX128,
    DOUBLE,
    FLOAT,
    VARIANT,
    DType,
)
from tflite_edu.core.export import export
from tflite_edu.core.inference import broadcast_shape
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import control_dependencies, name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.broadcasting import BroadcastNodes, incompatible
from tflite_edu.ops.constants import zeros_like


class _Part(Op, abstract=True):
    """A real number taken from each complex one."""

    inputs, outputs = ("input: T",), ("output: Tout",)
    T: DType = attr(COMPLEX64, COMPLEX128, default=COMPLEX64)
    Tout: DType = attr(FLOAT, DOUBLE, default=FLOAT)

    def infer(self, input: Shape) -> Shape:
        return input


class Real(_Part):
    """The real part of each element."""

    def forward(self, np: Any, input: Any) -> Any:
        return np.real(input).copy()

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        return raw.Complex(gradient, _zero(gradient), Tout=op.inputs[0].dtype.base_dtype)


@export("math.real", "real")
def real(input: Any, name: str | None = None) -> Tensor:
    """The real part of each element; a real tensor comes back as it is.

    Complex64 gives float32 and complex128 float64, in the shape of `input`.
    """
    with name_scope(name, "Real", [input]) as name:
        input = convert_to_tensor(input, name="input")
        if not input.dtype.is_complex:
            return input
        return raw.Real(input, Tout=input.dtype.real_dtype, name=name)


class Imag(_Part):
    """The imaginary part of each element."""

    def forward(self, np: Any, input: Any) -> Any:
        return np.imag(input).copy()

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        return raw.Complex(_zero(gradient), gradient, Tout=op.inputs[0].dtype.base_dtype)


def _zero(gradient: Tensor) -> Tensor:
    return convert_to_tensor(0, dtype=gradient.dtype)


@export("math.imag", "imag")
def imag(input: Any, name: str | None = None) -> Tensor:
    """The imaginary part of each element; zeros for a real tensor.

    Complex64 gives float32 and complex128 float64, in the shape of `input`.
    """
    with name_scope(name, "Imag", [input]) as name:
        input = convert_to_tensor(input, name="input")
        if not input.dtype.is_complex:
            return zeros_like(input)
        return raw.Imag(input, Tout=input.dtype.real_dtype, name=name)


class Angle(_Part):
    """The angle of each element, in radians in [-pi, pi]."""

    def forward(self, np: Any, input: Any) -> Any:
        return np.angle(input)

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        x = op.inputs[0]
        with control_dependencies([gradient]):
            re, im = raw.Real(x, Tout=self.Tout), raw.Imag(x, Tout=self.Tout)
            z = raw.Reciprocal(raw.Complex(im, re, Tout=self.T))
            zero = convert_to_tensor(0, dtype=gradient.dtype)
            complex_gradient = raw.Complex(gradient, zero, Tout=self.T)
            return -complex_gradient * z


@export("math.angle", "angle")
def angle(input: Any, name: str | None = None) -> Tensor:
    """The angle (argument) of each element, in radians; zeros for a real tensor.

    Complex64 gives float32 and complex128 float64, in the shape of `input`.
    """
    with name_scope(name, "Angle", [input]) as name:
        input = convert_to_tensor(input, name="input")
        if not input.dtype.is_complex:
            return zeros_like(input)
        return raw.Angle(input, Tout=input.dtype.real_dtype, name=name)


class Conj(Op):
    """The complex conjugate of each element."""

    inputs, outputs = ("input: T",), ("output: T",)
    T: DType = attr(COMPLEX64, COMPLEX128, VARIANT, default=COMPLEX64)

    def infer(self, input: Shape) -> Shape:
        return input

    def forward(self, np: Any, input: Any) -> Any:
        return np.conj(input)

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        return conj(gradient)


@export("math.conj", "conj")
def conj(x: Any, name: str | None = None) -> Tensor:
    """The complex conjugate of each element; a real tensor comes back as it is.

    Raises TypeError on a tensor that is not numeric.
    """
    if isinstance(x, Tensor) and (x.dtype.is_floating or x.dtype.is_integer):
        return x
    with name_scope(name, "Conj", [x]) as name:
        x = convert_to_tensor(x, name="x")
        if x.dtype.is_complex or x.dtype is VARIANT:
            return raw.Conj(x, name=name)
        if x.dtype.is_floating or x.dtype.is_integer:
            return x
        raise TypeError(f"Expected numeric or variant tensor, got dtype {x.dtype!r}")


class ComplexAbs(Op):
    """The absolute value of each complex element."""

    inputs, outputs = ("x: T",), ("y: Tout",)
    T: DType = attr(COMPLEX64, COMPLEX128, default=COMPLEX64)
    Tout: DType = attr(FLOAT, DOUBLE, default=FLOAT)

    def infer(self, x: Shape) -> Shape:
        return x

    def forward(self, np: Any, x: Any) -> Any:
        return np.abs(x)

    def backward(self, op: Any, gradient: Tensor) -> Tensor:
        x, y = op.inputs[0], op.outputs[0]
        product = raw.Complex(gradient, zeros_like(gradient), Tout=self.T) * x
        magnitude = raw.Complex(y, zeros_like(y), Tout=self.T)
        return raw.DivNoNan(product, magnitude, name="div_no_nan")


class Complex(Op):
    """Complex numbers from their real and imaginary parts, which broadcast."""

    inputs, outputs = ("real: T", "imag: T"), ("out: Tout",)
    T: DType = attr(FLOAT, DOUBLE, default=FLOAT)
    Tout: DType = attr(COMPLEX64, COMPLEX128, default=COMPLEX64)

    def infer(self, real: Shape, imag: Shape) -> Shape:
        return broadcast_shape(real, imag)

    def forward(self, np: Any, real: Any, imag: Any) -> Any:
        try:
            shape = np.broadcast_shapes(np.shape(real), np.shape(imag))
        except ValueError:
            raise incompatible(np.shape(real), np.shape(imag)) from None
        out = np.empty(shape, self.Tout.as_numpy_dtype)
        out.real, out.imag = real, imag
        return out

    def backward(self, op: Any, gradient: Tensor) -> Any:
        axes = BroadcastNodes(*op.inputs)
        return (
            axes.x(raw.Real(gradient, Tout=self.T)),
            axes.y(raw.Imag(gradient, Tout=self.T)),
        )


@export("dtypes.complex", "complex")
def complex(real: Any, imag: Any, name: str | None = None) -> Tensor:
    """Complex numbers from two tensors of real ones, which broadcast against each other.

    Two float32 give complex64, two float64 complex128; raises TypeError on anything else.
    """
    real = convert_to_tensor(real, name="real")
    imag = convert_to_tensor(imag, name="imag")
    with name_scope(name, "Complex", [real, imag]) as name:
        types = real.dtype, imag.dtype
        if types == (DOUBLE, DOUBLE):
            out = COMPLEX128
        elif types == (FLOAT, FLOAT):
            out = COMPLEX64
        else:
            raise TypeError(
                f"real and imag have incorrect types: {real.dtype.name} {imag.dtype.name}"
            )
        return raw.Complex(real, imag, Tout=out, name=name)
