"""Conditionals: `tf.cond`, as nodes that are skipped on the branch that is not taken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tflite_edu.core import nest, raw
from tflite_edu.core.constant_value import constant_value
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.graph import Graph, get_default_graph
from tflite_edu.core.keys import GraphKeys
from tflite_edu.core.operation import Operation
from tflite_edu.core.scopes import control_dependencies, name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.control import with_dependencies
from tflite_edu.ops.control_flow import merge, switch_beside


class CondContext:
    """One branch of a conditional: the nodes that run only where its predicate has one value.

    While it is entered, every new node of the graph is its: a node without inputs waits for the
    pivot, a tensor that exists only where the branch is taken, and a value from outside comes to
    the others through a Switch. Method names are TensorFlow's.
    """

    def __init__(self, pred: Tensor, pivot: Tensor, branch: int, name: str = "cond_text") -> None:
        graph = pivot.graph
        self.name = graph.unique_name(name)
        self.pred = pred
        self.pivot = pivot
        self.branch = branch
        self.outer_context: CondContext | None = graph._control_flow_context
        self._graph: Graph = graph
        # The tensors that can be used here as they are, and what stands for others.
        self._values: set[Tensor] = {pred, pivot}
        self._external_values: dict[Tensor, Tensor] = {pred: pred}
        if self.outer_context is not None:
            self.AddValue(pred)
        pivot.op._control_flow_context = self

    @classmethod
    def restored(
        cls,
        name: str,
        pred: Tensor,
        pivot: Tensor,
        branch: int,
        values: Sequence[Tensor],
        external_values: dict[Tensor, Tensor],
        outer_context: CondContext | None,
    ) -> CondContext:
        """A branch whose nodes are there already, as a file tells of it.

        `values` are the tensors that can be used in it, `external_values` says what stands for
        those from outside.
        """
        made = cls.__new__(cls)
        made.name, made.pred, made.pivot, made.branch = name, pred, pivot, branch
        made.outer_context = outer_context
        made._graph = pivot.graph
        made._values = set(values)
        made._external_values = dict(external_values)
        for value in values:
            if value not in external_values:
                value.op._control_flow_context = made
        return made

    def Enter(self) -> None:
        """Has new nodes belong to this branch."""
        self._graph._control_flow_context = self

    def Exit(self) -> None:
        """Has new nodes belong to what is around this branch."""
        self._graph._control_flow_context = self.outer_context

    def AddOp(self, op: Operation, scope: str | None = None) -> None:
        """Takes in a node that was just made.

        What it needs from outside comes through nodes under `scope`, the node's own without it.
        """
        op._control_flow_context = self
        if not op._inputs:
            if not any(c._control_flow_context is self for c in op._control_inputs):
                op._add_control_input(self.pivot.op)
        else:
            with self._graph.name_scope(f"{op.name}/" if scope is None else scope):
                for index, tensor in enumerate(op._inputs):
                    value = self.AddValue(tensor)
                    if value is not tensor:
                        op._update_input(index, value)
        self._see(op._outputs)
        self._graph.prevent_fetching(op)

    def AddValue(self, value: Tensor) -> Tensor:
        """What stands for a tensor in this branch."""
        if value in self._values:
            return self._external_values.get(value, value)
        outside = self._from_outer(value)
        with control_dependencies(None):
            result: Tensor = switch_beside(outside, self.pred)[self.branch]
        self._graph.prevent_fetching(result.op)
        result.op._control_flow_context = self
        self._see([result])
        self._external_values[value] = result
        return result

    def AddResult(self, value: Any) -> Any:
        """What leaves the branch for what its function returned: a tensor for an operation."""
        if value is None:
            return None
        if isinstance(value, Operation):
            return with_dependencies([value], self.pivot)
        return self._result(convert_to_tensor(value))

    def ExitResult(self, results: Sequence[Any]) -> None:
        """Lets what is around this branch use its results."""
        if self.outer_context is not None:
            self.outer_context._see(nest.flatten(results, expand_composites=True))

    def _result(self, value: Tensor) -> Tensor:
        if value in self._values:
            return self._external_values.get(value, value)
        outside = self._from_outer(value)
        result: Tensor = switch_beside(outside, self.pred)[self.branch]
        self._external_values[value] = result
        return result

    def _from_outer(self, value: Tensor) -> Tensor:
        self._values.add(value)
        if self.outer_context is None:
            return value
        outside = self.outer_context.AddValue(value)
        self._values.add(outside)
        self._external_values[outside] = outside
        return outside

    def _see(self, tensors: Sequence[Tensor]) -> None:
        context: CondContext | None = self
        while context is not None:
            context._values.update(tensors)
            context = context.outer_context


@export("cond")
def cond(
    pred: Any,
    true_fn: Callable[[], Any] | None = None,
    false_fn: Callable[[], Any] | None = None,
    strict: bool = False,
    name: str | None = None,
    fn1: Callable[[], Any] | None = None,
    fn2: Callable[[], Any] | None = None,
) -> Any:
    """What `true_fn()` returns where `pred`, a bool scalar tensor, is true; else `false_fn()`.

    Both functions are called once, now, to define their nodes; a run executes only those of one of
    them. What they use from outside is computed in any case. They return the same structure of
    tensors of the same dtypes (an operation counts as a bool tensor that is there when it is done).
    A list or tuple of one is unpacked unless `strict`. `fn1` and `fn2` are older names of the
    functions.

    Raises TypeError where `pred` is a Python bool or a function is none, ValueError where the
    functions' results do not match.
    """
    true_fn = _either(true_fn, fn1, "true_fn", "fn1")
    false_fn = _either(false_fn, fn2, "false_fn", "fn2")
    with name_scope(name, "cond", [pred]):
        if isinstance(pred, bool):
            raise TypeError("pred must not be a Python bool")
        otherwise, taken = raw.Switch(pred, pred)
        pivot_true = raw.Identity(taken, name="switch_t")
        pivot_false = raw.Identity(otherwise, name="switch_f")
        pred = raw.Identity(pred, name="pred_id")
        graph = get_default_graph()
        for tensor in (taken, pivot_true, pivot_false, pred):
            graph.prevent_fetching(tensor.op)
        if_true = CondContext(pred, pivot_true, 1)
        returned, from_true = _branch(if_true, true_fn, "true_fn", strict)
        if_false = CondContext(pred, pivot_false, 0)
        returned_false, from_false = _branch(if_false, false_fn, "false_fn", strict)
        nest.assert_same_structure(returned, returned_false, expand_composites=True)
        merged = []
        for one, other in zip(_flat(from_true), _flat(from_false), strict=True):
            if one.dtype.base_dtype != other.dtype.base_dtype:
                raise ValueError(
                    "Outputs of true_fn and false_fn must have the same type: "
                    f"{one.dtype.base_dtype.name}, {other.dtype.base_dtype.name}"
                )
        for one, other in zip(_flat(from_true), _flat(from_false), strict=True):
            merged.append(merge([other, one]))
        if if_true.outer_context is None:
            graph.add_to_collection(GraphKeys.COND_CONTEXT, if_true)
            graph.add_to_collection(GraphKeys.COND_CONTEXT, if_false)
        packed = nest.pack_sequence_as(returned, merged, expand_composites=True)
        return packed if strict else _unpacked(packed)


def _branch(
    context: CondContext, function: Callable[[], Any], name: str, strict: bool
) -> tuple[Any, Any]:
    """(what a branch's function returned, what leaves the branch for it)."""
    context.Enter()
    try:
        returned = function()
        if returned is None:
            raise ValueError(f"{name} must have a return value.")
        results = nest.map_structure(context.AddResult, returned, expand_composites=True)
        context.ExitResult(_flat(results))
    finally:
        context.Exit()
    return (returned if strict else _unpacked(returned)), results


def _flat(results: Any) -> list[Any]:
    return nest.flatten(results, expand_composites=True)


def _unpacked(value: Any) -> Any:
    """The only element of a list or plain tuple of one."""
    plain = isinstance(value, (list, tuple)) and not hasattr(value, "_fields")
    return value[0] if plain and len(value) == 1 else value


def _either(given: Any, older: Any, name: str, older_name: str) -> Any:
    if older is not None:
        if given is not None:
            raise TypeError(f"cond(): {name} and {older_name} may not be set simultaneously.")
        given = older
    elif given is None:
        raise TypeError(f"cond(): {name} argument required")
    if not callable(given):
        raise TypeError(f"{name} must be callable.")
    return given


def smart_cond(
    pred: Any, true_fn: Callable[[], Any], false_fn: Callable[[], Any], name: str | None = None
) -> Any:
    """`cond`, but only the function that is taken where `pred` is known now.

    `pred` is a bool, 0, 1, or a bool scalar tensor.
    """
    known = smart_constant_value(pred)
    if known is None:
        return cond(pred, true_fn=true_fn, false_fn=false_fn, name=name)
    return true_fn() if known else false_fn()


def smart_constant_value(pred: Any) -> bool | None:
    """The truth of a bool, 0, 1, or a tensor whose value is known now; None of any other tensor.

    Raises TypeError on anything else.
    """
    if isinstance(pred, Tensor):
        known = constant_value(pred)
        return None if known is None else bool(known)
    if not hasattr(pred, "__array__") and not isinstance(pred, int) or pred not in (0, 1):
        raise TypeError(
            f"`pred` must be a Tensor, or a Python bool, or 1 or 0. Found instead: {type(pred)}"
        )
    return bool(pred)
