"""Discrete cosine transforms, and shifts of what Fourier transforms give."""

from __future__ import annotations

import math
from typing import Any

from tflite_edu.core import dtypes, raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.casting import cast
from tflite_edu.ops.complex_numbers import complex as complex_numbers
from tflite_edu.ops.complex_numbers import real
from tflite_edu.ops.fourier import irfft, rfft
from tflite_edu.ops.joining import concat
from tflite_edu.ops.padding import pad
from tflite_edu.ops.ranges import range as number_range
from tflite_edu.ops.reshaping import expand_dims
from tflite_edu.ops.shapes_of_tensors import shape

_INVERSES = {1: 1, 2: 3, 3: 2}


def _check(input: Any, type: Any, n: Any, axis: Any, norm: Any) -> None:
    if axis != -1:
        raise NotImplementedError(f"axis must be -1. Got: {axis}")
    if n is not None and n < 1:
        raise ValueError("n should be a positive integer or None")
    if type not in (1, 2, 3):
        raise ValueError("Only Types I, II and III (I)DCT are supported.")
    if type == 1:
        if norm == "ortho":
            raise ValueError("Normalization is not supported for the Type-I DCT.")
        known = input.get_shape() if hasattr(input, "get_shape") else None
        if known is not None and known.ndims and (known.as_list()[-1] or 2) < 2:
            raise ValueError("Type-I DCT requires the dimension to be greater than one.")
    if norm not in (None, "ortho"):
        raise ValueError(f"Unknown normalization. Expected None or 'ortho', got: {norm}")


@export("signal.dct", "spectral.dct")
def dct(
    input: Any,
    type: int = 2,
    n: int | None = None,
    axis: int = -1,
    norm: str | None = None,
    name: str | None = None,
) -> Tensor:
    """Discrete cosine transforms over the last axis of float32 `[..., m]`.

    Of type 1, 2 (`2 sum over t of input[t] cos(pi k (2 t + 1) / 2 m)`) or 3, the inverse of 2 but
    for `1 / 2 m`; "ortho" as `norm` makes the last two orthonormal. With `n` the input is cut or
    filled up with zeros to it. Raises NotImplementedError for another axis, ValueError for another
    type or norm.
    """
    _check(input, type, n, axis, norm)
    with name_scope(name, "dct", [input]):
        input = convert_to_tensor(input, dtypes.float32)
        if n is not None:
            input = _in_length(input, n)
        elif _last_size(input) is None:
            # TensorFlow asks for the size once for `n` and once more.
            _ = shape(input)[-1]
        size = _last_size(input)
        count = shape(input)[-1] if size is None else size
        number = cast(count, input.dtype)
        if type == 1:
            mirrored = concat([input, input[..., -2:0:-1]], axis=-1)
            return real(rfft(mirrored))
        if type == 2:
            waves = 2.0 * raw.Exp(
                complex_numbers(0.0, -number_range(number) * math.pi * 0.5 / number)
            )
            result = real(rfft(input, fft_length=[2 * count])[..., :count] * waves)
            if norm == "ortho":
                first = 0.5 * raw.Rsqrt(number)
                result *= _weights(first, first * raw.Sqrt(2.0), count)
            return result
        if norm == "ortho":
            first = raw.Sqrt(number)
            input *= _weights(first, first * raw.Sqrt(0.5), count)
        else:
            input *= number
        waves = 2.0 * raw.Exp(complex_numbers(0.0, number_range(number) * math.pi * 0.5 / number))
        return irfft(waves * complex_numbers(input, 0.0), fft_length=[2 * count])[..., :count]


def _last_size(input: Tensor) -> int | None:
    return input._shape[-1] if input._shape else None


def _in_length(input: Tensor, n: int) -> Tensor:
    size = _last_size(input)
    if size is None:
        raise NotImplementedError("n needs an input whose last dimension is known")
    if n <= size:
        return input[..., 0:n]
    rank = len(input._shape or ())
    paddings = [[0, 0]] * (rank - 1) + [[0, n - size]]
    return pad(input, paddings=convert_to_tensor(paddings, dtypes.int32))


def _weights(first: Tensor, others: Tensor, count: Any) -> Tensor:
    """`first`, and `count - 1` times `others`."""
    return raw.PadV2(expand_dims(first, 0), [[0, count - 1]], others)


@export("signal.idct", "spectral.idct")
def idct(
    input: Any,
    type: int = 2,
    n: int | None = None,
    axis: int = -1,
    norm: str | None = None,
    name: str | None = None,
) -> Tensor:
    """The inverse of `dct` of the same type, but for `1 / 2 m` where `norm` is None."""
    _check(input, type, n, axis, norm)
    return dct(input, type=_INVERSES[type], n=n, axis=axis, norm=norm, name=name)


@export("signal.fftshift")
def fftshift(x: Any, axes: Any = None, name: str | None = None) -> Tensor:
    """`x` with the zero frequency moved to the middle of the given axes, by default of all.

    Raises TypeError where their sizes are not known.
    """
    return _rolled(x, axes, name, "fftshift", 1)


@export("signal.ifftshift")
def ifftshift(x: Any, axes: Any = None, name: str | None = None) -> Tensor:
    """The inverse of `fftshift`."""
    return _rolled(x, axes, name, "ifftshift", -1)


def _rolled(x: Any, axes: Any, name: Any, default: str, sign: int) -> Tensor:
    with name_scope(name, default) as scope:
        x = convert_to_tensor(x)
        if x._shape is None:
            raise TypeError("'NoneType' object cannot be interpreted as an integer")
        chosen = list(range(len(x._shape))) if axes is None else axes
        listed = [chosen] if isinstance(chosen, int) else list(chosen)
        sizes = [x._shape[axis] for axis in listed]
        if None in sizes:
            raise TypeError("__int__ returned non-int (type NoneType)")
        shifts = [sign * (size // 2) for size in sizes]
        shift = shifts[0] if isinstance(chosen, int) else shifts
        return raw.Roll(x, shift, chosen, name=scope)
