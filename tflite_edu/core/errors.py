"""`tf.errors`: what a graph's run can fail with, one class for each of TensorFlow's error codes."""

from __future__ import annotations

import linecache
import warnings
from typing import Any

from tflite_edu.core.export import export

OK = 0
CANCELLED = 1
UNKNOWN = 2
INVALID_ARGUMENT = 3
DEADLINE_EXCEEDED = 4
NOT_FOUND = 5
ALREADY_EXISTS = 6
PERMISSION_DENIED = 7
RESOURCE_EXHAUSTED = 8
FAILED_PRECONDITION = 9
ABORTED = 10
OUT_OF_RANGE = 11
UNIMPLEMENTED = 12
INTERNAL = 13
UNAVAILABLE = 14
DATA_LOSS = 15
UNAUTHENTICATED = 16


def located(message: str, name: str, file: str, line: int) -> str:
    """A kernel's message, then the node that failed and where the script defined it."""
    return f"{message}\n\t [[node {name} (defined at {file}:{line}) ]]"


@export("OpError", "errors.OpError")
class OpError(Exception):
    """An operation failed while a graph ran.

    Args:
      node_def: the NodeDef of the operation, or None.
      op: the `tf.Operation`, or None where no operation of the graph is to blame.
      message: what went wrong.
      error_code: one of the codes of `tf.errors`.
    """

    def __init__(self, node_def: Any, op: Any, message: str, error_code: int | None) -> None:
        super().__init__()
        self._node_def = node_def
        self._op = op
        self._message = message
        self._error_code = error_code

    @property
    def node_def(self) -> Any:
        """The NodeDef of the operation that failed, or None."""
        return self._node_def

    @property
    def op(self) -> Any:
        """The operation that failed, or None."""
        return self._op

    @property
    def message(self) -> str:
        """What went wrong, and from a session also the node and where it was defined."""
        return self._message

    @property
    def error_code(self) -> int | None:
        """The code in `tf.errors`."""
        return self._error_code

    def __str__(self) -> str:
        frames = getattr(self._op, "traceback", None)
        if not frames:
            return self._message
        lines = [self._message, "", f"Original stack trace for {self._op.name!r}:"]
        for file, line, *rest in frames:
            function = f", in {rest[0]}" if rest else ""
            lines.append(f'  File "{file}", line {line}{function}')
            text = linecache.getline(file, line).strip()
            if text:
                lines.append("    " + text)
        return "\n".join(lines) + "\n"

    def __reduce__(self) -> tuple[Any, ...]:
        arguments = (self._node_def, self._op, self._message)
        if type(self).__init__ in (OpError.__init__, UnknownError.__init__):
            return type(self), (*arguments, self._error_code)
        return type(self), arguments


@export("errors.CancelledError")
class CancelledError(OpError):
    """The operation or the step was cancelled, as by `tf.Session.close` or a closed queue."""

    def __init__(self, node_def: Any, op: Any, message: str) -> None:
        super().__init__(node_def, op, message, CANCELLED)


@export("errors.UnknownError")
class UnknownError(OpError):
    """An error of no other class, such as one a Python function of `tf.py_func` raised."""

    def __init__(
        self, node_def: Any, op: Any, message: str, error_code: int | None = UNKNOWN
    ) -> None:
        super().__init__(node_def, op, message, error_code)


@export("errors.InvalidArgumentError")
class InvalidArgumentError(OpError):
    """An operation was given a value it does not take."""

    def __init__(self, node_def: Any, op: Any, message: str) -> None:
        super().__init__(node_def, op, message, INVALID_ARGUMENT)


@export("errors.DeadlineExceededError")
class DeadlineExceededError(OpError):
    """The time allowed ran out."""

    def __init__(self, node_def: Any, op: Any, message: str) -> None:
        super().__init__(node_def, op, message, DEADLINE_EXCEEDED)


@export("errors.NotFoundError")
class NotFoundError(OpError):
    """Something asked for is not there: a file, a key in a checkpoint, a kernel."""

    def __init__(self, node_def: Any, op: Any, message: str) -> None:
        super().__init__(node_def, op, message, NOT_FOUND)


@export("errors.AlreadyExistsError")
class AlreadyExistsError(OpError):
    """Something that was to be made is there already, as a file that is not to be overwritten."""

    def __init__(self, node_def: Any, op: Any, message: str) -> None:
        super().__init__(node_def, op, message, ALREADY_EXISTS)


@export("errors.PermissionDeniedError")
class PermissionDeniedError(OpError):
    """The caller may not do this, as read a file of another user."""

    def __init__(self, node_def: Any, op: Any, message: str) -> None:
        super().__init__(node_def, op, message, PERMISSION_DENIED)


@export("errors.UnauthenticatedError")
class UnauthenticatedError(OpError):
    """The caller did not show who it is."""

    def __init__(self, node_def: Any, op: Any, message: str) -> None:
        super().__init__(node_def, op, message, UNAUTHENTICATED)


@export("errors.ResourceExhaustedError")
class ResourceExhaustedError(OpError):
    """Something ran out: memory, or room on a disk."""

    def __init__(self, node_def: Any, op: Any, message: str) -> None:
        super().__init__(node_def, op, message, RESOURCE_EXHAUSTED)


@export("errors.FailedPreconditionError")
class FailedPreconditionError(OpError):
    """The state is not what the operation needs, as a variable that has no value yet."""

    def __init__(self, node_def: Any, op: Any, message: str) -> None:
        super().__init__(node_def, op, message, FAILED_PRECONDITION)


@export("errors.AbortedError")
class AbortedError(OpError):
    """The operation was given up, usually for another that ran at the same time; try again."""

    def __init__(self, node_def: Any, op: Any, message: str) -> None:
        super().__init__(node_def, op, message, ABORTED)


@export("errors.OutOfRangeError")
class OutOfRangeError(OpError):
    """The end was passed: of an iterator, of a closed queue, of a file."""

    def __init__(self, node_def: Any, op: Any, message: str) -> None:
        super().__init__(node_def, op, message, OUT_OF_RANGE)


@export("errors.UnimplementedError")
class UnimplementedError(OpError):
    """The operation exists but does not do this."""

    def __init__(self, node_def: Any, op: Any, message: str) -> None:
        super().__init__(node_def, op, message, UNIMPLEMENTED)


@export("errors.InternalError")
class InternalError(OpError):
    """The runtime contradicts itself: a bug in it."""

    def __init__(self, node_def: Any, op: Any, message: str) -> None:
        super().__init__(node_def, op, message, INTERNAL)


@export("errors.UnavailableError")
class UnavailableError(OpError):
    """The runtime cannot be reached now."""

    def __init__(self, node_def: Any, op: Any, message: str) -> None:
        super().__init__(node_def, op, message, UNAVAILABLE)


@export("errors.DataLossError")
class DataLossError(OpError):
    """A file is damaged or cut short."""

    def __init__(self, node_def: Any, op: Any, message: str) -> None:
        super().__init__(node_def, op, message, DATA_LOSS)


class OperatorNotAllowedInGraphError(TypeError):
    """A tensor was asked for what only a value can give while the graph is built: `if x:`."""


_CLASS_OF_CODE: dict[int, type[OpError]] = {
    CANCELLED: CancelledError,
    UNKNOWN: UnknownError,
    INVALID_ARGUMENT: InvalidArgumentError,
    DEADLINE_EXCEEDED: DeadlineExceededError,
    NOT_FOUND: NotFoundError,
    ALREADY_EXISTS: AlreadyExistsError,
    PERMISSION_DENIED: PermissionDeniedError,
    UNAUTHENTICATED: UnauthenticatedError,
    RESOURCE_EXHAUSTED: ResourceExhaustedError,
    FAILED_PRECONDITION: FailedPreconditionError,
    ABORTED: AbortedError,
    OUT_OF_RANGE: OutOfRangeError,
    UNIMPLEMENTED: UnimplementedError,
    INTERNAL: InternalError,
    UNAVAILABLE: UnavailableError,
    DATA_LOSS: DataLossError,
}
_CODE_OF_CLASS = {cls: code for code, cls in _CLASS_OF_CODE.items()}


@export("errors.exception_type_from_error_code")
def exception_type_from_error_code(error_code: int) -> type[OpError]:
    """The class of errors with a code.

    Raises:
      KeyError: no class has it; `tf.errors.OK` has none.
    """
    return _CLASS_OF_CODE[error_code]


@export("errors.error_code_from_exception_type")
def error_code_from_exception_type(cls: type) -> int | UnknownError:
    """The code of a class of errors.

    As in TensorFlow 1.15, a class that has no code gives a warning and an `UnknownError` object.
    """
    code = _CODE_OF_CLASS.get(cls)
    if code is None:
        warnings.warn("Unknown class exception", stacklevel=2)
        return UnknownError(None, None, "Unknown class exception", None)
    return code


EXPORTS = {
    "errors.OK": "OK",
    "errors.CANCELLED": "CANCELLED",
    "errors.UNKNOWN": "UNKNOWN",
    "errors.INVALID_ARGUMENT": "INVALID_ARGUMENT",
    "errors.DEADLINE_EXCEEDED": "DEADLINE_EXCEEDED",
    "errors.NOT_FOUND": "NOT_FOUND",
    "errors.ALREADY_EXISTS": "ALREADY_EXISTS",
    "errors.PERMISSION_DENIED": "PERMISSION_DENIED",
    "errors.RESOURCE_EXHAUSTED": "RESOURCE_EXHAUSTED",
    "errors.FAILED_PRECONDITION": "FAILED_PRECONDITION",
    "errors.ABORTED": "ABORTED",
    "errors.OUT_OF_RANGE": "OUT_OF_RANGE",
    "errors.UNIMPLEMENTED": "UNIMPLEMENTED",
    "errors.INTERNAL": "INTERNAL",
    "errors.UNAVAILABLE": "UNAVAILABLE",
    "errors.DATA_LOSS": "DATA_LOSS",
    "errors.UNAUTHENTICATED": "UNAUTHENTICATED",
}
