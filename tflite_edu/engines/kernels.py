"""Kernels of the numpy engine's own, for op types whose plain `forward` leaves speed on the table.

A kernel takes the op's definition and then what `forward` takes, and gives the same values:

    @kernel("Conv2D")
    def convolve(definition, np, image, window): ...
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Kernel = Callable[..., Any]

KERNELS: dict[str, Kernel] = {}


def kernel(*op_types: str) -> Callable[[Kernel], Kernel]:
    """Has the numpy engine run op types with the decorated function."""

    def register(function: Kernel) -> Kernel:
        for op_type in op_types:
            KERNELS[op_type] = function
        return function

    return register
