"""Identities: ops that hand their input on are left out, and those that only gather others.

By now the order is fixed, so an Identity whose only purpose was to wait for something, as in
`tuple/control_dependency`, has served it.
"""

from __future__ import annotations

from tflite_edu.plan.branches import branches
from tflite_edu.plan.printing import name_text
from tflite_edu.plan.program import Program, Step, Value
from tflite_edu.plan.rewriting import Log, rebuilt, with_inputs

HAND_ON = frozenset(
    {"Identity", "StopGradient", "PreventGradient", "PlaceholderWithDefault", "Snapshot"}
)


def identities(program: Program, log: Log) -> Program:
    """The program without steps that compute nothing."""
    instead: dict[Value, Value] = {}
    unsure = branches(program).steps
    kept: list[Step] = []
    for step in program.steps:
        if step in unsure:
            kept.append(with_inputs(step, instead))
            continue
        step = with_inputs(step, instead)
        definition = step.definition
        if not step.outputs and definition.effect is None:
            log.append(f"identities: {step.operation.name} only gathers others")
            continue
        if (
            definition.op_type in HAND_ON
            and definition.effect in (None, "feed")
            and step.inputs[0].slot is None
            and step.outputs[0].slot is None
        ):
            instead[step.outputs[0]] = step.inputs[0]
            log.append(f"identities: {step.operation.name} is {name_text(step.inputs[0])}")
            continue
        kept.append(step)
    return rebuilt(program, kept, instead)
