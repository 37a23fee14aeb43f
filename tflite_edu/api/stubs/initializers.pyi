# Written by api/generate.py.
from tflite_edu.ops.lookup import tables_initializer as tables_initializer
from tflite_edu.variables.collections import global_variables_initializer as global_variables
from tflite_edu.variables.collections import local_variables_initializer as local_variables
from tflite_edu.variables.collections import variables_initializer as variables
from tflite_edu.variables.initializers import Constant as constant
from tflite_edu.variables.initializers import GlorotNormal as glorot_normal
from tflite_edu.variables.initializers import GlorotUniform as glorot_uniform
from tflite_edu.variables.initializers import Identity as identity
from tflite_edu.variables.initializers import Ones as ones
from tflite_edu.variables.initializers import Orthogonal as orthogonal
from tflite_edu.variables.initializers import RandomNormal as random_normal
from tflite_edu.variables.initializers import RandomUniform as random_uniform
from tflite_edu.variables.initializers import TruncatedNormal as truncated_normal
from tflite_edu.variables.initializers import UniformUnitScaling as uniform_unit_scaling
from tflite_edu.variables.initializers import VarianceScaling as variance_scaling
from tflite_edu.variables.initializers import Zeros as zeros
from tflite_edu.variables.initializers import he_normal as he_normal
from tflite_edu.variables.initializers import he_uniform as he_uniform
from tflite_edu.variables.initializers import lecun_normal as lecun_normal
from tflite_edu.variables.initializers import lecun_uniform as lecun_uniform

__all__ = [
    "constant",
    "global_variables",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "identity",
    "lecun_normal",
    "lecun_uniform",
    "local_variables",
    "ones",
    "orthogonal",
    "random_normal",
    "random_uniform",
    "tables_initializer",
    "truncated_normal",
    "uniform_unit_scaling",
    "variables",
    "variance_scaling",
    "zeros",
]
