"""Common subexpressions: what is computed twice in the same way is computed once."""

from __future__ import annotations

from collections.abc import Hashable

from tflite_edu.plan.branches import branches
from tflite_edu.plan.program import Program, Step, Value
from tflite_edu.plan.rewriting import Log, rebuilt, uses_variable, with_inputs

# Constants up to this size are compared by their bytes.
_MAXIMUM_BYTES = 256


def common_subexpressions(program: Program, log: Log) -> Program:
    """The program in which steps that do the same to the same values are one.

    Steps with an effect, those that may not run, and those that read a variable, which may change
    between them, stay.
    """
    seen: dict[Hashable, Step] = {}
    instead: dict[Value, Value] = {}
    kept: list[Step] = []
    unsure = branches(program).steps
    for step in program.steps:
        runs = step not in unsure
        step = with_inputs(step, instead)
        key = _key(step) if runs else None
        first = seen.get(key) if key is not None else None
        if first is None:
            if key is not None:
                seen[key] = step
            kept.append(step)
            continue
        instead.update(zip(step.outputs, first.outputs, strict=True))
        log.append(f"common: {step.operation.name} is {first.operation.name}")
    return rebuilt(program, kept, instead)


def _key(step: Step) -> Hashable | None:
    definition = step.definition
    if definition.effect is not None or not step.outputs or uses_variable(step):
        return None
    if definition.op_type == "Const":
        array = definition.value  # type: ignore[attr-defined]
        if array.dtype == object or array.nbytes > _MAXIMUM_BYTES:
            return None
        return ("Const", step.outputs[0].dtype, array.shape, array.tobytes())
    # One object stands for each choice of attributes.
    return (definition, step.inputs)
