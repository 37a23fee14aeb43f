"""Algebra: steps that give back one of their inputs, now that values and shapes are known."""

from __future__ import annotations

from typing import Any

import numpy

from tflite_edu.core.dtypes import int32
from tflite_edu.core.op import resolve
from tflite_edu.core.shapes import is_fully_defined
from tflite_edu.plan.program import Program, Step, Value
from tflite_edu.plan.rewriting import Log, rebuilt, with_inputs

_REDUCTIONS = frozenset({"Sum", "Mean", "Max", "Min", "Prod", "All", "Any"})


def algebra(program: Program, log: Log) -> Program:
    """The program without steps that leave their input as it is: x · 1, a sum over no axes, ..."""
    constants: dict[Value, Any] = {}
    makers: dict[Value, Step] = {}
    # Values all of whose elements are one known number.
    uniform: dict[Value, Any] = {}
    instead: dict[Value, Value] = {}
    kept: list[Step] = []
    for step in program.steps:
        step = with_inputs(step, instead)
        if step.definition.op_type == "Const":
            constants[step.outputs[0]] = step.definition.value  # type: ignore[attr-defined]
        step = _with_scalars(step, uniform, kept)
        step = _simpler(step, constants, makers, kept)
        makers.update(dict.fromkeys(step.outputs, step))
        number = _uniform(step, constants)
        if number is not None:
            uniform[step.outputs[0]] = number
        same = _same_as(step, constants)
        if same is None:
            kept.append(step)
            continue
        if same.slot is not None:
            # What the variable holds at this moment, which later steps must not read again.
            look = resolve("Identity").of((step.outputs[0].dtype,))
            kept.append(Step(step.operation, (same,), step.outputs, (), look))
            continue
        instead[step.outputs[0]] = same
        log.append(f"algebra: {step.operation.name} is {same.name}")
    return rebuilt(program, kept, instead)


def _same_as(step: Step, constants: dict[Value, Any]) -> Value | None:
    """The input that the step's only output is sure to equal, or None."""
    definition: Any = step.definition
    op_type = definition.op_type
    if len(step.outputs) != 1 or not step.inputs or definition.effect is not None:
        return None
    first, output = step.inputs[0], step.outputs[0]
    second = constants.get(step.inputs[1]) if len(step.inputs) == 2 else None
    if op_type == "Reshape":
        return first if _equal_shapes(first, output) else None
    if op_type in _REDUCTIONS:
        return first if second is not None and second.size == 0 else None
    if op_type == "Tile":
        return first if second is not None and bool((second == 1).all()) else None
    if op_type == "Transpose":
        unchanged = second is not None and second.tolist() == list(range(second.size))
        return first if unchanged else None
    if op_type == "Cast":
        return first if definition.SrcT is definition.DstT else None
    if op_type in ("Mul", "RealDiv"):
        if second is not None and bool((second == 1).all()) and _equal_shapes(first, output):
            return first
        left = constants.get(first)
        if op_type == "Mul" and left is not None and bool((left == 1).all()):
            return step.inputs[1] if _equal_shapes(step.inputs[1], output) else None
    if op_type == "Pow" and second is not None and second.size == 1:
        return first if second.reshape(()) == 1 and _equal_shapes(first, output) else None
    return None


def _equal_shapes(one: Value, other: Value) -> bool:
    return one.shape is not None and None not in one.shape and one.shape == other.shape


def _simpler(
    step: Step, constants: dict[Value, Any], makers: dict[Value, Step], kept: list[Step]
) -> Step:
    """A step that does the same with less.

    x² for a power, a reshape for a sum over single elements; a reshape of a reshape takes what the
    first one took.
    """
    definition: Any = step.definition
    if definition.op_type == "Pow" and step.inputs[0].dtype.is_floating:
        power = constants.get(step.inputs[1])
        if power is not None and power.size == 1 and float(power.reshape(())) == 2.0:
            if _equal_shapes(step.inputs[0], step.outputs[0]):
                square = resolve("Square").of((step.inputs[0].dtype.base_dtype,))
                return Step(step.operation, step.inputs[:1], step.outputs, (), square)
    if definition.op_type == "Sum" and _sums_single_elements(step, constants):
        shape = Value(f"{step.outputs[0].name}/shape", int32, (len(step.outputs[0].shape or ()),))
        array = numpy.array(step.outputs[0].shape, numpy.int32)
        kept.append(Step(step.operation, (), (shape,), (), resolve("Const").of((array, int32))))
        reshape = resolve("Reshape").of((step.inputs[0].dtype.base_dtype, int32))
        step = Step(step.operation, (step.inputs[0], shape), step.outputs, (), reshape)
    if step.definition.op_type == "Reshape":
        first = makers.get(step.inputs[0])
        if first is not None and first.definition.op_type == "Reshape":
            if first.inputs[0].slot is None:
                inputs = (first.inputs[0], step.inputs[1])
                return Step(step.operation, inputs, step.outputs, (), step.definition)
    return step


def _sums_single_elements(step: Step, constants: dict[Value, Any]) -> bool:
    axes, source = constants.get(step.inputs[1]), step.inputs[0]
    if axes is None or source.slot is not None or not is_fully_defined(source.shape):
        return False
    if not is_fully_defined(step.outputs[0].shape) or source.shape is None:
        return False
    rank = len(source.shape)
    listed = axes.ravel().tolist()
    return all(-rank <= a < rank and source.shape[a] == 1 for a in listed)


_SPREADING = frozenset({"Tile", "Fill", "BroadcastTo"})
_ELEMENTWISE = frozenset({"Mul", "AddV2", "Add", "Sub", "RealDiv", "Maximum", "Minimum"})


def _uniform(step: Step, constants: dict[Value, Any]) -> Any:
    """The number with which a step fills its output, or None."""
    if step.definition.op_type not in _SPREADING:
        return None
    source = constants.get(step.inputs[1 if step.definition.op_type == "Fill" else 0])
    if source is None or source.size != 1 or source.dtype == object:
        return None
    return source.reshape(())


def _with_scalars(step: Step, uniform: dict[Value, Any], kept: list[Step]) -> Step:
    """An elementwise step with a number in the place of an operand that is that number all over."""
    if step.definition.op_type not in _ELEMENTWISE or uniform.keys().isdisjoint(step.inputs):
        return step
    inputs = list(step.inputs)
    for i, other in ((0, 1), (1, 0)):
        value = inputs[i]
        if value in uniform and _equal_shapes(inputs[other], step.outputs[0]):
            scalar = Value(f"{value.name}/number", value.dtype, ())
            constant = resolve("Const").of((uniform[value], value.dtype))
            kept.append(Step(step.operation, (), (scalar,), (), constant))
            inputs[i] = scalar
            break
    return Step(step.operation, tuple(inputs), step.outputs, step.controls, step.definition)
