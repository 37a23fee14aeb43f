"""Programs for the feed shapes that occur, and a general one where the shapes never settle."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from tflite_edu.core.shapes import Shape
from tflite_edu.engines.engine import Executable
from tflite_edu.plan.program import Program, Step

# A script whose shapes change at every step must not compile at every step.
_MAXIMUM_SHAPES = 8


class Specialized:
    """One way of calling `run`, compiled for each combination of feed shapes that comes up.

    After `_MAXIMUM_SHAPES` combinations the others share a program that holds for all shapes.
    """

    def __init__(
        self, program: Program, compiled: Callable[[Sequence[Shape] | None], Executable]
    ) -> None:
        self.program = program
        self._compiled = compiled
        self._lock = threading.Lock()
        self._by_shapes: dict[tuple[Shape, ...], Executable] = {}
        self._general: Executable | None = None

    def run(self, feeds: Sequence[Any]) -> Sequence[Any]:
        """Runs the program for these feeds' shapes; see `Executable`."""
        shapes = tuple([array.shape for array in feeds])
        found = self._by_shapes.get(shapes)
        if found is None:
            found = self._made(shapes)
        return found.run(feeds)

    def _made(self, shapes: tuple[Shape, ...]) -> Executable:
        with self._lock:
            found = self._by_shapes.get(shapes) or self._general
            if found is None and len(self._by_shapes) < _MAXIMUM_SHAPES:
                found = self._by_shapes[shapes] = self._compiled(shapes)
            elif found is None:
                found = self._general = self._compiled(None)
            return found

    def step_at(self, error: BaseException) -> Step | None:
        """The step that raised `error`."""
        found = (one.step_at(error) for one in self.made)
        return next((step for step in found if step is not None), None)

    @property
    def made(self) -> list[Executable]:
        """What has been compiled so far."""
        general = [] if self._general is None else [self._general]
        return [*self._by_shapes.copy().values(), *general]
