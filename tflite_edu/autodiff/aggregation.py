"""How several gradients of one tensor become one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tflite_edu.core import dtypes, raw
from tflite_edu.core.export import export
from tflite_edu.core.graph import get_default_graph
from tflite_edu.core.indexed_slices import IndexedSlices
from tflite_edu.core.operation import Operation
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import TensorShape
from tflite_edu.core.tensor import Tensor


@export("AggregationMethod")
class AggregationMethod:
    """How `tf.gradients` adds up gradients.

    ADD_N (DEFAULT) adds all at once when all are there; EXPERIMENTAL_TREE two at a time, so that
    memory can be freed earlier; EXPERIMENTAL_ACCUMULATE_N by an `AccumulateNV2` where more than two
    of a known shape come together, and else two at a time.
    """

    ADD_N = 0
    DEFAULT = ADD_N
    EXPERIMENTAL_TREE = 1
    EXPERIMENTAL_ACCUMULATE_N = 2


def checked_method(method: int | None) -> int:
    """A valid aggregation method, the default for None; raises ValueError on another value."""
    if method is None:
        return AggregationMethod.DEFAULT
    if method not in (
        AggregationMethod.ADD_N,
        AggregationMethod.EXPERIMENTAL_TREE,
        AggregationMethod.EXPERIMENTAL_ACCUMULATE_N,
    ):
        raise ValueError(f"Invalid aggregation_method specified {method}.")
    return method


def aggregate(gradients: Sequence[Any], op: Operation, method: int) -> Any:
    """The sum of the gradients of one output of `op`, None where there are none."""
    if len(gradients) < 2:
        return gradients[0] if gradients else None
    if not all(isinstance(g, Tensor) for g in gradients):
        return _aggregate_slices(gradients)
    if method == AggregationMethod.EXPERIMENTAL_ACCUMULATE_N and len(gradients) > 2:
        shape = _merged_shape(gradients)
        if shape.is_fully_defined():
            return raw.AccumulateNV2(list(gradients), shape=shape)
    if method != AggregationMethod.ADD_N:
        with name_scope(f"{op.name}_gradient_sum"):
            total = gradients[0]
            for gradient in gradients[1:]:
                total = raw.AddN([total, gradient])
            return total
    return _add_by_device(gradients)


def _merged_shape(tensors: Sequence[Tensor]) -> TensorShape:
    shape = TensorShape(None)
    for tensor in tensors:
        shape = shape.merge_with(tensor.shape)
    return shape


def _add_by_device(tensors: Sequence[Tensor]) -> Tensor:
    """Adds up the tensors of each device there, then the sums."""
    by_device: dict[str, list[Tensor]] = {}
    for tensor in tensors:
        by_device.setdefault(tensor.device, []).append(tensor)
    sums: list[Tensor] = []
    for device in sorted(by_device):
        together = by_device[device]
        with get_default_graph().colocate_with(together[0].op, ignore_existing=True):
            sums.append(_add(together))
    return _add(sums)


def _add(tensors: list[Tensor]) -> Tensor:
    return tensors[0] if len(tensors) == 1 else raw.AddN(tensors)


def _aggregate_slices(gradients: Sequence[Any]) -> Any:
    """Slices are listed one after another; a dense one among them makes the sum dense."""
    if any(isinstance(g, Tensor) for g in gradients):
        return raw.AddN(list(gradients))
    slices: list[IndexedSlices] = list(gradients)
    if len({s.indices.dtype.base_dtype for s in slices}) > 1:
        slices = [_with_int64_indices(s) for s in slices]
    return IndexedSlices(
        raw.ConcatV2([s.values for s in slices], 0, name="concat"),
        raw.ConcatV2([s.indices for s in slices], 0, name="concat"),
        slices[0].dense_shape,
    )


def _with_int64_indices(slices: IndexedSlices) -> IndexedSlices:
    if slices.indices.dtype.base_dtype == dtypes.int64:
        return slices
    indices = raw.Cast(slices.indices, DstT=dtypes.int64)
    return IndexedSlices(slices.values, indices, slices.dense_shape)
