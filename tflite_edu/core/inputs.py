"""What a call of `raw.<OpType>` is given, converted and checked: inputs and attributes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from tflite_edu.core.constant import shown
from tflite_edu.core.convert import convert
from tflite_edu.core.dtypes import DType
from tflite_edu.core.graph import Graph
from tflite_edu.core.op import Argument, Attribute, Op, Unset, normalise
from tflite_edu.core.tensor import Tensor


def default(cls: type[Op], declared: Attribute) -> Any:
    if isinstance(declared.default, Unset):
        raise TypeError(f"No argument for attr {declared.name} found in call of {cls.op_type}")
    return declared.default


def normalised(cls: type[Op], declared: Attribute, value: Any) -> Any:
    """An attribute that a caller gave, in its declared kind, or TF's complaint about its type."""
    if declared.kind.startswith("list("):
        if not isinstance(value, (list, tuple)):
            raise _not_a_list(_function_name(cls), declared.name, value)
        return tuple([_normal(declared.name, declared.kind[5:-1], v) for v in value])
    return _normal(declared.name, declared.kind, value)


def check_value(cls: type[Op], declared: Attribute, value: Any) -> None:
    """Raises TF's complaint about an attribute of the right type that its op does not allow."""
    if declared.kind in ("type", "list(type)"):
        for dtype in value if declared.kind == "list(type)" else (value,):
            _check_allowed(declared, dtype, declared.name)
    if declared.kind == "string" and declared.allowed and value not in declared.allowed:
        listed = '", "'.join(declared.allowed)
        raise ValueError(
            f"Attr '{declared.name}' of '{cls.op_type}' Op passed string '{value}' not in: "
            f'"{listed}".'
        )
    elif declared.minimum is not None:
        if declared.kind == "int" and value < declared.minimum:
            raise ValueError(
                f"Attr '{declared.name}' of '{cls.op_type}' Op passed {value} less than minimum "
                f"{declared.minimum}."
            )
        if declared.kind.startswith("list(") and len(value) < declared.minimum:
            raise ValueError(
                f"Attr '{declared.name}' of '{cls.op_type}' Op passed list of length "
                f"{len(value)} less than minimum "
                f"{declared.minimum}."
            )


def _normal(name: str, kind: str, value: Any) -> Any:
    try:
        return normalise(kind, value)
    except (TypeError, ValueError) as error:
        if kind == "shape":
            raised = TypeError if isinstance(error, TypeError) else ValueError
            raise raised(f"Error converting {name} to a TensorShape: {error}.") from None
        wanted = "DataType" if kind == "type" else kind
        raise TypeError(f"Expected {wanted} for argument '{name}' not {shown(value)}.") from None


_WORD_START = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=.)(?=[A-Z][a-z])")


def _function_name(cls: type[Op]) -> str:
    """The name of TF's function that makes nodes of an op type."""
    return _WORD_START.sub("_", cls.op_type).lower()


def _not_a_list(function: str, name: str, value: Any) -> TypeError:
    return TypeError(f"Expected list for '{name}' argument to '{function}' Op, not {shown(value)}.")


def check_lists(cls: type[Op], inputs: Sequence[Any]) -> None:
    """Raises unless list arguments are given lists, and those that must be equally long are."""
    lengths: dict[str, tuple[str, int]] = {}
    for argument, value in zip(cls.signature.inputs, inputs, strict=True):
        if argument.is_list and not isinstance(value, (list, tuple)):
            function = cls.op_type if argument.number_attr is None else _function_name(cls)
            raise _not_a_list(function, argument.name, value)
        if argument.number_attr is not None:
            first, count = lengths.setdefault(argument.number_attr, (argument.name, len(value)))
            if len(value) != count:
                raise ValueError(
                    f"List argument '{argument.name}' to '{_function_name(cls)}' Op with length "
                    f"{len(value)} must match length {count} of argument '{first}'."
                )


def _check_allowed(declared: Attribute, dtype: DType, parameter: str) -> None:
    if declared.allowed and dtype not in declared.allowed:
        listed = ", ".join(t.name for t in declared.allowed)
        raise TypeError(
            f"Value passed to parameter '{parameter}' has DataType {dtype.name} not in list of "
            f"allowed values: {listed}"
        )


def take_input(
    cls: type[Op],
    argument: Argument,
    value: Any,
    attributes: dict[str, Any],
    tensors: list[Tensor],
) -> None:
    """Converts the value of one input and learns the type attributes from it."""
    if argument.number_attr is not None:
        _take_list(cls, argument, value, attributes, tensors)
        return
    if argument.type_list_attr is not None:
        _take_mixed_list(cls, argument, value, attributes, tensors)
        return
    key = argument.type_attr
    if key is None:
        tensor = _converted(cls, argument, value, argument.dtype, None)
        tensors.append(tensor)
        return
    known = attributes.get(key)
    declared = cls.signature.attributes[key]
    if known is None:
        default = None if isinstance(declared.default, Unset) else declared.default
        tensor = _converted(cls, argument, value, None, default)
        dtype = tensor.dtype.base_dtype
        if declared.allowed and dtype not in declared.allowed:
            _check_allowed(declared, dtype, argument.name)
        attributes[key] = dtype
    else:
        tensor = _converted(cls, argument, value, known, None, key)
    tensors.append(tensor)


def _converted(
    cls: type[Op],
    argument: Argument,
    value: Any,
    dtype: DType | None,
    preferred: DType | None,
    known_by: str | None = None,
) -> Tensor:
    if type(value) is Tensor:
        tensor = value
    else:
        try:
            tensor = convert(value, dtype, argument.name, argument.is_ref, preferred)
        except TypeError as error:
            if dtype is None:
                raise
            raise TypeError(
                f"Expected {dtype.name} passed to parameter '{argument.name}' of op "
                f"'{cls.op_type}', got {value!r} of type "
                f"'{type(value).__name__}' instead. Error: {error}"
            ) from None
        except ValueError as error:
            if dtype is None or value is None:
                raise
            try:
                tensor = convert(value, None, argument.name, argument.is_ref, None)
            except (TypeError, ValueError):
                raise error from None
    if dtype is not None and tensor.dtype.base_dtype is not dtype:
        if known_by is not None:
            first = next(
                a.name
                for a in cls.signature.inputs
                if a.type_attr == known_by or a.number_attr and a.type_attr == known_by
            )
            if first != argument.name:
                raise TypeError(
                    f"Input '{argument.name}' of '{cls.op_type}' Op has type "
                    f"{tensor.dtype.base_dtype.name} that does not match "
                    f"type {dtype.name} of argument '{first}'."
                )
        raise TypeError(
            f"Input '{argument.name}' of '{cls.op_type}' Op has type "
            f"{tensor.dtype.base_dtype.name} that does not match "
            f"expected type of {dtype.name}."
        )
    if argument.is_ref and not tensor.dtype._is_ref_dtype:
        raise TypeError(
            f"'{cls.op_type}' Op requires that input '{argument.name}' be a mutable tensor "
            f"(e.g.: a tf.Variable)"
        )
    return tensor


def _take_list(
    cls: type[Op],
    argument: Argument,
    values: Any,
    attributes: dict[str, Any],
    tensors: list[Tensor],
) -> None:
    number = argument.number_attr
    assert number is not None
    declared_number = cls.signature.attributes[number]
    if number in attributes:
        if len(values) != attributes[number]:
            raise ValueError(
                f"List argument '{argument.name}' to '{cls.op_type}' Op with length "
                f"{len(values)} must match length "
                f"{attributes[number]} of argument '{number}'."
            )
    else:
        if declared_number.minimum is not None and len(values) < declared_number.minimum:
            raise ValueError(
                f"List argument '{argument.name}' to '{cls.op_type}' Op with length "
                f"{len(values)} shorter than minimum length "
                f"{declared_number.minimum}."
            )
        attributes[number] = len(values)
    dtype = argument.dtype
    preferred = None
    declared = None
    if argument.type_attr is not None:
        declared = cls.signature.attributes[argument.type_attr]
        dtype = attributes.get(argument.type_attr)
        if dtype is None:
            preferred = None if isinstance(declared.default, Unset) else declared.default
            # One tensor in the list settles the type to which the other values are converted.
            dtype = next((t.dtype.base_dtype for t in values if isinstance(t, Tensor)), None)
    try:
        converted = [
            value
            if type(value) is Tensor
            else convert(value, dtype, f"{argument.name}_{i}", argument.is_ref, preferred)
            for i, value in enumerate(values)
        ]
    except (TypeError, ValueError):
        found = _types_found(cls, argument, values)
        if argument.dtype is not None:
            expected = argument.dtype.name
            raise TypeError(f"{found} that do not match expected type {expected}.") from None
        raise TypeError(f"{found} that don't all match.") from None
    types = [t.dtype.base_dtype for t in converted]
    if types and any(t is not types[0] for t in types):
        listed = ", ".join(t.name for t in types)
        raise TypeError(
            f"Tensors in list passed to '{argument.name}' of '{cls.op_type}' Op have types "
            f"[{listed}] "
            "that don't all match."
        )
    if types and dtype is not None and types[0] is not dtype:
        raise TypeError(
            f"Tensors in list passed to '{argument.name}' of '{cls.op_type}' Op have types "
            f"[{', '.join(t.name for t in types)}] that do not match expected type {dtype.name}."
        )
    if declared is not None and types:
        _check_allowed(declared, types[0], argument.name)
        attributes[declared.name] = types[0]
    elif (
        declared is not None
        and declared.name not in attributes
        and isinstance(declared.default, Unset)
    ):
        raise TypeError(
            f"Don't know how to infer type variable from empty input list passed to input "
            f"'{argument.name}' of '{cls.op_type}' Op."
        )
    tensors += converted


def _take_mixed_list(
    cls: type[Op],
    argument: Argument,
    values: Any,
    attributes: dict[str, Any],
    tensors: list[Tensor],
) -> None:
    key = argument.type_list_attr
    assert key is not None
    known = attributes.get(key)
    if known is not None and len(known) != len(values):
        raise ValueError(
            f"List argument '{argument.name}' to '{cls.op_type}' Op with length {len(values)} must "
            f"match length {len(known)} of attr '{key}'."
        )
    try:
        converted = [
            convert(
                value,
                None if known is None else known[i],
                f"{argument.name}_{i}",
                argument.is_ref,
                None,
            )
            for i, value in enumerate(values)
        ]
    except (TypeError, ValueError):
        found = _types_found(cls, argument, values)
        raise TypeError(f"{found} that are invalid. Tensors: {shown(values)}") from None
    declared = cls.signature.attributes[key]
    if declared.minimum is not None and len(converted) < declared.minimum:
        raise ValueError(
            f"Attr '{key}' of '{cls.op_type}' Op passed list of length {len(converted)} less than "
            f"minimum {declared.minimum}."
        )
    attributes[key] = tuple(t.dtype.base_dtype for t in converted)
    for dtype in attributes[key]:
        _check_allowed(declared, dtype, argument.name)
    tensors += converted


def _types_found(cls: type[Op], argument: Argument, values: Sequence[Any]) -> str:
    """The start of TF's message on a list of which some value cannot be converted."""
    found = []
    with Graph().as_default():
        for value in values:
            try:
                found.append(convert(value, None, None, argument.is_ref).dtype.base_dtype.name)
            except (TypeError, ValueError):
                found.append("<NOT CONVERTIBLE TO TENSOR>")
    return (
        f"Tensors in list passed to '{argument.name}' of '{cls.op_type}' Op have types "
        f"[{', '.join(found)}]"
    )
