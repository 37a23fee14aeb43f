"""JPEG files: what their markers say, their pixels, and new files, by Pillow's libjpeg.

TensorFlow decodes with libjpeg's fast DCT and smooth chroma, a pair that Pillow does not offer:
here Pillow decodes luma and chroma with the fast DCT, and chroma is made smooth and turned to
colours by libjpeg's own formulas in integers, which gives the same pixels.
"""

from __future__ import annotations

import io
import struct
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tflite_edu.formats.pillow import pillow_image

_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_MOST_PIXELS = 1 << 29
_BYTES_A_PIXEL = 1024
"""No file says less than a byte about so many pixels: a block of 8 x 8 takes a bit at least, but
progressive files may leave many blocks out at once."""


class Frame(NamedTuple):
    """What the frame header says.

    components   (identifier, horizontal sampling, vertical sampling) of each
    transform    the colour transform of an Adobe marker, None without one
    """

    width: int
    height: int
    components: list[tuple[int, int, int]]
    transform: int | None
    jfif: bool


def read_frame(data: bytes) -> Frame | None:
    """The frame header of a file; None where none is found before the first scan."""
    at, transform, jfif, frame = 2, None, False, None
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            at += 1
            continue
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker in _ALONE or marker == 0:
            at += 2
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        body = data[at + 4 : at + 2 + length]
        if length < 2 or len(body) < length - 2 or marker == 0xD9:
            return None
        if marker == 0xDA:
            return None if frame is None else frame._replace(transform=transform, jfif=jfif)
        if marker == 0xE0 and body[:5] == b"JFIF\0":
            jfif = True
        if marker == 0xEE and body[:5] == b"Adobe" and len(body) >= 12:
            transform = body[11]
        if marker in _FRAMES:
            frame = _frame(body, transform, jfif)
            if frame is None:
                return None
        at += 2 + length
    return None


def _frame(body: bytes, transform: int | None, jfif: bool) -> Frame | None:
    if len(body) < 6 or len(body) < 6 + 3 * body[5]:
        return None
    height, width, count = struct.unpack_from(">HHB", body, 1)
    components = []
    for start in range(6, 6 + 3 * count, 3):
        identifier, sampling = body[start], body[start + 1]
        components.append((identifier, sampling >> 4, sampling & 15))
    if not width or not height or not count:
        return None
    if any(not (1 <= h <= 4 and 1 <= v <= 4) for _, h, v in components):
        return None
    return Frame(width, height, components, transform, jfif)


def _is_rgb(frame: Frame) -> bool:
    """Whether three components are red, green and blue themselves (libjpeg's rule)."""
    if frame.jfif:
        return False
    if frame.transform is not None:
        return frame.transform == 0
    return [identifier for identifier, _, _ in frame.components] == [82, 71, 66]


def decode_jpeg(
    data: bytes,
    channels: int = 0,
    ratio: int = 1,
    fancy_upscaling: bool = True,
    accurate: bool = False,
    recover: bool = False,
    columns: tuple[int, int] | None = None,
) -> NDArray[np.uint8] | None:
    """The pixels of a file, uint8 [height, width, channels]; None where it is damaged.

    Args:
      channels: 0 (as in the file), 1 or 3.
      ratio: 1, 2, 4 or 8: how many times smaller the result is.
      fancy_upscaling: whether chroma is smooth.
      accurate: whether the slow DCT is used; chroma is smooth then in any case, as Pillow has it.
      recover: whether a file that breaks off is taken for whole, grey after its end.
      columns: the first and the last but one that matter: what else there is may be wrong. Next to
        them chroma is smoothed as at the edge of the image, as libjpeg does it.

    Raises tf.errors.UnimplementedError without Pillow.
    """
    frame = read_frame(data)
    count = 0 if frame is None else len(frame.components)
    if frame is None or count not in (1, 3, 4):
        return None
    size = frame.width * frame.height
    if size >= _MOST_PIXELS or size > _BYTES_A_PIXEL * (len(data) + 1024):
        return None
    if recover:
        data += b"\xff\xd9"
    elif data.rfind(b"\xff\xd9") < 0:
        return None
    wanted = channels or (1 if count == 1 else 3)
    if count == 1:
        luma = _decoded("L", frame, data, ratio, accurate)
        return None if luma is None else np.repeat(luma[..., np.newaxis], wanted, axis=2)
    if count == 4:
        colours = _decoded("CMYK", frame, data, ratio, accurate)
        return None if colours is None else _of_inks(colours, wanted)
    if _is_rgb(frame):
        colours = _decoded("RGB", frame, data, ratio, accurate)
        if colours is None or wanted == 3:
            return colours
        return _grey(colours)
    if accurate and wanted == 3:
        return _decoded("RGB", frame, data, ratio, accurate)
    parts = _decoded("YCbCr", frame, data, ratio, accurate)
    if parts is None:
        return None
    if wanted == 1:
        return np.ascontiguousarray(parts[..., :1])
    if fancy_upscaling:
        parts = _smooth_between(parts, frame, ratio, columns)
    return _coloured(parts)


def _decoded(
    mode: str, frame: Frame, data: bytes, ratio: int, accurate: bool
) -> NDArray[np.uint8] | None:
    size = -(-frame.width // ratio), -(-frame.height // ratio)
    try:
        image = pillow_image().frombytes(
            mode, size, data, "jpeg", (mode, "", ratio, 0 if accurate else 1)
        )
    except (OSError, ValueError, MemoryError):
        return None
    return np.array(image)


def _of_inks(inks: NDArray[np.uint8], channels: int) -> NDArray[np.uint8]:
    """Red, green and blue of cyan, magenta, yellow and black as Adobe stores them, inverted."""
    wide = inks.astype(np.int32)
    colours = (wide[..., :3] * wide[..., 3:] // 255).astype(np.uint8)
    return colours if channels == 3 else _grey(colours)


def _grey(colours: NDArray[np.uint8]) -> NDArray[np.uint8]:
    weights = np.array([_fixed(0.29900), _fixed(0.58700), _fixed(0.11400)])
    total = colours.astype(np.int64) @ weights + (1 << 15)
    return (total >> 16).astype(np.uint8)[..., np.newaxis]


def _fixed(value: float) -> int:
    return int(value * 65536 + 0.5)


def _coloured(parts: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Red, green and blue of luma and chroma (JFIF 1.02), in libjpeg's 16 bit fixed point."""
    luma = parts[..., 0].astype(np.int32)
    offset = np.arange(256, dtype=np.int32) - 128
    half = 1 << 15
    red = (_fixed(1.40200) * offset + half) >> 16
    blue = (_fixed(1.77200) * offset + half) >> 16
    by_blue = -_fixed(0.34414) * offset + half
    by_red = -_fixed(0.71414) * offset
    cb, cr = parts[..., 1], parts[..., 2]
    green = (by_blue[cb] + by_red[cr]) >> 16
    colours = np.stack([luma + red[cr], luma + green, luma + blue[cb]], -1)
    return np.clip(colours, 0, 255).astype(np.uint8)


def _smooth_between(
    parts: NDArray[np.uint8], frame: Frame, ratio: int, columns: tuple[int, int] | None
) -> NDArray[np.uint8]:
    if columns is None:
        return _with_smooth_chroma(parts, frame, ratio)
    # libjpeg decodes whole blocks on the left, and nothing on the right.
    block = 8 // ratio * max(h for _, h, _ in frame.components)
    part = slice(columns[0] // block * block, columns[1])
    result = parts.copy()
    result[:, part] = _with_smooth_chroma(parts[:, part], frame, ratio)
    return result


def _with_smooth_chroma(parts: NDArray[np.uint8], frame: Frame, ratio: int) -> NDArray[np.uint8]:
    """Luma and chroma with each chroma plane interpolated between its samples, not repeated."""
    most_h = max(h for _, h, _ in frame.components)
    most_v = max(v for _, _, v in frame.components)
    scale = 8 // ratio
    planes = [parts[..., 0]]
    for index in (1, 2):
        plane = parts[..., index]
        _, h, v = frame.components[index]
        # libjpeg scales a plane with fewer samples less, and need not enlarge it then.
        own = scale
        while (
            own < 8
            and (most_h * scale) % (h * own * 2) == 0
            and (most_v * scale) % (v * own * 2) == 0
        ):
            own *= 2
        wide, high = most_h * scale // (h * own), most_v * scale // (v * own)
        samples = plane[::high, ::wide]
        if scale > 1 and wide == 2 and high in (1, 2) and samples.shape[1] > 2:
            plane = _smooth(samples, high)[: plane.shape[0], : plane.shape[1]]
        planes.append(plane)
    return np.stack(planes, -1)


def _smooth(samples: NDArray[np.uint8], high: int) -> NDArray[np.uint8]:
    """Twice as wide, and `high` times as high, with weights of 3/4 and 1/4 (libjpeg's "fancy")."""
    wide = samples.astype(np.int32)
    if high == 1:
        rows, unit, low, up = wide, 1, 1, 2
    else:
        above = np.concatenate([wide[:1], wide[:-1]])
        below = np.concatenate([wide[1:], wide[-1:]])
        rows = np.empty((2 * len(wide), wide.shape[1]), np.int32)
        rows[::2], rows[1::2] = 3 * wide + above, 3 * wide + below
        unit, low, up = 4, 8, 7
    shift = 2 if high == 1 else 4
    result = np.empty((rows.shape[0], 2 * rows.shape[1]), np.int32)
    result[:, 2::2] = (3 * rows[:, 1:] + rows[:, :-1] + low) >> shift
    result[:, 1:-1:2] = (3 * rows[:, :-1] + rows[:, 1:] + up) >> shift
    if unit == 1:
        result[:, 0], result[:, -1] = rows[:, 0], rows[:, -1]
    else:
        result[:, 0] = (4 * rows[:, 0] + 8) >> 4
        result[:, -1] = (4 * rows[:, -1] + 7) >> 4
    return result.astype(np.uint8)


def encode_jpeg(
    image: NDArray[np.uint8],
    quality: int = 95,
    progressive: bool = False,
    optimize_size: bool = False,
    chroma_downsampling: bool = True,
    density: tuple[int, int, int] = (1, 300, 300),
    xmp_metadata: bytes = b"",
) -> bytes:
    """A JPEG file of uint8 [height, width, 1 or 3].

    Args:
      quality: of 0 to 100.
      density: its unit (1 is inches, 2 centimetres), and points of it along and down.
      xmp_metadata: an XMP packet to put in.

    Raises tf.errors.UnimplementedError without Pillow.
    """
    pixels = image[..., 0] if image.shape[2] == 1 else image
    out = io.BytesIO()
    options: dict[str, Any] = {"subsampling": 2 if chroma_downsampling else 0}
    # Pillow takes 0 for "the default", and libjpeg takes 0 for 1.
    pillow_image().fromarray(np.ascontiguousarray(pixels)).save(
        out,
        "JPEG",
        quality=max(quality, 1),
        progressive=progressive,
        optimize=optimize_size,
        dpi=(300, 300),
        **(options if image.shape[2] == 3 else {}),
    )
    data = bytearray(out.getvalue())
    # The density is in the JFIF header, which comes first and has a fixed form.
    data[13:18] = struct.pack(">BHH", *density)
    if xmp_metadata:
        body = b"http://ns.adobe.com/xap/1.0/\0" + xmp_metadata
        data[20:20] = b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
    return bytes(data)
