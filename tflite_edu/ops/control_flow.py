"""Conditional values: a node whose input is on a branch that is not taken does not run.

What does not run has the value `DEAD`, which the engines pass on. `tf.cond`, which makes these
nodes, is in `tflite_edu.ops.conditional`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tflite_edu.core import dtypes, errors, raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dead import DEAD
from tflite_edu.core.dtypes import DType
from tflite_edu.core.indexed_slices import IndexedSlices, convert_to_tensor_or_indexed_slices
from tflite_edu.core.inference import format_shape, with_rank
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import colocate_with, name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.ranges import range as range_of


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

    def backward(self, op: Any, if_false: Any, if_true: Any) -> Any:
        context = op._control_flow_context
        if context is None:
            if_false = switch(if_false, op.inputs[1])[0]
            if_true = switch(if_true, op.inputs[1])[1]
            return merge([if_false, if_true]), None
        taken = if_true if context.branch else if_false
        other = if_false if context.branch else if_true
        if other is None:
            # Of a resource nothing comes from the branch that does not use it.
            if op.inputs[0].dtype == dtypes.resource:
                return raw.Merge([taken, taken], name="cond_resource_grad").output, None
            return None, None
        return merge([if_false, if_true], name="cond_grad"), None

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

    def backward(self, op: Any, gradient: Any, _: Any) -> Any:
        context = op.inputs[0].op._control_flow_context
        if context is not None:
            return switch_beside(gradient, context.pred, name="cond_grad")
        taken = [raw.Equal(op.outputs[1], i) for i in range(len(op.inputs))]
        return [switch_beside(gradient, t)[1] for t in taken]

    def forward(self, np: Any, inputs: list[Any]) -> Any:
        for number, value in enumerate(inputs):
            if value is not DEAD:
                return value, np.int32(number)
        return DEAD, DEAD


class RefMerge(Merge):
    """The one of its inputs, places of variables, that is not dead, and its number."""

    inputs = ("inputs: Ref(N*T)",)
    outputs = ("output: Ref(T)", "value_index: int32")


def switch(data: Any, pred: Any, name: str | None = None) -> list[Any]:
    """[`data` where `pred` is false, `data` where it is true], for a tensor or IndexedSlices."""
    with name_scope(name, "Switch", [data, pred]) as scope:
        data = convert_to_tensor_or_indexed_slices(data, name="data")
        pred = convert_to_tensor(pred, name="pred")
        if isinstance(data, Tensor):
            return list(raw.Switch(data, pred, name=scope))
        values = raw.Switch(data.values, pred, name=scope)
        indices = raw.Switch(data.indices, pred, name="indices")
        if data.dense_shape is None:
            return [IndexedSlices(v, i) for v, i in zip(values, indices)]
        sizes = raw.Switch(data.dense_shape, pred, name="dense_shape")
        return [IndexedSlices(v, i, d) for v, i, d in zip(values, indices, sizes)]


def switch_beside(data: Any, pred: Any, name: str = "Switch") -> list[Any]:
    """`switch` with nodes placed where `data` is; a variable's place stays one."""
    with colocate_with(data, ignore_existing=True):
        if isinstance(data, Tensor) and data.dtype._is_ref_dtype:
            return list(raw.RefSwitch(data, pred, name=name))
        return switch(data, pred, name)


def merge(inputs: Sequence[Any], name: str | None = None) -> Any:
    """The one of `inputs`, tensors or IndexedSlices, that was computed."""
    with name_scope(name, "Merge", inputs) as scope:
        if all(isinstance(value, Tensor) for value in inputs):
            make = raw.RefMerge if all(v.dtype._is_ref_dtype for v in inputs) else raw.Merge
            return make(list(inputs), name=scope).output
        slices = [_all_rows(value) for value in inputs]
        values = raw.Merge([s.values for s in slices], name=scope).output
        indices = raw.Merge([s.indices for s in slices], name="indices").output
        sizes = [s.dense_shape for s in slices if s.dense_shape is not None]
        if not sizes:
            return IndexedSlices(values, indices)
        return IndexedSlices(values, indices, raw.Merge(sizes, name="dense_shape").output)


def _all_rows(value: Any) -> IndexedSlices:
    """A tensor as the IndexedSlices that hold all of its rows."""
    if isinstance(value, IndexedSlices):
        return value
    sizes = raw.Shape(value)
    return IndexedSlices(value, range_of(0, sizes[0]), sizes)
