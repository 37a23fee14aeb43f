"""Looks at variables: a variable's value under another name, which fails while there is none.

`w/read` is one. Its line does nothing else where the next line that touches the variable reads it
too, and is left out there.
"""

from __future__ import annotations

from collections.abc import Mapping

from tflite_edu.plan.branches import ALWAYS, Guard
from tflite_edu.plan.program import Program, Step, Value


def is_look(step: Step) -> bool:
    """Whether a step does nothing but name what a variable holds."""
    return step.definition.op_type == "Identity" and step.outputs[0].slot is not None


def needless_looks(program: Program, blocks: Mapping[Step, Guard]) -> dict[Step, str]:
    """The looks that later reads make up for, each with the name of its variable.

    `blocks` gives the guards under which steps stand; those of other steps are not known.
    """
    names = {v: step.operation.name for step in program.steps for v in step.outputs if v.slot is v}
    # Under which guard the next step that touches a variable reads it; None if it may write.
    reads: dict[Value, Guard | None] = {v.slot: ALWAYS for v in program.fetches if v.slot}
    found: dict[Step, str] = {}
    for step in reversed(program.steps):
        guard = blocks.get(step)
        if is_look(step):
            slot = step.outputs[0].slot
            assert slot is not None
            later = reads.get(slot)
            if guard is not None and later is not None and later <= guard and slot in names:
                found[step] = names[slot]
            else:
                reads[slot] = guard
            continue
        touched = list(zip(step.inputs, step.takes_slot(), strict=True))
        reads |= {v.slot: None for v, wants_slot in touched if wants_slot and v.slot}
        # What a step reads it reads before it does anything.
        reads |= {v.slot: guard for v, wants_slot in touched if not wants_slot and v.slot}
    return found
