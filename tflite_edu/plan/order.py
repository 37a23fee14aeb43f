"""Order: when each step runs.

Data and control edges come first. Where they leave a use and a write of one variable unordered, the
use comes first, always; steps that nothing orders run in the order of creation.
"""

from __future__ import annotations

import heapq
from collections.abc import Hashable

from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.plan.program import Program, Step, Value
from tflite_edu.plan.slots import Access, accesses


def order(program: Program) -> Program:
    """The program with its steps in the order in which they run.

    Raises InvalidArgumentError where the graph has a cycle.
    """
    makers = {value: step for step in program.steps for value in step.outputs}
    before = {step: _predecessors(step, makers) for step in program.steps}
    topological = _kahn(program.steps, before, {})
    found = {k: a for k, a in accesses(program).items() if a.writers}
    if not any(a.users or len(a.writers) > 1 for a in found.values()):
        return Program(program.feeds, program.fetches, topological, program.notes)
    after = _writers_before(topological, before, found)
    blocked: dict[Step, set[Step]] = {}
    for access in found.values():
        for writer in access.writers:
            waits = {u for u in access.users if u is not writer and writer not in after[u]}
            if waits:
                blocked.setdefault(writer, set()).update(waits)
    steps = _kahn(program.steps, before, blocked)
    notes = [*program.notes, *_unordered_writes(found, after)]
    return Program(program.feeds, program.fetches, steps, notes)


def _predecessors(step: Step, makers: dict[Value, Step]) -> set[Step]:
    found = {makers[v] for v in step.inputs if v in makers}
    found.update(step.controls)
    return found


def _kahn(
    steps: tuple[Step, ...], before: dict[Step, set[Step]], blocked: dict[Step, set[Step]]
) -> list[Step]:
    """Topological order by creation; a blocked step waits as long as anything else can run."""
    number = {step: i for i, step in enumerate(steps)}
    missing = {step: len(before[step]) for step in steps}
    followers: dict[Step, list[Step]] = {step: [] for step in steps}
    for step in steps:
        for earlier in before[step]:
            followers[earlier].append(step)
    pending = {writer: set(waits) for writer, waits in blocked.items()}
    waited: dict[Step, list[Step]] = {}
    for writer, waits in pending.items():
        for user in waits:
            waited.setdefault(user, []).append(writer)
    ready = [number[step] for step in steps if not missing[step] and not pending.get(step)]
    held = [number[step] for step in steps if not missing[step] and pending.get(step)]
    heapq.heapify(ready)
    heapq.heapify(held)
    done: list[Step] = []
    taken: set[Step] = set()
    while ready or held:
        step = steps[heapq.heappop(ready or held)]
        if step in taken:
            continue
        taken.add(step)
        done.append(step)
        for follower in followers[step]:
            missing[follower] -= 1
            if not missing[follower]:
                heapq.heappush(held if pending.get(follower) else ready, number[follower])
        for writer in waited.get(step, ()):
            pending[writer].discard(step)
            if not pending[writer] and not missing[writer] and writer not in taken:
                heapq.heappush(ready, number[writer])
    if len(done) < len(steps):
        stuck = next(step for step in steps if step not in taken)
        raise InvalidArgumentError(
            None,
            stuck.operation,
            f"Graph is invalid, contains a cycle through {stuck.operation.name}",
        )
    return done


def _writers_before(
    steps: list[Step], before: dict[Step, set[Step]], found: dict[Hashable, Access]
) -> dict[Step, _WriterSet]:
    """For each step the writers that a path of edges leads from."""
    bits: dict[Step, int] = {}
    for access in found.values():
        for writer in access.writers:
            bits.setdefault(writer, 1 << len(bits))
    masks: dict[Step, int] = {}
    for step in steps:
        mask = bits.get(step, 0)
        for earlier in before[step]:
            mask |= masks[earlier]
        masks[step] = mask
    return {step: _WriterSet(mask, bits) for step, mask in masks.items()}


class _WriterSet:
    """A set of writers, as the bits of one integer."""

    __slots__ = ("bits", "mask")

    def __init__(self, mask: int, bits: dict[Step, int]) -> None:
        self.mask = mask
        self.bits = bits

    def __contains__(self, writer: Step) -> bool:
        return bool(self.mask & self.bits[writer])


def _unordered_writes(found: dict[Hashable, Access], after: dict[Step, _WriterSet]) -> list[str]:
    notes: list[str] = []
    for access in found.values():
        for i, first in enumerate(access.writers):
            for second in access.writers[i + 1 :]:
                if first not in after[second] and second not in after[first]:
                    notes.append(
                        f"{first.operation.name} and {second.operation.name} write the same "
                        f"variable "
                        "and nothing orders them; they run in the order of creation"
                    )
    return notes
