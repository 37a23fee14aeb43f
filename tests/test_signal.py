"""Fourier and cosine transforms, frames and windows: against numpy, and the errors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tflite_edu as tf

RANDOM = np.random.RandomState(2)
REAL = RANDOM.randn(3, 6, 7, 9).astype(np.float32)
COMPLEX = (REAL + 1j * RANDOM.randn(*REAL.shape)).astype(np.complex64)


def run(fetches: Any, feed: Any = None) -> Any:
    with tf.Session() as session:
        return session.run(fetches, feed)


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_transforms_are_numpys(axes: int) -> None:
    suffix = "" if axes == 1 else f"{axes}d"
    where = tuple(range(-axes, 0))
    expected = {
        "fft": np.fft.fftn(COMPLEX, axes=where),
        "ifft": np.fft.ifftn(COMPLEX, axes=where),
        "rfft": np.fft.rfftn(REAL, axes=where),
    }
    for name, value in expected.items():
        found = run(getattr(tf.signal, name + suffix)(REAL if name == "rfft" else COMPLEX))
        assert found.dtype == np.complex64
        np.testing.assert_allclose(found, value, atol=1e-4)
    sizes = REAL.shape[-axes:]
    back = run(getattr(tf.signal, "irfft" + suffix)(expected["rfft"].astype(np.complex64), sizes))
    np.testing.assert_allclose(back, REAL, atol=1e-6)


def test_double_precision_is_kept() -> None:
    x = COMPLEX.astype(np.complex128)
    np.testing.assert_allclose(run(tf.signal.fft(tf.constant(x))), np.fft.fft(x), rtol=1e-12)


@pytest.mark.parametrize("length", [1, 4, 9, 20])
def test_length_of_a_real_transform(length: int) -> None:
    found = run(tf.signal.rfft(REAL, [length]))
    np.testing.assert_allclose(found, np.fft.rfft(REAL, length), atol=1e-5)
    found = run(tf.signal.irfft(COMPLEX, [length]))
    np.testing.assert_allclose(found, np.fft.irfft(COMPLEX, length), atol=1e-6)


def test_nothing_to_transform() -> None:
    assert run(tf.signal.fft(np.zeros((2, 0), np.complex64))).shape == (2, 0)
    assert run(tf.signal.rfft(np.zeros((0, 4), np.float32))).shape == (0, 3)


@pytest.mark.parametrize("pad_end", [False, True])
@pytest.mark.parametrize(("length", "step"), [(4, 2), (5, 3), (3, 5), (20, 1), (1, 1)])
def test_frames_are_slices(pad_end: bool, length: int, step: int) -> None:
    signal = RANDOM.randn(2, 17)
    frames = run(tf.signal.frame(signal, length, step, pad_end=pad_end, pad_value=-1.0))
    count = -(-17 // step) if pad_end else max(0, (17 - length) // step + 1)
    padded = np.pad(signal, [(0, 0), (0, 40)], constant_values=-1.0)
    assert frames.shape == (2, count, length)
    for i in range(count):
        np.testing.assert_array_equal(frames[:, i], padded[:, i * step : i * step + length])


@pytest.mark.parametrize("step", [1, 2, 3, 4, 6])
def test_frames_add_up(step: int) -> None:
    frames = RANDOM.randn(2, 5, 4)
    expected = np.zeros((2, 4 + 4 * step))
    for i in range(5):
        expected[:, i * step : i * step + 4] += frames[:, i]
    np.testing.assert_allclose(run(tf.signal.overlap_and_add(frames, step)), expected, atol=1e-12)


def test_inverse_undoes_the_short_time_transform() -> None:
    signal = RANDOM.randn(2, 256).astype(np.float32)
    spectra = tf.signal.stft(signal, 32, 8)
    window = tf.signal.inverse_stft_window_fn(8)
    again = run(tf.signal.inverse_stft(spectra, 32, 8, window_fn=window))
    np.testing.assert_allclose(again[:, 32:-32], signal[:, 32:-32], atol=1e-5)


@pytest.mark.parametrize("norm", [None, "ortho"])
@pytest.mark.parametrize("type", [2, 3])
def test_cosine_transform_and_its_inverse(type: int, norm: str | None) -> None:
    x = RANDOM.randn(3, 10).astype(np.float32)
    k, t = np.mgrid[:10, :10]
    matrix = 2 * np.cos(np.pi * k * (2 * t + 1) / 20)
    if norm:
        matrix *= np.where(k == 0, np.sqrt(1 / 40), np.sqrt(1 / 20))
    expected = x @ matrix.T if type == 2 else x @ np.linalg.inv(matrix).T * (1 if norm else 20)
    found = tf.signal.dct(x, type=type, norm=norm)
    np.testing.assert_allclose(run(found), expected, atol=1e-4)
    back = run(tf.signal.idct(found, type=type, norm=norm)) / (1 if norm else 20)
    np.testing.assert_allclose(back, x, atol=1e-5)


def test_shift_moves_the_zero_frequency() -> None:
    x = RANDOM.randn(4, 5)
    np.testing.assert_array_equal(run(tf.signal.fftshift(x)), np.fft.fftshift(x))
    np.testing.assert_array_equal(run(tf.signal.ifftshift(x, [1])), np.fft.ifftshift(x, [1]))
    with pytest.raises(TypeError, match="__int__ returned non-int"):
        tf.signal.fftshift(tf.placeholder(tf.float32, [None, 3]))


def test_wrong_arguments() -> None:
    for arguments, message in (
        ({"num_mel_bins": 0}, "num_mel_bins must be positive. Got: 0"),
        ({"lower_edge_hertz": -1.0}, "lower_edge_hertz must be non-negative. Got: -1.0"),
        ({"lower_edge_hertz": 4000.0}, "lower_edge_hertz 4000.0 >= upper_edge_hertz 3800.0"),
        ({"sample_rate": 0}, "sample_rate must be positive. Got: 0"),
    ):
        with pytest.raises(ValueError) as caught:
            tf.signal.linear_to_mel_weight_matrix(**arguments)
        assert str(caught.value) == message
    for arguments, message in (
        ({"type": 4}, "Only Types I, II and III"),
        ({"type": 1, "norm": "ortho"}, "Normalization is not supported for the Type-I DCT."),
        ({"norm": "a"}, "Unknown normalization. Expected None or 'ortho', got: a"),
        ({"n": 0}, "n should be a positive integer or None"),
    ):
        with pytest.raises(ValueError) as caught:
            tf.signal.dct(REAL, **arguments)
        assert str(caught.value).startswith(message)
    with pytest.raises(NotImplementedError, match="axis must be -1. Got: 0"):
        tf.signal.dct(REAL, axis=0)
    x = tf.placeholder(tf.complex64)
    y = tf.signal.fft2d(x)
    with pytest.raises(tf.errors.InvalidArgumentError, match="Input must have rank of at least 2"):
        run(y, {x: [1.0]})
