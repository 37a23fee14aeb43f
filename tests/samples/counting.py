"""Samples of counts, histograms, searches in sorted rows and neighbours of numbers."""

import numpy as np

from .sample import Sample, f32, f64, i32, i64

VALUES = f32([-1.0, 0.0, 1.5, 2.0, 5.0, 15.0, np.inf, -np.inf])
RANGE = f32([0.0, 5.0])
ROWS = f32([[1, 3, 5, 5, 9], [0, 1, 2, 3, 4]])
SOUGHT = f32([[5, 0, 10, 5], [2, 2.5, 9, -1]])


def bound():
    return [
        Sample([ROWS, SOUGHT], differentiable=False),
        Sample([ROWS.astype(np.int64), i64([[5], [2]])], {"out_type": "int64"}),
        Sample([ROWS[:, :0], SOUGHT], differentiable=False),
        Sample([ROWS[:0], SOUGHT[:0]], differentiable=False),
        Sample([ROWS, SOUGHT[:1]]),
        Sample([ROWS[0], SOUGHT]),
    ]


SAMPLES = {
    "Bincount": [
        Sample([i32([3, 1, 0, 3, 7]), i32(8), i32([])]),
        Sample([i32([[3, 1], [0, 3]]), i32(3), f32([])]),
        Sample([i32([3, 1, 3]), i32(4), f64([0.5, 1.0, 2.0])]),
        Sample([i32([3, 1, 3]), i32(2), i64([5, 6, 7])]),
        Sample([i32([]), i32(0), i32([])]),
        Sample([i32([1, -1]), i32(4), i32([])]),
        Sample([i32([1, 1]), i32(-4), i32([])]),
    ],
    "HistogramFixedWidth": [
        Sample([VALUES, RANGE, i32(5)], differentiable=False),
        Sample([i32([1, 2, 3, 9]), i32([0, 5]), i32(2)], {"dtype": "int64"}),
        Sample([f64([]), f64([0, 1]), i32(3)], differentiable=False),
        Sample([VALUES, f32([5.0, 5.0]), i32(5)]),
        Sample([VALUES, RANGE, i32(0)]),
        Sample([VALUES, f32([1.0, 2.0, 3.0]), i32(5)]),
        Sample([VALUES, RANGE, i32([5])]),
    ],
    "LowerBound": bound(),
    "UpperBound": bound(),
    "NextAfter": [
        # A step of finite differences is far longer than a step to the next number.
        Sample([f64([[1.0], [0.0], [-3.5]]), f64([2.0, -7.0])]),
        Sample([f32([1, 0, -1, np.inf, np.nan]), f32([2, -1, -1, 0, 1])], differentiable=False),
        Sample([f64([1.0, 2.0]), f64([1.0, 2.0, 3.0])]),
    ],
    "UnravelIndex": [
        Sample([i32([22, 41, 37]), i32([7, 6])]),
        Sample([i64(22), i64([7, 6])]),
        Sample([i32([100, -1, -9]), i32([2, 3, 4])]),
        Sample([i32([5, 2]), i32([7])]),
        Sample([i32([[1, 2]]), i32([7, 6])]),
        Sample([i32([1]), i32([[7, 6]])]),
        Sample([i32([1]), i32(7)]),
    ],
}
