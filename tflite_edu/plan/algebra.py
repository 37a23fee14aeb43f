"""Algebra: steps that are one of their inputs, or less work, now that values and shapes are known.

The rules are in `tflite_edu.plan.algebra_rules`; this pass tries them on every step in turn.
"""

from __future__ import annotations

from collections.abc import Sequence

from tflite_edu.core.op import resolve
from tflite_edu.plan.algebra_rules import ANY, RULES
from tflite_edu.plan.branches import ALWAYS, Guards, guards, is_settled
from tflite_edu.plan.facts import Facts
from tflite_edu.plan.printing import name_text
from tflite_edu.plan.program import Program, Step, Value
from tflite_edu.plan.rewriting import Log, rebuilt, waited_for, with_inputs

# A rule's result may please another rule; no chain of them is longer than this.
_MOST_CHANGES = 4


def algebra(program: Program, log: Log) -> Program:
    """The program with every step replaced for which a rule knows something simpler."""
    found = guards(program)
    facts = Facts(found)
    instead: dict[Value, Value] = {}
    waited = waited_for(program)
    for original in program.steps:
        step = with_inputs(original, instead)
        guard = found.of_step(original)
        if guard != ALWAYS and (step.operation in waited or not is_settled(guard)):
            facts.add(step)
            continue
        same = None
        for _ in range(_MOST_CHANGES):
            before = len(facts.steps)
            simpler = _first(step, facts)
            if simpler is None:
                break
            changed, why = simpler
            if guard != ALWAYS:
                allowed = _on_branch(changed, step, facts.steps[before:], found)
                if allowed is None:
                    break
                changed = allowed
            if isinstance(changed, Value):
                same = changed
                log.append(f"algebra: {step.operation.name} is {name_text(same)} ({why})")
                break
            step = changed
            log.append(f"algebra: {step.operation.name} becomes {step.definition.op_type} ({why})")
        if same is None:
            facts.add(step)
        elif same.slot is not None:
            # What the variable holds at this moment, which later steps must not read again.
            look = resolve("Identity").of((step.outputs[0].dtype,))
            facts.add(Step(step.operation, (same,), step.outputs, step.controls, look))
        else:
            instead[step.outputs[0]] = same
    return rebuilt(program, facts.steps, instead)


def _first(step: Step, facts: Facts) -> tuple[Step | Value, str] | None:
    """What the first rule that fits makes of a step, and why."""
    if len(step.outputs) != 1 or not step.inputs or step.definition.effect is not None:
        return None
    for rule in (*ANY, *RULES.get(step.definition.op_type, ())):
        found = rule(step, facts)
        if found is not None:
            return found
    return None


def _on_branch(
    changed: Step | Value, step: Step, made: Sequence[Step], found: Guards
) -> Step | Value | None:
    """What a rule makes of a step on a branch, or None if that ran where the step does not.

    `made` are the steps that the rule added before it.
    """
    for new in made:
        found.values.update(dict.fromkeys(new.outputs, found.of_use(new.inputs, ())))
    if isinstance(changed, Value):
        guard = found.of_value(changed)
    else:
        changed = Step(
            step.operation, changed.inputs, changed.outputs, step.controls, changed.definition
        )
        guard = found.of_use(changed.inputs, changed.controls)
    return changed if guard == found.of_value(step.outputs[0]) else None
