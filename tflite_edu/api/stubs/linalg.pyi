# Written by api/generate.py.
from tflite_edu.ops.clipping import global_norm as global_norm
from tflite_edu.ops.contraction import einsum as einsum
from tflite_edu.ops.contraction import tensordot as tensordot
from tflite_edu.ops.contraction import trace as trace
from tflite_edu.ops.cross_product import cross as cross
from tflite_edu.ops.l2 import l2_normalize as l2_normalize
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

__all__ = [
    "band_part",
    "cross",
    "diag",
    "diag_part",
    "einsum",
    "eye",
    "global_norm",
    "l2_normalize",
    "matmul",
    "matrix_transpose",
    "matvec",
    "norm",
    "normalize",
    "qr",
    "set_diag",
    "tensor_diag",
    "tensor_diag_part",
    "tensordot",
    "trace",
    "transpose",
]
