"""The variables of a graph by collection, their initializers, and what is not initialized yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.constant import constant
from tflite_edu.core.export import export
from tflite_edu.core.graph import get_default_graph
from tflite_edu.core.keys import GraphKeys
from tflite_edu.core.operation import Operation
from tflite_edu.core.scopes import colocate_with, device, name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.control import group
from tflite_edu.ops.gathering import boolean_mask
from tflite_edu.ops.packing import stack
from tflite_edu.ops.reference_variables import is_variable_initialized
from tflite_edu.ops.shapes_of_tensors import rank_tensor


@export("global_variables")
def global_variables(scope: str | None = None) -> list[Any]:
    """The variables that checkpoints hold; with `scope`, those whose name it matches as a regex."""
    return get_default_graph().get_collection(GraphKeys.GLOBAL_VARIABLES, scope)


@export("all_variables")
def all_variables() -> list[Any]:
    """The old name of `global_variables`."""
    return global_variables()


@export("local_variables")
def local_variables(scope: str | None = None) -> list[Any]:
    """The variables that belong to one process and are not saved."""
    return get_default_graph().get_collection(GraphKeys.LOCAL_VARIABLES, scope)


@export("model_variables")
def model_variables(scope: str | None = None) -> list[Any]:
    """The variables that a model needs to make predictions."""
    return get_default_graph().get_collection(GraphKeys.MODEL_VARIABLES, scope)


@export("trainable_variables")
def trainable_variables(scope: str | None = None) -> list[Any]:
    """The variables that optimizers change by default, in the order in which they were made."""
    return get_default_graph().get_collection(GraphKeys.TRAINABLE_VARIABLES, scope)


@export("moving_average_variables")
def moving_average_variables(scope: str | None = None) -> list[Any]:
    """The variables of which moving averages are kept."""
    return get_default_graph().get_collection(GraphKeys.MOVING_AVERAGE_VARIABLES, scope)


@export("variables_initializer", "initializers.variables")
def variables_initializer(var_list: Sequence[Any], name: str = "init") -> Operation:
    """A node that gives each of the variables its initial value."""
    return group(*[variable.initializer for variable in var_list], name=name)


@export("initialize_variables")
def initialize_variables(var_list: Sequence[Any], name: str = "init") -> Operation:
    """The old name of `variables_initializer`."""
    return variables_initializer(var_list, name=name)


@export("global_variables_initializer", "initializers.global_variables")
def global_variables_initializer() -> Operation:
    """A node that gives each global variable that exists so far its initial value."""
    return variables_initializer(global_variables())


@export("initialize_all_variables")
def initialize_all_variables() -> Operation:
    """The old name of `global_variables_initializer`."""
    return global_variables_initializer()


@export("local_variables_initializer", "initializers.local_variables")
def local_variables_initializer() -> Operation:
    """A node that gives each local variable that exists so far its initial value."""
    return variables_initializer(local_variables())


@export("initialize_local_variables")
def initialize_local_variables() -> Operation:
    """The old name of `local_variables_initializer`."""
    return local_variables_initializer()


@export("report_uninitialized_variables")
def report_uninitialized_variables(
    var_list: Sequence[Any] | None = None, name: str = "report_uninitialized_variables"
) -> Tensor:
    """The names of the variables that have no value, a 1-D string tensor.

    Looks at the global and local variables if `var_list` is None.
    """
    if var_list is None:
        var_list = [*global_variables(), *local_variables()]
    with name_scope(name):
        initialized = [is_variable_initialized(variable) for variable in var_list]
        with device("/cpu:0"):
            if not initialized:
                return constant([], dtype="string")
            missing = raw.LogicalNot(stack(initialized))
            names = constant([variable.op.name for variable in var_list])
            return boolean_mask(names, missing)


@export("assert_variables_initialized")
def assert_variables_initialized(var_list: Sequence[Any] | None = None) -> Tensor | None:
    """A tensor that fails with FailedPreconditionError where a variable has no value.

    Looks at the global and local variables if `var_list` is None. Returns None without any.
    """
    if var_list is None:
        var_list = [*global_variables(), *local_variables()]
    if not var_list:
        return None
    ranks = []
    for variable in var_list:
        with colocate_with(variable.op):
            ranks.append(rank_tensor(variable, optimize=False))
    return ranks[0] if len(ranks) == 1 else stack(ranks)
