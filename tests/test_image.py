"""Images: files that are damaged or hostile, and what the functions refuse."""

from __future__ import annotations

import struct
import sys
import tracemalloc
import zlib
from typing import Any

import numpy as np
import pytest

import tflite_edu as tf
from tflite_edu.formats import gif, jpeg, png, png_reading

PIXELS = (np.arange(12 * 17 * 3) * 37 % 256).astype(np.uint8).reshape(12, 17, 3)


def run(fetches: Any) -> Any:
    with tf.Session() as session:
        return session.run(fetches)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_png_comes_back(dtype: str, channels: int) -> None:
    image = np.concatenate([PIXELS, PIXELS[..., :1]], 2)[..., :channels].astype(dtype)
    image *= image.dtype.type(1 if dtype == "uint8" else 251)
    back = png_reading.decode_png(png.encode_png(image), channels, dtype == "uint16")
    np.testing.assert_array_equal(back, image)


@pytest.mark.parametrize("decoder", ["png", "jpeg", "gif"])
def test_damaged_files_are_refused_or_decoded(decoder: str) -> None:
    whole = {
        "png": png.encode_png(PIXELS),
        "jpeg": jpeg.encode_jpeg(PIXELS),
        "gif": b"GIF89a" + struct.pack("<HHBBB", 4, 4, 0x80, 0, 0) + bytes(range(6)) + b",",
    }[decoder]
    contents = tf.placeholder(tf.string, [])
    decoded = tf.image.decode_gif(contents)
    random = np.random.default_rng(5)
    with tf.Session() as session:
        for _ in range(60):
            data = bytearray(whole[: random.integers(1, len(whole) + 1)])
            for place in random.integers(0, len(data), 3):
                data[place] = random.integers(0, 256)
            try:
                assert session.run(decoded, {contents: bytes(data)}).dtype == np.uint8
            except tf.errors.InvalidArgumentError:
                continue


@pytest.mark.parametrize("side", [20000, 1 << 26])
def test_sizes_that_the_data_cannot_fill_take_no_memory(side: int) -> None:
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    data += chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    tracemalloc.start()
    with pytest.raises(tf.errors.InvalidArgumentError, match="PNG"):
        png_reading.decode_png(data)
    screen = b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0, 0, 0) + b","
    with pytest.raises(tf.errors.InvalidArgumentError, match="GIF"):
        gif.decode_gif(screen + bytes(20))
    frame = b"\xff\xd8\xff\xc0" + struct.pack(">HBHHB", 11, 8, 65000, 65000, 1) + b"\1\x11\0"
    assert jpeg.decode_jpeg(frame + b"\xff\xda\0\2\xff\xd9") is None
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1 << 20


def test_without_pillow_a_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(tf.errors.UnimplementedError, match=r"tflite_edu\[images\]"):
        run(tf.image.decode_png(png.encode_png(PIXELS)))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: tf.image.resize_images(tf.zeros([2, 3]), [2, 3]), "3 or 4 dimensions"),
        (lambda: tf.image.resize_images(PIXELS, [2, 3, 4]), "1-D Tensor of 2 elements"),
        (lambda: tf.image.resize_images(PIXELS, [2, 3], method=9), "not implemented"),
        (lambda: tf.image.crop_to_bounding_box(PIXELS, 1, 1, 20, 3), "height must be >= target"),
        (lambda: tf.image.pad_to_bounding_box(PIXELS, 1, 1, 2, 29), "height must be <= target"),
        (lambda: tf.image.central_crop(PIXELS, 0), "must be within"),
        (lambda: tf.image.flip_left_right(PIXELS[0]), "at least three-dimensional"),
        (lambda: tf.image.random_hue(PIXELS, 0.7), "max_delta must be <= 0.5"),
        (lambda: tf.image.random_contrast(PIXELS, 0.7, 0.5), "upper must be > lower"),
        (lambda: tf.image.random_jpeg_quality(PIXELS, 70, 500), "between 0 and 100"),
        (lambda: tf.image.decode_image(b"", channels=2), "channels must be in"),
    ],
)
def test_what_is_refused_at_once(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_nearest_enlargement_repeats_pixels() -> None:
    large = run(tf.image.resize_nearest_neighbor(PIXELS[np.newaxis], [36, 34]))
    np.testing.assert_array_equal(large[0], PIXELS.repeat(3, 0).repeat(2, 1))
