"""The losses of a graph, and their sum."""

from __future__ import annotations

from typing import Any

from tflite_edu.core.constant import constant
from tflite_edu.core.export import export
from tflite_edu.core.graph import get_default_graph
from tflite_edu.core.keys import GraphKeys
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.add_n import add_n


@export("losses.add_loss")
def add_loss(loss: Any, loss_collection: str | None = "losses") -> None:
    """Puts a loss, a scalar tensor, into a collection; nowhere where that is None."""
    if loss_collection:
        get_default_graph().add_to_collection(loss_collection, loss)


@export("losses.get_losses")
def get_losses(scope: str | None = None, loss_collection: str = "losses") -> list[Any]:
    """The losses of a collection; with `scope` those whose name it matches as a regex."""
    return get_default_graph().get_collection(loss_collection, scope)


@export("losses.get_regularization_losses")
def get_regularization_losses(scope: str | None = None) -> list[Any]:
    """What the regularizers of variables made; with `scope` those whose name it matches."""
    return get_default_graph().get_collection(GraphKeys.REGULARIZATION_LOSSES, scope)


@export("losses.get_regularization_loss")
def get_regularization_loss(
    scope: str | None = None, name: str = "total_regularization_loss"
) -> Tensor:
    """The sum of the regularization losses, a scalar; the constant 0 where there is none."""
    losses = get_regularization_losses(scope)
    return add_n(losses, name=name) if losses else constant(0.0)


@export("losses.get_total_loss")
def get_total_loss(
    add_regularization_losses: bool = True, name: str = "total_loss", scope: str | None = None
) -> Tensor:
    """The sum of the losses, and of the regularization losses unless told otherwise; a scalar.

    With `scope` only those whose name it matches count. Raises ValueError where there is none.
    """
    losses = get_losses(scope=scope)
    if add_regularization_losses:
        losses = losses + get_regularization_losses(scope=scope)
    return add_n(losses, name=name)
