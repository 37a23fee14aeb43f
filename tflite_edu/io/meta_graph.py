"""Between a graph and its MetaGraphDef: nodes, op types, saver and collections."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import Any

from google.protobuf import text_format
from google.protobuf.message import DecodeError

from tflite_edu.core.export import export
from tflite_edu.core.graph import Graph, get_default_graph
from tflite_edu.core.keys import GraphKeys
from tflite_edu.core.op import REQUIRED
from tflite_edu.formats import files
from tflite_edu.formats.proto import meta_graph_pb2, variable_pb2
from tflite_edu.io.attributes import set_value
from tflite_edu.io.graph_def import graph_def as graph_def_of
from tflite_edu.io.importer import import_graph_def
from tflite_edu.io.op_def import op_def
from tflite_edu.io.variable_def import variable_def
from tflite_edu.platform import logging
from tflite_edu.variables.variable import Variable

# The release whose graphs these are.
_TENSORFLOW_VERSION = "1.15.5"

# Collections whose members are written as VariableDefs.
_OF_VARIABLES = (
    GraphKeys.GLOBAL_VARIABLES,
    GraphKeys.LOCAL_VARIABLES,
    GraphKeys.MODEL_VARIABLES,
    GraphKeys.MOVING_AVERAGE_VARIABLES,
    GraphKeys.TRAINABLE_VARIABLES,
    GraphKeys.TRAINABLE_RESOURCE_VARIABLES,
    GraphKeys.GLOBAL_STEP,
)


# Collections whose members are protos of what is not there; a file keeps them as they are.
_OPAQUE = (
    *(GraphKeys.COND_CONTEXT, GraphKeys.WHILE_CONTEXT),
    *(GraphKeys.QUEUE_RUNNERS, GraphKeys.SAVERS),
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

    `collection_list` names the collections that go with it (all of them without it). With
    `strip_default_attrs` attributes that have their default value are left out. Raises ValueError
    on `export_scope`, `clear_extraneous_savers` and `save_debug_info`: whole graphs are exported.
    """
    if kwargs:
        raise TypeError(
            f"create_meta_graph_def() got an unexpected keyword argument '{next(iter(kwargs))}'"
        )
    for option, given in (
        ("export_scope", export_scope is not None),
        ("clear_extraneous_savers", clear_extraneous_savers),
        ("save_debug_info", save_debug_info),
    ):
        if given:
            raise ValueError(f"{option}: only whole graphs are exported")
    graph = graph or get_default_graph()
    made = meta_graph_pb2.MetaGraphDef()
    if meta_info_def is not None:
        if not isinstance(meta_info_def, meta_graph_pb2.MetaGraphDef.MetaInfoDef):
            raise TypeError(
                "meta_info_def must be of type MetaInfoDef, not %s", type(meta_info_def)
            )
        made.meta_info_def.CopyFrom(meta_info_def)
    made.graph_def.CopyFrom(graph_def or graph_def_of(graph, add_shapes=True))
    if clear_devices:
        _clear_devices(made.graph_def)
    made.meta_info_def.tensorflow_version = _TENSORFLOW_VERSION
    _fill_op_list(made.meta_info_def.stripped_op_list, graph)
    if strip_default_attrs:
        _strip_defaults(made.graph_def, graph)
        made.meta_info_def.stripped_default_attrs = True
    if saver_def is not None:
        made.saver_def.CopyFrom(saver_def)
    for name in collection_list if collection_list is not None else list(graph.collections):
        _fill_collection(made, graph, name)
    if filename is not None:
        path = os.fspath(filename)
        _make_folder(path)
        _write(made, path, as_text)
    return made


def _clear_devices(graph_def: Any) -> None:
    for node in graph_def.node:
        node.device = ""


def _strip_defaults(graph_def: Any, graph: Graph) -> None:
    classes = {op.type: type(op.definition) for op in graph.get_operations()}
    for node in graph_def.node:
        for declared in classes[node.op].signature.attributes.values():
            if declared.default is REQUIRED or declared.name not in node.attr:
                continue
            default = type(node.attr[declared.name])()
            set_value(default, declared.kind, declared.default)
            if node.attr[declared.name] == default:
                del node.attr[declared.name]


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
        if key in _OF_VARIABLES:
            protos = [variable_def(member) for member in members]
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
        collection.int64_list.value.extend(int(m) if isinstance(m, bool) else m for m in members)
    elif isinstance(first, float):
        collection.float_list.value.extend(members)
    else:
        collection.node_list.value.extend(m.name for m in members)


def _make_folder(path: str) -> None:
    folder = os.path.dirname(path)
    if folder:
        with files.errors_of(folder):
            os.makedirs(folder, exist_ok=True)


def _write(proto: Any, path: str, as_text: bool) -> None:
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
    _write(proto, path, as_text)
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
        return text_format.Parse(content.decode(), made)
    except text_format.ParseError as error:
        raise OSError(f"Cannot parse file {name}: {error}.") from None


def import_collections_and_nodes(
    meta_graph: Any,
    clear_devices: bool,
    import_scope: str | None,
    input_map: Any = None,
    return_elements: Any = None,
) -> str:
    """Adds the nodes and collections of a MetaGraphDef to the default graph.

    Returns the scope under which the nodes went, the empty string without `import_scope`.
    """
    graph = get_default_graph()
    nodes = meta_graph.graph_def
    if clear_devices:
        nodes = type(nodes)()
        nodes.CopyFrom(meta_graph.graph_def)
        _clear_devices(nodes)
    scope = graph.unique_name(import_scope, mark_as_used=False) if import_scope else ""
    import_graph_def(nodes, input_map, return_elements, name=import_scope or "")
    # A variable that is in several collections is one object in all of them.
    variables: dict[bytes, Any] = {}
    for key, collection in sorted(meta_graph.collection_def.items()):
        for member in _members(graph, key, collection, scope, variables):
            graph.add_to_collection(key, member)
    return scope


def _members(
    graph: Graph, key: str, collection: Any, scope: str, variables: dict[bytes, Any]
) -> Iterable[Any]:
    """The values that a CollectionDef stands for."""
    kind = collection.WhichOneof("kind")
    if kind is None:
        logging.error(
            "Cannot identify data type for collection %s. Skipping.",
            key,
        )
        return
    if scope and key in _OPAQUE:
        return
    for value in getattr(collection, kind).value:
        if key in _OF_VARIABLES and kind == "bytes_list":
            if value not in variables:
                proto = variable_pb2.VariableDef.FromString(value)
                variables[value] = Variable.from_proto(proto, import_scope=scope)
            yield variables[value]
        elif kind == "node_list":
            yield graph.as_graph_element(in_scope(value, scope))
        elif scope and kind == "bytes_list":
            # Texts are taken for names, as TensorFlow takes them.
            yield in_scope(value.decode(), scope)
        else:
            yield value


def in_scope(name: str, scope: str | None) -> str:
    """A name, or one with "^" or "loc:@" before it, put under a scope."""
    if not scope:
        return name
    for prefix in ("^", "loc:@"):
        if name.startswith(prefix):
            return f"{prefix}{scope.rstrip('/')}/{name.removeprefix(prefix)}"
    return f"{scope.rstrip('/')}/{name}"
