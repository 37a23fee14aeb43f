"""Identities: ops that hand their input on are left out, and those that only gather others.

By now the order is fixed, so an Identity whose only purpose was to wait for something, as in
`tuple/control_dependency`, has served it.
"""

from __future__ import annotations

from tflite_edu.plan.branches import ALWAYS, guards, is_settled
from tflite_edu.plan.printing import name_text
from tflite_edu.plan.program import Program, Step, Value
from tflite_edu.plan.rewriting import Log, rebuilt, waited_for, with_inputs

HAND_ON = frozenset(
    {"Identity", "StopGradient", "PreventGradient", "PlaceholderWithDefault", "Snapshot"}
)


def identities(program: Program, log: Log) -> Program:
    """The program without steps that compute nothing."""
    instead: dict[Value, Value] = {}
    found = guards(program)
    waited = waited_for(program)
    kept: list[Step] = []
    for original in program.steps:
        step = with_inputs(original, instead)
        guard = found.of_step(original)
        # What others wait for tells them, by not running, that they may not run either.
        tells = step.operation in waited or (step.controls and not is_settled(guard))
        if guard != ALWAYS and tells:
            kept.append(step)
            continue
        definition = step.definition
        if not step.outputs and definition.effect is None:
            log.append(f"identities: {step.operation.name} only gathers others")
            continue
        if (
            definition.op_type in HAND_ON
            and definition.effect in (None, "feed")
            and step.inputs[0].slot is None
            and step.outputs[0].slot is None
            and found.of_value(original.inputs[0]) == guard
        ):
            instead[step.outputs[0]] = step.inputs[0]
            log.append(f"identities: {step.operation.name} is {name_text(step.inputs[0])}")
            continue
        kept.append(step)
    return rebuilt(program, kept, instead)
