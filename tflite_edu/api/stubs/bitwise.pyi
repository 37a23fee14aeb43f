# Written by api/generate.py.
from tflite_edu.ops.bitwise import bitwise_and as bitwise_and
from tflite_edu.ops.bitwise import bitwise_or as bitwise_or
from tflite_edu.ops.bitwise import bitwise_xor as bitwise_xor
from tflite_edu.ops.bitwise import invert as invert
from tflite_edu.ops.bitwise import left_shift as left_shift
from tflite_edu.ops.bitwise import right_shift as right_shift

__all__ = [
    "bitwise_and",
    "bitwise_or",
    "bitwise_xor",
    "invert",
    "left_shift",
    "right_shift",
]
