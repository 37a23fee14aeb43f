"""Which losses and updates depend on which inputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tflite_edu.core.operation import Operation
from tflite_edu.core.tensor import Tensor


def is_conditional(target: Operation | Tensor, inputs: Sequence[Any]) -> bool:
    """Whether an operation or tensor depends on one of the inputs."""
    return bool(reached([target], inputs))


def reached(targets: Sequence[Any], inputs: Sequence[Any]) -> list[Any]:
    """The operations and tensors among `targets` that are computed from one of the inputs."""
    sources = {value for value in inputs if isinstance(value, Tensor)}
    found: set[Operation] = set()
    waiting = list(sources)
    while waiting:
        for op in waiting.pop().consumers():
            if op not in found:
                found.add(op)
                waiting.extend(op.outputs)
    return [
        target
        for target in targets
        if target in sources or (target.op if isinstance(target, Tensor) else target) in found
    ]
