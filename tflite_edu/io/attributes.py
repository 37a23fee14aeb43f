"""Attribute values: between AttrValue protos and the plain values that operations hold."""

from __future__ import annotations

from typing import Any

import numpy

from tflite_edu.core import dtypes
from tflite_edu.core.dtypes import DType
from tflite_edu.core.op import FunctionWithAttributes
from tflite_edu.formats.proto import attr_value_pb2
from tflite_edu.formats.tensor import (
    from_shape_proto,
    from_tensor_proto,
    to_shape_proto,
    to_tensor_proto,
)

FIELDS = {
    "string": "s",
    "int": "i",
    "float": "f",
    "bool": "b",
    "type": "type",
    "shape": "shape",
    "tensor": "tensor",
    "func": "func",
}
"""The field of an AttrValue that holds a kind of attribute."""
KINDS = {field: kind for kind, field in FIELDS.items()}
"""The kind of attribute that a field of an AttrValue holds."""


def attr_value(kind: str | None, value: Any) -> Any:
    """What an AttrValue of this kind holds: a TensorShapeProto, a TensorProto, a NameAttrList.

    Without a kind the value is an AttrValue itself.
    """
    if kind is None:
        return _held(value)
    made = attr_value_pb2.AttrValue()
    set_value(made, kind, value)
    return getattr(made, FIELDS[kind])


def _held(value: Any) -> Any:
    field = value.WhichOneof("value")
    if field != "list":
        return [] if field is None else getattr(value, field)
    filled = [list(getattr(value.list, name)) for name in KINDS if len(getattr(value.list, name))]
    return filled[0] if filled else []


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
        field = getattr(attr.list, FIELDS[inner])
        for one in value:
            if inner == "shape":
                field.append(to_shape_proto(one))
            elif inner == "tensor":
                field.append(_tensor(one))
            elif inner == "func":
                _set_function(field.add(), one)
            else:
                field.append(scalar(inner, one))
    elif kind == "shape":
        attr.shape.CopyFrom(to_shape_proto(value))
    elif kind == "tensor":
        attr.tensor.CopyFrom(_tensor(value))
    elif kind == "func":
        _set_function(attr.func, value)
    else:
        setattr(attr, FIELDS[kind], scalar(kind, value))


def scalar(kind: str, value: Any) -> Any:
    """A string, number or dtype as a proto's field takes it."""
    if kind == "string":
        return value.encode() if isinstance(value, str) else value
    if kind == "type":
        return value.as_datatype_enum
    return value


def _set_function(proto: Any, value: Any) -> None:
    if not isinstance(value, FunctionWithAttributes):
        proto.name = value
        return
    proto.name = value.name
    for name, serialized in value.attributes:
        proto.attr[name].ParseFromString(serialized)


def _tensor(array: numpy.ndarray) -> Any:
    number = dtypes.as_dtype(array.dtype).as_datatype_enum
    if array.size > 1 and not any(array.strides):
        # One element stands for all: they need not be there to be written.
        return to_tensor_proto(array.flat[:1], number, array.shape)
    return to_tensor_proto(array, number)


def plain_value(attr: Any) -> Any:
    """What an AttrValue says, in plain form.

    Raises TypeError on a type that does not exist, InvalidArgumentError on a damaged tensor.
    """
    kind = attr.WhichOneof("value")
    if kind == "list":
        for field in FIELDS.values():
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
        if not value.attr:
            return value.name
        attributes = sorted(
            (k, v.SerializeToString(deterministic=True)) for k, v in value.attr.items()
        )
        return FunctionWithAttributes(value.name, tuple(attributes))
    return value


def _is_dtype(number: int) -> bool:
    try:
        dtypes.as_dtype(number)
    except TypeError:
        return False
    return True


_SIMPLE = ("s", "i", "f", "b", "type")


def extra_value(attr: Any) -> Any:
    """An attribute that belongs to a node and not to its op type, in the form it is kept in.

    Numbers, strings, types and lists of them are plain; all else stays an AttrValue.
    """
    filled = [attr.WhichOneof("value")]
    if filled == ["list"]:
        filled = [field for field in KINDS if len(getattr(attr.list, field))]
    types = [attr.type] if filled == ["type"] and not attr.HasField("list") else attr.list.type
    if len(filled) == 1 and filled[0] in _SIMPLE and all(map(_is_dtype, types)):
        return plain_value(attr)
    kept = attr_value_pb2.AttrValue()
    kept.CopyFrom(attr)
    return kept
