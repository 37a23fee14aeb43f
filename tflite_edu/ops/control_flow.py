"""Conditional values: a node whose input is on a branch that is not taken does not run.

What does not run has the value `DEAD`, which the engines pass on.
"""

from __future__ import annotations

from typing import Any

from tflite_edu.core import errors, raw
from tflite_edu.core.dead import DEAD
from tflite_edu.core.dtypes import DType
from tflite_edu.core.graph import Graph
from tflite_edu.core.inference import format_shape, with_rank
from tflite_edu.core.op import Op, attr
from tflite_edu.core.operation import Operation
from tflite_edu.core.scopes import colocate_with, control_dependencies
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor


class Switch(Op):
    """Passes `data` on to one of two outputs; the other one is dead."""

    inputs = ("data: T", "pred: bool")
    outputs = ("output_false: T", "output_true: T")
    may_alias = True
    T: DType

    def infer(self, data: Shape, pred: Shape) -> list[Shape]:
        with_rank(pred, 0)
        return [data, data]

    def handles(self, op: Any) -> list[Any]:
        return [op.inputs[0].handle] * 2

    def forward(self, np: Any, data: Any, pred: Any) -> Any:
        if np.shape(pred):
            raise errors.InvalidArgumentError(
                None,
                None,
                "The second input must be a scalar, but it has shape "
                f"{format_shape(np.shape(pred))}",
            )
        return (DEAD, data) if pred else (data, DEAD)


class RefSwitch(Switch):
    """Passes the place of a variable on to one of two outputs; the other one is dead."""

    inputs = ("data: Ref(T)", "pred: bool")
    outputs = ("output_false: Ref(T)", "output_true: Ref(T)")
    uninitialized = True


class Merge(Op):
    """The one of its inputs that is not dead, and its number."""

    inputs = ("inputs: N*T",)
    outputs = ("output: T", "value_index: int32")
    may_alias = True
    T: DType
    N: int = attr(minimum=1)

    def infer(self, inputs: list[Shape]) -> list[Shape]:
        first = inputs[0]
        if first is None or any(s is None or len(s) != len(first) for s in inputs):
            return [None, ()]
        dims = zip(*inputs, strict=True)
        return [tuple([d[0] if len(set(d)) == 1 else None for d in dims]), ()]

    def forward(self, np: Any, inputs: list[Any]) -> Any:
        for number, value in enumerate(inputs):
            if value is not DEAD:
                return value, np.int32(number)
        return DEAD, DEAD


class Branch:
    """The nodes that run only where a condition has one value.

    Those without inputs wait for the pivot, a tensor that exists only then; a value from outside
    comes to the others through a Switch.
    """

    def __init__(self, graph: Graph, pivot: Tensor, predicate: Tensor) -> None:
        self._graph = graph
        self._pivot = pivot.op
        self._output = pivot.op._inputs[0].value_index
        self._predicate = predicate
        self._inside = {pivot.op}
        self._switched: dict[Tensor, Tensor] = {}
        pivot.op._control_flow_context = self

    def enter_since(self, made: int) -> None:
        """Takes in the nodes that were made after the first `made` nodes of the graph."""
        for op in self._graph._operations[made:]:
            if op not in self._inside:
                self.enter(op)

    def enter(self, op: Operation) -> None:
        """Takes in a node that was just made."""
        self._inside.add(op)
        op._control_flow_context = self
        if not op._inputs:
            op._add_control_input(self._pivot)
        with self._graph.name_scope(f"{op.name}/"):
            for index, tensor in enumerate(op._inputs):
                if tensor.op not in self._inside:
                    op._update_input(index, self._from_outside(tensor))

    def _from_outside(self, tensor: Tensor) -> Tensor:
        if tensor not in self._switched:
            with control_dependencies(None), colocate_with(tensor, ignore_existing=True):
                outputs = raw.Switch(tensor, self._predicate)
            outputs[0].op._control_flow_context = self
            self._inside.add(outputs[0].op)
            self._switched[tensor] = outputs[self._output]
        return self._switched[tensor]
