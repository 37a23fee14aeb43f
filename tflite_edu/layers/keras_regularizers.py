"""`tf.keras.regularizers`: what weights add to the loss, as objects with a configuration."""

from __future__ import annotations

from typing import Any

import numpy as np

from tflite_edu.core.constant import constant
from tflite_edu.core.export import export
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.powers import square
from tflite_edu.ops.reductions import reduce_sum
from tflite_edu.ops.signs import abs as magnitude


@export("keras.regularizers.Regularizer")
class Regularizer:
    """A function of a weight: by itself it adds 0 to the loss."""

    def __call__(self, x: Any) -> Any:
        return 0.0

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """The one that `get_config` tells of."""
        return cls(**config)


@export("keras.regularizers.L1L2")
class L1L2(Regularizer):
    """`l1` times the sum of magnitudes, plus `l2` times the sum of squares.

    A part whose factor is 0 is left out. Unlike `tf.nn.l2_loss`, squares are not halved.
    """

    def __init__(self, l1: Any = 0.0, l2: Any = 0.0) -> None:
        self.l1 = np.asarray(l1, np.float32)
        self.l2 = np.asarray(l2, np.float32)

    def __call__(self, x: Any) -> Tensor:
        """The loss of a weight of any shape: a float32 scalar."""
        if not self.l1 and not self.l2:
            return constant(0.0)
        loss: Any = 0.0
        if self.l1:
            loss += self.l1 * reduce_sum(magnitude(x))
        if self.l2:
            loss += self.l2 * reduce_sum(square(x))
        return loss

    def get_config(self) -> dict[str, float]:
        """The two factors."""
        return {"l1": float(self.l1), "l2": float(self.l2)}


@export("keras.regularizers.l1")
def l1(l: float = 0.01) -> L1L2:  # noqa: E741
    """`l` times the sum of magnitudes."""
    return L1L2(l1=l)


@export("keras.regularizers.l2")
def l2(l: float = 0.01) -> L1L2:  # noqa: E741
    """`l` times the sum of squares."""
    return L1L2(l2=l)


@export("keras.regularizers.l1_l2")
def l1_l2(l1: float = 0.01, l2: float = 0.01) -> L1L2:
    """`l1` times the sum of magnitudes, plus `l2` times the sum of squares."""
    return L1L2(l1=l1, l2=l2)


_BY_NAME: dict[str, Any] = {
    "L1L2": L1L2,
    "Regularizer": Regularizer,
    "l1": l1,
    "l1_l2": l1_l2,
    "l2": l2,
}


@export("keras.regularizers.serialize")
def serialize(regularizer: Any) -> dict[str, Any]:
    """The class name and the configuration of a regularizer."""
    return {"class_name": type(regularizer).__name__, "config": regularizer.get_config()}


@export("keras.regularizers.deserialize")
def deserialize(config: Any, custom_objects: dict[str, Any] | None = None) -> Any:
    """The regularizer of a name, or of what `serialize` returned.

    A name of a function gives the function. Raises ValueError on a name that neither
    `custom_objects` nor Keras knows.
    """
    known = {**_BY_NAME, **(custom_objects or {})}
    if isinstance(config, str):
        if config not in known:
            raise ValueError(f"Unknown regularizer:{config}")
        found = known[config]
        return found() if isinstance(found, type) else found
    name, arguments = config["class_name"], config["config"]
    if name not in known:
        raise ValueError(f"Unknown regularizer: {name}")
    made: Any = known[name]
    return made.from_config(arguments) if hasattr(made, "from_config") else made(**arguments)


@export("keras.regularizers.get")
def get(identifier: Any) -> Any:
    """The regularizer that a name, a configuration or a function stands for; None for None.

    Raises ValueError on anything else.
    """
    if identifier is None:
        return None
    if isinstance(identifier, str):
        found = deserialize(identifier)
        return found if isinstance(found, Regularizer) else found()
    if isinstance(identifier, dict):
        return deserialize(identifier)
    if callable(identifier):
        return identifier
    raise ValueError("Could not interpret regularizer identifier:", identifier)
