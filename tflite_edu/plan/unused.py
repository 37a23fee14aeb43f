"""Unused: steps whose values nobody takes, such as gradients that are not fetched."""

from __future__ import annotations

from tflite_edu.plan.branches import branches
from tflite_edu.plan.program import Program, Step
from tflite_edu.plan.rewriting import Log, rebuilt


def unused(program: Program, log: Log) -> Program:
    """The program without effect-free steps that lead to no fetch and to no effect."""
    wanted = set(program.fetches)
    unsure = branches(program).steps
    # Steps whose not running keeps others from running.
    deciding: set[Step] = set()
    kept: list[Step] = []
    for step in reversed(program.steps):
        needed = step.definition.effect is not None or not wanted.isdisjoint(step.outputs)
        # An Identity of a variable says, by failing, that the variable has no value yet.
        if not needed and any(value.slot is not None for value in step.outputs):
            needed = True
        if needed or step in deciding:
            if step in unsure:
                deciding.update(unsure.intersection(step.controls))
            wanted.update(step.inputs)
            kept.append(step)
        else:
            log.append(f"unused: {step.operation.name}")
    return rebuilt(program, kept[::-1], {})
