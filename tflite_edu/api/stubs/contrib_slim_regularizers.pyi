# Written by api/generate.py.
from tflite_edu.contrib.weight_regularizers import apply_regularization as apply_regularization
from tflite_edu.contrib.weight_regularizers import l1_l2_regularizer as l1_l2_regularizer
from tflite_edu.contrib.weight_regularizers import l1_regularizer as l1_regularizer
from tflite_edu.contrib.weight_regularizers import l2_regularizer as l2_regularizer
from tflite_edu.contrib.weight_regularizers import sum_regularizer as sum_regularizer

__all__ = [
    "apply_regularization",
    "l1_l2_regularizer",
    "l1_regularizer",
    "l2_regularizer",
    "sum_regularizer",
]
