"""Matrix products on several threads: whole pieces of work whose products take one thread each.

OpenBLAS shares a product between threads of its own, which wait for each other at its end and then
spin for a while in wait of the next: they take the cores from whatever else the engine shares out,
and beside other work a product may take ten times as long. So OpenBLAS is told to use one thread
while the engine computes, and large products are cut into pieces.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import numpy

from tflite_edu.engines.openblas import openblas
from tflite_edu.engines.scratch import scratch
from tflite_edu.engines.threads import run_blocks

# Products of so many rows are few enough to copy.
_SHORT = 128

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
    turned = _is_better_turned(a, b)
    down = 1
    while down < pieces and m * pieces > n * down * down:
        down *= 2
    across = pieces // down

    def piece(number: int) -> None:
        i, j = divmod(number, across)
        rows = slice(m * i // down, m * (i + 1) // down)
        columns = slice(n * j // across, n * (j + 1) // across)
        left, right, part = a[rows], b[:, columns], out[rows, columns]
        if turned:
            product = scratch("turned product", part.shape[::-1], out.dtype)
            part[...] = numpy.matmul(right.T, left.T, out=product).T
        else:
            numpy.matmul(left, right, out=part)

    run_pieces(piece, pieces)
    return out


def _is_better_turned(a: Any, b: Any) -> bool:
    """Whether (b' a')' takes less time than a b, with the copying.

    OpenBLAS is slow where a short matrix meets one that is transposed in memory (measured, 64 rows
    by 1024 by 3136: 70 GFLOP/s a core, 86 to 94 turned round).
    """
    return a.shape[0] <= _SHORT and bool(a.flags.c_contiguous and b.flags.f_contiguous)


def add_product(left: Any, right: Any, out: Any) -> None:
    """Adds the product of matrices [m, k] and [k, n] to `out`, on the caller's thread."""
    if openblas is None or not openblas.add_product(left, right, out):
        product = scratch("product to add", out.shape, out.dtype)
        numpy.add(out, numpy.matmul(left, right, out=product), out=out)
