"""The way from fetches to a program: what runs, in which order, and how it is made shorter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from tflite_edu.core.operation import Operation
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.plan.algebra import algebra
from tflite_edu.plan.common import common_subexpressions
from tflite_edu.plan.folding import fold
from tflite_edu.plan.hoisting import hoist
from tflite_edu.plan.identities import identities
from tflite_edu.plan.order import order
from tflite_edu.plan.program import Program
from tflite_edu.plan.prune import prune
from tflite_edu.plan.rewriting import Log, Pass
from tflite_edu.plan.slots import mark_aliases
from tflite_edu.plan.unused import unused


def with_aliases(program: Program) -> Program:
    """The program with every value that stands for a variable marked."""
    mark_aliases(program)
    return program


PLANNING: tuple[Callable[[Program], Program], ...] = (with_aliases, order)
"""What settles the meaning of a run; every engine runs a program of this kind."""

REWRITES: tuple[Pass, ...] = (
    identities,
    fold,
    hoist,
    algebra,
    common_subexpressions,
    unused,
)
"""What makes a program shorter and keeps what it means."""


def plan(
    fetches: Sequence[Tensor], targets: Sequence[Operation], feeds: Sequence[Tensor]
) -> Program:
    """The program that a run of these fetches and targets with these feeds executes."""
    program = prune(fetches, targets, feeds)
    for settle in PLANNING:
        program = settle(program)
    return program


class Stage(NamedTuple):
    """A rewrite that was done: its name, the program after it, and what it did to which node."""

    name: str
    program: Program
    log: tuple[str, ...]


def optimize(program: Program, feed_shapes: Sequence[Shape] | None = None) -> Program:
    """A shorter program with the same meaning; with `feed_shapes`, for feeds of these shapes."""
    return stages(program, feed_shapes)[-1].program


def stages(program: Program, feed_shapes: Sequence[Shape] | None = None) -> list[Stage]:
    """The program as it is planned and after each rewrite."""
    done = [Stage("plan", program, program.notes)]
    if feed_shapes is not None:
        for value, shape in zip(program.feeds, feed_shapes, strict=True):
            value.shape = shape
    for rewrite in REWRITES:
        log: Log = []
        program = rewrite(program, log)
        done.append(Stage(rewrite.__name__, program, tuple(log)))
    return done
