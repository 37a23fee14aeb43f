"""Samples of determinants, inverses, decompositions and systems of equations."""

import numpy as np

from .sample import Sample, c64, f32, f64, wave

# Diagonally dominant, so of full rank; D is positive definite.
M = wave([2, 3, 3]) + 5.0 * np.eye(3)
D = M @ np.swapaxes(M, -1, -2)
C = c64([[2 + 0j, 1j], [-1j, 3 + 0j]])
SINGULAR = f64([[1.0, 2.0], [2.0, 4.0]])
NOTHING = np.zeros([0, 0])
NO_MATRICES = np.zeros([0, 2, 2])


def square(extra=()):
    return [
        Sample([M]),
        Sample([M[0].astype("float32")], differentiable=False),
        Sample([C], differentiable=False),
        Sample([NOTHING], differentiable=False),
        Sample([NO_MATRICES], differentiable=False),
        Sample([wave([2, 3])]),
        Sample([wave([3])]),
        *extra,
    ]


def system(extra=()):
    return [
        Sample([M, wave([2, 3, 2], start=5)]),
        Sample([M, wave([2, 3, 2], start=5)], {"adjoint": True}),
        Sample([M[0].astype("float32"), wave([3, 1], "float32")], differentiable=False),
        Sample([C, c64([[1], [1j]])], {"adjoint": True}, differentiable=False),
        Sample([M[0], np.zeros([3, 0])], differentiable=False),
        Sample([NOTHING, np.zeros([0, 2])], differentiable=False),
        Sample([NO_MATRICES, np.zeros([0, 2, 1])], differentiable=False),
        Sample([M, wave([2, 2, 2])]),
        Sample([M, wave([3, 3, 2])]),
        Sample([M, wave([3, 2])]),
        Sample([wave([2, 3]), wave([2, 1])]),
        Sample([np.zeros([2, 2]), np.ones([2, 1])]),
        *extra,
    ]


def of_gramian(tf, make, matrix):
    """The Cholesky factor of `M adjoint(M)`, whose gradient with respect to M is unambiguous."""
    return make("Cholesky", [tf.matmul(matrix, matrix, adjoint_b=True)], {})


TALL, WIDE = wave([4, 2]), wave([2, 3], start=7)

SAMPLES = {
    "Cholesky": [
        Sample([M], wrapper=of_gramian),
        Sample([D], differentiable=False),
        Sample([D[0].astype("float32")], differentiable=False),
        Sample([C], differentiable=False),
        Sample([M], differentiable=False),
        Sample([f64([[np.nan, 1.0], [1.0, 2.0]])], differentiable=False),
        Sample([SINGULAR]),
        Sample([-D]),
        Sample([NOTHING], differentiable=False),
        Sample([NO_MATRICES], differentiable=False),
        Sample([wave([2, 3])]),
        Sample([wave([3])]),
    ],
    "MatrixInverse": square(
        [
            # TensorFlow's gradient of the inverse of an adjoint is that of the inverse.
            Sample([M], {"adjoint": True}, differentiable=False),
            Sample([C], {"adjoint": True}, differentiable=False),
            Sample([SINGULAR]),
        ]
    ),
    "MatrixDeterminant": square(
        [
            Sample([SINGULAR], differentiable=False),
            Sample([SINGULAR * np.nan], differentiable=False),
        ]
    ),
    "LogMatrixDeterminant": square(
        [
            Sample([SINGULAR], differentiable=False),
            Sample([SINGULAR * np.nan], differentiable=False),
        ]
    ),
    "MatrixSolve": system([Sample([SINGULAR, np.ones([2, 1])])]),
    "MatrixTriangularSolve": system(
        [
            Sample([M, wave([2, 3, 2], start=5)], {"lower": False}),
            Sample([M, wave([2, 3, 2], start=5)], {"lower": False, "adjoint": True}),
            Sample([SINGULAR, np.ones([2, 1])]),
        ]
    ),
    "MatrixSolveLs": [
        Sample([TALL, wave([4, 3], start=3), f64(0.0)]),
        Sample([TALL, wave([4, 3], start=3), f64(0.5)]),
        Sample([WIDE, wave([2, 2], start=3), f64(0.5)]),
        Sample([WIDE.astype("float32"), wave([2, 2], "float32"), f64(0.25)], differentiable=False),
        Sample([TALL, wave([4, 3], start=3), f64(0.0)], {"fast": False}),
        Sample([SINGULAR, np.ones([2, 1]), f64(0.0)], {"fast": False}, differentiable=False),
        Sample([SINGULAR, np.ones([2, 1]), f64(0.0)]),
        Sample([np.ones([2, 3]), np.ones([2, 1]), f64(0.0)]),
        Sample([M, wave([2, 3, 1]), f64(0.0)], differentiable=False),
        Sample([TALL, wave([3, 1]), f64(0.0)]),
        Sample([wave([3]), wave([3]), f64(0.0)]),
    ],
    "SelfAdjointEigV2": [
        Sample([D], {"compute_v": False}, defined=1),
        Sample([D], defined=1, differentiated=1),
        Sample([M[0].astype("float32")], defined=1, differentiable=False),
        Sample([C], {"compute_v": False}, defined=1, differentiable=False),
        Sample([NOTHING], differentiable=False),
        Sample([NO_MATRICES], differentiable=False),
        Sample([SINGULAR * np.nan]),
        Sample([wave([2, 3])]),
        Sample([wave([3])]),
    ],
    "Svd": [
        Sample([M], {"compute_uv": False}, defined=1),
        Sample([TALL], defined=1, differentiated=1),
        Sample([WIDE], {"full_matrices": True}, defined=1, differentiated=1),
        Sample([M], defined=1, differentiated=1),
        Sample([WIDE.astype("float32")], defined=1, differentiable=False),
        Sample([C], {"compute_uv": False}, defined=1, differentiable=False),
        Sample([SINGULAR * np.nan], defined=1, differentiable=False),
        Sample([NO_MATRICES], differentiable=False),
        Sample([wave([3])]),
    ],
    "Lu": [
        Sample([M], differentiable=False),
        Sample([f32([[1, 2, 0], [4, 1, 1], [-2, 8, 3]])], differentiable=False),
        Sample([C], {"output_idx_type": "int64"}, differentiable=False),
        Sample([SINGULAR]),
        Sample([NOTHING], differentiable=False),
        Sample([NO_MATRICES], differentiable=False),
        Sample([wave([2, 3])]),
        Sample([wave([3])]),
    ],
}
