"""The functions of a graph: FunctionDefs that came with a GraphDef and leave with it.

Nodes that call them are opaque: a function is kept whole, and no run looks into it.
"""

from __future__ import annotations

from typing import Any

from tflite_edu.core.graph import Graph
from tflite_edu.core.op import Op
from tflite_edu.formats.proto import function_pb2
from tflite_edu.io.op_types import class_of_op_def, is_op_type, op_class

_PLACE = "function library"


def library_of(graph: Graph) -> Any:
    """The graph's FunctionDefLibrary, not to be changed; None where it has no functions."""
    return graph.attachments.get(_PLACE)


def set_library(graph: Graph, library: Any) -> None:
    """Gives the graph the functions of a FunctionDefLibrary, or none, in place of its own."""
    if library is None:
        graph.attachments.pop(_PLACE, None)
    else:
        graph.attachments[_PLACE] = library


def add_functions(graph: Graph, given: Any) -> None:
    """Adds the functions of a FunctionDefLibrary.

    Raises ValueError where one has the name of an op type or of another function, or a function
    has another gradient already. The graph's library is then as it was.
    """
    if not given.function and not given.gradient:
        return
    made = function_pb2.FunctionDefLibrary()
    before = library_of(graph)
    if before is not None:
        made.CopyFrom(before)
    by_name = {function.signature.name: function for function in made.function}
    for function in given.function:
        name = function.signature.name
        if name in by_name:
            if by_name[name] != function:
                raise ValueError(
                    f"Cannot add function '{name}' because a different function with the same name "
                    "already exists."
                )
            continue
        if is_op_type(name):
            raise ValueError(
                f"Cannot add function '{name}' because an op with the same name already exists."
            )
        by_name[name] = made.function.add()
        by_name[name].CopyFrom(function)
    gradients = {entry.function_name: entry.gradient_func for entry in made.gradient}
    for entry in given.gradient:
        known = gradients.setdefault(entry.function_name, entry.gradient_func)
        if known != entry.gradient_func:
            raise ValueError(
                f"Cannot assign gradient function '{entry.gradient_func}' to "
                f"'{entry.function_name}' because it already has gradient function '{known}'"
            )
    del made.gradient[:]
    for name, gradient in gradients.items():
        made.gradient.add(function_name=name, gradient_func=gradient)
    set_library(graph, made)


def node_classes(graph: Graph) -> dict[str, type[Op]]:
    """The classes of nodes that call a function of the graph, by the function's name."""
    library = library_of(graph)
    if library is None:
        return {}
    return {
        function.signature.name: class_of_op_def(function.signature.SerializeToString())
        for function in library.function
    }


def class_of(op_type: str, functions: dict[str, type[Op]]) -> type[Op]:
    """The class of an op type or of a call of one of `functions`; raises NotFoundError."""
    found = functions.get(op_type)
    return op_class(op_type) if found is None else found
