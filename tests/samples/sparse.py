"""Samples of operations on sparse tensors."""

import numpy as np

from .sample import Sample, f32, i64, text, wave

PLACES = i64([[2, 1], [0, 3], [0, 0], [2, 1]])
NOWHERE = np.zeros((0, 2), np.int64)
SHAPE = i64([3, 4])


def reshape(new, shape=(3, 4), places=PLACES):
    return Sample([places, i64(list(shape)), i64(new)])


SAMPLES = {
    "SparseReorder": [
        Sample([PLACES, wave([4]), SHAPE]),
        Sample([NOWHERE, f32([]), SHAPE]),
        Sample([i64([[1], [0]]), text([b"a", b"b"]), i64([2])]),
        Sample([PLACES, f32([1.0]), SHAPE]),
        Sample([PLACES, wave([4], "float32"), i64([3])]),
        Sample([i64([1]), f32([1.0]), i64([3])]),
    ],
    "SparseReshape": [
        reshape([2, -1]),
        reshape([12]),
        reshape([3, 4]),
        reshape([3, 2, 2, 1]),
        reshape([5, 5]),
        reshape([-1, 5]),
        reshape([-1, -1]),
        reshape([-2, 3]),
        reshape([0, -1]),
        reshape([-1, 2], shape=(0, 4), places=NOWHERE),
        Sample([i64([1]), SHAPE, SHAPE]),
    ],
}
