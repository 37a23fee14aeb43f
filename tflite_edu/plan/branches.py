"""Branches: what of a program may not run, because it lies behind a `Switch`.

A `Switch` passes its input on to one of its outputs; the other one is dead, and so is what any op
but a `Merge` makes of it, and what an op makes that comes after a dead one.
"""

from __future__ import annotations

from typing import NamedTuple

from tflite_edu.plan.program import Program, Step, Value

SWITCHES = frozenset({"Switch", "RefSwitch"})

MERGES = frozenset({"Merge", "RefMerge"})
"""The op types that run as soon as one of their inputs is there."""

TRIGGERS = frozenset({"ControlTrigger"})
"""The op types that run also where what they come after did not."""


class Branches(NamedTuple):
    """The steps that may not run and the values that may be dead."""

    steps: set[Step]
    values: set[Value]


def branches(program: Program) -> Branches:
    """What of a program may not run."""
    found = Branches(set(), set())
    for step in program.steps:
        op_type = step.definition.op_type
        if op_type in TRIGGERS:
            continue
        doubtful = [value in found.values for value in step.inputs]
        unsure = all(doubtful) and bool(doubtful) if op_type in MERGES else any(doubtful)
        if unsure or not found.steps.isdisjoint(step.controls):
            found.steps.add(step)
        if step in found.steps or op_type in SWITCHES:
            found.values.update(step.outputs)
    return found
