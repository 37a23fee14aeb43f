"""numpy arrays and shapes to and from TensorProto and TensorShapeProto.

Element types are the numbers of the enum DataType (`tflite_edu.formats.proto.types_pb2`). numpy has
no bfloat16 and no quantized integers: their arrays are records of one field named after the type,
bfloat16's holding raw bits.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tflite_edu.core import errors
from tflite_edu.formats.proto import tensor_pb2, tensor_shape_pb2, types_pb2

LIMIT = 2**31 - 1
"""How many bytes `from_tensor_proto` allocates at most by default: what a protobuf may hold."""

MAX_RANK = 254
"""How many dimensions a tensor has at most."""

_LITTLE_ENDIAN = sys.byteorder == "little"


class _Element(NamedTuple):
    """How one element type is laid out."""

    numpy: np.dtype[Any]
    """The type of the elements of an array."""
    list_name: str
    """The field of TensorProto that lists elements."""
    list_numpy: np.dtype[Any]
    """What that field's numbers are, before they are cut to the element's width."""
    has_content: bool
    """Whether several elements go into `tensor_content` rather than into the list."""


def _element(numpy: Any, list_name: str, list_numpy: Any, has_content: bool = True) -> _Element:
    return _Element(np.dtype(numpy), list_name, np.dtype(list_numpy), has_content)


_ELEMENTS: dict[int, _Element] = {
    types_pb2.DT_FLOAT: _element(np.float32, "float_val", np.float32),
    types_pb2.DT_DOUBLE: _element(np.float64, "double_val", np.float64),
    types_pb2.DT_INT32: _element(np.int32, "int_val", np.int32),
    types_pb2.DT_UINT8: _element(np.uint8, "int_val", np.int32),
    types_pb2.DT_INT16: _element(np.int16, "int_val", np.int32),
    types_pb2.DT_INT8: _element(np.int8, "int_val", np.int32),
    types_pb2.DT_STRING: _element(object, "string_val", object, False),
    types_pb2.DT_COMPLEX64: _element(np.complex64, "scomplex_val", np.float32, False),
    types_pb2.DT_INT64: _element(np.int64, "int64_val", np.int64),
    types_pb2.DT_BOOL: _element(np.bool_, "bool_val", np.bool_, False),
    types_pb2.DT_QINT8: _element([("qint8", np.int8)], "int_val", np.int32),
    types_pb2.DT_QUINT8: _element([("quint8", np.uint8)], "int_val", np.int32),
    types_pb2.DT_QINT32: _element([("qint32", np.int32)], "int_val", np.int32),
    types_pb2.DT_BFLOAT16: _element([("bfloat16", np.uint16)], "half_val", np.int32, False),
    types_pb2.DT_QINT16: _element([("qint16", np.int16)], "int_val", np.int32),
    types_pb2.DT_QUINT16: _element([("quint16", np.uint16)], "int_val", np.int32),
    types_pb2.DT_UINT16: _element(np.uint16, "int_val", np.int32, False),
    types_pb2.DT_COMPLEX128: _element(np.complex128, "dcomplex_val", np.float64, False),
    types_pb2.DT_HALF: _element(np.float16, "half_val", np.int32, False),
    types_pb2.DT_UINT32: _element(np.uint32, "uint32_val", np.uint32),
    types_pb2.DT_UINT64: _element(np.uint64, "uint64_val", np.uint64),
}
_DATATYPE_OF_NUMPY: dict[np.dtype[Any], int] = {
    element.numpy: datatype for datatype, element in _ELEMENTS.items()
}


def to_tensor_proto(
    array: NDArray[Any], dtype: int, shape: Sequence[int] | None = None
) -> tensor_pb2.TensorProto:
    """The TensorProto that TensorFlow 1.15's `tf.make_tensor_proto` makes of an array.

    Args:
      array: the elements. Strings are bytes objects in an object array.
      dtype: the DataType of the elements.
      shape: the shape if it is not the array's. Where it has more elements than the array, the last
        one stands for all that are missing; zero does if the array is empty.

    Raises:
      ValueError: the array has more elements than the shape.
      TypeError: the array's elements are not of that type.
    """
    element = _element_of(dtype)
    array = np.asarray(array)
    _check_elements(array, dtype)
    shape = array.shape if shape is None else tuple(shape)
    size = math.prod(shape)
    if array.size > size:
        raise ValueError(
            f"Too many elements provided. Needed at most {size}, but received {array.size}"
        )
    proto = tensor_pb2.TensorProto(tensor_shape=to_shape_proto(shape))
    proto.dtype = dtype  # type: ignore[assignment]
    if element.has_content and array.size == size and size > 1:
        proto.tensor_content = little_endian(array).tobytes()
        return proto
    _extend(proto, element, array, dtype)
    return proto


def from_tensor_proto(proto: tensor_pb2.TensorProto, limit: int = LIMIT) -> NDArray[Any]:
    """The array of a TensorProto, by the rule of TensorFlow's kernels.

    `tensor_content` counts if it is there; else the list does, the last element standing for all
    that are missing, zero (or b"") if there is none; elements beyond the shape are left out.

    Returns: a read-only array. It may share the bytes of the proto, and an array of equal elements
      may hold one of them for all (stride 0), so that a small proto takes little memory whatever
      its shape. Strings are bytes objects in an object array.

    Raises:
      tf.errors.InvalidArgumentError: type, shape and content do not fit; a dimension is unknown;
        the array would take more than `limit` bytes.
    """
    if proto.dtype not in _ELEMENTS:
        raise _unparsable(proto, "this type of element has no array")
    element = _ELEMENTS[proto.dtype]
    shape = from_shape_proto(proto.tensor_shape)
    if shape is None or None in shape:
        raise _unparsable(proto, "its shape is not fully defined")
    known = tuple(size for size in shape if size is not None)
    size = math.prod(known)
    if math.prod(max(dimension, 1) for dimension in known) >= 2**63:
        raise _unparsable(proto, "its shape is too large (more than 2**63 - 1 entries)")
    if proto.tensor_content:
        array = _from_content(proto, element, size)
    else:
        array = _from_list(proto, element, size, limit)
    try:
        array = array.reshape(known) if array.size == size else np.broadcast_to(array[0], known)
    except ValueError as error:  # More dimensions or elements than numpy has numbers for.
        raise _unparsable(proto, str(error)) from None
    array.flags.writeable = False
    return array


def to_list(array: NDArray[Any], dtype: int) -> tensor_pb2.TensorProto:
    """A TensorProto with nothing but the list of all elements, as V1 checkpoints have it.

    Raises:
      TypeError: the array's elements are not of the DataType `dtype`.
    """
    _check_elements(array, dtype)
    proto = tensor_pb2.TensorProto()
    _extend(proto, _element_of(dtype), array, dtype)
    return proto


def from_list(proto: tensor_pb2.TensorProto, dtype: int) -> NDArray[Any]:
    """The elements that `to_list` listed, as a new array [element].

    Raises:
      TypeError: there are no arrays of that DataType.
    """
    return _listed(proto, _element_of(dtype))


def to_shape_proto(shape: Iterable[int | None] | None) -> tensor_shape_pb2.TensorShapeProto:
    """The TensorShapeProto of a shape: None if unknown, None or -1 for an unknown dimension."""
    proto = tensor_shape_pb2.TensorShapeProto()
    if shape is None:
        proto.unknown_rank = True
    else:
        for size in shape:
            proto.dim.add(size=-1 if size is None else size)
    return proto


def from_shape_proto(proto: tensor_shape_pb2.TensorShapeProto) -> tuple[int | None, ...] | None:
    """The shape of a TensorShapeProto: None for an unknown rank, None for an unknown dimension.

    Raises:
      tf.errors.InvalidArgumentError: a dimension is below -1, or there are more than 254.
    """
    if proto.unknown_rank:
        return None
    if len(proto.dim) > MAX_RANK:
        message = f"Shape has {len(proto.dim)} dimensions, more than {MAX_RANK}"
        raise errors.InvalidArgumentError(None, None, message)
    shape: list[int | None] = []
    for dimension in proto.dim:
        if dimension.size < -1:
            message = f"Shape has a dimension of negative size {dimension.size}"
            raise errors.InvalidArgumentError(None, None, message)
        shape.append(None if dimension.size == -1 else dimension.size)
    return tuple(shape)


def numpy_dtype(dtype: int) -> np.dtype[Any]:
    """The numpy type of arrays of a DataType.

    Raises:
      TypeError: it has none, as resource and variant and the reference types.
    """
    return _element_of(dtype).numpy


def datatype(array: NDArray[Any]) -> int:
    """The DataType of an array by its numpy type, whatever its byte order; object is string.

    Raises:
      TypeError: no DataType has that numpy type.
    """
    found = _DATATYPE_OF_NUMPY.get(array.dtype.newbyteorder("="))
    if found is None:
        raise TypeError(f"No element type of TensorFlow is numpy's {array.dtype}.")
    return found


def little_endian(array: NDArray[Any]) -> NDArray[Any]:
    """The array as files have its bytes: in C order, lowest byte first. Copied only if need be."""
    return np.asarray(array, array.dtype.newbyteorder("<"), order="C")


def _element_of(dtype: int) -> _Element:
    if dtype not in _ELEMENTS:
        raise TypeError(f"Arrays of DataType {dtype} are not possible.")
    return _ELEMENTS[dtype]


def _check_elements(array: NDArray[Any], dtype: int) -> None:
    if datatype(array) != dtype:
        name = types_pb2.DataType.Name(dtype)
        raise TypeError(f"An array of {array.dtype} does not have elements of type {name}.")
    if dtype == types_pb2.DT_STRING:
        for element in array.flat:
            if not isinstance(element, bytes):
                raise TypeError(f"Expected bytes, got {element!r} of type {type(element).__name__}")


def _extend(
    proto: tensor_pb2.TensorProto, element: _Element, array: NDArray[Any], dtype: int
) -> None:
    """Lists all elements in the proto's field for them."""
    flat = np.ascontiguousarray(array).reshape(-1)
    if element.list_name == "half_val":
        flat = flat.view(np.uint16)
    elif dtype in (types_pb2.DT_COMPLEX64, types_pb2.DT_COMPLEX128):
        flat = flat.view(element.list_numpy)
    elif flat.dtype.names:
        flat = flat.view(flat.dtype[0])
    getattr(proto, element.list_name).extend(flat.tolist())


def _listed(proto: tensor_pb2.TensorProto, element: _Element) -> NDArray[Any]:
    values = getattr(proto, element.list_name)
    if element.numpy.kind == "O":
        listed = np.empty(len(values), object)
        listed[:] = list(values)
        return listed
    return _cut(np.fromiter(values, element.list_numpy, len(values)), element.numpy)


def _from_content(proto: tensor_pb2.TensorProto, element: _Element, size: int) -> NDArray[Any]:
    if proto.dtype == types_pb2.DT_STRING:
        raise _unparsable(proto, "strings cannot be in tensor_content")
    if len(proto.tensor_content) != size * element.numpy.itemsize:
        raise _unparsable(proto, f"{len(proto.tensor_content)} bytes of content do not fit")
    if proto.dtype == types_pb2.DT_BOOL:
        return np.frombuffer(proto.tensor_content, np.uint8) != 0
    array = np.frombuffer(proto.tensor_content, element.numpy.newbyteorder("<"))
    return array if _LITTLE_ENDIAN else array.astype(element.numpy)


def _from_list(
    proto: tensor_pb2.TensorProto, element: _Element, size: int, limit: int
) -> NDArray[Any]:
    """All elements, or the one element that stands for all of them."""
    listed = _listed(proto, element)
    if proto.dtype == types_pb2.DT_STRING:
        zero = np.full(1, b"", object)
    else:
        zero = np.zeros(1, element.numpy)
    if len(listed) >= size:
        return listed[:size]
    if len(listed) <= 1:
        return listed if len(listed) else zero
    if size * element.numpy.itemsize > limit:
        raise _unparsable(proto, f"it would take more than {limit} bytes")
    padded = np.empty(size, element.numpy)
    padded[: len(listed)] = listed
    padded[len(listed) :] = listed[-1]
    return padded


def _cut(numbers: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    """The elements whose numbers a list of TensorProto has."""
    if dtype.kind == "c":
        return numbers[: len(numbers) // 2 * 2].view(dtype)
    if dtype.names:
        return numbers.astype(dtype[0]).view(dtype)
    if dtype == np.float16:
        return numbers.astype(np.uint16).view(dtype)
    return numbers.astype(dtype)


def _unparsable(proto: tensor_pb2.TensorProto, reason: str) -> errors.InvalidArgumentError:
    known = proto.dtype in types_pb2.DataType.values()
    name = types_pb2.DataType.Name(proto.dtype) if known else str(proto.dtype)
    sizes = ",".join("?" if dim.size == -1 else str(dim.size) for dim in proto.tensor_shape.dim)
    message = f"Cannot parse tensor from proto: dtype: {name}\n  shape [{sizes}]: {reason}"
    return errors.InvalidArgumentError(None, None, message)
