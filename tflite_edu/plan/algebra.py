"""Algebra: steps that are one of their inputs, or less work, now that values and shapes are known.

The rules are in `tflite_edu.plan.algebra_rules`; this pass tries them on every step in turn.
"""

from __future__ import annotations

from tflite_edu.core.op import resolve
from tflite_edu.plan.algebra_rules import ANY, RULES, Facts
from tflite_edu.plan.branches import branches
from tflite_edu.plan.printing import name_text
from tflite_edu.plan.program import Program, Step, Value
from tflite_edu.plan.rewriting import Log, rebuilt, with_inputs

# A rule's result may please another rule; no chain of them is longer than this.
_MOST_CHANGES = 4


def algebra(program: Program, log: Log) -> Program:
    """The program with every step replaced for which a rule knows something simpler."""
    facts = Facts()
    instead: dict[Value, Value] = {}
    unsure = branches(program).steps
    for step in program.steps:
        if step in unsure:
            facts.add(with_inputs(step, instead))
            continue
        step = with_inputs(step, instead)
        same = None
        for _ in range(_MOST_CHANGES):
            found = _first(step, facts)
            if found is None:
                break
            changed, why = found
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
            facts.add(Step(step.operation, (same,), step.outputs, (), look))
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
