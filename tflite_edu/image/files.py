"""Image files of whichever format."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import dtypes, raw
from tflite_edu.core.export import export
from tflite_edu.core.scopes import control_dependencies, name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.image.pixel_types import convert_image_dtype
from tflite_edu.ops.checking import assert_that
from tflite_edu.ops.comparison import equal, not_equal
from tflite_edu.ops.conditional import cond
from tflite_edu.ops.gathering import gather
from tflite_edu.ops.logic import logical_and


@export("io.is_jpeg", "image.is_jpeg")
def is_jpeg(contents: Any, name: str | None = None) -> Tensor:
    """Whether a string scalar begins as a JPEG file does: a bool scalar."""
    with name_scope(name, "is_jpeg"):
        return equal(raw.Substr(contents, 0, 3), b"\xff\xd8\xff", name=name)


def _is_png(contents: Any) -> Tensor:
    with name_scope(None, "is_png"):
        return equal(raw.Substr(contents, 0, 3), b"\x89PN")


@export("io.decode_image", "image.decode_image")
def decode_image(
    contents: Any,
    channels: int | None = None,
    dtype: Any = dtypes.uint8,
    name: str | None = None,
    expand_animations: bool = True,
) -> Tensor:
    """The pixels of a JPEG, PNG, GIF or BMP file, in a tensor of no known shape.

    Args:
      contents: a string scalar.
      channels: 0 or None (as in the file), 1, 3 or 4.
      dtype: of the result, to which pixels are scaled as by `tf.image.convert_image_dtype`.
      expand_animations: whether a GIF file gives [frames, height, width, 3]; if not, its first
        frame, and the result is known to be of [height, width, channels].

    Raises ValueError on another number of channels; InvalidArgumentError in a run on what is no
    such file. Needs Pillow as `tf.image.decode_png` does.
    """
    with name_scope(name, "decode_image"):
        if channels not in (None, 0, 1, 3, 4):
            raise ValueError("channels must be in (None, 0, 1, 3, 4)")
        if dtype not in (dtypes.float32, dtypes.uint8, dtypes.uint16):
            raise ValueError("dtype must be in (tf.float32, tf.uint8, tf.uint16)")
        start = raw.Substr(contents, 0, 3)
        wanted = 0 if channels is None else channels

        def differs(other: int, name: str) -> Tensor:
            return not_equal(wanted, other, name=name)

        def of_bmp() -> Tensor:
            beginning = raw.Substr(contents, 0, 2)
            is_bmp = equal(beginning, b"BM", name="is_bmp")
            unknown = "Unable to decode bytes as JPEG, PNG, GIF, or BMP"
            checks = [assert_that(is_bmp, [unknown])]
            message = "Channels must be in (None, 0, 3) when decoding BMP images"
            checks.append(assert_that(differs(1, "check_channels"), [message]))
            with control_dependencies(checks):
                return convert_image_dtype(raw.DecodeBmp(contents), dtype)

        def of_gif() -> Tensor:
            one = differs(1, "check_gif_channels")
            four = differs(4, "check_gif_channels")
            message = "Channels must be in (None, 0, 3) when decoding GIF images"
            with control_dependencies([assert_that(logical_and(one, four), [message])]):
                frames = convert_image_dtype(raw.DecodeGif(contents), dtype)
                return frames if expand_animations else gather(frames, 0)

        def gif_or_bmp() -> Tensor:
            return cond(equal(start, b"GIF", name="is_gif"), of_gif, of_bmp, name="cond_gif")

        def of_png() -> Tensor:
            kept = dtypes.uint8 if dtype == dtypes.uint8 else dtypes.uint16
            pixels = raw.DecodePng(contents, channels=channels, dtype=kept)
            return convert_image_dtype(pixels, dtype)

        def png_or_other() -> Tensor:
            return cond(_is_png(contents), of_png, gif_or_bmp, name="cond_png")

        def of_jpeg() -> Tensor:
            four = differs(4, "check_jpeg_channels")
            message = "Channels must be in (None, 0, 1, 3) when decoding JPEG images"
            with control_dependencies([assert_that(four, [message])]):
                pixels = raw.DecodeJpeg(contents, channels=channels)
                return convert_image_dtype(pixels, dtype)

        return cond(is_jpeg(contents), of_jpeg, png_or_other, name="cond_jpeg")
