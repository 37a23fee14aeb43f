"""The frames of GIF files: blocks are read here, their LZW codes by Pillow.

As in TensorFlow 1.15, each frame is drawn over the one before it; transparent colours and ways to
dispose of a frame are not looked at.
"""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

from tflite_edu.formats.pillow import invalid, pillow_image

_IMAGE, _EXTENSION, _END = 0x2C, 0x21, 0x3B
_MOST_BYTES = 1 << 30
_BYTES_A_PIXEL = 4096
"""No LZW code stands for more pixels than there are codes."""


def decode_gif(data: bytes) -> NDArray[np.uint8]:
    """The frames of a file: uint8 [frames, height, width, 3].

    Raises tf.errors.InvalidArgumentError on what is no GIF file, tf.errors.UnimplementedError
    without Pillow.
    """
    size = len(data)
    if size < 13:
        raise invalid(
            f"Invalid GIF data (size {size}), failed to open gif file: "
            "No screen descriptor detected"
        )
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    at = 13
    palette = None
    if flags & 0x80:
        palette, at = _palette(data, at, flags)
    frames: list[NDArray[np.uint8]] = []
    while at < size and data[at] != _END:
        if data[at] == _EXTENSION:
            at = _after_blocks(data, at + 2)
        elif data[at] == _IMAGE:
            if (len(frames) + 1) * width * height * 3 >= _MOST_BYTES:
                raise _broken(size)
            canvas = frames[-1].copy() if frames else np.zeros((height, width, 3), np.uint8)
            at = _draw(data, at, canvas, palette)
            frames.append(canvas)
        else:
            raise _broken(size)
    if not frames:
        raise invalid("gif file does not contain any image")
    return np.stack(frames)


def _broken(size: int) -> Exception:
    return invalid(
        f"Invalid GIF data (size {size}), failed to slurp gif file: Failed to read from given file"
    )


def _palette(data: bytes, at: int, flags: int) -> tuple[NDArray[np.uint8], int]:
    length = 3 << ((flags & 7) + 1)
    if at + length > len(data):
        raise _broken(len(data))
    return np.frombuffer(data, np.uint8, length, at).reshape(-1, 3), at + length


def _after_blocks(data: bytes, at: int) -> int:
    """Where the chain of sub-blocks that begins at `at` is over."""
    while at < len(data) and data[at]:
        at += 1 + data[at]
    if at >= len(data):
        raise _broken(len(data))
    return at + 1


def _draw(
    data: bytes, at: int, canvas: NDArray[np.uint8], palette: NDArray[np.uint8] | None
) -> int:
    """Draws the frame whose descriptor is at `at`; returns where it is over."""
    if at + 11 > len(data):
        raise _broken(len(data))
    left, top, width, height, flags = struct.unpack_from("<HHHHB", data, at + 1)
    at += 10
    if flags & 0x80:
        palette, at = _palette(data, at, flags)
    if palette is None:
        raise invalid("missing color map for frame 0")
    end = _after_blocks(data, at + 1)
    codes = data[at + 1 : end]
    bits = data[at]
    if not 1 <= bits <= 11 or width * height > _BYTES_A_PIXEL * len(codes):
        raise _broken(len(data))
    if width and height:
        try:
            frame = pillow_image().frombytes(
                "P", (width, height), codes, "gif", (bits, 1 if flags & 0x40 else 0)
            )
        except (OSError, ValueError, MemoryError):
            raise _broken(len(data)) from None
        indices = np.asarray(frame)
        beyond = indices[indices >= len(palette)]
        if beyond.size:
            raise invalid(
                f"Invalid GIF data (size {len(data)}), found color index {beyond[0]} outside of "
                f"color map range {len(palette)}"
            )
        pixels = palette[indices]
        shown = canvas[top : top + height, left : left + width]
        shown[...] = pixels[: shown.shape[0], : shown.shape[1]]
    return end
