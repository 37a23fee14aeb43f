# Written by api/generate.py.
from tflite_edu.ops.clipping import global_norm as global_norm
from tflite_edu.ops.contraction import einsum as einsum
from tflite_edu.ops.contraction import tensordot as tensordot
from tflite_edu.ops.contraction import trace as trace
from tflite_edu.ops.cross_product import cross as cross
from tflite_edu.ops.decompositions import cholesky as cholesky
from tflite_edu.ops.decompositions import lu as lu
from tflite_edu.ops.decompositions import self_adjoint_eig as eigh
from tflite_edu.ops.decompositions import self_adjoint_eigvals as eigvalsh
from tflite_edu.ops.decompositions import svd as svd
from tflite_edu.ops.l2 import l2_normalize as l2_normalize
from tflite_edu.ops.linear_systems import cholesky_solve as cholesky_solve
from tflite_edu.ops.linear_systems import matrix_rank as matrix_rank
from tflite_edu.ops.linear_systems import matrix_solve as solve
from tflite_edu.ops.linear_systems import matrix_solve_ls as lstsq
from tflite_edu.ops.linear_systems import matrix_triangular_solve as triangular_solve
from tflite_edu.ops.linear_systems import pinv as pinv
from tflite_edu.ops.matrices import band_part as band_part
from tflite_edu.ops.matrices import eye as eye
from tflite_edu.ops.matrices import matrix_diag as diag
from tflite_edu.ops.matrices import matrix_diag_part as diag_part
from tflite_edu.ops.matrices import matrix_set_diag as set_diag
from tflite_edu.ops.matrices import tensor_diag as tensor_diag
from tflite_edu.ops.matrices import tensor_diag_part as tensor_diag_part
from tflite_edu.ops.matrix_product import matmul as matmul
from tflite_edu.ops.matrix_product import matvec as matvec
from tflite_edu.ops.norms import norm as norm
from tflite_edu.ops.norms import normalize as normalize
from tflite_edu.ops.permuting import matrix_transpose as matrix_transpose
from tflite_edu.ops.permuting import matrix_transpose as transpose
from tflite_edu.ops.qr import qr as qr
from tflite_edu.ops.square_matrices import adjoint as adjoint
from tflite_edu.ops.square_matrices import logdet as logdet
from tflite_edu.ops.square_matrices import matrix_determinant as det
from tflite_edu.ops.square_matrices import matrix_inverse as inv
from tflite_edu.ops.square_matrices import slogdet as slogdet

__all__ = [
    "adjoint",
    "band_part",
    "cholesky",
    "cholesky_solve",
    "cross",
    "det",
    "diag",
    "diag_part",
    "eigh",
    "eigvalsh",
    "einsum",
    "eye",
    "global_norm",
    "inv",
    "l2_normalize",
    "logdet",
    "lstsq",
    "lu",
    "matmul",
    "matrix_rank",
    "matrix_transpose",
    "matvec",
    "norm",
    "normalize",
    "pinv",
    "qr",
    "set_diag",
    "slogdet",
    "solve",
    "svd",
    "tensor_diag",
    "tensor_diag_part",
    "tensordot",
    "trace",
    "transpose",
    "triangular_solve",
]
