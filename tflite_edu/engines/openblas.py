"""The OpenBLAS that numpy's wheels carry: how many threads it takes, and what numpy leaves out.

numpy.matmul overwrites its result. BLAS also adds a product to what is there, in the same time,
which saves the pass over memory that `out += left @ right` takes.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy

# How BLAS is told that matrices lie row after row, and whether one is transposed.
_ROW_MAJOR, _AS_IS, _TRANSPOSED = 101, 111, 112


class OpenBlas:
    """The library; in a `with` statement its products take one thread."""

    def __init__(
        self,
        get: Callable[[], int],
        put: Callable[[int], object],
        multiply: dict[str, Callable[..., object]],
    ) -> None:
        """`multiply` are its functions for C ← α A B + β C, by the type code of the numbers."""
        self.get_threads = get
        self._put_threads = put
        self._multiply = multiply
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

    def add_product(self, left: Any, right: Any, out: Any) -> bool:
        """Adds the product of matrices [m, k] and [k, n] to `out`, which lies row after row.

        Does nothing and returns False where the library has no function for such arrays.
        """
        multiply = self._multiply.get(out.dtype.char)
        factors = _layout(left, out.dtype), _layout(right, out.dtype)
        if multiply is None or None in factors or not out.flags.c_contiguous or not out.size:
            return False
        (a, left_length), (b, right_length) = factors  # type: ignore[misc]
        m, n = out.shape
        multiply(
            *(_ROW_MAJOR, a, b, m, n, left.shape[1]),
            *(1.0, left.ctypes.data, left_length, right.ctypes.data, right_length),
            *(1.0, out.ctypes.data, n),
        )
        return True


def _layout(matrix: Any, dtype: Any) -> tuple[int, int] | None:
    """Whether a matrix is transposed and how far its lines are apart; None if it lies otherwise."""
    if matrix.dtype != dtype or not matrix.size or not matrix.flags.aligned:
        return None
    # An aligned stride of float32 or float64 is a multiple of its size.
    down, across = (stride // dtype.itemsize for stride in matrix.strides)
    if across == 1 and down >= matrix.shape[1]:
        return _AS_IS, down
    if down == 1 and across >= matrix.shape[0]:
        return _TRANSPOSED, across
    return None


def _find() -> OpenBlas | None:
    """The OpenBLAS that is loaded already, with numpy."""
    package = Path(numpy.__file__).parent
    for folder in (package.with_name("numpy.libs"), package / ".dylibs"):
        for path in sorted(folder.glob("*openblas*")) if folder.is_dir() else ():
            found = _functions(ctypes.CDLL(str(path)))
            if found is not None:
                return found
    return None


def _functions(library: Any) -> OpenBlas | None:
    """The library's functions under the names that they have in one of its builds."""
    for prefix in ("scipy_", ""):
        for suffix, integer in (("64_", ctypes.c_int64), ("", ctypes.c_int)):
            get = getattr(library, f"{prefix}openblas_get_num_threads{suffix}", None)
            put = getattr(library, f"{prefix}openblas_set_num_threads{suffix}", None)
            if get is None or put is None:
                continue
            get.restype = ctypes.c_int
            put.argtypes = [ctypes.c_int]
            put.restype = None
            products = {}
            for letter, code, number in (("s", "f", ctypes.c_float), ("d", "d", ctypes.c_double)):
                product = getattr(library, f"{prefix}cblas_{letter}gemm{suffix}", None)
                if product is not None:
                    product.restype = None
                    sizes, matrix = [ctypes.c_int] * 3 + [integer] * 3, [ctypes.c_void_p, integer]
                    product.argtypes = [*sizes, number, *matrix, *matrix, number, *matrix]
                    products[code] = product
            return OpenBlas(get, put, products)
    return None


openblas = _find()
