"""Rules of the pass `algebra` for sums of several values, as gradients come from several uses."""

from __future__ import annotations

import itertools
from typing import Any

import numpy

from tflite_edu.core.dtypes import int32
from tflite_edu.core.op import resolve
from tflite_edu.core.shapes import is_fully_defined
from tflite_edu.plan.branches import Guard
from tflite_edu.plan.facts import Facts, Found, applied, equal_shapes
from tflite_edu.plan.printing import name_text
from tflite_edu.plan.program import Step, Value


def alone(step: Step, facts: Facts) -> Found | None:
    """A sum of one."""
    return (step.inputs[0], "there is only one") if len(step.inputs) == 1 else None


def without_zeros(step: Step, facts: Facts) -> Found | None:
    """A sum of which some are zero."""
    if not all(equal_shapes(value, step.outputs[0]) for value in step.inputs):
        return None
    more = [value for value in step.inputs if not facts.everywhere(value, 0)] or [step.inputs[0]]
    if len(more) == len(step.inputs):
        return None
    if len(more) == 1:
        return more[0], "the others are zero"
    return applied(step, "AddN", tuple(more), len(more)), "x + 0 = x"


def of_a_negative(step: Step, facts: Facts) -> Found | None:
    """A sum of two of which one is the negative of something."""
    if len(step.inputs) != 2 or not equal_shapes(*step.inputs):
        return None
    for i in (1, 0):
        negated = facts.maker(step.inputs[i], "Neg")
        if negated is not None:
            return applied(step, "Sub", (step.inputs[1 - i], negated.inputs[0])), "x + -y = x - y"
    return None


def of_conditionals(step: Step, facts: Facts) -> Found | None:
    """A sum of conditionals of which on each branch all but one are zero, as the gradient of what
    both branches use, is a conditional."""
    sides: dict[Guard, list[Value]] = {}
    for value in step.inputs:
        merge = facts.maker(value, "Merge")
        if merge is None or value is not merge.outputs[0] or len(merge.inputs) != 2:
            return None
        for source in merge.inputs:
            if not equal_shapes(source, step.outputs[0]):
                return None
            sides.setdefault(facts.guards.of_value(source), []).append(source)
    if len(sides) != 2 or any(len(side) != len(step.inputs) for side in sides.values()):
        return None
    taken = []
    for side in sides.values():
        more = [value for value in side if not facts.everywhere(value, 0)]
        if len(more) > 1:
            return None
        taken.append(more[0] if more else side[0])
    output = step.outputs[0]
    number = Value(f"{name_text(output)}:1", int32, ())
    merged = resolve("Merge").of((output.dtype.base_dtype, len(taken)))
    changed = Step(step.operation, tuple(taken), (output, number), (), merged)
    return changed, "on each branch only one is not zero"


def of_choices(step: Step, facts: Facts) -> Found | None:
    """A sum of one value where a condition holds and of another one where it does not."""
    selects = [facts.maker(value, "Select") for value in step.inputs]
    for i, j in itertools.combinations(range(len(selects)), 2):
        first, second = selects[i], selects[j]
        # Of the sums on the way none may become another one, which might round otherwise.
        if j != i + 1 and (i, j) != (0, 2):
            continue
        if first is None or second is None or first.inputs[0] is not second.inputs[0]:
            continue
        pairs = list(zip(first.inputs[1:], second.inputs[1:], strict=True))
        chosen = [[v for v in pair if not facts.everywhere(v, 0)] for pair in pairs]
        if any(len(values) != 1 for values in chosen):
            continue
        if not equal_shapes(step.inputs[i], step.inputs[j]):
            continue
        ((held,), (failed,)) = chosen
        output = step.outputs[0]
        inputs = (first.inputs[0], held, failed)
        if len(selects) == 2:
            made = Step(step.operation, inputs, step.outputs, (), first.definition)
            return made, "one where the other is zero"
        both = Value(f"{name_text(output)}/Select", output.dtype, output.shape)
        facts.add(Step(step.operation, inputs, (both,), (), first.definition))
        rest = list(step.inputs)
        rest[i] = both
        del rest[j]
        return applied(step, "AddN", tuple(rest), len(rest)), "one where the other is zero"
    return None


def of_pads(step: Step, facts: Facts) -> Found | None:
    """A sum of values padded with zeros, so that they lie side by side: the gradient of slices."""
    output = step.outputs[0]
    if not is_fully_defined(output.shape):
        return None
    parts: dict[int, Value] = {}
    axes: set[int] = set()
    for value in step.inputs:
        pad = facts.maker(value, "Pad")
        widths = None if pad is None else facts.constants.get(pad.inputs[1])
        if pad is None or widths is None or not equal_shapes(value, output):
            return None
        padded = numpy.flatnonzero(widths.any(axis=1)).tolist()
        if len(padded) != 1 or not is_fully_defined(pad.inputs[0].shape):
            return None
        axes.update(padded)
        parts[int(widths[padded[0], 0])] = pad.inputs[0]
    axis = axes.pop()
    ordered = [parts[start] for start in sorted(parts)]
    if axes or len(ordered) != len(step.inputs) or not _side_by_side(parts, axis, output):
        return None
    number = numpy.array(axis, numpy.int32)
    last = facts.constant(number, int32, f"{name_text(output)}/axis", step)
    concat = resolve("ConcatV2").of((len(ordered), output.dtype.base_dtype, int32))
    changed = Step(step.operation, (*ordered, last), step.outputs, (), concat)
    return changed, "they lie side by side"


def _side_by_side(parts: dict[int, Value], axis: int, whole: Value) -> bool:
    """Whether parts, by where they start on an axis, cover it once."""
    end: Any = 0
    for start in sorted(parts):
        shape = parts[start].shape
        if start != end or shape is None:
            return False
        end += shape[axis]
    return whole.shape is not None and bool(end == whole.shape[axis])


RULES = (alone, without_zeros, of_a_negative, of_conditionals, of_choices, of_pads)
"""The rules for `AddN`."""
