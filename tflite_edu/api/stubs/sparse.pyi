# Written by api/generate.py.
from tflite_edu.core.sparse_tensor import SparseTensor as SparseTensor
from tflite_edu.ops.sparse_merge import sparse_merge as merge
from tflite_edu.ops.sparse_segments import sparse_segment_mean as segment_mean
from tflite_edu.ops.sparse_segments import sparse_segment_sqrt_n as segment_sqrt_n
from tflite_edu.ops.sparse_segments import sparse_segment_sum as segment_sum
from tflite_edu.ops.sparse_tensors import from_dense as from_dense
from tflite_edu.ops.sparse_tensors import sparse_placeholder as placeholder
from tflite_edu.ops.sparse_tensors import sparse_reorder as reorder
from tflite_edu.ops.sparse_tensors import sparse_reshape as reshape
from tflite_edu.ops.sparse_tensors import sparse_retain as retain
from tflite_edu.ops.sparse_tensors import sparse_tensor_to_dense as to_dense

__all__ = [
    "SparseTensor",
    "from_dense",
    "merge",
    "placeholder",
    "reorder",
    "reshape",
    "retain",
    "segment_mean",
    "segment_sqrt_n",
    "segment_sum",
    "to_dense",
]
