"""Learning rates that change at steps: piecewise constant, and decays that begin again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from tflite_edu.core import dtypes, raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.case import case
from tflite_edu.ops.casting import cast
from tflite_edu.ops.comparison import equal
from tflite_edu.ops.conditional import cond
from tflite_edu.ops.logic import logical_and
from tflite_edu.train.learning_rate_decay import half_cosine, require_step


@export("train.piecewise_constant_decay", "train.piecewise_constant")
def piecewise_constant_decay(x: Any, boundaries: Any, values: Any, name: str | None = None) -> Any:
    """values[0] where x ≤ boundaries[0], values[i] up to boundaries[i], the last one beyond.

    `x` is a scalar tensor, such as the global step; `boundaries` are rising numbers of its dtype,
    `values` one more, of one dtype, which the result has. Raises ValueError where their count or a
    dtype does not fit.
    """
    x = convert_to_tensor(x)
    boundaries = _tensors(boundaries)
    values = _tensors(values)
    if len(boundaries) != len(values) - 1:
        raise ValueError("The length of boundaries should be 1 less than the length of values")
    limits = [_as_step(limit, x) for limit in boundaries]
    for value in values[1:]:
        if value.dtype.base_dtype != values[0].dtype.base_dtype:
            raise ValueError(
                "Values must have elements all with the same dtype "
                f"({values[0].dtype.base_dtype} vs {value.dtype.base_dtype})."
            )
    with name_scope(name, "PiecewiseConstant", [x, *limits, *values]):
        pairs: list[Any] = [
            (x <= limits[0], lambda: values[0]),
            (x > limits[-1], lambda: values[-1]),
        ]
        for low, high, value in zip(limits[:-1], limits[1:], values[1:-1], strict=True):
            inside = logical_and(x > low, x <= high, name="and")
            pairs.append((inside, partial(_itself, value)))
        return case(pairs, lambda: values[0], exclusive=True)


def _itself(value: Tensor) -> Tensor:
    return value


def _tensors(values: Any) -> list[Tensor]:
    if not isinstance(values, Sequence):
        raise TypeError("values must be a sequence.")
    return [convert_to_tensor(value) for value in values]


def _as_step(limit: Tensor, x: Tensor) -> Tensor:
    dtype = x.dtype.base_dtype
    if limit.dtype.base_dtype == dtype:
        return limit
    if limit.dtype.base_dtype == dtypes.int32 and dtype == dtypes.int64:
        return cast(limit, dtypes.int64)
    raise ValueError(
        f"Boundaries ({limit.dtype.base_dtype}) must have the same dtype as x ({dtype})."
    )


@export("train.cosine_decay_restarts")
def cosine_decay_restarts(
    learning_rate: Any,
    global_step: Any,
    first_decay_steps: Any,
    t_mul: Any = 2.0,
    m_mul: Any = 1.0,
    alpha: Any = 0.0,
    name: str | None = None,
) -> Tensor:
    """`cosine_decay` that begins again, each time over `t_mul` times as many steps; a scalar.

    Each time it begins at `m_mul` times the rate of before. Raises ValueError where `global_step`
    is None. Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", 2016.
    """
    require_step(global_step)
    with name_scope(name, "SGDRDecay", [learning_rate, global_step]) as scope:
        rate = convert_to_tensor(learning_rate, name="initial_learning_rate")
        dtype = rate.dtype
        steps, floor = cast(first_decay_steps, dtype), cast(alpha, dtype)
        longer, lower = cast(t_mul, dtype), cast(m_mul, dtype)
        passed = cast(global_step, dtype) / steps

        def equally_long() -> tuple[Tensor, Tensor]:
            restarts = raw.Floor(passed)
            return restarts, passed - restarts

        def growing() -> tuple[Tensor, Tensor]:
            # Restarts come after the sums 1, 1 + t, 1 + t + t² ... of a geometric series.
            grown = 1.0 - passed * (1.0 - longer)
            restarts = raw.Floor(raw.Log(grown) / raw.Log(longer))
            before = (1.0 - longer**restarts) / (1.0 - longer)
            return restarts, (passed - before) / longer**restarts

        restarts, part = cond(equal(longer, 1.0), equally_long, growing)
        height = 0.5 * lower**restarts
        decayed = height * half_cosine(part)
        return raw.Mul(rate, (1 - floor) * decayed + floor, name=scope)
