# Written by api/generate.py.
from tflite_edu.saved_model.keys import GPU as GPU
from tflite_edu.saved_model.keys import SERVING as SERVING
from tflite_edu.saved_model.keys import TPU as TPU
from tflite_edu.saved_model.keys import TRAINING as TRAINING

__all__ = [
    "GPU",
    "SERVING",
    "TPU",
    "TRAINING",
]
