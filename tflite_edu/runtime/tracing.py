"""Traced runs: what `RunOptions` ask for, and the `RunMetadata` that they fill."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy

from tflite_edu.core import dtypes
from tflite_edu.core.dead import DEAD
from tflite_edu.core.shapes import Shape
from tflite_edu.engines.reference import Table
from tflite_edu.formats.proto import config_pb2, graph_pb2, step_stats_pb2
from tflite_edu.formats.tensor import to_shape_proto
from tflite_edu.plan.program import Program, Step, Value
from tflite_edu.runtime.resources import VariableSlot

DEVICE = "/job:localhost/replica:0/task:0/device:CPU:0"
"""The device that all nodes run on."""

ALLOCATOR = "cpu"
"""Where their memory comes from."""


class Wanted(NamedTuple):
    """What a run is asked for besides its fetches."""

    trace: bool
    partition_graphs: bool
    timeout_in_ms: int

    @classmethod
    def of(cls, options: Any, config: Any) -> Wanted:
        """What a RunOptions proto and the session's ConfigProto ask for, either of them or None."""
        timeout = 0 if config is None else config.operation_timeout_in_ms
        if options is None:
            return cls(False, False, max(timeout, 0))
        # A proto of another package, as TensorFlow's own, has the same fields.
        read = config_pb2.RunOptions.FromString(options.SerializeToString())
        return cls(
            read.trace_level != config_pb2.RunOptions.NO_TRACE,
            read.output_partition_graphs,
            max(read.timeout_in_ms or timeout, 0),
        )


class Labels:
    """What the values and the steps of a program are called in a trace, as TensorFlow does.

    What is fed comes out of nodes `_arg_NAME_OUTPUT_INDEX`, what is fetched goes into nodes
    `_retval_NAME_OUTPUT_INDEX`, numbered by name.
    """

    def __init__(self, program: Program) -> None:
        self.arguments = _numbered("_arg", program.feeds)
        # What is fed and fetched goes straight back.
        made = [value for value in program.fetches if value not in self.arguments]
        self.results = _numbered("_retval", made)

    def value(self, value: Value) -> str:
        """A value as the input of a node."""
        return self.arguments.get(value) or value.name.removesuffix(":0")

    def inputs(self, step: Step) -> list[str]:
        """A step's inputs, then what it comes after."""
        controls = sorted(f"^{control.operation.name}" for control in step.controls)
        return [*(self.value(value) for value in step.inputs), *controls]


def _numbered(kind: str, values: Sequence[Value]) -> dict[Value, str]:
    named = {}
    for index, value in enumerate(sorted(set(values), key=lambda value: value.name)):
        name, _, output = value.name.rpartition(":")
        named[value] = f"{kind}_{name}_{output}_{index}"
    return named


class Trace:
    """The times and the memory of one run's nodes.

    A node's memory is that of its results; what its kernel takes and gives back meanwhile is not
    seen. Times are of the wall clock; a node takes a microsecond at least.
    """

    def __init__(self, program: Program) -> None:
        self._labels = Labels(program)
        self._epoch = time.time_ns() - time.perf_counter_ns()
        self._thread = threading.get_ident() & 0xFFFFFFFF
        self._stats = step_stats_pb2.DeviceStepStats(device=DEVICE)
        self._stats.thread_names[self._thread] = threading.current_thread().name

    def step_stats(self) -> Any:
        """What was seen, as a StepStats proto."""
        return step_stats_pb2.StepStats(dev_stats=[self._stats])

    def fed(self, value: Value, array: Any) -> None:
        """See `Watcher`."""
        now = time.perf_counter_ns()
        node = self._node(self._labels.arguments[value], "_Arg", [], now, now)
        _describe(node.output.add(), value, array, False)

    def fetched(self, value: Value, start: int, end: int) -> None:
        """See `Watcher`."""
        name = self._labels.results.get(value)
        if name is not None:
            self._node(name, "_Retval", [self._labels.value(value)], start, end)

    def ran(self, step: Step, values: Table, start: int, end: int) -> None:
        """See `Watcher`."""
        if values.get(step) is DEAD:
            return
        op_type = step.definition.op_type
        node = self._node(step.operation.name, op_type, self._labels.inputs(step), start, end)
        arrays = [_array(values[value], value) for value in step.outputs]
        given = [_array(values[value], value) for value in step.inputs]
        taken = []
        for slot, (value, array) in enumerate(zip(step.outputs, arrays)):
            new = _is_new(step, value, array, given)
            output = node.output.add(slot=slot)
            _describe(output, value, array, new)
            if new and array.nbytes:
                taken.append(array.nbytes)
        if taken:
            used = node.memory.add(allocator_name=ALLOCATOR, total_bytes=sum(taken))
            used.peak_bytes = used.live_bytes = sum(taken)
            micros = node.all_start_micros
            for size in taken:
                used.allocation_records.add(alloc_micros=micros, alloc_bytes=size)
        elif not step.inputs:
            node.memory_stats.persistent_memory_size = sum(
                array.nbytes for array in arrays if array is not None
            )

    def _node(self, name: str, op_type: str, inputs: list[str], start: int, end: int) -> Any:
        begun, ended = self._epoch + start, self._epoch + end
        micros = max(ended // 1000 - begun // 1000, 1)
        return self._stats.node_stats.add(
            node_name=name,
            timeline_label=f"{name} = {op_type}({', '.join(inputs)})",
            thread_id=self._thread,
            scheduled_micros=begun // 1000,
            scheduled_nanos=begun,
            all_start_micros=begun // 1000,
            all_start_nanos=begun,
            op_end_rel_micros=micros,
            op_end_rel_nanos=ended - begun,
            all_end_rel_micros=micros,
            all_end_rel_nanos=ended - begun,
        )


def _array(found: Any, value: Value) -> Any:
    """The array behind a value, or None where there is none."""
    if isinstance(found, VariableSlot):
        return None if value.dtype.base_dtype is dtypes.resource else found.value
    if isinstance(found, bytes):
        return numpy.array(found, object)
    return found if isinstance(found, (numpy.ndarray, numpy.generic)) else None


def _is_new(step: Step, value: Value, array: Any, given: Sequence[Any]) -> bool:
    """Whether the step made an array of its own."""
    if array is None or value.slot is not None or step.definition.op_type == "Const":
        return False
    return not step.definition.may_alias or not any(
        numpy.may_share_memory(array, other) for other in given if other is not None
    )


def _describe(output: Any, value: Value, array: Any, new: bool) -> None:
    described = output.tensor_description
    described.dtype = value.dtype.base_dtype.as_datatype_enum
    shape: Shape = value.shape if array is None else array.shape
    described.shape.CopyFrom(to_shape_proto(shape))
    if array is None or not array.nbytes:
        return
    allocation = described.allocation_description
    allocation.requested_bytes = array.nbytes
    allocation.allocator_name = ALLOCATOR
    if new:
        allocation.allocated_bytes = array.nbytes
    if isinstance(array, numpy.ndarray):
        allocation.ptr = array.__array_interface__["data"][0]


def metadata(trace: Trace | None, program: Program | None) -> bytes:
    """What a run reports of itself, as the bytes of a RunMetadata proto."""
    made = config_pb2.RunMetadata()
    if trace is not None:
        made.step_stats.CopyFrom(trace.step_stats())
    if program is not None:
        made.partition_graphs.append(partition_graph(program))
    return made.SerializeToString()


def partition_graph(program: Program) -> Any:
    """The part of the graph that a run needs, as the GraphDef of the one device."""
    labels = Labels(program)
    made = graph_pb2.GraphDef()
    for index, value in enumerate(sorted(labels.arguments, key=lambda value: value.name)):
        _add_end(made, labels.arguments[value], "_Arg", value, index)
    for step in program.steps:
        node = made.node.add()
        node.CopyFrom(step.operation.node_def)
        node.device = DEVICE
        del node.input[:]
        node.input.extend(labels.inputs(step))
    for index, value in enumerate(sorted(labels.results, key=lambda value: value.name)):
        node = _add_end(made, labels.results[value], "_Retval", value, index)
        node.input.append(labels.value(value))
    return made


def _add_end(graph: Any, name: str, op_type: str, value: Value, index: int) -> Any:
    node = graph.node.add(name=name, op=op_type, device=DEVICE)
    node.attr["T"].type = value.dtype.base_dtype.as_datatype_enum
    node.attr["index"].i = index
    return node
