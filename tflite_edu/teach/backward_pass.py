"""One forward and one backward pass of a loss, taken apart: every value and every gradient.

The backward pass is that of `tf.gradients`, by nodes that are there for a while; what it hands on
from each operation to each of its inputs is written down, and beside it the local gradients.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy

from tflite_edu.autodiff.aggregation import checked_method
from tflite_edu.autodiff.gradients import _is_differentiable, _Sweep
from tflite_edu.autodiff.registry import get_gradient_function
from tflite_edu.core import dtypes, raw
from tflite_edu.core.dead import DEAD
from tflite_edu.core.indexed_slices import IndexedSlices
from tflite_edu.core.operation import Operation
from tflite_edu.core.tensor import Tensor
from tflite_edu.engines.kernels import KERNELS
from tflite_edu.engines.reference import Table
from tflite_edu.ops.constants import ones_like, zeros_like
from tflite_edu.plan.planner import plan
from tflite_edu.plan.program import Step, Value
from tflite_edu.runtime.failures import raise_located
from tflite_edu.runtime.resources import NodeHost, VariableSlot
from tflite_edu.runtime.session import BaseSession
from tflite_edu.runtime.stepwise import Stepwise
from tflite_edu.teach import rules
from tflite_edu.teach.temporary import temporary_nodes


class Passed(NamedTuple):
    """What an operation of the way has to do with one of its inputs.

    `gradient` is what it hands back to that input and `local` the derivative of its outputs by the
    input, both as arrays, None where there is none.
    """

    tensor: Tensor
    gradient: Any
    local: Any


class Visited(NamedTuple):
    """An operation that a gradient came to, with the arrays of its outputs and their gradients."""

    operation: Operation
    outputs: tuple[Tensor, ...]
    gradients: tuple[Any, ...]
    inputs: tuple[Passed, ...]


class Passes(NamedTuple):
    """What both passes found: operations in the order in which they ran, and values of tensors.

    `blocked` are operations for which no gradient is defined, `without` the variables before the
    loss that got no gradient.
    """

    visited: tuple[Visited, ...]
    values: dict[Tensor, Any]
    blocked: tuple[Operation, ...]
    without: tuple[Operation, ...]


VARIABLES = ("VariableV2", "Variable", "VarHandleOp")


def both_passes(loss: Tensor, session: BaseSession, feed_dict: Any) -> Passes:
    """Runs forward and backward once in `session`.

    Raises ValueError where a feed is missing or nothing before the loss can be differentiated, and
    whatever a run raises.
    """
    given = session._checked(loss, feed_dict)
    graph = session.graph
    with temporary_nodes(graph):
        before = operations_before(loss, given.tensors)
        sources = [t for op in before for t in op._outputs if _is_source(t, given.tensors)]
        sweep = _Recorded(graph, checked_method(None), False, False)
        with graph.name_scope("gradients"):
            starts = sweep.initial_gradients([None], [loss])
            sweep.run([loss], starts, sources, [t for t in given.tensors if t in sources])
        arrived = {op: sweep.of(op) for op in before if sweep.came_to(op)}
        _check_way(loss, before, arrived, sweep)
        reads = {
            op: raw.ReadVariableOp(op._outputs[0], dtype=op._outputs[0].handle[1])
            for op in arrived
            if op.type == "VarHandleOp" and op._outputs[0].handle is not None
        }
        inputs_of = {op: () if _is_cut(op, given.tensors) else op._inputs for op in arrived}
        local = {op: _local_gradients(op, arrived[op], inputs_of[op]) for op in arrived}
        wanted = _tensors_of(arrived, inputs_of, sweep.passed, local, reads)
        targets = dict.fromkeys(t.op for t in wanted if t not in given.tensors)
        program = plan([], list(targets), given.tensors)
        _check_fed(loss, program.steps)
        stepwise = Stepwise(program, lambda op: _Onlooker(session._resources, op), KERNELS)
    values = _run(stepwise, given, wanted)
    order = {step.operation: number for number, step in enumerate(program.steps)}
    visited = []
    for op in sorted(arrived, key=lambda op: order.get(op, -1)):
        outputs = [i for i, gradient in enumerate(arrived[op]) if gradient is not None]
        passed, locals_ = sweep.passed.get(op, ()), local[op]
        inputs = [
            Passed(
                tensor,
                _array(passed[i] if passed else None, values, tensor),
                _array(locals_[i] if locals_ else None, values, tensor),
            )
            for i, tensor in enumerate(inputs_of[op])
        ]
        tensors = tuple(op._outputs[i] for i in outputs)
        if op in reads:
            values[tensors[0]] = values.get(reads[op])
        sums = [_array(arrived[op][t.value_index], values, t) for t in tensors]
        visited.append(Visited(op, tensors, tuple(sums), tuple(inputs)))
    without = [op for op in before if op.type in VARIABLES and op not in arrived]
    return Passes(tuple(visited), values, tuple(sweep.blocked), tuple(without))


def operations_before(loss: Tensor, fed: Sequence[Tensor]) -> list[Operation]:
    """The operations on whose outputs the loss depends, in the order of their making."""
    found: set[Operation] = set()
    pending = [loss]
    while pending:
        tensor = pending.pop()
        if tensor.op not in found:
            found.add(tensor.op)
            if tensor not in fed:
                pending += tensor.op._inputs
    return sorted(found, key=lambda op: op._id)


class _Recorded(_Sweep):
    """A sweep that remembers what each operation handed to each of its inputs."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.passed: dict[Operation, list[Any]] = {}
        self.blocked: list[Operation] = []
        self._at: Operation | None = None
        self._next = 0

    def of(self, op: Operation) -> Sequence[Any]:
        """The gradients of an operation's outputs, None where none came."""
        sums = self._sums.get(op, ())
        # The sweep puts zeros where nothing came.
        return [s if came else None for s, came in zip(sums, self._arrived.get(op, ()))]

    def came_to(self, op: Operation) -> bool:
        """Whether a gradient came to one of the operation's outputs."""
        return any(gradient is not None for gradient in self.of(op))

    def _visit(self, op: Operation, is_last: bool) -> None:
        if not is_last and op in self._arrived:
            try:
                get_gradient_function(op)
            except LookupError:
                self.blocked.append(op)
                is_last = True
        self._at, self._next = op, 0
        super()._visit(op, is_last)
        self._at = None

    def _arrive(self, tensor: Tensor, gradient: Any) -> None:
        super()._arrive(tensor, gradient)
        if self._at is None:
            return
        # Gradients come in the order of the inputs, and only where there is one.
        inputs = self._at._inputs
        while inputs[self._next] is not tensor:
            self._next += 1
        self.passed.setdefault(self._at, [None] * len(inputs))[self._next] = gradient
        self._next += 1


def _is_source(tensor: Tensor, fed: Sequence[Tensor]) -> bool:
    """Whether gradients of the tensor are asked for: it is where numbers begin."""
    if tensor in fed:
        return _is_differentiable(tensor)
    if tensor.dtype.base_dtype is dtypes.resource and tensor.op.type != "VarHandleOp":
        return False
    inputs = tensor.op._inputs
    return _is_differentiable(tensor) and not any(_is_differentiable(t) for t in inputs)


def _is_cut(op: Operation, fed: Sequence[Tensor]) -> bool:
    """Whether the values of an operation are fed, so that what is before it does not matter."""
    return bool(op._outputs) and all(t in fed for t in op._outputs)


def _is_opaque(tensor: Tensor) -> bool:
    return tensor.dtype.base_dtype in (dtypes.resource, dtypes.variant)


def _local_gradients(op: Operation, sums: Sequence[Any], inputs: Sequence[Tensor]) -> Sequence[Any]:
    """The derivative of the sum of an operation's outputs by each input, or nothing.

    Worked out where it tells something: element by element, or where the output is one number.
    """
    if not inputs:
        return ()
    numbers = [t for t in op._outputs if not _is_opaque(t)]
    single = len(numbers) == 1 and numbers[0].shape.num_elements() == 1
    if not (single or rules.rule(op).elementwise or rules.label_of_layer(op)):
        return ()
    try:
        function = get_gradient_function(op)
    except LookupError:
        return ()
    if function is None:
        return ()
    starts = []
    for output, gradient in zip(op._outputs, sums, strict=True):
        if gradient is None:
            flat = _is_differentiable(output) and not _is_opaque(output)
            starts.append(zeros_like(output) if flat else None)
        else:
            starts.append(ones_like(output))
    with op.graph.name_scope(f"{op.name}_local"):
        made = function(op, *starts)
    return list(made) if isinstance(made, (list, tuple)) else [made]


def _tensors_of(
    arrived: dict[Operation, Sequence[Any]],
    inputs_of: Mapping[Operation, Sequence[Tensor]],
    passed: dict[Operation, list[Any]],
    local: dict[Operation, Sequence[Any]],
    reads: dict[Operation, Tensor],
) -> list[Tensor]:
    """Every tensor whose value is to be seen."""
    gradients: list[Any] = []
    for op in arrived:
        gradients += [*arrived[op], *passed.get(op, ()), *local[op]]
    wanted: dict[Tensor, None] = {}
    for op, sums in arrived.items():
        for tensor, gradient in zip(op._outputs, sums, strict=True):
            if gradient is not None:
                wanted[tensor] = None
        wanted.update(dict.fromkeys(inputs_of[op]))
    for gradient in gradients:
        if isinstance(gradient, IndexedSlices):
            wanted[gradient.values] = wanted[gradient.indices] = None
        elif gradient is not None:
            wanted[gradient] = None
    wanted.update(dict.fromkeys(reads.values()))
    return list(wanted)


class _Onlooker(NodeHost):
    """The session for a run that draws random numbers and leaves the streams where they are."""

    __slots__ = ()

    def keep(self, make: Callable[[], Any]) -> Any:
        """See `core.host.Host`."""
        if self.operation.definition.effect != "random":
            return super().keep(make)
        with self._resources._lock:
            stream = self._resources._kept.get(self.operation)
            return make() if stream is None else copy.deepcopy(stream)


class _Collector:
    """A watcher that keeps the values of some tensors."""

    def __init__(self, fed: Iterable[tuple[Value, Tensor]], wanted: Iterable[Tensor]) -> None:
        self._fed = dict(fed)
        self._wanted = set(wanted)
        self.values: dict[Tensor, Any] = {}

    def fed(self, value: Value, array: Any) -> None:
        """See `Watcher`."""
        self.values[self._fed[value]] = numpy.array(array)

    def ran(self, step: Step, values: Table, start: int, end: int) -> None:
        """See `Watcher`."""
        for tensor, value in zip(step.operation._outputs, step.outputs, strict=True):
            if tensor in self._wanted:
                found = values[value]
                if isinstance(found, VariableSlot):
                    found = None if tensor.dtype.base_dtype is dtypes.resource else found.read()
                if found is not None and found is not DEAD:
                    self.values[tensor] = numpy.array(found)

    def fetched(self, value: Value, start: int, end: int) -> None:
        """See `Watcher`."""


def _run(stepwise: Stepwise, given: Any, wanted: Sequence[Tensor]) -> dict[Tensor, Any]:
    collector = _Collector(zip(stepwise.program.feeds, given.tensors, strict=True), wanted)
    try:
        stepwise.watched(given.arrays, collector, 0)
    except Exception as error:
        raise_located(error, stepwise)
    return collector.values


def _array(gradient: Any, values: dict[Tensor, Any], of: Tensor) -> Any:
    """The value of a gradient as an array in the shape of what it belongs to."""
    if not isinstance(gradient, IndexedSlices):
        return None if gradient is None else values.get(gradient)
    rows, indices = values.get(gradient.values), values.get(gradient.indices)
    if rows is None or indices is None:
        return None
    whole = values.get(of)
    if whole is not None:
        shape = whole.shape
    elif of.handle is not None and of.handle[0] is not None and None not in of.handle[0]:
        shape = tuple(of.handle[0])
    else:
        return rows
    dense = numpy.zeros(shape, rows.dtype)
    numpy.add.at(dense, indices, rows)
    return dense


def _check_fed(loss: Tensor, steps: Sequence[Step]) -> None:
    missing = [s.operation for s in steps if s.operation.type in ("Placeholder", "PlaceholderV2")]
    if missing:
        listed = ", ".join(
            f"{op.name} ({op._outputs[0].dtype.name}, shape {op._outputs[0].shape})"
            for op in missing
        )
        raise ValueError(f"{loss.op.name} needs values in feed_dict for: {listed}.")


def _check_way(
    loss: Tensor,
    before: Sequence[Operation],
    arrived: dict[Operation, Sequence[Any]],
    sweep: _Recorded,
) -> None:
    """Raises ValueError where no gradient gets anywhere, or to none of the variables."""
    variables = [op for op in before if op.type in VARIABLES]
    if variables and not any(op in arrived for op in variables):
        behind = set(variables)
        for op in before:
            if any(t.op in behind for t in op._inputs):
                behind.add(op)
        stops = [
            op
            for op in arrived
            if op in behind
            and not any(t.op in behind and t.op in arrived for t in op._inputs)
            and op not in variables
        ]
        where = ", ".join(f"{op.name} ({op.type})" for op in stops) or loss.op.name
        names = ", ".join(op.name for op in variables)
        raise ValueError(
            f"No gradient gets from {loss.op.name} to a variable before it ({names}): it stops at "
            f"{where}."
        )
    if not arrived or list(arrived) == [loss.op]:
        raise ValueError(
            f"There is nothing to differentiate: {loss.op.name} ({loss.op.type}) depends on no "
            "variable, input or number through which a gradient passes."
        )
