"""Reading the graph out of any file that holds one."""

from __future__ import annotations

import os
from typing import Any

from google.protobuf import text_format
from google.protobuf.message import DecodeError

from tflite_edu.formats import files
from tflite_edu.formats.proto.graph_pb2 import GraphDef
from tflite_edu.formats.proto.meta_graph_pb2 import MetaGraphDef
from tflite_edu.formats.text_proto import parse
from tflite_edu.io.saved_model import read_saved_model

_SAVED_MODELS = ("saved_model.pb", "saved_model.pbtxt")


def saved_model_file(folder: str) -> str:
    """The file of the SavedModel in a folder; raises OSError where it has none."""
    for name in _SAVED_MODELS:
        path = os.path.join(folder, name)
        if os.path.exists(path):
            return path
    raise OSError(f"{folder} holds neither {_SAVED_MODELS[0]} nor {_SAVED_MODELS[1]}.")


def read_graph(path: str) -> GraphDef:
    """The graph of a GraphDef, a MetaGraphDef or a SavedModel, binary or text.

    `path` is a file, or the folder of a SavedModel, whose first graph it is.

    Raises:
      tf.errors.OpError: the file cannot be read.
      OSError: it holds no graph.
    """
    if os.path.isdir(path):
        path = saved_model_file(path)
    if os.path.basename(path) in _SAVED_MODELS:
        graphs = read_saved_model(path).meta_graphs
        if not graphs:
            raise OSError(f"{path} holds no graph.")
        return graphs[0].graph_def
    with files.errors_of(path), open(path, "rb") as file:
        content = file.read()
    kinds: list[Any] = [GraphDef, MetaGraphDef]
    if ".meta" in os.path.basename(path):
        kinds.reverse()
    for read in (_from_binary, _from_text):
        for kind in kinds:
            found = read(kind, content)
            graph: Any = found.graph_def if isinstance(found, MetaGraphDef) else found
            if graph is not None and graph.node and all(node.op for node in graph.node):
                return graph
    if not content:
        return GraphDef()
    raise OSError(f"{path} holds no graph.")


def _from_binary(kind: Any, content: bytes) -> Any:
    try:
        return kind.FromString(content)
    except DecodeError:
        return None


def _from_text(kind: Any, content: bytes) -> Any:
    try:
        return parse(content, kind())
    except (text_format.ParseError, UnicodeDecodeError):
        return None
