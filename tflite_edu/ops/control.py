"""Nodes that only order other nodes: no_op, group, tuple."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tflite_edu.core import nest, raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.graph import get_default_graph
from tflite_edu.core.indexed_slices import IndexedSlices
from tflite_edu.core.op import Op
from tflite_edu.core.operation import Operation
from tflite_edu.core.scopes import colocate_with, control_dependencies, device, name_scope
from tflite_edu.core.tensor import Tensor


class NoOp(Op):
    """Nothing: a node to hang control dependencies on."""

    def infer(self) -> list[Any]:
        return []

    def forward(self, np: Any) -> list[Any]:
        return []


@export("no_op")
def no_op(name: str | None = None) -> Operation:
    """A node that does nothing."""
    return raw.NoOp(name=name)


class ControlTrigger(Op):
    """Nothing, even where its control inputs were not run because a condition was false."""

    def infer(self) -> list[Any]:
        return []

    def forward(self, np: Any) -> list[Any]:
        return []


@export("group")
def group(*inputs: Any, **kwargs: Any) -> Operation:
    """A node that is done when all of `inputs` are: tensors, operations, variables, nests of them.

    The only keyword is `name`. Inputs of several devices are grouped by device first. Raises
    TypeError on what is no tensor or operation, ValueError on another keyword.
    """
    name = kwargs.pop("name", None)
    if kwargs:
        raise ValueError(f"Unknown keyword arguments: {', '.join(kwargs)}")
    with name_scope(name, "group_deps", inputs) as scope:
        if not inputs:
            return no_op(name=scope)
        by_device: dict[str, list[Any]] = {}
        for value in nest.flatten(inputs, expand_composites=True):
            if not hasattr(value, "device"):
                raise TypeError(
                    f"Expected tf.group() expected Tensor arguments not '{value}' with type "
                    f"'{type(value)}'"
                )
            by_device.setdefault(value.device, []).append(value)
        if len(by_device) == 1:
            ((place, members),) = by_device.items()
            return _after(members, place, scope)
        parts = [_after(by_device[place], place, None) for place in sorted(by_device)]
        with control_dependencies(parts):
            return no_op(name=scope)


def _after(members: Sequence[Any], place: str, name: str | None) -> Operation:
    with control_dependencies(members), device(place):
        return no_op(name=name)


def with_dependencies(
    dependencies: Sequence[Any], output_tensor: Any, name: str | None = None
) -> Any:
    """`output_tensor` (a tensor, variable or IndexedSlices), known to come after `dependencies`."""
    values = [*dependencies, output_tensor]
    with (
        name_scope(name, "control_dependency", values) as scope,
        colocate_with(output_tensor),
        control_dependencies(dependencies),
    ):
        if isinstance(output_tensor, IndexedSlices):
            rows = raw.Identity(output_tensor.values, name=scope)
            return IndexedSlices(rows, output_tensor.indices, output_tensor.dense_shape)
        return raw.Identity(convert_to_tensor(output_tensor), name=scope)


@export("tuple")
def tuple(tensors: Any, name: str | None = None, control_inputs: Any = None) -> list[Any]:
    """Each of `tensors`, given on only when all of them and `control_inputs` are done.

    Elements are tensors, IndexedSlices, operations or None, which stays None. Raises ValueError
    where there is none to wait for, TypeError on a control input of another type.
    """
    with name_scope(name, "tuple", tensors):
        elements = [_element(t) for t in tensors]
        waited = {e if isinstance(e, Operation) else e.op for e in elements if e is not None}
        for control in control_inputs or ():
            if not isinstance(control, (Tensor, Operation)):
                raise TypeError(f"Control input must be Operation or Tensor: {control}")
            waited.add(control.op if isinstance(control, Tensor) else control)
        if not waited:
            raise ValueError(f"Must have at least one Tensor: {elements}")
        gate = group(*sorted(waited, key=lambda op: op._id))
        return [None if e is None else _gated(e, gate) for e in elements]


def _element(value: Any) -> Any:
    if value is None or isinstance(value, (Tensor, Operation, IndexedSlices)):
        return value
    return value if hasattr(value, "_as_graph_element") else convert_to_tensor(value)


def _gated(element: Any, gate: Operation) -> Any:
    if not isinstance(element, Operation):
        return with_dependencies([gate], element)
    with get_default_graph().control_dependencies([gate]):
        return group(element)
