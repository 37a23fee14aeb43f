"""Between a graph and its MetaGraphDef: nodes, op types, saver and collections."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from google.protobuf import text_format
from google.protobuf.message import DecodeError

from tflite_edu.core.export import export
from tflite_edu.core.graph import Graph, get_default_graph
from tflite_edu.core.keys import GraphKeys
from tflite_edu.core.op import REQUIRED, Op
from tflite_edu.formats import files
from tflite_edu.formats.proto import graph_pb2, meta_graph_pb2
from tflite_edu.formats.text_proto import parse
from tflite_edu.io.attributes import set_value
from tflite_edu.io.collection_defs import (
    Maker,
    fill_collection,
    import_collections,
    in_scope,
    outside,
)
from tflite_edu.io.graph_def import graph_def as graph_def_of
from tflite_edu.io.importer import all_or_nothing, import_graph_def
from tflite_edu.io.op_def import op_def
from tflite_edu.io.op_types import is_op_type, op_class

__all__ = [
    "export_meta_graph",
    "import_collections_and_nodes",
    "in_scope",
    "read_meta_graph",
    "write_graph",
    "write_proto",
]

# The release whose graphs these are.
_TENSORFLOW_VERSION = "1.15.5"

_UNBOUND = "$unbound_inputs_"
_UNBOUND_COLLECTION = "unbound_inputs"

# Beginnings of the op types of which a saver's nodes are.
_SAVING = ("SaveV2", "RestoreV2", "SaveSlices", "RestoreSlice", "Save", "Restore")


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

    `collection_list` names the collections that go with it (all of them without it). With
    `export_scope` only nodes and members of that name scope go, named relative to it; inputs from
    outside are named in the collection "unbound_inputs", and `tf.train.import_meta_graph` wants
    them in its `input_map`. With `clear_extraneous_savers` the nodes of all savers but the one of
    `saver_def` are left out, with `strip_default_attrs` attributes that have their default value.
    Raises ValueError on `save_debug_info`: where nodes were defined is not written.
    """
    if kwargs:
        raise TypeError(
            f"create_meta_graph_def() got an unexpected keyword argument '{next(iter(kwargs))}'"
        )
    if save_debug_info:
        raise ValueError("save_debug_info: where nodes were defined is not written")
    graph = graph or get_default_graph()
    made = meta_graph_pb2.MetaGraphDef()
    if meta_info_def is not None:
        if not isinstance(meta_info_def, meta_graph_pb2.MetaGraphDef.MetaInfoDef):
            raise TypeError(
                "meta_info_def must be of type MetaInfoDef, not %s", type(meta_info_def)
            )
        made.meta_info_def.CopyFrom(meta_info_def)
    whole = graph_def_of(graph, add_shapes=True) if graph_def is None else graph_def
    if not isinstance(whole, graph_pb2.GraphDef):
        whole = graph_pb2.GraphDef.FromString(whole.SerializeToString())
    scope = export_scope.rstrip("/") if export_scope else None
    savers = _saver_scopes(whole, saver_def) if clear_extraneous_savers else set()

    def is_left_out(name: str) -> bool:
        outside_scope = scope is not None and not name.startswith(f"{scope}/")
        return outside_scope or name.rpartition("/")[0] in savers

    unbound = _add_nodes(made.graph_def, whole, scope, is_left_out)
    if clear_devices:
        _clear_devices(made.graph_def)
    made.meta_info_def.tensorflow_version = _TENSORFLOW_VERSION
    classes = _classes(made.graph_def)
    for _, cls in sorted(classes.items()):
        made.meta_info_def.stripped_op_list.op.append(op_def(cls))
    if strip_default_attrs:
        _strip_defaults(made.graph_def, classes)
        made.meta_info_def.stripped_default_attrs = True
    if saver_def is not None:
        made.saver_def.CopyFrom(saver_def)
    for name in collection_list if collection_list is not None else list(graph.collections):
        if clear_extraneous_savers and name == GraphKeys.SAVERS:
            if saver_def is not None:
                made.collection_def[name].bytes_list.value.append(saver_def.SerializeToString())
        elif name != _UNBOUND_COLLECTION:
            fill_collection(made, graph, name, scope, is_left_out)
    if unbound:
        made.collection_def[_UNBOUND_COLLECTION].bytes_list.value.extend(
            text.encode() for text in unbound
        )
    if filename is not None:
        path = os.fspath(filename)
        _make_folder(path)
        write_proto(made, path, as_text)
    return made


def _clear_devices(graph_def: Any) -> None:
    for node in graph_def.node:
        node.device = ""


def _add_nodes(
    made: Any, whole: Any, scope: str | None, is_left_out: Callable[[str], bool]
) -> list[str]:
    """Adds the nodes that are not left out, named relative to a scope.

    Returns the inputs that lead into the scope from outside, as the nodes name them now.
    """
    made.versions.CopyFrom(whole.versions)
    if whole.HasField("library"):
        made.library.CopyFrom(whole.library)
    unbound: dict[str, None] = {}
    for given in whole.node:
        if is_left_out(given.name):
            continue
        node = made.node.add()
        node.CopyFrom(given)
        if scope is None:
            continue
        node.name = outside(given.name, scope)
        for i, text in enumerate(given.input):
            mark = "^" if text.startswith("^") else ""
            name = text.removeprefix("^")
            if name.startswith(f"{scope}/"):
                node.input[i] = mark + outside(name, scope)
            else:
                node.input[i] = f"{mark}{_UNBOUND}{name}"
                unbound[node.input[i]] = None
        if "_class" in node.attr:
            groups = [group.decode().removeprefix("loc:@") for group in node.attr["_class"].list.s]
            kept = [outside(g, scope) for g in groups if g.startswith(f"{scope}/")]
            node.attr["_class"].list.s[:] = [f"loc:@{group}".encode() for group in kept]
    return list(unbound)


def _saver_scopes(graph_def: Any, saver_def: Any) -> set[str]:
    """The name scopes of the savers in a graph, but for the one of a SaverDef."""
    scopes = {
        node.name.rpartition("/")[0]
        for node in graph_def.node
        if node.op in _SAVING and "/" in node.name
    }
    inner = {n.name.rpartition("/")[0] for n in graph_def.node}
    scopes |= {s for s in inner if s.rpartition("/")[0] in scopes and "/" in s}
    if saver_def is not None:
        own = saver_def.filename_tensor_name.rpartition("/")[0]
        scopes = {s for s in scopes if s != own and not s.startswith(f"{own}/")}
    return scopes


def _classes(graph_def: Any) -> dict[str, type[Op]]:
    """The classes of all op types in a graph and in the functions that its nodes call."""
    functions = {f.signature.name: f.node_def for f in graph_def.library.function}
    found: set[str] = set()
    waiting = {node.op for node in graph_def.node}
    while waiting:
        op_type = waiting.pop()
        found.add(op_type)
        waiting |= {node.op for node in functions.get(op_type, ())} - found
    known = [op_type for op_type in found - functions.keys() if is_op_type(op_type)]
    return {op_type: op_class(op_type) for op_type in known}


def _strip_defaults(graph_def: Any, classes: dict[str, type[Op]]) -> None:
    in_functions = [node for f in graph_def.library.function for node in f.node_def]
    calls = {f.signature.name for f in graph_def.library.function}
    for node in [*graph_def.node, *in_functions]:
        if node.op in calls or not is_op_type(node.op):
            continue
        cls = classes.get(node.op) or op_class(node.op)
        for declared in cls.signature.attributes.values():
            if declared.default is REQUIRED or declared.name not in node.attr:
                continue
            default = type(node.attr[declared.name])()
            set_value(default, declared.kind, declared.default)
            if node.attr[declared.name] == default:
                del node.attr[declared.name]


def _make_folder(path: str) -> None:
    folder = os.path.dirname(path)
    if folder:
        with files.errors_of(folder):
            os.makedirs(folder, exist_ok=True)


def write_proto(proto: Any, path: str, as_text: bool) -> None:
    """Writes a proto to a file, as text or binary, which appears whole or not at all."""
    content = text_format.MessageToString(proto).encode() if as_text else proto.SerializeToString()
    with files.TemporaryFile(path) as temporary:
        with files.errors_of(path):
            temporary.file.write(content)
        temporary.publish()


@export("train.write_graph", "io.write_graph")
def write_graph(graph_or_graph_def: Any, logdir: str, name: str, as_text: bool = True) -> str:
    """Writes a graph or GraphDef to `logdir/name`, as text or binary, and returns the path."""
    proto = graph_or_graph_def
    if isinstance(proto, Graph):
        proto = proto.as_graph_def()
    path = os.path.join(logdir, name)
    if not hasattr(proto, "DESCRIPTOR"):
        raise AttributeError(f"'{type(proto).__name__}' object has no attribute 'DESCRIPTOR'")
    _make_folder(path)
    write_proto(proto, path, as_text)
    return path


def read_meta_graph(path: Any) -> Any:
    """The MetaGraphDef in a file, binary or text.

    Raises OSError where there is no such file or it holds something else.
    """
    if not isinstance(path, (str, bytes, os.PathLike)):
        raise TypeError(f"Expected binary or unicode string, got {path!r}")
    name = os.fsdecode(path)
    if not os.path.exists(name):
        raise OSError(f"File {name} does not exist.")
    with files.errors_of(name), open(name, "rb") as file:
        content = file.read()
    made = meta_graph_pb2.MetaGraphDef()
    try:
        made.ParseFromString(content)
        return made
    except DecodeError:
        made.Clear()
    try:
        return parse(content, made)
    except (text_format.ParseError, ValueError) as error:
        raise OSError(f"Cannot parse file {name}: {error}.") from None


def import_collections_and_nodes(
    meta_graph: Any,
    clear_devices: bool,
    import_scope: str | None,
    makers: Mapping[str, Maker],
    input_map: Any = None,
    return_elements: Any = None,
) -> str:
    """Adds the nodes and collections of a MetaGraphDef to the default graph.

    `makers` says what becomes of the protos in a collection. Returns the scope under which the
    nodes went, the empty string without `import_scope`. Raises ValueError where inputs from outside
    are not in `input_map`; the graph is then as it was.
    """
    graph = get_default_graph()
    collections = dict(meta_graph.collection_def)
    unbound = collections.pop(_UNBOUND_COLLECTION, None)
    if unbound is not None:
        named = [text.decode(errors="replace") for text in unbound.bytes_list.value]
        missing = [text for text in named if text not in (input_map or {})]
        if missing:
            raise ValueError(
                f"Graph contains unbound inputs: {','.join(missing)}. Must provide these inputs "
                "through input_map."
            )
    nodes = meta_graph.graph_def
    if clear_devices:
        nodes = type(nodes)()
        nodes.CopyFrom(meta_graph.graph_def)
        _clear_devices(nodes)
    info = meta_graph.meta_info_def
    producers = info.stripped_op_list if info.HasField("stripped_op_list") else None
    with graph._lock, all_or_nothing(graph):
        scope = graph.unique_name(import_scope, mark_as_used=False) if import_scope else ""
        import_graph_def(
            nodes,
            input_map,
            return_elements,
            name=import_scope or "",
            producer_op_list=producers,
        )
        import_collections(graph, collections, scope, makers)
    return scope
