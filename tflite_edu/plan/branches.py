"""Branches: what of a program may not run, because it lies behind a `Switch`.

A `Switch` passes its input on to one of its outputs; the other one is dead, and so is what any op
but a `Merge` makes of it, and what an op makes that comes after a dead one. What must hold for a
step to run is its guard: a set of (predicate, branch). A `Merge` of two values whose guards differ
in nothing but the branch of one predicate runs whichever branch is taken.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tflite_edu.plan.program import Program, Step, Value

SWITCHES = frozenset({"Switch", "RefSwitch"})

MERGES = frozenset({"Merge", "RefMerge"})
"""The op types that run as soon as one of their inputs is there."""

TRIGGERS = frozenset({"ControlTrigger"})
"""The op types that run also where what they come after did not."""

Guard = frozenset[tuple[object, int]]

ALWAYS: Guard = frozenset()
"""The guard of what runs in every run."""


class Guards(NamedTuple):
    """The guard of each step and value; those that always run or are there may be left out."""

    steps: dict[Step, Guard]
    values: dict[Value, Guard]

    def of_step(self, step: Step) -> Guard:
        """What must hold for a step to run."""
        return self.steps.get(step, ALWAYS)

    def of_value(self, value: Value) -> Guard:
        """What must hold for a value to be there."""
        return self.values.get(value, ALWAYS)

    def of_use(self, inputs: Iterable[Value], controls: Iterable[Step]) -> Guard:
        """What must hold for a step, which is no `Merge`, of these inputs and controls to run."""
        return ALWAYS.union(*map(self.of_value, inputs), *map(self.of_step, controls))


class Branches(NamedTuple):
    """The steps that may not run and the values that may be dead."""

    steps: set[Step]
    values: set[Value]


def branches(program: Program) -> Branches:
    """What of a program may not run."""
    found = guards(program)
    return Branches(
        {step for step, guard in found.steps.items() if guard},
        {value for value, guard in found.values.items() if guard},
    )


def guards(program: Program) -> Guards:
    """What must hold for each step to run, and for each value to be there."""
    if not any(step.definition.op_type in SWITCHES for step in program.steps):
        return Guards({}, {})
    of_steps: dict[Step, Guard] = {}
    of_values: dict[Value, Guard] = {}
    # Identities of a predicate are that predicate.
    originals: dict[Value, Value] = {}
    for step in program.steps:
        op_type = step.definition.op_type
        controls = [of_steps.get(c, ALWAYS) for c in step.controls]
        inputs = [of_values.get(v, ALWAYS) for v in step.inputs]
        if op_type in TRIGGERS:
            guard = ALWAYS
        elif op_type in MERGES:
            guard = _merged(step, inputs).union(*controls)
        else:
            guard = ALWAYS.union(*inputs, *controls)
        of_steps[step] = guard
        of_values.update(dict.fromkeys(step.outputs, guard))
        if op_type in SWITCHES:
            predicate = originals.get(step.inputs[1], step.inputs[1])
            for branch, output in enumerate(step.outputs):
                of_values[output] = guard | {(predicate, branch)}
        elif op_type == "Identity":
            originals[step.outputs[0]] = originals.get(step.inputs[0], step.inputs[0])
    return Guards(of_steps, of_values)


def is_settled(guard: Guard) -> bool:
    """Whether a guard means the same wherever it is asked; not if a variable is the predicate."""
    return not any(isinstance(key, Value) and key.slot is not None for key, _ in guard)


def _merged(step: Step, inputs: list[Guard]) -> Guard:
    """What must hold for one of the inputs to be there."""
    if ALWAYS in inputs:
        return ALWAYS
    if inputs.count(inputs[0]) == len(inputs):
        return inputs[0]
    if len(inputs) == 2:
        one, other = inputs
        ((only, branch), *more) = one - other or [(None, 0)]
        if not more and other - one == {(only, 1 - branch)}:
            return one & other
    # Something else than a conditional of two branches: it may not run.
    return frozenset({(step, 0)})
