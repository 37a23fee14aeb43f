"""Arrays and shapes to and from protos, against protos that TensorFlow 1.15 made."""

from __future__ import annotations

import base64
import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from google.protobuf import text_format
from google.protobuf.message import DecodeError
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray
from record_files import BITS, constants

from tflite_edu.core import errors
from tflite_edu.formats import tensor
from tflite_edu.formats.proto import tensor_pb2, tensor_shape_pb2, types_pb2

FILES = Path(__file__).parent / "golden" / "files"
RECORDED = json.loads((FILES / "tensor_protos.json").read_text())
DATATYPES = {
    kind: types_pb2.DataType.Value(f"DT_{name}")
    for kind, name in [
        *((kind, kind.upper()) for kind in ("uint8", "uint16", "uint32", "uint64", "int8")),
        *((kind, kind.upper()) for kind in ("int16", "int32", "int64", "bool", "string")),
        *((kind, kind.upper()) for kind in ("complex64", "complex128", *BITS)),
        ("float16", "HALF"),
        ("float32", "FLOAT"),
        ("float64", "DOUBLE"),
    ]
}


def as_array(kind: str, value: NDArray[Any]) -> NDArray[Any]:
    return value.view([(kind, value.dtype)]) if kind in BITS else value


def parse(text: str) -> tensor_pb2.TensorProto:
    return text_format.Parse(text, tensor_pb2.TensorProto())


def assert_same(actual: NDArray[Any], expected: NDArray[Any]) -> None:
    assert actual.dtype == expected.dtype
    assert actual.shape == expected.shape
    if expected.dtype.names:
        assert actual.tobytes() == expected.tobytes()
    else:
        np.testing.assert_array_equal(actual, expected)


@pytest.mark.parametrize("name", RECORDED)
def test_protos_are_tensorflows(name: str) -> None:
    kind, value, shape = constants()[name]
    recorded = tensor_pb2.TensorProto.FromString(base64.b64decode(RECORDED[name]))
    assert tensor.to_tensor_proto(as_array(kind, value), DATATYPES[kind], shape) == recorded


@pytest.mark.parametrize("name", [name for name in RECORDED if constants()[name][2] is None])
def test_arrays_of_tensorflows_protos(name: str) -> None:
    kind, value, _ = constants()[name]
    recorded = tensor_pb2.TensorProto.FromString(base64.b64decode(RECORDED[name]))
    assert_same(tensor.from_tensor_proto(recorded), as_array(kind, value))


ARRAYS = st.one_of(
    hnp.arrays(
        st.sampled_from(
            [
                tensor.numpy_dtype(dtype)
                for dtype in DATATYPES.values()
                if dtype != DATATYPES["string"]
            ]
        ).filter(lambda dtype: not dtype.names),
        hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
    ),
    st.lists(st.binary(max_size=5), max_size=4).map(
        lambda strings: np.array([*strings, None])[:-1]
    ),
)


@given(ARRAYS)
def test_round_trip(array: NDArray[Any]) -> None:
    proto = tensor.to_tensor_proto(array, tensor.datatype(array))
    assert_same(tensor.from_tensor_proto(proto), array)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dtype: DT_FLOAT", np.float32(0)),
        ("dtype: DT_STRING", np.array(b"", object)),
        ("dtype: DT_FLOAT tensor_shape{dim{size:3}} float_val:1", np.float32([1, 1, 1])),
        (
            "dtype: DT_FLOAT tensor_shape{dim{size:3}} float_val:1 float_val:2",
            np.float32([1, 2, 2]),
        ),
        ("dtype: DT_FLOAT tensor_shape{dim{size:1}} float_val:1 float_val:2", np.float32([1])),
        ("dtype: DT_FLOAT tensor_shape{dim{size:0}}", np.float32([])),
        ("dtype: DT_UINT8 int_val: 300", np.uint8(44)),
        ("dtype: DT_INT16 tensor_shape{dim{size:2}} int_val:-2", np.int16([-2, -2])),
        (
            "dtype: DT_BOOL tensor_shape{dim{size:2}} tensor_content:'\\002\\000'",
            np.array([True, False]),
        ),
        ("dtype: DT_COMPLEX64 tensor_shape{dim{size:2}} scomplex_val:1", np.complex64([0, 0])),
        (
            "dtype: DT_COMPLEX64 tensor_shape{dim{size:2}} scomplex_val:1 scomplex_val:2",
            np.complex64([1 + 2j, 1 + 2j]),
        ),
        (
            "dtype: DT_INT32 tensor_shape{dim{size:1}} tensor_content:'1234' int_val: 3",
            np.int32([875770417]),
        ),
        (
            "dtype: DT_STRING tensor_shape{dim{size:3}} string_val:'a\\000' string_val:'b'",
            np.array([b"a\0", b"b", b"b"], object),
        ),
    ],
)
def test_lists_are_read_as_kernels_do(text: str, expected: Any) -> None:
    assert_same(tensor.from_tensor_proto(parse(text)), np.asarray(expected))


@pytest.mark.parametrize(
    "text",
    [
        "dtype: DT_FLOAT tensor_shape{dim{size:2}} tensor_content:'1234'",
        "dtype: DT_FLOAT tensor_content:'123'",
        "dtype: DT_STRING tensor_content:'123'",
        "dtype: DT_FLOAT tensor_shape{unknown_rank:true} float_val:1",
        "dtype: DT_FLOAT tensor_shape{dim{size:-1}} float_val:1",
        "dtype: DT_FLOAT tensor_shape{dim{size:-7}} float_val:1",
        "dtype: DT_FLOAT tensor_shape{dim{size:9999999999}} float_val:1 float_val:2",
        "dtype: DT_FLOAT tensor_shape{dim{size:4611686018427387904}} float_val:1",
        "dtype: DT_FLOAT tensor_shape{dim{size:9999999999} dim{size:9999999999}}",
        "dtype: DT_FLOAT tensor_shape{%s}" % ("dim{size:1}" * 65),
        "dtype: DT_FLOAT tensor_shape{%s}" % ("dim{size:4611686018427387904}" * 300),
        "dtype: DT_RESOURCE",
        "dtype: DT_VARIANT",
        "dtype: DT_INVALID",
        "dtype: DT_FLOAT_REF float_val:1",
        "dtype: 1234",
    ],
)
def test_what_no_array_can_be(text: str) -> None:
    with pytest.raises(errors.InvalidArgumentError):
        tensor.from_tensor_proto(parse(text))


def test_equal_elements_take_no_memory() -> None:
    array = tensor.from_tensor_proto(
        parse("dtype: DT_FLOAT tensor_shape{dim{size:9999999999}} float_val:2")
    )
    assert array.shape == (9999999999,)
    assert array[123456789] == 2


def test_limit() -> None:
    proto = parse("dtype: DT_FLOAT tensor_shape{dim{size:100}} float_val:1 float_val:2")
    assert tensor.from_tensor_proto(proto, limit=400).sum() == 199
    with pytest.raises(errors.InvalidArgumentError, match="would take more than 399 bytes"):
        tensor.from_tensor_proto(proto, limit=399)


@given(st.binary(max_size=60))
def test_any_proto_gives_an_array_or_an_error(data: bytes) -> None:
    try:
        proto = tensor_pb2.TensorProto.FromString(data)
    except DecodeError:
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            array = tensor.from_tensor_proto(proto, limit=1 << 20)
    except errors.InvalidArgumentError:
        return
    assert array.shape == tuple(dim.size for dim in proto.tensor_shape.dim)


def test_big_endian_arrays_are_stored_little_endian() -> None:
    proto = tensor.to_tensor_proto(np.array([1, 2], ">i4"), types_pb2.DT_INT32)
    assert proto.tensor_content == b"\1\0\0\0\2\0\0\0"


def test_bad_arguments() -> None:
    with pytest.raises(ValueError, match="Needed at most 2, but received 3"):
        tensor.to_tensor_proto(np.float32([1, 2, 3]), types_pb2.DT_FLOAT, (2,))
    with pytest.raises(TypeError, match="does not have elements of type DT_INT32"):
        tensor.to_tensor_proto(np.float32([1, 2, 3]), types_pb2.DT_INT32)
    with pytest.raises(TypeError, match="Expected bytes, got 'a' of type str"):
        tensor.to_tensor_proto(np.array(["a"], object), types_pb2.DT_STRING)
    with pytest.raises(TypeError, match="DataType 20"):
        tensor.numpy_dtype(types_pb2.DT_RESOURCE)


@given(st.none() | st.lists(st.none() | st.integers(0, 2**62), max_size=5).map(tuple))
def test_shape_round_trip(shape: tuple[int | None, ...] | None) -> None:
    proto = tensor.to_shape_proto(shape)
    again = tensor_shape_pb2.TensorShapeProto.FromString(proto.SerializeToString())
    assert tensor.from_shape_proto(again) == shape


def test_shape_proto_sizes() -> None:
    proto = tensor.to_shape_proto((2, None, -1, 0))
    assert [dim.size for dim in proto.dim] == [2, -1, -1, 0]
