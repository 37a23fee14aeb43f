"""Samples of reductions, segment reductions and arg-reductions."""

import numpy as np

from .sample import Sample, boolean, c64, f32, f64, i32, i64, wave

X = wave([2, 3, 2])
KEEP = {"keep_dims": True}


def reduction(integers=True, complexes=False):
    samples = [
        Sample([X, i32([1])]),
        Sample([X, i32(-1)], KEEP),
        Sample([X, i32([0, 2])]),
        Sample([X, i32([0, 1, 2])], KEEP),
        Sample([X, i64([2, 0])]),
        Sample([X, i32([])]),
        Sample([f32(1.5), i32([])]),
        Sample([wave([40], "float32"), i32([0])], differentiable=False),
        Sample([wave([3], "float16"), i32([0])], differentiable=False),
        Sample([np.zeros([0, 2], np.float32), i32([0])], differentiable=False),
        Sample([np.zeros([2, 0], np.float32), i32([0])]),
        Sample([X, i32([3])]),
    ]
    if integers:
        samples.append(Sample([i32([[1, -2], [3, 4]]), i32([0])]))
        samples.append(Sample([i64([[2**40, -2]]), i32([1])], KEEP))
    if complexes:
        samples.append(Sample([c64([[1 + 2j, 3], [1j, 2]]), i32([0])], differentiable=False))
    return samples


def logical():
    b = boolean([[True, False], [True, True]])
    return [
        Sample([b, i32([0])]),
        Sample([b, i32([0, 1])], KEEP),
        Sample([b, i64(-1)]),
        Sample([boolean([]), i32([0])]),
    ]


def arg():
    return [
        Sample([f32([[3.0, 1.0, 3.0], [0.0, 5.0, 5.0]]), i32(1)]),
        Sample([X, i32(-1)], {"output_type": "int32"}),
        Sample([X, i64(0)]),
        Sample([i32([4, 4, 1]), i32(0)]),
        Sample([f32([np.nan, 1.0, 2.0]), i32(0)]),
        Sample([f32([1.0, np.nan, 2.0]), i32(0)]),
        Sample([f32([1.0]), i32(1)]),
    ]


DATA = wave([5, 2])
IDS = i32([0, 0, 1, 3, 3])


def segment():
    return [
        Sample([DATA, IDS]),
        Sample([DATA.astype("float32"), i64([0, 1, 2, 2, 2])], differentiable=False),
        Sample([f64([1.0, 2.0]), i32([2, 2])]),
        Sample([i32([4, 5, 6]), i32([0, 0, 1])]),
        Sample([f64([1.0, 2.0]), i32([1, 0])], differentiable=False),
    ]


def unsorted():
    return [
        Sample([DATA, i32([2, 0, 2, 1, 0]), i32(3)]),
        Sample([DATA, i32([2, 0, 2, 1, 0]), i32(4)], differentiable=False),
        Sample([DATA.astype("float32"), i64([0, -1, 1, 1, 0]), i32(2)], differentiable=False),
        Sample([i32([[1, 2], [3, 4]]), i32([[0, 1], [1, 1]]), i32(2)]),
        Sample([DATA, i32([0, 9, 1, 1, 0]), i32(2)], differentiable=False),
        Sample([np.zeros([0, 2], np.float32), i32([]), i32(3)]),
    ]


def sparse(*more):
    return [
        Sample([DATA, i32([0, 2, 4, 4]), i32([0, 0, 1, 3]), *more]),
        Sample([DATA.astype("float32"), i32([1]), i32([0]), *more], differentiable=False),
        Sample([DATA, i32([0, 7]), i32([0, 1]), *more], differentiable=False),
    ]


def sparse_gradient():
    return [
        Sample([wave([2, 2]), i32([0, 2, 2]), i32([0, 1, 1]), i32(4)]),
        Sample([wave([2], "float32"), i32([0]), i32([1]), i32(2)], differentiable=False),
    ]


SAMPLES = {
    "Sum": reduction(complexes=True),
    "Mean": reduction(),
    "Prod": reduction(),
    "Max": reduction(),
    "Min": reduction(),
    "EuclideanNorm": reduction(integers=False),
    "All": logical(),
    "Any": logical(),
    "ArgMax": arg(),
    "ArgMin": arg(),
    "SegmentSum": segment(),
    "SegmentMean": segment(),
    "SegmentProd": segment(),
    "SegmentMax": segment(),
    "SegmentMin": segment(),
    "UnsortedSegmentSum": unsorted(),
    "UnsortedSegmentProd": unsorted(),
    "UnsortedSegmentMax": unsorted(),
    "UnsortedSegmentMin": unsorted(),
    "SparseSegmentSum": sparse(),
    "SparseSegmentMean": sparse(),
    "SparseSegmentSqrtN": sparse(),
    "SparseSegmentSumWithNumSegments": sparse(i32(5)),
    "SparseSegmentMeanWithNumSegments": sparse(i32(5)),
    "SparseSegmentSqrtNWithNumSegments": sparse(i32(5)),
    "SparseSegmentMeanGrad": sparse_gradient(),
    "SparseSegmentSqrtNGrad": sparse_gradient(),
}
