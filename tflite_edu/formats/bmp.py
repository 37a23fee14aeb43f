"""Uncompressed BMP files."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

from tflite_edu.formats.pillow import invalid

_HEADER_SIZE = 32
_MOST_BYTES = 1 << 30


def decode_bmp(data: bytes, channels: int = 0) -> NDArray[np.uint8]:
    """The pixels of a file of 8 (gray), 24 or 32 bits a pixel: uint8 [height, width, channels].

    `channels` is 0 (as in the file), 1, 3 or 4. Raises tf.errors.InvalidArgumentError on another
    number than the file's and on what is no such file.
    """
    if len(data) < _HEADER_SIZE:
        raise invalid(
            f"Incomplete bmp content, requires at least {_HEADER_SIZE} bytes to find the header "
            f"size, width, height, and bpp, got {len(data)} bytes"
        )
    (start,) = struct.unpack_from("<i", data, 10)
    width, height, _, bits = struct.unpack_from("<iiHH", data, 18)
    if channels and bits // 8 != channels:
        raise invalid(
            f"channels attribute {channels} does not match bits per pixel from file {bits // 8}"
        )
    count = bits // 8
    if count not in (1, 3, 4):
        raise invalid(f"Number of channels must be 1, 3 or 4, was {count}")
    if width <= 0:
        raise invalid("Width must be positive")
    if height == 0:
        raise invalid("Height must be nonzero")
    rows = abs(height)
    if width * rows * count >= _MOST_BYTES:
        raise invalid("Total possible pixel bytes must be less than 2^30")
    row_size = (8 * count * width + 31) // 32 * 4
    needed = start + row_size * (rows - 1) + count * width
    if start < 0 or len(data) < needed:
        raise invalid(
            f"Incomplete bmp content, requires at least {needed} bytes, got {len(data)} bytes"
        )
    flat = np.frombuffer(data, np.uint8, offset=start)[: row_size * rows]
    # The last row may lack its padding.
    flat = np.concatenate([flat, np.zeros(row_size * rows - len(flat), np.uint8)])
    pixels = flat.reshape(rows, row_size)[:, : width * count].reshape(rows, width, count)
    if height > 0:
        pixels = pixels[::-1]
    order = [0] if count == 1 else [2, 1, 0, 3][:count]
    return np.ascontiguousarray(pixels[..., order])
