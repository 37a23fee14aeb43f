"""`tf.graph_util`: parts of a GraphDef, and variables turned into constants."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy

from tflite_edu.core.dtypes import int32
from tflite_edu.core.export import export
from tflite_edu.core.operation import Operation
from tflite_edu.formats.proto import graph_pb2, types_pb2
from tflite_edu.formats.tensor import to_tensor_proto
from tflite_edu.platform import logging

_VARIABLES = ("Variable", "VariableV2", "VarHandleOp")


def _name(text: str) -> str:
    """The node that an input of a NodeDef names."""
    return text.removeprefix("^").partition(":")[0]


def _checked(graph_def: Any) -> Any:
    if isinstance(graph_def, graph_pb2.GraphDef):
        return graph_def
    if not hasattr(graph_def, "node"):
        raise TypeError("graph_def must be a graph_pb2.GraphDef proto.")
    return graph_pb2.GraphDef.FromString(graph_def.SerializeToString())


@export("graph_util.extract_sub_graph")
def extract_sub_graph(graph_def: Any, dest_nodes: Sequence[str]) -> Any:
    """The GraphDef of the nodes that `dest_nodes` (names) need, in the order in which they stand.

    Raises AssertionError on a name that is not in the graph, TypeError on no list.
    """
    given = _checked(graph_def)
    if isinstance(dest_nodes, str):
        raise TypeError("dest_nodes must be a list.")
    by_name = {node.name: node for node in given.node}
    for name in dest_nodes:
        if name not in by_name:
            raise AssertionError(f"{name} is not in graph")
    needed: set[str] = set()
    waiting = list(dest_nodes)
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting += [_name(text) for text in by_name[name].input]
    made = graph_pb2.GraphDef(node=[node for node in given.node if node.name in needed])
    made.library.CopyFrom(given.library)
    made.versions.CopyFrom(given.versions)
    return made


@export("graph_util.convert_variables_to_constants")
def convert_variables_to_constants(
    sess: Any,
    input_graph_def: Any,
    output_node_names: Sequence[str],
    variable_names_whitelist: Iterable[str] | None = None,
    variable_names_blacklist: Iterable[str] | None = None,
) -> Any:
    """The GraphDef that the outputs (names of nodes) need, with variables as constants.

    The constants have the values of `sess`. Only variables in the whitelist, if there is one, and
    none in the blacklist are turned. Raises AssertionError on an output that is not in the graph.
    """
    needed = extract_sub_graph(input_graph_def, output_node_names)
    wanted = None if variable_names_whitelist is None else set(variable_names_whitelist)
    kept = set(variable_names_blacklist or ())
    fetches = {
        node.name: f"{node.name}/Read/ReadVariableOp:0"
        if node.op == "VarHandleOp"
        else node.name + ":0"
        for node in needed.node
        if node.op in _VARIABLES
        and node.name not in kept
        and (wanted is None or node.name in wanted)
    }
    values = sess.run(fetches) if fetches else {}
    logging.info("Froze %d variables.", len(values))
    made = graph_pb2.GraphDef()
    made.library.CopyFrom(needed.library)
    for node in needed.node:
        _add_frozen(made, node, values)
    logging.info("Converted %d variables to const ops.", len(values))
    return made


def _add_frozen(made: Any, node: Any, values: dict[str, Any]) -> None:
    """Adds a node, or what stands for it where it is a variable or reads one."""
    frozen = bool(node.input) and _name(node.input[0]) in values
    if node.name in values:
        new = made.node.add(name=node.name, op="Const")
        dtype = node.attr["dtype"].type
        new.attr["dtype"].type = dtype
        new.attr["value"].tensor.CopyFrom(to_tensor_proto(numpy.asarray(values[node.name]), dtype))
    elif node.op == "ReadVariableOp" and frozen:
        new = made.node.add(name=node.name, op="Identity")
        new.input.append(node.input[0])
        new.attr["T"].type = node.attr["dtype"].type
        if "_class" in node.attr:
            new.attr["_class"].CopyFrom(node.attr["_class"])
    elif node.op == "ResourceGather" and frozen:
        axis = made.node.add(name=f"{node.name}/axis", op="Const")
        axis.attr["dtype"].type = int32.as_datatype_enum
        zero = numpy.zeros((), int32.as_numpy_dtype)
        axis.attr["value"].tensor.CopyFrom(to_tensor_proto(zero, int32.as_datatype_enum))
        params, indices, *controls = node.input
        new = made.node.add(name=node.name, op="GatherV2")
        new.input.extend([params, indices, axis.name, *controls])
        new.attr["Tparams"].type = node.attr["dtype"].type
        new.attr["Tindices"].type = node.attr["Tindices"].type
        new.attr["Taxis"].type = int32.as_datatype_enum
        if "_class" in node.attr:
            new.attr["_class"].CopyFrom(node.attr["_class"])
    else:
        made.node.add().CopyFrom(node)


@export("graph_util.remove_training_nodes")
def remove_training_nodes(input_graph: Any, protected_nodes: Sequence[str] | None = None) -> Any:
    """The GraphDef without Identity and CheckNumerics nodes, which only training needs.

    Who takes one gets its input. Nodes with control inputs, nodes that something waits for, and
    `protected_nodes` (names) stay.
    """
    given = _checked(input_graph)
    by_name = {node.name: node for node in given.node}
    stays = set(protected_nodes or ())
    for node in given.node:
        controls = [_name(text) for text in node.input if text.startswith("^")]
        stays.update([node.name, *controls] if controls else ())
    instead: dict[str, str] = {}
    for node in given.node:
        if node.op in ("Identity", "CheckNumerics") and node.name not in stays:
            instead[node.name] = node.input[0]
    made = graph_pb2.GraphDef()
    made.library.CopyFrom(given.library)
    made.versions.CopyFrom(given.versions)
    for node in given.node:
        if node.name in instead:
            continue
        new = made.node.add()
        new.CopyFrom(node)
        for i, text in enumerate(new.input):
            name = text
            while not name.startswith("^") and _name(name) in instead:
                name = instead[_name(name)]
            new.input[i] = name
        _drop_groups(new, by_name.keys() - instead.keys())
    return made


def _drop_groups(node: Any, names: Any) -> None:
    """Leaves out colocation groups of nodes that are not there any more."""
    if "_class" not in node.attr:
        return
    listed = node.attr["_class"].list
    kept = [g for g in listed.s if g.decode().removeprefix("loc:@") in names]
    del listed.s[:]
    listed.s.extend(kept)
    if not kept:
        del node.attr["_class"]


@export("graph_util.tensor_shape_from_node_def_name")
def tensor_shape_from_node_def_name(graph: Any, input_name: str) -> Any:
    """The static shape of the tensor that an input of a NodeDef names."""
    name = input_name if ":" in input_name else f"{input_name}:0"
    return graph.get_tensor_by_name(name).get_shape()


_HOST_TYPES = {
    "Const": ("dtype", (types_pb2.DT_STRING, types_pb2.DT_INT32)),
    "Cast": ("SrcT", (types_pb2.DT_INT32,)),
    "DynamicStitch": ("T", (types_pb2.DT_INT32,)),
    "ParallelDynamicStitch": ("T", (types_pb2.DT_INT32,)),
}
_PINNED = frozenset(
    """
    Variable VariableV2 Assign AssignAdd AssignSub ScatterAdd ScatterSub ScatterUpdate
    TruncatedNormal Queue
    """.split()
)


@export("graph_util.must_run_on_cpu")
def must_run_on_cpu(node: Any, pin_variables_on_cpu: bool = False) -> bool:
    """Whether TensorFlow places a node (operation or NodeDef) on the CPU whatever else is there.

    So it does with what only reads strings and small integers and, with `pin_variables_on_cpu`,
    with variables and what changes them. Raises AssertionError on what is no node.
    """
    node_def = node.node_def if isinstance(node, Operation) else node
    if not hasattr(node_def, "op") or not hasattr(node_def, "attr"):
        raise AssertionError
    if pin_variables_on_cpu and node_def.op in _PINNED:
        return True
    name, types = _HOST_TYPES.get(node_def.op, ("", ()))
    return name in node_def.attr and node_def.attr[name].type in types
