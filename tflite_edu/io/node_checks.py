"""What a NodeDef must keep to: the attributes and inputs that its op type declares."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import islice, repeat
from typing import Any

from tflite_edu.core.dtypes import DType, as_dtype, kernel_name
from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.core.op import REQUIRED, Argument, Attribute, Op
from tflite_edu.core.tensor import Tensor
from tflite_edu.formats.proto.types_pb2 import DataType
from tflite_edu.io.attributes import FIELDS, KINDS

# How many inputs that are missing a message lists at most.
_MOST_LISTED = 100
# How many outputs a node may have: far more than any has, and few enough to make.
_MOST_OUTPUTS = 2**16


# The kinds of those attributes of any node that are read here.
_EXTRA_KINDS = {"_class": "list(string)", "_output_shapes": "list(shape)"}


def check_extra(node: Any, name: str) -> None:
    """Raises ValueError where an attribute that is not of the op type is of another kind."""
    expected = _EXTRA_KINDS.get(name)
    if expected is not None:
        found = _kind_of(node.attr[name], expected)
        if found != expected:
            raise ValueError(
                f"AttrValue had value with type '{found}' when '{expected}' expected\n\t for attr "
                f"'{name}'\n\t; NodeDef: {{{{node {node.name}}}}}"
            )


def check_constant(node: Any) -> None:
    """Raises InvalidArgumentError on a constant whose value is of another type than its node."""
    if node.op != "Const" or "dtype" not in node.attr or "value" not in node.attr:
        return
    wanted, value = node.attr["dtype"].type, node.attr["value"].tensor.dtype
    known = set(DataType.values()) - {DataType.DT_INVALID}
    if wanted != value and {wanted, value} <= known:
        raise InvalidArgumentError(
            None,
            None,
            f"Type mismatch between value ({kernel_name(as_dtype(value))}) and dtype "
            f"({kernel_name(as_dtype(wanted))})\n\t [[node {node.name}]]",
        )


def check_attributes(
    cls: type[Op], node: Any, full_name: str, left_out: Collection[str] = ()
) -> None:
    """Raises ValueError where attributes of a NodeDef are not those of its op type.

    `full_name` is the name that the node will have. Attributes in `left_out` are not looked at.
    """
    declared = cls.signature.attributes
    for name in node.attr:
        if name not in declared and name not in left_out and not name.startswith("_"):
            raise ValueError(
                f"NodeDef mentions attr '{name}' not in {described(cls)}; NodeDef: "
                f"{{{{node {full_name}}}}}. (Check whether your GraphDef-interpreting binary is up "
                "to date with your GraphDef-generating binary.)."
            )
    missing = [n for n, a in declared.items() if a.default is REQUIRED and n not in node.attr]
    if missing:
        listed = "', '".join(missing)
        raise ValueError(
            f"NodeDef missing attr{'s' if len(missing) > 1 else ''} '{listed}' from "
            f"{described(cls)}; NodeDef: {{{{node {full_name}}}}}"
        )
    for name, attribute in declared.items():
        if name in node.attr:
            _check_value(cls, node.attr[name], attribute, full_name)


def _check_value(cls: type[Op], value: Any, declared: Attribute, full_name: str) -> None:
    found = _kind_of(value, declared.kind)
    if found != declared.kind:
        raise ValueError(
            f"AttrValue had value with type '{found}' when '{declared.kind}' expected\n\t for attr "
            f"'{declared.name}'{_place(cls, full_name)}"
        )
    members, inner = _members(value, declared.kind)
    if declared.minimum is not None:
        is_list = declared.kind.startswith("list(")
        number = len(members) if is_list else value.i
        if number < declared.minimum:
            raise ValueError(
                f"{'Length' if is_list else 'Value'} for attr '{declared.name}' of {number} must "
                f"be at least minimum {declared.minimum}{_place(cls, full_name)}"
            )
    if inner == "type":
        _check_types(cls, declared, members, full_name)
    if declared.allowed:
        for member in members:
            if _plain(member, inner) not in declared.allowed:
                listed = ", ".join(_shown(a, inner) for a in declared.allowed)
                raise ValueError(
                    f"Value for attr '{declared.name}' of {_shown(_plain(member, inner), inner)} "
                    f"is not in the list of allowed values: {listed}{_place(cls, full_name)}"
                )


def _check_types(
    cls: type[Op], declared: Attribute, members: Sequence[int], full_name: str
) -> None:
    for number in members:
        try:
            is_reference = as_dtype(number)._is_ref_dtype
        except TypeError:
            found = f"AttrValue has invalid DataType{f' enum: {number}' if number else ''}"
        else:
            if not is_reference:
                continue
            found = (
                f"AttrValue must not have reference type value of {_type_name(as_dtype(number))}"
            )
        raise ValueError(f"{found}\n\t for attr '{declared.name}'{_place(cls, full_name)}")


def _place(cls: type[Op], full_name: str) -> str:
    return f"\n\t; NodeDef: {{{{node {full_name}}}}}; {described(cls)}"


def _kind_of(value: Any, expected: str) -> str:
    """The kind of an AttrValue; an empty list is of any kind of list."""
    field = value.WhichOneof("value")
    if field is None:
        return "none"
    if field != "list":
        return KINDS.get(field, field)
    kinds = [f"list({kind})" for name, kind in KINDS.items() if len(getattr(value.list, name))]
    if not kinds:
        return expected if expected.startswith("list(") else "list()"
    return next((kind for kind in kinds if kind != expected), expected)


def _members(value: Any, kind: str) -> tuple[list[Any], str]:
    inner = kind.removeprefix("list(").removesuffix(")")
    field = FIELDS[inner]
    if kind.startswith("list("):
        return list(getattr(value.list, field)), inner
    return [getattr(value, field)], inner


def _plain(member: Any, kind: str) -> Any:
    if kind == "type":
        return as_dtype(member)
    return member.decode(errors="replace") if kind == "string" else member


def _shown(value: Any, kind: str) -> str:
    return kernel_name(value) if kind == "type" else f'"{value}"'


def check_inputs(
    cls: type[Op], values: dict[str, Any], name: str, tensors: Sequence[Tensor]
) -> None:
    """Raises ValueError where a node takes other inputs than its op type declares.

    `values` are its attributes and `name` is the name that it will have.
    """
    expected = list(islice(_input_types(cls, values), len(tensors) + _MOST_LISTED))
    if len(expected) != len(tensors):
        listed = ", ".join(_type_name(t) for t in expected)
        raise ValueError(
            f"NodeDef expected inputs '{listed}' do not match {len(tensors)} inputs specified; "
            f"{described(cls)}; NodeDef: {{{{node {name}}}}}"
        )
    for i, (wanted, tensor) in enumerate(zip(expected, tensors, strict=True)):
        _check_type(wanted, name, i, tensor)


def check_input(definition: Op, name: str, index: int, tensor: Tensor) -> None:
    """Raises ValueError where an input of a node is of another type than its op type declares."""
    types = _input_types(type(definition), definition.attributes())
    _check_type(next(islice(types, index, None)), name, index, tensor)


def _check_type(wanted: DType, name: str, index: int, tensor: Tensor) -> None:
    given = tensor.dtype
    if given is not wanted and (wanted._is_ref_dtype or given.base_dtype is not wanted):
        raise ValueError(
            f"Input {index} of node {name} was passed {_type_name(given)} from {tensor.name} "
            f"incompatible with expected {_type_name(wanted)}."
        )


def check_output_count(cls: type[Op], name: str, values: dict[str, Any]) -> None:
    """Raises ValueError where attributes ask for more outputs than any node has."""
    for argument in cls.signature.outputs:
        count = values[argument.number_attr] if argument.number_attr else 1
        if count > _MOST_OUTPUTS:
            raise ValueError(
                f"Node '{name}': attr '{argument.number_attr}' asks for {count} outputs, more "
                f"than {_MOST_OUTPUTS}"
            )


def _input_types(cls: type[Op], values: dict[str, Any]) -> Iterator[DType]:
    for argument in cls.signature.inputs:
        if argument.type_list_attr is not None:
            listed = values[argument.type_list_attr]
            yield from [t._as_ref for t in listed] if argument.is_ref else listed
            continue
        dtype = argument.dtype or values[argument.type_attr or ""]
        count = values[argument.number_attr] if argument.number_attr else 1
        yield from repeat(dtype._as_ref if argument.is_ref else dtype, count)


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
    # What a list of types holds is not told.
    kind = argument.type_attr or ""
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
