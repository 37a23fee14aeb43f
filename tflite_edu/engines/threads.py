"""Blocks of elementwise work on a pool of threads: numpy lets go of the GIL while it computes.

A block is a range of elements (or rows) small enough for its operands to stay in a core's cache
from one ufunc to the next, and large enough for a ufunc to take long over it: each call needs the
GIL at both ends, and threads that wait for it are slower than one (measured on two cores: the 12
ufuncs of an Adam step take 1.9 times as long on blocks of 64 KB as on one thread, 0.7 times on
1 MB). Where blocks begin depends on the work alone, so results do not depend on the number of
threads.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context

# Long blocks begin at multiples of this many elements: threads never write to one cache line.
_ALIGNMENT = 64

Block = Callable[[int, int], object]


def run_blocks(function: Block, size: int, block: int, threads: int | None = None) -> None:
    """Calls `function(start, stop)` on ranges of at most `block` elements that cover [0, size).

    At most `threads` threads (`thread_count()`, if it is None) are in `function` at once, the
    caller's among them: one block, or one core, needs no other. The ranges run in any order and
    side by side, under the caller's `numpy.errstate`. An exception ends the run once no thread is
    inside `function`, and is raised. No BLAS call may run meanwhile: its threads wait for work by
    spinning, and take the cores from these.
    """
    ranges = split(size, block)
    helpers = min(threads or thread_count(), len(ranges)) - 1
    if helpers < 1:
        for start, stop in ranges:
            function(start, stop)
        return
    work = _Work(function, ranges)
    futures: list[Future[None]] = []
    try:
        _submit(work, helpers, futures)
        work.run()
    finally:
        work.ranges.clear()
        _finish(futures)
        work.function = None
    for future in futures:
        if not future.cancelled():
            future.result()


def split(size: int, block: int) -> list[tuple[int, int]]:
    """[0, size) as (start, stop) ranges of about equal length, of at most `block` elements.

    Lengths of long ranges are multiples of 64, but for the last.
    """
    count = -(-size // block)
    if count <= 1:
        return [(0, size)] if size else []
    length = -(-size // count)
    if length >= 8 * _ALIGNMENT:
        length = min(block, -(-length // _ALIGNMENT) * _ALIGNMENT)
    return [(start, min(start + length, size)) for start in range(0, size, length)]


class _Work:
    """Ranges that several threads take in turn. It lets go of `function` when all are done."""

    __slots__ = ("function", "ranges")

    def __init__(self, function: Block, ranges: list[tuple[int, int]]) -> None:
        self.function: Block | None = function
        self.ranges = deque(ranges)

    def run(self) -> None:
        function = self.function
        if function is None:
            return
        while True:
            try:
                start, stop = self.ranges.popleft()
            except IndexError:
                return
            try:
                function(start, stop)
            except BaseException:
                self.ranges.clear()
                raise


_lock = threading.Lock()
_threads = 0
_pool: ThreadPoolExecutor | None = None


def set_threads(count: int) -> None:
    """Sets how many threads of this process share a run of blocks; 0 stands for one a core.

    Raises ValueError on a negative number.
    """
    global _threads
    if count < 0:
        raise ValueError(f"the number of threads must not be negative, but is {count}")
    with _lock:
        if count != _threads:
            _threads = count
            _drop_pool()


def thread_count() -> int:
    """How many threads share a run of blocks, the caller's among them."""
    return _threads or _cores()


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _drop_pool() -> None:
    global _pool
    if _pool is not None:
        _pool.shutdown(wait=False)
        _pool = None


def _submit(work: _Work, helpers: int, futures: list[Future[None]]) -> None:
    """Asks threads of the pool to join in; none where the interpreter is about to end."""
    global _pool
    with _lock:
        if _pool is None:
            _pool = ThreadPoolExecutor(thread_count(), thread_name_prefix="tflite_edu")
        try:
            for _ in range(helpers):
                futures.append(_pool.submit(copy_context().run, work.run))
        except RuntimeError:
            # Raised after the interpreter has begun to end; the caller does all blocks by itself.
            return


def _finish(futures: list[Future[None]]) -> None:
    """Waits until no thread works any more; one that has not begun need not begin."""
    interrupt: KeyboardInterrupt | None = None
    for future in futures:
        while not future.cancel() and not future.done():
            try:
                wait((future,))
            except KeyboardInterrupt as error:
                interrupt = error
    if interrupt is not None:
        raise interrupt


def _forget_pool() -> None:
    """Starts afresh in a forked process, which has none of its parent's threads."""
    global _lock, _pool
    _lock = threading.Lock()
    _pool = None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_pool)
