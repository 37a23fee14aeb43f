# Written by api/generate.py.
from tflite_edu.ops.sparse_segments import sparse_segment_mean as segment_mean
from tflite_edu.ops.sparse_segments import sparse_segment_sqrt_n as segment_sqrt_n
from tflite_edu.ops.sparse_segments import sparse_segment_sum as segment_sum

__all__ = [
    "segment_mean",
    "segment_sqrt_n",
    "segment_sum",
]
