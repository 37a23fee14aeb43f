"""Ftrl: "follow the regularized leader", for sparse linear models."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.constant import constant
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.scopes import colocate_with
from tflite_edu.ops.casting import cast
from tflite_edu.train.optimizer import Optimizer


@export("train.FtrlOptimizer")
class FtrlOptimizer(Optimizer):
    """Weights that solve the problem of all gradients so far plus l1 · |θ| + l2 · θ².

    McMahan et al., "Ad Click Prediction: a View from the Trenches", 2013.

    Args:
      learning_rate_power: how the rate falls with the sum of squared gradients, at most 0.
      initial_accumulator_value: where that sum begins, at least 0.
      l1_regularization_strength, l2_regularization_strength: at least 0; l1 makes weights zero.
      accum_name, linear_name: end the names of the two slots; the optimizer's name if None.
      l2_shrinkage_regularization_strength: at least 0; of a penalty on the size of the weights.

    Raises ValueError on numbers outside of these.
    """

    def __init__(
        self,
        learning_rate: Any,
        learning_rate_power: Any = -0.5,
        initial_accumulator_value: float = 0.1,
        l1_regularization_strength: Any = 0.0,
        l2_regularization_strength: Any = 0.0,
        use_locking: bool = False,
        name: str = "Ftrl",
        accum_name: str | None = None,
        linear_name: str | None = None,
        l2_shrinkage_regularization_strength: Any = 0.0,
    ) -> None:
        super().__init__(use_locking, name)
        at_least_zero = {
            "initial_accumulator_value": initial_accumulator_value,
            "l1_regularization_strength": l1_regularization_strength,
            "l2_regularization_strength": l2_regularization_strength,
            "l2_shrinkage_regularization_strength": l2_shrinkage_regularization_strength,
        }
        for argument, value in at_least_zero.items():
            if value < 0.0:
                raise ValueError(f"{argument} {value:f} needs to be positive or zero")
        if learning_rate_power > 0.0:
            raise ValueError(
                f"learning_rate_power {learning_rate_power:f} needs to be negative or zero"
            )
        self._initial_accumulator_value = initial_accumulator_value
        self._shrinks = l2_shrinkage_regularization_strength > 0
        self._slot_names = accum_name or name, linear_name or name
        self._hyperparameters = {
            "learning_rate": learning_rate,
            "l1_regularization_strength": l1_regularization_strength,
            "l2_regularization_strength": l2_regularization_strength,
            "l2_shrinkage_regularization_strength": l2_shrinkage_regularization_strength,
            "learning_rate_power": learning_rate_power,
        }
        self._tensors: dict[str, Any] = {}

    def _create_slots(self, var_list: Any) -> None:
        accum_name, linear_name = self._slot_names
        for v in var_list:
            value = self._initial_accumulator_value
            with colocate_with(v):
                initial = constant(value, dtype=v.dtype.base_dtype, shape=v.get_shape())
            self._get_or_make_slot(v, initial, "accum", accum_name)
            self._zeros_slot(v, "linear", linear_name)

    def _prepare(self) -> None:
        self._tensors = {
            name: convert_to_tensor(value, name=name)
            for name, value in self._hyperparameters.items()
        }

    def _places(self, var: Any) -> list[Any]:
        return [var, self.get_slot(var, "accum"), self.get_slot(var, "linear")]

    def _numbers(self, dtype: Any) -> list[Any]:
        return [
            cast(tensor, dtype.base_dtype)
            for name, tensor in self._tensors.items()
            if self._shrinks or "shrinkage" not in name
        ]

    def _apply_dense(self, grad: Any, var: Any) -> Any:
        apply = raw.ApplyFtrlV2 if self._shrinks else raw.ApplyFtrl
        places = [v._ref() for v in self._places(var)]
        return apply(*places, grad, *self._numbers(var.dtype), use_locking=self._use_locking)

    def _resource_apply_dense(self, grad: Any, var: Any) -> Any:
        apply = raw.ResourceApplyFtrlV2 if self._shrinks else raw.ResourceApplyFtrl
        places = [v.handle for v in self._places(var)]
        return apply(*places, grad, *self._numbers(var.dtype), use_locking=self._use_locking)

    def _apply_sparse(self, grad: Any, var: Any) -> Any:
        apply = raw.SparseApplyFtrlV2 if self._shrinks else raw.SparseApplyFtrl
        places = [v._ref() for v in self._places(var)]
        rows = grad.values, grad.indices
        return apply(*places, *rows, *self._numbers(var.dtype), use_locking=self._use_locking)

    def _resource_apply_sparse(self, grad: Any, var: Any, indices: Any) -> Any:
        apply = raw.ResourceSparseApplyFtrlV2 if self._shrinks else raw.ResourceSparseApplyFtrl
        places = [v.handle for v in self._places(var)]
        numbers = self._numbers(var.dtype)
        return apply(*places, grad, indices, *numbers, use_locking=self._use_locking)
