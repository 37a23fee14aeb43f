"""Strings of bytes and what they stand for: numbers, base64, compressed data, tensors, examples."""

from __future__ import annotations

import base64
import builtins
import re
from collections.abc import Callable
from typing import Any

from tflite_edu.core import dtypes, raw
from tflite_edu.core.dtypes import DType, kernel_name
from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.core.export import export
from tflite_edu.core.inference import concatenate, format_shape
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.formats.example_values import example_of_json
from tflite_edu.formats.serialized_tensor import parsed_tensor, serialized_tensor
from tflite_edu.formats.tfrecord_blocks import inflated

_RAW = (
    *(dtypes.HALF, dtypes.FLOAT, dtypes.DOUBLE, dtypes.INT32, dtypes.UINT16, dtypes.UINT8),
    *(dtypes.INT16, dtypes.INT8, dtypes.INT64, dtypes.COMPLEX64, dtypes.COMPLEX128, dtypes.BOOL),
)


class DecodeRaw(Op):
    """The bytes of strings of one length read as numbers, along a new last axis."""

    inputs, outputs = ("bytes: string",), ("output: out_type",)
    out_type: DType = attr(*_RAW)
    little_endian: bool = True

    backward = None

    def infer(self, bytes: Shape) -> Shape:
        return concatenate(bytes, (None,))

    def forward(self, np: Any, bytes: Any) -> Any:
        strings = _texts(np, bytes)
        dtype = np.dtype(self.out_type.as_numpy_dtype)
        flat = strings.ravel()
        if not len(flat):
            return np.empty((*strings.shape, 0), dtype)
        size = len(flat[0])
        for place, text in enumerate(flat):
            if len(text) != size:
                raise _invalid(
                    "DecodeRaw requires input strings to all be the same size, but element "
                    f"{place} has size {size} != {len(text)}"
                )
        if size % dtype.itemsize:
            raise _invalid(
                f"Input to DecodeRaw has length {size} that is not a multiple of {dtype.itemsize}, "
                f"the size of {kernel_name(self.out_type)}"
            )
        data = np.frombuffer(b"".join(flat), np.uint8)
        # A complex number's bytes are swapped as a whole, as TensorFlow swaps them.
        if self.little_endian is not _is_little(np):
            data = data.reshape(-1, dtype.itemsize)[:, ::-1]
        # The copy is a kernel's own memory, which may be written to.
        return (
            np.array(data).reshape(-1).view(dtype).reshape(*strings.shape, size // dtype.itemsize)
        )


def _is_little(np: Any) -> builtins.bool:
    return bool(np.array([1], np.uint16).view(np.uint8)[0])


def _texts(np: Any, strings: Any) -> Any:
    """Strings as an array, which a kernel is handed as bytes where there is but one."""
    if isinstance(strings, bytes):
        found = np.empty((), object)
        found[()] = strings
        return found
    return strings


def _each(np: Any, strings: Any, change: Callable[[bytes], bytes]) -> Any:
    """The strings changed one by one, in an array of the same shape."""
    strings = _texts(np, strings)
    changed = np.empty(strings.shape, object)
    changed.reshape(-1)[:] = [change(text) for text in strings.ravel()]
    return changed


def _invalid(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, message)


@export("decode_raw", "io.decode_raw")
def decode_raw(
    input_bytes: Any = None,
    out_type: Any = None,
    little_endian: bool = True,
    name: str | None = None,
    bytes: Any = None,
) -> Tensor:
    """The bytes of strings of one length read as numbers of `out_type`: `[..., numbers]`.

    `bytes` is an old name of `input_bytes`. Raises ValueError where both or neither are given. A
    run raises InvalidArgumentError where the lengths differ or are no multiple of a number's.
    """
    if input_bytes is not None and bytes is not None:
        raise ValueError("Cannot specify both 'bytes' and 'input_bytes'")
    if out_type is None:
        raise ValueError("decode_raw_v1() missing 1 positional argument: 'out_type'")
    strings = bytes if input_bytes is None else input_bytes
    return raw.DecodeRaw(strings, out_type=out_type, little_endian=little_endian, name=name)


class EncodeBase64(Op):
    """Strings in web-safe base64."""

    inputs, outputs = ("input: string",), ("output: string",)
    pad: bool = False

    def infer(self, input: Shape) -> Shape:
        return input

    def forward(self, np: Any, input: Any) -> Any:
        def encoded(text: builtins.bytes) -> builtins.bytes:
            made = base64.urlsafe_b64encode(text)
            return made if self.pad else made.rstrip(b"=")

        return _each(np, input, encoded)


@export("encode_base64", "io.encode_base64")
def encode_base64(input: Any, pad: bool = False, name: str | None = None) -> Tensor:
    """Strings in base64 (RFC 4648, "-" and "_" for 62 and 63), with "=" at the end if `pad`."""
    return raw.EncodeBase64(input, pad=pad, name=name)


class DecodeBase64(Op):
    """What strings in web-safe base64 stand for."""

    inputs, outputs = ("input: string",), ("output: string",)

    def infer(self, input: Shape) -> Shape:
        return input

    def forward(self, np: Any, input: Any) -> Any:
        return _each(np, input, _decoded)


_BASE64 = re.compile(rb"[A-Za-z0-9_-]*")


def _decoded(text: bytes) -> bytes:
    if len(text) % 4 == 0:
        text = text[:-2] if text.endswith(b"==") else text.removesuffix(b"=")
    whole = len(text) // 4 * 4
    if not _BASE64.fullmatch(text[:whole]):
        raise _invalid("Invalid character found in base64.")
    if len(text) - whole == 1:
        raise _invalid("Base64 string length cannot be 1 modulo 4.")
    if not _BASE64.fullmatch(text[whole:]):
        raise _invalid("Invalid character found in base64.")
    return base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))


@export("decode_base64", "io.decode_base64")
def decode_base64(input: Any, name: str | None = None) -> Tensor:
    """What strings in web-safe base64, with or without "=" at the end, stand for.

    A run raises InvalidArgumentError on what is no base64.
    """
    return raw.DecodeBase64(input, name=name)


class DecodeCompressed(Op):
    """Strings that were compressed."""

    inputs, outputs = ("bytes: string",), ("output: string",)
    compression_type: str = ""

    def infer(self, bytes: Shape) -> Shape:
        return bytes

    def forward(self, np: Any, bytes: Any) -> Any:
        kind = self.compression_type
        if kind not in ("", "ZLIB", "GZIP"):
            raise _invalid("Only ZLIB, GZIP or NONE are supported compressions")
        return _each(np, bytes, lambda text: inflated(text, kind) if kind else text)


@export("decode_compressed", "io.decode_compressed")
def decode_compressed(bytes: Any, compression_type: str = "", name: str | None = None) -> Tensor:
    """Strings that were compressed by zlib: `compression_type` is "", "ZLIB" or "GZIP".

    A run raises InvalidArgumentError on another type, DataLossError on damaged data; of a string
    that is cut off it gives what there is.
    """
    return raw.DecodeCompressed(bytes, compression_type=compression_type, name=name)


class DecodeJSONExample(Op):
    """Examples that are written as JSON, serialized."""

    inputs, outputs = ("json_examples: string",), ("binary_examples: string",)

    def infer(self, json_examples: Shape) -> Shape:
        return json_examples

    def forward(self, np: Any, json_examples: Any) -> Any:
        return _each(np, json_examples, example_of_json)


@export("decode_json_example", "io.decode_json_example")
def decode_json_example(json_examples: Any, name: str | None = None) -> Tensor:
    """`Example`s in protobuf's JSON form, as serialized ones.

    A run raises InvalidArgumentError on what is no such example, in other words than TensorFlow's.
    Lists of numbers are packed, which TensorFlow's are not; they parse to the same.
    """
    return raw.DecodeJSONExample(json_examples, name=name)


class SerializeTensor(Op):
    """A tensor as a string: a serialized TensorProto."""

    inputs, outputs = ("tensor: T",), ("serialized: string",)
    T: DType

    def infer(self, tensor: Shape) -> Shape:
        return ()

    def forward(self, np: Any, tensor: Any) -> Any:
        array = np.asarray(tensor, self.T.as_numpy_dtype)
        return _texts(np, serialized_tensor(array, self.T.as_datatype_enum))


@export("serialize_tensor", "io.serialize_tensor")
def serialize_tensor(tensor: Any, name: str | None = None) -> Tensor:
    """A tensor as a scalar string, from which `parse_tensor` makes it again."""
    return raw.SerializeTensor(tensor, name=name)


class ParseTensor(Op):
    """The tensor of a serialized TensorProto."""

    inputs, outputs = ("serialized: string",), ("output: out_type",)
    out_type: DType

    def infer(self, serialized: Shape) -> Shape:
        return None

    def forward(self, np: Any, serialized: Any) -> Any:
        strings = _texts(np, serialized)
        if strings.ndim:
            raise _invalid(
                f"Expected `serialized` to be a scalar, got shape: {format_shape(strings.shape)}"
            )
        array, number = parsed_tensor(strings.item())
        if number != self.out_type.as_datatype_enum:
            raise _invalid(
                f"Type mismatch between parsed tensor ({kernel_name(dtypes.as_dtype(number))}) and "
                f"dtype ({kernel_name(self.out_type)})"
            )
        return np.array(array)


@export("parse_tensor", "io.parse_tensor")
def parse_tensor(serialized: Any, out_type: Any, name: str | None = None) -> Tensor:
    """The tensor that a scalar string holds, of `out_type` and of a shape that a run tells.

    A run raises InvalidArgumentError where it is no tensor, or one of another type.
    """
    return raw.ParseTensor(serialized, out_type=out_type, name=name)
