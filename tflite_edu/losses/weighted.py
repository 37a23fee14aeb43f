"""A loss for each element, weighted and reduced to one number."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import dtypes, raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.scopes import control_dependencies, name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.losses.collected import add_loss
from tflite_edu.ops.casting import cast
from tflite_edu.ops.comparison import equal
from tflite_edu.ops.constants import ones_like, zeros_like
from tflite_edu.ops.division import div_no_nan
from tflite_edu.ops.ranges import range as range_of
from tflite_edu.ops.reductions import reduce_sum
from tflite_edu.ops.selection import where
from tflite_edu.ops.shapes_of_tensors import rank_tensor, size_tensor
from tflite_edu.ops.weights_broadcast import assert_broadcastable, broadcast_weights


@export("losses.Reduction")
class Reduction:
    """What the weighted losses of all elements are made into.

    NONE keeps them; SUM adds them; MEAN divides the sum by the sum of the weights,
    SUM_OVER_BATCH_SIZE by the number of elements, SUM_BY_NONZERO_WEIGHTS (which
    SUM_OVER_NONZERO_WEIGHTS is another name of) by the number of those whose weight is not zero.
    """

    NONE = "none"
    SUM = "weighted_sum"
    MEAN = "weighted_mean"
    SUM_OVER_BATCH_SIZE = "weighted_sum_over_batch_size"
    SUM_BY_NONZERO_WEIGHTS = "weighted_sum_by_nonzero_weights"
    SUM_OVER_NONZERO_WEIGHTS = SUM_BY_NONZERO_WEIGHTS

    @classmethod
    def all(cls) -> tuple[str, ...]:
        """Every value, once for each of its names."""
        return (
            cls.NONE,
            cls.SUM,
            cls.MEAN,
            cls.SUM_OVER_BATCH_SIZE,
            cls.SUM_OVER_NONZERO_WEIGHTS,
            cls.SUM_BY_NONZERO_WEIGHTS,
        )

    @classmethod
    def validate(cls, key: str) -> None:
        """Raises ValueError on what is no value."""
        if key not in cls.all():
            raise ValueError(f"Invalid Reduction Key {key}.")


@export("losses.compute_weighted_loss")
def compute_weighted_loss(
    losses: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = "losses",
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Tensor:
    """The losses times their weights, reduced, and put into `loss_collection`.

    `weights` is a scalar, or has `losses`' axes with the same sizes or 1. The result has `losses`'
    dtype; it is a scalar, or of `losses`' shape with `Reduction.NONE`. It is zero, not NaN, where
    the divisor is. Raises ValueError on weights that do not fit and on another reduction; a run
    raises InvalidArgumentError where the shapes show only then.
    """
    Reduction.validate(reduction)
    with name_scope(scope, "weighted_loss", [losses, weights]):
        with control_dependencies([assert_broadcastable(weights, losses)]):
            losses = convert_to_tensor(losses)
            dtype = losses.dtype
            losses = cast(losses, dtypes.float32)
            weights = cast(weights, dtypes.float32)
            loss = cast(_reduced(losses, weights, reduction), dtype)
            add_loss(loss, loss_collection)
            return loss


def _reduced(losses: Tensor, weights: Tensor, reduction: str) -> Tensor:
    weighted = raw.Mul(losses, weights)
    if reduction == Reduction.NONE:
        return weighted
    total = reduce_sum(weighted)
    if reduction == Reduction.SUM:
        return total
    if reduction == Reduction.MEAN:
        count = reduce_sum(ones_like(losses) * weights)
    elif reduction == Reduction.SUM_OVER_BATCH_SIZE:
        with name_scope(None, "num_elements", [losses]) as scope:
            count = cast(size_tensor(losses, name=scope), losses.dtype)
    else:
        count = num_present(losses, weights)
    return div_no_nan(reduce_sum(total), count, name="value")


def num_present(losses: Tensor, weights: Tensor, per_batch: bool = False) -> Tensor:
    """How many losses have a weight that is not zero.

    float32: a scalar, or `per_batch` one for each index of the first axis, in `losses`' rank.
    """
    with name_scope(None, "num_present", [losses, weights]) as scope:
        weights = cast(weights, dtypes.float32)
        present = where(equal(weights, 0.0), zeros_like(weights), ones_like(weights))
        present = broadcast_weights(present, losses)
        if not per_batch:
            return reduce_sum(present, name=scope)
        axes = range_of(1, rank_tensor(present))
        return reduce_sum(present, axis=axes, keepdims=True, name=scope)
