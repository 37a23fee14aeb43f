"""`tf.train.import_meta_graph`: a graph and its saver from a `.meta` file."""

from __future__ import annotations

from typing import Any

from tflite_edu.core.export import export
from tflite_edu.core.graph import get_default_graph
from tflite_edu.core.keys import GraphKeys
from tflite_edu.formats.proto import meta_graph_pb2, saver_pb2
from tflite_edu.io.collection_defs import Maker, parsed
from tflite_edu.io.importer import all_or_nothing
from tflite_edu.io.meta_graph import import_collections_and_nodes, read_meta_graph
from tflite_edu.platform import logging
from tflite_edu.train.saver import Saver


def _saver(serialized: bytes, scope: str) -> Saver:
    proto = parsed(saver_pb2.SaverDef, serialized, GraphKeys.SAVERS)
    return Saver.from_proto(proto, import_scope=scope)


# What becomes of the protos that a collection holds.
_MAKERS: dict[str, Maker] = {GraphKeys.SAVERS: _saver}


@export("train.import_meta_graph")
def import_meta_graph(
    meta_graph_or_file: Any,
    clear_devices: bool = False,
    import_scope: str | None = None,
    **kwargs: Any,
) -> Saver | None:
    """Adds a MetaGraphDef, or the one in a file, to the default graph: nodes and collections.

    The only keywords are those of `tf.import_graph_def`: `input_map`, `return_elements`. Returns a
    saver over its variables, None where it has none. Raises OSError where the file is missing or
    is none, ValueError where it does not hold together; the graph is then as it was.
    """
    for keyword in kwargs:
        if keyword not in ("input_map", "return_elements"):
            raise TypeError(
                "import_scoped_meta_graph_with_return_elements() got an unexpected keyword "
                f"argument '{keyword}'"
            )
    given = meta_graph_or_file
    if not hasattr(given, "meta_info_def"):
        given = read_meta_graph(given)
    elif not isinstance(given, meta_graph_pb2.MetaGraphDef):
        given = meta_graph_pb2.MetaGraphDef.FromString(given.SerializeToString())
    graph = get_default_graph()
    with graph._lock, all_or_nothing(graph):
        scope = import_collections_and_nodes(given, clear_devices, import_scope, _MAKERS, **kwargs)
        if given.HasField("saver_def"):
            return Saver(saver_def=given.saver_def, name=scope)
    names = (GraphKeys.GLOBAL_VARIABLES, GraphKeys.SAVEABLE_OBJECTS)
    if any(graph.get_collection(name, import_scope) for name in names):
        return Saver()
    logging.info("Saver not created because there are no variables in the graph to restore")
    return None
