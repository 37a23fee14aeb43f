"""Attribute values: between AttrValue protos and the plain values that operations hold."""

from __future__ import annotations

from typing import Any

import numpy

from tflite_edu.core import dtypes
from tflite_edu.core.dtypes import DType
from tflite_edu.formats.proto import attr_value_pb2
from tflite_edu.formats.tensor import (
    from_shape_proto,
    from_tensor_proto,
    to_shape_proto,
    to_tensor_proto,
)

_FIELDS = {
    "string": "s",
    "int": "i",
    "float": "f",
    "bool": "b",
    "type": "type",
    "shape": "shape",
    "tensor": "tensor",
    "func": "func",
}


def attr_value(kind: str, value: Any) -> Any:
    """What an AttrValue of this kind holds: a TensorShapeProto, a TensorProto, a NameAttrList."""
    made = attr_value_pb2.AttrValue()
    set_value(made, kind, value)
    return getattr(made, _FIELDS[kind])


def kind_of(value: Any) -> str:
    """The kind of an attribute that belongs to a node and not to its op type."""
    if isinstance(value, (list, tuple)):
        return f"list({kind_of(value[0])})" if value else "list(string)"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "int"
    if isinstance(value, float):
        return "float"
    if isinstance(value, (str, bytes)):
        return "string"
    if isinstance(value, DType):
        return "type"
    if isinstance(value, numpy.ndarray):
        return "tensor"
    return "proto"


def set_value(attr: Any, kind: str, value: Any) -> None:
    """Fills in an AttrValue; a value of the kind "proto" is an AttrValue itself."""
    if kind == "proto":
        attr.CopyFrom(value)
    elif kind.startswith("list("):
        inner = kind[5:-1]
        attr.list.SetInParent()
        field = getattr(attr.list, _FIELDS[inner])
        for one in value:
            if inner == "shape":
                field.append(to_shape_proto(one))
            elif inner == "tensor":
                field.append(_tensor(one))
            elif inner == "func":
                field.add(name=one)
            else:
                field.append(scalar(inner, one))
    elif kind == "shape":
        attr.shape.CopyFrom(to_shape_proto(value))
    elif kind == "tensor":
        attr.tensor.CopyFrom(_tensor(value))
    elif kind == "func":
        attr.func.name = value
    else:
        setattr(attr, _FIELDS[kind], scalar(kind, value))


def scalar(kind: str, value: Any) -> Any:
    """A string, number or dtype as a proto's field takes it."""
    if kind == "string":
        return value.encode() if isinstance(value, str) else value
    if kind == "type":
        return value.as_datatype_enum
    return value


def _tensor(array: numpy.ndarray) -> Any:
    return to_tensor_proto(array, dtypes.as_dtype(array.dtype).as_datatype_enum)


def plain_value(attr: Any) -> Any:
    """What an AttrValue says, in plain form."""
    kind = attr.WhichOneof("value")
    if kind == "list":
        for field in _FIELDS.values():
            values = getattr(attr.list, field)
            if len(values):
                return [_plain(field, v) for v in values]
        return []
    return _plain(kind, getattr(attr, kind)) if kind is not None else None


def _plain(field: str, value: Any) -> Any:
    if field == "s":
        try:
            return value.decode()
        except UnicodeDecodeError:
            return value
    if field == "type":
        return dtypes.as_dtype(value)
    if field == "shape":
        return from_shape_proto(value)
    if field == "tensor":
        return from_tensor_proto(value)
    if field == "func":
        return value.name
    return value
