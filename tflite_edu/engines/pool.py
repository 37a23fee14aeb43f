"""Pools: where a program's planned memory comes from, and where it is while the program rests.

Small memory stays with its program. Large memory is a block that programs share which take turns:
training, evaluation and prediction need as much as the largest of them, not as all of them
together. A program that runs on and on gets the same arrays in every run. One that runs only once,
as those that initialize variables, leaves nothing behind.
"""

from __future__ import annotations

import math
import mmap
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary, finalize

import numpy

# Programs keep less than this for themselves: looking for a block would cost more than it saves.
SHARED_FROM_BYTES = 1 << 22

ALIGNMENT = 64


class Place(NamedTuple):
    """An array of a program's memory: where it begins, in bytes, its shape and its type."""

    start: int
    shape: tuple[int, ...]
    kind: Any


class OutOfMemory(MemoryError):
    """There is no memory for a program's arrays; tells of the largest one."""

    def __init__(self, size: int, largest: Place) -> None:
        super().__init__(f"a program needs {size} bytes")
        self.shape, self.dtype = largest.shape, largest.kind


class _Block:
    """Memory that programs share, and the arrays that they have in it while it is idle."""

    __slots__ = ("arrays_of", "is_kept", "memory")

    def __init__(self, memory: Any, is_kept: bool) -> None:
        self.memory = memory
        self.is_kept = is_kept
        self.arrays_of: WeakKeyDictionary[Pool, _Arrays] = WeakKeyDictionary()


class _Arrays(list[Any]):
    """A set of arrays that lie in a block; it has the block for the time of a run."""

    __slots__ = ("block",)

    block: _Block


# The blocks that no run has taken; there are as many of them as there ever were runs at a time.
_idle: list[_Block] = []


class Pool:
    """The memory of a program: each run takes a set of arrays, and gives it back at its end.

    A run that fails keeps its set, which is then let go. Several threads may take sets at once: the
    lists change by single calls only, of which other threads see all or nothing.
    """

    def __init__(self, places: Sequence[Place], size: int) -> None:
        self._places = list(places)
        self._size = size
        self._is_shared = size >= SHARED_FROM_BYTES
        self._sets: list[list[Any]] = []
        self._has_run = False
        if self._is_shared:
            # Without this program less may do; those that are left find out what they need.
            finalize(self, _idle.clear).atexit = False

    def take(self) -> list[Any]:
        """A set of arrays, for one run."""
        if self._is_shared:
            block = self._block()
            arrays = block.arrays_of.pop(self, None) or _Arrays(self._arrays(block.memory))
            arrays.block = block
            return arrays
        try:
            return self._sets.pop()
        except IndexError:
            return self._arrays(self._memory())

    def give(self, arrays: list[Any]) -> None:
        """Takes a set back after a run."""
        if isinstance(arrays, _Arrays):
            block = arrays.block
            # A block and its arrays that held each other would outlive their last use.
            del arrays.block
            if block.is_kept:
                block.arrays_of[self] = arrays
                _idle.append(block)
        else:
            self._sets.append(arrays)
        self._has_run = True

    def _block(self) -> _Block:
        """The smallest idle block that is large enough, or a new one in the place of another."""
        while True:
            fitting = [b for b in _idle.copy() if len(b.memory) >= self._size]
            if not fitting:
                break
            block = min(fitting, key=lambda b: len(b.memory))
            try:
                _idle.remove(block)
            except ValueError:  # Another thread was faster.
                continue
            return block
        if self._has_run:
            with suppress(IndexError):
                _idle.pop()
        return _Block(self._memory(), self._has_run)

    def _arrays(self, memory: Any) -> list[Any]:
        return [numpy.ndarray(shape, kind, memory, start) for start, shape, kind in self._places]

    def _memory(self) -> Any:
        size = self._size + ALIGNMENT
        try:
            memory = _pages(size) if self._is_shared else numpy.empty(size, numpy.uint8)
        except (MemoryError, OSError, OverflowError) as error:
            raise OutOfMemory(size, max(self._places, key=_bytes)) from error
        start = -memory.ctypes.data % ALIGNMENT
        return memory[start : start + self._size]


def _bytes(place: Place) -> int:
    size: int = math.prod(place.shape) * place.kind.itemsize
    return size


def _pages(size: int) -> Any:
    """Bytes of pages of their own, which go back to the system with their last user.

    Elsewhere, in between what lives on, memory of some megabytes would leave holes.
    """
    if not hasattr(mmap, "MAP_ANONYMOUS"):
        return numpy.empty(size, numpy.uint8)
    pages = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    if hasattr(mmap, "MADV_HUGEPAGE"):
        with suppress(OSError):  # Some systems do not have them.
            pages.madvise(mmap.MADV_HUGEPAGE)
    return numpy.frombuffer(pages, numpy.uint8)
