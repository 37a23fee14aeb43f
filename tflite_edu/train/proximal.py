"""Gradient descent and Adagrad that make small weights zero."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.constant import constant
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.scopes import colocate_with
from tflite_edu.ops.casting import cast
from tflite_edu.train.optimizer import Optimizer


class _Proximal(Optimizer):
    """An optimizer with a rate and two strengths.

    Unlike in TensorFlow 1.15 variables of any floating dtype can be trained, not only float32.
    """

    def __init__(self, learning_rate: Any, l1: Any, l2: Any, use_locking: bool, name: str) -> None:
        super().__init__(use_locking, name)
        self._hyperparameters = {
            "learning_rate": learning_rate,
            "l1_regularization_strength": l1,
            "l2_regularization_strength": l2,
        }
        self._tensors: tuple[Any, ...] = ()

    def _prepare(self) -> None:
        self._tensors = tuple(
            convert_to_tensor(value, name=name) for name, value in self._hyperparameters.items()
        )

    def _numbers(self, dtype: Any) -> list[Any]:
        return [cast(t, dtype.base_dtype) for t in self._tensors]


@export("train.ProximalGradientDescentOptimizer")
class ProximalGradientDescentOptimizer(_Proximal):
    """Gradient descent, after which weights are pulled to zero by l1 · |θ| + l2 · θ².

    Duchi and Singer, "Efficient Learning using Forward-Backward Splitting", 2009.
    """

    def __init__(
        self,
        learning_rate: Any,
        l1_regularization_strength: Any = 0.0,
        l2_regularization_strength: Any = 0.0,
        use_locking: bool = False,
        name: str = "ProximalGradientDescent",
    ) -> None:
        super().__init__(
            learning_rate, l1_regularization_strength, l2_regularization_strength, use_locking, name
        )

    def _apply_dense(self, grad: Any, var: Any) -> Any:
        return raw.ApplyProximalGradientDescent(
            var._ref(), *self._numbers(var.dtype), grad, use_locking=self._use_locking
        )

    def _resource_apply_dense(self, grad: Any, var: Any) -> Any:
        return raw.ResourceApplyProximalGradientDescent(
            var.handle, *self._numbers(grad.dtype), grad, use_locking=self._use_locking
        )

    def _apply_sparse(self, grad: Any, var: Any) -> Any:
        return raw.SparseApplyProximalGradientDescent(
            var._ref(),
            *self._numbers(var.dtype),
            grad.values,
            grad.indices,
            use_locking=self._use_locking,
        )

    def _resource_apply_sparse(self, grad: Any, var: Any, indices: Any) -> Any:
        return raw.ResourceSparseApplyProximalGradientDescent(
            var.handle, *self._numbers(grad.dtype), grad, indices, use_locking=self._use_locking
        )


@export("train.ProximalAdagradOptimizer")
class ProximalAdagradOptimizer(_Proximal):
    """Adagrad, after whose steps weights are pulled to zero by l1 · |θ| + l2 · θ².

    Raises ValueError where the accumulator would not begin above zero. See
    `ProximalGradientDescentOptimizer`.
    """

    def __init__(
        self,
        learning_rate: Any,
        initial_accumulator_value: float = 0.1,
        l1_regularization_strength: Any = 0.0,
        l2_regularization_strength: Any = 0.0,
        use_locking: bool = False,
        name: str = "ProximalAdagrad",
    ) -> None:
        if initial_accumulator_value <= 0.0:
            raise ValueError(
                f"initial_accumulator_value must be positive: {initial_accumulator_value}"
            )
        super().__init__(
            learning_rate, l1_regularization_strength, l2_regularization_strength, use_locking, name
        )
        self._initial_accumulator_value = initial_accumulator_value

    def _create_slots(self, var_list: Any) -> None:
        for v in var_list:
            value = self._initial_accumulator_value
            with colocate_with(v):
                initial = constant(value, dtype=v.dtype.base_dtype, shape=v.get_shape())
            self._get_or_make_slot(v, initial, "accumulator", self._name)

    def _apply_dense(self, grad: Any, var: Any) -> Any:
        places = var._ref(), self.get_slot(var, "accumulator")._ref()
        return raw.ApplyProximalAdagrad(
            *places, *self._numbers(var.dtype), grad, use_locking=self._use_locking
        )

    def _resource_apply_dense(self, grad: Any, var: Any) -> Any:
        places = var.handle, self.get_slot(var, "accumulator").handle
        return raw.ResourceApplyProximalAdagrad(
            *places, *self._numbers(grad.dtype), grad, use_locking=self._use_locking
        )

    def _apply_sparse(self, grad: Any, var: Any) -> Any:
        places = var._ref(), self.get_slot(var, "accumulator")._ref()
        rows = grad.values, grad.indices
        return raw.SparseApplyProximalAdagrad(
            *places, *self._numbers(var.dtype), *rows, use_locking=self._use_locking
        )

    def _resource_apply_sparse(self, grad: Any, var: Any, indices: Any) -> Any:
        places = var.handle, self.get_slot(var, "accumulator").handle
        numbers = self._numbers(grad.dtype)
        return raw.ResourceSparseApplyProximalAdagrad(
            *places, *numbers, grad, indices, use_locking=self._use_locking
        )
