"""Swish: an activation function whose gradient keeps nothing but the features."""

from __future__ import annotations

from typing import Any

from tflite_edu.autodiff.custom_gradient import custom_gradient
from tflite_edu.core.export import export
from tflite_edu.core.scopes import control_dependencies
from tflite_edu.ops.exponential import sigmoid


@export("nn.swish")
@custom_gradient
def swish(features: Any) -> Any:
    """`features * sigmoid(features)`, element by element, of a floating dtype.

    The gradient computes the sigmoid again, so that a run need not hold it until then.
    Ramachandran, Zoph and Le, "Searching for Activation Functions" (2017).
    """

    def gradient(dy: Any) -> Any:
        with control_dependencies([dy]):
            gate: Any = sigmoid(features)
        return dy * (gate * (1.0 + features * (1.0 - gate)))

    return features * sigmoid(features), gradient
