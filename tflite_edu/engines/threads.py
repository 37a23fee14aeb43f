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
from contextvars import copy_context
from queue import SimpleQueue

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
    others = min(threads or thread_count(), len(ranges)) - 1
    if others < 1:
        for start, stop in ranges:
            function(start, stop)
        return
    work = _Work(function, ranges)
    turns: list[_Turn] = []
    try:
        _offer(work, others, turns)
        work.run()
    finally:
        work.ranges.clear()
        _finish(turns)
        work.function = None
    for turn in turns:
        if turn.error is not None:
            raise turn.error


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


class _Turn:
    """A thread's part in some work: a thread of the pool takes it, or it is taken back."""

    __slots__ = ("_context", "_ended", "_is_over", "_owner", "_work", "error")

    def __init__(self, work: _Work) -> None:
        self._work = work
        self._context = copy_context()
        # Who is first to write down that the turn was taken, or was taken back, has it so.
        self._owner: dict[str, bool] = {}
        self._ended = threading.Lock()
        self._ended.acquire()
        self._is_over = False
        self.error: BaseException | None = None

    def take(self) -> None:
        """Does the work, unless it was taken back."""
        if not self._owner.setdefault("taken", True):
            return
        try:
            self._context.run(self._work.run)
        except BaseException as error:
            self.error = error
        finally:
            self._is_over = True
            self._ended.release()

    def finish(self) -> None:
        """Takes the work back, or waits until it is done. May be called again where it failed."""
        if self._owner.setdefault("taken", False):
            while not self._is_over:
                self._ended.acquire()


class _Pool:
    """Threads that wait for turns; one wakes in half the time that a future of a pool takes."""

    def __init__(self) -> None:
        self._turns: SimpleQueue[_Turn | None] = SimpleQueue()
        self._threads = 0

    def offer(self, turn: _Turn, most: int) -> None:
        """Hands a turn to a thread; there are at most `most`."""
        if self._threads < most:
            threading.Thread(target=self._serve, name="tflite_edu", daemon=True).start()
            self._threads += 1
        self._turns.put(turn)

    def end(self) -> None:
        """Has the threads end, when they have done what was offered before."""
        for _ in range(self._threads):
            self._turns.put(None)

    def _serve(self) -> None:
        while True:
            turn = self._turns.get()
            if turn is None:
                return
            turn.take()
            # What was worked on must not live until the next turn.
            del turn


_lock = threading.Lock()
_threads = 0
_pool: _Pool | None = None


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
        _pool.end()
        _pool = None


def _offer(work: _Work, others: int, turns: list[_Turn]) -> None:
    """Asks threads of the pool to join in; none where no thread can be started."""
    global _pool
    with _lock:
        if _pool is None:
            _pool = _Pool()
        try:
            for _ in range(others):
                turn = _Turn(work)
                _pool.offer(turn, max(thread_count() - 1, 1))
                turns.append(turn)
        except RuntimeError:
            # The interpreter is about to end, or the system has no more; the caller works alone.
            return


def _finish(turns: list[_Turn]) -> None:
    """Waits until no thread works any more; one that has not begun need not begin."""
    interrupt: KeyboardInterrupt | None = None
    for turn in turns:
        while True:
            try:
                turn.finish()
                break
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
