"""The short-time Fourier transform and its inverse."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.constant import constant
from tflite_edu.core.constant_value import constant_value
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import FLOAT
from tflite_edu.core.export import export
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.casting import cast
from tflite_edu.ops.constants import zeros
from tflite_edu.ops.fourier import irfft, rfft
from tflite_edu.ops.framing import frame, overlap_and_add
from tflite_edu.ops.joining import concat
from tflite_edu.ops.padding import pad
from tflite_edu.ops.reductions import reduce_sum
from tflite_edu.ops.reshaping import reshape
from tflite_edu.ops.shapes_of_tensors import rank_tensor, shape
from tflite_edu.ops.tiling import tile
from tflite_edu.ops.window_functions import hann_window


@export("signal.stft")
def stft(
    signals: Any,
    frame_length: Any,
    frame_step: Any,
    fft_length: Any = None,
    window_fn: Callable[..., Tensor] | None = hann_window,
    pad_end: bool = False,
    name: str | None = None,
) -> Tensor:
    """Short-time Fourier transforms: float32 `[..., samples]` to complex64 `[..., frames, bins]`.

    Frames of `frame_length`, each `frame_step` after the one before, are multiplied by
    `window_fn(frame_length, dtype=...)` and transformed with `fft_length`, by default the smallest
    power of 2 that holds a frame; bins are `fft_length // 2 + 1`.
    """
    with name_scope(name, "stft", [signals, frame_length, frame_step]):
        signals = convert_to_tensor(signals, name="signals")
        signals.get_shape().with_rank_at_least(1)
        frame_length = convert_to_tensor(frame_length, name="frame_length")
        frame_length.get_shape().assert_has_rank(0)
        frame_step = convert_to_tensor(frame_step, name="frame_step")
        frame_step.get_shape().assert_has_rank(0)
        fft_length = _transform_length(fft_length, frame_length)
        frames = frame(signals, frame_length, frame_step, pad_end=pad_end)
        if window_fn is not None:
            frames *= window_fn(frame_length, dtype=frames.dtype)
        return rfft(frames, [fft_length])


def _transform_length(fft_length: Any, frame_length: Tensor) -> Tensor:
    """The length asked for, or the smallest power of 2 that is not below `frame_length`."""
    if fft_length is not None:
        return convert_to_tensor(fft_length, name="fft_length")
    known = constant_value(frame_length)
    if known is not None:
        return constant(int(2 ** math.ceil(math.log2(int(known)))), dtype=frame_length.dtype)
    exponent = raw.Ceil(raw.Log(cast(frame_length, FLOAT)) / raw.Log(2.0))
    return cast(raw.Pow(2.0, exponent), frame_length.dtype)


@export("signal.inverse_stft_window_fn")
def inverse_stft_window_fn(
    frame_step: Any,
    forward_window_fn: Callable[..., Tensor] = hann_window,
    name: str | None = None,
) -> Callable[..., Tensor]:
    """A `window_fn` for `inverse_stft` that undoes what `stft` did with `forward_window_fn`.

    Each sample of the window divided by the sum of the squares of all that meet it: Griffin and
    Lim, "Signal estimation from modified short-time Fourier transform" (1984), equation 7.
    """
    with name_scope(name, "inverse_stft_window_fn", [forward_window_fn]):
        frame_step = convert_to_tensor(frame_step, name="frame_step")
        frame_step.get_shape().assert_has_rank(0)

    def inverse_window(frame_length: Any, dtype: Any) -> Tensor:
        """The window `[frame_length]`."""
        with name_scope(name, "inverse_stft_window_fn", [forward_window_fn]):
            frame_length = convert_to_tensor(frame_length, name="frame_length")
            frame_length.get_shape().assert_has_rank(0)
            window = forward_window_fn(frame_length, dtype=dtype)
            squares = raw.Square(window)
            overlaps = -(-frame_length // frame_step)
            squares = pad(squares, [[0, overlaps * frame_step - frame_length]])
            squares = reshape(squares, [overlaps, frame_step])
            total = tile(reduce_sum(squares, 0, keepdims=True), [overlaps, 1])
            total = reshape(total, [overlaps * frame_step])
            return window / total[:frame_length]

    return inverse_window


@export("signal.inverse_stft")
def inverse_stft(
    stfts: Any,
    frame_length: Any,
    frame_step: Any,
    fft_length: Any = None,
    window_fn: Callable[..., Tensor] | None = hann_window,
    name: str | None = None,
) -> Tensor:
    """Signals from short-time transforms: complex64 `[..., frames, bins]` to float32.

    The inverse transforms of the frames, each multiplied by `window_fn(frame_length, dtype=...)`,
    are added up where they overlap: `[..., frame_length + (frames - 1) frame_step]`. With the
    window of `inverse_stft_window_fn` this undoes `stft`.
    """
    with name_scope(name, "inverse_stft", [stfts]):
        stfts = convert_to_tensor(stfts, name="stfts")
        stfts.get_shape().with_rank_at_least(2)
        frame_length = convert_to_tensor(frame_length, name="frame_length")
        frame_length.get_shape().assert_has_rank(0)
        frame_step = convert_to_tensor(frame_step, name="frame_step")
        frame_step.get_shape().assert_has_rank(0)
        fft_length = _transform_length(fft_length, frame_length)
        frames = _in_length(irfft(stfts, [fft_length]), frame_length)
        if window_fn is not None:
            frames *= window_fn(frame_length, dtype=stfts.dtype.real_dtype)
        return overlap_and_add(frames, frame_step)


def _in_length(frames: Tensor, frame_length: Tensor) -> Tensor:
    """Frames `[..., n]` cut, or filled up with zeros, to `frame_length`."""
    known = constant_value(frame_length)
    size = None if frames._shape is None else frames._shape[-1]
    if known is None or size is None:
        frames = frames[..., :frame_length]
        outer = zeros([rank_tensor(frames) - 1, 2], dtype=frame_length.dtype)
        missing = raw.Maximum(0, frame_length - shape(frames)[-1])
        return pad(frames, concat([outer, [[0, missing]]], 0))
    length = int(known)
    if size > length:
        return frames[..., :length]
    if size < length:
        rank = len(frames._shape or ())
        return pad(frames, [[0, 0]] * (rank - 1) + [[0, length - size]])
    return frames
