"""Windows by which the frames of a signal are multiplied."""

from __future__ import annotations

import math
from typing import Any

from tflite_edu.core import dtypes, raw
from tflite_edu.core.constant import constant
from tflite_edu.core.constant_value import constant_value
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.casting import cast
from tflite_edu.ops.conditional import cond
from tflite_edu.ops.constants import ones
from tflite_edu.ops.ranges import range as number_range


@export("signal.hann_window")
def hann_window(
    window_length: Any,
    periodic: bool = True,
    dtype: Any = dtypes.float32,
    name: str | None = None,
) -> Tensor:
    """A Hann window `[window_length]`: `0.5 - 0.5 cos(2 pi i / n)`.

    n is `window_length` if that is even and the window `periodic`, else one less. Raises ValueError
    where `dtype` is not floating.
    """
    return _raised_cosine(name, "hann_window", window_length, periodic, dtype, 0.5, 0.5)


@export("signal.hamming_window")
def hamming_window(
    window_length: Any,
    periodic: bool = True,
    dtype: Any = dtypes.float32,
    name: str | None = None,
) -> Tensor:
    """A Hamming window `[window_length]`: `0.54 - 0.46 cos(2 pi i / n)`, n as in `hann_window`."""
    return _raised_cosine(name, "hamming_window", window_length, periodic, dtype, 0.54, 0.46)


def _raised_cosine(
    name: Any, default: str, window_length: Any, periodic: Any, dtype: Any, a: float, b: float
) -> Tensor:
    dtype = dtypes.as_dtype(dtype)
    if not dtype.is_floating:
        raise ValueError(f"dtype must be a floating point type. Found {dtype}")
    with name_scope(name, default, [window_length, periodic]):
        window_length = convert_to_tensor(window_length, dtypes.int32, name="window_length")
        window_length.get_shape().assert_has_rank(0)
        known = constant_value(window_length)
        if known is not None and known == 1:
            return ones([1], dtype=dtype)
        periodic = cast(convert_to_tensor(periodic, dtypes.bool, name="periodic"), dtypes.int32)
        periodic.get_shape().assert_has_rank(0)
        is_even = 1 - raw.FloorMod(window_length, 2)
        period = cast(window_length + periodic * is_even - 1, dtype)
        places = cast(number_range(window_length), dtype)
        angles = constant(2 * math.pi, dtype=dtype) * places / period

        def window() -> Tensor:
            return a - b * raw.Cos(angles)

        if known is not None:
            return window()
        is_one = raw.Equal(window_length, 1)
        return cond(is_one, lambda: ones([1], dtype=dtype), window)
