"""The few places where a method of core is carried out by a room above it.

`Tensor.eval` runs a session and `Graph.as_graph_def` writes protos, but core imports neither. Each
such place is named here once; the function is imported when it is first called.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from typing import Any

_PLACES = {
    "create_op": "tflite_edu.core.raw:create_op",
    "graph_def": "tflite_edu.io.graph_def:graph_def",
    "node_def": "tflite_edu.io.graph_def:node_def",
    "node_text": "tflite_edu.io.graph_def:node_text",
    "op_def": "tflite_edu.io.op_def:op_def",
    "shape_proto": "tflite_edu.io.graph_def:shape_proto",
    "attr_proto": "tflite_edu.io.graph_def:attr_value",
    "variable_def": "tflite_edu.io.variable_def:variable_def",
    "get_default_session": "tflite_edu.runtime.session:get_default_session",
    "slice": "tflite_edu.ops.slicing:slice_tensor",
    "pack": "tflite_edu.ops.packing:pack_list",
    "binary": "tflite_edu.ops.operators:binary",
    "unary": "tflite_edu.ops.operators:unary",
    "sparse_binary": "tflite_edu.ops.sparse_arithmetic:sparse_binary",
    "get_variable_scope": "tflite_edu.variables.scope:get_variable_scope",
}


@functools.cache
def upward(place: str) -> Callable[..., Any]:
    """The function that stands for `place`."""
    module, _, name = _PLACES[place].partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found
