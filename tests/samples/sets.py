"""Samples of operations on sets along the last axis."""

import numpy as np

from .sample import Sample, i32, i64, text

A, B = i32([[3, 1, 1, 2], [5, 6, 7, 8]]), i32([[1, 9], [8, 5]])
PLACES, ELEMENTS, SHAPE = i64([[0, 0], [0, 2], [1, 0]]), i32([9, 3, 5]), i64([2, 4])
EMPTY = (np.zeros((0, 2), np.int64), i32([]), i64([2, 0]))
OPERATIONS = ("a-b", "b-a", "intersection", "union")


def each(*inputs, operations=OPERATIONS):
    return [Sample(inputs, {"set_operation": o}, differentiable=False) for o in operations]


def size(*inputs):
    return Sample(inputs, differentiable=False)


SAMPLES = {
    "DenseToDenseSetOperation": [
        *each(A, B),
        *each(text([[[b"b", b"a"], [b"c", b"c"]]]), text([[[b"a"], [b"b"]]])),
        *each(np.zeros((2, 2, 0), np.int64), i64([[[1], [1]], [[2], [3]]])),
        *each(np.zeros((0, 2), np.uint8), np.zeros((0, 3), np.uint8), operations=["union"]),
        *each(A, i32([[1]]), operations=["union"]),
        *each(i32([1]), i32([1]), operations=["union"]),
        *each(A, B, operations=["both"]),
    ],
    "DenseToSparseSetOperation": [
        *each(A, PLACES, ELEMENTS, SHAPE),
        *each(A, *EMPTY),
        *each(A, PLACES[::-1].copy(), ELEMENTS, SHAPE, operations=["union"]),
        *each(A, PLACES, ELEMENTS, i64([1, 4]), operations=["union"]),
        *each(A, PLACES, ELEMENTS, i64([3, 4]), operations=["union"]),
    ],
    "SparseToSparseSetOperation": [
        *each(PLACES, ELEMENTS, SHAPE, i64([[0, 1], [1, 1]]), i32([3, 4]), i64([2, 2])),
        *each(*EMPTY, PLACES, ELEMENTS, SHAPE),
        *each(PLACES[[0, 0, 1]], ELEMENTS, SHAPE, *EMPTY, operations=["union"]),
        *each(PLACES, ELEMENTS, SHAPE, PLACES, ELEMENTS, i64([3, 4]), operations=["union"]),
    ],
    "SetSize": [
        size(PLACES, i32([4, 4, 5]), SHAPE),
        size(PLACES, text([b"a", b"b", b"a"]), i64([3, 4])),
        size(*EMPTY),
        size(i64([[0, 0, 0], [1, 1, 0]]), i32([1, 2]), i64([2, 2, 1])),
        size(PLACES[::-1].copy(), ELEMENTS, SHAPE),
        size(PLACES, i32([1, 2]), SHAPE),
        size(i64([[0]]), i32([1]), i64([2])),
    ],
}
