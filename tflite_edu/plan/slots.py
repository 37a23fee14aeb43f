"""Which values stand for variables, who uses each variable and who writes it.

A reference variable is a named slot. A value is its alias if it is the variable's own output, the
output of an op that writes it, or the Identity of an alias (as TensorFlow's `v/read` shares the
variable's buffer): whoever uses an alias sees what the slot holds at that moment.
"""

from __future__ import annotations

from collections.abc import Hashable

from tflite_edu.plan.program import Program, Step, Value

# The op types through which a variable's place passes unchanged.
_PASS_ON = frozenset({"Identity"})


class Access:
    """The steps that use and that write one variable."""

    __slots__ = ("users", "writers")

    def __init__(self) -> None:
        self.users: list[Step] = []
        self.writers: list[Step] = []


def mark_aliases(program: Program) -> None:
    """Sets `slot` of every value of the program that stands for a variable."""
    fed = set(program.feeds)
    for step in program.steps:
        for value in step.outputs:
            value.slot = None
        if step.definition.op_type in _PASS_ON:
            source = step.inputs[0]
            if source.slot is not None and source not in fed:
                step.outputs[0].slot = source.slot
            continue
        refs = [v for is_ref, given in step.arguments() if is_ref for v in given]
        for value in step.outputs:
            if value.dtype._is_ref_dtype:
                source_slot = refs[0].slot if refs else None
                value.slot = source_slot or value


def accesses(program: Program) -> dict[Hashable, Access]:
    """Users and writers of each variable, by the variable's identity."""
    found: dict[Hashable, Access] = {}
    keys: dict[Value, Hashable] = {}
    for step in program.steps:
        definition = step.definition
        if not step.inputs and definition.effect == "variable":
            container = getattr(definition, "container", "")
            name = getattr(definition, "shared_name", "") or step.operation.name
            for value in step.outputs:
                keys[value] = (container, name)
            continue
        if definition.op_type in _PASS_ON:
            if step.inputs[0] in keys and (
                step.outputs[0].slot is not None or step.outputs[0].dtype.name == "resource"
            ):
                keys[step.outputs[0]] = keys[step.inputs[0]]
            continue
        _record(step, keys, found)
        if step.inputs and step.inputs[0] in keys:
            for value in step.outputs:
                if value.slot is not None or value.dtype.name == "resource":
                    keys[value] = keys[step.inputs[0]]
    return found


def _record(step: Step, keys: dict[Value, Hashable], found: dict[Hashable, Access]) -> None:
    definition = step.definition
    declared = definition.signature.inputs
    for argument, (is_ref, given) in zip(declared, step.arguments(), strict=True):
        if definition.writes is None:
            writes = is_ref and definition.effect == "variable"
        else:
            writes = argument.name in definition.writes
        for value in given:
            key = keys.get(value)
            if key is None:
                continue
            access = found.setdefault(key, Access())
            side = access.writers if writes else access.users
            if not side or side[-1] is not step:
                side.append(step)
