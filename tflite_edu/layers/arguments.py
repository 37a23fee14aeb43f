"""The arguments that layers share: sizes along axes, formats, and functions given by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tflite_edu.core.constant import constant
from tflite_edu.core.dtypes import as_dtype
from tflite_edu.core.tensor import Tensor
from tflite_edu.layers import keras_regularizers
from tflite_edu.ops.activations import elu, relu, softplus, softsign
from tflite_edu.ops.arithmetic import add, multiply
from tflite_edu.ops.clipping import clip_by_value
from tflite_edu.ops.exponential import exp, sigmoid
from tflite_edu.ops.reductions import reduce_max, reduce_sum
from tflite_edu.ops.selection import where
from tflite_edu.ops.softmax import softmax
from tflite_edu.ops.trigonometry import tanh
from tflite_edu.variables import keras_initializers

_SELU_ALPHA = 1.6732632423543772
_SELU_SCALE = 1.0507009873554805


def sizes(value: Any, count: int, name: str) -> tuple[int, ...]:
    """Sizes along `count` axes, given one by one or as one number.

    Raises ValueError on anything else.
    """
    if isinstance(value, int):
        return (value,) * count
    wrong = f"The `{name}` argument must be a tuple of {count} integers. Received: {value}"
    try:
        given = tuple(value)
    except TypeError:
        raise ValueError(wrong) from None
    if len(given) != count:
        raise ValueError(wrong)
    for one in given:
        try:
            int(one)
        except (TypeError, ValueError):
            raise ValueError(f"{wrong} including element {one} of type {type(one)}") from None
    return given


def channels_come_first(data_format: str | None) -> tuple[str, bool]:
    """The format in small letters, channels_last for None, and whether it is channels_first.

    Raises ValueError on another format.
    """
    text = (data_format or "channels_last").lower()
    if text not in ("channels_first", "channels_last"):
        raise ValueError(
            'The `data_format` argument must be one of "channels_first", "channels_last". '
            f"Received: {data_format}"
        )
    return text, text == "channels_first"


def padding_name(padding: Any) -> str:
    """The padding in small letters; ValueError on another than valid, same and causal."""
    text: str = padding.lower() if isinstance(padding, str) else ""
    if text not in ("valid", "same", "causal"):
        raise ValueError(
            'The `padding` argument must be a list/tuple or one of "valid", "same" (or "causal", '
            f"only for `Conv1D). Received: {padding}"
        )
    return text


def initializer(given: Any) -> Any:
    """The initializer that is given, or that a name or a configuration stands for."""
    return keras_initializers.get(given)


def regularizer(given: Any) -> Any:
    """The regularizer that is given, or that a name or a configuration stands for."""
    return keras_regularizers.get(given)


def constraint(given: Any) -> Any:
    """The constraint that is given, a function or None; ValueError on anything else."""
    if given is None or callable(given):
        return given
    raise ValueError(f"Could not interpret constraint identifier: {given}")


def activation(given: Any) -> Callable[[Tensor], Tensor]:
    """The activation that is given, or that a name stands for; ValueError on an unknown name."""
    if given is None:
        return linear
    if isinstance(given, str):
        if given not in _ACTIVATIONS:
            raise ValueError(f"Unknown activation function:{given}")
        return _ACTIVATIONS[given]
    if not callable(given):
        raise TypeError(f"Could not interpret activation function identifier: {given!r}")
    return given


def linear(x: Tensor) -> Tensor:
    """`x` itself."""
    return x


def _hard_sigmoid(x: Tensor) -> Tensor:
    """A sigmoid of three straight lines: 0.2 x + 0.5, within [0, 1]."""
    slope, shift = constant(0.2, x.dtype), constant(0.5, x.dtype)
    return clip_by_value(add(multiply(x, slope), shift), 0.0, 1.0)


def _selu(x: Tensor) -> Tensor:
    """Klambauer and others, "Self-Normalizing Neural Networks" (2017), spelled out as by Keras."""
    grown = elu(x)
    return _SELU_SCALE * where(x > 0, grown, _SELU_ALPHA * grown)


def _softmax(x: Tensor) -> Tensor:
    """The softmax along the last axis; spelled out for more than two of them, as Keras does."""
    rank = x.shape.ndims
    if rank == 2:
        return softmax(x)
    if rank is None or rank < 2:
        raise ValueError("Cannot apply softmax to a tensor that is 1D")
    powers = exp(x - reduce_max(x, axis=-1, keepdims=True))
    return powers / reduce_sum(powers, axis=-1, keepdims=True)


_ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "elu": elu,
    "exponential": exp,
    "hard_sigmoid": _hard_sigmoid,
    "linear": linear,
    "relu": relu,
    "selu": _selu,
    "sigmoid": sigmoid,
    "softmax": _softmax,
    "softplus": softplus,
    "softsign": softsign,
    "tanh": tanh,
}


def described(given: Any) -> Any:
    """An initializer or regularizer as a configuration tells of it; None for None."""
    if given is None:
        return None
    if hasattr(given, "get_config"):
        return {"class_name": type(given).__name__, "config": _plain(given.get_config())}
    return getattr(given, "__name__", None)


def _plain(config: dict[str, Any]) -> dict[str, Any]:
    return {k: as_dtype(v).name if k == "dtype" else v for k, v in config.items()}


def activation_name(given: Any) -> Any:
    """The name of an activation, as a configuration tells of it."""
    return next((name for name, function in _ACTIVATIONS.items() if function is given), None) or (
        getattr(given, "__name__", None)
    )
