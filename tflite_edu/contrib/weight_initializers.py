"""`tf.contrib.layers` initializers: values scaled by how many weights meet in a node."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from tflite_edu.core.dtypes import as_dtype, float32
from tflite_edu.core.export import export
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.random_ops import random_uniform, truncated_normal

Initializer = Callable[..., Tensor]


@export(
    "contrib.layers.xavier_initializer",
    "contrib.layers.xavier_initializer_conv2d",
    "contrib.slim.xavier_initializer",
    "contrib.slim.xavier_initializer_conv2d",
    "contrib.slim.initializers.xavier_initializer",
    "contrib.slim.initializers.xavier_initializer_conv2d",
)
def xavier_initializer(
    uniform: bool = True, seed: int | None = None, dtype: Any = float32
) -> Initializer:
    """Keeps the size of gradients alike in all layers; uniform, or from a cut normal distribution.

    Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks"
    (2010). Raises TypeError on a dtype that does not float.
    """
    return variance_scaling_initializer(
        factor=1.0, mode="FAN_AVG", uniform=uniform, seed=seed, dtype=dtype
    )


@export(
    "contrib.layers.variance_scaling_initializer",
    "contrib.slim.variance_scaling_initializer",
    "contrib.slim.initializers.variance_scaling_initializer",
)
def variance_scaling_initializer(
    factor: float = 2.0,
    mode: str = "FAN_IN",
    uniform: bool = False,
    seed: int | None = None,
    dtype: Any = float32,
) -> Initializer:
    """Values of variance `factor / n`, drawn uniformly or from a cut normal distribution.

    Of weights [window..., in, out], n is what goes into a node (FAN_IN: window times in), out of it
    (FAN_OUT), or their mean (FAN_AVG). By default He and others, "Delving Deep into Rectifiers"
    (2015). Raises TypeError on another mode and on a dtype that does not float.
    """
    _check(dtype)
    if mode not in ("FAN_IN", "FAN_OUT", "FAN_AVG"):
        raise TypeError("Unknown mode %s [FAN_IN, FAN_OUT, FAN_AVG]", mode)

    def _initializer(shape: Any, dtype: Any = dtype, partition_info: Any = None) -> Tensor:
        _check(dtype)
        size_in = size_out = 1.0
        if len(shape):
            size_in = float(shape[-2]) if len(shape) > 1 else float(shape[-1])
            size_out = float(shape[-1])
            window = math.prod(float(size) for size in shape[:-2])
            size_in, size_out = size_in * window, size_out * window
        n = {"FAN_IN": size_in, "FAN_OUT": size_out, "FAN_AVG": (size_in + size_out) / 2.0}[mode]
        if uniform:
            limit = math.sqrt(3.0 * factor / n)
            return random_uniform(shape, -limit, limit, dtype, seed=seed)
        # The cut takes about a quarter of the variance away.
        deviation = math.sqrt(1.3 * factor / n)
        return truncated_normal(shape, 0.0, deviation, dtype, seed=seed)

    return _initializer


def _check(dtype: Any) -> None:
    if not as_dtype(dtype).is_floating:
        raise TypeError("Cannot create initializer for non-floating point type.")
