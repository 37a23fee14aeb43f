"""Where large results go: memory that a program plans once and uses again in every run.

Fresh memory for every large result costs more than the arithmetic, since the system hands it out
page by page. A program therefore has a piece of memory, in which each large result is given a place
until the last step that uses it is done; results whose lifetimes do not overlap may share a place,
whatever their shapes. Several threads may run a program at once: each run takes a whole set of
arrays from the program's `engines.pool`.

What an assignment puts into a variable has no place in that memory: the variable keeps the array,
without a copy, and changes it in place only once nobody else holds it.
"""

from __future__ import annotations

import math
from bisect import insort
from typing import Any

import numpy

from tflite_edu.core import dtypes
from tflite_edu.engines.pool import ALIGNMENT, Place, Pool
from tflite_edu.plan.program import Program, Step, Value

# Smaller results are cheap to allocate.
WORTH_KEEPING_BYTES = 1 << 14

_END = 1 << 62

_ASSIGNMENTS = ("Assign", "AssignVariableOp")

Spec = tuple[tuple[int, ...], Any]


class Memory:
    """Hands out names of arrays to the steps of a program, one step after the other."""

    def __init__(self, program: Program) -> None:
        self.places: list[Place] = []
        self._space = _Space()
        self._numbers: dict[Place, int] = {}
        self._held: dict[Value, list[str]] = {}
        self._roots = _roots(program)
        self._last = _last_uses(program, self._roots)
        kept = _kept_by_others(program, self._roots)
        self._handed_over = _handed_over(program, self._roots, kept)
        self._kept = kept.union(step.inputs[1] for step in self._handed_over)

    def spec(self, value: Value) -> Spec | None:
        """Shape and type of the array that a value may be put into, or None if it may not be."""
        if value in self._kept or value not in self._roots[value]:
            return None
        return _spec(value)

    def hands_over(self, step: Step) -> bool:
        """Whether a step is an assignment of an array that nobody will write to."""
        return step in self._handed_over

    def take(self, spec: Spec) -> str:
        """The name of an array that is free, or of a new one."""
        place = Place(self._space.take(_bytes(spec)), *spec)
        number = self._numbers.setdefault(place, len(self.places))
        if number == len(self.places):
            self.places.append(place)
        return f"memory_{number}"

    def give(self, spec: Spec, name: str) -> None:
        """Gives an array back at once."""
        place = self.places[int(name.removeprefix("memory_"))]
        self._space.give(place.start, place.start + _bytes(spec))

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

    def is_fetched(self) -> bool:
        """Whether what is fetched is a part of a value that an array holds at the end."""
        return any(self._last[value] == _END for value in self._held)

    def pool(self) -> Pool:
        """Where runs get sets of the arrays from."""
        return Pool(self.places, self._space.size)


class _Space:
    """Plans what lies where in memory that grows as needed."""

    def __init__(self) -> None:
        self.size = 0
        self._free: list[tuple[int, int]] = []

    def take(self, size: int) -> int:
        """Where a piece of this size begins: in the smallest gap that it fits, or at the end."""
        fitting = [(stop - start, start) for start, stop in self._free if stop - start >= size]
        if fitting:
            found, start = min(fitting)
            self._free.remove((start, start + found))
            if found > size:
                insort(self._free, (start + size, start + found))
            return start
        start = self.size
        if self._free and self._free[-1][1] == self.size:
            start = self._free.pop()[0]
        self.size = start + size
        return start

    def give(self, start: int, stop: int) -> None:
        """Makes a gap, together with those that it touches."""
        for gap in [g for g in self._free if g[1] == start or g[0] == stop]:
            self._free.remove(gap)
            start, stop = min(start, gap[0]), max(stop, gap[1])
        insort(self._free, (start, stop))


def _bytes(spec: Spec) -> int:
    """What an array takes: a multiple of the alignment, and never nothing."""
    shape, kind = spec
    pieces: int = -(-math.prod(shape) * kind.itemsize // ALIGNMENT)
    return max(pieces, 1) * ALIGNMENT


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


def _handed_over(program: Program, roots: dict[Value, set[Value]], kept: set[Value]) -> set[Step]:
    """Assignments of constants, and of results that only this program has in its hands."""
    makers = {value: step for step in program.steps for value in step.outputs}
    found = set()
    for step in program.steps:
        if step.definition.op_type in _ASSIGNMENTS:
            maker = makers.get(step.inputs[1])
            if maker is not None and _is_left_alone(step.inputs[1], maker, roots, kept):
                found.add(step)
    return found


def _is_left_alone(
    value: Value, maker: Step, roots: dict[Value, set[Value]], kept: set[Value]
) -> bool:
    if maker.definition.op_type == "Const":
        return _spec(value) is not None
    # What comes out of a queue or a file may be in other hands too.
    pure = maker.definition.effect in (None, "random")
    return pure and value in roots[value] and value not in kept
