"""`Program`: the part of a graph that one kind of run needs, as an ordered list of steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tflite_edu.core.constant_value import grouped
from tflite_edu.core.dtypes import DType
from tflite_edu.core.op import Op
from tflite_edu.core.operation import Operation
from tflite_edu.core.shapes import Shape
from tflite_edu.plan.printing import program_text, step_text, value_text


class Value:
    """One value of a program, made by a step or fed.

    `slot` is None, or the value whose variable this one stands for: it is then no array but the
    variable's place, and whoever uses it reads what the variable holds at that moment.
    """

    __slots__ = ("dtype", "name", "shape", "slot")

    def __init__(self, name: str, dtype: DType, shape: Shape) -> None:
        self.name = name
        self.dtype = dtype
        self.shape = shape
        self.slot: Value | None = None

    def __str__(self) -> str:
        return value_text(self)


class Step:
    """One operation of a program, applied to values."""

    __slots__ = ("controls", "definition", "inputs", "operation", "outputs")

    def __init__(
        self,
        operation: Operation,
        inputs: tuple[Value, ...],
        outputs: tuple[Value, ...],
        controls: tuple[Step, ...] = (),
        definition: Op | None = None,
    ) -> None:
        self.operation = operation
        # A rewritten step does something else than the node it stands for.
        self.definition: Op = operation.definition if definition is None else definition
        self.inputs = inputs
        self.outputs = outputs
        self.controls = controls

    def takes_slot(self) -> list[bool]:
        """For each input: whether the kernel wants a variable's place and not its value."""
        wants: list[bool] = []
        for argument, given in self.arguments():
            wants += [argument] * len(given)
        return wants

    def arguments(self) -> Iterator[tuple[bool, list[Value]]]:
        """(is_ref, values) of each argument of the op type."""
        signature = self.definition.signature
        values = list(self.inputs)
        for declared, given in zip(signature.inputs, grouped(self.definition, values), strict=True):
            yield declared.is_ref, given if isinstance(given, list) else [given]

    def __str__(self) -> str:
        return step_text(self)


class Program:
    """Steps in the order in which they run, from the fed values to the fetched ones."""

    __slots__ = ("feeds", "fetches", "notes", "steps")

    def __init__(
        self,
        feeds: Sequence[Value],
        fetches: Sequence[Value],
        steps: Sequence[Step],
        notes: Sequence[str] = (),
    ) -> None:
        self.feeds = tuple(feeds)
        self.fetches = tuple(fetches)
        self.steps = tuple(steps)
        # What the planner has to say about the graph, such as writes that nothing orders.
        self.notes = tuple(notes)

    def verify(self) -> None:
        """Raises ValueError where a step uses a value that no earlier step made."""
        known = set(self.feeds)
        for step in self.steps:
            for value in step.inputs:
                if value not in known:
                    raise ValueError(f"{value.name} is used by {step} before it is made")
            for value in step.outputs:
                if value in known:
                    raise ValueError(f"{value.name} is made twice")
                known.add(value)
        for value in self.fetches:
            if value not in known:
                raise ValueError(f"{value.name} is fetched and never made")

    @property
    def slots(self) -> tuple[Value, ...]:
        """The places of the variables that the program touches."""
        return tuple(v for s in self.steps if not s.inputs for v in s.outputs if v.slot is v)

    @property
    def effects(self) -> tuple[Step, ...]:
        """The steps that touch anything but their inputs."""
        return tuple(step for step in self.steps if step.definition.effect is not None)

    def __str__(self) -> str:
        return program_text(self)
