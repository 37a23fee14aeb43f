"""What a session owns: the values of variables, random streams, and whatever kernels keep."""

from __future__ import annotations

import threading
from collections.abc import Callable
from sys import getrefcount
from typing import Any

import numpy

from tflite_edu.core.errors import FailedPreconditionError
from tflite_edu.core.operation import Operation


class VariableSlot:
    """The place of one variable's value in one session.

    An array that someone else may hold is never written to: an assignment puts a new one in its
    place, so an array that was read stays as it was. A kernel that updates a variable in place
    holds `lock` and leaves None here meanwhile, which makes those who read wait for the lock.
    """

    __slots__ = ("_value", "lock", "name", "spare")

    def __init__(self, name: str) -> None:
        self.name = name
        self._value: Any = None
        # An array of an earlier value, for a kernel to put a later value into.
        self.spare: Any = None
        self.lock = threading.RLock()

    @property
    def value(self) -> Any:
        """The array; None while the variable is uninitialized."""
        value = self._value
        if value is None:
            with self.lock:
                value = self._value
        return value

    def read(self) -> Any:
        """The array; raises FailedPreconditionError while the variable is uninitialized."""
        value = self._value
        if value is None:
            value = self.value
        if value is None:
            raise FailedPreconditionError(
                None, None, f"Attempting to use uninitialized value {self.name}"
            )
        return value

    def write(self, value: Any) -> None:
        """Replaces the array."""
        self._value = value

    def take(self) -> Any:
        """The array, out of its place, if nobody else holds it: it may be written to. Else None.

        The caller holds `lock` until it has put an array back, so that those who read wait.
        """
        arrays = [self._value]
        self._value = None
        array = arrays[0]
        if array is not None and array.flags.owndata and array.flags.writeable:
            del array
            if _references(arrays) == _ONE:
                return arrays[0]
        self._value = arrays[0]
        return None


def _references(arrays: list[Any]) -> int:
    return getrefcount(arrays[0])


# What the interpreter counts for an array that only one list holds.
_ONE = _references([numpy.empty(0)])


class Resources:
    """All that a session keeps between runs."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._slots: dict[tuple[str, str], VariableSlot] = {}
        self._kept: dict[Operation, Any] = {}
        self._shared: dict[tuple[str, str], Any] = {}

    def slot(self, name: str, container: str = "") -> VariableSlot:
        """The variable of that name, made without a value where it does not exist."""
        with self._lock:
            found = self._slots.get((container, name))
            if found is None:
                found = self._slots[container, name] = VariableSlot(name)
            return found

    def keep(self, operation: Operation, make: Callable[[], Any]) -> Any:
        """What the kernel of `operation` keeps, made the first time."""
        with self._lock:
            if operation not in self._kept:
                self._kept[operation] = make()
            return self._kept[operation]

    def shared(self, kind: str, name: str, make: Callable[[], Any]) -> Any:
        """What nodes share under a name, made the first time."""
        with self._lock:
            if (kind, name) not in self._shared:
                self._shared[kind, name] = make()
            return self._shared[kind, name]

    def clear(self, containers: Any = None) -> None:
        """Lets go of everything, or of the variables of some containers."""
        with self._lock:
            if containers:
                for key in [k for k in self._slots if k[0] in containers]:
                    del self._slots[key]
                return
            for slot in self._slots.values():
                # Programs may outlive the session; the arrays do not.
                slot.write(None)
                slot.spare = None
            self._slots.clear()
            self._shared.clear()
            self._kept.clear()


class NodeHost:
    """The session as the kernel of one node sees it."""

    __slots__ = ("_resources", "np", "operation")

    def __init__(self, resources: Resources, operation: Operation) -> None:
        self.np = numpy
        self.operation = operation
        self._resources = resources

    def slot(self, name: str, container: str = "") -> VariableSlot:
        """See `core.host.Host`."""
        return self._resources.slot(name, container)

    def keep(self, make: Callable[[], Any]) -> Any:
        """See `core.host.Host`."""
        return self._resources.keep(self.operation, make)

    def resource(self, kind: str, name: str, make: Callable[[], Any]) -> Any:
        """See `core.host.Host`."""
        return self._resources.shared(kind, name, make)
