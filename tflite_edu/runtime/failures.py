"""From whatever a kernel raised to TensorFlow's error, with the node and the script's line."""

from __future__ import annotations

import re
from typing import Any, NoReturn

import numpy

from tflite_edu.core import errors
from tflite_edu.engines.engine import Executable
from tflite_edu.plan.program import Step
from tflite_edu.runtime.specialized import Specialized
from tflite_edu.runtime.tracing import ALLOCATOR, DEVICE


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
    elif isinstance(error, MemoryError) or str(error).startswith(_TOO_BIG):
        kind = errors.ResourceExhaustedError
        message = _out_of_memory(error)
        step = step or _step_wanting(error, executable)
    elif isinstance(error, (ValueError, TypeError, IndexError, ArithmeticError)):
        kind = errors.InvalidArgumentError
        message = _in_words_of_tensorflow(str(error))
    else:
        raise error
    if step is None and isinstance(error, MemoryError):
        raise kind(None, None, message) from error
    if step is None:
        raise error
    made = kind(None, step.operation, place(message, step))
    # The traceback keeps the generated line and the kernel's.
    raise made.with_traceback(error.__traceback__) from None


# What numpy says where not even the number of bytes fits into an integer.
_TOO_BIG = ("array is too big", "Maximum allowed dimension exceeded")

# How TensorFlow calls the types whose name is not numpy's.
_TYPE_NAMES = {"float16": "half", "float32": "float", "float64": "double", "object": "string"}


def _out_of_memory(error: Exception) -> str:
    """What an allocation that failed was for, as TF words it."""
    shape, dtype = getattr(error, "shape", None), getattr(error, "dtype", None)
    if shape is None or dtype is None:
        return f"OOM when allocating tensor: {error}"
    kind = _TYPE_NAMES.get(dtype.name, dtype.name)
    dims = ",".join(map(str, shape))
    return (
        f"OOM when allocating tensor with shape[{dims}] and type {kind} on {DEVICE} by allocator "
        f"{ALLOCATOR}"
    )


def _step_wanting(error: Exception, executable: Executable) -> Step | None:
    """The step whose result was to have the memory that is not there.

    A program takes the memory that it plans with before its first step.
    """
    wanted = getattr(error, "shape", None), getattr(error, "dtype", None)
    compiled = executable.made if isinstance(executable, Specialized) else [executable]
    for one in compiled:
        for step in one.program.steps:
            for value in step.outputs:
                kind = numpy.dtype(value.dtype.base_dtype.as_numpy_dtype)
                if (value.shape, kind) == wanted:
                    return step
    return None


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
