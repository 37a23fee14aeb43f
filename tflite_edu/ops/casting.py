"""Conversions between dtypes: by value (cast) and by bits (bitcast)."""

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
    QINT8,
    QINT16,
    QINT32,
    QUINT8,
    QUINT16,
    UINT8,
    UINT16,
    UINT32,
    UINT64,
    DType,
    as_dtype,
    bfloat16_from_float32,
    float32_from_bfloat16,
)
from tflite_edu.core.export import export
from tflite_edu.core.indexed_slices import IndexedSlices
from tflite_edu.core.inference import ShapeError
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor


class Cast(Op):
    """Each element as a number of another dtype.

    Fractions are cut off towards zero, the imaginary part is dropped, any number but 0 is True.
    """

    inputs, outputs = ("x: SrcT",), ("y: DstT",)
    may_alias = True
    SrcT: DType
    DstT: DType
    Truncate: bool = False

    def infer(self, x: Shape) -> Shape:
        return x

    def forward(self, np: Any, x: Any) -> Any:
        if self.SrcT is self.DstT:
            return x
        if self.SrcT is BFLOAT16:
            x = float32_from_bfloat16(x)
        if self.DstT is BFLOAT16:
            narrow = np.real(x).astype(np.float32)
            if self.Truncate:
                bits = narrow.view(np.uint32) & np.uint32(0xFFFF0000)
                narrow = bits.view(np.float32)
            return bfloat16_from_float32(narrow)
        if self.SrcT.is_complex and not self.DstT.is_complex:
            x = np.real(x)
        if self.Truncate and self.SrcT.is_floating and self.DstT.is_floating:
            return _truncated(np, x, self.DstT.as_numpy_dtype)
        if self.DstT in _THROUGH and self.SrcT.is_floating:
            # What does not fit keeps its lowest bits, as in C on x86.
            x = np.asarray(x).astype(_THROUGH[self.DstT].as_numpy_dtype)
        return np.asarray(x).astype(self.DstT.as_numpy_dtype)

    def backward(self, op: Any, gradient: Tensor) -> Any:
        if self.SrcT in _DIFFERENTIABLE and gradient.dtype.base_dtype in _DIFFERENTIABLE:
            return cast(gradient, self.SrcT)
        return None


_THROUGH = {UINT32: INT64, INT16: INT32, UINT16: INT32, INT8: INT32, UINT8: INT32}
_DIFFERENTIABLE = frozenset({HALF, FLOAT, DOUBLE, BFLOAT16, COMPLEX64, COMPLEX128})


def _truncated(np: Any, x: Any, dtype: Any) -> Any:
    """Floats in a narrower dtype, rounded towards zero."""
    y = np.asarray(x).astype(dtype)
    beyond = (np.abs(y) > np.abs(x)) & np.isfinite(y)
    return np.where(beyond, np.nextafter(y, np.zeros_like(y)), y)


@export("cast", "dtypes.cast")
def cast(x: Any, dtype: Any, name: str | None = None) -> Any:
    """Each element as a number of `dtype`; a tensor that has it comes back as it is.

    Args:
      x: a tensor or what becomes one, or IndexedSlices, whose values are cast.
      dtype: any but string and the handles. Floats lose their fraction towards zero when cast to
        integers, complex numbers their imaginary part when cast to real ones.
    """
    base = as_dtype(dtype).base_dtype
    if isinstance(x, Tensor) and x.dtype is base:
        return x
    with name_scope(name, "Cast", [x]) as name:
        if isinstance(x, IndexedSlices):
            return IndexedSlices(cast(x.values, base, name=name), x.indices, x.dense_shape)
        x = convert_to_tensor(x, name="x")
        if x.dtype.base_dtype is base:
            return x
        return raw.Cast(x, DstT=base, name=name)


@export("to_float")
def to_float(x: Any, name: str | None = "ToFloat") -> Tensor:
    """`tf.cast(x, tf.float32)`."""
    return cast(x, FLOAT, name=name)


@export("to_double")
def to_double(x: Any, name: str | None = "ToDouble") -> Tensor:
    """`tf.cast(x, tf.float64)`."""
    return cast(x, DOUBLE, name=name)


@export("to_int32")
def to_int32(x: Any, name: str | None = "ToInt32") -> Tensor:
    """`tf.cast(x, tf.int32)`."""
    return cast(x, INT32, name=name)


@export("to_int64")
def to_int64(x: Any, name: str | None = "ToInt64") -> Tensor:
    """`tf.cast(x, tf.int64)`."""
    return cast(x, INT64, name=name)


@export("to_bfloat16")
def to_bfloat16(x: Any, name: str | None = "ToBFloat16") -> Tensor:
    """`tf.cast(x, tf.bfloat16)`."""
    return cast(x, BFLOAT16, name=name)


@export("to_complex64")
def to_complex64(x: Any, name: str | None = "ToComplex64") -> Tensor:
    """`tf.cast(x, tf.complex64)`."""
    return cast(x, COMPLEX64, name=name)


@export("to_complex128")
def to_complex128(x: Any, name: str | None = "ToComplex128") -> Tensor:
    """`tf.cast(x, tf.complex128)`."""
    return cast(x, COMPLEX128, name=name)


@export("dtypes.saturate_cast", "saturate_cast")
def saturate_cast(value: Any, dtype: Any, name: str | None = None) -> Tensor:
    """As `tf.cast`, but what does not fit becomes the least or greatest number of `dtype`."""
    with name_scope(name, "saturate_cast", [value]) as name:
        value = convert_to_tensor(value, name="value")
        target = as_dtype(dtype).base_dtype
        source = value.dtype
        if source.min < target.min:
            value = raw.Maximum(value, convert_to_tensor(target.min, dtype=source, name="min"))
        if source.max > target.max:
            value = raw.Minimum(value, convert_to_tensor(target.max, dtype=source, name="max"))
        return cast(value, target, name=name)


_PLAIN_BITS = (
    *(BFLOAT16, HALF, FLOAT, DOUBLE, INT64, INT32, UINT8, UINT16, UINT32, UINT64, INT8, INT16),
    *(COMPLEX64, COMPLEX128, QINT8, QUINT8, QINT16, QUINT16, QINT32),
)


class Bitcast(Op):
    """The same bits read as elements of another dtype."""

    inputs, outputs = ("input: T",), ("output: type",)
    may_alias = True
    T: DType = attr(*_PLAIN_BITS)
    type: DType = attr(*_PLAIN_BITS)

    def infer(self, input: Shape) -> Shape:
        if input is None:
            return None
        given, wanted = self.T.size, self.type.size
        if given == wanted:
            return input
        if given > wanted:
            return (*input, given // wanted)
        if not input or (input[-1] is not None and input[-1] != wanted // given):
            raise ShapeError(
                f"Cannot bitcast due to shape. {input[-1] if input else '?'} does not match "
                f"{wanted // given}"
            )
        return input[:-1]

    def forward(self, np: Any, input: Any) -> Any:
        x = np.ascontiguousarray(input).reshape(np.shape(input))
        wanted = np.dtype(self.type.as_numpy_dtype)
        if x.dtype.itemsize > wanted.itemsize:
            return x[..., None].view(wanted)
        if x.dtype.itemsize < wanted.itemsize:
            if x.shape[-1:] != (wanted.itemsize // x.dtype.itemsize,):
                raise errors.InvalidArgumentError(
                    None,
                    None,
                    f"Cannot bitcast from {self.T.as_datatype_enum} to "
                    f"{self.type.as_datatype_enum}",
                )
            return x.view(wanted)[..., 0]
        return x.view(wanted)


@export("bitcast")
def bitcast(input: Any, type: Any, name: str | None = None) -> Tensor:
    """The bits of `input` read as another dtype.

    A wider dtype takes up the last dimension, which must count its parts (float32 of uint8: 4); a
    narrower one adds such a dimension. The byte order is the machine's. Raises ValueError where the
    last dimension does not fit.
    """
    return raw.Bitcast(input, type=type, name=name)
