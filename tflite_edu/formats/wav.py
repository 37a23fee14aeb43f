"""WAV files of 16 bit samples (RIFF, PCM), as TensorFlow's EncodeWav writes them."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tflite_edu.core import errors
from tflite_edu.formats.tensor_slice import shape_text

_PCM = 1
_SAMPLE_SIZE = 2
_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
_SIZE_BEFORE_DATA = 36
"""The bytes of the header that the size of the file in it counts."""


def encode_wav(audio: NDArray[Any], sample_rate: int) -> bytes:
    """A WAV file.

    A sample x becomes the 16 bit integer nearest to 32768 x, halves away from zero, cut to
    [-32768, 32767]; not-a-number becomes 0.

    Args:
      audio: float [frames, channels], 1 being full scale.
      sample_rate: frames a second.

    Raises:
      tf.errors.InvalidArgumentError: the shape is another, there are no frames or no or more than
        65535 channels, the rate is not from 1 to 2**32 - 1, or the file would take more than 4 GiB.
    """
    if audio.ndim != 2:
        raise _invalid(f"audio must be 2-dimensional{shape_text(audio.shape)}")
    frames, channels = audio.shape
    if not 0 < sample_rate < 1 << 32:
        raise _invalid(f"sample_rate must be in (0, 2^32), got: {sample_rate % (1 << 64)}")
    if not 0 < channels < 1 << 16:
        raise _invalid(f"num_channels must be in (0, 2^16), got: {channels}")
    if frames == 0:
        raise _invalid("num_frames must be positive.")
    frame_size = channels * _SAMPLE_SIZE
    data_size = frames * frame_size
    if _SIZE_BEFORE_DATA + data_size >= 1 << 32:
        raise _invalid(f"{frames} frames of {channels} channels do not fit in a WAV file")
    scaled = np.nan_to_num(audio.astype(np.float64) * (1 << 15), nan=0)
    nearest = np.trunc(scaled + np.copysign(0.5, scaled))
    samples = np.clip(nearest, -(1 << 15), (1 << 15) - 1).astype("<i2")
    header = _HEADER.pack(
        b"RIFF",
        _SIZE_BEFORE_DATA + data_size,
        b"WAVE",
        b"fmt ",
        16,  # The size of this chunk, up to "data".
        _PCM,
        channels,
        sample_rate,
        sample_rate * frame_size & 0xFFFFFFFF,
        frame_size & 0xFFFF,
        8 * _SAMPLE_SIZE,
        b"data",
        data_size,
    )
    return header + samples.tobytes()


def _invalid(message: str) -> errors.InvalidArgumentError:
    return errors.InvalidArgumentError(None, None, message)
