# Written by api/generate.py.
from tflite_edu.api.stubs import contrib_framework as framework
from tflite_edu.api.stubs import contrib_layers as layers
from tflite_edu.api.stubs import contrib_lookup as lookup
from tflite_edu.api.stubs import contrib_metrics as metrics
from tflite_edu.api.stubs import contrib_slim as slim
from tflite_edu.api.stubs import contrib_training as training
from tflite_edu.api.stubs import contrib_util as util

__all__ = [
    "framework",
    "layers",
    "lookup",
    "metrics",
    "slim",
    "training",
    "util",
]
