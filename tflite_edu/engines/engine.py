"""What every engine offers: a program and a session's resources in, something that runs out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy

from tflite_edu.core.dead import DEAD
from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.core.host import Host
from tflite_edu.core.operation import Operation
from tflite_edu.plan.program import Program, Step, Value

HostOf = Callable[[Operation], Host]


class Executable(Protocol):
    """A program made ready for one session.

    `run(feeds)` returns the fetched values, which belong to the caller; scalars are no arrays.
    Several threads may call it at once. `step_at(error)` names the step in which an error was
    raised, if it can be told.
    """

    program: Program

    def run(self, feeds: Sequence[Any]) -> Sequence[Any]:
        """Runs the program once on the fed arrays, in the order of `program.feeds`."""

    def step_at(self, error: BaseException) -> Step | None:
        """The step that raised `error`."""


Engine = Callable[[Program, HostOf], Executable]


def owned(value: Any) -> Any:
    """A fetched value that shares no memory with anything else."""
    return value.copy() if isinstance(value, numpy.ndarray) else value


def alive(value: Any, index: int) -> Any:
    """The value of fetch number `index`; raises InvalidArgumentError where it was not computed."""
    if value is DEAD:
        raise InvalidArgumentError(None, None, f"Retval[{index}] does not have value")
    return value


def plain(value: Any) -> Any:
    """A fetched value as scripts get it: an array, or a scalar where it has no dimensions."""
    if type(value) is numpy.ndarray and not value.ndim:
        return value[()]
    return value


def shares_memory(program: Program) -> set[Value]:
    """The values whose memory may be a feed's, a constant's or another value's."""
    shared = set(program.feeds)
    for step in program.steps:
        if step.definition.may_alias:
            shared.update(step.outputs)
    return shared
