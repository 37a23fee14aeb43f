# Written by api/generate.py.
from tflite_edu.ops.printing import string_format as format
from tflite_edu.ops.strings import string_join as join

__all__ = [
    "format",
    "join",
]
