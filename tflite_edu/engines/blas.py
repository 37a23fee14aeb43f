"""Matrix products side by side: pieces of work whose products each take one thread.

OpenBLAS shares one product between threads that wait for each other at its end, and leaves all
other work to one of them. Pieces that lay out, multiply and store by themselves wait only once.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy

from tflite_edu.engines.threads import run_blocks


def run_pieces(function: Callable[[int], object], count: int) -> None:
    """Calls `function` with 0 to `count` - 1, in any order and on several threads.

    Products within it take one thread each. One piece, or another BLAS than the OpenBLAS that comes
    with numpy, leaves it to BLAS how many threads a product takes.
    """
    if count < 2 or _openblas is None:
        for number in range(count):
            function(number)
        return

    def run(start: int, stop: int) -> None:
        for number in range(start, stop):
            function(number)

    with _openblas.one_thread():
        run_blocks(run, count, 1)


class _OpenBlas:
    """The two functions of OpenBLAS that get and set how many threads a product takes."""

    def __init__(self, get: Callable[[], int], put: Callable[[int], object]) -> None:
        self._get = get
        self._put = put
        self._lock = threading.Lock()
        self._users = 0
        self._threads = 0

    @contextmanager
    def one_thread(self) -> Iterator[None]:
        """Has products take one thread until the last of those who ask for it is done."""
        with self._lock:
            if not self._users:
                self._threads = self._get()
                self._put(1)
            self._users += 1
        try:
            yield
        finally:
            with self._lock:
                self._users -= 1
                if not self._users:
                    self._put(self._threads)


def _find_openblas() -> _OpenBlas | None:
    """The OpenBLAS that numpy's wheels carry; it is loaded already."""
    package = Path(numpy.__file__).parent
    for folder in (package.with_name("numpy.libs"), package / ".dylibs"):
        for path in sorted(folder.glob("*openblas*")) if folder.is_dir() else ():
            found = _functions(ctypes.CDLL(str(path)))
            if found is not None:
                return found
    return None


def _functions(library: Any) -> _OpenBlas | None:
    for prefix in ("scipy_openblas", "openblas"):
        for suffix in ("64_", ""):
            get = getattr(library, f"{prefix}_get_num_threads{suffix}", None)
            put = getattr(library, f"{prefix}_set_num_threads{suffix}", None)
            if get is not None and put is not None:
                get.restype = ctypes.c_int
                put.argtypes = [ctypes.c_int]
                put.restype = None
                return _OpenBlas(get, put)
    return None


_openblas = _find_openblas()
