"""Reading the TrackableObjectGraph that a checkpoint of `tf.train.Checkpoint` holds."""

from __future__ import annotations

from google.protobuf.message import DecodeError

from tflite_edu.core import errors
from tflite_edu.formats.proto.trackable_object_graph_pb2 import TrackableObjectGraph


def read_object_graph(content: bytes, path: str) -> TrackableObjectGraph:
    """The proto of these bytes, which refers to no objects but its own.

    Raises DataLossError, naming the checkpoint `path`, where they are damaged.
    """
    made = TrackableObjectGraph()
    try:
        made.ParseFromString(content)
    except DecodeError:
        raise _damaged(path) from None
    count = len(made.nodes)
    for node in made.nodes:
        numbers = [child.node_id for child in node.children]
        for slot in node.slot_variables:
            numbers += [slot.original_variable_node_id, slot.slot_variable_node_id]
        if any(not 0 <= number < count for number in numbers):
            raise _damaged(path)
    return made


def _damaged(path: str) -> errors.DataLossError:
    return errors.DataLossError(None, None, f"The object graph of the checkpoint {path} is damaged")
