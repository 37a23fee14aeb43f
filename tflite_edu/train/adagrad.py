"""Adagrad."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.ops.casting import cast
from tflite_edu.train.optimizer import Optimizer
from tflite_edu.variables.initializers import Constant


@export("train.AdagradOptimizer")
class AdagradOptimizer(Optimizer):
    """a ← a + g²; θ ← θ − η g/√a.

    Duchi, Hazan and Singer, "Adaptive Subgradient Methods for Online Learning and Stochastic
    Optimization", 2011. Raises ValueError where the accumulator would not begin above zero.
    """

    def __init__(
        self,
        learning_rate: Any,
        initial_accumulator_value: float = 0.1,
        use_locking: bool = False,
        name: str = "Adagrad",
    ) -> None:
        if initial_accumulator_value <= 0.0:
            raise ValueError(
                f"initial_accumulator_value must be positive: {initial_accumulator_value}"
            )
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._initial_accumulator_value = initial_accumulator_value
        self._learning_rate_tensor: Any = None

    def _create_slots(self, var_list: Any) -> None:
        for v in var_list:
            dtype = v.dtype.base_dtype
            initial: Any = Constant(self._initial_accumulator_value, dtype=dtype)
            if not v.get_shape().is_fully_defined():
                initial = self._filled_like(v, dtype)
            self._get_or_make_slot_with_initializer(
                v, initial, v.get_shape(), dtype, "accumulator", self._name
            )

    def _filled_like(self, var: Any, dtype: Any) -> Callable[[], Any]:
        return lambda: cast(raw.Fill(raw.Shape(var), self._initial_accumulator_value), dtype)

    def _prepare(self) -> None:
        rate = self._learning_rate
        self._learning_rate_tensor = convert_to_tensor(
            rate() if callable(rate) else rate, name="learning_rate"
        )

    def _rate(self, dtype: Any) -> Any:
        return cast(self._learning_rate_tensor, dtype.base_dtype)

    def _apply_dense(self, grad: Any, var: Any) -> Any:
        slot = self.get_slot(var, "accumulator")
        rate = self._rate(var.dtype)
        return raw.ApplyAdagrad(
            var._ref(), slot._ref(), rate, grad, use_locking=self._use_locking
        ).op

    def _resource_apply_dense(self, grad: Any, var: Any) -> Any:
        slot = self.get_slot(var, "accumulator")
        rate = self._rate(grad.dtype)
        return raw.ResourceApplyAdagrad(
            var.handle, slot.handle, rate, grad, use_locking=self._use_locking
        )

    def _apply_sparse(self, grad: Any, var: Any) -> Any:
        slot = self.get_slot(var, "accumulator")
        rate = self._rate(var.dtype)
        return raw.SparseApplyAdagrad(
            var._ref(),
            slot._ref(),
            rate,
            grad.values,
            grad.indices,
            use_locking=self._use_locking,
        ).op

    def _resource_apply_sparse(self, grad: Any, var: Any, indices: Any) -> Any:
        slot = self.get_slot(var, "accumulator")
        rate = self._rate(grad.dtype)
        return raw.ResourceSparseApplyAdagrad(
            var.handle, slot.handle, rate, grad, indices, use_locking=self._use_locking
        )
