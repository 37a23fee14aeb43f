"""Folding: what depends on constants and known shapes alone is computed once, before any run.

The shapes of the feeds are known when a program is compiled for them, and with them nearly all of
the shape arithmetic that TensorFlow's gradients carry. On a branch the constants that are found
wait for it, as the steps did whose place they take: a Merge, and whoever fetches them, must see
that they are not there.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy

from tflite_edu.core.constant_value import grouped
from tflite_edu.core.dtypes import int32
from tflite_edu.core.inference import ShapeError
from tflite_edu.core.op import Op, resolve
from tflite_edu.core.shapes import Shape, is_fully_defined
from tflite_edu.plan.anchors import Anchors
from tflite_edu.plan.branches import MERGES, SWITCHES, Guards, guards
from tflite_edu.plan.printing import name_text
from tflite_edu.plan.program import Program, Step, Value
from tflite_edu.plan.rewriting import Log, rebuilt, with_inputs
from tflite_edu.plan.splats import ALIKE, FAILURES, SPREADING, splat_of

# What only spreads a few numbers out is as fast to do in each run as to read from memory.
_MAXIMUM_SPREAD = 1 << 14

# Larger results are left to each run: to keep them would cost more memory than it saves time.
_MAXIMUM_COMPUTED = 1 << 18

# The result of so few elements is not large where its shape is not known (and Fill's is known).
_SMALL = 64


def fold(program: Program, log: Log) -> Program:
    """The program with constants for what constants and shapes determine; shapes made sharper."""
    folding = _Folding(guards(program), log)
    for step in program.steps:
        folding.take(step)
    return rebuilt(program, folding.steps, folding.instead)


class _Folding:
    """The steps so far, and what is known of their values."""

    def __init__(self, found: Guards, log: Log) -> None:
        self.steps: list[Step] = []
        # Values of sharper shapes are new ones, so that the program from before stays as it was.
        self.instead: dict[Value, Value] = {}
        self._first: dict[Value, Value] = {}
        # What a value is, if it is there at all; a splat as a view of one number.
        self._known: dict[Value, Any] = {}
        self._anchors = Anchors(found)
        self._log = log

    def take(self, original: Step) -> None:
        """Adds what takes the place of a step."""
        step = with_inputs(original, self.instead)
        definition: Any = step.definition
        if definition.op_type == "Const":
            self._known[step.outputs[0]] = definition.value
            self.steps.append(step)
            return
        step = self._with_shapes(step, _sharper_shapes(step, self._known))
        if definition.op_type in SWITCHES | MERGES:
            # Which of them is there is for a run to tell.
            if definition.op_type == "Switch" and step.inputs[0] in self._known:
                self._known.update(dict.fromkeys(step.outputs, self._known[step.inputs[0]]))
        elif self._is_constant(original, step) or self._is_splat(original, step):
            return
        self._anchors.add(original, step)
        self.steps.append(step)

    def _is_constant(self, original: Step, step: Step) -> bool:
        values = _computed(step, self._known)
        waits = None if values is None else self._anchors.waiting(original, self.steps)
        if values is None or waits is None:
            return False
        arrays = [_constant(value) for value in values]
        step = self._with_shapes(step, [array.shape for array in arrays])
        for output, array in zip(step.outputs, arrays, strict=True):
            self._known[output] = array
            self.steps.append(_const(step, output, array, waits))
        self._log.append(f"fold: {step.operation.name} is constant")
        return True

    def _is_splat(self, original: Step, step: Step) -> bool:
        """Whether the step was replaced by one that fills its output with a number."""
        number = splat_of(step, self._known)
        if number is None:
            return False
        output = step.outputs[0]
        sizes: Any = output.shape
        self._known[output] = numpy.broadcast_to(number, sizes)
        if step.definition.op_type in SPREADING:
            return False
        waits = self._anchors.waiting(original, self.steps)
        if waits is None:
            return False
        dims = numpy.array(sizes, numpy.int32)
        shape = Value(f"{name_text(output)}/dims", int32, dims.shape)
        value = Value(f"{name_text(output)}/value", output.dtype, ())
        self.steps += [_const(step, shape, dims), _const(step, value, number)]
        fill = resolve("Fill").of((output.dtype.base_dtype, int32))
        self.steps.append(Step(step.operation, (shape, value), step.outputs, waits, fill))
        self._log.append(f"fold: {step.operation.name} is {number} all over")
        return True

    def _with_shapes(self, step: Step, shapes: Sequence[Shape]) -> Step:
        """The step with outputs of these shapes."""
        if all(value.shape == shape for value, shape in zip(step.outputs, shapes, strict=True)):
            return step
        outputs = []
        for value, shape in zip(step.outputs, shapes, strict=True):
            made = value
            # A variable's place is one value, and what lies there may take another shape.
            if value.slot is None:
                made = Value(value.name, value.dtype, shape)
                # A value may become sharper twice; those who use it know the one it was at first.
                first = self._first[made] = self._first.get(value, value)
                self.instead[first] = made
            outputs.append(made)
        return Step(step.operation, step.inputs, tuple(outputs), step.controls, step.definition)


def _const(step: Step, output: Value, array: Any, waits: tuple[Step, ...] = ()) -> Step:
    definition: Op = resolve("Const").of((array, output.dtype))
    return Step(step.operation, (), (output,), waits, definition)


def _constant(value: Any) -> Any:
    array = numpy.asarray(value)
    if array.dtype != object and not array.flags.owndata:
        array = array.copy()
    array.setflags(write=False)
    return array


def _computed(step: Step, known: dict[Value, Any]) -> list[Any] | None:
    """The outputs of a step, if they can be told without a run."""
    definition: Any = step.definition
    if definition.effect is not None or not step.outputs:
        return None
    if definition.from_shapes is not None:
        try:
            found = definition.from_shapes(*[value.shape for value in step.inputs])
        except FAILURES:
            found = None
        if found is not None:
            return list(found) if isinstance(found, list) else [found]
    if definition.op_type in ALIKE and _elements(step.outputs[0].shape) <= _MAXIMUM_SPREAD:
        number = splat_of(step, known)
        return None if number is None else [numpy.full(step.outputs[0].shape, number)]
    if not step.inputs or not all(value in known for value in step.inputs):
        return None
    if any(known[v].size > _MAXIMUM_COMPUTED and not any(known[v].strides) for v in step.inputs):
        # A splat, of which there may be more than memory holds.
        return None
    spreads = all(known[value].size <= _SMALL for value in step.inputs)
    limit = _MAXIMUM_SPREAD if spreads else _MAXIMUM_COMPUTED
    if any(_elements(value.shape) > limit for value in step.outputs) and (
        not spreads or any(is_fully_defined(value.shape) for value in step.outputs)
    ):
        return None
    try:
        with numpy.errstate(all="ignore"):
            arrays = grouped(definition, [known[value] for value in step.inputs])
            result = definition.forward(numpy, *arrays)
    except FAILURES:
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
        return _MAXIMUM_COMPUTED + 1
    count = 1
    for dim in shape:
        count *= dim or 0
    return count
