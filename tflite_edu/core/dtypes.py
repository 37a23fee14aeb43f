"""The element types of tensors: `tf.float32`, `tf.string`, the reference types, `as_dtype`."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from tflite_edu.core.export import export

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Value types by their number in TensorFlow's DataType enum. A reference type is 100 more.
_NAMES = {
    1: "float32",
    2: "float64",
    3: "int32",
    4: "uint8",
    5: "int16",
    6: "int8",
    7: "string",
    8: "complex64",
    9: "int64",
    10: "bool",
    11: "qint8",
    12: "quint8",
    13: "qint32",
    14: "bfloat16",
    15: "qint16",
    16: "quint16",
    17: "uint16",
    18: "complex128",
    19: "float16",
    20: "resource",
    21: "variant",
    22: "uint32",
    23: "uint64",
}
_REF = 100

# numpy has no bfloat16 and no quantized integers. Each is a record of one field named after the
# type, so an array says what it holds and numpy never computes with the bare bits.
_NUMPY: dict[int, Any] = {
    1: np.float32,
    2: np.float64,
    3: np.int32,
    4: np.uint8,
    5: np.int16,
    6: np.int8,
    7: object,
    8: np.complex64,
    9: np.int64,
    10: np.bool_,
    11: np.dtype([("qint8", np.int8)]),
    12: np.dtype([("quint8", np.uint8)]),
    13: np.dtype([("qint32", np.int32)]),
    14: np.dtype([("bfloat16", np.uint16)]),
    15: np.dtype([("qint16", np.int16)]),
    16: np.dtype([("quint16", np.uint16)]),
    17: np.uint16,
    18: np.complex128,
    19: np.float16,
    22: np.uint32,
    23: np.uint64,
}
_NUMPY.update({enum + _REF: numpy_type for enum, numpy_type in tuple(_NUMPY.items())})

_FLOATING = frozenset({1, 2, 14, 19})
_INTEGER = frozenset({3, 4, 5, 6, 9, 17, 22, 23})
_UNSIGNED = frozenset({4, 17, 22, 23})
_COMPLEX = frozenset({8, 18})
_QUANTIZED = frozenset({11, 12, 13, 15, 16})
_HANDLES = frozenset({20, 21})
_BFLOAT16_MAX = float.fromhex("0x1.fep127")

_INTERNED: dict[int, DType] = {}


@export("DType", "dtypes.DType")
class DType:
    """The type of a tensor's elements. There is one object for each type, so `is` compares them.

    Args:
      type_enum: the type's number in TensorFlow's `DataType` enum.

    Raises:
      TypeError: there is no type of that number.
    """

    __slots__ = (
        "_as_ref",
        "_is_ref_dtype",
        "as_datatype_enum",
        "base_dtype",
        "is_bool",
        "is_complex",
        "is_floating",
        "is_integer",
        "is_numpy_compatible",
        "is_quantized",
        "is_unsigned",
        "name",
        "real_dtype",
    )

    name: str
    as_datatype_enum: int
    base_dtype: DType
    real_dtype: DType
    is_floating: builtins.bool
    is_integer: builtins.bool
    is_complex: builtins.bool
    is_bool: builtins.bool
    is_quantized: builtins.bool
    is_unsigned: builtins.bool
    is_numpy_compatible: builtins.bool
    _is_ref_dtype: builtins.bool
    _as_ref: DType

    def __new__(cls, type_enum: int) -> DType:
        dtype = _INTERNED.get(int(type_enum))
        if dtype is None:
            raise TypeError(f"type_enum is not a valid types_pb2.DataType: {type_enum}")
        return dtype

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"can't set attribute {name!r} of {self}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"can't delete attribute {name!r} of {self}")

    @property
    def as_numpy_dtype(self) -> Any:
        """The numpy type of the same elements; `object` for strings.

        bfloat16 and the quantized types, which numpy lacks, are records of one field named after
        the type (`np.dtype([("bfloat16", np.uint16)])` holds the raw bits).

        Raises:
          KeyError: `resource` and `variant` have no numpy type.
        """
        return _NUMPY[self.as_datatype_enum]

    @property
    def min(self) -> Any:
        """The least finite value.

        Raises:
          TypeError: the type is not a real number: bool, string, complex, quantized, a handle.
        """
        return self._extreme("minimum", lambda info: info.min, -_BFLOAT16_MAX)

    @property
    def max(self) -> Any:
        """The greatest finite value. Raises TypeError as `min` does."""
        return self._extreme("maximum", lambda info: info.max, _BFLOAT16_MAX)

    def _extreme(self, word: str, of: Callable[[Any], Any], of_bfloat16: float) -> Any:
        if self.base_dtype is bfloat16:
            return of_bfloat16
        if self.is_floating:
            return of(np.finfo(self.as_numpy_dtype))
        if self.is_integer:
            return of(np.iinfo(self.as_numpy_dtype))
        raise TypeError(f"Cannot find {word} value of {self}.")

    @property
    def limits(self) -> tuple[Any, Any]:
        """The range of pixel values, (0, max) of an integer type, (0, 1) of float32 and float64.

        Raises:
          KeyError: images are not made of this type.
        """
        if self.base_dtype in (float32, float64):
            return 0, 1
        if self.is_integer:
            return 0, self.max
        raise KeyError(self.as_numpy_dtype)

    @property
    def size(self) -> int:
        """Bytes an element takes; 8 for a string, which is a pointer, and 1 for a handle."""
        if self.as_datatype_enum in _HANDLES:
            return 1
        return int(np.dtype(self.as_numpy_dtype).itemsize)

    def is_compatible_with(self, other: object) -> builtins.bool:
        """Whether a value of type `other` is one of this type: the same, or a reference to it.

        Raises:
          TypeError: `other` does not name a type.
        """
        other = as_dtype(other)
        return self is other or self is other.base_dtype

    def __eq__(self, other: object) -> builtins.bool:
        if other.__class__ is DType:
            return self is other
        if other is None:
            return False
        try:
            return self is as_dtype(other)
        except TypeError:
            return False

    def __ne__(self, other: object) -> builtins.bool:
        return not self.__eq__(other)

    def __hash__(self) -> int:
        return self.as_datatype_enum

    def __repr__(self) -> str:
        return "tf." + self.name

    def __str__(self) -> str:
        return f"<dtype: '{self.name}'>"

    def __reduce__(self) -> tuple[Callable[[object], DType], tuple[str]]:
        return as_dtype, (self.name,)


def _intern(enum: int) -> None:
    """Makes a value type and the reference type to it."""
    value, ref = object.__new__(DType), object.__new__(DType)
    for dtype in (value, ref):
        is_ref = dtype is ref
        real = {8: 1, 18: 2}.get(enum)
        facts = {
            "name": _NAMES[enum] + "_ref" * is_ref,
            "as_datatype_enum": enum + _REF * is_ref,
            "base_dtype": value,
            "real_dtype": dtype if real is None else _INTERNED[real],
            "is_floating": enum in _FLOATING,
            "is_integer": enum in _INTEGER,
            "is_complex": enum in _COMPLEX,
            "is_bool": enum == 10,
            "is_quantized": enum in _QUANTIZED,
            "is_unsigned": enum in _UNSIGNED,
            "is_numpy_compatible": enum not in _HANDLES,
            "_is_ref_dtype": is_ref,
            "_as_ref": ref,
        }
        for name, fact in facts.items():
            object.__setattr__(dtype, name, fact)
        _INTERNED[dtype.as_datatype_enum] = dtype


for _enum in _NAMES:
    _intern(_enum)

float32 = FLOAT = DType(1)
float64 = double = DOUBLE = DType(2)
int32 = INT32 = DType(3)
uint8 = UINT8 = DType(4)
int16 = INT16 = DType(5)
int8 = INT8 = DType(6)
string = STRING = DType(7)
complex64 = COMPLEX64 = DType(8)
int64 = INT64 = DType(9)
bool = BOOL = DType(10)
qint8 = QINT8 = DType(11)
quint8 = QUINT8 = DType(12)
qint32 = QINT32 = DType(13)
bfloat16 = BFLOAT16 = DType(14)
qint16 = QINT16 = DType(15)
quint16 = QUINT16 = DType(16)
uint16 = UINT16 = DType(17)
complex128 = COMPLEX128 = DType(18)
float16 = half = HALF = DType(19)
resource = RESOURCE = DType(20)
variant = VARIANT = DType(21)
uint32 = UINT32 = DType(22)
uint64 = UINT64 = DType(23)

# The sets an OpDef names, in the order its allowed_values list them.
NUMERIC = (
    *(FLOAT, DOUBLE, INT32, UINT8, INT16, INT8, COMPLEX64, INT64, QINT8, QUINT8, QINT32),
    *(BFLOAT16, UINT16, COMPLEX128, HALF, UINT32, UINT64),
)
REAL_NUMERIC = (
    *(FLOAT, DOUBLE, INT32, UINT8, INT16, INT8, INT64, BFLOAT16, UINT16, HALF, UINT32, UINT64),
)
QUANTIZED = (QINT8, QUINT8, QINT32, QINT16, QUINT16)

QUANTIZED_DTYPES = frozenset(QUANTIZED) | frozenset(dtype._as_ref for dtype in QUANTIZED)


def _dtypes_by_key() -> dict[Any, DType]:
    """Everything hashable that names a type: numbers, names, Python and numpy types."""
    table: dict[Any, DType] = {}
    for enum, dtype in _INTERNED.items():
        table[enum] = table[dtype.name] = dtype
    for alias, dtype in (("half", float16), ("float", float32), ("double", float64)):
        table[alias], table[alias + "_ref"] = dtype, dtype._as_ref
    for enum in _NAMES:
        if enum in _NUMPY:
            table[_NUMPY[enum]] = table[np.dtype(_NUMPY[enum])] = _INTERNED[enum]
    # C's integer types are numpy classes of their own where two have the same width.
    for letter in "bhilqBHILQ":
        table[np.dtype(letter).type] = table[np.dtype(letter)]
    table.update({float: float32, builtins.bool: bool, object: string})
    table.update({np.object_: string, np.str_: string, np.bytes_: string})
    return table


_BY_KEY = _dtypes_by_key()


@export("as_dtype", "dtypes.as_dtype")
def as_dtype(type_value: Any) -> DType:
    """The `DType` that something names.

    Args:
      type_value: a DType; its number or name ("float32", "float", "half", "double", each also
        with "_ref"); a numpy dtype of either byte order, or a numpy scalar type; `float`,
        `bool` or `object`. As in TensorFlow 1.15, `int` and `str` name none.

    Raises:
      TypeError: it names none.
    """
    if type_value.__class__ is DType:
        return type_value
    dtype = _BY_KEY.get(type_value)
    if dtype is not None:
        return dtype
    if isinstance(type_value, np.dtype):
        dtype = _BY_KEY.get(type_value.type)
        if dtype is not None:
            return dtype
    raise TypeError(f"Cannot convert value {type_value!r} to a TensorFlow DType.")


def bfloat16_from_float32(values: NDArray[np.float32]) -> NDArray[Any]:
    """Rounds float32 to the nearest bfloat16, ties to even; a NaN becomes the quiet NaN 0x7fc0."""
    is_nan = np.isnan(values)
    bits = np.where(is_nan, np.float32(0), values).astype(np.float32).view(np.uint32)
    upper = bits >> np.uint32(16)
    rounded = (bits + (np.uint32(0x7FFF) + (upper & np.uint32(1)))) >> np.uint32(16)
    rounded = np.where(is_nan, np.uint32(0x7FC0), rounded).astype(np.uint16)
    return rounded.view(bfloat16.as_numpy_dtype)


def float32_from_bfloat16(values: NDArray[Any]) -> NDArray[np.float32]:
    """The float32 of the same value: bfloat16 is the upper half of its bits."""
    bits = np.asarray(values)["bfloat16"].astype(np.uint32) << np.uint32(16)
    return bits.view(np.float32)


EXPORTS = {
    "float16": "float16",
    "dtypes.float16": "float16",
    "half": "half",
    "dtypes.half": "half",
    "float32": "float32",
    "dtypes.float32": "float32",
    "float64": "float64",
    "dtypes.float64": "float64",
    "double": "double",
    "dtypes.double": "double",
    "bfloat16": "bfloat16",
    "dtypes.bfloat16": "bfloat16",
    "complex64": "complex64",
    "dtypes.complex64": "complex64",
    "complex128": "complex128",
    "dtypes.complex128": "complex128",
    "int8": "int8",
    "dtypes.int8": "int8",
    "int16": "int16",
    "dtypes.int16": "int16",
    "int32": "int32",
    "dtypes.int32": "int32",
    "int64": "int64",
    "dtypes.int64": "int64",
    "uint8": "uint8",
    "dtypes.uint8": "uint8",
    "uint16": "uint16",
    "dtypes.uint16": "uint16",
    "uint32": "uint32",
    "dtypes.uint32": "uint32",
    "uint64": "uint64",
    "dtypes.uint64": "uint64",
    "qint8": "qint8",
    "dtypes.qint8": "qint8",
    "qint16": "qint16",
    "dtypes.qint16": "qint16",
    "qint32": "qint32",
    "dtypes.qint32": "qint32",
    "quint8": "quint8",
    "dtypes.quint8": "quint8",
    "quint16": "quint16",
    "dtypes.quint16": "quint16",
    "bool": "bool",
    "dtypes.bool": "bool",
    "string": "string",
    "dtypes.string": "string",
    "resource": "resource",
    "dtypes.resource": "resource",
    "variant": "variant",
    "dtypes.variant": "variant",
    "QUANTIZED_DTYPES": "QUANTIZED_DTYPES",
    "dtypes.QUANTIZED_DTYPES": "QUANTIZED_DTYPES",
}


def kernel_name(dtype: DType) -> str:
    """The dtype as the messages of TensorFlow's kernels name it."""
    return {"float32": "float", "float64": "double", "float16": "half"}.get(dtype.name, dtype.name)
