"""Matrix products on several threads: whole pieces of work whose products take one thread each.

OpenBLAS shares a product between threads of its own, which wait for each other at its end and then
spin for a while in wait of the next: they take the cores from whatever else the engine shares out,
and beside other work a product may take ten times as long. So OpenBLAS is told to use one thread
while the engine computes, and large products are cut into pieces.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import numpy

from tflite_edu.engines.threads import run_blocks

# From how many multiplications on a product is cut, and into how many pieces.
_CUTS = ((1 << 30, 16), (1 << 26, 4), (1 << 23, 2))


def one_thread() -> AbstractContextManager[object]:
    """Has products take one thread until the last of those who ask for it is done.

    Does nothing for another BLAS than the OpenBLAS that numpy's wheels carry.
    """
    return openblas or nullcontext()


def run_pieces(function: Callable[[int], object], count: int) -> None:
    """Calls `function` with 0 to `count` - 1, in any order, on several threads.

    Products within it take one thread each. Another BLAS than numpy's OpenBLAS shares them out
    itself, and the pieces run one after the other.
    """

    def run(start: int, stop: int) -> None:
        for number in range(start, stop):
            function(number)

    if openblas is None:
        run(0, count)
    else:
        with openblas:
            run_blocks(run, count, 1)


def matmul(a: Any, b: Any, out: Any = None) -> Any:
    """The product of matrices [m, k] and [k, n], in pieces if it is large; `out` is [m, n].

    How it is cut depends on the sizes alone.
    """
    m, n = a.shape[0], b.shape[1]
    work = m * n * b.shape[0]
    pieces = next((pieces for least, pieces in _CUTS if work >= least), 1)
    if pieces == 1 or openblas is None:
        with one_thread():
            return numpy.matmul(a, b, out=out)
    if out is None:
        out = numpy.empty((m, n), numpy.result_type(a, b))
    down = 1
    while down < pieces and m * pieces > n * down * down:
        down *= 2
    across = pieces // down

    def piece(number: int) -> None:
        i, j = divmod(number, across)
        rows = slice(m * i // down, m * (i + 1) // down)
        columns = slice(n * j // across, n * (j + 1) // across)
        numpy.matmul(a[rows], b[:, columns], out=out[rows, columns])

    run_pieces(piece, pieces)
    return out


class OpenBlas:
    """The OpenBLAS in this process; in a `with` statement its products take one thread."""

    def __init__(self, get: Callable[[], int], put: Callable[[int], object]) -> None:
        self.get_threads = get
        self._put_threads = put
        self._lock = threading.Lock()
        self._users = 0
        self._threads = 0

    def __enter__(self) -> None:
        with self._lock:
            if not self._users:
                self._threads = self.get_threads()
                self._put_threads(1)
            self._users += 1

    def __exit__(self, *error: object) -> None:
        with self._lock:
            self._users -= 1
            if not self._users:
                self._put_threads(self._threads)


def _find_openblas() -> OpenBlas | None:
    """The OpenBLAS that numpy's wheels carry; it is loaded already."""
    package = Path(numpy.__file__).parent
    for folder in (package.with_name("numpy.libs"), package / ".dylibs"):
        for path in sorted(folder.glob("*openblas*")) if folder.is_dir() else ():
            found = _functions(ctypes.CDLL(str(path)))
            if found is not None:
                return found
    return None


def _functions(library: Any) -> OpenBlas | None:
    """The functions that get and set how many threads a product takes, under one of their names."""
    for prefix in ("scipy_openblas", "openblas"):
        for suffix in ("64_", ""):
            get = getattr(library, f"{prefix}_get_num_threads{suffix}", None)
            put = getattr(library, f"{prefix}_set_num_threads{suffix}", None)
            if get is not None and put is not None:
                get.restype = ctypes.c_int
                put.argtypes = [ctypes.c_int]
                put.restype = None
                return OpenBlas(get, put)
    return None


openblas = _find_openblas()
