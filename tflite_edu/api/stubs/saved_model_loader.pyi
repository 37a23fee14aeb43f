# Written by api/generate.py.
from tflite_edu.saved_model.loading import load as load
from tflite_edu.saved_model.loading import maybe_saved_model_directory as maybe_saved_model_directory

__all__ = [
    "load",
    "maybe_saved_model_directory",
]
