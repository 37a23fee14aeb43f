"""`tf.keras.backend.learning_phase`: training or not, where a layer is not told."""

from __future__ import annotations

from tflite_edu.core.export import export
from tflite_edu.core.graph import get_default_graph
from tflite_edu.core.scopes import control_dependencies, name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.constants import placeholder_with_default


@export("keras.backend.learning_phase")
def learning_phase() -> Tensor:
    """The default graph's bool scalar that says whether it trains: False where it is not fed."""
    attachments = get_default_graph().attachments
    found: Tensor | None = attachments.get("learning_phase")
    if found is None:
        with control_dependencies(None), name_scope(None):
            found = placeholder_with_default(False, shape=(), name="keras_learning_phase")
        attachments["learning_phase"] = found
    return found
