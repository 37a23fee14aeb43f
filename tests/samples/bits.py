"""Samples of operations on bits."""

import numpy as np

from .sample import Sample, f32, i32, i64, u8


def two(values=(1, 5, 127, 100, -1, 3), others=(0, 1, 7, 40, 3, -7)):
    return [
        Sample([i32(values), i32(others)]),
        Sample([i64(values), i64(others)]),
        Sample([np.array(values, np.int8), np.array(others, np.int8)]),
        Sample([u8([[1], [200]]), u8([0, 1, 9])]),
        Sample([np.array([1, 2**32 - 1], np.uint32), np.array([3, 4], np.uint32)]),
        Sample([np.array([1, 2**64 - 1], np.uint64), np.array([3, 70], np.uint64)]),
        Sample([i32(7), np.zeros([0, 2], np.int32)]),
        Sample([i32([1, 2]), i32([1, 2, 3])]),
        Sample([f32([1.0]), f32([2.0])]),
    ]


SAMPLES = {
    "BitwiseAnd": two(),
    "BitwiseOr": two(),
    "BitwiseXor": two(),
    "LeftShift": two(),
    "RightShift": two(),
    "Invert": [
        Sample([i32([0, 5, -1])]),
        Sample([u8([[0], [200]])]),
        Sample([np.array([1, 2**64 - 1], np.uint64)]),
        Sample([np.zeros([0], np.int64)]),
    ],
}
