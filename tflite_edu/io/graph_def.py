"""From a graph to its GraphDef."""

from __future__ import annotations

from typing import Any

from google.protobuf import text_format

from tflite_edu.core.graph import Graph
from tflite_edu.core.operation import Operation
from tflite_edu.core.shapes import Shape
from tflite_edu.formats.proto import graph_pb2, node_def_pb2
from tflite_edu.formats.tensor import to_shape_proto
from tflite_edu.io.attributes import attr_value, kind_of, set_value
from tflite_edu.io.function_library import library_of

# The first version of TensorFlow's graphs that has functions as they are written now.
_CONSUMER_OF_FUNCTIONS = 12

__all__ = ["attr_value", "graph_def", "node_def", "node_text", "shape_proto"]


def graph_def(graph: Graph, from_version: int | None = None, add_shapes: bool = False) -> Any:
    """The graph as a GraphDef; only nodes made after `from_version`, if it is given.

    With `add_shapes` each node carries its outputs' static shapes as `_output_shapes`.
    """
    made = graph_pb2.GraphDef()
    with graph._lock:
        made.versions.producer = graph._producer
        made.versions.min_consumer = graph.attachments.get("min consumer", 0)
        library = library_of(graph)
        if library is not None:
            made.library.CopyFrom(library)
            made.versions.min_consumer = max(made.versions.min_consumer, _CONSUMER_OF_FUNCTIONS)
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
    """A node as text: its NodeDef, attributes sorted by name."""
    return text_format.MessageToString(node_def(op))


def _fill(node: Any, op: Operation) -> None:
    """Fills in everything but the control inputs."""
    node.name = op.name
    node.op = op.type
    node.device = op.device
    node.input.extend(t._as_node_def_input() for t in op._inputs)
    signature = op.definition.signature
    for name, value in op.definition.attributes().items():
        set_value(node.attr[name], signature.attributes[name].kind, value)
    for name, value in op.extra_attributes.items():
        set_value(node.attr[name], kind_of(value), value)


def shape_proto(shape: Shape) -> Any:
    """A shape as a TensorShapeProto."""
    return to_shape_proto(shape)
