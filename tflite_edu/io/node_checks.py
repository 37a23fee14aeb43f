"""What a NodeDef must keep to: the attributes and inputs that its op type declares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tflite_edu.core.dtypes import DType, as_dtype, kernel_name
from tflite_edu.core.op import REQUIRED, Argument, Attribute, Op
from tflite_edu.core.tensor import Tensor

# What the fields of an AttrValue are called in messages.
_KINDS = {
    "s": "string",
    "i": "int",
    "f": "float",
    "b": "bool",
    "type": "type",
    "shape": "shape",
    "tensor": "tensor",
    "func": "func",
}


def check_attributes(cls: type[Op], node: Any) -> None:
    """Raises ValueError where a NodeDef's attributes are not those of its op type."""
    declared = cls.signature.attributes
    for name in node.attr:
        if name not in declared and not name.startswith("_"):
            raise ValueError(
                f"NodeDef mentions attr '{name}' not in {described(cls)}; NodeDef: "
                f"{{{{node {node.name}}}}}. (Check whether your GraphDef-interpreting binary is up "
                "to date with your GraphDef-generating binary.)."
            )
    missing = [n for n, a in declared.items() if a.default is REQUIRED and n not in node.attr]
    if missing:
        listed = "', '".join(missing)
        raise ValueError(
            f"NodeDef missing attr{'s' if len(missing) > 1 else ''} '{listed}' from "
            f"{described(cls)}; NodeDef: {{{{node {node.name}}}}}"
        )
    for name, attribute in declared.items():
        if name in node.attr:
            _check_value(cls, node, attribute)


def _check_value(cls: type[Op], node: Any, declared: Attribute) -> None:
    value = node.attr[declared.name]
    where = f"\n\t; NodeDef: {{{{node {node.name}}}}}; {described(cls)}"
    found = _kind_of(value, declared.kind)
    if found != declared.kind:
        raise ValueError(
            f"AttrValue had value with type '{found}' when '{declared.kind}' expected\n\t for attr "
            f"'{declared.name}'{where}"
        )
    members, inner = _members(value, declared.kind)
    if declared.minimum is not None:
        is_list = declared.kind.startswith("list(")
        number = len(members) if is_list else value.i
        if number < declared.minimum:
            raise ValueError(
                f"{'Length' if is_list else 'Value'} for attr '{declared.name}' of {number} must "
                f"be at least minimum {declared.minimum}{where}"
            )
    if declared.allowed:
        for member in members:
            if _plain(member, inner) not in declared.allowed:
                listed = ", ".join(_shown(a, inner) for a in declared.allowed)
                raise ValueError(
                    f"Value for attr '{declared.name}' of {_shown(_plain(member, inner), inner)} "
                    f"is not in the list of allowed values: {listed}{where}"
                )


def _kind_of(value: Any, expected: str) -> str:
    """The kind of an AttrValue; an empty list is of any kind of list."""
    field = value.WhichOneof("value")
    if field is None:
        return "none"
    if field != "list":
        return _KINDS[field]
    for name, kind in _KINDS.items():
        if len(getattr(value.list, name)):
            return f"list({kind})"
    return expected if expected.startswith("list(") else "list()"


def _members(value: Any, kind: str) -> tuple[list[Any], str]:
    inner = kind.removeprefix("list(").removesuffix(")")
    field = next(f for f, k in _KINDS.items() if k == inner)
    if kind.startswith("list("):
        return list(getattr(value.list, field)), inner
    return [getattr(value, field)], inner


def _plain(member: Any, kind: str) -> Any:
    if kind == "type":
        return as_dtype(member)
    return member.decode(errors="replace") if kind == "string" else member


def _shown(value: Any, kind: str) -> str:
    return kernel_name(value) if kind == "type" else f'"{value}"'


def check_inputs(definition: Op, node: Any, name: str, tensors: Sequence[Tensor]) -> None:
    """Raises ValueError where a node takes other inputs than its op type declares.

    `name` is the name that the node will have.
    """
    expected = _input_types(definition)
    if len(expected) != len(tensors):
        listed = ", ".join(_type_name(t) for t in expected)
        raise ValueError(
            f"NodeDef expected inputs '{listed}' do not match {len(tensors)} inputs specified; "
            f"{described(type(definition))}; NodeDef: {{{{node {node.name}}}}}"
        )
    for i, (wanted, tensor) in enumerate(zip(expected, tensors, strict=True)):
        given = tensor.dtype
        if given is not wanted and (wanted._is_ref_dtype or given.base_dtype is not wanted):
            raise ValueError(
                f"Input {i} of node {name} was passed {_type_name(given)} from {tensor.name} "
                f"incompatible with expected {_type_name(wanted)}."
            )


def _input_types(definition: Op) -> list[DType]:
    types: list[DType] = []
    for argument in definition.signature.inputs:
        if argument.type_list_attr is not None:
            types += getattr(definition, argument.type_list_attr)
            continue
        dtype = argument.dtype or getattr(definition, argument.type_attr or "")
        count = getattr(definition, argument.number_attr) if argument.number_attr else 1
        types += [dtype._as_ref if argument.is_ref else dtype] * count
    return types


def _type_name(dtype: DType) -> str:
    suffix = "_ref" if dtype._is_ref_dtype else ""
    return kernel_name(dtype.base_dtype) + suffix


def described(cls: type[Op]) -> str:
    """An op type in one line, as TensorFlow's messages show it."""
    signature = cls.signature
    inputs = ", ".join(_argument(a) for a in signature.inputs)
    outputs = ", ".join(_argument(a) for a in signature.outputs)
    text = f"Op<name={cls.op_type}; signature={inputs} -> {outputs}"
    for attribute in signature.attributes.values():
        text += f"; attr={attribute.name}:{attribute.kind}"
        inner = attribute.kind.removeprefix("list(").removesuffix(")")
        if attribute.default is not REQUIRED:
            text += f",default={_default(attribute.default, attribute.kind)}"
        if attribute.minimum is not None:
            text += f",min={attribute.minimum}"
        if attribute.allowed:
            text += f",allowed=[{', '.join(_default(a, inner) for a in attribute.allowed)}]"
    for flag in ("commutative", "aggregate", "stateful"):
        if getattr(cls, flag):
            text += f"; is_{flag}=true"
    return text + ("; allows_uninitialized_input=true" if cls.uninitialized else "") + ">"


def _argument(argument: Argument) -> str:
    kind = argument.type_attr or argument.type_list_attr
    if argument.dtype is not None:
        kind = kernel_name(argument.dtype)
    if argument.number_attr is not None:
        kind = f"{argument.number_attr}*{kind}"
    return f"{argument.name}:Ref({kind})" if argument.is_ref else f"{argument.name}:{kind}"


def _default(value: Any, kind: str) -> str:
    if kind.startswith("list("):
        return f"[{', '.join(_default(v, kind[5:-1]) for v in value)}]"
    if kind == "type":
        return "DT_" + kernel_name(value).upper()
    if kind == "bool":
        return "true" if value else "false"
    if kind == "string":
        return f'"{value}"'
    if kind == "float":
        return f"{value:g}"
    if kind == "shape":
        dims = (
            "<unknown>" if value is None else ",".join("?" if d is None else str(d) for d in value)
        )
        return dims if value is None else f"[{dims}]"
    return str(value)
