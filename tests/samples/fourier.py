"""Samples of Fourier transforms."""

import numpy as np

from .sample import Sample, c64, i32, wave

C = (wave([2, 3, 4, 5]) + 1j * wave([2, 3, 4, 5], start=11)).astype(np.complex64)
R = wave([2, 3, 4, 6], "float32")


def whole(axes):
    return [
        Sample([C]),
        Sample([C[0, 0] if axes < 3 else C[0]]),
        Sample([np.zeros([0, 3, 4], np.complex64)]),
        Sample([np.zeros([2, 3, 0], np.complex64)]),
        Sample([c64(np.ones([3] * (axes - 1)))]),
    ]


def half(axes, given):
    sizes = [3, 4, 6][-axes:]
    return [
        Sample([given, i32(sizes)]),
        Sample([given, i32([*sizes[:-1], 5])]),
        Sample([given[0], i32([2] * axes)]) if axes < 3 else Sample([given, i32([2] * axes)]),
        Sample([given, i32([*sizes[:-1], 13])]),
        Sample([given[:0], i32(sizes)]),
        Sample([given, i32(sizes + [3])]),
        Sample([given, i32(3)]),
        Sample([given[(0,) * (5 - axes)], i32(sizes)]),
    ]


H = (wave([2, 3, 4, 4]) + 1j * wave([2, 3, 4, 4], start=11)).astype(np.complex64)

SAMPLES = {
    "FFT": whole(1),
    "IFFT": whole(1),
    "FFT2D": whole(2),
    "IFFT2D": whole(2),
    "FFT3D": whole(3),
    "IFFT3D": whole(3),
    "RFFT": half(1, R),
    "RFFT2D": half(2, R),
    "RFFT3D": half(3, R),
    "IRFFT": half(1, H),
    "IRFFT2D": half(2, H),
    "IRFFT3D": half(3, H),
}
