"""Compiled programs of a session: found by what is fetched and fed, made when they are missing."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from tflite_edu.core.graph import Graph
from tflite_edu.core.host import Host
from tflite_edu.core.operation import Operation
from tflite_edu.core.shapes import Shape, is_fully_defined
from tflite_edu.core.tensor import Tensor
from tflite_edu.engines.engine import Engine, Executable
from tflite_edu.engines.kernels import KERNELS
from tflite_edu.engines.numpy import Generated
from tflite_edu.engines.reference import Reference
from tflite_edu.plan.planner import Stage, optimize, plan, stages
from tflite_edu.plan.program import Program
from tflite_edu.runtime.resources import NodeHost, Resources
from tflite_edu.runtime.specialized import Specialized
from tflite_edu.runtime.stepwise import Stepwise
from tflite_edu.runtime.unused_memory import trim_before

ENGINES: dict[str, Engine] = {"numpy": Generated, "reference": Reference}

# The oldest programs go when a session holds more of them.
_MAXIMUM_PROGRAMS = 256

_logger = logging.getLogger("tflite_edu")


class Compilation(NamedTuple):
    """How a run is compiled: the program after each stage, and the Python source that runs.

    `print(compilation)` shows the program before and after, what each stage did, and the source.
    """

    stages: list[Stage]
    source: str

    def __str__(self) -> str:
        first, last = self.stages[0].program, self.stages[-1].program
        parts = [f"planned, {len(first.steps)} steps:", str(first)]
        for stage in self.stages[1:]:
            parts.append(f"{stage.name}: {len(stage.log)} changes")
            parts += [f"  {line}" for line in stage.log]
        parts += [f"compiled, {len(last.steps)} steps:", str(last), "source:", self.source]
        return "\n".join(parts)


class Programs:
    """The programs that a session has compiled from its graph."""

    def __init__(self, graph: Graph, resources: Resources, engine: str) -> None:
        if engine not in ENGINES:
            raise ValueError(f"no engine is called {engine!r}; there are {sorted(ENGINES)}")
        self._graph = graph
        self._resources = resources
        self._engine = ENGINES[engine]
        self._lock = threading.RLock()
        self._found: dict[Any, Executable] = {}
        self._changes = graph._changes

    def executable(
        self, tensors: Sequence[Tensor], targets: Sequence[Operation], feeds: Sequence[Tensor]
    ) -> Executable:
        """The program for these fetches, targets and feeds, compiled if it is new."""
        key = (tuple(tensors), tuple(targets), tuple(feeds))
        found: Executable = self._kept(key, lambda: self._compiled(tensors, targets, feeds))
        return found

    def stepwise(
        self, tensors: Sequence[Tensor], targets: Sequence[Operation], feeds: Sequence[Tensor]
    ) -> Stepwise:
        """The program for these fetches, targets and feeds as it is planned, run step by step."""

        def made() -> Stepwise:
            with self._graph._lock:
                program = plan(tensors, targets, feeds)
            return Stepwise(program, self.host, {} if self._engine is Reference else KERNELS)

        key = (Stepwise, tuple(tensors), tuple(targets), tuple(feeds))
        found: Stepwise = self._kept(key, made)
        return found

    def _kept(self, key: Any, make: Callable[[], Any]) -> Any:
        """What is kept for `key`, made if it is new."""
        with self._lock:
            self.forget_if_changed()
            found = self._found.get(key)
            if found is None:
                found = self._found[key] = make()
                if len(self._found) > _MAXIMUM_PROGRAMS:
                    del self._found[next(iter(self._found))]
            return found

    def _compiled(
        self, tensors: Sequence[Tensor], targets: Sequence[Operation], feeds: Sequence[Tensor]
    ) -> Executable:
        def planned() -> Program:
            with self._graph._lock:
                return plan(tensors, targets, feeds)

        program = planned()
        for note in program.notes:
            _logger.warning("%s", note)
        if self._engine is Reference:
            return Reference(program, self.host)
        if all(is_fully_defined(feed._shape) for feed in feeds):
            return self._made(optimize(program))

        def compiled(shapes: Sequence[Shape] | None) -> Executable:
            return self._made(optimize(planned(), shapes))

        return Specialized(program, compiled)

    def _made(self, program: Program) -> Executable:
        trim_before(program)
        return self._engine(program, self.host)

    def explained(
        self,
        tensors: Sequence[Tensor],
        targets: Sequence[Operation],
        feeds: Sequence[Tensor],
        shapes: Sequence[Shape] | None,
    ) -> Compilation:
        """How these fetches are compiled, step by step, and the source that runs."""
        done = stages(plan(tensors, targets, feeds), shapes)
        source = Generated(done[-1].program, self.host).source
        return Compilation(done, source)

    def host(self, operation: Operation) -> Host:
        """The session as a kernel sees it."""
        return NodeHost(self._resources, operation)

    def forget_if_changed(self) -> bool:
        """Drops every program if nodes that exist were changed since it was compiled."""
        with self._lock:
            if self._changes == self._graph._changes:
                return False
            self._changes = self._graph._changes
            self._found.clear()
            return True

    def clear(self) -> None:
        """Lets go of every program."""
        with self._lock:
            self._found.clear()
