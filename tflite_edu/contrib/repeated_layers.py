"""`tf.contrib.layers.repeat` and `stack`: one layer applied again and again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tflite_edu.contrib.argument_scopes import add_arg_scope
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.variables.scope import variable_scope


@export("contrib.layers.repeat", "contrib.slim.repeat", "contrib.slim.layers.repeat")
@add_arg_scope
def repeat(
    inputs: Any, repetitions: int, layer: Callable[..., Any], *args: Any, **kwargs: Any
) -> Any:
    """`layer(..., *args, **kwargs)` applied `repetitions` times, each time to what it gave.

    The scopes are numbered from 1: those of `scope="conv"` are conv/conv_1, conv/conv_2. By default
    they are named after the layer.
    """
    scope = kwargs.pop("scope", None)
    with variable_scope(scope, "Repeat", [inputs]):
        outputs = convert_to_tensor(inputs)
        name = scope or _name(layer, "repeat")
        for i in range(repetitions):
            outputs = layer(outputs, *args, **{**kwargs, "scope": f"{name}_{i + 1}"})
        return outputs


@export("contrib.layers.stack", "contrib.slim.stack", "contrib.slim.layers.stack")
@add_arg_scope
def stack(inputs: Any, layer: Callable[..., Any], stack_args: Sequence[Any], **kwargs: Any) -> Any:
    """`layer` applied once with each element of `stack_args`, each time to what it gave.

    An element is the layer's argument, or a list or tuple of them. The scopes are numbered from 1,
    as `repeat` does. Raises ValueError where `stack_args` is no list or tuple.
    """
    scope = kwargs.pop("scope", None)
    if not isinstance(stack_args, (list, tuple)):
        raise ValueError("stack_args need to be a list or tuple")
    with variable_scope(scope, "Stack", [inputs]):
        outputs = convert_to_tensor(inputs)
        name = scope or _name(layer, "stack")
        for i, given in enumerate(stack_args):
            arguments = given if isinstance(given, (list, tuple)) else [given]
            outputs = layer(outputs, *arguments, **{**kwargs, "scope": f"{name}_{i + 1}"})
        return outputs


def _name(layer: Any, default: str) -> str:
    """The name of a function, or of that which a partial calls."""
    inner = getattr(layer, "func", layer)
    return str(getattr(layer, "__name__", None) or getattr(inner, "__name__", default))
