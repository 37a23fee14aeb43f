"""Exponential moving averages of variables and tensors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tflite_edu.core import dtypes, raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.graph import get_default_graph
from tflite_edu.core.keys import GraphKeys
from tflite_edu.core.operation import Operation
from tflite_edu.core.scopes import colocate_with, init_scope, name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.casting import cast
from tflite_edu.ops.control import group
from tflite_edu.ops.reference_variables import assign, assign_add, assign_sub
from tflite_edu.train.slots import create_slot, create_zeros_slot
from tflite_edu.variables.collections import (
    global_variables,
    moving_average_variables,
    trainable_variables,
)
from tflite_edu.variables.initializers import Zeros
from tflite_edu.variables.scope import get_variable, get_variable_scope, variable_scope
from tflite_edu.variables.variable import Variable

_VARIABLE_OPS = ("Variable", "VariableV2", "VarHandleOp")


@export("train.ExponentialMovingAverage")
class ExponentialMovingAverage:
    """Keeps a ← decay · a + (1 − decay) · x for variables and tensors x.

    Predictions with averaged weights are often better than with the last ones (Polyak and Juditsky,
    "Acceleration of Stochastic Approximation by Averaging", 1992).

    Args:
      decay: a float near 1, the share of the average that an update keeps.
      num_updates: how many updates there were, a number or scalar tensor; the decay is then at most
        (1 + num_updates) / (10 + num_updates), so that early averages move fast.
      zero_debias: whether the averages of tensors, which begin at zero, are divided by how much of
        them is not the zero (Kingma and Ba, 2015, section 3). Averages of variables begin at the
        variables' initial values and need no correction.
      name: ends the names of the averages.
    """

    def __init__(
        self,
        decay: Any,
        num_updates: Any = None,
        zero_debias: bool = False,
        name: str = "ExponentialMovingAverage",
    ) -> None:
        self._decay = decay
        self._num_updates = num_updates
        self._zero_debias = zero_debias
        self._name = name
        self._averages: dict[Any, Any] = {}

    @property
    def name(self) -> str:
        """The name given."""
        return self._name

    def apply(self, var_list: Iterable[Any] | None = None) -> Operation:
        """An operation that moves the averages of variables or tensors.

        An average is a variable that is not trained, made here where there is none yet. Averaged
        variables join the collection of moving average variables. `var_list` defaults to the
        trainable variables. Raises TypeError on a dtype that is not floating.
        """
        listed = trainable_variables() if var_list is None else list(var_list)
        debiased = set()
        for var in listed:
            if var.dtype.base_dtype not in _FLOATING:
                raise TypeError(f"The variables must be half, float, or double: {var.name}")
            key = _key(var)
            if key in self._averages:
                continue
            with init_scope():
                is_variable = isinstance(var, Variable)
                if is_variable:
                    average = create_slot(var, var.initialized_value(), self._name)
                    get_default_graph().add_to_collection(GraphKeys.MOVING_AVERAGE_VARIABLES, var)
                else:
                    average = create_zeros_slot(
                        var, self._name, colocate_with_primary=var.op.type in _VARIABLE_OPS
                    )
                    if self._zero_debias:
                        debiased.add(key)
            self._averages[key] = average
        with name_scope(self._name) as scope:
            decay = self._decay_tensor()
            updates = [
                assign_moving_average(
                    self._averages[_key(var)], var, decay, zero_debias=_key(var) in debiased
                )
                for var in listed
            ]
            return group(*updates, name=scope)

    def average(self, var: Any) -> Any:
        """The variable that holds the average of `var`, or None."""
        return self._averages.get(_key(var))

    def average_name(self, var: Any) -> str:
        """The name of the average of `var`, also where `apply` has not made it yet."""
        key = _key(var)
        if key in self._averages:
            return str(self._averages[key].op.name)
        return get_default_graph().unique_name(f"{var.op.name}/{self._name}", mark_as_used=False)

    def variables_to_restore(self, moving_avg_variables: Any = None) -> dict[str, Any]:
        """Name in a checkpoint -> variable, for a `tf.train.Saver` that restores the averages.

        Each of `moving_avg_variables` (by default the trainable and the averaged variables) gets
        its average's value; the other variables get their own.
        """
        if moving_avg_variables is None:
            moving_avg_variables = [*trainable_variables(), *moving_average_variables()]
        averaged = {_key(v): v for v in moving_avg_variables}
        named = {self.average_name(v): v for v in averaged.values()}
        averaged_names = {v.op.name for v in averaged.values()}
        others = dict.fromkeys(_key(v) for v in global_variables())
        for v in (key.deref() for key in others):
            if v.op.name not in averaged_names and v.op.name not in named:
                named[v.op.name] = v
        return named

    def _decay_tensor(self) -> Tensor:
        decay = convert_to_tensor(self._decay, name="decay")
        if self._num_updates is None:
            return decay
        count = cast(self._num_updates, dtypes.float32, name="num_updates")
        return raw.Minimum(decay, (1.0 + count) / (10.0 + count))


def assign_moving_average(
    variable: Any, value: Any, decay: Any, zero_debias: bool = True, name: str | None = None
) -> Any:
    """Moves `variable` to decay · variable + (1 − decay) · value.

    With `zero_debias` the average is kept in a variable `biased` beside it, which begins at zero,
    and `variable` becomes biased / (1 − decay^updates). Returns the variable's reference, or for a
    resource variable something that reads it after the update.
    """
    with name_scope(name, "AssignMovingAvg", [variable, value, decay]) as scope:
        rate = convert_to_tensor(1.0 - decay, name="decay")
        if rate.dtype != variable.dtype.base_dtype:
            rate = cast(rate, variable.dtype.base_dtype)
        if not zero_debias:
            return assign_sub(variable, (variable - value) * rate, name=scope)
        biased, local_step = _debiasing(variable, value, rate)
        moved = assign_sub(biased, (biased - value) * rate)
        count = assign_add(local_step, 1)
        share = 1 - raw.Pow(1.0 - rate, count)
        return assign(variable, moved / share, name=scope)


def _debiasing(variable: Any, value: Any, rate: Tensor) -> tuple[Any, Any]:
    """The variables of a corrected average: the sum from zero, and how often it moved."""
    with variable_scope(variable.op.name, values=[variable, value, rate]):
        with init_scope():
            zeros = Zeros()
        with colocate_with(variable):
            dtype = variable.dtype.base_dtype
            biased = get_variable(
                _unused("biased"),
                initializer=zeros,
                shape=variable.get_shape(),
                dtype=dtype,
                trainable=False,
            )
            local_step = get_variable(
                _unused("local_step"), shape=[], dtype=dtype, initializer=zeros, trainable=False
            )
    return biased, local_step


def _unused(name: str) -> str:
    """`name`, with a number where the open variable scope has a variable of that name."""
    scope = get_variable_scope()
    if scope.reuse:
        return name
    used = {v.op.name for v in scope.global_variables()}
    candidate, number = name, 0
    while f"{scope.name}/{candidate}" in used:
        number += 1
        candidate = f"{name}_{number}"
    return candidate


def _key(var: Any) -> Any:
    return var.experimental_ref()


_FLOATING = (dtypes.float16, dtypes.float32, dtypes.float64)
