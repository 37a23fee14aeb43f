"""Adadelta."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.ops.casting import cast
from tflite_edu.train.optimizer import Optimizer


@export("train.AdadeltaOptimizer")
class AdadeltaOptimizer(Optimizer):
    """Steps as large as the last ones were, scaled by the running mean of the squared gradient.

    Zeiler, "ADADELTA: An Adaptive Learning Rate Method", 2012, whose rate is 1.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        rho: Any = 0.95,
        epsilon: Any = 1e-8,
        use_locking: bool = False,
        name: str = "Adadelta",
    ) -> None:
        super().__init__(use_locking, name)
        self._lr = learning_rate
        self._rho = rho
        self._epsilon = epsilon
        self._tensors: tuple[Any, ...] = ()

    def _create_slots(self, var_list: Any) -> None:
        for v in var_list:
            self._zeros_slot(v, "accum", self._name)
            self._zeros_slot(v, "accum_update", self._name)

    def _prepare(self) -> None:
        named = {"lr": self._lr, "rho": self._rho, "epsilon": self._epsilon}
        self._tensors = tuple(
            convert_to_tensor(value() if callable(value) else value, name=name)
            for name, value in named.items()
        )

    def _places(self, var: Any) -> list[Any]:
        return [var, self.get_slot(var, "accum"), self.get_slot(var, "accum_update")]

    def _numbers(self, dtype: Any) -> list[Any]:
        return [cast(t, dtype.base_dtype) for t in self._tensors]

    def _apply_dense(self, grad: Any, var: Any) -> Any:
        places = [v._ref() for v in self._places(var)]
        numbers = self._numbers(var.dtype)
        return raw.ApplyAdadelta(*places, *numbers, grad, use_locking=self._use_locking)

    def _resource_apply_dense(self, grad: Any, var: Any) -> Any:
        places = [v.handle for v in self._places(var)]
        numbers = self._numbers(grad.dtype)
        return raw.ResourceApplyAdadelta(*places, *numbers, grad, use_locking=self._use_locking)

    def _apply_sparse(self, grad: Any, var: Any) -> Any:
        places = [v._ref() for v in self._places(var)]
        rows = grad.values, grad.indices
        numbers = self._numbers(var.dtype)
        return raw.SparseApplyAdadelta(*places, *numbers, *rows, use_locking=self._use_locking)

    def _resource_apply_sparse(self, grad: Any, var: Any, indices: Any) -> Any:
        places = [v.handle for v in self._places(var)]
        rows = grad, indices
        return raw.ResourceSparseApplyAdadelta(
            *places, *self._numbers(grad.dtype), *rows, use_locking=self._use_locking
        )
