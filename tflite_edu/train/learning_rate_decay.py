"""Learning rates that fall with the number of steps."""

from __future__ import annotations

import math
from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.constant import constant
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.casting import cast
from tflite_edu.ops.comparison import equal
from tflite_edu.ops.conditional import cond
from tflite_edu.ops.random_ops import random_normal


@export("train.exponential_decay")
def exponential_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    decay_rate: Any,
    staircase: bool = False,
    name: str | None = None,
) -> Tensor:
    """learning_rate · decay_rate^(global_step / decay_steps), a scalar.

    With `staircase` the exponent is rounded down. Raises ValueError where `global_step` is None.
    """
    require_step(global_step)
    with name_scope(name or "ExponentialDecay") as scope:
        rate = convert_to_tensor(learning_rate, name="initial_learning_rate")
        steps = cast(decay_steps, rate.dtype)
        base = cast(decay_rate, rate.dtype)
        passed = _passed(cast(global_step, rate.dtype), steps, staircase)
        return raw.Mul(rate, raw.Pow(base, passed), name=scope)


@export("train.natural_exp_decay")
def natural_exp_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    decay_rate: Any,
    staircase: bool = False,
    name: str | None = None,
) -> Tensor:
    """learning_rate · e^(−decay_rate · global_step / decay_steps), a scalar.

    With `staircase` global_step / decay_steps is rounded down. Raises ValueError where
    `global_step` is None.
    """
    require_step(global_step)
    base = raw.Exp(raw.Neg(decay_rate))
    return exponential_decay(learning_rate, global_step, decay_steps, base, staircase, name)


@export("train.inverse_time_decay")
def inverse_time_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    decay_rate: Any,
    staircase: bool = False,
    name: str | None = None,
) -> Tensor:
    """learning_rate / (1 + decay_rate · global_step / decay_steps), a scalar.

    With `staircase` global_step / decay_steps is rounded down. Raises ValueError where
    `global_step` is None.
    """
    require_step(global_step)
    with name_scope(name or "InverseTimeDecay") as scope:
        rate = convert_to_tensor(learning_rate, name="initial_learning_rate")
        steps = cast(decay_steps, rate.dtype)
        slope = cast(decay_rate, rate.dtype)
        passed = _passed(cast(global_step, rate.dtype), steps, staircase)
        one = cast(constant(1), rate.dtype)
        return raw.RealDiv(rate, raw.Add(one, raw.Mul(slope, passed)), name=scope)


@export("train.polynomial_decay")
def polynomial_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    end_learning_rate: Any = 0.0001,
    power: Any = 1.0,
    cycle: bool = False,
    name: str | None = None,
) -> Tensor:
    """(learning_rate − end) · (1 − global_step / decay_steps)^power + end, a scalar.

    It stays at the end after `decay_steps`; with `cycle` it begins again each time, over twice,
    three times ... as many steps. Raises ValueError where `global_step` is None.
    """
    require_step(global_step)
    with name_scope(name or "PolynomialDecay") as scope:
        rate = convert_to_tensor(learning_rate, name="initial_learning_rate")
        end = cast(end_learning_rate, rate.dtype)
        exponent = cast(power, rate.dtype)
        step = cast(global_step, rate.dtype)
        steps = cast(decay_steps, rate.dtype)
        if cycle:
            cycles = cond(
                equal(step, 0), lambda: constant(1.0), lambda: raw.Ceil(step / decay_steps)
            )
            fraction = step / raw.Mul(steps, cycles)
        else:
            fraction = raw.Minimum(step, decay_steps) / steps
        scaled = raw.Mul(rate - end, raw.Pow(1 - fraction, exponent))
        return raw.Add(scaled, end, name=scope)


@export("train.cosine_decay")
def cosine_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    alpha: float = 0.0,
    name: str | None = None,
) -> Tensor:
    """learning_rate · ((1 − alpha) · (1 + cos(π · global_step / decay_steps)) / 2 + alpha).

    A scalar. It stays at learning_rate · alpha after `decay_steps`. Raises ValueError where
    `global_step` is None. Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm
    Restarts", 2016.
    """
    require_step(global_step)
    with name_scope(name or "CosineDecay"):
        rate = convert_to_tensor(learning_rate, name="initial_learning_rate")
        steps = cast(decay_steps, rate.dtype)
        step = raw.Minimum(cast(global_step, rate.dtype), steps)
        cosine = _cosine(step / steps)
        return raw.Mul(rate, (1 - alpha) * cosine + alpha)


@export("train.linear_cosine_decay")
def linear_cosine_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    num_periods: Any = 0.5,
    alpha: Any = 0.0,
    beta: Any = 0.001,
    name: str | None = None,
) -> Tensor:
    """learning_rate · ((alpha + l) · (1 + cos(2π · num_periods · t)) / 2 + beta), a scalar.

    Here t = global_step / decay_steps, at most 1, and l = 1 − t. Raises ValueError where
    `global_step` is None. Bello, Zoph, Vasudevan and Le, "Neural Optimizer Search with
    Reinforcement Learning", 2017.
    """
    require_step(global_step)
    with name_scope(name or "LinearCosineDecay") as scope:
        rate = convert_to_tensor(learning_rate, name="initial_learning_rate")
        dtype = rate.dtype
        steps = cast(decay_steps, dtype)
        periods, low, floor = cast(num_periods, dtype), cast(alpha, dtype), cast(beta, dtype)
        step = raw.Minimum(cast(global_step, dtype), steps)
        linear = (steps - step) / steps
        passed = step / steps
        cosine = _cosine(2.0 * periods * passed)
        return raw.Mul(rate, (low + linear) * cosine + floor, name=scope)


@export("train.noisy_linear_cosine_decay")
def noisy_linear_cosine_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    initial_variance: Any = 1.0,
    variance_decay: Any = 0.55,
    num_periods: Any = 0.5,
    alpha: Any = 0.0,
    beta: Any = 0.001,
    name: str | None = None,
) -> Tensor:
    """`linear_cosine_decay` with a normal random number added to its linear part, a scalar.

    The variance of the noise is initial_variance / (1 + global_step)^variance_decay. Raises
    ValueError where `global_step` is None.
    """
    require_step(global_step)
    with name_scope(name or "NoisyLinearCosineDecay") as scope:
        rate = convert_to_tensor(learning_rate, name="initial_learning_rate")
        dtype = rate.dtype
        steps = cast(decay_steps, dtype)
        variance, fall = cast(initial_variance, dtype), cast(variance_decay, dtype)
        periods, low, floor = cast(num_periods, dtype), cast(alpha, dtype), cast(beta, dtype)
        step = raw.Minimum(cast(global_step, dtype), steps)
        linear = (steps - step) / steps
        deviation = raw.Sqrt(variance / raw.Pow(1.0 + step, fall))
        noisy = linear + random_normal(linear.shape, stddev=deviation)
        passed = step / steps
        cosine = _cosine(2.0 * periods * passed)
        return raw.Mul(rate, (low + noisy) * cosine + floor, name=scope)


def require_step(global_step: Any) -> None:
    if global_step is None:
        raise ValueError("None values not supported.")


def _passed(step: Tensor, steps: Tensor, staircase: bool) -> Tensor:
    """How often `steps` steps have passed."""
    passed = step / steps
    return raw.Floor(passed) if staircase else passed


def _cosine(turns: Tensor) -> Tensor:
    """(1 + cos(π · turns)) / 2."""
    return 0.5 * half_cosine(turns)


def half_cosine(turns: Tensor) -> Tensor:
    """1 + cos(π · turns), which falls from 2 to 0 as `turns` goes from 0 to 1."""
    pi = constant(math.pi, dtype=turns.dtype)
    return 1.0 + raw.Cos(pi * turns)
