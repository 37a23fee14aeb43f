# Written by api/generate.py.
from tflite_edu.ops.random_crop import random_crop as random_crop

__all__ = [
    "random_crop",
]
