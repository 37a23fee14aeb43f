"""Samples of products and parts of matrices."""

import numpy as np

from .sample import Sample, c64, f32, i32, i64, wave

A, B = wave([2, 3]), wave([3, 4], start=9)


def product(first="transpose_a", second="transpose_b"):
    return [
        Sample([A, B]),
        Sample([A.T.copy(), B], {first: True}),
        Sample([A, B.T.copy()], {second: True}),
        Sample([A.T.copy(), B.T.copy()], {first: True, second: True}),
        Sample([A.astype("float32"), B.astype("float32")], differentiable=False),
        Sample([A.astype("float16"), B.astype("float16")], differentiable=False),
        Sample([i32([[1, 2], [3, 4]]), i32([[5], [6]])]),
        Sample([np.zeros([2, 0], np.float32), np.zeros([0, 3], np.float32)]),
        Sample([np.zeros([0, 2], np.float32), np.zeros([2, 3], np.float32)]),
        Sample([c64([[1 + 1j]]), c64([[2 - 1j]])], differentiable=False),
        Sample([A, A], differentiable=False),
    ]


def batched(broadcast):
    a, b = wave([2, 2, 3]), wave([2, 3, 2], start=20)
    samples = [
        Sample([a, b]),
        Sample([b, b], {"adj_x": True}),
        Sample([a, a], {"adj_y": True}),
        Sample([a, b], {"adj_x": True, "adj_y": True}),
        Sample([a.astype("float32"), b.astype("float32")], differentiable=False),
        Sample([np.zeros([0, 2, 3], np.float32), np.zeros([0, 3, 2], np.float32)]),
        Sample(
            [c64([[[1 + 1j, 2j]]]), c64([[[2 - 1j, 1]]])], {"adj_x": True}, differentiable=False
        ),
        Sample([a[0], b[0]]),
    ]
    if broadcast:
        samples += [Sample([a, b[:1]]), Sample([a[0], b]), Sample([a[:, None], b])]
    return samples


M = wave([2, 3, 3])

SAMPLES = {
    "MatMul": product(),
    "BatchMatMul": batched(False),
    "BatchMatMulV2": batched(True),
    "SparseMatMul": [
        Sample([f32([[1.0, 0.0], [0.0, 2.0]]), f32([[3.0], [4.0]])], {"a_is_sparse": True}, False)
    ],
    "MatrixBandPart": [
        Sample([M, i64(1), i64(0)]),
        Sample([M[0], i32(-1), i32(0)]),
        Sample([M, i32(0), i32(-1)]),
        Sample([A, i64(0), i64(1)]),
    ],
    "MatrixDiag": [Sample([A]), Sample([A[0]])],
    "MatrixDiagPart": [Sample([M]), Sample([A])],
    "MatrixSetDiag": [Sample([M, wave([2, 3], start=5)]), Sample([A, wave([2], start=5)])],
    "Diag": [Sample([A[0]]), Sample([A]), Sample([i32([1, 2])])],
    "DiagPart": [Sample([M[0]]), Sample([wave([2, 3, 2, 3])])],
    "Qr": [
        Sample([wave([4, 2])], differentiable=False),
        Sample([wave([2, 4], "float32")], differentiable=False),
        Sample([wave([3, 3])], {"full_matrices": True}, differentiable=False),
        Sample([wave([2, 3, 2])], differentiable=False),
    ],
}
