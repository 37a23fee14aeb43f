"""Functions of many steps for each element, block by block: every step works in the cache."""

from __future__ import annotations

from typing import Any

from tflite_edu.engines.kernels import kernel
from tflite_edu.engines.threads import run_blocks

# Elements of a block: intermediate results, which are float64, take 256 KiB each.
_BLOCK = 1 << 15


@kernel("Erf", "Erfc", "Lgamma", "Digamma")
def in_blocks(definition: Any, np: Any, x: Any) -> Any:
    """The function of each element of `x`, by the plain kernel."""
    if np.ndim(x) == 0 or x.size <= _BLOCK:
        return definition.forward(np, x)
    y = np.empty(x.shape, x.dtype)
    elements, results = np.ascontiguousarray(x).reshape(-1), y.reshape(-1)

    def block(start: int, stop: int) -> None:
        results[start:stop] = definition.forward(np, elements[start:stop])

    run_blocks(block, elements.size, _BLOCK)
    return y
