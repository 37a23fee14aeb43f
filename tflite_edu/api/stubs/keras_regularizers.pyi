# Written by api/generate.py.
from tflite_edu.layers.keras_regularizers import L1L2 as L1L2
from tflite_edu.layers.keras_regularizers import Regularizer as Regularizer
from tflite_edu.layers.keras_regularizers import deserialize as deserialize
from tflite_edu.layers.keras_regularizers import get as get
from tflite_edu.layers.keras_regularizers import l1 as l1
from tflite_edu.layers.keras_regularizers import l1_l2 as l1_l2
from tflite_edu.layers.keras_regularizers import l2 as l2
from tflite_edu.layers.keras_regularizers import serialize as serialize

__all__ = [
    "L1L2",
    "Regularizer",
    "deserialize",
    "get",
    "l1",
    "l1_l2",
    "l2",
    "serialize",
]
