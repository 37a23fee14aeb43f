"""RMSProp."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.ops.casting import cast
from tflite_edu.ops.constants import ones_like
from tflite_edu.train.optimizer import Optimizer
from tflite_edu.variables.initializers import Ones


@export("train.RMSPropOptimizer")
class RMSPropOptimizer(Optimizer):
    """Steps scaled by the root of a running mean of the squared gradient, with momentum.

    Tieleman and Hinton, "Neural Networks for Machine Learning", lecture 6e, 2012. With `centered`
    the mean gradient's square is taken off (Graves, "Generating Sequences With Recurrent Neural
    Networks", 2013).
    """

    def __init__(
        self,
        learning_rate: Any,
        decay: Any = 0.9,
        momentum: Any = 0.0,
        epsilon: Any = 1e-10,
        use_locking: bool = False,
        centered: bool = False,
        name: str = "RMSProp",
    ) -> None:
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._decay = decay
        self._momentum = momentum
        self._epsilon = epsilon
        self._centered = centered
        self._tensors: tuple[Any, ...] = ()

    def _create_slots(self, var_list: Any) -> None:
        for v in var_list:
            dtype = v.dtype.base_dtype
            if v.get_shape().is_fully_defined():
                initial: Any = Ones(dtype=dtype)
            else:
                initial = ones_like(v)
            self._get_or_make_slot_with_initializer(
                v, initial, v.get_shape(), dtype, "rms", self._name
            )
            if self._centered:
                self._zeros_slot(v, "mg", self._name)
            self._zeros_slot(v, "momentum", self._name)

    def _prepare(self) -> None:
        named = {
            "learning_rate": self._learning_rate,
            "decay": self._decay,
            "momentum": self._momentum,
            "epsilon": self._epsilon,
        }
        self._tensors = tuple(
            convert_to_tensor(value() if callable(value) else value, name=name)
            for name, value in named.items()
        )

    def _numbers(self, dtype: Any) -> tuple[Any, ...]:
        return tuple(cast(t, dtype.base_dtype) for t in self._tensors)

    def _places(self, var: Any) -> list[Any]:
        """The variable and its slots in the order of the op types' inputs."""
        names = ("mg", "rms", "momentum") if self._centered else ("rms", "momentum")
        return [var, *(self.get_slot(var, name) for name in names)]

    def _apply_dense(self, grad: Any, var: Any) -> Any:
        places = [v._ref() for v in self._places(var)]
        apply = raw.ApplyCenteredRMSProp if self._centered else raw.ApplyRMSProp
        numbers = self._numbers(var.dtype)
        return apply(*places, *numbers, grad, use_locking=self._use_locking).op

    def _resource_apply_dense(self, grad: Any, var: Any) -> Any:
        places = [v.handle for v in self._places(var)]
        apply = raw.ResourceApplyCenteredRMSProp if self._centered else raw.ResourceApplyRMSProp
        numbers = self._numbers(grad.dtype)
        return apply(*places, *numbers, grad, use_locking=self._use_locking)

    def _apply_sparse(self, grad: Any, var: Any) -> Any:
        places = [v._ref() for v in self._places(var)]
        apply = raw.SparseApplyCenteredRMSProp if self._centered else raw.SparseApplyRMSProp
        numbers = self._numbers(var.dtype)
        return apply(*places, *numbers, grad.values, grad.indices, use_locking=self._use_locking)

    def _resource_apply_sparse(self, grad: Any, var: Any, indices: Any) -> Any:
        places = [v.handle for v in self._places(var)]
        apply = (
            raw.ResourceSparseApplyCenteredRMSProp
            if self._centered
            else raw.ResourceSparseApplyRMSProp
        )
        numbers = self._numbers(grad.dtype)
        return apply(*places, *numbers, grad, indices, use_locking=self._use_locking)
