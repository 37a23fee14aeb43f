# Written by api/generate.py.
from tflite_edu.ops.activations import softplus as softplus
from tflite_edu.ops.activations import softsign as softsign
from tflite_edu.ops.add_n import accumulate_n as accumulate_n
from tflite_edu.ops.add_n import add_n as add_n
from tflite_edu.ops.adjacent_numbers import nextafter as nextafter
from tflite_edu.ops.arg_extrema import argmax as argmax
from tflite_edu.ops.arg_extrema import argmin as argmin
from tflite_edu.ops.arithmetic import add as add
from tflite_edu.ops.arithmetic import maximum as maximum
from tflite_edu.ops.arithmetic import minimum as minimum
from tflite_edu.ops.arithmetic import multiply as multiply
from tflite_edu.ops.arithmetic import multiply_no_nan as multiply_no_nan
from tflite_edu.ops.arithmetic import polyval as polyval
from tflite_edu.ops.arithmetic import pow as pow
from tflite_edu.ops.arithmetic import scalar_mul as scalar_mul
from tflite_edu.ops.arithmetic import squared_difference as squared_difference
from tflite_edu.ops.arithmetic import subtract as subtract
from tflite_edu.ops.arithmetic import xlogy as xlogy
from tflite_edu.ops.comparison import equal as equal
from tflite_edu.ops.comparison import greater as greater
from tflite_edu.ops.comparison import greater_equal as greater_equal
from tflite_edu.ops.comparison import less as less
from tflite_edu.ops.comparison import less_equal as less_equal
from tflite_edu.ops.comparison import not_equal as not_equal
from tflite_edu.ops.complex_numbers import angle as angle
from tflite_edu.ops.complex_numbers import conj as conj
from tflite_edu.ops.complex_numbers import imag as imag
from tflite_edu.ops.complex_numbers import real as real
from tflite_edu.ops.confusion_matrix import confusion_matrix as confusion_matrix
from tflite_edu.ops.division import div_no_nan as divide_no_nan
from tflite_edu.ops.division import divide as divide
from tflite_edu.ops.division import floordiv as floordiv
from tflite_edu.ops.division import floormod as floormod
from tflite_edu.ops.division import floormod as mod
from tflite_edu.ops.division import truediv as truediv
from tflite_edu.ops.division import xdivy as xdivy
from tflite_edu.ops.error_function import erf as erf
from tflite_edu.ops.error_function import erfc as erfc
from tflite_edu.ops.exponential import exp as exp
from tflite_edu.ops.exponential import expm1 as expm1
from tflite_edu.ops.exponential import log as log
from tflite_edu.ops.exponential import log1p as log1p
from tflite_edu.ops.exponential import log_sigmoid as log_sigmoid
from tflite_edu.ops.exponential import sigmoid as sigmoid
from tflite_edu.ops.gamma_functions import digamma as digamma
from tflite_edu.ops.gamma_functions import lbeta as lbeta
from tflite_edu.ops.gamma_functions import lgamma as lgamma
from tflite_edu.ops.gamma_functions import polygamma as polygamma
from tflite_edu.ops.gamma_functions import zeta as zeta
from tflite_edu.ops.histograms import bincount as bincount
from tflite_edu.ops.l2 import l2_normalize as l2_normalize
from tflite_edu.ops.logic import logical_and as logical_and
from tflite_edu.ops.logic import logical_not as logical_not
from tflite_edu.ops.logic import logical_or as logical_or
from tflite_edu.ops.logic import logical_xor as logical_xor
from tflite_edu.ops.permuting import invert_permutation as invert_permutation
from tflite_edu.ops.powers import reciprocal as reciprocal
from tflite_edu.ops.powers import reciprocal_no_nan as reciprocal_no_nan
from tflite_edu.ops.powers import rsqrt as rsqrt
from tflite_edu.ops.powers import sqrt as sqrt
from tflite_edu.ops.powers import square as square
from tflite_edu.ops.quantifiers import reduce_all as reduce_all
from tflite_edu.ops.quantifiers import reduce_any as reduce_any
from tflite_edu.ops.reductions import reduce_euclidean_norm as reduce_euclidean_norm
from tflite_edu.ops.reductions import reduce_max as reduce_max
from tflite_edu.ops.reductions import reduce_mean as reduce_mean
from tflite_edu.ops.reductions import reduce_min as reduce_min
from tflite_edu.ops.reductions import reduce_prod as reduce_prod
from tflite_edu.ops.reductions import reduce_sum as reduce_sum
from tflite_edu.ops.rounding import ceil as ceil
from tflite_edu.ops.rounding import floor as floor
from tflite_edu.ops.rounding import is_finite as is_finite
from tflite_edu.ops.rounding import is_inf as is_inf
from tflite_edu.ops.rounding import is_nan as is_nan
from tflite_edu.ops.rounding import rint as rint
from tflite_edu.ops.rounding import round as round
from tflite_edu.ops.scans import cumprod as cumprod
from tflite_edu.ops.scans import cumsum as cumsum
from tflite_edu.ops.segments import segment_max as segment_max
from tflite_edu.ops.segments import segment_mean as segment_mean
from tflite_edu.ops.segments import segment_min as segment_min
from tflite_edu.ops.segments import segment_prod as segment_prod
from tflite_edu.ops.segments import segment_sum as segment_sum
from tflite_edu.ops.signs import abs as abs
from tflite_edu.ops.signs import negative as negative
from tflite_edu.ops.signs import sign as sign
from tflite_edu.ops.softmax import log_softmax as log_softmax
from tflite_edu.ops.softmax import softmax as softmax
from tflite_edu.ops.sorting import in_top_k as in_top_k
from tflite_edu.ops.sorting import top_k as top_k
from tflite_edu.ops.sparsity import zero_fraction as zero_fraction
from tflite_edu.ops.statistics import count_nonzero as count_nonzero
from tflite_edu.ops.statistics import reduce_logsumexp as reduce_logsumexp
from tflite_edu.ops.statistics import reduce_std as reduce_std
from tflite_edu.ops.statistics import reduce_variance as reduce_variance
from tflite_edu.ops.trigonometry import acos as acos
from tflite_edu.ops.trigonometry import acosh as acosh
from tflite_edu.ops.trigonometry import asin as asin
from tflite_edu.ops.trigonometry import asinh as asinh
from tflite_edu.ops.trigonometry import atan as atan
from tflite_edu.ops.trigonometry import atan2 as atan2
from tflite_edu.ops.trigonometry import atanh as atanh
from tflite_edu.ops.trigonometry import cos as cos
from tflite_edu.ops.trigonometry import cosh as cosh
from tflite_edu.ops.trigonometry import sin as sin
from tflite_edu.ops.trigonometry import sinh as sinh
from tflite_edu.ops.trigonometry import tan as tan
from tflite_edu.ops.trigonometry import tanh as tanh
from tflite_edu.ops.unsorted_segments import unsorted_segment_max as unsorted_segment_max
from tflite_edu.ops.unsorted_segments import unsorted_segment_mean as unsorted_segment_mean
from tflite_edu.ops.unsorted_segments import unsorted_segment_min as unsorted_segment_min
from tflite_edu.ops.unsorted_segments import unsorted_segment_prod as unsorted_segment_prod
from tflite_edu.ops.unsorted_segments import unsorted_segment_sqrt_n as unsorted_segment_sqrt_n
from tflite_edu.ops.unsorted_segments import unsorted_segment_sum as unsorted_segment_sum

__all__ = [
    "abs",
    "accumulate_n",
    "acos",
    "acosh",
    "add",
    "add_n",
    "angle",
    "argmax",
    "argmin",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "bincount",
    "ceil",
    "confusion_matrix",
    "conj",
    "cos",
    "cosh",
    "count_nonzero",
    "cumprod",
    "cumsum",
    "digamma",
    "divide",
    "divide_no_nan",
    "equal",
    "erf",
    "erfc",
    "exp",
    "expm1",
    "floor",
    "floordiv",
    "floormod",
    "greater",
    "greater_equal",
    "imag",
    "in_top_k",
    "invert_permutation",
    "is_finite",
    "is_inf",
    "is_nan",
    "l2_normalize",
    "lbeta",
    "less",
    "less_equal",
    "lgamma",
    "log",
    "log1p",
    "log_sigmoid",
    "log_softmax",
    "logical_and",
    "logical_not",
    "logical_or",
    "logical_xor",
    "maximum",
    "minimum",
    "mod",
    "multiply",
    "multiply_no_nan",
    "negative",
    "nextafter",
    "not_equal",
    "polygamma",
    "polyval",
    "pow",
    "real",
    "reciprocal",
    "reciprocal_no_nan",
    "reduce_all",
    "reduce_any",
    "reduce_euclidean_norm",
    "reduce_logsumexp",
    "reduce_max",
    "reduce_mean",
    "reduce_min",
    "reduce_prod",
    "reduce_std",
    "reduce_sum",
    "reduce_variance",
    "rint",
    "round",
    "rsqrt",
    "scalar_mul",
    "segment_max",
    "segment_mean",
    "segment_min",
    "segment_prod",
    "segment_sum",
    "sigmoid",
    "sign",
    "sin",
    "sinh",
    "softmax",
    "softplus",
    "softsign",
    "sqrt",
    "square",
    "squared_difference",
    "subtract",
    "tan",
    "tanh",
    "top_k",
    "truediv",
    "unsorted_segment_max",
    "unsorted_segment_mean",
    "unsorted_segment_min",
    "unsorted_segment_prod",
    "unsorted_segment_sqrt_n",
    "unsorted_segment_sum",
    "xdivy",
    "xlogy",
    "zero_fraction",
    "zeta",
]
