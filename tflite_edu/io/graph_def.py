"""From a graph to its GraphDef."""

from __future__ import annotations

from typing import Any

import numpy
from google.protobuf import text_format

from tflite_edu.core import dtypes
from tflite_edu.core.dtypes import DType
from tflite_edu.core.graph import Graph
from tflite_edu.core.operation import Operation
from tflite_edu.core.shapes import Shape
from tflite_edu.formats.proto import attr_value_pb2, graph_pb2, node_def_pb2
from tflite_edu.formats.tensor import to_shape_proto, to_tensor_proto


def graph_def(graph: Graph, from_version: int | None = None, add_shapes: bool = False) -> Any:
    """The graph as a GraphDef; only nodes made after `from_version`, if it is given.

    With `add_shapes` each node carries its outputs' static shapes as `_output_shapes`.
    """
    made = graph_pb2.GraphDef()
    made.versions.producer = graph._producer
    with graph._lock:
        for op in graph._operations:
            if from_version is None or op._id > from_version:
                node = made.node.add()
                _fill(node, op)
                node.input.extend(sorted(f"^{c.name}" for c in op._control_inputs))
                if add_shapes and op._outputs:
                    listed = node.attr["_output_shapes"].list
                    listed.shape.extend(to_shape_proto(t._shape) for t in op._outputs)
    return made


def node_def(op: Operation) -> Any:
    """A node as a NodeDef, its control inputs in the order in which it was given them."""
    made = node_def_pb2.NodeDef()
    _fill(made, op)
    made.input.extend(f"^{c.name}" for c in op._control_inputs)
    return made


def node_text(op: Operation) -> str:
    """A node as the text of a NodeDef, attributes in order of their names."""
    return text_format.MessageToString(node_def(op))


def _fill(node: Any, op: Operation) -> None:
    """Fills in everything but the control inputs."""
    node.name = op.name
    node.op = op.type
    node.device = op.device
    node.input.extend(t._as_node_def_input() for t in op._inputs)
    signature = op.definition.signature
    for name, value in op.definition.attributes().items():
        _set(node.attr[name], signature.attributes[name].kind, value)
    for name, value in op.extra_attributes.items():
        _set(node.attr[name], _kind_of(value), value)


def attr_value(kind: str, value: Any) -> Any:
    """What an AttrValue of this kind holds: a TensorShapeProto, a TensorProto, a NameAttrList."""
    made = attr_value_pb2.AttrValue()
    _set(made, kind, value)
    return getattr(made, {"shape": "shape", "tensor": "tensor", "func": "func"}[kind])


def shape_proto(shape: Shape) -> Any:
    """A shape as a TensorShapeProto."""
    return to_shape_proto(shape)


def _kind_of(value: Any) -> str:
    """The kind of an attribute that belongs to a node and not to its op type."""
    if isinstance(value, (list, tuple)):
        return f"list({_kind_of(value[0])})" if value else "list(string)"
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


_LIST_FIELDS = {
    "string": "s",
    "int": "i",
    "float": "f",
    "bool": "b",
    "type": "type",
    "shape": "shape",
    "tensor": "tensor",
    "func": "func",
}


def _set(attr: Any, kind: str, value: Any) -> None:
    if kind == "proto":
        attr.CopyFrom(value)
    elif kind.startswith("list("):
        inner = kind[5:-1]
        attr.list.SetInParent()
        field = getattr(attr.list, _LIST_FIELDS[inner])
        for one in value:
            if inner == "shape":
                field.append(to_shape_proto(one))
            elif inner == "tensor":
                field.append(_tensor(one))
            elif inner == "func":
                field.add(name=one)
            else:
                field.append(_scalar(inner, one))
    elif kind == "shape":
        attr.shape.CopyFrom(to_shape_proto(value))
    elif kind == "tensor":
        attr.tensor.CopyFrom(_tensor(value))
    elif kind == "func":
        attr.func.name = value
    else:
        setattr(attr, _LIST_FIELDS[kind], _scalar(kind, value))


def _scalar(kind: str, value: Any) -> Any:
    if kind == "string":
        return value.encode() if isinstance(value, str) else value
    if kind == "type":
        return value.as_datatype_enum
    return value


def _tensor(array: numpy.ndarray) -> Any:
    return to_tensor_proto(array, dtypes.as_dtype(array.dtype).as_datatype_enum)
