"""Blocks: the lines of a program's function, those of a branch under an `if`.

What must hold for a step to run is in most programs known by name: predicates that are true, others
that are not (see `plan.branches`). Such a guard is plain, and its steps stand in a block of their
own; nothing in it need ask whether what it is given was computed. A guard is not plain where it
says that some other step ran, or where its predicate is a variable, which may change in the run.
"""

from __future__ import annotations

from collections.abc import Mapping

from tflite_edu.plan.branches import Guard, guards
from tflite_edu.plan.program import Program, Step, Value

# Blocks are nested no deeper; what remains of a guard is asked at once. Python allows 100 levels.
_DEEPEST = 12

_ALWAYS: Guard = frozenset()

# Predicates, each with whether it has to be true.
Tests = tuple[tuple[Value, int], ...]


class Conditions:
    """When the steps of a program run, in terms of the names that its values have."""

    def __init__(self, program: Program, names: Mapping[Value, str]) -> None:
        self._guards = guards(program)
        self._names = names
        made = (*program.feeds, *(v for step in program.steps for v in step.outputs))
        self._places = {value: place for place, value in enumerate(made)}
        self.predicates = {
            key
            for guard in {*self._guards.steps.values(), *self._guards.values.values()}
            for key, _ in guard
            if isinstance(key, Value)
        }

    def of_step(self, step: Step) -> Guard:
        """What must hold for a step to run."""
        return self._guards.steps.get(step, _ALWAYS)

    def of_value(self, value: Value) -> Guard:
        """What must hold for a value to be there."""
        return self._guards.values.get(value, _ALWAYS)

    def block(self, step: Step) -> Guard | None:
        """The guard of the block in which a step stands.

        None for a step that stands outside of all blocks, asks for itself whether it may run, and
        leaves DEAD behind where it may not.
        """
        guard = self.of_step(step)
        if not is_plain(guard) or not all(is_plain(self.of_value(v)) for v in step.outputs):
            return None
        return guard

    def tests(self, guard: Guard) -> Tests:
        """The predicates of a guard, those that others depend on first."""
        plain = [(k, branch) for k, branch in guard if isinstance(k, Value) and k.slot is None]
        return tuple(sorted(plain, key=lambda test: (self._places[test[0]], test[1])))

    def text(self, tests: Tests) -> str:
        """An expression that is true where the tests hold."""
        return " and ".join(
            self._names[predicate] if branch else f"not {self._names[predicate]}"
            for predicate, branch in tests
        )


def is_plain(guard: Guard) -> bool:
    """Whether a guard speaks of nothing but predicates that stay as they are."""
    return all(isinstance(key, Value) and key.slot is None for key, _ in guard)


class Body:
    """The lines of a function, and the step of each line by its number, from 1 on."""

    def __init__(self, conditions: Conditions) -> None:
        self.lines: list[str] = []
        self.steps: dict[int, Step] = {}
        self._conditions = conditions
        # The blocks in which the last line stands, and whether each is an `else`.
        self._open: list[tuple[Tests, bool]] = []

    def add(self, text: str, step: Step, guard: Guard) -> None:
        """Adds a line of a step, to run where the guard holds."""
        self._enter(self._levels(guard))
        self.lines.append("    " * len(self._open) + text)
        self.steps[len(self.lines)] = step

    def _levels(self, guard: Guard) -> list[Tests]:
        tests = self._conditions.tests(guard)
        levels: list[Tests] = [(test,) for test in tests[:_DEEPEST]]
        return [*levels, tests[_DEEPEST:]] if len(tests) > _DEEPEST else levels

    def _enter(self, levels: list[Tests]) -> None:
        shared = 0
        for (tests, _), wanted in zip(self._open, levels):
            if tests != wanted:
                break
            shared += 1
        left = self._open[shared : shared + 1]
        del self._open[shared:]
        for tests in levels[shared:]:
            # The block just left is the `if` of which this is the `else`.
            otherwise = bool(left) and not left[0][1] and _opposite(left[0][0]) == tests
            head = "else" if otherwise else f"if {self._conditions.text(tests)}"
            self.lines.append("    " * len(self._open) + f"{head}:")
            self._open.append((tests, otherwise))
            left = []


def _opposite(tests: Tests) -> Tests | None:
    """The test that holds where a single one does not."""
    return ((tests[0][0], 1 - tests[0][1]),) if len(tests) == 1 else None
