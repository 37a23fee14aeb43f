"""Samples of operations on sparse tensors."""

import numpy as np

from .sample import Sample, f32, f64, i32, i64, text, wave

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

ROW_PLACES = i64([[0, 1], [1, 0], [1, 3]])
ROW_VALUES = wave([3])


def matmul(b, places=ROW_PLACES, values=ROW_VALUES, shape=(2, 4), **attrs):
    return Sample([places, values, i64(list(shape)), b], attrs)


OTHER_PLACES = i64([[0, 0], [0, 1], [1, 2]])
OTHER_VALUES = wave([3], start=9)
ROWS = i64([2, 4])


def pair(*more, first=ROW_VALUES, other=OTHER_VALUES, differentiable=True, **attrs):
    return Sample(
        [ROW_PLACES, first, ROWS, OTHER_PLACES, other, ROWS, *more], attrs, differentiable
    )


def with_dense(dense, values=ROW_VALUES, places=ROW_PLACES, shape=ROWS):
    return Sample([places, values, shape, dense])


CWISE = [
    with_dense(wave([2, 4], start=20)),
    with_dense(wave([4], start=20)),
    with_dense(wave([2, 1], start=20)),
    with_dense(np.float64(2.5)),
    with_dense(i32([[2], [-3]]), i32([7, -7, 8])),
    with_dense(wave([3])),
    with_dense(wave([3, 2, 4])),
    with_dense(wave([1]), f64([]), NOWHERE, ROWS),
    with_dense(wave([4]), ROW_VALUES, i64([[0, 1], [1, 0], [5, 3]])),
]
SPARSES = (
    [ROW_PLACES, OTHER_PLACES],
    [ROW_VALUES, OTHER_VALUES],
    [ROWS, ROWS],
)


def reduction(axes, **attrs):
    return Sample([ROW_PLACES, wave([3], "float32"), ROWS, i32(axes)], attrs, False)


REDUCTIONS = [
    reduction(1),
    reduction([0]),
    reduction([-1], keep_dims=True),
    reduction([0, 1]),
    reduction([0, 1], keep_dims=True),
    reduction([]),
    reduction([2]),
    reduction([[0]]),
    Sample([i64([[0, 0, 1], [1, 1, 0], [1, 1, 2]]), f32([1, -2, -3]), i64([2, 2, 3]), i32([1])]),
    Sample([i64([[0, 0, 1], [1, 1, 0], [1, 1, 2]]), f32([1, -2, -3]), i64([2, 2, 3]), i32([2, 0])]),
    Sample([NOWHERE, f32([]), ROWS, i32([1])]),
    Sample([ROW_PLACES, i32([3, 4, 5]), ROWS, i32([1])]),
]


def filled(places, values, shape, default):
    return Sample([i64(places), values, i64(shape), default], {}, False)


SETS = [
    (i64([[0, 0], [0, 1], [1, 0]]), i32([2, 1, 3]), i64([2, 2])),
    (i64([[0, 0], [1, 0], [1, 1]]), i32([2, 7, 3]), i64([2, 3])),
]
STRING_SET = (i64([[0, 0], [0, 1], [1, 0]]), text([b"b", b"a", b"c"]), i64([2, 2]))
MORE = {
    "SparseTensorDenseMatMul": [
        matmul(wave([4, 3], start=5)),
        matmul(wave([2, 3], start=5), adjoint_a=True),
        matmul(wave([3, 4], start=5), adjoint_b=True),
        matmul(wave([3, 2], start=5), adjoint_a=True, adjoint_b=True),
        matmul(wave([4, 0])),
        matmul(wave([4, 2], "float32"), NOWHERE, f32([])),
        matmul(wave([4, 2], "float32"), i32([[1, 2], [1, 2]]), f32([1.5, 2])),
        matmul(wave([3, 2])),
        matmul(wave([4])),
        matmul(wave([4, 2]), i64([[0, 4], [1, 0], [1, 3]])),
        matmul(wave([4, 2]), i64([[0, 1], [2, 0], [1, 3]])),
        matmul(wave([4, 2]), ROW_PLACES, wave([2])),
        matmul(i32([[1], [2], [3], [4]]), ROW_PLACES, i32([5, 6, 7])),
        Sample(
            [
                ROW_PLACES,
                np.array([1 + 2j, 3 - 1j, 2j], np.complex64),
                ROWS,
                np.array([[1 + 1j, 2], [3j, 4]], np.complex64),
            ],
            {"adjoint_a": True},
            False,
        ),
    ],
    "SparseAdd": [
        pair(np.float64(0)),
        pair(np.float64(1.5), differentiable=False),
        pair(i32(0), first=i32([1, 2, 3]), other=i32([-5, -2, 9])),
        pair(np.float64([0])),
        Sample([ROW_PLACES, ROW_VALUES, ROWS, OTHER_PLACES, OTHER_VALUES, i64([2, 5]), f64(0)]),
        Sample([ROW_PLACES, ROW_VALUES, ROWS, NOWHERE, f64([]), ROWS, f64(0)]),
        Sample([NOWHERE, f64([]), ROWS, NOWHERE, f64([]), ROWS, f64(0)]),
        Sample([ROW_PLACES, f64([1]), ROWS, NOWHERE, f64([]), ROWS, f64(0)]),
        Sample([i64([[0]]), f64([1]), i64([3]), NOWHERE, f64([]), ROWS, f64(0)]),
    ],
    "SparseAddGrad": [
        Sample(
            [wave([5]), ROW_PLACES, OTHER_PLACES, i64([[0, 0], [0, 1], [1, 0], [1, 2], [1, 3]])]
        ),
        Sample([wave([4]), ROW_PLACES, OTHER_PLACES, i64([[0, 0], [1, 0], [1, 2], [1, 3]])]),
        Sample([wave([5]), ROW_PLACES, OTHER_PLACES, i64([[0, 0], [1, 0], [1, 2], [1, 3]])]),
        Sample([f64([]), NOWHERE, NOWHERE, NOWHERE]),
    ],
    "SparseTensorDenseAdd": [
        with_dense(wave([2, 4], start=20)),
        Sample([i32([[0, 1], [0, 1]]), f32([1, 2]), i32([2, 4]), wave([2, 4], "float32")]),
        with_dense(wave([2, 3])),
        with_dense(wave([2, 4, 1])),
        with_dense(wave([2, 4]), ROW_VALUES, i64([[0, 1], [1, 0], [1, 4]])),
        with_dense(wave([2, 4]), f64([]), NOWHERE),
        with_dense(f64(1)),
    ],
    "SparseDenseCwiseAdd": CWISE,
    "SparseDenseCwiseMul": CWISE,
    "SparseDenseCwiseDiv": CWISE,
    "SparseSparseMaximum": [
        pair(differentiable=False),
        pair(first=i32([1, -2, 3]), other=i32([-5, 2, 9]), differentiable=False),
        Sample([ROW_PLACES, ROW_VALUES, ROWS, OTHER_PLACES, OTHER_VALUES, i64([2, 5])]),
        Sample([NOWHERE, f64([]), ROWS, OTHER_PLACES, OTHER_VALUES, ROWS], {}, False),
        Sample([ROW_PLACES, f64([1]), ROWS, NOWHERE, f64([]), ROWS]),
    ],
    "SparseSparseMinimum": [
        pair(differentiable=False),
        pair(first=i32([1, -2, 3]), other=i32([-5, 2, 9]), differentiable=False),
        Sample([ROW_PLACES, ROW_VALUES, ROWS, OTHER_PLACES, OTHER_VALUES, i64([3, 4])]),
    ],
    "SparseConcat": [
        Sample(SPARSES, {"concat_dim": 1}),
        Sample(SPARSES, {"concat_dim": -2}),
        Sample(SPARSES, {"concat_dim": 2}),
        Sample(
            ([*SPARSES[0], NOWHERE], [*SPARSES[1], f64([])], [ROWS, ROWS, i64([7, 4])]),
            {"concat_dim": 0},
        ),
        Sample((SPARSES[0], SPARSES[1], [ROWS, i64([3, 4])]), {"concat_dim": 1}),
        Sample((SPARSES[0], [text([b"a", b"b", b"c"])] * 2, SPARSES[2]), {"concat_dim": 1}),
        Sample(
            ([PLACES, OTHER_PLACES], [wave([4]), OTHER_VALUES], [SHAPE, ROWS]), {"concat_dim": 0}
        ),
    ],
    "SparseSlice": [
        Sample([ROW_PLACES, ROW_VALUES, ROWS, i64([0, 1]), i64([2, 2])]),
        Sample([ROW_PLACES, ROW_VALUES, ROWS, i64([1, 0]), i64([5, 9])]),
        Sample([ROW_PLACES, ROW_VALUES, ROWS, i64([0, 2]), i64([2, 1])]),
        Sample([ROW_PLACES, ROW_VALUES, ROWS, i64([0]), i64([2, 1])]),
        Sample([ROW_PLACES, ROW_VALUES, ROWS, i64([-1, 0]), i64([2, 4])], {}, False),
        Sample([NOWHERE, text([]), ROWS, i64([0, 2]), i64([2, 1])]),
    ],
    "SparseSliceGrad": [
        Sample([wave([2]), ROW_PLACES, i64([0, 1]), i64([[0, 0], [1, 2]])]),
        Sample([wave([1]), ROW_PLACES, i64([1, 0]), i64([[0, 3]])]),
        Sample([f64([]), ROW_PLACES, i64([1, 0]), NOWHERE]),
        Sample([wave([2]), ROW_PLACES, i64([1, 0]), i64([[0, 3]])]),
    ],
    "SparseSplit": [
        Sample([i64(1), ROW_PLACES, ROW_VALUES, ROWS], {"num_split": 2}),
        Sample([i64(1), ROW_PLACES, ROW_VALUES, ROWS], {"num_split": 3}),
        Sample([i64(0), ROW_PLACES, ROW_VALUES, ROWS], {"num_split": 2}),
        Sample([i64(0), ROW_PLACES, ROW_VALUES, ROWS], {"num_split": 1}),
        Sample([i64(0), ROW_PLACES, ROW_VALUES, ROWS], {"num_split": 3}),
        Sample([i64(2), ROW_PLACES, ROW_VALUES, ROWS], {"num_split": 2}),
        Sample([i64(-1), ROW_PLACES, ROW_VALUES, ROWS], {"num_split": 2}),
        Sample([i64([1]), ROW_PLACES, text([b"a", b"b", b"c"]), ROWS], {"num_split": 2}),
    ],
    "SparseReduceSum": REDUCTIONS,
    "SparseReduceMax": REDUCTIONS,
    "SparseReduceSumSparse": REDUCTIONS,
    "SparseReduceMaxSparse": REDUCTIONS,
    "SparseSoftmax": [
        Sample([ROW_PLACES, ROW_VALUES, ROWS]),
        Sample(
            [i64([[0, 0, 1], [1, 1, 0], [1, 1, 2]]), f32([1, -2, -3]), i64([2, 2, 3])], {}, False
        ),
        Sample([NOWHERE, f64([]), ROWS]),
        Sample([i64([[0], [1]]), f64([1, 2]), i64([3])]),
        Sample([ROW_PLACES, f64([1, 2]), ROWS]),
    ],
    "SparseFillEmptyRows": [
        filled([[0, 1], [2, 0], [2, 3]], wave([3]), [4, 5], np.float64(7)),
        filled([[2, 1], [0, 0], [2, 0]], wave([3]), [4, 5], np.float64(7)),
        filled([[0, 1], [1, 0]], text([b"a", b"b"]), [2, 2], text(b"none")),
        filled(NOWHERE, f64([]), [3, 2], np.float64(1)),
        filled(NOWHERE, f64([]), [0, 2], np.float64(1)),
        filled([[0, 1]], f64([1]), [0, 2], np.float64(1)),
        filled([[4, 1]], f64([1]), [3, 2], np.float64(1)),
        filled([[0, 1]], f64([1]), [3, 2], f64([1])),
        filled([[0, 1, 2]], f64([1]), [3, 2, 4], f64(1)),
    ],
    "SparseFillEmptyRowsGrad": [
        Sample([i64([0, 2, 3]), wave([5])]),
        Sample([i64([]), wave([2])]),
        Sample([i64([0, 7]), wave([2])]),
        Sample([i64([[0]]), wave([2])]),
    ],
    "EditDistance": [
        Sample([*SETS[0], *SETS[1]]),
        Sample([*SETS[0], *SETS[1]], {"normalize": False}),
        Sample([*STRING_SET, i64([[0, 0], [1, 0]]), text([b"b", b"x"]), i64([2, 1])]),
        Sample(
            [
                i64([[0, 0, 0], [0, 0, 1], [0, 0, 2], [1, 1, 0]]),
                i64([1, 2, 3, 4]),
                i64([2, 2, 3]),
                i64([[0, 0, 0], [0, 0, 1], [0, 0, 2], [0, 0, 3], [1, 0, 0]]),
                i64([2, 3, 9, 1, 5]),
                i64([2, 2, 4]),
            ]
        ),
        Sample([*SETS[0], i64([[0, 0]]), i32([1]), i64([3, 1])]),
        Sample([*SETS[0], i64([[0, 0, 0]]), i32([1]), i64([2, 2, 1])]),
        Sample([i64([[0]]), i32([5]), i64([3]), i64([[0], [1]]), i32([5, 6]), i64([3])]),
        Sample([NOWHERE, i32([]), i64([2, 2]), NOWHERE, i32([]), i64([2, 2])]),
    ],
}
SAMPLES.update(MORE)
