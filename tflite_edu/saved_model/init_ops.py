"""The node that a loader runs once when a graph of a SavedModel is loaded."""

from __future__ import annotations

from typing import Any

from tflite_edu.core.export import export
from tflite_edu.core.graph import get_default_graph
from tflite_edu.core.keys import GraphKeys
from tflite_edu.core.operation import Operation
from tflite_edu.core.scopes import control_dependencies
from tflite_edu.ops.control import group
from tflite_edu.variables.collections import (
    global_variables_initializer,
    local_variables_initializer,
)


@export("saved_model.main_op.main_op")
def main_op() -> Operation:
    """A node that initializes all variables and tables of the default graph.

    A loader runs it after the saved variables are restored, so that global variables have their
    initial values again.
    """
    variables, local_variables = global_variables_initializer(), local_variables_initializer()
    tables = get_default_graph().get_collection(GraphKeys.TABLE_INITIALIZERS)
    return group(variables, local_variables, group(*tables, name="init_all_tables"))


@export("saved_model.main_op_with_restore", "saved_model.main_op.main_op_with_restore")
def main_op_with_restore(restore_op_name: Any) -> Operation:
    """`main_op`, then the operation or tensor `restore_op_name`, which restores the variables.

    Raises TypeError on a name: like TensorFlow 1.15's, it takes the operation.
    """
    with control_dependencies([main_op()]):
        return group(restore_op_name)
