"""What is known of the values of a program, for the rules of the pass `algebra`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tflite_edu.core.dtypes import DType
from tflite_edu.core.op import resolve
from tflite_edu.plan.branches import Guards
from tflite_edu.plan.program import Step, Value

# Larger constants are not looked through.
_MOST_ELEMENTS = 1 << 18

Found = tuple["Step | Value", str]
"""What a step equals, a value or a simpler step, and why."""

Rule = Callable[[Step, "Facts"], "Found | None"]


class Facts:
    """What is known of the values that the steps so far have made."""

    def __init__(self, guards: Guards) -> None:
        self.guards = guards
        self.steps: list[Step] = []
        self.constants: dict[Value, Any] = {}
        # Values all of whose elements are one known number.
        self.uniform: dict[Value, Any] = {}
        self._makers: dict[Value, Step] = {}

    def add(self, step: Step) -> None:
        """Appends a step and learns from it."""
        self.steps.append(step)
        self._makers.update(dict.fromkeys(step.outputs, step))
        op_type = step.definition.op_type
        if op_type == "Const":
            self.constants[step.outputs[0]] = step.definition.value  # type: ignore[attr-defined]
        if op_type == "Switch":
            for known in (self.constants, self.uniform):
                if step.inputs[0] in known:
                    known.update(dict.fromkeys(step.outputs, known[step.inputs[0]]))
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
        array = self.uniform.get(value, self.constants.get(value))
        if array is None or array.dtype == object:
            return False
        return bool((array == number).all())


def _uniform(step: Step, constants: dict[Value, Any]) -> Any:
    """The number that is everywhere in a step's output of several elements, or None."""
    if step.definition.op_type == "Const":
        array = constants[step.outputs[0]]
        if not 1 < array.size <= _MOST_ELEMENTS or array.dtype == object:
            return None
        number = array.reshape(-1)[:1]
        # Zeros of both signs are equal and not the same.
        return number.reshape(()) if array.tobytes() == number.tobytes() * array.size else None
    if step.definition.op_type not in ("Tile", "Fill", "BroadcastTo"):
        return None
    source = constants.get(step.inputs[1 if step.definition.op_type == "Fill" else 0])
    if source is None or source.size != 1 or source.dtype == object:
        return None
    return source.reshape(())


def equal_shapes(one: Value, other: Value) -> bool:
    """Whether two values are known to have the same shape."""
    return one.shape is not None and None not in one.shape and one.shape == other.shape


def applied(step: Step, op_type: str, inputs: tuple[Value, ...], *attributes: Any) -> Step:
    """A step that does something else for the same output."""
    definition = resolve(op_type).of((*attributes, step.outputs[0].dtype.base_dtype))
    return Step(step.operation, inputs, step.outputs, (), definition)
