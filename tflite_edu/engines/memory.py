"""Where large results go: memory that a program takes once and uses again in every run.

Fresh memory for every large result costs more than the arithmetic, since the system hands it out
page by page. A program therefore owns arrays of the shapes it needs; a result takes one, and gives
it back after the last step that uses it. Several threads may run a program at once: each run takes
a whole set of arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy

from tflite_edu.core import dtypes
from tflite_edu.plan.program import Program, Step, Value

# Smaller results are cheap to allocate.
WORTH_KEEPING_BYTES = 1 << 14

_END = 1 << 62

Spec = tuple[tuple[int, ...], Any]


class Memory:
    """Hands out names of arrays to the steps of a program, one step after the other."""

    def __init__(self, program: Program) -> None:
        self.specs: list[Spec] = []
        self._free: dict[Spec, list[str]] = {}
        self._held: dict[Value, list[str]] = {}
        self._roots = _roots(program)
        self._last = _last_uses(program, self._roots)
        self._kept = _kept_by_others(program, self._roots)

    def spec(self, value: Value) -> Spec | None:
        """Shape and type of the array that a value may be put into, or None if it may not be."""
        if value in self._kept or value not in self._roots[value]:
            return None
        return _spec(value)

    def take(self, spec: Spec) -> str:
        """The name of an array that is free, or of a new one."""
        free = self._free.setdefault(spec, [])
        if free:
            return free.pop()
        self.specs.append(spec)
        return f"memory_{len(self.specs) - 1}"

    def give(self, spec: Spec, name: str) -> None:
        """Gives an array back at once."""
        self._free.setdefault(spec, []).append(name)

    def hold(self, value: Value, name: str) -> None:
        """Says that an array now holds a value."""
        self._held[value] = [name]

    def reusable(self, step: Step, number: int, spec: Spec) -> str | None:
        """The array of an operand that dies with this step, if the result may overwrite it."""
        for value in step.inputs:
            if (
                value in self._held
                and self._last[value] == number
                and self.spec(value) == spec
                and step.inputs.count(value) == 1
            ):
                return self._held.pop(value)[0]
        return None

    def release(self, step: Step, number: int) -> None:
        """Gives back the arrays whose values nobody uses after this step."""
        touched = {root for v in (*step.inputs, *step.outputs) for root in self._roots.get(v, ())}
        for root in sorted(touched, key=lambda v: v.name):
            if self._last.get(root) == number and root in self._held:
                spec = self.spec(root)
                assert spec is not None
                self.give(spec, self._held.pop(root)[0])

    def maker(self) -> Callable[[], list[Any]]:
        """A function that makes a set of the arrays."""
        specs = list(self.specs)
        return lambda: [numpy.empty(shape, kind) for shape, kind in specs]


class Pool:
    """Sets of arrays that are not in use; `take` makes one where there is none."""

    def __init__(self, make: Callable[[], list[Any]]) -> None:
        self._make = make
        self._sets: list[list[Any]] = []

    def take(self) -> list[Any]:
        """A set of arrays, for one run."""
        try:
            return self._sets.pop()
        except IndexError:
            return self._make()

    def give(self, arrays: list[Any]) -> None:
        """Returns a set after a run; one that failed keeps its own, which is then let go."""
        self._sets.append(arrays)


def _spec(value: Value) -> Spec | None:
    """Shape and type of a value, if it is large enough for memory of its own."""
    shape = value.shape
    if not shape or None in shape or value.dtype not in (dtypes.float32, dtypes.float64):
        return None
    full: tuple[int, ...] = tuple(d for d in shape if d is not None)
    kind = numpy.dtype(value.dtype.as_numpy_dtype)
    count = 1
    for dim in full:
        count *= dim
    return (full, kind) if count * kind.itemsize >= WORTH_KEEPING_BYTES else None


def _roots(program: Program) -> dict[Value, set[Value]]:
    """For each value those whose memory it may share, among those that may be put into memory."""
    roots: dict[Value, set[Value]] = {value: set() for value in program.feeds}
    for step in program.steps:
        for value in step.outputs:
            if step.definition.may_alias or value.slot is not None:
                roots[value] = set().union(*(roots[source] for source in step.inputs))
            else:
                roots[value] = {value} if _spec(value) is not None else set()
    return roots


def _last_uses(program: Program, roots: dict[Value, set[Value]]) -> dict[Value, int]:
    last: dict[Value, int] = {}
    for number, step in enumerate(program.steps):
        for value in (*step.inputs, *step.outputs):
            for root in roots[value]:
                last[root] = number
    for value in program.fetches:
        for root in roots[value]:
            last[root] = _END
    return last


def _kept_by_others(program: Program, roots: dict[Value, set[Value]]) -> set[Value]:
    """Values that someone may hold on to after the run: the caller, or a Python function."""
    kept = set(program.fetches)
    for step in program.steps:
        if step.definition.effect in ("python", "queue"):
            for value in step.inputs:
                kept |= roots[value]
    return kept
