"""Giving back to the system what memory is free, but lies between what is in use."""

from __future__ import annotations

import ctypes
import math
import os
from collections.abc import Callable
from typing import Any

from tflite_edu.plan.program import Program, Value

# Programs with a value of at least so much are worth the look, which takes about a millisecond.
_LARGE_BYTES = 1 << 22


def trim_before(program: Program) -> None:
    """Gives back what is free, if a program that has never run is a large one.

    Much is let go of before a first run: data that the script has read and converted, the numbers
    that became weights. glibc keeps what is not at the very end of its memory. Where there is
    another C library, nothing happens.
    """
    if _trim is not None and any(_bytes(v) >= _LARGE_BYTES for v in _values(program)):
        _trim(0)


def _values(program: Program) -> list[Value]:
    return [*program.feeds, *(value for step in program.steps for value in step.outputs)]


def _bytes(value: Value) -> int:
    """What a value takes; 0 where that is unknown."""
    if value.shape is None or None in value.shape:
        return 0
    return math.prod(d for d in value.shape if d is not None) * value.dtype.size


def _malloc_trim() -> Callable[[int], Any] | None:
    if os.name != "posix":
        return None
    function = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if function is not None:
        function.argtypes = (ctypes.c_size_t,)
    return function


_trim = _malloc_trim()
