"""Working memory of kernels, which a thread takes once and uses again from call to call.

Fresh memory for large intermediate results costs more than what is computed in it, since the system
hands it out page by page.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from typing import Any

import numpy

# Larger arrays are let go at once: a thread keeps at most so much for each use.
KEPT_BYTES = 1 << 23

_CACHE_LINE = 64


class _Kept(threading.local):
    def __init__(self) -> None:
        self.memory: dict[str, Any] = {}


_kept = _Kept()


def scratch(use: str, shape: Sequence[int], dtype: Any) -> Any:
    """An uninitialised array, which holds until this thread asks for memory for the same use."""
    size = math.prod(shape) * dtype.itemsize
    memory = _kept.memory.get(use)
    if memory is None or memory.nbytes < size:
        memory = numpy.empty(size + _CACHE_LINE, numpy.uint8)
        memory = memory[-memory.ctypes.data % _CACHE_LINE :]
        if size <= KEPT_BYTES:
            _kept.memory[use] = memory
    return memory[:size].view(dtype).reshape(shape)
