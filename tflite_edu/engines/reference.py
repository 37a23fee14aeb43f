"""The reference engine: walks a program step by step, slow and obvious. It judges the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy

from tflite_edu.core.constant_value import grouped
from tflite_edu.core.dead import DEAD
from tflite_edu.engines.engine import HostOf, alive, owned, plain
from tflite_edu.plan.branches import MERGES, TRIGGERS
from tflite_edu.plan.program import Program, Step, Value

# What values are in a run so far; a step stands in it, as DEAD, if it was skipped.
Table = dict[Value | Step, Any]


class Reference:
    """A program that is run by looking up each step's inputs in a table of values."""

    def __init__(self, program: Program, host_of: HostOf) -> None:
        self.program = program
        self._host_of = host_of

    def run(self, feeds: Sequence[Any]) -> list[Any]:
        """Runs every step in order; see `Executable`."""
        values: Table = dict(zip(self.program.feeds, feeds, strict=True))
        for step in self.program.steps:
            self.take(step, values)
        return [fetched(value, values, i) for i, value in enumerate(self.program.fetches)]

    def take(self, step: Step, values: Table) -> None:
        """Runs one step on the table of values; a step that must not run leaves DEAD behind."""
        if _is_dead(step, values):
            values[step] = DEAD
            values.update(dict.fromkeys(step.outputs, DEAD))
            return
        try:
            with numpy.errstate(all="ignore"):
                results = self._results(step, values)
        except Exception as error:
            error.__dict__.setdefault("tflite_edu_step", step)
            raise
        values.update(zip(step.outputs, results, strict=True))

    def _results(self, step: Step, values: Table) -> Sequence[Any]:
        definition: Any = step.definition
        if definition.op_type == "Identity" and step.outputs[0].slot is not None:
            place = values[step.inputs[0]]
            place.read()
            return [place]
        arrays = [
            _read(value, values) if value.slot is not None and not wants_slot else values[value]
            for value, wants_slot in zip(step.inputs, step.takes_slot(), strict=True)
        ]
        first = numpy if definition.effect is None else self._host_of(step.operation)
        result = self.kernel(definition)(first, *grouped(definition, arrays))
        return result if isinstance(result, (list, tuple)) else [result][: len(step.outputs)]

    def kernel(self, definition: Any) -> Callable[..., Any]:
        """What computes an operation's results."""
        forward: Callable[..., Any] = definition.forward
        return forward

    def step_at(self, error: BaseException) -> Step | None:
        """The step that raised `error`."""
        return getattr(error, "tflite_edu_step", None)


def _is_dead(step: Step, values: Table) -> bool:
    """Whether the step lies on a branch that is not taken."""
    if step.definition.op_type in TRIGGERS:
        return False
    missing = [values[value] is DEAD for value in step.inputs]
    unfit = all(missing) and missing if step.definition.op_type in MERGES else any(missing)
    return bool(unfit) or any(values.get(control) is DEAD for control in step.controls)


def _read(value: Value, values: Table) -> Any:
    place = values[value]
    return DEAD if place is DEAD else place.read()


def fetched(value: Value, values: Table, index: int) -> Any:
    """A fetched value as the caller gets it: a variable's at the end of the run."""
    found = alive(values[value], index)
    return plain(owned(found.read() if value.slot is not None else found))
