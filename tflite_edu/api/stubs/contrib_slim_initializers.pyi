# Written by api/generate.py.
from tflite_edu.contrib.weight_initializers import variance_scaling_initializer as variance_scaling_initializer
from tflite_edu.contrib.weight_initializers import xavier_initializer as xavier_initializer
from tflite_edu.contrib.weight_initializers import xavier_initializer as xavier_initializer_conv2d

__all__ = [
    "variance_scaling_initializer",
    "xavier_initializer",
    "xavier_initializer_conv2d",
]
