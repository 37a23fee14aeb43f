# Written by api/generate.py.
from tflite_edu.saved_model.signatures import build_tensor_info as build_tensor_info
from tflite_edu.saved_model.signatures import get_tensor_from_tensor_info as get_tensor_from_tensor_info

__all__ = [
    "build_tensor_info",
    "get_tensor_from_tensor_info",
]
