"""Values of variables that may not be initialized yet.

`v.initialized_value()` is a conditional: the variable's value if it has one, else its initial
value. An initial value that depends on other variables is rebuilt on their initialized values, so
that one run may initialize all of them in any order.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tflite_edu.core.graph import get_default_graph
from tflite_edu.core.keys import GraphKeys
from tflite_edu.core.operation import Operation
from tflite_edu.core.scopes import control_dependencies
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.conditional import cond
from tflite_edu.ops.reference_variables import is_variable_initialized

if TYPE_CHECKING:
    from tflite_edu.variables.variable import Variable

_VARIABLES = ("Variable", "VariableV2", "VarHandleOp")

# Nodes that may take an uninitialized variable, or fail as the reading of one should.
_LEFT_ALONE = ("IsVariableInitialized", "VarIsInitializedOp", "ReadVariableOp")


def initialized_value(variable: Variable) -> Tensor:
    """The nodes of `cond(initialized, read the variable, its initial value)`."""
    with control_dependencies(None):
        value: Tensor = cond(
            is_variable_initialized(variable),
            variable.read_value,
            lambda: variable.initial_value,
        )
    return value


def without_uninitialized(name: str, value: Tensor) -> Tensor:
    """`value`, the initial value of the variable `name`, without the use of uninitialized ones.

    Nodes on the way from a variable to `value` are made once more, with `_name` added to their
    names. A value that depends on itself stays as it is.
    """
    if _inputs_first(value.op) is None:
        return value
    rebuilt: dict[Operation, Operation] = {}
    for op in _inputs_first(value.op, stops=(*_LEFT_ALONE, *_VARIABLES)) or ():
        rebuilt[op] = _rebuilt(name, op, rebuilt)
    return rebuilt[value.op]._outputs[value.value_index]


def _inputs_first(end: Operation, stops: tuple[str, ...] = ()) -> list[Operation] | None:
    """All nodes that lead to `end`, each after its inputs; None where one leads to itself.

    What comes before nodes of the types `stops` is left out.
    """
    done: dict[Operation, None] = {}
    path: dict[Operation, Iterator[Tensor]] = {end: iter(end.inputs)}
    while path:
        op = next(reversed(path))
        for tensor in path[op] if op.type not in stops else ():
            if tensor.op in path:
                return None
            if tensor.op not in done:
                path[tensor.op] = iter(tensor.op.inputs)
                break
        else:
            del path[op]
            done[op] = None
    return list(done)


def _rebuilt(name: str, op: Operation, rebuilt: dict[Operation, Operation]) -> Operation:
    """A node on inputs that are initialized, or the node itself where it has no others."""
    if op.type in _LEFT_ALONE:
        return op
    if op.type in _VARIABLES:
        variable = _variable_of(op)
        return op if variable is None else variable.initialized_value().op
    inputs = [rebuilt[tensor.op]._outputs[tensor.value_index] for tensor in op.inputs]
    if all(new is old for new, old in zip(inputs, op.inputs, strict=True)):
        return op
    # A guarded place becomes a guarded value.
    op_type = "Switch" if op.type == "RefSwitch" else op.type
    attributes: dict[str, Any] = {**op.definition.attributes(), **op.extra_attributes}
    return op.graph.create_op(
        op_type, inputs, name=f"{op.name}_{name}".replace(":", "_"), attrs=attributes
    )


def _variable_of(op: Operation) -> Any:
    graph = get_default_graph()
    for collection in (GraphKeys.GLOBAL_VARIABLES, GraphKeys.LOCAL_VARIABLES):
        for variable in graph.get_collection(collection):
            if getattr(variable, "name", None) in (op.name, f"{op.name}:0"):
                return variable
    return None
