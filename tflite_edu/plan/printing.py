"""A program as a page to read: what goes in, which variables it touches, its steps, what comes out.

    inputs     x: float32[3, 4]
    variables  w: float32[4, 5]
        product: float32[3, 5] = MatMul(x, w/read)
        step: variable w = ApplyGradientDescent(w, rate, gradient)  ! variable
    outputs    product

What follows `!` is the effect of a step: what it touches besides its inputs. Attributes stand in a
call where they differ from their defaults; dtypes are told by the values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy

from tflite_edu.core.shapes import Shape

if TYPE_CHECKING:
    from tflite_edu.plan.program import Program, Step, Value

# Constants with more elements are told by their shape alone.
_MOST_ELEMENTS = 6


def program_text(program: Program) -> str:
    """The page of a program."""
    lines = ["inputs     " + ", ".join(str(v) for v in program.feeds)]
    slots = program.slots
    if slots:
        lines.append("variables  " + ", ".join(value_text(v) for v in slots))
    hidden = set(slots)
    lines += [f"    {step}" for step in program.steps if not hidden.issuperset(step.outputs or [0])]
    lines.append("outputs    " + ", ".join(name_text(v) for v in program.fetches))
    lines += [f"note       {note}" for note in program.notes]
    return "\n".join(line.rstrip() for line in lines)


def step_text(step: Step) -> str:
    """A step as an assignment."""
    definition = step.definition
    if definition.op_type == "Const":
        call = f"Const({_array(definition.value)})"  # type: ignore[attr-defined]
    else:
        arguments = [
            f"[{', '.join(map(name_text, given))}]" if declared.is_list else name_text(given[0])
            for declared, (_, given) in zip(definition.signature.inputs, step.arguments())
        ]
        call = f"{definition.op_type}({', '.join([*arguments, *_attributes(step)])})"
    text = ", ".join(map(value_text, step.outputs)) + " = " if step.outputs else ""
    mark = f"  ! {definition.effect}" if definition.effect else ""
    name = "" if step.outputs else f"  # {step.operation.name}"
    return f"{text}{call}{mark}{name}"


def value_text(value: Value) -> str:
    """A value's name, dtype and shape."""
    if value.slot is not None and value.slot is not value:
        return f"{name_text(value)}: variable {name_text(value.slot)}"
    return f"{name_text(value)}: {value.dtype.base_dtype.name}{_shape(value.shape)}"


def name_text(value: Value) -> str:
    """The tensor's name, with its number only where that is not 0."""
    return value.name.removesuffix(":0")


def _shape(shape: Shape) -> str:
    if shape is None:
        return "[...]"
    return f"[{', '.join('?' if d is None else str(d) for d in shape)}]" if shape else ""


def _attributes(step: Step) -> list[str]:
    """The attributes that say more than the dtypes and the number of the inputs."""
    definition = step.definition
    declared = definition.signature.attributes
    counts = {a.number_attr for a in definition.signature.inputs}
    listed = []
    for name, value in definition.attributes().items():
        attribute = declared.get(name)
        if attribute is None or "type" in attribute.kind or name in counts:
            continue
        if isinstance(value, numpy.ndarray) or _equals(value, attribute.default):
            continue
        listed.append(f"{name}={value!r}")
    return listed


def _equals(value: Any, default: Any) -> bool:
    return type(value) is type(default) and bool(value == default)


def _array(array: Any) -> str:
    if array.size > _MOST_ELEMENTS:
        return f"{array.size} numbers" if array.dtype != object else f"{array.size} strings"
    if array.dtype == object:
        return repr(array.tolist())
    text = numpy.array2string(array, separator=",", max_line_width=1000)
    return "".join(text.split()).replace(",", ", ")
