# Written by api/generate.py.
from tflite_edu.api.stubs import keras_backend as backend
from tflite_edu.api.stubs import keras_initializers as initializers
from tflite_edu.api.stubs import keras_regularizers as regularizers

__all__ = [
    "backend",
    "initializers",
    "regularizers",
]
