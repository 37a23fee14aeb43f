"""Anchors: what a constant on a branch comes after, to be there only where that branch is."""

from __future__ import annotations

from tflite_edu.core.op import resolve
from tflite_edu.plan.branches import ALWAYS, SWITCHES, Guard, Guards, is_settled
from tflite_edu.plan.printing import name_text
from tflite_edu.plan.program import Step, Value


class Anchors:
    """For each guard a cheap step that runs exactly where it holds.

    `tf.cond` makes such steps itself, `switch_t` and `switch_f`, as far as anything needs them.
    """

    def __init__(self, found: Guards) -> None:
        self._found = found
        self._steps: dict[Guard, Step] = {}
        self._sources: dict[Guard, Value] = {}

    def add(self, original: Step, step: Step) -> None:
        """Learns of a step, which stands for `original` of the program whose guards are known."""
        op_type = step.definition.op_type
        if op_type in SWITCHES:
            for known, value in zip(original.outputs, step.outputs, strict=True):
                guard = self._found.of_value(known)
                if value.slot is None and (guard not in self._sources or value.shape == ()):
                    self._sources[guard] = value
        elif op_type == "Identity" and step.outputs[0].slot is None:
            guard = self._found.of_step(original)
            if not is_settled(guard):
                return
            if guard not in self._steps or step.outputs[0].shape == ():
                self._steps[guard] = step

    def waiting(self, original: Step, steps: list[Step]) -> tuple[Step, ...] | None:
        """Control inputs for a step without inputs that is to run where `original` did.

        None if there are none. An Identity of what a Switch passes on is added to `steps` where no
        step so far will do.
        """
        guard = self._found.of_step(original)
        if guard == ALWAYS:
            return ()
        step = self._steps.get(guard)
        if step is None:
            value = self._sources.get(guard)
            if value is None or not is_settled(guard):
                return None
            identity = resolve("Identity").of((value.dtype.base_dtype,))
            output = Value(f"{name_text(value)}/taken", value.dtype, value.shape)
            step = Step(original.operation, (value,), (output,), (), identity)
            self._steps[guard] = step
            steps.append(step)
        return (step,)
