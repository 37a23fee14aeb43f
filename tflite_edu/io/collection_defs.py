"""The collections of a graph as the CollectionDefs of a MetaGraphDef, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from google.protobuf import any_pb2
from google.protobuf.message import DecodeError

from tflite_edu.core.graph import Graph
from tflite_edu.core.keys import GraphKeys
from tflite_edu.formats.proto import (
    control_flow_pb2,
    meta_graph_pb2,
    queue_runner_pb2,
    variable_pb2,
)
from tflite_edu.io.context_def import context_def, restored_context
from tflite_edu.io.variable_def import variable_def
from tflite_edu.platform import logging
from tflite_edu.variables.variable import Variable

Maker = Callable[[bytes, str], Any]
"""Makes a member of a collection from a serialized proto and the scope of its nodes."""

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

# Protos whose strings are all names of nodes, by the collection that holds them.
_OF_NAMES: dict[str, Any] = {
    GraphKeys.COND_CONTEXT: control_flow_pb2.CondContextDef,
    GraphKeys.WHILE_CONTEXT: control_flow_pb2.WhileContextDef,
    GraphKeys.QUEUE_RUNNERS: queue_runner_pb2.QueueRunnerDef,
}


def fill_collection(
    made: Any, graph: Graph, name: Any, scope: str | None, is_left_out: Callable[[str], bool]
) -> None:
    """Adds a collection to a MetaGraphDef, as far as it belongs to the scope that is exported.

    Members whose nodes are left out are too. A collection whose members cannot be written is left
    out with a warning.
    """
    members = graph.get_collection(name)
    if not isinstance(name, (str, bytes)) or not members:
        return
    key = name.decode() if isinstance(name, bytes) else name
    collection = meta_graph_pb2.CollectionDef()
    try:
        if key in _OF_VARIABLES:
            protos = [variable_def(v, scope) for v in members if not is_left_out(v.name)]
            _fill_protos(collection, protos)
        elif key in _OF_NAMES or key == GraphKeys.SAVERS:
            _fill_protos(collection, [_proto_of(graph, m, scope) for m in members])
        else:
            _fill_plain(collection, members, scope, is_left_out)
    except (AttributeError, TypeError, ValueError) as error:
        logging.warning(
            "Issue encountered when serializing %s.\nType is unsupported, or the types of the "
            "items don't match field type in CollectionDef. Note this is a warning and probably "
            "safe to ignore.\n%s",
            name,
            str(error),
        )
        return
    if collection.WhichOneof("kind") is not None:
        made.collection_def[key].CopyFrom(collection)


def _proto_of(graph: Graph, member: Any, scope: str | None) -> Any:
    """A member as a proto, bytes as they are; None where it is outside the scope."""
    if isinstance(member, bytes):
        return member
    if hasattr(member, "to_proto"):
        return member.to_proto(export_scope=scope)
    return context_def(graph, member, scope)


def _fill_protos(collection: Any, protos: Iterable[Any]) -> None:
    """None stands for a member outside the scope."""
    collection.bytes_list.value.extend(
        proto if isinstance(proto, bytes) else proto.SerializeToString(deterministic=True)
        for proto in protos
        if proto is not None
    )


def _fill_plain(
    collection: Any, members: list[Any], scope: str | None, is_left_out: Callable[[str], bool]
) -> None:
    first = members[0]
    if isinstance(first, (str, bytes)):
        # A str is taken for a name, as TensorFlow takes it.
        kept = [m for m in members if not (isinstance(m, str) and is_left_out(m))]
        encoded = [outside(m, scope).encode() if isinstance(m, str) else m for m in kept]
        collection.bytes_list.value.extend(encoded)
    elif isinstance(first, int):
        collection.int64_list.value.extend(int(m) if isinstance(m, bool) else m for m in members)
    elif isinstance(first, float):
        collection.float_list.value.extend(members)
    elif isinstance(first, any_pb2.Any):
        collection.any_list.value.extend(members)
    else:
        names = [m.name for m in members]
        collection.node_list.value.extend(outside(n, scope) for n in names if not is_left_out(n))


def import_collections(
    graph: Graph, collections: Mapping[str, Any], scope: str, makers: Mapping[str, Maker]
) -> None:
    """Adds the members that CollectionDefs stand for, their nodes having come under `scope`.

    `makers` says what becomes of the protos in a collection; protos that nobody makes anything of
    stay as they are, with the names in them put under the scope. Raises KeyError where a collection
    names what is not in the graph, ValueError where a proto is damaged; no collection has changed
    then.
    """
    # A variable that is in several collections is one object in all of them.
    variables: dict[bytes, Any] = {}
    found = [
        (key, member)
        for key, collection in sorted(collections.items())
        for member in _members(graph, key, collection, scope, makers, variables)
    ]
    for key, member in found:
        graph.add_to_collection(key, member)


def _members(
    graph: Graph,
    key: str,
    collection: Any,
    scope: str,
    makers: Mapping[str, Maker],
    variables: dict[bytes, Any],
) -> Iterable[Any]:
    """The values that a CollectionDef stands for."""
    kind = collection.WhichOneof("kind")
    if kind is None:
        logging.error("Cannot identify data type for collection %s. Skipping.", key)
        return
    for value in getattr(collection, kind).value:
        if key in _OF_VARIABLES and kind == "bytes_list":
            if value not in variables:
                proto = parsed(variable_pb2.VariableDef, value, key)
                variables[value] = Variable.from_proto(proto, import_scope=scope)
            yield variables[value]
        elif kind == "node_list":
            yield graph.as_graph_element(in_scope(value, scope))
        elif kind == "bytes_list" and key in makers:
            yield makers[key](value, scope)
        elif kind == "bytes_list" and key in _OF_NAMES:
            proto = parsed(_OF_NAMES[key], value, key)
            if scope:
                _put_under(proto, scope)
            if key == GraphKeys.COND_CONTEXT:
                yield restored_context(graph, proto)
            else:
                yield proto.SerializeToString(deterministic=True) if scope else value
        elif scope and kind == "bytes_list":
            # Texts are taken for names, as TensorFlow takes them.
            yield in_scope(value.decode(), scope)
        else:
            yield value


def parsed(kind: Any, value: bytes, key: str) -> Any:
    """A proto of a collection; raises ValueError on bytes that are none."""
    made = kind()
    try:
        made.ParseFromString(value)
    except DecodeError:
        raise ValueError(f"Collection '{key}' holds what is no {kind.DESCRIPTOR.name}") from None
    return made


def _put_under(proto: Any, scope: str) -> None:
    """Puts every name in a proto under a scope."""
    for field, value in proto.ListFields():
        is_map = field.message_type is not None and field.message_type.GetOptions().map_entry
        if is_map:
            renamed = {in_scope(k, scope): in_scope(v, scope) for k, v in value.items()}
            value.clear()
            value.update(renamed)
        elif field.type == field.TYPE_STRING and isinstance(value, str):
            setattr(proto, field.name, in_scope(value, scope))
        elif field.type == field.TYPE_STRING:
            value[:] = [in_scope(name, scope) for name in value]
        elif field.type == field.TYPE_MESSAGE:
            for message in value if isinstance(value, Iterable) else [value]:
                _put_under(message, scope)


def in_scope(name: str, scope: str | None) -> str:
    """A name, or one with "^" or "loc:@" before it, put under a scope."""
    if not scope:
        return name
    for prefix in ("^", "loc:@"):
        if name.startswith(prefix):
            return f"{prefix}{scope.rstrip('/')}/{name.removeprefix(prefix)}"
    return f"{scope.rstrip('/')}/{name}"


def outside(name: str, scope: str | None) -> str:
    """A name relative to a scope, where it is in it."""
    return name.removeprefix(f"{scope.rstrip('/')}/") if scope else name
