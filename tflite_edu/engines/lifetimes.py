"""Lifetimes: under which names a program's function holds large values, and when it lets go."""

from __future__ import annotations

from collections.abc import Set

from tflite_edu.plan.program import Program, Step, Value

# Smaller arrays are left to the end of the run; deleting them would cost more than it frees.
_WORTH_FREEING = 4096


class Lifetimes:
    """The last step that uses each value, under whatever name."""

    def __init__(self, program: Program, switched: Set[Step], predicates: Set[Value]) -> None:
        """`switched` are the switches whose results are known by the name of what they pass on."""
        self._originals: dict[Value, Value] = {}
        self._last: dict[Value, Step | None] = {}
        for step in program.steps:
            if step in switched:
                source = step.outputs[0] if is_read_first(step) else self._of(step.inputs[0])
                self._originals.update(dict.fromkeys(step.outputs, source))
            for value in (*step.outputs, *step.inputs):
                self._last[self._of(value)] = step
        for value in (*program.fetches, *predicates):
            self._last[self._of(value)] = None

    def _of(self, value: Value) -> Value:
        return self._originals.get(value, value)

    def ended(self, step: Step) -> list[Value]:
        """The values worth freeing that nobody uses after a step, one for each name."""
        touched = dict.fromkeys(self._of(value) for value in (*step.inputs, *step.outputs))
        return [
            value
            for value in touched
            if self._last[value] is step
            and value.slot is None
            and _elements(value) >= _WORTH_FREEING
        ]


def is_read_first(switch: Step) -> bool:
    """Whether a switch passes on what a variable holds and not the variable."""
    return switch.inputs[0].slot is not None and switch.outputs[0].slot is None


def _elements(value: Value) -> int:
    """How many elements a value has; unknown sizes count as large."""
    if value.shape is None or None in value.shape:
        return _WORTH_FREEING
    count = 1
    for dim in value.shape:
        count *= dim or 0
    return count
