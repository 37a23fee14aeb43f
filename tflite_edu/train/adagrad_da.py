"""Adagrad with dual averaging."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.constant import constant
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.scopes import colocate_with
from tflite_edu.ops.casting import cast
from tflite_edu.ops.identity import identity
from tflite_edu.train.optimizer import Optimizer


@export("train.AdagradDAOptimizer")
class AdagradDAOptimizer(Optimizer):
    """Weights that follow from the sums of all gradients and of their squares, for sparse models.

    Duchi, Hazan and Singer, "Adaptive Subgradient Methods for Online Learning and Stochastic
    Optimization", 2011, the primal-dual update with the penalty l1 · |θ| + l2 · θ². Weights do not
    depend on their initial values. `global_step` is the variable that counts steps. Raises
    ValueError where the sum of squares would not begin above zero.
    """

    def __init__(
        self,
        learning_rate: Any,
        global_step: Any,
        initial_gradient_squared_accumulator_value: float = 0.1,
        l1_regularization_strength: Any = 0.0,
        l2_regularization_strength: Any = 0.0,
        use_locking: bool = False,
        name: str = "AdagradDA",
    ) -> None:
        if initial_gradient_squared_accumulator_value <= 0.0:
            raise ValueError(
                "initial_gradient_squared_accumulator_value must be positive: "
                f"{initial_gradient_squared_accumulator_value}"
            )
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._global_step = global_step
        self._initial_squares = initial_gradient_squared_accumulator_value
        self._strengths = l1_regularization_strength, l2_regularization_strength
        self._learning_rate_tensor: Any = None
        self._next_step: Any = None

    def _create_slots(self, var_list: Any) -> None:
        for v in var_list:
            with colocate_with(v):
                dtype, shape = v.dtype.base_dtype, v.get_shape()
                sums = constant(0.0, shape=shape, dtype=dtype)
                squares = constant(self._initial_squares, shape=shape, dtype=dtype)
            self._get_or_make_slot(v, sums, "gradient_accumulator", self._name)
            self._get_or_make_slot(v, squares, "gradient_squared_accumulator", self._name)

    def _prepare(self) -> None:
        self._learning_rate_tensor = convert_to_tensor(self._learning_rate, name="learning_rate")
        with colocate_with(self._learning_rate_tensor):
            self._next_step = identity(self._global_step) + 1

    def _places(self, var: Any) -> list[Any]:
        names = "gradient_accumulator", "gradient_squared_accumulator"
        return [var, *(self.get_slot(var, name) for name in names)]

    def _numbers(self, dtype: Any) -> list[Any]:
        step = identity(self._next_step)
        base = dtype.base_dtype
        rate = cast(self._learning_rate_tensor, base)
        return [rate, *(cast(s, base) for s in self._strengths), step]

    def _apply_dense(self, grad: Any, var: Any) -> Any:
        places = [v._ref() for v in self._places(var)]
        numbers = self._numbers(var.dtype)
        return raw.ApplyAdagradDA(*places, grad, *numbers, use_locking=self._use_locking)

    def _resource_apply_dense(self, grad: Any, var: Any) -> Any:
        places = [v.handle for v in self._places(var)]
        numbers = self._numbers(grad.dtype)
        return raw.ResourceApplyAdagradDA(*places, grad, *numbers, use_locking=self._use_locking)

    def _apply_sparse(self, grad: Any, var: Any) -> Any:
        places = [v._ref() for v in self._places(var)]
        rows = grad.values, grad.indices
        numbers = self._numbers(var.dtype)
        return raw.SparseApplyAdagradDA(*places, *rows, *numbers, use_locking=self._use_locking)

    def _resource_apply_sparse(self, grad: Any, var: Any, indices: Any) -> Any:
        places = [v.handle for v in self._places(var)]
        return raw.ResourceSparseApplyAdagradDA(
            *places, grad, indices, *self._numbers(grad.dtype), use_locking=self._use_locking
        )
