# Written by api/generate.py.
from tflite_edu.api.stubs import app_flags as flags
from tflite_edu.platform.app import run as run

__all__ = [
    "flags",
    "run",
]
