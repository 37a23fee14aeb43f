"""`partial_run`: one run in several parts, each step computed once."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.core.operation import Operation
from tflite_edu.core.tensor import Tensor
from tflite_edu.engines.reference import Reference, Table, fetched
from tflite_edu.plan.planner import plan
from tflite_edu.plan.program import Step, Value
from tflite_edu.runtime.execution import Programs
from tflite_edu.runtime.failures import raise_located
from tflite_edu.runtime.fetches import Fetches


class PartialRun:
    """The state of a run in parts: which steps are done and what they gave."""

    def __init__(self, fetches: Fetches, feeds: Sequence[Tensor], programs: Programs) -> None:
        self._tensors = fetches.tensors
        self._targets = fetches.operations
        self._program = plan(self._tensors, self._targets, feeds)
        self._engine = Reference(self._program, programs.host)
        self._feeds = dict(zip(feeds, self._program.feeds, strict=True))
        self._fetches = dict(zip(self._tensors, self._program.fetches, strict=True))
        self._makers = {v: s for s in self._program.steps for v in s.outputs}
        self._steps = {s.operation: s for s in self._program.steps}
        self._values: Table = {}
        self._done: set[Step] = set()
        self._left: set[Tensor | Operation] = {*self._tensors, *self._targets}
        self._lock = threading.Lock()

    @property
    def finished(self) -> bool:
        """Whether everything that was set up has been fetched."""
        return not self._left

    def go_on(
        self, tensors: Sequence[Tensor], targets: Sequence[Operation], fed: dict[Tensor, Any]
    ) -> list[Any]:
        """Feeds, runs what the fetches still need, and returns their values."""
        with self._lock:
            for tensor in fed:
                if tensor not in self._feeds:
                    raise InvalidArgumentError(
                        None,
                        None,
                        f"The feed {tensor.name} had already been fed or was not set up for this "
                        f"partial run.",
                    )
                if self._feeds[tensor] in self._values:
                    raise InvalidArgumentError(
                        None, None, f"The feed {tensor.name} has already been fed."
                    )
            elements: list[Tensor | Operation] = [*tensors, *targets]
            for element in elements:
                known = element in self._fetches or element in self._targets
                if not known or element not in self._left:
                    raise InvalidArgumentError(
                        None,
                        None,
                        f"The fetch {element.name} was not set up for this partial run, or has "
                        f"already been fetched.",
                    )
            needed = self._needed(tensors, targets, {self._feeds[t] for t in fed})
            self._values.update((self._feeds[t], array) for t, array in fed.items())
            for step in self._program.steps:
                if step in needed:
                    try:
                        self._engine.take(step, self._values)
                    except Exception as error:
                        raise_located(error, self._engine)
                    self._done.add(step)
            self._left.difference_update((*tensors, *targets))
            return [fetched(self._fetches[t], self._values, i) for i, t in enumerate(tensors)]

    def _needed(
        self, tensors: Sequence[Tensor], targets: Sequence[Operation], new: set[Value]
    ) -> set[Step]:
        """The steps that are still to run; raises InvalidArgumentError where a feed is missing."""
        names = {value: tensor.name for tensor, value in self._feeds.items()}
        needed: set[Step] = set()
        waiting: list[Step] = [self._steps[t] for t in targets]
        values = [self._fetches[t] for t in tensors]
        while waiting or values:
            while values:
                value = values.pop()
                if value in names:
                    if value not in self._values and value not in new:
                        raise InvalidArgumentError(
                            None,
                            None,
                            f"Must feed {names[value]} before fetching what depends on it.",
                        )
                else:
                    waiting.append(self._makers[value])
            if waiting:
                step = waiting.pop()
                if step not in needed and step not in self._done:
                    needed.add(step)
                    values += step.inputs
                    waiting += step.controls
        return needed
