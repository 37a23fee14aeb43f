"""Prune: the nodes that the fetches need, as a program in which nothing is decided yet."""

from __future__ import annotations

from collections.abc import Sequence

from tflite_edu.core.opaque import Opaque, refuse
from tflite_edu.core.operation import Operation
from tflite_edu.core.tensor import Tensor
from tflite_edu.plan.program import Program, Step, Value


def prune(
    fetches: Sequence[Tensor], targets: Sequence[Operation], feeds: Sequence[Tensor]
) -> Program:
    """The program that computes `fetches` and runs `targets`, going back no further than `feeds`.

    Its steps stand in creation order. A node all of whose outputs that are wanted are fed does not
    run, unless it is a target. Raises InvalidArgumentError where a node of an op type that cannot
    run is needed.
    """
    fed = {tensor: _value(tensor) for tensor in feeds}
    needed = _needed(fetches, targets, fed)
    opaque = [op for op in needed if isinstance(op.definition, Opaque)]
    if opaque:
        refuse(min(opaque, key=lambda op: op._id))
    values: dict[Tensor, Value] = dict(fed)
    steps: dict[Operation, Step] = {}
    for op in sorted(needed, key=lambda op: op._id):
        for tensor in op._outputs:
            if tensor not in values:
                values[tensor] = _value(tensor)
    for op in sorted(needed, key=lambda op: op._id):
        outputs = tuple(_value(t) if t in fed else values[t] for t in op._outputs)
        steps[op] = Step(op, tuple(values[t] for t in op._inputs), outputs)
    for op, step in steps.items():
        step.controls = tuple(steps[c] for c in op._control_inputs if c in steps)
    return Program(list(fed.values()), [values[t] for t in fetches], list(steps.values()))


def _value(tensor: Tensor) -> Value:
    return Value(tensor.name, tensor.dtype, tensor._shape)


def _needed(
    fetches: Sequence[Tensor], targets: Sequence[Operation], fed: dict[Tensor, Value]
) -> set[Operation]:
    needed: set[Operation] = set()
    waiting = [t.op for t in fetches if t not in fed]
    waiting += targets
    while waiting:
        op = waiting.pop()
        if op in needed:
            continue
        needed.add(op)
        waiting += [t.op for t in op._inputs if t not in fed]
        waiting += [c for c in op._control_inputs if not _is_fed(c, fed)]
    return needed


def _is_fed(op: Operation, fed: dict[Tensor, Value]) -> bool:
    """Whether a node is a placeholder that was fed: what comes after it has not to wait."""
    return op.type in ("Placeholder", "PlaceholderV2") and op._outputs[0] in fed
