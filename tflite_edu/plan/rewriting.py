"""What rewriting passes share: steps with other inputs, and the log of what was done."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tflite_edu.core.operation import Operation
from tflite_edu.plan.program import Program, Step, Value

Log = list[str]
Pass = Callable[[Program, Log], Program]


def with_inputs(step: Step, instead: dict[Value, Value]) -> Step:
    """The step with its inputs replaced where `instead` has another value for them."""
    if not any(value in instead for value in step.inputs):
        return step
    inputs = tuple(instead.get(value, value) for value in step.inputs)
    return Step(step.operation, inputs, step.outputs, step.controls, step.definition)


def rebuilt(program: Program, steps: Iterable[Step], instead: dict[Value, Value]) -> Program:
    """The program with other steps, its fetches replaced where `instead` says so.

    Of the control inputs those stay that matter once the order is fixed: steps that may not run.
    """
    fetches = [instead.get(value, value) for value in program.fetches]
    # A step made anew goes by its operation, whose last step is the one that does its work.
    now: dict[Step | Operation, Step] = {}
    listed: list[Step] = []
    for given in steps:
        step = given
        if step.controls:
            found = [now.get(c) or now.get(c.operation) for c in step.controls]
            controls = tuple(control for control in found if control is not None)
            if controls != step.controls:
                step = Step(step.operation, step.inputs, step.outputs, controls, step.definition)
        now[given] = now[step.operation] = step
        listed.append(step)
    return Program(program.feeds, fetches, listed, program.notes)


def waited_for(program: Program) -> set[Operation]:
    """The operations that others come after by a control edge."""
    return {control.operation for step in program.steps for control in step.controls}


def uses_variable(step: Step) -> bool:
    """Whether a step reads a variable at the moment when it runs."""
    return any(value.slot is not None for value in step.inputs)
