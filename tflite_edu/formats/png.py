"""PNG files of 8 and 16 bit images, byte for byte as TensorFlow's libpng writes them."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tflite_edu.core import errors
from tflite_edu.formats.tensor_slice import shape_text

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOR_TYPE = {1: 0, 2: 4, 3: 2, 4: 6}
"""Of gray, gray and alpha, RGB, RGB and alpha, by the number of channels."""
_NONE, _SUB, _UP, _AVERAGE, _PAETH = range(5)
_DATA_CHUNK_SIZE = 8192
_MAX_SIDE = 2**31 - 1
_BAND_SIZE = 1 << 20
"""How many bytes of an image are filtered at once."""


def encode_png(image: NDArray[Any], compression: int = -1) -> bytes:
    """A PNG file.

    Args:
      image: uint8 or uint16 [height, width, channels]; 1 to 4 channels are gray, gray and alpha,
        RGB, RGB and alpha.
      compression: of 0 (none) to 9 (best), or -1: zlib's own choice.

    Raises:
      tf.errors.InvalidArgumentError: the shape is another, or a side is 0.
    """
    if image.ndim != 3:
        raise _invalid(f"image must be 3-dimensional{shape_text(image.shape)}")
    height, width, channels = image.shape
    if channels not in _COLOR_TYPE:
        raise _invalid(f"image must have 1, 2, 3, or 4 channels, got {channels}")
    if not (0 < height <= _MAX_SIDE and 0 < width <= _MAX_SIDE):
        raise _invalid(f"image must have positive sides, got {shape_text(image.shape)}")
    depth = 16 if image.dtype == np.uint16 else 8
    header = struct.pack(">IIBBBBB", width, height, depth, _COLOR_TYPE[channels], 0, 0, 0)
    if depth == 16:
        image = np.ascontiguousarray(image, ">u2").view(np.uint8)
    data = _compress(_filter(np.asarray(image, np.uint8)).tobytes(), compression)
    chunks = [_SIGNATURE, _chunk(b"IHDR", header)]
    for start in range(0, len(data), _DATA_CHUNK_SIZE):
        chunks.append(_chunk(b"IDAT", data[start : start + _DATA_CHUNK_SIZE]))
    chunks.append(_chunk(b"IEND", b""))
    return b"".join(chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)


def _filter(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The rows as differences to their neighbours, each after the number of its filter.

    Returns: uint8 [height, 1 + width * channels].
    """
    height, width, channels = image.shape
    rows = image.reshape(height, width * channels)
    above = np.zeros_like(rows)
    above[1:] = rows[:-1]
    kinds = [_NONE]
    kinds += [_SUB] * (width > 1) + [_UP] * (height > 1)
    kinds += [_AVERAGE, _PAETH] * (width > 1 and height > 1)
    filtered = np.empty((height, 1 + rows.shape[1]), np.uint8)
    band = max(_BAND_SIZE // rows.shape[1], 1)
    for start in range(0, height, band):
        part = slice(start, start + band)
        filtered[part] = _filter_rows(rows[part], above[part], channels, kinds)
    return filtered


def _filter_rows(
    rows: NDArray[np.uint8], above: NDArray[np.uint8], channels: int, kinds: list[int]
) -> NDArray[np.uint8]:
    """Of the filters (PNG specification, 9.2) a row gets the one with the smallest differences.

    Smallest is the least sum of absolute values as signed bytes, the first of several.
    """
    here, up = rows.astype(np.int16), above.astype(np.int16)
    left, corner = _shift(here, channels), _shift(up, channels)
    predicted = {
        _NONE: np.zeros_like(here),
        _SUB: left,
        _UP: up,
        _AVERAGE: (left + up) // 2,
        _PAETH: _paeth(left, up, corner),
    }
    differences = np.stack([(here - predicted[kind]).astype(np.uint8) for kind in kinds])
    sums = np.abs(differences.view(np.int8).astype(np.int64)).sum(axis=2)
    best = sums.argmin(axis=0)
    chosen = differences[best, np.arange(len(rows))]
    numbers = np.array(kinds, np.uint8)[best]
    return np.concatenate([numbers[:, np.newaxis], chosen], axis=1)


def _shift(rows: NDArray[Any], channels: int) -> NDArray[Any]:
    """For every pixel the one to its left, zero at the edge."""
    shifted = np.zeros_like(rows)
    shifted[:, channels:] = rows[:, :-channels]
    return shifted


def _paeth(left: NDArray[Any], up: NDArray[Any], corner: NDArray[Any]) -> NDArray[Any]:
    """Of left, up and corner the one nearest to left + up - corner; the first of those as near."""
    to_left = np.abs(up - corner)
    to_up = np.abs(left - corner)
    to_corner = np.abs(left + up - 2 * corner)
    nearest = np.where(to_up <= to_corner, up, corner)
    return np.where((to_left <= to_up) & (to_left <= to_corner), left, nearest)


def _compress(data: bytes, level: int) -> bytes:
    """A zlib stream whose window is no larger than short data need."""
    bits = 15
    while bits > 9 and len(data) + 262 <= 1 << (bits - 1) and len(data) <= 16384:
        bits -= 1
    compressor = zlib.compressobj(level, zlib.DEFLATED, bits, 9, zlib.Z_FILTERED)
    stream = compressor.compress(data) + compressor.flush()
    return _with_smallest_window(stream, len(data))


def _with_smallest_window(stream: bytes, size: int) -> bytes:
    """The stream with the smallest window in its header that still holds all of the data."""
    bits = stream[0] >> 4
    while bits > 0 and size <= 1 << (bits + 7):
        bits -= 1
    first = stream[0] & 0x0F | bits << 4
    second = stream[1] & 0xE0
    second += -(first << 8 | second) % 31
    return bytes([first, second]) + stream[2:]


def _invalid(message: str) -> errors.InvalidArgumentError:
    return errors.InvalidArgumentError(None, None, message)
