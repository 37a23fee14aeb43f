"""Algebra: steps that give back one of their inputs, now that values and shapes are known."""

from __future__ import annotations

from typing import Any

from tflite_edu.plan.program import Program, Step, Value
from tflite_edu.plan.rewriting import Log, rebuilt, with_inputs

_REDUCTIONS = frozenset({"Sum", "Mean", "Max", "Min", "Prod", "All", "Any"})


def algebra(program: Program, log: Log) -> Program:
    """The program without steps that leave their input as it is: x · 1, a sum over no axes, ..."""
    constants: dict[Value, Any] = {}
    instead: dict[Value, Value] = {}
    kept: list[Step] = []
    for step in program.steps:
        step = with_inputs(step, instead)
        if step.definition.op_type == "Const":
            constants[step.outputs[0]] = step.definition.value  # type: ignore[attr-defined]
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
