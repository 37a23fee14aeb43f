"""The rules of the pass `algebra`, listed by op type.

A rule is given a step with one output and no effect. It returns the value that the output equals,
or a simpler step for it, with the reason; and None where it does not apply. The sign of a zero may
change (x + 0), as in TensorFlow's own graph optimizer, and powers by a small number are multiplied
out; all else keeps every bit, unless a product on the way is too large or too small a number.
"""

from __future__ import annotations

from typing import Any

import numpy

from tflite_edu.core.dtypes import float32, float64, int32
from tflite_edu.core.op import resolve
from tflite_edu.core.shapes import is_fully_defined, num_elements
from tflite_edu.plan import sum_rules
from tflite_edu.plan.facts import Facts, Found, Rule, applied, equal_shapes
from tflite_edu.plan.printing import name_text
from tflite_edu.plan.program import Step, Value


def _scalar_operand(step: Step, facts: Facts) -> Found | None:
    """A number in the place of an operand that is that number all over."""
    if step.definition.op_type not in _ELEMENTWISE:
        return None
    for i, other in ((0, 1), (1, 0)):
        value = step.inputs[i]
        if value in facts.uniform and equal_shapes(step.inputs[other], step.outputs[0]):
            number = facts.uniform[value]
            inputs = list(step.inputs)
            inputs[i] = facts.constant(number, value.dtype, f"{name_text(value)}/number", step)
            changed = Step(step.operation, tuple(inputs), step.outputs, (), step.definition)
            return changed, f"{name_text(value)} is {number} all over"
    return None


_ELEMENTWISE = frozenset(
    {
        *("Add", "AddV2", "DivNoNan", "Maximum", "Minimum", "Mul", "Pow", "RealDiv", "Sub"),
        *("Equal", "Greater", "GreaterEqual", "Less", "LessEqual", "NotEqual"),
        "SquaredDifference",
    }
)


def _spread_operand(step: Step, facts: Facts) -> Found | None:
    """A row or column in the place of an operand that repeats it, as gradients of means do."""
    if step.definition.op_type not in _ELEMENTWISE:
        return None
    for i, other in ((0, 1), (1, 0)):
        source = _repeated(step.inputs[i], facts)
        if source is None:
            continue
        inputs = list(step.inputs)
        inputs[i] = source
        if equal_shapes(step.inputs[other], step.outputs[0]):
            changed = Step(step.operation, tuple(inputs), step.outputs, (), step.definition)
            return changed, "it is repeated as it is read"
        number = facts.constants.get(step.inputs[other])
        output = step.outputs[0]
        if number is None or number.size != 1 or number.ndim > len(source.shape or ()):
            continue
        tile = facts.maker(step.inputs[i], "Tile")
        if tile is None or output.dtype is not source.dtype:
            continue
        made = Value(f"{name_text(output)}/once", output.dtype, source.shape)
        facts.add(Step(step.operation, tuple(inputs), (made,), (), step.definition))
        again = Step(step.operation, (made, tile.inputs[1]), step.outputs, (), tile.definition)
        return again, "it is computed once and repeated"
    return None


def _repeated(value: Value, facts: Facts) -> Value | None:
    """What a value repeats along axes on which that has one element, as broadcasting does."""
    tile = facts.maker(value, "Tile")
    if tile is None or value.shape is None or not is_fully_defined(value.shape):
        return None
    source = tile.inputs[0]
    if source.shape is None or len(source.shape) != len(value.shape):
        return None
    fits = all(one in (1, size) for one, size in zip(source.shape, value.shape, strict=True))
    return source if fits else None


def _times_one(step: Step, facts: Facts) -> Found | None:
    for i, other in ((1, 0), (0, 1)):
        if facts.everywhere(step.inputs[i], 1) and equal_shapes(
            step.inputs[other], step.outputs[0]
        ):
            return step.inputs[other], "x * 1 = x"
    return None


def _scaled_twice(step: Step, facts: Facts) -> Found | None:
    """A product with two numbers, one of them a power of two, so that no bit is lost."""
    output = step.outputs[0]
    if output.dtype not in (float32, float64):
        return None
    for i, j in ((0, 1), (1, 0), (0, 0), (1, 1)):
        inner = facts.maker(step.inputs[1 - i], "Mul")
        if inner is None or not equal_shapes(inner.inputs[1 - j], output):
            continue
        first, second = (facts.constants.get(v) for v in (step.inputs[i], inner.inputs[j]))
        if first is None or second is None or first.size != 1 or second.size != 1:
            continue
        first, second = first.reshape(()), second.reshape(())
        with numpy.errstate(all="ignore"):
            product = numpy.asarray(first * second)
        sound = all(_is_normal(number) for number in (first, second, product))
        if sound and 0.5 in numpy.abs(numpy.frexp([first, second])[0]):
            number = facts.constant(product, output.dtype, f"{name_text(output)}/number", step)
            return applied(step, "Mul", (inner.inputs[1 - j], number)), "a (b x) = (a b) x"
    return None


def _is_normal(number: Any) -> bool:
    """Whether a number is neither zero, subnormal, infinite nor NaN."""
    return bool(numpy.isfinite(number) and abs(number) >= numpy.finfo(number.dtype).tiny)


def _times_minus_one(step: Step, facts: Facts) -> Found | None:
    if not step.outputs[0].dtype.is_floating:
        return None
    for i, other in ((1, 0), (0, 1)):
        if facts.everywhere(step.inputs[i], -1) and equal_shapes(
            step.inputs[other], step.outputs[0]
        ):
            return applied(step, "Neg", (step.inputs[other],)), "x * -1 = -x"
    return None


def _over_one(step: Step, facts: Facts) -> Found | None:
    x, y = step.inputs
    if facts.everywhere(y, 1) and equal_shapes(x, step.outputs[0]):
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
    return applied(step, "Mul", (x, inverse)), "x / 2^n = x * 2^-n"


def _plus_zero(step: Step, facts: Facts) -> Found | None:
    for i, other in ((1, 0), (0, 1)):
        if facts.everywhere(step.inputs[i], 0) and equal_shapes(
            step.inputs[other], step.outputs[0]
        ):
            return step.inputs[other], "x + 0 = x"
    return None


def _plus_negative(step: Step, facts: Facts) -> Found | None:
    for i, other in ((1, 0), (0, 1)):
        negated = facts.maker(step.inputs[i], "Neg")
        if negated is not None:
            inputs = (step.inputs[other], negated.inputs[0])
            return applied(step, "Sub", inputs), "x + -y = x - y"
    return None


def _minus_zero(step: Step, facts: Facts) -> Found | None:
    x, y = step.inputs
    if facts.everywhere(y, 0) and equal_shapes(x, step.outputs[0]):
        return x, "x - 0 = x"
    return None


def _minus_negative(step: Step, facts: Facts) -> Found | None:
    negated = facts.maker(step.inputs[1], "Neg")
    if negated is None:
        return None
    return applied(step, "AddV2", (step.inputs[0], negated.inputs[0])), "x - -y = x + y"


def _double(step: Step, facts: Facts) -> Found | None:
    """A negation, or another function that undoes itself, of itself."""
    first = facts.maker(step.inputs[0], step.definition.op_type)
    return None if first is None else (first.inputs[0], "done twice, it undoes itself")


def _power(step: Step, facts: Facts) -> Found | None:
    x, y = step.inputs
    array = facts.constants.get(y)
    if array is None or array.size != 1 or not equal_shapes(x, step.outputs[0]):
        return None
    power = array.reshape(()).item()
    if power == 1:
        return x, "x^1 = x"
    if x.dtype.base_dtype not in (float32, float64):
        return None
    if power == 2:
        return applied(step, "Square", (x,)), "x^2 = x * x"
    if power == -1:
        return applied(step, "Reciprocal", (x,)), "x^-1 = 1 / x"
    # A variable that is read twice might have changed between.
    if power == 3 and x.slot is None:
        name, output = f"{name_text(step.outputs[0])}/square", step.outputs[0]
        squared = Value(name, output.dtype, output.shape)
        square = resolve("Square").of((x.dtype.base_dtype,))
        facts.add(Step(step.operation, (x,), (squared,), (), square))
        return applied(step, "Mul", (squared, x)), "x^3 = x * x * x"
    return None


def _same_shape(step: Step, facts: Facts) -> Found | None:
    if equal_shapes(step.inputs[0], step.outputs[0]):
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


def _over_single_elements(step: Step, facts: Facts) -> Found | None:
    axes, source = facts.constants.get(step.inputs[1]), step.inputs[0]
    if axes is None or source.shape is None or None in source.shape:
        return None
    rank = len(source.shape)
    listed = axes.ravel().tolist()
    if not listed or not all(-rank <= a < rank and source.shape[a] == 1 for a in listed):
        return None
    return _as_reshape(step, facts, "over single elements")


def _other_dimensions(step: Step, facts: Facts) -> Found | None:
    sizes = num_elements(step.inputs[0].shape), num_elements(step.outputs[0].shape)
    if None in sizes or sizes[0] != sizes[1]:
        return None
    return _as_reshape(step, facts, "nothing but the shape changes")


def _as_reshape(step: Step, facts: Facts, why: str) -> Found | None:
    source, output = step.inputs[0], step.outputs[0]
    if source.slot is not None or not is_fully_defined(output.shape):
        return None
    array = numpy.array(output.shape, numpy.int32)
    shape = facts.constant(array, int32, f"{name_text(output)}/shape", step)
    reshape = resolve("Reshape").of((source.dtype.base_dtype, int32))
    return Step(step.operation, (source, shape), step.outputs, (), reshape), why


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
    return applied(step, "MatMul", tuple(inputs), *turned), "transposed as it is read"


ANY: tuple[Rule, ...] = (_scalar_operand, _spread_operand)
"""Rules that look for themselves whether a step is for them."""

RULES: dict[str, tuple[Rule, ...]] = {
    "Mul": (_times_one, _times_minus_one, _scaled_twice),
    "RealDiv": (_over_one, _over_a_power_of_two),
    "Add": (_plus_zero, _plus_negative),
    "AddV2": (_plus_zero, _plus_negative),
    "Sub": (_minus_zero, _minus_negative),
    "Pow": (_power,),
    "Reshape": (_same_shape, _reshape_of_reshape),
    "BroadcastTo": (_same_shape,),
    "ExpandDims": (_other_dimensions,),
    "Squeeze": (_other_dimensions,),
    "Tile": (_tiled_once,),
    "Pad": (_padded_by_nothing,),
    "PadV2": (_padded_by_nothing,),
    "Transpose": (_transposed_in_place, _transpose_of_transpose),
    "Cast": (_cast_to_itself,),
    "AddN": sum_rules.RULES,
    "MatMul": (_product_of_transpose,),
    **dict.fromkeys(
        ("Sum", "Mean", "Max", "Min", "Prod", "All", "Any"), (_over_no_axes, _over_single_elements)
    ),
    **dict.fromkeys(("Neg", "LogicalNot", "Conj"), (_double,)),
}
