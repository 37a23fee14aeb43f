# Written by api/generate.py.
from tflite_edu.api.stubs import contrib_framework as framework
from tflite_edu.api.stubs import contrib_util as util

__all__ = [
    "framework",
    "util",
]
