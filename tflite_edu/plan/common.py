"""Common subexpressions: what is computed twice in the same way is computed once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence

from tflite_edu.plan.branches import ALWAYS, MERGES, guards, is_settled
from tflite_edu.plan.program import Program, Step, Value
from tflite_edu.plan.rewriting import Log, rebuilt, uses_variable, waited_for, with_inputs

# Constants up to this size are compared by their bytes.
_MAXIMUM_BYTES = 1 << 20


def common_subexpressions(program: Program, log: Log) -> Program:
    """The program in which steps that do the same to the same values are one.

    Steps with an effect, and those that read a variable, which may change between them, stay. On
    branches the step that is kept has to run wherever the other one did.
    """
    seen: dict[Hashable, list[Step]] = {}
    instead: dict[Value, Value] = {}
    kept: list[Step] = []
    branches = _Branches(program)
    for original in program.steps:
        step = with_inputs(original, instead)
        key = _key(step) if branches.may_go(original) else None
        alike = seen.setdefault(key, []) if key is not None else []
        first = next((one for one in alike if branches.replaces(one, original)), None)
        if first is None:
            alike.append(original)
            kept.append(step)
            continue
        instead.update(zip(step.outputs, first.outputs, strict=True))
        log.append(f"common: {step.operation.name} is {first.operation.name}")
    return rebuilt(program, kept, instead)


class _Branches:
    """Which steps may stand for which, as far as it depends on where they run."""

    def __init__(self, program: Program) -> None:
        self._found = guards(program)
        self._waited = waited_for(program) if self._found.steps else set()
        self._fetched = set(program.fetches)
        self._users: defaultdict[Value, list[Step]] = defaultdict(list)
        for step in program.steps if self._found.steps else ():
            for value in step.inputs:
                self._users[value].append(step)

    def may_go(self, step: Step) -> bool:
        """Whether nothing waits for a step that may not run, and its guard stays what it is."""
        guard = self._found.of_step(step)
        return guard == ALWAYS or (step.operation not in self._waited and is_settled(guard))

    def replaces(self, first: Step, step: Step) -> bool:
        """Whether an earlier step may stand for a later one that does the same."""
        here, there = self._found.of_step(first), self._found.of_step(step)
        if here == there:
            return True
        if not here < there or not self._is_told_otherwise(step.outputs):
            return False
        # Whoever uses these values is told by others now when to run.
        for output, value in zip(step.outputs, first.outputs, strict=True):
            self._found.values[output] = self._found.of_value(value)
        return True

    def _is_told_otherwise(self, values: Sequence[Value]) -> bool:
        """Whether all who use these values would run where they do without them."""
        return self._fetched.isdisjoint(values) and all(
            step.definition.op_type not in MERGES
            and self._found.of_use([v for v in step.inputs if v not in values], step.controls)
            == self._found.of_step(step)
            for value in values
            for step in self._users[value]
        )


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
