"""Gradient descent with momentum."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.ops.casting import cast
from tflite_edu.train.optimizer import Optimizer


@export("train.MomentumOptimizer")
class MomentumOptimizer(Optimizer):
    """a ← μ a + g; θ ← θ − η a, or θ ← θ − η (g + μ a) with `use_nesterov`.

    Sutskever, Martens, Dahl and Hinton, "On the importance of initialization and momentum in deep
    learning", 2013.
    """

    def __init__(
        self,
        learning_rate: Any,
        momentum: Any,
        use_locking: bool = False,
        name: str = "Momentum",
        use_nesterov: bool = False,
    ) -> None:
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._momentum = momentum
        self._use_nesterov = use_nesterov
        self._learning_rate_tensor: Any = None
        self._momentum_tensor: Any = None

    def _create_slots(self, var_list: Any) -> None:
        for v in var_list:
            self._zeros_slot(v, "momentum", self._name)

    def _prepare(self) -> None:
        rate, momentum = self._learning_rate, self._momentum
        self._learning_rate_tensor = convert_to_tensor(
            rate() if callable(rate) else rate, name="learning_rate"
        )
        self._momentum_tensor = convert_to_tensor(
            momentum() if callable(momentum) else momentum, name="momentum"
        )

    def _numbers(self, dtype: Any) -> tuple[Any, Any]:
        base = dtype.base_dtype
        return cast(self._learning_rate_tensor, base), cast(self._momentum_tensor, base)

    @property
    def _options(self) -> dict[str, Any]:
        return {"use_locking": self._use_locking, "use_nesterov": self._use_nesterov}

    def _apply_dense(self, grad: Any, var: Any) -> Any:
        slot = self.get_slot(var, "momentum")
        rate, momentum = self._numbers(var.dtype)
        return raw.ApplyMomentum(var._ref(), slot._ref(), rate, grad, momentum, **self._options).op

    def _resource_apply_dense(self, grad: Any, var: Any) -> Any:
        slot = self.get_slot(var, "momentum")
        rate, momentum = self._numbers(grad.dtype)
        return raw.ResourceApplyMomentum(
            var.handle, slot.handle, rate, grad, momentum, **self._options
        )

    def _apply_sparse(self, grad: Any, var: Any) -> Any:
        slot = self.get_slot(var, "momentum")
        rate, momentum = self._numbers(var.dtype)
        return raw.SparseApplyMomentum(
            var._ref(), slot._ref(), rate, grad.values, grad.indices, momentum, **self._options
        ).op

    def _resource_apply_sparse(self, grad: Any, var: Any, indices: Any) -> Any:
        slot = self.get_slot(var, "momentum")
        rate, momentum = self._numbers(grad.dtype)
        return raw.ResourceSparseApplyMomentum(
            var.handle, slot.handle, rate, grad, indices, momentum, **self._options
        )
