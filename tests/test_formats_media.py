"""PNG and WAV files, byte for byte those of TensorFlow 1.15."""

from __future__ import annotations

import io
import struct
import wave
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray
from record_files import AUDIO_RATE, audio, images

from tflite_edu.core import errors
from tflite_edu.formats import png
from tflite_edu.formats.png import encode_png
from tflite_edu.formats.wav import encode_wav

FILES = Path(__file__).parent / "golden" / "files"


def chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    """The chunks of a PNG file, whose checksums must be right."""
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    found = []
    position = 8
    while position < len(data):
        (size,) = struct.unpack_from(">I", data, position)
        kind, content = data[position + 4 : position + 8], data[position + 8 : position + 8 + size]
        (checksum,) = struct.unpack_from(">I", data, position + 8 + size)
        assert checksum == zlib.crc32(kind + content)
        found.append((kind, content))
        position += 12 + size
    return found


def scanlines(data: bytes) -> bytes:
    """The filtered rows of a PNG file."""
    return zlib.decompress(b"".join(content for kind, content in chunks(data) if kind == b"IDAT"))


def decode(data: bytes, channels: int) -> NDArray[np.uint8]:
    """The image of a PNG file of 8 bit channels, row by row as the PNG specification (9.2) says."""
    width, height, depth = struct.unpack_from(">IIB", dict(chunks(data))[b"IHDR"])
    assert depth == 8
    rows = np.frombuffer(scanlines(data), np.uint8).reshape(height, 1 + width * channels)
    image = np.zeros((height + 1, (width + 1) * channels), int)
    for y, (kind, *differences) in enumerate(rows.tolist(), 1):
        for x, difference in enumerate(differences, channels):
            left, up = int(image[y, x - channels]), int(image[y - 1, x])
            corner = int(image[y - 1, x - channels])
            nearest = min((left, up, corner), key=lambda one: abs(one - (left + up - corner)))
            prediction = (0, left, up, (left + up) // 2, nearest)[kind]
            image[y, x] = (difference + prediction) % 256
    return image[1:, channels:].reshape(height, width, channels).astype(np.uint8)


@pytest.mark.parametrize("name", images())
def test_png_is_tensorflows(name: str) -> None:
    encoded = encode_png(images()[name])
    recorded = (FILES / f"{name}.png").read_bytes()
    assert scanlines(encoded) == scanlines(recorded)
    if "ng" in zlib.ZLIB_RUNTIME_VERSION:
        pytest.skip("zlib-ng compresses the same rows to other bytes than zlib")
    assert encoded == recorded


@given(
    st.integers(1, 4).flatmap(
        lambda channels: hnp.arrays(
            np.uint8,
            st.tuples(st.integers(1, 6), st.integers(1, 6), st.just(channels)),
            elements=st.integers(0, 255) | st.integers(100, 103),
        )
    )
)
def test_png_round_trip(image: NDArray[np.uint8]) -> None:
    encoded = encode_png(image)
    assert [kind for kind, _ in chunks(encoded)] == [b"IHDR", b"IDAT", b"IEND"]
    np.testing.assert_array_equal(decode(encoded, image.shape[2]), image)


def test_bands_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    image = images()["rgba"]
    whole = encode_png(image)
    monkeypatch.setattr(png, "_BAND_SIZE", 1000)
    assert encode_png(image) == whole


def test_long_data_are_cut_into_chunks() -> None:
    image = np.random.RandomState(0).randint(0, 256, (60, 70, 4)).astype(np.uint8)
    encoded = encode_png(image)
    sizes = [len(content) for kind, content in chunks(encoded) if kind == b"IDAT"]
    assert sizes[:-1] == [8192, 8192]
    assert len(scanlines(encoded)) == 60 * (1 + 70 * 4)


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((3, 3), "image must be 3-dimensional[3,3]"),
        ((3, 3, 0), "image must have 1, 2, 3, or 4 channels, got 0"),
        ((3, 3, 5), "image must have 1, 2, 3, or 4 channels, got 5"),
        ((0, 3, 1), "image must have positive sides, got [0,3,1]"),
    ],
)
def test_bad_images(shape: tuple[int, ...], message: str) -> None:
    with pytest.raises(errors.InvalidArgumentError) as raised:
        encode_png(np.zeros(shape, np.uint8))
    assert raised.value.message == message


def test_wav_is_tensorflows() -> None:
    assert encode_wav(audio(), AUDIO_RATE) == (FILES / "audio.wav").read_bytes()


def test_wav_is_read_by_others() -> None:
    encoded = encode_wav(np.float32([[0, 1], [0.5, -1], [-0.25, 0]]), 8000)
    with wave.open(io.BytesIO(encoded)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, 8000)
        samples = np.frombuffer(file.readframes(10), "<i2").reshape(-1, 2)
    assert samples.tolist() == [[0, 32767], [16384, -32768], [-8192, 0]]


@pytest.mark.parametrize(
    ("shape", "rate", "message"),
    [
        ((3,), 8000, "audio must be 2-dimensional[3]"),
        ((0, 1), 8000, "num_frames must be positive."),
        ((3, 0), 8000, "num_channels must be in (0, 2^16), got: 0"),
        ((2, 70000), 8000, "num_channels must be in (0, 2^16), got: 70000"),
        ((3, 1), 0, "sample_rate must be in (0, 2^32), got: 0"),
        ((3, 1), -1, "sample_rate must be in (0, 2^32), got: 18446744073709551615"),
    ],
)
def test_bad_audio(shape: tuple[int, ...], rate: int, message: str) -> None:
    with pytest.raises(errors.InvalidArgumentError) as raised:
        encode_wav(np.zeros(shape, np.float32), rate)
    assert raised.value.message == message
