"""What an effectful kernel may ask of the session that runs it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from tflite_edu.core.operation import Operation


class Slot(Protocol):
    """Where a session keeps the value of one variable.

    The array in `value` is never written to; an assignment puts another array in its place.
    `lock` makes a read, a computation and a write one step.
    """

    name: str
    lock: Any

    @property
    def value(self) -> Any:
        """The array, or None while the variable is uninitialized."""

    def read(self) -> Any:
        """The array; raises FailedPreconditionError while the variable is uninitialized."""

    def write(self, value: Any) -> None:
        """Replaces the array."""


class Host(Protocol):
    """The session as seen by the kernel of one node."""

    @property
    def np(self) -> Any:
        """numpy, or the module that stands for it."""

    @property
    def operation(self) -> Operation:
        """The node."""

    def slot(self, name: str, container: str = "") -> Slot:
        """The variable of that name, made without a value where it does not exist."""

    def keep(self, make: Callable[[], Any]) -> Any:
        """What this node keeps between runs of the session; made by `make` the first time."""

    def resource(self, kind: str, name: str, make: Callable[[], Any]) -> Any:
        """What nodes of the session share under a name (queues, tables); made the first time."""
