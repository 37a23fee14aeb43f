"""`Timeline`: a traced run as a page of Chrome's tracing viewer (chrome://tracing, Perfetto)."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

# "name = Op(input, input:1, ^control)": what a label says about the node.
_LABEL = re.compile(r".* = (.*)\((.*)\)")

_ALLOCATORS_PROCESS = 0


class AllocationMaximum(NamedTuple):
    """When the tensors of one allocator took the most: microseconds, bytes, the tensors' names."""

    timestamp: int
    num_bytes: int
    tensors: set[str]


class StepStatsAnalysis(NamedTuple):
    """What `Timeline.analyze_step_stats` finds.

    `chrome_trace` is the trace's JSON as Python objects, `allocator_maximums` an
    `AllocationMaximum` for each allocator's name.
    """

    chrome_trace: dict[str, Any]
    allocator_maximums: dict[str, AllocationMaximum]


class Timeline:
    """The Chrome trace of `RunMetadata.step_stats`: each device a process, nodes that overlap side
    by side in its rows, arrows from a tensor's node to those that use it, and memory over time.

    The events are those of TensorFlow 1.15's `tensorflow.python.client.timeline`. The format is
    Google's "Trace Event Format".

    Args:
      step_stats: a StepStats proto.
      graph: taken and not used, as there.
    """

    def __init__(self, step_stats: Any, graph: Any = None) -> None:
        del graph
        self._step_stats = step_stats

    def generate_chrome_trace_format(
        self, show_dataflow: bool = True, show_memory: bool = False
    ) -> str:
        """The trace as JSON text.

        `show_dataflow` draws the arrows, `show_memory` the tensors' lives and the allocators' sums.
        """
        trace = self.analyze_step_stats(show_dataflow, show_memory).chrome_trace
        return json.dumps(trace, indent=4, separators=(",", ": "))

    def analyze_step_stats(
        self, show_dataflow: bool = True, show_memory: bool = True
    ) -> StepStatsAnalysis:
        """The trace as Python objects, and the most that each allocator's tensors took."""
        devices = _devices(self._step_stats)
        made = [t for device in devices for node in device.nodes for t in node.outputs]
        # Of tensors with the same name the last one counts.
        tensors = {tensor.name: tensor for tensor in made}
        lives = list(tensors.values())
        events = [_process("Allocators", _ALLOCATORS_PROCESS)]
        for device in devices:
            events.append(_process(f"{device.name} Compute", device.compute))
            events.append(_process(f"{device.name} Tensors", device.tensors))
        if show_memory:
            for tensor in made:
                events += tensor.made()
        arrows = 0
        for device in devices:
            for node in device.nodes:
                events.append(node.event())
                for tensor in [tensors[name] for name in node.inputs if name in tensors]:
                    tensor.used_until(node.end - 1)
                    if show_dataflow and tensor.maker.place != node.place:
                        events += tensor.arrow(node, arrows)
                        arrows += 1
        counters, maximums = _memory(lives)
        if show_memory:
            events += [tensor.gone() for tensor in lives] + counters
        return StepStatsAnalysis({"traceEvents": events}, maximums)


def _process(name: str, process: int) -> dict[str, Any]:
    return {"name": "process_name", "ph": "M", "pid": process, "args": {"name": name}}


class _Node:
    """A node that ran, and its row on the page."""

    def __init__(self, stats: Any, on_stream: bool, compute: int, tensors: int) -> None:
        self.name, self.op_type, self.inputs = _described(stats, on_stream)
        self.start = stats.all_start_micros
        self.duration = stats.all_end_rel_micros
        self.end = self.start + self.duration
        self.compute = compute
        self.tensors = tensors
        self.row = 0
        self.outputs: list[_TensorLife] = []

    @property
    def place(self) -> tuple[int, int]:
        """Process and row."""
        return self.compute, self.row

    def event(self) -> dict[str, Any]:
        """The node's bar."""
        args = {"name": self.name, "op": self.op_type}
        args |= {f"input{i}": name for i, name in enumerate(self.inputs)}
        return {
            "ph": "X",
            "cat": "Op",
            "name": self.op_type,
            "pid": self.compute,
            "tid": self.row,
            "ts": self.start,
            "dur": self.duration,
            "args": args,
        }


def _described(stats: Any, on_stream: bool) -> tuple[str, str, list[str]]:
    """Name, op type and inputs of a node, as far as its label tells them."""
    if on_stream:
        # The kernels of a GPU's stream are called "name:Op".
        name, *rest = stats.node_name.split(":")
        return name, rest[0] if rest else "unknown", []
    if stats.node_name == "RecvTensor":
        return stats.node_name, "RecvTensor", []
    found = _LABEL.match(stats.timeline_label)
    if found is None:
        return stats.node_name, "unknown", []
    op_type, inputs = found.groups()
    return stats.node_name, op_type, inputs.split(", ") if inputs else []


class _TensorLife:
    """A tensor from its node's start to the end of the last node that uses it."""

    def __init__(self, name: str, number: int, maker: _Node, description: Any) -> None:
        self.name = name
        self.number = number
        self.maker = maker
        self.description = description
        self.num_bytes = description.allocation_description.requested_bytes
        self.allocator = description.allocation_description.allocator_name
        self.end = maker.end

    def used_until(self, time: int) -> None:
        self.end = max(self.end, time)

    def made(self) -> list[dict[str, Any]]:
        """The events of its beginning: that it is there, and what it is."""
        new = self._event("N", self.maker.row, self.maker.start)
        text = str(self.description).replace('"', "")
        snapshot = self._event("O", self.maker.row, self.maker.end - 1)
        return [new, snapshot | {"args": {"snapshot": {"tensor_description": text}}}]

    def gone(self) -> dict[str, Any]:
        """The event of its end."""
        return self._event("D", 0, self.end)

    def _event(self, phase: str, row: int, time: int) -> dict[str, Any]:
        return {
            "ph": phase,
            "cat": "Tensor",
            "name": self.name,
            "pid": self.maker.tensors,
            "tid": row,
            "ts": time,
            "id": self.number,
        }

    def arrow(self, user: _Node, number: int) -> list[dict[str, Any]]:
        """The two ends of an arrow to a node that uses the tensor."""
        ends = (("s", self.maker, self.maker.end), ("t", user, user.start))
        return [
            {
                "ph": phase,
                "cat": "DataFlow",
                "name": self.name,
                "pid": node.compute,
                "tid": node.row,
                "ts": time,
                "id": number,
            }
            for phase, node, time in ends
        ]


class _Device(NamedTuple):
    """A device, its two processes on the page, and the nodes that ran there."""

    name: str
    compute: int
    tensors: int
    nodes: list[_Node]


def _devices(step_stats: Any) -> list[_Device]:
    made = []
    count = 0
    for number, stats in enumerate(step_stats.dev_stats):
        compute, tensors = 2 * number + 1, 2 * number + 2
        on_stream = "/stream:" in stats.device
        nodes = []
        # Until when each row is taken.
        rows: list[int] = []
        for node_stats in stats.node_stats:
            node = _Node(node_stats, on_stream, compute, tensors)
            free = (row for row, end in enumerate(rows) if end < node.start)
            node.row = next(free, len(rows))
            rows[node.row : node.row + 1] = [node.end]
            for index, output in enumerate(node_stats.output):
                name = f"{node_stats.node_name}:{index}" if index else node_stats.node_name
                node.outputs.append(_TensorLife(name, count, node, output.tensor_description))
                count += 1
            nodes.append(node)
        made.append(_Device(stats.device, compute, tensors, nodes))
    return made


def _memory(
    lives: list[_TensorLife],
) -> tuple[list[dict[str, Any]], dict[str, AllocationMaximum]]:
    """Each allocator's sum over time, as counters, and the most it came to."""
    by_allocator: dict[str, list[tuple[int, int, str]]] = {}
    for tensor in lives:
        changes = by_allocator.setdefault(tensor.allocator, [])
        changes.append((tensor.maker.start, tensor.num_bytes, tensor.name))
        changes.append((tensor.end, -tensor.num_bytes, tensor.name))
    counters = []
    maximums = {}
    for allocator, changes in by_allocator.items():
        most = AllocationMaximum(0, 0, set())
        total = 0
        alive: set[str] = set()
        for time, change, name in sorted(changes):
            total += change
            # Freed first where a tensor of no bytes is made and gone at one time.
            if change < 0:
                alive.discard(name)
            else:
                alive.add(name)
            if total > most.num_bytes:
                most = AllocationMaximum(time, total, set(alive))
            counters.append(
                {
                    "ph": "C",
                    "cat": "Memory",
                    "name": allocator,
                    "pid": _ALLOCATORS_PROCESS,
                    "tid": 0,
                    "ts": time,
                    "args": {allocator: total},
                }
            )
        maximums[allocator] = most
    return counters, maximums
