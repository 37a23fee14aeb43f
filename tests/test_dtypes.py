"""DType and as_dtype against what TensorFlow 1.15 answers."""

import copy

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tflite_edu.core import dtypes
from tflite_edu.core.dtypes import DType, as_dtype

VALUES = [DType(enum) for enum in range(1, 24)]
REFS = [DType(enum + 100) for enum in range(1, 24)]

# name: numpy type, bytes, and the kind; from TensorFlow 1.15.
FACTS = {
    "float32": (1, np.float32, 4, "floating"),
    "float64": (2, np.float64, 8, "floating"),
    "int32": (3, np.int32, 4, "integer"),
    "uint8": (4, np.uint8, 1, "unsigned"),
    "int16": (5, np.int16, 2, "integer"),
    "int8": (6, np.int8, 1, "integer"),
    "string": (7, object, 8, None),
    "complex64": (8, np.complex64, 8, "complex"),
    "int64": (9, np.int64, 8, "integer"),
    "bool": (10, np.bool_, 1, "bool"),
    "qint8": (11, np.dtype([("qint8", np.int8)]), 1, "quantized"),
    "quint8": (12, np.dtype([("quint8", np.uint8)]), 1, "quantized"),
    "qint32": (13, np.dtype([("qint32", np.int32)]), 4, "quantized"),
    "bfloat16": (14, np.dtype([("bfloat16", np.uint16)]), 2, "floating"),
    "qint16": (15, np.dtype([("qint16", np.int16)]), 2, "quantized"),
    "quint16": (16, np.dtype([("quint16", np.uint16)]), 2, "quantized"),
    "uint16": (17, np.uint16, 2, "unsigned"),
    "complex128": (18, np.complex128, 16, "complex"),
    "float16": (19, np.float16, 2, "floating"),
    "uint32": (22, np.uint32, 4, "unsigned"),
    "uint64": (23, np.uint64, 8, "unsigned"),
}


@pytest.mark.parametrize("name", FACTS)
def test_facts_of_value_and_reference_types(name):
    enum, numpy_type, size, kind = FACTS[name]
    value = getattr(dtypes, name)
    ref = value._as_ref
    assert (value.name, value.as_datatype_enum) == (name, enum)
    assert (ref.name, ref.as_datatype_enum) == (name + "_ref", enum + 100)
    for dtype in (value, ref):
        assert dtype.as_numpy_dtype == numpy_type
        assert as_dtype(dtype.as_numpy_dtype) is value
        assert dtype.size == size
        assert dtype.is_numpy_compatible
        assert dtype.is_floating == (kind == "floating")
        assert dtype.is_integer == (kind in ("integer", "unsigned"))
        assert dtype.is_unsigned == (kind == "unsigned")
        assert dtype.is_complex == (kind == "complex")
        assert dtype.is_quantized == (kind == "quantized")
        assert dtype.is_bool == (kind == "bool")
        assert dtype.base_dtype is value
        assert dtype._as_ref is ref


def test_handles_have_no_numpy_type():
    for dtype in (dtypes.resource, dtypes.variant):
        assert not dtype.is_numpy_compatible
        assert not dtype._as_ref.is_numpy_compatible
        assert dtype.size == 1
        with pytest.raises(KeyError, match=str(dtype.as_datatype_enum)):
            _ = dtype.as_numpy_dtype
        with pytest.raises(KeyError):
            _ = dtype._as_ref.size


def test_every_type_has_a_fact_or_is_a_handle():
    assert {dtype.name for dtype in VALUES} == {*FACTS, "resource", "variant"}


@pytest.mark.parametrize("dtype", VALUES + REFS, ids=lambda dtype: dtype.name)
def test_one_object_for_each_type(dtype):
    assert DType(dtype.as_datatype_enum) is dtype
    assert as_dtype(dtype.name) is dtype
    assert as_dtype(dtype.as_datatype_enum) is dtype
    assert as_dtype(dtype) is dtype
    assert copy.deepcopy(dtype) is dtype
    assert hash(dtype) == dtype.as_datatype_enum
    assert repr(dtype) == "tf." + dtype.name
    assert str(dtype) == f"<dtype: '{dtype.name}'>"
    assert dtype.__reduce__() == (as_dtype, (dtype.name,))


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("float", "float32"),
        ("double", "float64"),
        ("half", "float16"),
        ("float_ref", "float32_ref"),
        ("double_ref", "float64_ref"),
        ("half_ref", "float16_ref"),
        (105, "int16_ref"),
        (True, "float32"),
        (np.int32(3), "int32"),
        (float, "float32"),
        (bool, "bool"),
        (object, "string"),
        (np.str_, "string"),
        (np.bytes_, "string"),
        (np.dtype("S3"), "string"),
        (np.dtype("U3"), "string"),
        (np.dtype("O"), "string"),
        (np.dtype(">f4"), "float32"),
        (np.dtype(">i8"), "int64"),
        (np.longlong, "int64"),
        (np.ulonglong, "uint64"),
        (np.intc, "int32"),
        (np.uintc, "uint32"),
        (np.dtype("q"), "int64"),
    ],
    ids=repr,
)
def test_as_dtype(key, name):
    assert as_dtype(key).name == name


@pytest.mark.parametrize(
    "key",
    [
        *("nope", "int", "str", "object", "f4", "<f4", "DT_FLOAT", b"float32", None, 0, 24, 1.5),
        *(int, str, bytes, complex, list, np.number, np.void, np.longdouble),
        *(np.dtype("<M8"), np.dtype([("a", "<i4")])),
    ],
    ids=repr,
)
def test_as_dtype_refuses(key):
    with pytest.raises(TypeError) as raised:
        as_dtype(key)
    assert str(raised.value) == f"Cannot convert value {key!r} to a TensorFlow DType."


def test_as_dtype_of_what_has_no_hash():
    with pytest.raises(TypeError, match="unhashable type: 'list'"):
        as_dtype([1])


def test_bad_enum():
    with pytest.raises(TypeError, match="^type_enum is not a valid types_pb2.DataType: 0$"):
        DType(0)
    with pytest.raises(ValueError, match="invalid literal"):
        DType("float32")


def test_equality_takes_what_as_dtype_takes():
    float32 = dtypes.float32
    for same in ("float32", "float", 1, np.float32, float, np.dtype("f4"), float32):
        assert float32 == same
        assert (float32 != same) is False
    for other in ("nope", None, int, [], {}, 101, "float32_ref", float32._as_ref, dtypes.int32):
        assert (float32 == other) is False
        assert float32 != other


def test_compatible_is_the_same_or_a_reference_to_it():
    float32, ref = dtypes.float32, dtypes.float32._as_ref
    assert float32.is_compatible_with(ref)
    assert float32.is_compatible_with("float32")
    assert not ref.is_compatible_with(float32)
    assert ref.is_compatible_with(101)
    assert not float32.is_compatible_with(dtypes.float64)
    with pytest.raises(TypeError, match="Cannot convert value None"):
        float32.is_compatible_with(None)


def test_real_dtype():
    assert dtypes.complex64.real_dtype is dtypes.float32
    assert dtypes.complex128._as_ref.real_dtype is dtypes.float64
    assert dtypes.int32._as_ref.real_dtype is dtypes.int32._as_ref
    assert dtypes.bool.real_dtype is dtypes.bool


def test_extremes():
    assert (dtypes.int8.min, dtypes.int8.max) == (-128, 127)
    assert dtypes.uint64.max == 2**64 - 1
    assert dtypes.float32._as_ref.max == np.finfo(np.float32).max
    assert (dtypes.float16.min, dtypes.float16.max) == (-65504, 65504)
    assert dtypes.bfloat16.max == 3.3895313892515355e38 == -dtypes.bfloat16.min
    for dtype in (dtypes.bool, dtypes.string, dtypes.complex64, dtypes.qint8, dtypes.variant):
        with pytest.raises(TypeError, match=f"^Cannot find minimum value of {dtype}.$"):
            _ = dtype.min
        with pytest.raises(TypeError, match=f"^Cannot find maximum value of {dtype}.$"):
            _ = dtype.max


def test_limits():
    assert dtypes.uint8.limits == (0, 255)
    assert dtypes.int16.limits == (0, 32767)
    assert dtypes.float32.limits == dtypes.float64._as_ref.limits == (0, 1)
    for dtype in (dtypes.string, dtypes.bool, dtypes.float16, dtypes.bfloat16, dtypes.qint8):
        with pytest.raises(KeyError):
            _ = dtype.limits


def test_a_type_does_not_change():
    with pytest.raises(AttributeError):
        dtypes.float32.name = "x"
    with pytest.raises(AttributeError):
        del dtypes.float32.name
    assert dtypes.float32.name == "float32"


def test_sets_of_op_definitions():
    assert dtypes.HALF is dtypes.half is dtypes.float16
    assert dtypes.DOUBLE is dtypes.double is dtypes.float64
    assert [dtype.as_datatype_enum for dtype in dtypes.NUMERIC] == [
        *(1, 2, 3, 4, 5, 6, 8, 9, 11, 12, 13, 14, 17, 18, 19, 22, 23)
    ]
    assert dtypes.REAL_NUMERIC == tuple(
        dtype for dtype in dtypes.NUMERIC if not dtype.is_complex and not dtype.is_quantized
    )
    assert {dtype.base_dtype for dtype in dtypes.QUANTIZED_DTYPES} == set(dtypes.QUANTIZED)
    assert len(dtypes.QUANTIZED_DTYPES) == 10


def test_exports_name_what_is_there():
    for public, name in dtypes.EXPORTS.items():
        assert public.removeprefix("dtypes.") == name
        assert hasattr(dtypes, name)


def test_bfloat16_rounds_as_tensorflow_casts():
    values = [1.00390625, 1.005859375, -1.00585938, 3e38, 3.4e38, np.inf, np.nan, 1e-40, 0.1]
    bits = dtypes.bfloat16_from_float32(np.array(values, np.float32))["bfloat16"]
    assert [hex(b) for b in bits] == [
        *("0x3f80", "0x3f81", "0xbf81", "0x7f62", "0x7f80", "0x7f80", "0x7fc0", "0x1", "0x3dcd")
    ]
    assert dtypes.bfloat16_from_float32(np.float32(-np.nan)).shape == ()


@given(st.integers(0, 2**16 - 1))
def test_bfloat16_survives_the_way_there_and_back(bits):
    value = np.array([bits], np.uint16).view(dtypes.bfloat16.as_numpy_dtype)
    wide = dtypes.float32_from_bfloat16(value)
    back = dtypes.bfloat16_from_float32(wide)
    assert np.isnan(wide[0]) or back["bfloat16"][0] == bits


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_bfloat16_is_the_nearest(value):
    # The next bfloat16 toward either side is no nearer than the one chosen.
    chosen = dtypes.bfloat16_from_float32(np.array([value], np.float32))
    near = float(dtypes.float32_from_bfloat16(chosen)[0])
    if np.isinf(near):
        assert abs(value) > dtypes.bfloat16.max
        return
    for step in (-1, 1):
        bits = int(chosen["bfloat16"][0]) + step
        if 0 <= bits < 2**16:
            other = np.array([bits], np.uint16).view(dtypes.bfloat16.as_numpy_dtype)
            distance = abs(float(dtypes.float32_from_bfloat16(other)[0]) - value)
            assert np.isnan(distance) or abs(near - value) <= distance
