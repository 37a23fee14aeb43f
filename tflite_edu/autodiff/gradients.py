"""`tf.gradients`: derivatives by a sweep backwards through the graph, as more nodes of it."""

from __future__ import annotations

import enum
from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from tflite_edu.autodiff.aggregation import aggregate, checked_method
from tflite_edu.autodiff.registry import get_gradient_function
from tflite_edu.core import dtypes, raw
from tflite_edu.core.constant import constant
from tflite_edu.core.export import export
from tflite_edu.core.graph import Graph, get_default_graph
from tflite_edu.core.indexed_slices import IndexedSlices, convert_n_to_tensor_or_indexed_slices
from tflite_edu.core.operation import Operation
from tflite_edu.core.scopes import control_dependencies, name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops import control
from tflite_edu.ops.constants import fill, zeros, zeros_like
from tflite_edu.ops.shapes_of_tensors import shape

# Types through which a change of the input can change the output by as little.
_DIFFERENTIABLE = frozenset(
    (
        dtypes.bfloat16,
        dtypes.float16,
        dtypes.float32,
        dtypes.float64,
        dtypes.complex64,
        dtypes.complex128,
        dtypes.resource,
        dtypes.variant,
    )
)


@export("UnconnectedGradients")
class UnconnectedGradients(enum.Enum):
    """What `tf.gradients` gives for an x on which no y depends: None, or zeros like x."""

    NONE = "none"
    ZERO = "zero"


@export("gradients")
def gradients(
    ys: Any,
    xs: Any,
    grad_ys: Any = None,
    name: str = "gradients",
    colocate_gradients_with_ops: bool = False,
    gate_gradients: bool = False,
    aggregation_method: int | None = None,
    stop_gradients: Any = None,
    unconnected_gradients: Any = UnconnectedGradients.NONE,
) -> list[Any]:
    """Adds nodes that compute the sum of dy/dx over all y, for each x.

    Args:
      ys: tensors, one or a list.
      xs: tensors or variables, one or a list.
      grad_ys: the gradient from which to start at each y, in its shape; ones where None.
      name: of the scope of the new nodes.
      colocate_gradients_with_ops: whether they are placed with the operations they belong to.
      gate_gradients: whether all gradients of an operation are computed before one is used.
      aggregation_method: a value of `tf.AggregationMethod`.
      stop_gradients: tensors that count as constants.
      unconnected_gradients: a value of `tf.UnconnectedGradients`.

    Returns:
      A list as long as `xs`: tensors in the shapes of the xs, `IndexedSlices` where only some rows
      matter, None (or zeros) where no y depends on the x.

    Raises:
      LookupError: an operation on the way has no gradient.
      TypeError: a grad_y does not fit its y, or a complex y has none.
      ValueError: an argument is out of its range, or a gradient function gave the wrong number or
        shapes of gradients.
    """
    try:
        unconnected = UnconnectedGradients(unconnected_gradients)
    except ValueError:
        raise ValueError(
            f"Unknown value for unconnected_gradients: {unconnected_gradients!r}"
        ) from None
    method = checked_method(aggregation_method)
    ys, xs = _as_list(ys), _as_list(xs)
    stops = [] if stop_gradients is None else _as_list(stop_gradients)
    grad_ys = [None] * len(ys) if grad_ys is None else _as_list(grad_ys)
    with name_scope(name, "gradients", [*ys, *xs, *stops, *grad_ys]):
        graph = get_default_graph()
        results = convert_n_to_tensor_or_indexed_slices(ys, name="y")
        sources = _slots(xs, "x")
        held = _slots(stops, "stop_gradients")
        sweep = _Sweep(graph, method, colocate_gradients_with_ops, gate_gradients)
        starts = sweep.initial_gradients(grad_ys, results)
        sweep.run(results, starts, sources, held)
    return [_result(sweep.gradient_of(x), x, unconnected) for x in sources]


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _slots(values: Sequence[Any], name: str) -> list[Any]:
    """The tensors that stand for values, of variables the handle or the slot itself."""
    handles = [h if isinstance(h := getattr(v, "handle", None), Tensor) else v for v in values]
    return convert_n_to_tensor_or_indexed_slices(handles, name=name, as_ref=True)


def _result(gradient: Any, x: Tensor, unconnected: UnconnectedGradients) -> Any:
    if gradient is not None or unconnected is UnconnectedGradients.NONE:
        return gradient
    if x.dtype.base_dtype is dtypes.resource:
        return _zeros_of_variable(x)
    return zeros_like(x)


def _zeros_of_variable(handle: Tensor) -> Tensor:
    known = handle.handle
    if known is not None and known[0] is not None and None not in known[0]:
        variable_shape = constant(list(known[0]), dtype=dtypes.int32)
    else:
        variable_shape = raw.VariableShape(handle)
    return zeros(variable_shape, dtype=dtypes.float32 if known is None else known[1])


class _Sweep:
    """One walk from the ys back to the xs.

    An operation is visited when the gradients of all its outputs that matter are there, in the
    order in which that comes about. Loops and conditionals would enter here: they change when an
    operation is ready, which zeros stand in for an output that was not used, and in which frame
    the new nodes live.
    """

    def __init__(self, graph: Graph, method: int, colocate: bool, gate: bool) -> None:
        self._graph = graph
        self._method = method
        self._colocate = colocate
        self._gate = gate
        # For each operation and output: what has come in so far, and what it adds up to.
        self._arrived: dict[Operation, list[list[Any]]] = {}
        self._sums: dict[Operation, list[Any]] = {}

    def gradient_of(self, x: Tensor) -> Any:
        """What the sweep found for a tensor, None where nothing came to it."""
        sums = self._sums.get(x.op)
        return None if sums is None else sums[x.value_index]

    def initial_gradients(self, grad_ys: Sequence[Any], ys: Sequence[Tensor]) -> list[Any]:
        """The gradients from which to start: those given, checked, or ones."""
        if len(grad_ys) != len(ys):
            raise ValueError(f"Passed {len(grad_ys)} grad_ys for {len(ys)} ys")
        given = convert_n_to_tensor_or_indexed_slices(grad_ys, name="grad_y")
        starts: list[Any] = []
        for i, (y, grad_y) in enumerate(zip(ys, given, strict=True)):
            with self._beside(y.op):
                if grad_y is None:
                    starts.append(_ones(y, f"grad_ys_{i}"))
                else:
                    _check_types(grad_y, y)
                    starts.append(_named(grad_y, f"grad_ys_{i}"))
        return starts

    def run(
        self,
        ys: Sequence[Tensor],
        starts: Sequence[Any],
        xs: Sequence[Tensor],
        stops: Sequence[Any],
    ) -> None:
        """Makes the nodes; `gradient_of` then tells what came out."""
        reached = _reached_from([x.op for x in xs])
        ends = list(dict.fromkeys(y.op for y in ys))
        waiting = _uses_between(ends, reached)
        for y, start in zip(ys, starts, strict=True):
            self._arrive(y, start)
        # An x that depends on no other x leads nowhere: its own gradient function is not needed.
        last = {x.op for x in xs if all(waiting.get(t.op, 0) == 0 for t in x.op._inputs)}
        last.update(t.op for t in stops)
        ready = deque(op for op in ends if op in reached and not waiting[op])
        while ready:
            op = ready.popleft()
            self._visit(op, op in last)
            for tensor in op._inputs:
                if tensor.op in waiting:
                    waiting[tensor.op] -= 1
                    if not waiting[tensor.op]:
                        ready.append(tensor.op)

    def _visit(self, op: Operation, is_last: bool) -> None:
        with self._beside(op):
            arrived = self._arrived.get(op)
            if arrived is None:
                return
            sums = [aggregate(gradients, op, self._method) for gradients in arrived]
            self._sums[op] = sums
            if is_last or all(g is None for g in sums):
                return
            try:
                function = get_gradient_function(op)
            except LookupError:
                raise LookupError(
                    f"No gradient defined for operation '{op.name}' (op type: {op.type})"
                ) from None
            if function is None:
                return
            for i, output in enumerate(op._outputs):
                if sums[i] is None and _is_differentiable(output):
                    sums[i] = _zeros_for(output)
            with name_scope(f"{op.name}_grad"), self._graph._original(op):
                made = _as_gradients(function(op, *sums), op)
                if self._gate and sum(g is not None for g in made) > 1:
                    with self._graph.device(None), self._graph.colocate_with(None, True):
                        made = control.tuple(made)
            for i, (tensor, gradient) in enumerate(zip(op._inputs, made, strict=True)):
                if gradient is not None:
                    _refine_shape(gradient, tensor, op, i)
                    self._arrive(tensor, gradient)

    def _arrive(self, tensor: Tensor, gradient: Any) -> None:
        outputs = self._arrived.setdefault(tensor.op, [[] for _ in tensor.op._outputs])
        outputs[tensor.value_index].append(gradient)

    def _beside(self, op: Operation) -> AbstractContextManager[None]:
        return self._graph.colocate_with(op) if self._colocate else nullcontext()


def _is_differentiable(tensor: Tensor) -> bool:
    return tensor.dtype.base_dtype in _DIFFERENTIABLE


def _reached_from(ops: Iterable[Operation]) -> set[Operation]:
    """The operations to which a change of an output of `ops` gets through, these included."""
    reached: set[Operation] = set()
    pending = list(ops)
    while pending:
        op = pending.pop()
        if op not in reached:
            reached.add(op)
            for output in op._outputs:
                if _is_differentiable(output):
                    pending += output._consumers or ()
    return reached


def _uses_between(ends: Sequence[Operation], reached: set[Operation]) -> dict[Operation, int]:
    """The operations among `reached` that lead to `ends`, and how often each is used by them."""
    between: dict[Operation, int] = {}
    pending = deque(ends)
    while pending:
        op = pending.popleft()
        if op in reached and op not in between:
            between[op] = 0
            pending += [tensor.op for tensor in op._inputs]
    for op in between:
        for tensor in op._inputs:
            if tensor.op in between:
                between[tensor.op] += 1
    return between


def _ones(y: Tensor, name: str) -> Tensor:
    if y.dtype.is_complex:
        raise TypeError(f"Gradients of complex tensors must set grad_ys (y.dtype = {y.dtype!r})")
    return fill(shape(y), constant(1, dtype=y.dtype, name=name))


def _check_types(grad_y: Any, y: Tensor) -> None:
    kind = y.dtype
    found = grad_y.dtype
    if kind.is_floating or kind.is_integer:
        if not (found.is_floating or found.is_integer):
            raise TypeError(
                f"Gradient type {found.name} generated for real or integer-valued tensor {y} with "
                f"type {kind.name} must be real or integer"
            )
    elif kind.is_complex:
        if not found.is_complex:
            raise TypeError(
                f"Gradient type {found.name} generated for complex-valued tensor {y} with type "
                f"{kind.name} must be real"
            )
    elif kind.base_dtype in (dtypes.resource, dtypes.variant):
        if kind.base_dtype is dtypes.variant and found != dtypes.variant:
            raise TypeError(
                f"Gradient type {found.name} generated for variant tensor {y} with type "
                f"{kind.name} must be variant"
            )
        if kind.base_dtype is dtypes.resource and found == dtypes.resource:
            raise TypeError(
                f"Input gradient {grad_y} for resource tensor {y} should not be a resource"
            )
    else:
        raise TypeError(
            f"Tensor {y} with type {kind.name} must be numeric to obtain a default gradient"
        )


def _named(grad_y: Any, name: str) -> Any:
    """The same gradient by nodes of the sweep's own scope."""
    if not isinstance(grad_y, IndexedSlices):
        return raw.Identity(grad_y, name=name)
    dense_shape = grad_y.dense_shape
    indices = raw.Identity(grad_y.indices, name=f"{name}_indices")
    values = raw.Identity(grad_y.values, name=f"{name}_values")
    if dense_shape is not None:
        dense_shape = raw.Identity(dense_shape, name=f"{name}_shape")
    return IndexedSlices(values, indices, dense_shape)


def _zeros_for(output: Tensor) -> Tensor | None:
    """The gradient of an output on which nothing depends, though something does on another."""
    op = output.op
    context = op._control_flow_context
    if op.type in ("Switch", "RefSwitch") and context is not None:
        # Zeros where the branch is not taken that belongs to the Switch.
        other = raw.Switch(op._inputs[0], context.pred)[1 - context.branch]
        pivot = raw.Identity(other)
        if output.dtype.base_dtype is dtypes.resource:
            dtype = dtypes.float32 if output.handle is None else output.handle[1]
            with control_dependencies([pivot]):
                return zeros(raw.VariableShape(other), dtype=dtype)
        sizes = raw.Shape(other)
        with control_dependencies([pivot]):
            return zeros(sizes, dtype=output.dtype)
    if output.dtype.base_dtype is dtypes.resource:
        return None if output.handle is None else _zeros_of_variable(output)
    return zeros_like(output, optimize=False)


def _as_gradients(made: Any, op: Operation) -> list[Any]:
    """What a gradient function returned, as a list with one entry for each input."""
    gradients = list(made) if isinstance(made, (list, tuple)) else [made]
    if len(gradients) != len(op._inputs):
        raise ValueError(
            f"Num gradients {len(gradients)} generated for op {op.node_def} do not match num "
            f"inputs {len(op._inputs)}"
        )
    for gradient in gradients:
        if gradient is not None and not hasattr(gradient, "name"):
            raise AttributeError(
                f"'{type(gradient).__name__}' object has no attribute 'name'\n"
                f"The gradient of {op.name} (op type: {op.type}) should be made of tensors, not "
                f"{gradient!r}."
            )
    return gradients


def _refine_shape(gradient: Any, tensor: Tensor, op: Operation, index: int) -> None:
    if not isinstance(gradient, Tensor) or tensor.dtype.base_dtype is dtypes.resource:
        return
    try:
        gradient.set_shape(tensor.shape)
    except ValueError:
        raise ValueError(
            "Incompatible shapes between op input and calculated input gradient.  "
            f"Forward operation: {op.name}.  Input index: {index}. Original input shape: "
            f"{tensor.shape}.  Calculated input gradient shape: {gradient.shape}"
        ) from None
