# Written by api/generate.py.
from tflite_edu.ops.set_operations import set_difference as difference
from tflite_edu.ops.set_operations import set_difference as set_difference
from tflite_edu.ops.set_operations import set_intersection as intersection
from tflite_edu.ops.set_operations import set_intersection as set_intersection
from tflite_edu.ops.set_operations import set_size as set_size
from tflite_edu.ops.set_operations import set_size as size
from tflite_edu.ops.set_operations import set_union as set_union
from tflite_edu.ops.set_operations import set_union as union

__all__ = [
    "difference",
    "intersection",
    "set_difference",
    "set_intersection",
    "set_size",
    "set_union",
    "size",
    "union",
]
