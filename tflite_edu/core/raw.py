"""`raw.<OpType>(...)`: the one door through which nodes come into a graph.

`raw.MatMul(a, b, transpose_a=True, name="product")` converts the inputs, finds the type attributes
from them, infers shapes and adds the node to the graph. The class of an op type is looked up when
it is first called, so any room can make any node without importing where it is defined.
"""

from __future__ import annotations

import collections
import typing
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from tflite_edu.core.constant_value import grouped
from tflite_edu.core.graph import Graph, get_default_graph, graph_of
from tflite_edu.core.inputs import check_lists, check_value, default, normalised, take_input
from tflite_edu.core.node import length, node
from tflite_edu.core.op import REQUIRED, Op, resolve
from tflite_edu.core.operation import Operation
from tflite_edu.core.tensor import Tensor


def __getattr__(op_type: str) -> Callable[..., typing.Any]:
    if op_type.startswith("_"):
        raise AttributeError(op_type)
    try:
        cls = resolve(op_type)
    except KeyError:
        raise AttributeError(f"no operation {op_type!r} is defined") from None
    made = _maker(cls)
    globals()[op_type] = made
    return made


def _maker(cls: type[Op]) -> Callable[..., typing.Any]:
    def make(*inputs: typing.Any, name: str | None = None, **attributes: typing.Any) -> typing.Any:
        return apply(cls, inputs, attributes, name)

    make.__name__ = make.__qualname__ = cls.op_type
    make.__doc__ = cls.__doc__
    return make


def apply(
    cls: type[Op], inputs: Sequence[typing.Any], attributes: dict[str, typing.Any], name: str | None
) -> typing.Any:
    """Makes a node of an op type.

    Returns its one output, a list where that output is a list, a tuple of outputs, or the
    operation where it has none. Raises TypeError on types that do not fit and ValueError on shapes
    that do not.
    """
    signature = cls.signature
    if len(inputs) < len(signature.inputs):
        inputs = (*inputs, *_by_keyword(cls, inputs, attributes))
    elif len(inputs) > len(signature.inputs):
        raise TypeError(
            f"{cls.op_type} takes {len(signature.inputs)} inputs but {len(inputs)} were given"
        )
    graph = get_default_graph()
    found = _graph_of_inputs(inputs)
    if found is not None and found is not graph:
        with found.as_default():
            return _apply_in(found, cls, inputs, attributes, name)
    return _apply_in(graph, cls, inputs, attributes, name)


def _by_keyword(
    cls: type[Op], given: Sequence[typing.Any], attributes: dict[str, typing.Any]
) -> list[typing.Any]:
    missing = cls.signature.input_names[len(given) :]
    for name in missing:
        if name not in attributes:
            raise TypeError(f"No argument for input {name}")
    return [attributes.pop(name) for name in missing]


def _graph_of_inputs(inputs: Sequence[typing.Any]) -> Graph | None:
    flat: list[typing.Any] = []
    for value in inputs:
        if type(value) is Tensor:
            flat.append(value)
        elif isinstance(value, (list, tuple)):
            flat += value
        elif hasattr(value, "_as_graph_element") or hasattr(value, "_to_components"):
            flat.append(value)
    if len(flat) == 1 and type(flat[0]) is Tensor:
        return flat[0].op.graph
    return graph_of(flat)


def _apply_in(
    graph: Graph,
    cls: type[Op],
    inputs: Sequence[typing.Any],
    given: dict[str, typing.Any],
    name: str | None,
) -> typing.Any:
    signature = cls.signature
    if signature.has_lists:
        check_lists(cls, inputs)
    attributes: dict[str, typing.Any] = {}
    for key, value in given.items():
        declared = signature.attributes.get(key)
        if declared is None:
            raise TypeError(f"{cls.op_type} got an unexpected keyword argument '{key}'")
        if value is not None or declared.default is REQUIRED:
            attributes[key] = normalised(cls, declared, value)
    # As in TensorFlow, an attribute of a wrong type takes no name, one of a wrong value does.
    saved = graph._name_stack
    scope = graph._enter_scope(name or cls.op_type)
    try:
        tensors: list[Tensor] = []
        for key, value in attributes.items():
            check_value(cls, signature.attributes[key], value)
        for argument, value in zip(signature.inputs, inputs, strict=True):
            take_input(cls, argument, value, attributes, tensors)
    finally:
        graph._name_stack = saved
    values = tuple(
        attributes[key] if key in attributes else default(cls, declared)
        for key, declared in signature.attributes.items()
    )
    definition = cls.of(values)
    if signature.has_refs:
        with ExitStack() as stack:
            # Whatever takes a variable's place is placed with the variable.
            for variable in _referred(definition, tensors):
                stack.enter_context(graph.colocate_with(variable))
            return structured(node(graph, definition, tensors, scope))
    return structured(node(graph, definition, tensors, scope))


def _referred(definition: Op, tensors: Sequence[Tensor]) -> list[Operation]:
    """The nodes that make the inputs which are declared to be references."""
    found: list[Operation] = []
    declared = definition.signature.inputs
    for argument, given in zip(declared, grouped(definition, list(tensors)), strict=True):
        if argument.is_ref:
            found += [t.op for t in (given if isinstance(given, list) else [given])]
    return found


def create_op(
    graph: Graph,
    op_type: str,
    inputs: Sequence[Tensor],
    name: str | None,
    given: dict[str, typing.Any],
) -> Operation:
    """`Graph.create_op`: a node from an op type and plain attribute values, nothing converted."""
    cls = resolve(op_type)
    signature = cls.signature
    attributes: dict[str, typing.Any] = {}
    extra: dict[str, typing.Any] = {}
    for key, value in given.items():
        declared = signature.attributes.get(key)
        if declared is None:
            extra[key] = value
        else:
            attributes[key] = normalised(cls, declared, value)
            check_value(cls, declared, attributes[key])
    index = 0
    for argument in signature.inputs:
        if argument.number_attr is not None:
            count = attributes.get(argument.number_attr, len(inputs) - index)
            taken: typing.Any = list(inputs[index : index + count])
            index += count
        elif argument.type_list_attr is not None:
            types = attributes.get(argument.type_list_attr)
            count = len(inputs) - index if types is None else len(types)
            taken = list(inputs[index : index + count])
            index += count
        else:
            taken = inputs[index]
            index += 1
        take_input(cls, argument, taken, attributes, [])
    values = tuple(
        attributes[key] if key in attributes else default(cls, declared)
        for key, declared in signature.attributes.items()
    )
    op = node(graph, cls.of(values), inputs, name or op_type)
    # An open colocation scope says where the node is, whatever the attributes say.
    placed = op.extra_attributes.get("_class")
    op.extra_attributes.update(extra)
    if placed is not None:
        op.extra_attributes["_class"] = placed
    return op


def structured(op: Operation) -> typing.Any:
    """The outputs of a node as its function returns them."""
    outputs = op.definition.signature.outputs
    if not op._outputs:
        return op
    if len(outputs) == 1:
        return list(op._outputs) if outputs[0].is_list else op._outputs[0]
    grouped: list[typing.Any] = []
    index = 0
    for argument in outputs:
        if argument.is_list:
            count = length(op.definition, argument)
            grouped.append(list(op._outputs[index : index + count]))
            index += count
        else:
            grouped.append(op._outputs[index])
            index += 1
    return _outputs_type(type(op.definition))(*grouped)


_outputs_types: dict[str, typing.Any] = {}


def _outputs_type(cls: type[Op]) -> typing.Any:
    """The named tuple in which an op type with several outputs returns them."""
    found = _outputs_types.get(cls.op_type)
    if found is None:
        names = [a.name for a in cls.signature.outputs]
        found = _outputs_types[cls.op_type] = collections.namedtuple(cls.op_type, names)
    return found
