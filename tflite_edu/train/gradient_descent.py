"""Gradient descent."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.indexed_slices import IndexedSlices
from tflite_edu.ops.casting import cast
from tflite_edu.train.optimizer import Optimizer


@export("train.GradientDescentOptimizer")
class GradientDescentOptimizer(Optimizer):
    """θ ← θ − η ∂L/∂θ."""

    def __init__(
        self, learning_rate: Any, use_locking: bool = False, name: str = "GradientDescent"
    ) -> None:
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._learning_rate_tensor: Any = None

    def _prepare(self) -> None:
        rate = self._learning_rate
        self._learning_rate_tensor = convert_to_tensor(
            rate() if callable(rate) else rate, name="learning_rate"
        )

    def _rate(self, dtype: Any) -> Any:
        return cast(self._learning_rate_tensor, dtype.base_dtype)

    def _apply_dense(self, grad: Any, var: Any) -> Any:
        rate = self._rate(var.dtype)
        return raw.ApplyGradientDescent(var._ref(), rate, grad, use_locking=self._use_locking).op

    def _resource_apply_dense(self, grad: Any, handle: Any) -> Any:
        rate = self._rate(grad.dtype)
        return raw.ResourceApplyGradientDescent(
            handle.handle, rate, grad, use_locking=self._use_locking
        )

    def _apply_sparse_duplicate_indices(self, grad: Any, var: Any) -> Any:
        step = IndexedSlices(grad.values * self._rate(var.dtype), grad.indices, grad.dense_shape)
        return var.scatter_sub(step, use_locking=self._use_locking)

    def _resource_apply_sparse_duplicate_indices(self, grad: Any, handle: Any, indices: Any) -> Any:
        return raw.ResourceScatterAdd(handle.handle, indices, -grad * self._learning_rate)
