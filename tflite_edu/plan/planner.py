"""The way from fetches to a program: one visible tuple of passes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tflite_edu.core.operation import Operation
from tflite_edu.core.tensor import Tensor
from tflite_edu.plan.order import order
from tflite_edu.plan.program import Program
from tflite_edu.plan.prune import prune
from tflite_edu.plan.slots import mark_aliases


def with_aliases(program: Program) -> Program:
    """The program with every value that stands for a variable marked."""
    mark_aliases(program)
    return program


PASSES: tuple[Callable[[Program], Program], ...] = (with_aliases, order)


def plan(
    fetches: Sequence[Tensor], targets: Sequence[Operation], feeds: Sequence[Tensor]
) -> Program:
    """The program that a run of these fetches and targets with these feeds executes."""
    program = prune(fetches, targets, feeds)
    for rewrite in PASSES:
        program = rewrite(program)
    return program
