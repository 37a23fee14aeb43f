# Written by api/generate.py.
from tflite_edu.variables.initializers import Constant as Constant
from tflite_edu.variables.initializers import Constant as constant
from tflite_edu.variables.initializers import GlorotNormal as glorot_normal
from tflite_edu.variables.initializers import GlorotUniform as glorot_uniform
from tflite_edu.variables.initializers import Identity as Identity
from tflite_edu.variables.initializers import Identity as identity
from tflite_edu.variables.initializers import Initializer as Initializer
from tflite_edu.variables.initializers import Ones as Ones
from tflite_edu.variables.initializers import Ones as ones
from tflite_edu.variables.initializers import Orthogonal as Orthogonal
from tflite_edu.variables.initializers import Orthogonal as orthogonal
from tflite_edu.variables.initializers import VarianceScaling as VarianceScaling
from tflite_edu.variables.initializers import Zeros as Zeros
from tflite_edu.variables.initializers import Zeros as zeros
from tflite_edu.variables.initializers import he_normal as he_normal
from tflite_edu.variables.initializers import he_uniform as he_uniform
from tflite_edu.variables.initializers import lecun_normal as lecun_normal
from tflite_edu.variables.initializers import lecun_uniform as lecun_uniform
from tflite_edu.variables.keras_initializers import RandomNormal as RandomNormal
from tflite_edu.variables.keras_initializers import RandomNormal as normal
from tflite_edu.variables.keras_initializers import RandomNormal as random_normal
from tflite_edu.variables.keras_initializers import RandomUniform as RandomUniform
from tflite_edu.variables.keras_initializers import RandomUniform as random_uniform
from tflite_edu.variables.keras_initializers import RandomUniform as uniform
from tflite_edu.variables.keras_initializers import TruncatedNormal as TruncatedNormal
from tflite_edu.variables.keras_initializers import TruncatedNormal as truncated_normal
from tflite_edu.variables.keras_initializers import deserialize as deserialize
from tflite_edu.variables.keras_initializers import get as get
from tflite_edu.variables.keras_initializers import serialize as serialize

__all__ = [
    "Constant",
    "Identity",
    "Initializer",
    "Ones",
    "Orthogonal",
    "RandomNormal",
    "RandomUniform",
    "TruncatedNormal",
    "VarianceScaling",
    "Zeros",
    "constant",
    "deserialize",
    "get",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "identity",
    "lecun_normal",
    "lecun_uniform",
    "normal",
    "ones",
    "orthogonal",
    "random_normal",
    "random_uniform",
    "serialize",
    "truncated_normal",
    "uniform",
    "zeros",
]
