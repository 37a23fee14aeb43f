"""Which TensorFlow a script asks for: graphs are all there is."""

from __future__ import annotations

from typing import Any, NoReturn

from tflite_edu.core.export import export
from tflite_edu.variables.variable import disable_resource_variables


@export("executing_eagerly")
def executing_eagerly() -> bool:
    """Whether operations run when they are called: False, a session runs them."""
    return False


@export("enable_eager_execution")
def enable_eager_execution(
    config: Any = None, device_policy: Any = None, execution_mode: Any = None
) -> NoReturn:
    """Raises NotImplementedError: operations run in a session only."""
    raise NotImplementedError(
        "tf.enable_eager_execution: tflite_edu has graphs and sessions only, no eager execution."
    )


@export("enable_v2_behavior")
def enable_v2_behavior() -> NoReturn:
    """Raises NotImplementedError: TensorFlow 2's behaviour begins with eager execution."""
    raise NotImplementedError(
        "tf.enable_v2_behavior: tflite_edu has graphs and sessions only, no eager execution."
    )


@export("disable_eager_execution")
def disable_eager_execution() -> None:
    """Does nothing: operations run in a session only."""


@export("disable_control_flow_v2")
def disable_control_flow_v2() -> None:
    """Does nothing: control flow is TensorFlow 1's."""


@export("disable_tensor_equality")
def disable_tensor_equality() -> None:
    """Does nothing: `==` of tensors compares the objects, as in TensorFlow 1."""


@export("disable_v2_tensorshape")
def disable_v2_tensorshape() -> None:
    """Does nothing: a shape's items are `tf.Dimension` objects, as in TensorFlow 1."""


@export("disable_v2_behavior")
def disable_v2_behavior() -> None:
    """Makes variables reference variables by default; all else is TensorFlow 1's in any case."""
    disable_resource_variables()
