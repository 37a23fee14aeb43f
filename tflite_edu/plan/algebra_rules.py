"""The rules of the pass `algebra`, listed by op type.

A rule is given a step with one output and no effect. It returns the value that the output equals,
or a simpler step for it, with the reason; and None where it does not apply. The sign of a zero may
change (x + 0), as in TensorFlow's own graph optimizer, and powers by a small number are multiplied
out; all else keeps every bit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy

from tflite_edu.core.dtypes import DType, float32, float64, int32
from tflite_edu.core.op import resolve
from tflite_edu.core.shapes import is_fully_defined
from tflite_edu.plan.printing import name_text
from tflite_edu.plan.program import Step, Value

Found = tuple["Step | Value", str]
Rule = Callable[[Step, "Facts"], "Found | None"]


class Facts:
    """What is known of the values that the steps so far have made."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.constants: dict[Value, Any] = {}
        # Values all of whose elements are one known number.
        self.uniform: dict[Value, Any] = {}
        self._makers: dict[Value, Step] = {}

    def add(self, step: Step) -> None:
        """Appends a step and learns from it."""
        self.steps.append(step)
        self._makers.update(dict.fromkeys(step.outputs, step))
        if step.definition.op_type == "Const":
            self.constants[step.outputs[0]] = step.definition.value  # type: ignore[attr-defined]
        number = _uniform(step, self.constants)
        if number is not None:
            self.uniform[step.outputs[0]] = number

    def constant(self, array: Any, dtype: DType, name: str, step: Step) -> Value:
        """A new constant, made for `step`."""
        value = Value(name, dtype, array.shape)
        self.add(Step(step.operation, (), (value,), (), resolve("Const").of((array, dtype))))
        return value

    def maker(self, value: Value, op_type: str) -> Step | None:
        """The step that made a value, if it is of this type and its inputs are the same still."""
        step = self._makers.get(value)
        if step is None or step.definition.op_type != op_type:
            return None
        # What a variable holds may have changed since.
        return None if any(v.slot is not None for v in step.inputs) else step

    def everywhere(self, value: Value, number: float) -> bool:
        """Whether all elements of a value are known to be `number`."""
        array = self.constants.get(value, self.uniform.get(value))
        if array is None or array.dtype == object:
            return False
        return bool((array == number).all())


def _uniform(step: Step, constants: dict[Value, Any]) -> Any:
    """The number with which a step fills its output, or None."""
    if step.definition.op_type not in ("Tile", "Fill", "BroadcastTo"):
        return None
    source = constants.get(step.inputs[1 if step.definition.op_type == "Fill" else 0])
    if source is None or source.size != 1 or source.dtype == object:
        return None
    return source.reshape(())


def _equal_shapes(one: Value, other: Value) -> bool:
    return one.shape is not None and None not in one.shape and one.shape == other.shape


def _applied(step: Step, op_type: str, inputs: tuple[Value, ...], *attributes: Any) -> Step:
    """A step that does something else for the same output."""
    definition = resolve(op_type).of((*attributes, step.outputs[0].dtype.base_dtype))
    return Step(step.operation, inputs, step.outputs, (), definition)


def _scalar_operand(step: Step, facts: Facts) -> Found | None:
    """A number in the place of an operand that is that number all over."""
    if step.definition.op_type not in _ELEMENTWISE:
        return None
    for i, other in ((0, 1), (1, 0)):
        value = step.inputs[i]
        if value in facts.uniform and _equal_shapes(step.inputs[other], step.outputs[0]):
            number = facts.uniform[value]
            inputs = list(step.inputs)
            inputs[i] = facts.constant(number, value.dtype, f"{name_text(value)}/number", step)
            changed = Step(step.operation, tuple(inputs), step.outputs, (), step.definition)
            return changed, f"{name_text(value)} is {number} all over"
    return None


_ELEMENTWISE = frozenset({"Mul", "AddV2", "Add", "Sub", "RealDiv", "Maximum", "Minimum"})


def _times_one(step: Step, facts: Facts) -> Found | None:
    for i, other in ((1, 0), (0, 1)):
        if facts.everywhere(step.inputs[i], 1) and _equal_shapes(
            step.inputs[other], step.outputs[0]
        ):
            return step.inputs[other], "x * 1 = x"
    return None


def _times_minus_one(step: Step, facts: Facts) -> Found | None:
    if not step.outputs[0].dtype.is_floating:
        return None
    for i, other in ((1, 0), (0, 1)):
        if facts.everywhere(step.inputs[i], -1) and _equal_shapes(
            step.inputs[other], step.outputs[0]
        ):
            return _applied(step, "Neg", (step.inputs[other],)), "x * -1 = -x"
    return None


def _over_one(step: Step, facts: Facts) -> Found | None:
    x, y = step.inputs
    if facts.everywhere(y, 1) and _equal_shapes(x, step.outputs[0]):
        return x, "x / 1 = x"
    return None


def _over_a_power_of_two(step: Step, facts: Facts) -> Found | None:
    x, y = step.inputs
    array = facts.constants.get(y)
    if array is None or not y.dtype.is_floating or not array.size:
        return None
    with numpy.errstate(all="ignore"):
        reciprocal = 1 / array
    exact = numpy.isfinite(array) & (numpy.abs(numpy.frexp(array)[0]) == 0.5)
    normal = numpy.abs(reciprocal) >= numpy.finfo(array.dtype).tiny
    if not (exact & numpy.isfinite(reciprocal) & normal).all():
        return None
    inverse = facts.constant(reciprocal, y.dtype, f"{name_text(y)}/reciprocal", step)
    return _applied(step, "Mul", (x, inverse)), "x / 2^n = x * 2^-n"


def _plus_zero(step: Step, facts: Facts) -> Found | None:
    for i, other in ((1, 0), (0, 1)):
        if facts.everywhere(step.inputs[i], 0) and _equal_shapes(
            step.inputs[other], step.outputs[0]
        ):
            return step.inputs[other], "x + 0 = x"
    return None


def _plus_negative(step: Step, facts: Facts) -> Found | None:
    for i, other in ((1, 0), (0, 1)):
        negated = facts.maker(step.inputs[i], "Neg")
        if negated is not None:
            inputs = (step.inputs[other], negated.inputs[0])
            return _applied(step, "Sub", inputs), "x + -y = x - y"
    return None


def _minus_zero(step: Step, facts: Facts) -> Found | None:
    x, y = step.inputs
    if facts.everywhere(y, 0) and _equal_shapes(x, step.outputs[0]):
        return x, "x - 0 = x"
    return None


def _minus_negative(step: Step, facts: Facts) -> Found | None:
    negated = facts.maker(step.inputs[1], "Neg")
    if negated is None:
        return None
    return _applied(step, "AddV2", (step.inputs[0], negated.inputs[0])), "x - -y = x + y"


def _double(step: Step, facts: Facts) -> Found | None:
    """A negation, or another function that undoes itself, of itself."""
    first = facts.maker(step.inputs[0], step.definition.op_type)
    return None if first is None else (first.inputs[0], "done twice, it undoes itself")


def _power(step: Step, facts: Facts) -> Found | None:
    x, y = step.inputs
    array = facts.constants.get(y)
    if array is None or array.size != 1 or not _equal_shapes(x, step.outputs[0]):
        return None
    power = array.reshape(()).item()
    if power == 1:
        return x, "x^1 = x"
    if x.dtype.base_dtype not in (float32, float64):
        return None
    if power == 2:
        return _applied(step, "Square", (x,)), "x^2 = x * x"
    if power == -1:
        return _applied(step, "Reciprocal", (x,)), "x^-1 = 1 / x"
    # A variable that is read twice might have changed between.
    if power == 3 and x.slot is None:
        name, output = f"{name_text(step.outputs[0])}/square", step.outputs[0]
        squared = Value(name, output.dtype, output.shape)
        square = resolve("Square").of((x.dtype.base_dtype,))
        facts.add(Step(step.operation, (x,), (squared,), (), square))
        return _applied(step, "Mul", (squared, x)), "x^3 = x * x * x"
    return None


def _same_shape(step: Step, facts: Facts) -> Found | None:
    if _equal_shapes(step.inputs[0], step.outputs[0]):
        return step.inputs[0], "it has that shape already"
    return None


def _reshape_of_reshape(step: Step, facts: Facts) -> Found | None:
    first = facts.maker(step.inputs[0], "Reshape")
    if first is None:
        return None
    inputs = (first.inputs[0], step.inputs[1])
    return Step(step.operation, inputs, step.outputs, (), step.definition), "only the last counts"


def _over_no_axes(step: Step, facts: Facts) -> Found | None:
    axes = facts.constants.get(step.inputs[1])
    return (step.inputs[0], "over no axes") if axes is not None and axes.size == 0 else None


def _sum_of_single_elements(step: Step, facts: Facts) -> Found | None:
    axes, source, output = facts.constants.get(step.inputs[1]), step.inputs[0], step.outputs[0]
    if axes is None or source.slot is not None or not is_fully_defined(output.shape):
        return None
    if source.shape is None or None in source.shape:
        return None
    rank = len(source.shape)
    listed = axes.ravel().tolist()
    if not listed or not all(-rank <= a < rank and source.shape[a] == 1 for a in listed):
        return None
    array = numpy.array(output.shape, numpy.int32)
    shape = facts.constant(array, int32, f"{name_text(output)}/shape", step)
    reshape = resolve("Reshape").of((source.dtype.base_dtype, int32))
    changed = Step(step.operation, (source, shape), step.outputs, (), reshape)
    return changed, "a sum over single elements"


def _tiled_once(step: Step, facts: Facts) -> Found | None:
    times = facts.constants.get(step.inputs[1])
    if times is not None and bool((times == 1).all()):
        return step.inputs[0], "repeated once"
    return None


def _padded_by_nothing(step: Step, facts: Facts) -> Found | None:
    widths = facts.constants.get(step.inputs[1])
    if widths is not None and not widths.any():
        return step.inputs[0], "padded by nothing"
    return None


def _permutation(step: Step, facts: Facts) -> list[int] | None:
    perm = facts.constants.get(step.inputs[1])
    return None if perm is None else perm.ravel().tolist()


def _transposed_in_place(step: Step, facts: Facts) -> Found | None:
    perm = _permutation(step, facts)
    if perm is not None and perm == list(range(len(perm))):
        return step.inputs[0], "every axis stays where it is"
    return None


def _transpose_of_transpose(step: Step, facts: Facts) -> Found | None:
    first, then = facts.maker(step.inputs[0], "Transpose"), _permutation(step, facts)
    before = None if first is None else _permutation(first, facts)
    if first is None or then is None or before is None or sorted(then) != sorted(before):
        return None
    both = numpy.array([before[axis] for axis in then], numpy.int32)
    perm = facts.constant(both, int32, f"{name_text(step.outputs[0])}/perm", step)
    definition = resolve("Transpose").of((step.inputs[0].dtype.base_dtype, int32))
    changed = Step(step.operation, (first.inputs[0], perm), step.outputs, (), definition)
    return changed, "two transpositions are one"


def _cast_to_itself(step: Step, facts: Facts) -> Found | None:
    definition: Any = step.definition
    if definition.SrcT is definition.DstT:
        return step.inputs[0], "it has that dtype already"
    return None


def _alone(step: Step, facts: Facts) -> Found | None:
    return (step.inputs[0], "there is only one") if len(step.inputs) == 1 else None


def _product_of_transpose(step: Step, facts: Facts) -> Found | None:
    """A matrix product that reads its operand the other way round."""
    definition: Any = step.definition
    turned = [definition.transpose_a, definition.transpose_b]
    inputs = list(step.inputs)
    for i, value in enumerate(step.inputs):
        first = facts.maker(value, "Transpose")
        if first is not None and _permutation(first, facts) == [1, 0]:
            turned[i] = not turned[i]
            inputs[i] = first.inputs[0]
    if inputs == list(step.inputs):
        return None
    return _applied(step, "MatMul", tuple(inputs), *turned), "transposed as it is read"


ANY: tuple[Rule, ...] = (_scalar_operand,)
"""Rules that look for themselves whether a step is for them."""

RULES: dict[str, tuple[Rule, ...]] = {
    "Mul": (_times_one, _times_minus_one),
    "RealDiv": (_over_one, _over_a_power_of_two),
    "Add": (_plus_zero, _plus_negative),
    "AddV2": (_plus_zero, _plus_negative),
    "Sub": (_minus_zero, _minus_negative),
    "Pow": (_power,),
    "Reshape": (_same_shape, _reshape_of_reshape),
    "BroadcastTo": (_same_shape,),
    "Sum": (_over_no_axes, _sum_of_single_elements),
    "Tile": (_tiled_once,),
    "Pad": (_padded_by_nothing,),
    "PadV2": (_padded_by_nothing,),
    "Transpose": (_transposed_in_place, _transpose_of_transpose),
    "Cast": (_cast_to_itself,),
    "AddN": (_alone,),
    "MatMul": (_product_of_transpose,),
    **dict.fromkeys(("Mean", "Max", "Min", "Prod", "All", "Any"), (_over_no_axes,)),
    **dict.fromkeys(("Neg", "LogicalNot", "Conj"), (_double,)),
}
