"""`tf.train.Optimizer`: gradients of a loss, applied to the variables it depends on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from tflite_edu.autodiff.gradients import gradients
from tflite_edu.core import dtypes, nest, raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.graph import get_default_graph
from tflite_edu.core.indexed_slices import IndexedSlices, convert_to_tensor_or_indexed_slices
from tflite_edu.core.keys import GraphKeys
from tflite_edu.core.scopes import colocate_with, control_dependencies, name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops import control
from tflite_edu.ops.control import group
from tflite_edu.ops.reference_variables import assign_add
from tflite_edu.train import slots
from tflite_edu.variables.collections import trainable_variables
from tflite_edu.variables.reference_variable import RefVariable
from tflite_edu.variables.resource_variable import ResourceVariable
from tflite_edu.variables.variable import Variable, create_variable


@export("train.Optimizer")
class Optimizer:
    """Base of the optimizers.

    A subclass says how one gradient updates one variable (`_apply_dense`, `_apply_sparse` and their
    resource forms), what it keeps beside each variable (`_create_slots`), and what it makes once
    before (`_prepare`) and after (`_finish`) the updates.
    """

    GATE_NONE = 0
    GATE_OP = 1
    GATE_GRAPH = 2

    def __init__(self, use_locking: bool, name: str) -> None:
        if not name:
            raise ValueError("Must specify the optimizer name")
        self._use_locking = use_locking
        self._name = name
        self._slots: dict[str, dict[Any, Any]] = {}
        self._non_slots: dict[Any, Any] = {}

    def get_name(self) -> str:
        """The name given to the optimizer."""
        return self._name

    def minimize(
        self,
        loss: Any,
        global_step: Any = None,
        var_list: Any = None,
        gate_gradients: int = GATE_OP,
        aggregation_method: Any = None,
        colocate_gradients_with_ops: bool = False,
        name: str | None = None,
        grad_loss: Any = None,
    ) -> Any:
        """An operation that takes one step down the gradient of `loss`.

        `var_list` defaults to the trainable variables; `global_step`, if given, is incremented
        after the updates. Raises ValueError where no variable has a gradient.
        """
        grads_and_vars = self.compute_gradients(
            loss,
            var_list=var_list,
            gate_gradients=gate_gradients,
            aggregation_method=aggregation_method,
            colocate_gradients_with_ops=colocate_gradients_with_ops,
            grad_loss=grad_loss,
        )
        if all(g is None for g, _ in grads_and_vars):
            listed = [str(v) for _, v in grads_and_vars]
            raise ValueError(
                "No gradients provided for any variable, check your graph for ops that do not "
                f"support gradients, between variables {listed} and loss {loss}."
            )
        return self.apply_gradients(grads_and_vars, global_step=global_step, name=name)

    def compute_gradients(
        self,
        loss: Any,
        var_list: Any = None,
        gate_gradients: int = GATE_OP,
        aggregation_method: Any = None,
        colocate_gradients_with_ops: bool = False,
        grad_loss: Any = None,
    ) -> list[tuple[Any, Any]]:
        """Pairs (gradient, variable); the gradient is None where the loss does not depend on it.

        `gate_gradients` says how much must be computed before a gradient may be used: nothing
        (GATE_NONE), all gradients of the same operation (GATE_OP), all gradients (GATE_GRAPH).
        Raises ValueError where there are no variables or one is not floating point.
        """
        if gate_gradients not in (Optimizer.GATE_NONE, Optimizer.GATE_OP, Optimizer.GATE_GRAPH):
            raise ValueError(
                "gate_gradients must be one of: Optimizer.GATE_NONE, Optimizer.GATE_OP, "
                f"Optimizer.GATE_GRAPH.  Not {gate_gradients}"
            )
        self._check_dtypes([loss])
        if grad_loss is not None:
            self._check_dtypes([grad_loss])
        if var_list is None:
            graph = get_default_graph()
            listed = [
                *trainable_variables(),
                *graph.get_collection(GraphKeys.TRAINABLE_RESOURCE_VARIABLES),
            ]
        else:
            listed = nest.flatten(var_list)
        if not listed:
            raise ValueError("No variables to optimize.")
        grads = gradients(
            loss,
            [_target(v) for v in listed],
            grad_ys=grad_loss,
            gate_gradients=gate_gradients == Optimizer.GATE_OP,
            aggregation_method=aggregation_method,
            colocate_gradients_with_ops=colocate_gradients_with_ops,
        )
        if gate_gradients == Optimizer.GATE_GRAPH:
            grads = control.tuple(grads)
        pairs = list(zip(grads, listed, strict=True))
        self._check_dtypes([v for g, v in pairs if g is not None and v.dtype != dtypes.resource])
        return pairs

    def apply_gradients(
        self, grads_and_vars: Iterable[Any], global_step: Any = None, name: str | None = None
    ) -> Any:
        """An operation that applies gradients to variables, and then increments `global_step`.

        Raises ValueError where there is no gradient, TypeError on one that is no tensor.
        """
        pairs = tuple(grads_and_vars)
        if not pairs:
            raise ValueError("No variables provided.")
        converted = [(_converted(g), v) for g, v in pairs]
        updated = [v for g, v in converted if g is not None]
        if not updated:
            listed = [str(v) for _, v in converted]
            raise ValueError(f"No gradients provided for any variable: {listed}.")
        self._create_slots(updated)
        places = [var.op.name for _, var in converted]
        update_ops = []
        with name_scope(name, self._name) as scope:
            self._prepare()
            for (gradient, var), place in zip(converted, places, strict=True):
                if gradient is None:
                    continue
                with name_scope("update_" + place), colocate_with(var):
                    update_ops.append(self._update(gradient, var))
            if global_step is None:
                applied = self._finish(update_ops, scope)
            else:
                with control_dependencies([self._finish(update_ops, "update")]):
                    with colocate_with(global_step):
                        applied = _increment(global_step, scope)
            if isinstance(applied, Tensor):
                applied = applied.op
            train_ops = get_default_graph().get_collection_ref(GraphKeys.TRAIN_OP)
            if applied not in train_ops:
                train_ops.append(applied)
            return applied

    def _update(self, gradient: Any, var: Any) -> Any:
        """The operation that applies one gradient to one variable, and then its constraint."""
        if isinstance(var, Tensor):
            raise NotImplementedError("Trying to update a Tensor ", var)
        constraint = var.constraint
        resource = isinstance(var, ResourceVariable)
        if isinstance(gradient, IndexedSlices):
            if constraint is not None:
                raise RuntimeError("Cannot use a constraint function on a sparse variable.")
            if resource:
                return self._resource_apply_sparse_duplicate_indices(
                    gradient.values, var, gradient.indices
                )
            return self._apply_sparse_duplicate_indices(gradient, var)
        update = self._resource_apply_dense if resource else self._apply_dense
        updated = update(gradient, var)
        if constraint is None:
            return updated
        with control_dependencies([updated]):
            return var.assign(constraint(var))

    def get_slot(self, var: Any, name: str) -> Any:
        """The variable that the optimizer keeps beside `var` under `name`, or None."""
        return self._slots.get(name, {}).get(_key(var))

    def get_slot_names(self) -> list[str]:
        """Names of the slots that exist, sorted."""
        return sorted(self._slots)

    def variables(self) -> list[Any]:
        """The optimizer's own variables in the current graph, sorted by name."""
        graph = get_default_graph()
        found = [v for v in self._non_slots.values() if v.graph is graph]
        for named in self._slots.values():
            found += [v for v in named.values() if v.graph is graph]
        return sorted(found, key=lambda v: v.name)

    def _check_dtypes(self, tensors: Sequence[Any]) -> None:
        valid = self._valid_dtypes()
        for tensor in tensors:
            dtype = tensor.dtype.base_dtype
            if dtype not in valid:
                listed = list(valid)
                raise ValueError(f"Invalid type {dtype!r} for {tensor.name}, expected: {listed}.")

    def _valid_dtypes(self) -> Sequence[Any]:
        return (dtypes.float32, dtypes.float64, dtypes.float16, dtypes.bfloat16)

    def _create_slots(self, var_list: Sequence[Any]) -> None:
        """Makes what the optimizer keeps beside the variables; nothing unless overridden."""

    def _prepare(self) -> None:
        """Makes the tensors of the hyperparameters; nothing unless overridden."""

    def _finish(self, update_ops: list[Any], name_scope: str) -> Any:
        """Joins the updates into one operation."""
        return group(*update_ops, name=name_scope)

    def _apply_dense(self, grad: Any, var: Any) -> Any:
        raise NotImplementedError()

    def _resource_apply_dense(self, grad: Any, handle: Any) -> Any:
        raise NotImplementedError()

    def _apply_sparse(self, grad: Any, var: Any) -> Any:
        raise NotImplementedError()

    def _resource_apply_sparse(self, grad: Any, handle: Any, indices: Any) -> Any:
        raise NotImplementedError()

    def _apply_sparse_duplicate_indices(self, grad: Any, var: Any) -> Any:
        summed, indices = _deduplicated(grad.values, grad.indices)
        return self._apply_sparse(IndexedSlices(summed, indices, grad.dense_shape), var)

    def _resource_apply_sparse_duplicate_indices(self, grad: Any, handle: Any, indices: Any) -> Any:
        summed, unique = _deduplicated(grad, indices)
        return self._resource_apply_sparse(summed, handle, unique)

    def _zeros_slot(self, var: Any, slot_name: str, op_name: str) -> Any:
        return self._slot(var, slot_name, lambda: slots.create_zeros_slot(var, op_name))

    def _get_or_make_slot(self, var: Any, val: Any, slot_name: str, op_name: str) -> Any:
        return self._slot(var, slot_name, lambda: slots.create_slot(var, val, op_name))

    def _get_or_make_slot_with_initializer(
        self, var: Any, initializer: Any, shape: Any, dtype: Any, slot_name: str, op_name: str
    ) -> Any:
        return self._slot(
            var,
            slot_name,
            lambda: slots.create_slot_with_initializer(var, initializer, shape, dtype, op_name),
        )

    def _slot(self, var: Any, slot_name: str, make: Callable[[], Any]) -> Any:
        named = self._slots.setdefault(slot_name, {})
        if _key(var) not in named:
            named[_key(var)] = make()
        return named[_key(var)]

    def _create_non_slot_variable(self, initial_value: Any, name: str, colocated: Any) -> Any:
        key = (name, colocated.graph)
        if key not in self._non_slots:
            with colocate_with(colocated):
                self._non_slots[key] = create_variable(
                    initial_value,
                    name=name,
                    trainable=False,
                    use_resource=isinstance(colocated, ResourceVariable),
                )
        return self._non_slots[key]

    def _get_non_slot_variable(self, name: str, graph: Any = None) -> Any:
        return self._non_slots.get((name, graph))


def _key(var: Any) -> tuple[Any, str]:
    return var.op.graph, var.op.name


def _target(var: Any) -> Any:
    """What the loss is differentiated by."""
    if isinstance(var, RefVariable):
        return var._ref()
    if isinstance(var, (Variable, Tensor)) or var.op is None:
        return var
    raise NotImplementedError("Trying to optimize unsupported type ", var)


def _converted(gradient: Any) -> Any:
    if gradient is None:
        return None
    try:
        return convert_to_tensor_or_indexed_slices(gradient)
    except TypeError:
        raise TypeError(
            f"Gradient must be convertible to a Tensor or IndexedSlices, or None: {gradient}"
        ) from None


def _increment(global_step: Any, name: str) -> Any:
    if isinstance(global_step, ResourceVariable):
        one = convert_to_tensor(1, dtype=global_step.dtype.base_dtype)
        return raw.AssignAddVariableOp(global_step.handle, one, name=name)
    return assign_add(global_step, 1, name=name)


def _deduplicated(values: Any, indices: Any) -> tuple[Any, Any]:
    """Sums the values of equal indices."""
    unique, positions = raw.Unique(indices)
    count = raw.Shape(unique)[0]
    return raw.UnsortedSegmentSum(values, positions, count), unique
