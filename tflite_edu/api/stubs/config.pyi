# Written by api/generate.py.
from tflite_edu.api.stubs import config_experimental as experimental

__all__ = [
    "experimental",
]
