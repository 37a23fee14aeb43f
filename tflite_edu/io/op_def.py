"""From an op class to its OpDef."""

from __future__ import annotations

from typing import Any

from tflite_edu.core.op import REQUIRED, Argument, Op
from tflite_edu.formats.proto import op_def_pb2
from tflite_edu.io.attributes import scalar, set_value


def op_def(cls: type[Op]) -> Any:
    """The OpDef that a class's inputs, outputs, attributes and facts stand for."""
    made = op_def_pb2.OpDef(name=cls.op_type)
    signature = cls.signature
    for argument in signature.inputs:
        _fill(made.input_arg.add(), argument)
    for argument in signature.outputs:
        _fill(made.output_arg.add(), argument)
    for declared in signature.attributes.values():
        attr = made.attr.add(name=declared.name, type=declared.kind)
        if declared.default is not REQUIRED:
            set_value(attr.default_value, declared.kind, declared.default)
        if declared.minimum is not None:
            attr.has_minimum = True
            attr.minimum = declared.minimum
        if declared.allowed:
            inner = declared.kind.removeprefix("list(").removesuffix(")")
            field = attr.allowed_values.list.type if inner == "type" else attr.allowed_values.list.s
            field.extend(scalar(inner, value) for value in declared.allowed)
    made.is_stateful = cls.stateful
    made.is_commutative = cls.commutative
    made.is_aggregate = cls.aggregate
    made.allows_uninitialized_input = cls.uninitialized
    return made


def _fill(proto: Any, argument: Argument) -> None:
    proto.name = argument.name
    proto.is_ref = argument.is_ref
    if argument.dtype is not None:
        proto.type = argument.dtype.as_datatype_enum
    if argument.type_attr is not None:
        proto.type_attr = argument.type_attr
    if argument.number_attr is not None:
        proto.number_attr = argument.number_attr
    if argument.type_list_attr is not None:
        proto.type_list_attr = argument.type_list_attr
