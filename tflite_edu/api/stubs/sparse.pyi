# Written by api/generate.py.
from tflite_edu.core.sparse_tensor import SparseTensor as SparseTensor
from tflite_edu.ops.sparse_arithmetic import sparse_add as add
from tflite_edu.ops.sparse_arithmetic import sparse_maximum as maximum
from tflite_edu.ops.sparse_arithmetic import sparse_minimum as minimum
from tflite_edu.ops.sparse_axes import expand_dims as expand_dims
from tflite_edu.ops.sparse_axes import eye as eye
from tflite_edu.ops.sparse_axes import sparse_mask as mask
from tflite_edu.ops.sparse_axes import sparse_reset_shape as reset_shape
from tflite_edu.ops.sparse_axes import sparse_transpose as transpose
from tflite_edu.ops.sparse_merge import sparse_merge as merge
from tflite_edu.ops.sparse_products import sparse_tensor_dense_matmul as matmul
from tflite_edu.ops.sparse_products import sparse_tensor_dense_matmul as sparse_dense_matmul
from tflite_edu.ops.sparse_reductions import sparse_reduce_max as reduce_max
from tflite_edu.ops.sparse_reductions import sparse_reduce_max_sparse as reduce_max_sparse
from tflite_edu.ops.sparse_reductions import sparse_reduce_sum as reduce_sum
from tflite_edu.ops.sparse_reductions import sparse_reduce_sum_sparse as reduce_sum_sparse
from tflite_edu.ops.sparse_reductions import sparse_softmax as softmax
from tflite_edu.ops.sparse_rows import sparse_fill_empty_rows as fill_empty_rows
from tflite_edu.ops.sparse_rows import sparse_to_indicator as to_indicator
from tflite_edu.ops.sparse_segments import sparse_segment_mean as segment_mean
from tflite_edu.ops.sparse_segments import sparse_segment_sqrt_n as segment_sqrt_n
from tflite_edu.ops.sparse_segments import sparse_segment_sum as segment_sum
from tflite_edu.ops.sparse_slices import sparse_concat as concat
from tflite_edu.ops.sparse_slices import sparse_slice as slice
from tflite_edu.ops.sparse_slices import sparse_split as split
from tflite_edu.ops.sparse_tensors import from_dense as from_dense
from tflite_edu.ops.sparse_tensors import sparse_placeholder as placeholder
from tflite_edu.ops.sparse_tensors import sparse_reorder as reorder
from tflite_edu.ops.sparse_tensors import sparse_reshape as reshape
from tflite_edu.ops.sparse_tensors import sparse_retain as retain
from tflite_edu.ops.sparse_tensors import sparse_tensor_to_dense as to_dense

__all__ = [
    "SparseTensor",
    "add",
    "concat",
    "expand_dims",
    "eye",
    "fill_empty_rows",
    "from_dense",
    "mask",
    "matmul",
    "maximum",
    "merge",
    "minimum",
    "placeholder",
    "reduce_max",
    "reduce_max_sparse",
    "reduce_sum",
    "reduce_sum_sparse",
    "reorder",
    "reset_shape",
    "reshape",
    "retain",
    "segment_mean",
    "segment_sqrt_n",
    "segment_sum",
    "slice",
    "softmax",
    "sparse_dense_matmul",
    "split",
    "to_dense",
    "to_indicator",
    "transpose",
]
