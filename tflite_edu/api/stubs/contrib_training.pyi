# Written by api/generate.py.
from tflite_edu.contrib.hyperparameters import HParams as HParams

__all__ = [
    "HParams",
]
