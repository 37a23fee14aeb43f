"""`tf.contrib.layers` regularizers: what weights add to the loss, as plain functions."""

from __future__ import annotations

import numbers
from collections.abc import Callable, Sequence
from typing import Any

from tflite_edu.core.constant import constant
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.graph import get_default_graph
from tflite_edu.core.keys import GraphKeys
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.add_n import add_n
from tflite_edu.ops.arithmetic import multiply
from tflite_edu.ops.l2 import l2_loss
from tflite_edu.ops.reductions import reduce_sum
from tflite_edu.ops.signs import abs as magnitude

Regularizer = Callable[[Any], Any]


@export(
    "contrib.layers.l1_regularizer",
    "contrib.slim.l1_regularizer",
    "contrib.slim.regularizers.l1_regularizer",
)
def l1_regularizer(scale: Any, scope: str | None = None) -> Regularizer:
    """`scale` times the sum of a weight's magnitudes; None of a weight where `scale` is 0.

    Raises ValueError on an integer and a number below 0.
    """
    _check(scale, "scale")
    if isinstance(scale, numbers.Real) and scale == 0.0:
        return _nothing

    def l1(weights: Any, name: str | None = None) -> Tensor:
        with name_scope(scope, "l1_regularizer", [weights]) as here:
            factor = _factor(scale, weights)
            return multiply(factor, reduce_sum(magnitude(weights)), name=name or here)

    return l1


@export(
    "contrib.layers.l2_regularizer",
    "contrib.slim.l2_regularizer",
    "contrib.slim.regularizers.l2_regularizer",
)
def l2_regularizer(scale: Any, scope: str | None = None) -> Regularizer:
    """`scale` times half the sum of a weight's squares; None of a weight where `scale` is 0.

    Raises ValueError on an integer and a number below 0.
    """
    _check(scale, "scale", end=".")
    if isinstance(scale, numbers.Real) and scale == 0.0:
        return _nothing

    def l2(weights: Any) -> Tensor:
        with name_scope(scope, "l2_regularizer", [weights]) as here:
            return multiply(_factor(scale, weights), l2_loss(weights), name=here)

    return l2


@export(
    "contrib.layers.l1_l2_regularizer",
    "contrib.slim.l1_l2_regularizer",
    "contrib.slim.regularizers.l1_l2_regularizer",
)
def l1_l2_regularizer(
    scale_l1: float = 1.0, scale_l2: float = 1.0, scope: str | None = None
) -> Regularizer | None:
    """The sum of `l1_regularizer` and `l2_regularizer`; one of them where the other's scale is 0.

    Raises ValueError on an integer and a number below 0.
    """
    _check(scale_l1, "scale_l1", bounded=False)
    _check(scale_l2, "scale_l2", bounded=False)
    scope = scope or "l1_l2_regularizer"
    if scale_l1 == 0.0:
        return l2_regularizer(scale_l2, scope)
    if scale_l2 == 0.0:
        return l1_regularizer(scale_l1, scope)
    return sum_regularizer([l1_regularizer(scale_l1), l2_regularizer(scale_l2)], scope=scope)


@export(
    "contrib.layers.sum_regularizer",
    "contrib.slim.sum_regularizer",
    "contrib.slim.regularizers.sum_regularizer",
)
def sum_regularizer(
    regularizer_list: Sequence[Regularizer | None], scope: str | None = None
) -> Regularizer | None:
    """What the regularizers that are not None give together; None where there is none."""
    parts = [part for part in regularizer_list if part is not None]
    if not parts:
        return None

    def sum_reg(weights: Any) -> Tensor | None:
        with name_scope(scope, "sum_regularizer", [weights]) as here:
            losses = [part(weights) for part in parts]
            losses = [loss for loss in losses if loss is not None]
            return add_n(losses, name=here) if losses else None

    return sum_reg


@export(
    "contrib.layers.apply_regularization",
    "contrib.slim.apply_regularization",
    "contrib.slim.regularizers.apply_regularization",
)
def apply_regularization(
    regularizer: Regularizer, weights_list: Sequence[Any] | None = None
) -> Tensor:
    """The sum of a regularizer's losses of weights, added to the regularization losses.

    The weights are by default the graph's collection WEIGHTS. A loss of None counts as 0. Raises
    ValueError without weights and where a loss is no scalar.
    """
    weights = weights_list
    if not weights:
        weights = get_default_graph().get_collection(GraphKeys.WEIGHTS)
    if not weights:
        raise ValueError("No weights to regularize.")
    with name_scope(None, "get_regularization_penalty", weights) as here:
        losses = [regularizer(weight) for weight in weights]
        losses = [constant(0.0) if loss is None else loss for loss in losses]
        for loss in losses:
            if loss.shape.ndims != 0:
                raise ValueError(
                    "regularizer must return a scalar Tensor instead of a Tensor with rank "
                    f"{loss.shape.ndims}."
                )
        total = add_n(losses, name=here)
    get_default_graph().add_to_collection(GraphKeys.REGULARIZATION_LOSSES, total)
    return total


def _nothing(_: Any) -> None:
    return None


def _check(scale: Any, name: str, bounded: bool = True, end: str = "") -> None:
    if isinstance(scale, numbers.Integral):
        raise ValueError(f"{name} cannot be an integer: {scale}")
    if bounded and isinstance(scale, numbers.Real) and scale < 0.0:
        raise ValueError(f"Setting a scale less than 0 on a regularizer: {float(scale):g}{end}")


def _factor(scale: Any, weights: Any) -> Tensor:
    return convert_to_tensor(scale, dtype=weights.dtype.base_dtype, name="scale")
