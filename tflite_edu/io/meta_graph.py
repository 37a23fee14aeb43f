"""From a graph to its MetaGraphDef: nodes, op types, saver and collections."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from google.protobuf import text_format

from tflite_edu.core.export import export
from tflite_edu.core.graph import Graph, get_default_graph
from tflite_edu.core.keys import GraphKeys
from tflite_edu.formats import files
from tflite_edu.formats.proto import meta_graph_pb2
from tflite_edu.io.graph_def import graph_def as graph_def_of
from tflite_edu.io.op_def import op_def
from tflite_edu.io.variable_def import variable_def
from tflite_edu.platform import logging

# The release whose graphs these are.
_TENSORFLOW_VERSION = "1.15.5"

# Collections whose members are written as protos.
_PROTOS: dict[str, Callable[[Any], Any]] = dict.fromkeys(
    (
        GraphKeys.GLOBAL_VARIABLES,
        GraphKeys.LOCAL_VARIABLES,
        GraphKeys.MODEL_VARIABLES,
        GraphKeys.MOVING_AVERAGE_VARIABLES,
        GraphKeys.TRAINABLE_VARIABLES,
        GraphKeys.TRAINABLE_RESOURCE_VARIABLES,
        GraphKeys.GLOBAL_STEP,
    ),
    variable_def,
)


@export("train.export_meta_graph")
def export_meta_graph(
    filename: str | None = None,
    meta_info_def: Any = None,
    graph_def: Any = None,
    saver_def: Any = None,
    collection_list: Sequence[str] | None = None,
    as_text: bool = False,
    graph: Graph | None = None,
    export_scope: str | None = None,
    clear_devices: bool = False,
    clear_extraneous_savers: bool = False,
    strip_default_attrs: bool = False,
    save_debug_info: bool = False,
    **kwargs: Any,
) -> Any:
    """A graph as a MetaGraphDef, also written to `filename` if that is given.

    `collection_list` names the collections that go with it (all of them without it). Raises
    ValueError on `export_scope`, as parts of a graph are not exported.
    """
    del clear_extraneous_savers, strip_default_attrs, save_debug_info
    if kwargs:
        raise TypeError(f"export_meta_graph() got unexpected keyword arguments {sorted(kwargs)}")
    if export_scope is not None:
        raise ValueError("export_scope: only whole graphs are exported")
    graph = graph or get_default_graph()
    made = meta_graph_pb2.MetaGraphDef()
    if meta_info_def is not None:
        made.meta_info_def.CopyFrom(meta_info_def)
    made.graph_def.CopyFrom(graph_def or graph_def_of(graph, add_shapes=True))
    if clear_devices:
        for node in made.graph_def.node:
            node.device = ""
    made.meta_info_def.tensorflow_version = _TENSORFLOW_VERSION
    _fill_op_list(made.meta_info_def.stripped_op_list, graph)
    if saver_def is not None:
        made.saver_def.CopyFrom(saver_def)
    for name in collection_list if collection_list is not None else list(graph.collections):
        _fill_collection(made, graph, name)
    if filename is not None:
        _write(made, os.fspath(filename), as_text)
    return made


def _fill_op_list(listed: Any, graph: Graph) -> None:
    classes = {op.type: type(op.definition) for op in graph.get_operations()}
    for _, cls in sorted(classes.items()):
        listed.op.append(op_def(cls))


def _fill_collection(made: Any, graph: Graph, name: Any) -> None:
    """Adds a collection; one whose members cannot be written is left out with a warning."""
    members = graph.get_collection(name)
    if not isinstance(name, (str, bytes)) or not members:
        return
    key = name.decode() if isinstance(name, bytes) else name
    collection = meta_graph_pb2.CollectionDef()
    try:
        to_proto = _PROTOS.get(key)
        if to_proto is not None:
            protos = [to_proto(member) for member in members]
            collection.bytes_list.value.extend(p.SerializeToString() for p in protos)
        else:
            _fill_plain(collection, members)
    except (AttributeError, TypeError, ValueError) as error:
        logging.warning(
            "Issue encountered when serializing %s.\nType is unsupported, or the types of the "
            "items don't match field type in CollectionDef. Note this is a warning and probably "
            "safe to ignore.\n%s",
            name,
            str(error),
        )
        return
    made.collection_def[key].CopyFrom(collection)


def _fill_plain(collection: Any, members: Iterable[Any]) -> None:
    members = list(members)
    first = members[0]
    if isinstance(first, (str, bytes)):
        encoded = [m.encode() if isinstance(m, str) else m for m in members]
        collection.bytes_list.value.extend(encoded)
    elif isinstance(first, int):
        collection.int64_list.value.extend(members)
    elif isinstance(first, float):
        collection.float_list.value.extend(members)
    else:
        collection.node_list.value.extend(m.name for m in members)


def _write(proto: Any, path: str, as_text: bool) -> None:
    content = text_format.MessageToString(proto).encode() if as_text else proto.SerializeToString()
    with files.TemporaryFile(path) as temporary:
        with files.errors_of(path):
            temporary.file.write(content)
        temporary.publish()


@export("train.write_graph", "io.write_graph")
def write_graph(graph_or_graph_def: Any, logdir: str, name: str, as_text: bool = True) -> str:
    """Writes a graph or GraphDef to `logdir/name`, as text or binary, and returns the path."""
    if isinstance(graph_or_graph_def, Graph):
        proto = graph_or_graph_def.as_graph_def()
    else:
        proto = graph_or_graph_def
    if logdir:
        os.makedirs(logdir, exist_ok=True)
    path = os.path.join(logdir, name)
    _write(proto, path, as_text)
    return path
