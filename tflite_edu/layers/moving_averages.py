"""The moving averages of batch normalization, and what renormalization makes of them."""

from __future__ import annotations

from typing import Any

from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.scopes import colocate_with, control_dependencies, name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.arithmetic import maximum, minimum
from tflite_edu.ops.casting import cast
from tflite_edu.ops.conditional import smart_cond
from tflite_edu.ops.constants import ones_like, zeros_like
from tflite_edu.ops.identity import identity
from tflite_edu.ops.powers import sqrt
from tflite_edu.ops.reference_variables import assign, assign_sub

CLIPPING_KEYS = ("rmax", "rmin", "dmax")
"""The bounds that renormalization takes."""


def towards(variable: Any, value: Any, momentum: Any) -> Any:
    """A step of a moving average: `momentum` of the variable, the rest of the value."""
    with name_scope("AssignMovingAvg") as scope, colocate_with(variable.op):
        decay = convert_to_tensor(1.0 - momentum, name="decay")
        if decay.dtype != variable.dtype.base_dtype:
            decay = cast(decay, variable.dtype.base_dtype)
        delta = (variable - cast(value, variable.dtype.base_dtype)) * decay
        return assign_sub(variable, delta, name=scope)


def assign_new_value(variable: Any, value: Tensor) -> Any:
    """Gives the variable a value."""
    with name_scope("AssignNewValue") as scope, colocate_with(variable.op):
        return assign(variable, value, name=scope)


def corrected(
    layer: Any, mean: Tensor, variance: Tensor, training: Any
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """(r, d, mean, variance) of batch renormalization, section 3 of Ioffe's paper of 2017.

    What is normalized by the batch is `r x + d` if it were by the layer's averages, which make a
    step. The mean and the variance are the batch's, computed after that step.
    """
    deviation = sqrt(variance + layer.epsilon)
    usual = maximum(layer.renorm_stddev, sqrt(layer.epsilon))
    r: Any = deviation / usual
    d: Any = (mean - layer.renorm_mean) / usual
    # The averages are read before their step.
    with control_dependencies([r, d]):
        mean, deviation = identity(mean), identity(deviation)
    bounds = layer.renorm_clipping
    if bounds.get("rmin") is not None:
        r = maximum(r, bounds["rmin"])
    if bounds.get("rmax") is not None:
        r = minimum(r, bounds["rmax"])
    if bounds.get("dmax") is not None:
        d = minimum(maximum(d, -bounds["dmax"]), bounds["dmax"])
    r_now = smart_cond(training, lambda: r, lambda: ones_like(r))
    d_now = smart_cond(training, lambda: d, lambda: zeros_like(d))
    steps = [
        _step(variable, value, layer.renorm_momentum, training)
        for variable, value in ((layer.renorm_mean, mean), (layer.renorm_stddev, deviation))
    ]
    with control_dependencies(steps):
        return r_now, d_now, identity(mean), identity(variance)


def _step(variable: Any, value: Tensor, momentum: Any, training: Any) -> Any:
    value = identity(value)
    return smart_cond(
        training, lambda: towards(variable, value, momentum), lambda: identity(variable)
    )
