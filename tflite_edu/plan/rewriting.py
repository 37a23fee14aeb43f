"""What rewriting passes share: steps with other inputs, and the log of what was done."""

from __future__ import annotations

from collections.abc import Callable, Iterable

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
    listed = list(steps)
    if any(step.controls for step in listed):
        # The last step that was made for an operation is the one that does its work.
        now = {step.operation: step for step in listed}
        for step in listed:
            step.controls = tuple(now[c.operation] for c in step.controls if c.operation in now)
    return Program(program.feeds, fetches, listed, program.notes)


def resolved(instead: dict[Value, Value]) -> dict[Value, Value]:
    """The mapping with chains followed to their ends."""
    ends: dict[Value, Value] = {}
    for value in instead:
        end = value
        while end in instead:
            end = instead[end]
        ends[value] = end
    return ends


def uses_variable(step: Step) -> bool:
    """Whether a step reads a variable at the moment when it runs."""
    return any(value.slot is not None for value in step.inputs)
