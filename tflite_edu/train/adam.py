"""Adam."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.graph import get_default_graph
from tflite_edu.core.scopes import colocate_with, control_dependencies
from tflite_edu.ops.casting import cast
from tflite_edu.ops.control import group
from tflite_edu.train.optimizer import Optimizer
from tflite_edu.variables.resource_variable import ResourceVariable


@export("train.AdamOptimizer")
class AdamOptimizer(Optimizer):
    """Steps scaled by running means of the gradient and of its square.

    Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015, with the ε of the end of its
    section 2. A sparse gradient moves the means of all rows, as the dense one would.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta1: Any = 0.9,
        beta2: Any = 0.999,
        epsilon: Any = 1e-8,
        use_locking: bool = False,
        name: str = "Adam",
    ) -> None:
        super().__init__(use_locking, name)
        self._lr = learning_rate
        self._beta1 = beta1
        self._beta2 = beta2
        self._epsilon = epsilon
        self._lr_t: Any = None
        self._beta1_t: Any = None
        self._beta2_t: Any = None
        self._epsilon_t: Any = None

    def _get_beta_accumulators(self) -> tuple[Any, Any]:
        graph = get_default_graph()
        return (
            self._get_non_slot_variable("beta1_power", graph),
            self._get_non_slot_variable("beta2_power", graph),
        )

    def _create_slots(self, var_list: Any) -> None:
        first = min(var_list, key=lambda x: x.name)
        self._create_non_slot_variable(_value(self._beta1), "beta1_power", first)
        self._create_non_slot_variable(_value(self._beta2), "beta2_power", first)
        for v in var_list:
            self._zeros_slot(v, "m", self._name)
            self._zeros_slot(v, "v", self._name)

    def _prepare(self) -> None:
        self._lr_t = convert_to_tensor(_value(self._lr), name="learning_rate")
        self._beta1_t = convert_to_tensor(_value(self._beta1), name="beta1")
        self._beta2_t = convert_to_tensor(_value(self._beta2), name="beta2")
        self._epsilon_t = convert_to_tensor(_value(self._epsilon), name="epsilon")

    def _numbers(self, dtype: Any) -> tuple[Any, ...]:
        """beta1_power, beta2_power, learning rate, beta1, beta2, epsilon."""
        base = dtype.base_dtype
        numbers = (
            *self._get_beta_accumulators(),
            *(self._lr_t, self._beta1_t, self._beta2_t, self._epsilon_t),
        )
        # A resource variable is read where it is used, not by a node of the cast.
        return tuple(n if n.dtype == base else cast(n, base) for n in numbers)

    def _apply_dense(self, grad: Any, var: Any) -> Any:
        m, v = self.get_slot(var, "m"), self.get_slot(var, "v")
        numbers = self._numbers(var.dtype)
        return raw.ApplyAdam(
            var._ref(), m._ref(), v._ref(), *numbers, grad, use_locking=self._use_locking
        ).op

    def _resource_apply_dense(self, grad: Any, var: Any) -> Any:
        m, v = self.get_slot(var, "m"), self.get_slot(var, "v")
        numbers = self._numbers(grad.dtype)
        return raw.ResourceApplyAdam(
            var.handle, m.handle, v.handle, *numbers, grad, use_locking=self._use_locking
        )

    def _apply_sparse_shared(
        self, grad: Any, var: Any, indices: Any, scatter_add: Callable[[Any, Any, Any], Any]
    ) -> Any:
        numbers = self._numbers(var.dtype)
        beta1_power, beta2_power, lr_t, beta1_t, beta2_t, epsilon_t = numbers
        lr = lr_t * raw.Sqrt(1 - beta2_power) / (1 - beta1_power)
        m = self.get_slot(var, "m")
        scaled = grad * (1 - beta1_t)
        m_t = m.assign(m * beta1_t, use_locking=self._use_locking)
        with control_dependencies([m_t]):
            m_t = scatter_add(m, indices, scaled)
        v = self.get_slot(var, "v")
        scaled = (grad * grad) * (1 - beta2_t)
        v_t = v.assign(v * beta2_t, use_locking=self._use_locking)
        with control_dependencies([v_t]):
            v_t = scatter_add(v, indices, scaled)
        v_sqrt = raw.Sqrt(v_t)
        updated = var.assign_sub(lr * m_t / (v_sqrt + epsilon_t), use_locking=self._use_locking)
        return group(updated, m_t, v_t)

    def _apply_sparse(self, grad: Any, var: Any) -> Any:
        def scatter_add(x: Any, i: Any, v: Any) -> Any:
            return raw.ScatterAdd(x._ref(), i, v, use_locking=self._use_locking)

        return self._apply_sparse_shared(grad.values, var, grad.indices, scatter_add)

    def _resource_apply_sparse(self, grad: Any, var: Any, indices: Any) -> Any:
        def scatter_add(x: Any, i: Any, v: Any) -> Any:
            with control_dependencies([raw.ResourceScatterAdd(x.handle, i, v)]):
                return x.value()

        return self._apply_sparse_shared(grad, var, indices, scatter_add)

    def _finish(self, update_ops: list[Any], name_scope: str) -> Any:
        with control_dependencies(update_ops):
            beta1_power, beta2_power = self._get_beta_accumulators()
            with colocate_with(beta1_power):
                update_beta1 = _multiplied(beta1_power, self._beta1_t, self._use_locking)
                update_beta2 = _multiplied(beta2_power, self._beta2_t, self._use_locking)
        return group(*update_ops, update_beta1, update_beta2, name=name_scope)


def _multiplied(power: Any, beta: Any, use_locking: bool) -> Any:
    if isinstance(power, ResourceVariable):
        return power.assign(power * beta, use_locking=use_locking, read_value=True)
    return power.assign(power * beta, use_locking=use_locking)


def _value(number: Any) -> Any:
    return number() if callable(number) else number
