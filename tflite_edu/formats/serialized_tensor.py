"""A tensor as one string: a serialized TensorProto."""

from __future__ import annotations

from typing import Any

from google.protobuf.message import DecodeError
from numpy.typing import NDArray

from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.formats.proto import tensor_pb2
from tflite_edu.formats.tensor import from_tensor_proto, little_endian, to_shape_proto


def serialized_tensor(array: NDArray[Any], dtype: int) -> bytes:
    """The string of an array whose elements are of the DataType `dtype`: all of them as bytes."""
    proto = tensor_pb2.TensorProto(tensor_shape=to_shape_proto(array.shape))
    proto.dtype = dtype  # type: ignore[assignment]
    if array.dtype == object:
        proto.string_val.extend(array.ravel())
    else:
        proto.tensor_content = little_endian(array).tobytes()
    return proto.SerializeToString(deterministic=True)


def parsed_tensor(serialized: bytes) -> tuple[NDArray[Any], int]:
    """The array of a string, and the DataType of its elements.

    Raises InvalidArgumentError where it is no TensorProto, or none that makes a tensor.
    """
    try:
        proto = tensor_pb2.TensorProto.FromString(serialized)
    except DecodeError:
        shown = serialized.decode("utf-8", "replace")
        raise InvalidArgumentError(
            None, None, f"Could not parse `serialized` as TensorProto: '{shown}'"
        ) from None
    return from_tensor_proto(proto), proto.dtype
