"""Restoring into the memory that variables already have.

The nodes of a saver read a whole checkpoint and then assign it, so that for a moment old and new
values are both there. Where these nodes do what every saver's do, and nobody else holds a
variable's array, the same is done here without a second copy: everything is checked first, only
then is anything overwritten.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, NamedTuple

import numpy as np

from tflite_edu.core import errors
from tflite_edu.core.operation import Operation
from tflite_edu.core.shapes import is_fully_defined
from tflite_edu.formats import bundle_index
from tflite_edu.formats.checkpoint_bundle import BundleReader, StoredTensor
from tflite_edu.formats.tensor_slice import parse_shape_and_slice
from tflite_edu.runtime.resources import VariableSlot
from tflite_edu.runtime.session import BaseSession


class _Assignment(NamedTuple):
    """A variable, and what in the checkpoint it becomes."""

    variable: Operation
    dtype: Any
    name: str
    shape_and_slice: str


def restore_in_place(session: Any, saver_def: Any, prefix: str) -> bool:
    """Does what the node `restore_op_name` of a saver does; False where that node has to run.

    It has to where anything is unusual: nodes of another kind, parts cut in another way, strings,
    shapes or types that differ, a checkpoint that is damaged or in the V1 format. Nothing is
    changed then, and the node says what is wrong.

    Raises:
      tf.errors.OpError: by errno, where a file that was just read cannot be read again. The
        variable that was being read is uninitialized then.
    """
    if not isinstance(session, BaseSession) or session._closed or not bundle_index.exists(prefix):
        return False
    assignments = _assignments(session, saver_def)
    if not assignments:
        return False
    with ExitStack() as stack:
        try:
            reader = stack.enter_context(BundleReader(prefix))
            stored = [_stored(reader, each) for each in assignments]
            found = [one for one in stored if one is not None]
            if len(found) < len(assignments):
                return False
            for one in found:
                one.verify()
        except errors.OpError:
            return False
        slots = [_slot(session, each.variable) for each in assignments]
        for slot in sorted(slots, key=id):
            stack.enter_context(slot.lock)
        _overwrite(slots, found)
    return True


def _slot(session: BaseSession, variable: Operation) -> VariableSlot:
    definition: Any = variable.definition
    slot: VariableSlot = definition.forward(session._programs.host(variable))
    return slot


def _overwrite(slots: list[VariableSlot], stored: list[StoredTensor]) -> None:
    """Puts what is stored into the slots; arrays that somebody else may hold are replaced."""
    # Where memory is short, that shows before anything is overwritten.
    fresh = [_replacement(slot, one) for slot, one in zip(slots, stored, strict=True)]
    for slot, one in zip(slots, stored, strict=True):
        # Variables may share an array, which is free for the last of them.
        array, other = _taken(slot, one), fresh.pop(0)
        if array is None:
            # Another thread may have assigned something meanwhile.
            array = np.empty(one.shape, one.dtype) if other is None else other
        one.read_into(array)
        slot.write(array)


def _replacement(slot: VariableSlot, one: StoredTensor) -> Any:
    """A new array, untouched so far, if the one in the slot cannot be written to; else None."""
    array = _taken(slot, one)
    if array is None:
        return np.empty(one.shape, one.dtype)
    slot.write(array)
    return None


def _taken(slot: VariableSlot, one: StoredTensor) -> Any:
    """A variable's array, out of its place, if it can become what is stored; else None."""
    array = slot.take()
    if array is None:
        return None
    if array.shape == one.shape and array.dtype == one.dtype and array.flags.c_contiguous:
        return array
    slot.write(array)
    return None


def _stored(reader: BundleReader, wanted: _Assignment) -> StoredTensor | None:
    """What a variable becomes, if it fits and the files have it in one piece."""
    if wanted.name not in reader:
        return None
    number, full_shape = reader.dtype_and_shape(wanted.name)
    if number != wanted.dtype.as_datatype_enum:
        return None
    part = None
    if wanted.shape_and_slice:
        declared, part, _ = parse_shape_and_slice(wanted.shape_and_slice)
        if declared != full_shape:
            return None
    one = reader.stored(wanted.name, part)
    definition: Any = wanted.variable.definition
    shape = definition.shape
    if one is None or not is_fully_defined(shape) or tuple(shape) != one.shape:
        return None
    return one


def _assignments(session: BaseSession, saver_def: Any) -> list[_Assignment]:
    """What the nodes of a saver do; empty where they do anything but restore variables."""
    graph = session.graph
    try:
        filename = graph.get_tensor_by_name(saver_def.filename_tensor_name)
        restore = graph.get_operation_by_name(saver_def.restore_op_name)
    except (KeyError, ValueError):
        return []
    found = []
    for op in _grouped(restore):
        one = _assignment(op, filename)
        if one is None:
            return []
        found.append(one)
    if len({each.variable for each in found}) < len(found):
        return []
    return found


def _grouped(op: Operation) -> Iterator[Operation]:
    """The nodes for which a `tf.group` waits, and those for which groups inside it do."""
    for other in op.control_inputs:
        if other.type == "NoOp":
            yield from _grouped(other)
        else:
            yield other


def _assignment(op: Operation, filename: Any) -> _Assignment | None:
    if op.type not in ("Assign", "AssignVariableOp") or op.control_inputs:
        return None
    variable, value = op.inputs[0].op, op.inputs[1]
    if variable.type not in ("VariableV2", "VarHandleOp"):
        return None
    if value.op.type == "Identity" and not value.op.control_inputs:
        value = value.op.inputs[0]
    restored = value.op
    if restored.type != "RestoreV2" or restored.control_inputs:
        return None
    prefix, names, slices = restored.inputs
    if prefix is not filename or names.op.type != "Const" or slices.op.type != "Const":
        return None
    texts = [tensor.op.definition.value.ravel()[value.value_index] for tensor in (names, slices)]
    return _Assignment(variable, value.dtype, texts[0].decode(), texts[1].decode())
