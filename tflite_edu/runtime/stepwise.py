"""A run taken step by step, for those that are traced or must end in time."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

from tflite_edu.core.errors import DeadlineExceededError
from tflite_edu.engines.engine import HostOf
from tflite_edu.engines.kernels import Kernel
from tflite_edu.engines.reference import Reference, Table, fetched
from tflite_edu.plan.program import Program, Step, Value


class Watcher(Protocol):
    """Who is told of everything that a run does; times are `time.perf_counter_ns`."""

    def fed(self, value: Value, array: Any) -> None:
        """A value was fed."""

    def ran(self, step: Step, values: Table, start: int, end: int) -> None:
        """A step ran, or was skipped; its results are among the values."""

    def fetched(self, value: Value, start: int, end: int) -> None:
        """A value was handed out."""


class Stepwise(Reference):
    """A program whose steps run one by one, with an engine's own kernels where it has them.

    Nothing is folded, merged or fused: each node of the graph is a step. Values are let go of after
    their last use.
    """

    def __init__(self, program: Program, host_of: HostOf, kernels: Mapping[str, Kernel]) -> None:
        super().__init__(program, host_of)
        self._kernels = kernels
        last = {value: step for step in program.steps for value in (*step.inputs, *step.outputs)}
        kept = set(program.fetches)
        self._dead_after: dict[Step, list[Value]] = {}
        for value, step in last.items():
            if value not in kept:
                self._dead_after.setdefault(step, []).append(value)

    def kernel(self, definition: Any) -> Callable[..., Any]:
        """What computes an operation's results: the engine's kernel, or the operation's own."""
        own = self._kernels.get(definition.op_type)
        return super().kernel(definition) if own is None else partial(own, definition)

    def run(self, feeds: Sequence[Any]) -> list[Any]:
        """Runs every step in order; see `Executable`."""
        return self.watched(feeds, None, 0)

    def watched(
        self, feeds: Sequence[Any], watcher: Watcher | None, timeout_in_ms: int
    ) -> list[Any]:
        """Runs every step in order, tells `watcher` of it, and returns the fetched values.

        Raises DeadlineExceededError as soon as a step has ended more than `timeout_in_ms` after the
        beginning, if that is positive. A step is never broken off.
        """
        begun = time.perf_counter_ns()
        values: Table = dict(zip(self.program.feeds, feeds, strict=True))
        if watcher is not None:
            for value, array in zip(self.program.feeds, feeds):
                watcher.fed(value, array)
        for step in self.program.steps:
            start = time.perf_counter_ns()
            self.take(step, values)
            end = time.perf_counter_ns()
            if watcher is not None:
                watcher.ran(step, values, start, end)
            for value in self._dead_after.get(step, ()):
                del values[value]
            if 0 < timeout_in_ms * 1_000_000 < end - begun:
                raise DeadlineExceededError(None, None, "Timed out waiting for notification")
        results = []
        for index, value in enumerate(self.program.fetches):
            start = time.perf_counter_ns()
            results.append(fetched(value, values, index))
            if watcher is not None:
                watcher.fetched(value, start, time.perf_counter_ns())
        return results
