"""Algebra: steps that give back one of their inputs, now that values and shapes are known."""

from __future__ import annotations

from typing import Any

from tflite_edu.core.op import resolve
from tflite_edu.plan.program import Program, Step, Value
from tflite_edu.plan.rewriting import Log, rebuilt, with_inputs

_REDUCTIONS = frozenset({"Sum", "Mean", "Max", "Min", "Prod", "All", "Any"})


def algebra(program: Program, log: Log) -> Program:
    """The program without steps that leave their input as it is: x · 1, a sum over no axes, ..."""
    constants: dict[Value, Any] = {}
    # Values all of whose elements are one known number.
    uniform: dict[Value, Any] = {}
    instead: dict[Value, Value] = {}
    kept: list[Step] = []
    for step in program.steps:
        step = with_inputs(step, instead)
        if step.definition.op_type == "Const":
            constants[step.outputs[0]] = step.definition.value  # type: ignore[attr-defined]
        step = _with_scalars(step, uniform, kept)
        number = _uniform(step, constants)
        if number is not None:
            uniform[step.outputs[0]] = number
        same = _same_as(step, constants)
        if same is None or same.slot is not None:
            kept.append(step)
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
    return None


def _equal_shapes(one: Value, other: Value) -> bool:
    return one.shape is not None and None not in one.shape and one.shape == other.shape


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
