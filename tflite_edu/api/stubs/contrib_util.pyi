# Written by api/generate.py.
from tflite_edu.core.constant_value import constant_value as constant_value

__all__ = [
    "constant_value",
]
