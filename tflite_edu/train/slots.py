"""Slots: variables that an optimizer keeps beside each variable that it trains."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.scopes import colocate_with
from tflite_edu.core.shapes import TensorShape
from tflite_edu.ops.constants import zeros
from tflite_edu.variables.initializers import Zeros
from tflite_edu.variables.resource_variable import ResourceVariable
from tflite_edu.variables.scope import get_variable, get_variable_scope, variable_scope
from tflite_edu.variables.variable import Variable


def create_slot(primary: Any, val: Any, name: str, colocate_with_primary: bool = True) -> Any:
    """A slot of `primary` that begins as the tensor `val`."""
    with variable_scope(None, f"{primary.op.name}/{name}"), _beside(primary, colocate_with_primary):
        return _variable(primary, val, val.get_shape().is_fully_defined(), None, None)


def create_slot_with_initializer(
    primary: Any,
    initializer: Any,
    shape: TensorShape,
    dtype: Any,
    name: str,
    colocate_with_primary: bool = True,
) -> Any:
    """A slot of `primary` that begins as an initializer says."""
    with variable_scope(None, f"{primary.op.name}/{name}"), _beside(primary, colocate_with_primary):
        return _variable(primary, initializer, shape.is_fully_defined(), shape, dtype)


def create_zeros_slot(primary: Any, name: str, colocate_with_primary: bool = True) -> Any:
    """A slot of `primary`, of its shape and type, that begins as zeros."""
    dtype = primary.dtype.base_dtype
    shape = primary.get_shape()
    if shape.is_fully_defined():
        return create_slot_with_initializer(
            primary, Zeros(), shape, dtype, name, colocate_with_primary
        )
    is_variable = isinstance(primary, Variable)
    known = primary if not is_variable else primary.initialized_value()
    return create_slot(primary, zeros(raw.Shape(known), dtype=dtype), name, colocate_with_primary)


def _beside(primary: Any, colocated: bool) -> AbstractContextManager[Any]:
    return colocate_with(primary) if colocated else nullcontext()


def _variable(primary: Any, val: Any, validate_shape: bool, shape: Any, dtype: Any) -> Any:
    scope = get_variable_scope()
    partitioner = scope.partitioner
    scope.set_partitioner(None)
    try:
        slot = get_variable(
            "",
            initializer=val,
            trainable=False,
            use_resource=isinstance(primary, ResourceVariable),
            shape=shape if callable(val) else None,
            dtype=dtype,
            validate_shape=validate_shape,
        )
    finally:
        scope.set_partitioner(partitioner)
    part = getattr(primary, "_save_slice_info", None)
    if part is not None:
        # Checkpoints have the slots of all parts as one tensor too, under this name.
        name = slot.op.name[len(primary.op.name) + 1 :]
        slot._set_save_slice_info(
            Variable.SaveSliceInfo(
                f"{part.full_name}/{name}", part.full_shape, part.var_offset, part.var_shape
            )
        )
    return slot
