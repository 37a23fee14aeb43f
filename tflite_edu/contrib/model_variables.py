"""`tf.contrib.framework`'s variables: those of a model, found by scope, name and pattern."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import Any

from tflite_edu.contrib.argument_scopes import add_arg_scope
from tflite_edu.core.dtypes import float32
from tflite_edu.core.export import export
from tflite_edu.core.graph import Graph, get_default_graph
from tflite_edu.core.keys import GraphKeys
from tflite_edu.core.scopes import device as on_device
from tflite_edu.train import step_counter
from tflite_edu.variables.scope import get_variable, get_variable_scope
from tflite_edu.variables.variable import Variable, VariableAggregation, VariableSynchronization
from tflite_edu.variables.variable_scope import VariableScope


@export("contrib.framework.variable", "contrib.slim.variable")
@add_arg_scope
def variable(
    name: str,
    shape: Any = None,
    dtype: Any = None,
    initializer: Any = None,
    regularizer: Any = None,
    trainable: bool = True,
    collections: Any = None,
    caching_device: Any = None,
    device: Any = None,
    partitioner: Any = None,
    custom_getter: Any = None,
    use_resource: bool | None = None,
    synchronization: VariableSynchronization = VariableSynchronization.AUTO,
    aggregation: VariableAggregation = VariableAggregation.NONE,
) -> Any:
    """`tf.get_variable` on a device, of which `arg_scope` may give the arguments.

    `device` is a name, or a function of the node. `collections` are by default the global
    variables. `custom_getter` is called in place of `tf.get_variable`.
    """
    listed = list(collections if collections is not None else [GraphKeys.GLOBAL_VARIABLES])
    getter = get_variable
    if custom_getter is not None:
        getter = functools.partial(custom_getter, reuse=get_variable_scope().reuse)
    with on_device(device or ""):
        return getter(
            name,
            shape=shape,
            dtype=dtype,
            initializer=initializer,
            regularizer=regularizer,
            trainable=trainable,
            collections=list(dict.fromkeys(listed)),
            caching_device=caching_device,
            partitioner=partitioner,
            use_resource=use_resource,
            synchronization=synchronization,
            aggregation=aggregation,
        )


@export(
    "contrib.framework.model_variable",
    "contrib.slim.model_variable",
)
@add_arg_scope
def model_variable(
    name: str,
    shape: Any = None,
    dtype: Any = float32,
    initializer: Any = None,
    regularizer: Any = None,
    trainable: bool = True,
    collections: Any = None,
    caching_device: Any = None,
    device: Any = None,
    partitioner: Any = None,
    custom_getter: Any = None,
    use_resource: bool | None = None,
    synchronization: VariableSynchronization = VariableSynchronization.AUTO,
    aggregation: VariableAggregation = VariableAggregation.NONE,
) -> Any:
    """`variable` that joins the global and the model variables as well as `collections`."""
    return variable(
        name,
        shape=shape,
        dtype=dtype,
        initializer=initializer,
        regularizer=regularizer,
        trainable=trainable,
        collections=[
            *(collections or ()),
            GraphKeys.GLOBAL_VARIABLES,
            GraphKeys.MODEL_VARIABLES,
        ],
        caching_device=caching_device,
        device=device,
        partitioner=partitioner,
        custom_getter=custom_getter,
        use_resource=use_resource,
        synchronization=synchronization,
        aggregation=aggregation,
    )


@export("contrib.framework.local_variable", "contrib.slim.local_variable")
def local_variable(
    initial_value: Any,
    validate_shape: bool = True,
    name: str | None = None,
    use_resource: bool | None = None,
) -> Any:
    """A variable of this process: a local variable, not trained and not saved."""
    return _in_one_collection(
        GraphKeys.LOCAL_VARIABLES, initial_value, validate_shape, name, use_resource
    )


@export("contrib.framework.global_variable", "contrib.slim.global_variable")
def global_variable(
    initial_value: Any,
    validate_shape: bool = True,
    name: str | None = None,
    use_resource: bool | None = None,
) -> Any:
    """A global variable that is not trained."""
    return _in_one_collection(
        GraphKeys.GLOBAL_VARIABLES, initial_value, validate_shape, name, use_resource
    )


def _in_one_collection(
    collection: str, value: Any, validate_shape: bool, name: str | None, use_resource: Any
) -> Any:
    make: Any = Variable
    return make(
        value,
        trainable=False,
        collections=[collection],
        validate_shape=validate_shape,
        name=name,
        use_resource=use_resource,
    )


@export("contrib.framework.add_model_variable", "contrib.slim.add_model_variable")
def add_model_variable(var: Any) -> None:
    """Adds a variable to the model variables, once."""
    known = get_default_graph().get_collection_ref(GraphKeys.MODEL_VARIABLES)
    if not any(var is one for one in known):
        known.append(var)


@export("contrib.framework.get_variables", "contrib.slim.get_variables")
def get_variables(
    scope: Any = None, suffix: str | None = None, collection: str = GraphKeys.GLOBAL_VARIABLES
) -> list[Any]:
    """The variables of a scope (a name, a regex or a VariableScope) whose names end in `suffix`."""
    if isinstance(scope, VariableScope):
        scope = scope.name
    if suffix is not None:
        # A colon is no part of a suffix: the number of the output follows it.
        scope = f"{scope or ''}.*{suffix if ':' in suffix else f'{suffix}:'}"
    return get_default_graph().get_collection(collection, scope)


@export("contrib.framework.get_model_variables", "contrib.slim.get_model_variables")
def get_model_variables(scope: Any = None, suffix: str | None = None) -> list[Any]:
    """The model variables of a scope whose names end in `suffix`."""
    return get_variables(scope, suffix, GraphKeys.MODEL_VARIABLES)


@export("contrib.framework.get_local_variables", "contrib.slim.get_local_variables")
def get_local_variables(scope: Any = None, suffix: str | None = None) -> list[Any]:
    """The local variables of a scope whose names end in `suffix`."""
    return get_variables(scope, suffix, GraphKeys.LOCAL_VARIABLES)


@export("contrib.framework.get_trainable_variables", "contrib.slim.get_trainable_variables")
def get_trainable_variables(scope: Any = None, suffix: str | None = None) -> list[Any]:
    """The trainable variables of a scope whose names end in `suffix`."""
    return get_variables(scope, suffix, GraphKeys.TRAINABLE_VARIABLES)


@export("contrib.framework.get_variables_by_suffix", "contrib.slim.get_variables_by_suffix")
def get_variables_by_suffix(suffix: str, scope: Any = None) -> list[Any]:
    """The global variables of a scope whose names end in `suffix`."""
    return get_variables(scope=scope, suffix=suffix)


@export("contrib.framework.get_variables_by_name", "contrib.slim.get_variables_by_name")
def get_variables_by_name(given_name: str, scope: Any = None) -> list[Any]:
    """The global variables of a scope whose names end in `/given_name`, or are it."""
    return get_variables(scope=scope, suffix=rf"/{given_name}:|^{given_name}:")


@export("contrib.framework.get_unique_variable", "contrib.slim.get_unique_variable")
def get_unique_variable(var_op_name: str) -> Any:
    """The one global variable of that name; among several whose names begin so, the exact one.

    Raises ValueError where there is none.
    """
    candidates = get_variables(scope=var_op_name)
    if not candidates:
        raise ValueError(f"Couldn't find variable {var_op_name}")
    for candidate in candidates:
        if candidate.op.name == var_op_name:
            return candidate
    raise ValueError(f"Variable {var_op_name} does not uniquely identify a variable")


@export("contrib.framework.get_variables_to_restore", "contrib.slim.get_variables_to_restore")
def get_variables_to_restore(
    include: Sequence[str] | None = None, exclude: Sequence[str] | None = None
) -> list[Any]:
    """The global variables of the scopes `include`, all by default, but those of `exclude`.

    Raises TypeError on what is no list or tuple.
    """
    if include is None:
        included = get_variables()
    else:
        if not isinstance(include, (list, tuple)):
            raise TypeError("include is provided but is not a list or a tuple.")
        included = [found for scope in include for found in get_variables(scope)]
    excluded: set[int] = set()
    if exclude is not None:
        if not isinstance(exclude, (list, tuple)):
            raise TypeError("exclude is provided but is not a list or a tuple.")
        excluded = {id(found) for scope in exclude for found in get_variables(scope)}
    return [found for found in included if id(found) not in excluded]


@export("contrib.framework.filter_variables", "contrib.slim.filter_variables")
def filter_variables(
    var_list: Sequence[Any],
    include_patterns: Sequence[str] | None = None,
    exclude_patterns: Sequence[str] | None = None,
    reg_search: bool = True,
) -> list[Any]:
    """The variables whose names match a pattern to include and none to exclude.

    Without `include_patterns`, that is None, all may stay. Patterns are regexes, looked for
    anywhere in the name, or only at its start without `reg_search`.
    """
    matches = re.search if reg_search else re.match

    def named(found: Any, patterns: Sequence[str]) -> bool:
        return any(matches(pattern, found.name) for pattern in patterns)

    kept = [v for v in var_list if include_patterns is None or named(v, include_patterns)]
    return [v for v in kept if exclude_patterns is None or not named(v, exclude_patterns)]


@export("contrib.framework.get_variable_full_name", "contrib.slim.get_variable_full_name")
def get_variable_full_name(var: Any) -> str:
    """The name of a variable, that of the whole for a part of a partitioned one."""
    if var._save_slice_info:
        return str(var._save_slice_info.full_name)
    return str(var.op.name)


@export("contrib.framework.get_global_step", "contrib.slim.get_global_step")
def get_global_step(graph: Graph | None = None) -> Any:
    """`tf.train.get_global_step`."""
    return step_counter.get_global_step(graph)


@export("contrib.framework.create_global_step", "contrib.slim.create_global_step")
def create_global_step(graph: Graph | None = None) -> Any:
    """`tf.train.create_global_step`."""
    return step_counter.create_global_step(graph)


@export("contrib.framework.get_or_create_global_step", "contrib.slim.get_or_create_global_step")
def get_or_create_global_step(graph: Graph | None = None) -> Any:
    """`tf.train.get_or_create_global_step`."""
    return step_counter.get_or_create_global_step(graph)


@export("contrib.framework.assert_global_step", "contrib.slim.assert_global_step")
def assert_global_step(global_step_tensor: Any) -> None:
    """`tf.train.assert_global_step`."""
    step_counter.assert_global_step(global_step_tensor)


@export("contrib.framework.get_name_scope")
def get_name_scope() -> str:
    """The name scope that is open, without a slash at its end."""
    return get_default_graph().get_name_scope()
