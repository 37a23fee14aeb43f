"""Folding: what depends on constants and known shapes alone is computed once, before any run.

The shapes of the feeds are known when a program is compiled for them, and with them nearly all of
the shape arithmetic that TensorFlow's gradients carry.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy

from tflite_edu.core.constant_value import grouped
from tflite_edu.core.errors import OpError
from tflite_edu.core.inference import ShapeError
from tflite_edu.core.op import Op, resolve
from tflite_edu.core.shapes import Shape
from tflite_edu.plan.branches import MERGES, SWITCHES, branches
from tflite_edu.plan.program import Program, Step, Value
from tflite_edu.plan.rewriting import Log, rebuilt, with_inputs

# Larger results are left to each run: to keep them would cost more memory than it saves time.
_MAXIMUM_ELEMENTS = 1 << 14

# The result of so few elements is not large where its shape is not known (and Fill's is known).
_SMALL = 64

_FAILURES = (OpError, ValueError, TypeError, ArithmeticError, IndexError)


def fold(program: Program, log: Log) -> Program:
    """The program with constants for what constants and shapes determine; shapes made sharper."""
    known: dict[Value, Any] = {}
    steps: list[Step] = []
    # Values of sharper shapes are new ones, so that the program from before stays as it was.
    instead: dict[Value, Value] = {}
    unsure = branches(program).steps
    for step in program.steps:
        # What is there of a Switch's outputs, and of a Merge's inputs, is for a run to tell.
        runs = step not in unsure and step.definition.op_type not in SWITCHES | MERGES
        step = with_inputs(step, instead)
        definition: Any = step.definition
        if definition.op_type == "Const":
            known[step.outputs[0]] = definition.value
            steps.append(step)
            continue
        step = _with_shapes(step, _sharper_shapes(step, known), instead)
        # What may not run stays a step, or others could not tell that it did not.
        values = _computed(step, known) if runs else None
        if values is None:
            steps.append(step)
            continue
        arrays = [_constant(value) for value in values]
        step = _with_shapes(step, [array.shape for array in arrays], instead)
        for output, array in zip(step.outputs, arrays, strict=True):
            known[output] = array
            constant: Op = resolve("Const").of((array, output.dtype))
            steps.append(Step(step.operation, (), (output,), (), constant))
        log.append(f"fold: {step.operation.name} is constant")
    return rebuilt(program, steps, instead)


def _constant(value: Any) -> Any:
    array = numpy.asarray(value)
    if array.dtype != object and not array.flags.owndata:
        array = array.copy()
    array.setflags(write=False)
    return array


def _with_shapes(step: Step, shapes: Sequence[Shape], instead: dict[Value, Value]) -> Step:
    """The step with outputs of these shapes."""
    if all(value.shape == shape for value, shape in zip(step.outputs, shapes, strict=True)):
        return step
    outputs = []
    for value, shape in zip(step.outputs, shapes, strict=True):
        made = value
        # A variable's place is one value, and what lies there may take another shape.
        if value.slot is None:
            made = instead[value] = Value(value.name, value.dtype, shape)
        outputs.append(made)
    return Step(step.operation, step.inputs, tuple(outputs), step.controls, step.definition)


def _computed(step: Step, known: dict[Value, Any]) -> list[Any] | None:
    """The outputs of a step, if they can be told without a run."""
    definition: Any = step.definition
    if definition.effect is not None or not step.outputs:
        return None
    if definition.from_shapes is not None:
        try:
            found = definition.from_shapes(*[value.shape for value in step.inputs])
        except _FAILURES:
            found = None
        if found is not None:
            return list(found) if isinstance(found, list) else [found]
    if not step.inputs or not all(value in known for value in step.inputs):
        return None
    if any(_elements(value.shape) > _MAXIMUM_ELEMENTS for value in step.outputs):
        if any(known[value].size > _SMALL for value in step.inputs):
            return None
        if any(value.shape is not None and None not in value.shape for value in step.outputs):
            return None
    try:
        with numpy.errstate(all="ignore"):
            arrays = grouped(definition, [known[value] for value in step.inputs])
            result = definition.forward(numpy, *arrays)
    except _FAILURES:
        # The run fails in the same way, and says where.
        return None
    return list(result) if isinstance(result, (list, tuple)) else [result]


def _sharper_shapes(step: Step, known: dict[Value, Any]) -> list[Shape]:
    """The shapes of the outputs, inferred once more from what is known by now."""
    shapes = [value.shape for value in step.outputs]
    if all(shape is not None and None not in shape for shape in shapes):
        return shapes
    try:
        result = step.definition.infer(*_arguments(step, known))
    except ShapeError:
        return shapes
    except (TypeError, AttributeError):
        # A shape that is wanted is not there.
        return shapes
    inferred = result if isinstance(result, list) else [result] * len(shapes)
    return [_sharper(one, other) for one, other in itertools.zip_longest(shapes, inferred)]


def _arguments(step: Step, known: dict[Value, Any]) -> list[Any]:
    """What `infer` takes: shapes, or values where the op type asks for them."""
    definition = step.definition
    declared = definition.signature.inputs
    arguments: list[Any] = []
    index = 0
    for argument, (_, given) in zip(declared, step.arguments(), strict=True):
        source = definition.infer_from.get(argument.name)
        found = []
        for value in given:
            found.append(_known(step, index, value, source, known))
            index += 1
        arguments.append(found if argument.is_list else found[0])
    return arguments


def _known(
    step: Step, index: int, value: Value, source: str | None, known: dict[Value, Any]
) -> Any:
    if source is None:
        return value.shape
    if source == "handle":
        return step.operation._inputs[index].handle
    array = known.get(value)
    if source == "value":
        return array
    partial = _partial(array, value.shape)
    return partial if source == "partial" else (array, partial)


def _partial(array: Any, shape: Shape) -> Shape:
    if array is not None:
        return None if array.ndim == 0 else tuple(None if v < 0 else int(v) for v in array)
    if shape is not None and len(shape) == 1 and shape[0] is not None:
        return (None,) * shape[0]
    return None


def _sharper(one: Shape, other: Shape) -> Shape:
    if one is None or other is None:
        return other if one is None else one
    if len(one) != len(other):
        return one
    return tuple(n if m is None else m for m, n in zip(one, other, strict=True))


def _elements(shape: Shape) -> int:
    if shape is None or None in shape:
        return _MAXIMUM_ELEMENTS + 1
    count = 1
    for dim in shape:
        count *= dim or 0
    return count
