"""Hoisting: constants stand outside of the branches that use them.

A step that runs only on a branch anyway may be given a constant that is always there. Where it
matters whether a constant is there, for a Merge, for a fetch, and for a step of which nothing else
says when it runs, a Switch passes it on to its branch, so that nothing has to wait for the branch.
"""

from __future__ import annotations

from tflite_edu.core.op import resolve
from tflite_edu.plan.branches import (
    ALWAYS,
    MERGES,
    SWITCHES,
    TRIGGERS,
    Guard,
    Guards,
    guards,
    is_settled,
)
from tflite_edu.plan.printing import name_text
from tflite_edu.plan.program import Program, Step, Value
from tflite_edu.plan.rewriting import Log, rebuilt, with_inputs


def hoist(program: Program, log: Log) -> Program:
    """The program without control inputs, switches and branches that its constants do not need."""
    found = guards(program)
    if not found.steps:
        return program
    outside = _constants_outside(program, found)
    steps = [_loosened(step, outside, found) for step in program.steps]
    used = {*program.fetches, *(value for step in steps for value in step.inputs)}
    waited = {control for step in steps for control in step.controls}
    # Guards speak of predicates, which therefore stay what they are.
    predicates = {step.inputs[1] for step in steps if step.definition.op_type in SWITCHES}
    instead: dict[Value, Value] = {}
    kept: list[Step] = []
    for original, step in zip(program.steps, steps, strict=True):
        if step.definition.op_type != "Const" or step.outputs[0] not in outside:
            kept.append(with_inputs(step, instead))
            continue
        output = step.outputs[0]
        hoisted = outside[output]
        passed_on = None
        if output in used and original not in waited and output not in predicates:
            passed_on = _passed_on(hoisted, original, found)
        if hoisted in used or passed_on is not None:
            kept.append(Step(step.operation, (), (hoisted,), (), step.definition))
            log.append(f"hoist: {step.operation.name} is the same on every branch")
        if passed_on is not None:
            instead[output], switches = passed_on
            kept += switches
        elif output in used or original in waited:
            kept.append(step)
    return rebuilt(program, kept, instead)


def _passed_on(constant: Value, step: Step, found: Guards) -> tuple[Value, list[Step]] | None:
    """The constant as it is there where `step` ran, with the switches it takes, or None."""
    guard, covered = found.of_step(step), ALWAYS
    if not is_settled(guard):
        return None
    value, switches = constant, []
    # A predicate that is itself on a branch tells of that branch too.
    for predicate, branch in sorted(guard, key=lambda test: -len(_guard_of(test[0], found))):
        if (predicate, branch) in covered:
            continue
        if not isinstance(predicate, Value) or predicate.shape != ():
            return None
        name = f"{name_text(value)}/Switch"
        outputs = tuple(Value(n, value.dtype, value.shape) for n in (name, f"{name}:1"))
        switch = resolve("Switch").of((value.dtype.base_dtype,))
        switches.append(Step(step.operation, (value, predicate), outputs, (), switch))
        value = outputs[branch]
        covered |= found.of_value(predicate) | {(predicate, branch)}
    return (value, switches) if covered == guard else None


def _guard_of(key: object, found: Guards) -> Guard:
    return found.of_value(key) if isinstance(key, Value) else ALWAYS


def _constants_outside(program: Program, found: Guards) -> dict[Value, Value]:
    """For constants on a branch, and constants that a Switch passes on, their value outside."""
    outside: dict[Value, Value] = {}
    always: set[Value] = set()
    for step in program.steps:
        op_type = step.definition.op_type
        if op_type == "Const":
            value = step.outputs[0]
            if found.of_step(step):
                outside[value] = Value(value.name, value.dtype, value.shape)
            else:
                always.add(value)
        elif op_type == "Switch":
            data = outside.get(step.inputs[0], step.inputs[0])
            if data in always or step.inputs[0] in outside:
                outside.update(dict.fromkeys(step.outputs, data))
    return outside


def _loosened(step: Step, outside: dict[Value, Value], found: Guards) -> Step:
    """The step with what it needs to run where it did, and no more."""
    guard = found.of_step(step)
    if step.definition.op_type in MERGES | TRIGGERS or not is_settled(guard):
        return step
    inputs, controls = list(step.inputs), list(step.controls)
    switches = step.definition.op_type in SWITCHES
    for i, value in enumerate(step.inputs):
        if value in outside and not (switches and i == 1):
            inputs[i] = outside[value]
            if found.of_use(inputs, controls) != guard:
                inputs[i] = value
    for control in step.controls:
        controls.remove(control)
        if found.of_use(inputs, controls) != guard:
            controls.append(control)
    if inputs == list(step.inputs) and controls == list(step.controls):
        return step
    return Step(step.operation, tuple(inputs), step.outputs, tuple(controls), step.definition)
