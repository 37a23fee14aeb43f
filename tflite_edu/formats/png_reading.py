"""The pixels of PNG files: of 8 bits by Pillow, of 16 bits here, which Pillow cuts to 8."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tflite_edu.formats.pillow import invalid, pillow_image

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""How many samples a pixel has, by colour type: gray, RGB, palette, gray and alpha, RGBA."""
_PALETTE = 3
_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_MOST_PIXELS = 1 << 29
_MOST_INFLATION = 1032
"""A byte of zlib's stands for no more bytes than that."""


class _Header(NamedTuple):
    width: int
    height: int
    depth: int
    colour: int
    interlaced: bool
    transparent: bytes | None
    data: bytes

    @property
    def row_size(self) -> int:
        return (self.width * self.depth * _SAMPLES[self.colour] + 7) // 8


def _header(data: bytes) -> _Header:
    """What stands before the pixels, and the compressed pixels."""
    failure = invalid(f"Invalid PNG header, data size {len(data)}")
    if not data.startswith(_SIGNATURE):
        raise failure
    at, fields, transparent = 8, None, None
    parts: list[bytes] = []
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + length]
        checksum = data[at + 8 + length : at + 12 + length]
        whole = len(checksum) == 4 and zlib.crc32(kind + body) == struct.unpack(">I", checksum)[0]
        if kind == b"IDAT":
            if fields is None:
                raise failure
            if not whole:
                raise invalid(f"Invalid PNG data, size {len(data)}")
            parts.append(body)
        elif parts:
            break
        elif not whole or not kind.isalpha():
            raise failure
        elif kind == b"IHDR" and length == 13:
            fields = struct.unpack(">IIBBBBB", body)
        elif kind == b"tRNS":
            transparent = body
        at += 12 + length
    if fields is None:
        raise failure
    width, height, depth, colour, compression, filters, interlace = fields
    if (
        not (width and height)
        or depth not in _DEPTHS.get(colour, ())
        or compression
        or filters
        or interlace > 1
    ):
        raise failure
    if width >= 1 << 27 or width * height >= _MOST_PIXELS:
        raise invalid(f"PNG size too large for int: {width} by {height}")
    header = _Header(width, height, depth, colour, bool(interlace), transparent, b"".join(parts))
    if header.row_size * height > _MOST_INFLATION * len(header.data):
        raise invalid(f"Invalid PNG data, size {len(data)}")
    return header


def decode_png(data: bytes, channels: int = 0, wide: bool = False) -> NDArray[np.generic]:
    """The pixels of a file: [height, width, channels], uint8, or uint16 if `wide`.

    `channels` is 0 (as in the file), 1, 2, 3 or 4: gray, gray and alpha, RGB, RGBA. Raises
    tf.errors.InvalidArgumentError on what is no PNG file, tf.errors.UnimplementedError without
    Pillow.
    """
    header = _header(data)
    has_alpha = header.colour in (4, 6) or header.transparent is not None
    if not channels:
        channels = _SAMPLES[header.colour]
        if header.colour == _PALETTE:
            channels = 4 if header.transparent is not None else 3
    # libpng drops the lower bits of a sample after it has made colours grey.
    pixels: NDArray[Any]
    deep = wide or (channels < 3 and header.colour in (2, 6))
    if deep and header.depth == 16 and not header.interlaced and header.transparent is None:
        pixels = _sixteen_bits(header, len(data))
    else:
        pixels = _by_pillow(header, data)
        has_alpha = pixels.shape[2] in (2, 4)
    # As in TensorFlow, pixels of fewer bits are opaque to that many only.
    top = min((1 << header.depth) - 1, int(np.iinfo(pixels.dtype).max))
    colours = pixels[..., :-1] if has_alpha else pixels
    parts = [_grey(colours) if channels < 3 else np.repeat(colours, 3, 2)[..., -3:]]
    if colours.shape[2] == 3:
        parts = [_grey(colours) if channels < 3 else colours]
    if channels in (2, 4):
        alpha = pixels[..., -1:] if has_alpha else np.full_like(pixels[..., :1], top)
        parts.append(alpha)
    result: NDArray[Any] = np.concatenate(parts, 2)
    if not wide and result.dtype == np.uint16:
        result = (result >> 8).astype(np.uint8)
    if wide and result.dtype == np.uint8:
        result = result.astype(np.uint16) * np.uint16(257)
    return result


def _grey(colours: NDArray[np.generic]) -> NDArray[np.generic]:
    """One channel of one or three, by libpng's 15 bit weights of red, green and blue."""
    if colours.shape[2] == 1:
        return colours
    weights = np.array([9797, 19234, 3737], np.int64)
    # It rounds samples of 16 bits, and cuts those of 8.
    half = 1 << 14 if colours.dtype == np.uint16 else 0
    total = (colours.astype(np.int64) @ weights + half) >> 15
    equal = (colours[..., 0] == colours[..., 1]) & (colours[..., 0] == colours[..., 2])
    made: NDArray[np.generic] = np.where(equal, colours[..., 0], total).astype(colours.dtype)
    return made[..., np.newaxis]


def _by_pillow(header: _Header, data: bytes) -> NDArray[np.uint8]:
    """uint8 [height, width, 1 to 4], with alpha where the file has some."""
    image_module = pillow_image()
    failure = invalid(f"Invalid PNG data, size {len(data)}")
    try:
        with image_module.open(io.BytesIO(data), formats=["PNG"]) as image:
            image.load()
            gray = header.colour in (0, 4)
            alpha = header.colour in (4, 6) or header.transparent is not None
            if header.depth == 16 and header.colour == 0:
                values = np.asarray(image).astype(np.uint16)
                eight = (values >> 8).astype(np.uint8)[..., np.newaxis]
                if header.transparent is None or len(header.transparent) < 2:
                    return eight
                (hidden,) = struct.unpack(">H", header.transparent[:2])
                shown = np.where(values == hidden, 0, 255).astype(np.uint8)
                return np.concatenate([eight, shown[..., np.newaxis]], 2)
            mode = ("LA" if alpha else "L") if gray else ("RGBA" if alpha else "RGB")
            pixels = np.asarray(image.convert(mode))
    except (OSError, ValueError, SyntaxError, EOFError, zlib.error, struct.error, MemoryError):
        raise failure from None
    except image_module.DecompressionBombError:
        raise failure from None
    return pixels if pixels.ndim == 3 else pixels[..., np.newaxis]


def _sixteen_bits(header: _Header, size: int) -> NDArray[np.uint16]:
    """The samples of a file of 16 bits: uint16 [height, width, samples]."""
    count = header.height * (1 + header.row_size)
    inflater = zlib.decompressobj()
    failure = invalid(f"Invalid PNG data, size {size}")
    try:
        flat = inflater.decompress(header.data, count)
    except zlib.error:
        raise failure from None
    if len(flat) < count:
        raise failure
    rows = np.frombuffer(flat, np.uint8).reshape(header.height, 1 + header.row_size)
    if rows[:, 0].max() > 4:
        raise failure
    pixel = 2 * _SAMPLES[header.colour]
    pixels = _unfiltered(rows[:, 1:].reshape(header.height, header.width, pixel), rows[:, 0])
    return pixels.view(">u2").astype(np.uint16)


def _unfiltered(differences: NDArray[np.uint8], kinds: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Pixels of their differences to neighbours (PNG specification, 9.2).

    A pixel depends on those to the left and above, so all on one diagonal are found at once.
    """
    height, width, size = differences.shape
    # A row and a column of zeros stand around the image.
    found = np.zeros((height + 1, width + 1, size), np.int32)
    for diagonal in range(height + width - 1):
        rows = np.arange(max(0, diagonal - width + 1), min(height, diagonal + 1))
        columns = diagonal - rows
        left, up = found[rows + 1, columns], found[rows, columns + 1]
        corner = found[rows, columns]
        base = left + up - corner
        to_left, to_up, to_corner = abs(base - left), abs(base - up), abs(base - corner)
        nearest = np.where(
            (to_left <= to_up) & (to_left <= to_corner),
            left,
            np.where(to_up <= to_corner, up, corner),
        )
        kind = kinds[rows, np.newaxis]
        predicted = np.choose(kind, [np.zeros_like(left), left, up, (left + up) >> 1, nearest])
        found[rows + 1, columns + 1] = (differences[rows, columns] + predicted) & 255
    return np.ascontiguousarray(found[1:, 1:].astype(np.uint8))
