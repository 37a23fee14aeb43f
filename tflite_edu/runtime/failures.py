"""From whatever a kernel raised to TensorFlow's error, with the node and the script's line."""

from __future__ import annotations

import re
from typing import Any, NoReturn

from tflite_edu.core import errors
from tflite_edu.engines.engine import Executable
from tflite_edu.plan.program import Step


def raise_located(error: Exception, executable: Executable) -> NoReturn:
    """Raises what a script gets in place of `error`.

    An `OpError` keeps its class and first line; numpy running out of memory becomes
    ResourceExhaustedError, a complaint of numpy's InvalidArgumentError.
    """
    step = executable.step_at(error)
    if isinstance(error, errors.OpError):
        message = error.message
        kind: Any = type(error)
        # Raised elsewhere with its place already told, as by a session inside a py_func.
        if error.op is not None or step is None:
            raise error
    elif isinstance(error, MemoryError):
        kind = errors.ResourceExhaustedError
        message = f"OOM when allocating tensor: {error}"
    elif isinstance(error, (ValueError, TypeError, IndexError, ArithmeticError)):
        kind = errors.InvalidArgumentError
        message = _in_words_of_tensorflow(str(error))
    else:
        raise error
    if step is None:
        raise error
    made = kind(None, step.operation, place(message, step))
    # The traceback keeps the generated line and the kernel's.
    raise made.with_traceback(error.__traceback__) from None


_BROADCAST = re.compile(r"operands could not be broadcast together with shapes (\(.*?\)) (\(.*?\))")


def _in_words_of_tensorflow(message: str) -> str:
    """numpy's complaint about operands that do not broadcast, as TF words it."""
    found = _BROADCAST.match(message)
    if found is None:
        return message
    first, second = (",".join(re.findall(r"\d+", shape)) for shape in found.groups())
    return f"Incompatible shapes: [{first}] vs. [{second}]"


def place(message: str, step: Step) -> str:
    """The message with the node's name and where the script defined it."""
    operation = step.operation
    if not operation.where:
        return f"{message}\n\t [[{{{{node {operation.name}}}}}]]"
    file, line = operation.where[0]
    return errors.located(message, operation.name, file, line)
