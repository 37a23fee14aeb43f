"""How a tensor depends on another: every node between them with its local derivatives, as matrices.

Arrays count as vectors here, their elements row by row, so that the derivative along an edge of the
graph is a matrix [elements of the edge's target, elements of its source].
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy

from tflite_edu.autodiff.registry import get_gradient_function
from tflite_edu.core import dtypes, raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.operation import Operation
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.constants import placeholder
from tflite_edu.runtime.session import BaseSession
from tflite_edu.teach.session_state import looking_at, session_of

# The numbers in all local derivatives together.
_MOST_NUMBERS = 4_000_000

REAL = (dtypes.float16, dtypes.float32, dtypes.float64)


class Edge(NamedTuple):
    """An input of a node, by its number; `derivative` is [target size, source size]."""

    source: Tensor
    target: Tensor
    input: int
    derivative: numpy.ndarray


class Dependence:
    """The tensors from x to y in the order of computation, their values and the edges between."""

    def __init__(
        self, y: Tensor, x: Tensor, values: dict[Tensor, numpy.ndarray], edges: Sequence[Edge]
    ) -> None:
        self.y, self.x = y, x
        self.values = values
        self.edges = list(edges)
        self.tensors = list(values)
        self.into: dict[Tensor, list[Edge]] = {t: [] for t in values}
        self.out_of: dict[Tensor, list[Edge]] = {t: [] for t in values}
        for edge in edges:
            self.into[edge.target].append(edge)
            self.out_of[edge.source].append(edge)

    def size(self, tensor: Tensor) -> int:
        """The number of elements of a tensor."""
        return int(self.values[tensor].size)

    def forward(self, start: Tensor) -> dict[Tensor, numpy.ndarray]:
        """The derivative of each tensor by `start`, from the front: forward mode."""
        found = {start: numpy.eye(self.size(start))}
        for tensor in self.tensors:
            for edge in self.into[tensor]:
                if edge.source in found:
                    part = edge.derivative @ found[edge.source]
                    found[tensor] = found[tensor] + part if tensor in found else part
        return found

    def backward(self) -> numpy.ndarray:
        """The derivative of y by x, from the back: reverse mode."""
        found = {self.y: numpy.eye(self.size(self.y))}
        for tensor in reversed(self.tensors):
            for edge in self.out_of[tensor]:
                part = found[edge.target] @ edge.derivative
                found[tensor] = found[tensor] + part if tensor in found else part
        return found[self.x]

    def path_counts(self) -> tuple[dict[Tensor, int], dict[Tensor, int]]:
        """How many paths lead from x to each tensor, and from each tensor to y."""
        edges = [(e.source, e.target) for e in self.edges]
        return path_counts(self.tensors, edges, self.x, self.y)


class _Way(NamedTuple):
    """The part of the graph from x to y: tensors, and (node, number of its input) of each edge."""

    tensors: list[Tensor]
    inputs: list[tuple[Operation, int]]


def place_of_value(x: Any) -> Tensor:
    """The tensor by which gradients know x: of a variable its handle or reference."""
    handle = getattr(x, "handle", None)
    if isinstance(handle, Tensor):
        return handle
    reference = getattr(x, "_ref", None)
    return reference() if callable(reference) else convert_to_tensor(x)


def name_of(tensor: Tensor) -> str:
    """A tensor's name, without the `:0` of a first output."""
    return tensor.name.removesuffix(":0")


def no_path(y: Tensor, x: Tensor) -> ValueError:
    """The error of two tensors that have nothing to do with one another."""
    return ValueError(
        f"{name_of(y)} does not depend on {name_of(x)}: no path through which a gradient flows "
        "leads from one to the other."
    )


def check_real(tensor: Tensor) -> None:
    """Raises TypeError unless a tensor, or the variable behind a handle, holds numpy's floats."""
    dtype = tensor.dtype.base_dtype
    if dtype is dtypes.resource and tensor.handle is not None:
        dtype = tensor.handle[1]
    if dtype not in REAL:
        raise TypeError(
            f"{name_of(tensor)} is {dtype.name}; a derivative needs floats of 16 to 64 bits."
        )


def path_counts(
    tensors: Sequence[Tensor], edges: Sequence[tuple[Tensor, Tensor]], x: Tensor, y: Tensor
) -> tuple[dict[Tensor, int], dict[Tensor, int]]:
    """The number of paths from x to each of the tensors, and from each of them to y."""
    sources: dict[Tensor, list[Tensor]] = {t: [] for t in tensors}
    targets: dict[Tensor, list[Tensor]] = {t: [] for t in tensors}
    for source, target in edges:
        sources[target].append(source)
        targets[source].append(target)
    before, after = {x: 1}, {y: 1}
    for tensor in tensors:
        if tensor is not x:
            before[tensor] = sum(before[s] for s in sources[tensor])
    for tensor in reversed(tensors):
        if tensor is not y:
            after[tensor] = sum(after[t] for t in targets[tensor])
    return before, after


def dependence(
    y: Any, x: Any, feed_dict: Any, session: BaseSession | None, most_paths: int | None = None
) -> Dependence:
    """What is between x and y, with the values and local derivatives of one run.

    Raises ValueError where y does not depend on x, by more than `most_paths` paths, through a
    conditional, or where the derivatives would be too large.
    """
    y, x = convert_to_tensor(y), place_of_value(x)
    session = session_of(y.graph, session)
    for tensor in (y, x):
        check_real(tensor)
    with looking_at(session) as state:
        way = _way(y, x)
        if most_paths is not None:
            _check_count(way, y, x, most_paths)
        seeds, gradients = _local_gradients(way)
        read = x
        if x.dtype.base_dtype is dtypes.resource and x.handle is not None:
            read = raw.ReadVariableOp(x, dtype=x.handle[1])
        feeds = dict(feed_dict or {})
        session.run(y, feeds)
        state.restore()
        fetched = session.run([read, *way.tensors[1:]], feeds)
        values = {t: numpy.asarray(v) for t, v in zip(way.tensors, fetched, strict=True)}
        _check_sizes(way, values)
        matrices = {
            (target, place): numpy.zeros((values[target].size, values[_source(place)].size))
            for target, place in gradients
        }
        for row in range(max((values[t].size for t, _ in gradients), default=0)):
            state.restore()
            given = {seed: _unit(values, t, row) for t, seed in seeds.items()}
            live = [key for key in gradients if row < values[key[0]].size]
            rows = session.run([gradients[key] for key in live], {**feeds, **given})
            for key, derivative in zip(live, rows, strict=True):
                matrices[key][row] = numpy.reshape(derivative, -1)
    edges = [Edge(_source(place), t, place[1], m) for (t, place), m in matrices.items()]
    found = Dependence(y, x, values, edges)
    if not found.path_counts()[0][y]:
        raise no_path(y, x)
    return found


_Place = tuple[Operation, int]


def _source(place: _Place) -> Tensor:
    return place[0]._inputs[place[1]]


def _unit(values: dict[Tensor, numpy.ndarray], tensor: Tensor, row: int) -> numpy.ndarray:
    """Zeros in a tensor's shape, with one 1."""
    seed = numpy.zeros(values[tensor].size)
    if row < seed.size:
        seed[row] = 1
    return seed.reshape(values[tensor].shape)


def _is_real(tensor: Tensor) -> bool:
    return bool(tensor.dtype.base_dtype.is_floating)


def _way(y: Tensor, x: Tensor) -> _Way:
    """The tensors that depend on x and on which y depends, from x to y."""
    if x is y:
        return _Way([x], [])
    order: list[Operation] = []
    leads: dict[Operation, bool] = {}
    # Depth first from y; an operation is judged after all of its inputs.
    pending: list[tuple[Operation, bool]] = [(y.op, False)]
    while pending:
        op, judged = pending.pop()
        if judged:
            leads[op] = any(_depends(t, x, leads) for t in op._inputs)
            if leads[op]:
                order.append(op)
        elif op not in leads:
            leads[op] = False
            pending.append((op, True))
            pending += [(t.op, False) for t in op._inputs if t is not x and t.op not in leads]
    inputs = [(op, i) for op in order for i, t in enumerate(op._inputs) if _depends(t, x, leads)]
    # Only of nodes on the way must there be a gradient; some of them may pass none on.
    between = _between(y, x, inputs)
    inputs = [
        (op, i) for op, i in inputs if not between.isdisjoint(op._outputs) and _differentiable(op)
    ]
    between = _between(y, x, inputs)
    if y not in between:
        raise no_path(y, x)
    tensors = [x]
    for op in order:
        tensors += [t for t in op._outputs if t in between and t is not x]
    return _Way(tensors, [(op, i) for op, i in inputs if op._inputs[i] in between])


def _depends(tensor: Tensor, x: Tensor, leads: dict[Operation, bool]) -> bool:
    return tensor is x or (_is_real(tensor) and leads.get(tensor.op, False))


def _differentiable(op: Operation) -> bool:
    """Whether a gradient flows through a node; raises LookupError where none is defined."""
    if op._control_flow_context is not None or op.type in ("Switch", "Merge"):
        raise ValueError(
            f"{op.name} ({op.type}) is part of a conditional, and paths are not followed through "
            "one."
        )
    try:
        return get_gradient_function(op) is not None
    except LookupError:
        raise LookupError(
            f"No gradient defined for operation '{op.name}' (op type: {op.type})"
        ) from None


def _between(y: Tensor, x: Tensor, inputs: Sequence[_Place]) -> set[Tensor]:
    """The tensors on paths from x to y; empty without a path."""
    into: dict[Operation, list[Tensor]] = {}
    for op, i in inputs:
        into.setdefault(op, []).append(op._inputs[i])
    reached = {x}
    for op, i in inputs:
        if op._inputs[i] in reached:
            reached.update(t for t in op._outputs if _is_real(t))
    found: set[Tensor] = set()
    pending = [y]
    while pending:
        tensor = pending.pop()
        if tensor in found or tensor not in reached:
            continue
        found.add(tensor)
        if tensor is not x:
            pending += into.get(tensor.op, [])
    return found if x in found else set()


def _local_gradients(
    way: _Way,
) -> tuple[dict[Tensor, Tensor], dict[tuple[Tensor, _Place], Tensor]]:
    """Nodes for local derivatives: a seed for each output, a gradient for each output and input."""
    on_way = set(way.tensors)
    places: dict[Operation, list[int]] = {}
    for op, i in way.inputs:
        places.setdefault(op, []).append(i)
    seeds: dict[Tensor, Tensor] = {}
    gradients: dict[tuple[Tensor, _Place], Tensor] = {}
    for op, numbers in places.items():
        function: Any = get_gradient_function(op)
        for target in op._outputs:
            if target not in on_way:
                continue
            seeds[target] = placeholder(target.dtype.base_dtype, target._shape)
            given = [
                seeds[target] if t is target else raw.ZerosLike(t) if _is_real(t) else None
                for t in op._outputs
            ]
            made = function(op, *given)
            listed = list(made) if isinstance(made, (list, tuple)) else [made]
            for i in numbers:
                # An input that a node passes no gradient to has derivative 0: no edge.
                if listed[i] is not None:
                    gradients[target, (op, i)] = convert_to_tensor(listed[i])
    return seeds, gradients


def _check_count(way: _Way, y: Tensor, x: Tensor, most_paths: int) -> None:
    on_way = set(way.tensors)
    edges = [(op._inputs[i], t) for op, i in way.inputs for t in op._outputs if t in on_way]
    before, _ = path_counts(way.tensors, edges, x, y)
    if before[y] > most_paths:
        raise ValueError(
            f"{before[y]:,} paths lead from {name_of(x)} to {name_of(y)}, more than most_paths = "
            f"{most_paths:,}. Reverse mode goes over each of the {len(edges):,} edges only once; "
            "to see every path, take a smaller graph."
        )


def _check_sizes(way: _Way, values: dict[Tensor, numpy.ndarray]) -> None:
    on_way = set(way.tensors)
    sizes = [
        (values[t].size * values[op._inputs[i]].size, t, op._inputs[i])
        for op, i in way.inputs
        for t in op._outputs
        if t in on_way
    ]
    if sum(size for size, _, _ in sizes) > _MOST_NUMBERS:
        size, target, source = max(sizes, key=lambda entry: entry[0])
        raise ValueError(
            f"The arrays are too large for full local derivatives: that of {name_of(target)} by "
            f"{name_of(source)} alone has {size:,} numbers. Feed a smaller batch, or use "
            "tf.gradients, which never writes them out."
        )
