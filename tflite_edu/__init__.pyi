# Written by api/generate.py.
from tflite_edu.api.stubs import app as app
from tflite_edu.api.stubs import bitwise as bitwise
from tflite_edu.api.stubs import compat as compat
from tflite_edu.api.stubs import config as config
from tflite_edu.api.stubs import contrib as contrib
from tflite_edu.api.stubs import debugging as debugging
from tflite_edu.api.stubs import dtypes as dtypes
from tflite_edu.api.stubs import errors as errors
from tflite_edu.api.stubs import flags as flags
from tflite_edu.api.stubs import gfile as gfile
from tflite_edu.api.stubs import graph_util as graph_util
from tflite_edu.api.stubs import image as image
from tflite_edu.api.stubs import initializers as initializers
from tflite_edu.api.stubs import io as io
from tflite_edu.api.stubs import keras as keras
from tflite_edu.api.stubs import layers as layers
from tflite_edu.api.stubs import linalg as linalg
from tflite_edu.api.stubs import logging as logging
from tflite_edu.api.stubs import lookup as lookup
from tflite_edu.api.stubs import losses as losses
from tflite_edu.api.stubs import manip as manip
from tflite_edu.api.stubs import math as math
from tflite_edu.api.stubs import metrics as metrics
from tflite_edu.api.stubs import nest as nest
from tflite_edu.api.stubs import nn as nn
from tflite_edu.api.stubs import python_io as python_io
from tflite_edu.api.stubs import random as random
from tflite_edu.api.stubs import resource_loader as resource_loader
from tflite_edu.api.stubs import saved_model as saved_model
from tflite_edu.api.stubs import sets as sets
from tflite_edu.api.stubs import signal as signal
from tflite_edu.api.stubs import sparse as sparse
from tflite_edu.api.stubs import spectral as spectral
from tflite_edu.api.stubs import strings as strings
from tflite_edu.api.stubs import summary as summary
from tflite_edu.api.stubs import teach as teach
from tflite_edu.api.stubs import test as test
from tflite_edu.api.stubs import train as train
from tflite_edu.api.stubs import version as version
from tflite_edu.autodiff.aggregation import AggregationMethod as AggregationMethod
from tflite_edu.autodiff.custom_gradient import custom_gradient as custom_gradient
from tflite_edu.autodiff.gradients import UnconnectedGradients as UnconnectedGradients
from tflite_edu.autodiff.gradients import gradients as gradients
from tflite_edu.autodiff.hessians import hessians as hessians
from tflite_edu.autodiff.registry import NotDifferentiable as NoGradient
from tflite_edu.autodiff.registry import NotDifferentiable as NotDifferentiable
from tflite_edu.autodiff.registry import NotDifferentiable as no_gradient
from tflite_edu.autodiff.registry import RegisterGradient as RegisterGradient
from tflite_edu.compat.behavior import disable_control_flow_v2 as disable_control_flow_v2
from tflite_edu.compat.behavior import disable_eager_execution as disable_eager_execution
from tflite_edu.compat.behavior import disable_tensor_equality as disable_tensor_equality
from tflite_edu.compat.behavior import disable_v2_behavior as disable_v2_behavior
from tflite_edu.compat.behavior import disable_v2_tensorshape as disable_v2_tensorshape
from tflite_edu.compat.behavior import enable_eager_execution as enable_eager_execution
from tflite_edu.compat.behavior import enable_v2_behavior as enable_v2_behavior
from tflite_edu.compat.behavior import executing_eagerly as executing_eagerly
from tflite_edu.core.constant import constant as constant
from tflite_edu.core.constant_value import constant_value as get_static_value
from tflite_edu.core.convert import convert_to_tensor as convert_to_tensor
from tflite_edu.core.convert import register_tensor_conversion_function as register_tensor_conversion_function
from tflite_edu.core.device import DeviceSpec as DeviceSpec
from tflite_edu.core.dimension import Dimension as Dimension
from tflite_edu.core.dimension import dimension_value as dimension_value
from tflite_edu.core.dtypes import DType as DType
from tflite_edu.core.dtypes import QUANTIZED_DTYPES as QUANTIZED_DTYPES
from tflite_edu.core.dtypes import as_dtype as as_dtype
from tflite_edu.core.dtypes import bfloat16 as bfloat16
from tflite_edu.core.dtypes import bool as bool
from tflite_edu.core.dtypes import complex128 as complex128
from tflite_edu.core.dtypes import complex64 as complex64
from tflite_edu.core.dtypes import double as double
from tflite_edu.core.dtypes import float16 as float16
from tflite_edu.core.dtypes import float32 as float32
from tflite_edu.core.dtypes import float64 as float64
from tflite_edu.core.dtypes import half as half
from tflite_edu.core.dtypes import int16 as int16
from tflite_edu.core.dtypes import int32 as int32
from tflite_edu.core.dtypes import int64 as int64
from tflite_edu.core.dtypes import int8 as int8
from tflite_edu.core.dtypes import qint16 as qint16
from tflite_edu.core.dtypes import qint32 as qint32
from tflite_edu.core.dtypes import qint8 as qint8
from tflite_edu.core.dtypes import quint16 as quint16
from tflite_edu.core.dtypes import quint8 as quint8
from tflite_edu.core.dtypes import resource as resource
from tflite_edu.core.dtypes import string as string
from tflite_edu.core.dtypes import uint16 as uint16
from tflite_edu.core.dtypes import uint32 as uint32
from tflite_edu.core.dtypes import uint64 as uint64
from tflite_edu.core.dtypes import uint8 as uint8
from tflite_edu.core.dtypes import variant as variant
from tflite_edu.core.errors import OpError as OpError
from tflite_edu.core.graph import Graph as Graph
from tflite_edu.core.graph import get_default_graph as get_default_graph
from tflite_edu.core.graph import reset_default_graph as reset_default_graph
from tflite_edu.core.graph_collections import add_to_collection as add_to_collection
from tflite_edu.core.graph_collections import add_to_collections as add_to_collections
from tflite_edu.core.graph_collections import get_collection as get_collection
from tflite_edu.core.graph_collections import get_collection_ref as get_collection_ref
from tflite_edu.core.indexed_slices import IndexedSlices as IndexedSlices
from tflite_edu.core.indexed_slices import convert_to_tensor_or_indexed_slices as convert_to_tensor_or_indexed_slices
from tflite_edu.core.keys import GraphKeys as GraphKeys
from tflite_edu.core.operation import Operation as Operation
from tflite_edu.core.scopes import colocate_with as colocate_with
from tflite_edu.core.scopes import control_dependencies as control_dependencies
from tflite_edu.core.scopes import device as device
from tflite_edu.core.scopes import init_scope as init_scope
from tflite_edu.core.scopes import name_scope as name_scope
from tflite_edu.core.scopes import op_scope as op_scope
from tflite_edu.core.seeds import get_seed as get_seed
from tflite_edu.core.seeds import set_random_seed as set_random_seed
from tflite_edu.core.shapes import TensorShape as TensorShape
from tflite_edu.core.shapes import dimension_at_index as dimension_at_index
from tflite_edu.core.sparse_tensor import SparseTensor as SparseTensor
from tflite_edu.core.sparse_tensor import SparseTensorValue as SparseTensorValue
from tflite_edu.core.sparse_tensor import convert_to_tensor_or_sparse_tensor as convert_to_tensor_or_sparse_tensor
from tflite_edu.core.tensor import Tensor as Tensor
from tflite_edu.core.tensor_spec import TensorSpec as TensorSpec
from tflite_edu.io.importer import import_graph_def as import_graph_def
from tflite_edu.io.protos import AttrValue as AttrValue
from tflite_edu.io.protos import ConfigProto as ConfigProto
from tflite_edu.io.protos import GPUOptions as GPUOptions
from tflite_edu.io.protos import GraphDef as GraphDef
from tflite_edu.io.protos import GraphOptions as GraphOptions
from tflite_edu.io.protos import MetaGraphDef as MetaGraphDef
from tflite_edu.io.protos import NameAttrList as NameAttrList
from tflite_edu.io.protos import NodeDef as NodeDef
from tflite_edu.io.protos import OptimizerOptions as OptimizerOptions
from tflite_edu.io.protos import RunMetadata as RunMetadata
from tflite_edu.io.protos import RunOptions as RunOptions
from tflite_edu.io.protos import TensorInfo as TensorInfo
from tflite_edu.io.protos import make_ndarray as make_ndarray
from tflite_edu.io.protos import make_tensor_proto as make_tensor_proto
from tflite_edu.ops.add_n import accumulate_n as accumulate_n
from tflite_edu.ops.add_n import add_n as add_n
from tflite_edu.ops.arg_extrema import arg_max as arg_max
from tflite_edu.ops.arg_extrema import arg_min as arg_min
from tflite_edu.ops.arg_extrema import argmax as argmax
from tflite_edu.ops.arg_extrema import argmin as argmin
from tflite_edu.ops.arithmetic import add as add
from tflite_edu.ops.arithmetic import maximum as maximum
from tflite_edu.ops.arithmetic import minimum as minimum
from tflite_edu.ops.arithmetic import multiply as multiply
from tflite_edu.ops.arithmetic import pow as pow
from tflite_edu.ops.arithmetic import scalar_mul as scalar_mul
from tflite_edu.ops.arithmetic import squared_difference as squared_difference
from tflite_edu.ops.arithmetic import subtract as subtract
from tflite_edu.ops.assertions import assert_equal as assert_equal
from tflite_edu.ops.assertions import assert_greater as assert_greater
from tflite_edu.ops.assertions import assert_greater_equal as assert_greater_equal
from tflite_edu.ops.assertions import assert_integer as assert_integer
from tflite_edu.ops.assertions import assert_less as assert_less
from tflite_edu.ops.assertions import assert_less_equal as assert_less_equal
from tflite_edu.ops.assertions import assert_near as assert_near
from tflite_edu.ops.assertions import assert_negative as assert_negative
from tflite_edu.ops.assertions import assert_non_negative as assert_non_negative
from tflite_edu.ops.assertions import assert_non_positive as assert_non_positive
from tflite_edu.ops.assertions import assert_none_equal as assert_none_equal
from tflite_edu.ops.assertions import assert_positive as assert_positive
from tflite_edu.ops.assertions import assert_proper_iterable as assert_proper_iterable
from tflite_edu.ops.assertions import assert_rank as assert_rank
from tflite_edu.ops.assertions import assert_rank_at_least as assert_rank_at_least
from tflite_edu.ops.assertions import assert_rank_in as assert_rank_in
from tflite_edu.ops.assertions import assert_same_float_dtype as assert_same_float_dtype
from tflite_edu.ops.assertions import assert_scalar as assert_scalar
from tflite_edu.ops.assertions import assert_type as assert_type
from tflite_edu.ops.assertions import is_numeric_tensor as is_numeric_tensor
from tflite_edu.ops.broadcasting import broadcast_dynamic_shape as broadcast_dynamic_shape
from tflite_edu.ops.broadcasting import broadcast_static_shape as broadcast_static_shape
from tflite_edu.ops.case import case as case
from tflite_edu.ops.casting import bitcast as bitcast
from tflite_edu.ops.casting import cast as cast
from tflite_edu.ops.casting import saturate_cast as saturate_cast
from tflite_edu.ops.casting import to_bfloat16 as to_bfloat16
from tflite_edu.ops.casting import to_complex128 as to_complex128
from tflite_edu.ops.casting import to_complex64 as to_complex64
from tflite_edu.ops.casting import to_double as to_double
from tflite_edu.ops.casting import to_float as to_float
from tflite_edu.ops.casting import to_int32 as to_int32
from tflite_edu.ops.casting import to_int64 as to_int64
from tflite_edu.ops.checking import add_check_numerics_ops as add_check_numerics_ops
from tflite_edu.ops.checking import assert_that as Assert
from tflite_edu.ops.checking import check_numerics as check_numerics
from tflite_edu.ops.checking import verify_tensor_all_finite as verify_tensor_all_finite
from tflite_edu.ops.clipping import clip_by_average_norm as clip_by_average_norm
from tflite_edu.ops.clipping import clip_by_global_norm as clip_by_global_norm
from tflite_edu.ops.clipping import clip_by_norm as clip_by_norm
from tflite_edu.ops.clipping import clip_by_value as clip_by_value
from tflite_edu.ops.clipping import global_norm as global_norm
from tflite_edu.ops.comparison import equal as equal
from tflite_edu.ops.comparison import greater as greater
from tflite_edu.ops.comparison import greater_equal as greater_equal
from tflite_edu.ops.comparison import less as less
from tflite_edu.ops.comparison import less_equal as less_equal
from tflite_edu.ops.comparison import not_equal as not_equal
from tflite_edu.ops.complex_numbers import angle as angle
from tflite_edu.ops.complex_numbers import complex as complex
from tflite_edu.ops.complex_numbers import conj as conj
from tflite_edu.ops.complex_numbers import imag as imag
from tflite_edu.ops.complex_numbers import real as real
from tflite_edu.ops.conditional import cond as cond
from tflite_edu.ops.confusion_matrix import confusion_matrix as confusion_matrix
from tflite_edu.ops.constants import fill as fill
from tflite_edu.ops.constants import ones as ones
from tflite_edu.ops.constants import ones_like as ones_like
from tflite_edu.ops.constants import placeholder as placeholder
from tflite_edu.ops.constants import placeholder_with_default as placeholder_with_default
from tflite_edu.ops.constants import zeros as zeros
from tflite_edu.ops.constants import zeros_like as zeros_like
from tflite_edu.ops.contraction import einsum as einsum
from tflite_edu.ops.contraction import tensordot as tensordot
from tflite_edu.ops.contraction import trace as trace
from tflite_edu.ops.control import group as group
from tflite_edu.ops.control import no_op as no_op
from tflite_edu.ops.control import tuple as tuple
from tflite_edu.ops.cross_product import cross as cross
from tflite_edu.ops.decode_csv import decode_csv as decode_csv
from tflite_edu.ops.decoding import decode_base64 as decode_base64
from tflite_edu.ops.decoding import decode_compressed as decode_compressed
from tflite_edu.ops.decoding import decode_json_example as decode_json_example
from tflite_edu.ops.decoding import decode_raw as decode_raw
from tflite_edu.ops.decoding import encode_base64 as encode_base64
from tflite_edu.ops.decoding import parse_tensor as parse_tensor
from tflite_edu.ops.decoding import serialize_tensor as serialize_tensor
from tflite_edu.ops.decompositions import cholesky as cholesky
from tflite_edu.ops.decompositions import self_adjoint_eig as self_adjoint_eig
from tflite_edu.ops.decompositions import self_adjoint_eigvals as self_adjoint_eigvals
from tflite_edu.ops.decompositions import svd as svd
from tflite_edu.ops.division import div as div
from tflite_edu.ops.division import div_no_nan as div_no_nan
from tflite_edu.ops.division import divide as divide
from tflite_edu.ops.division import floor_div as floor_div
from tflite_edu.ops.division import floordiv as floordiv
from tflite_edu.ops.division import floormod as floormod
from tflite_edu.ops.division import floormod as mod
from tflite_edu.ops.division import realdiv as realdiv
from tflite_edu.ops.division import truediv as truediv
from tflite_edu.ops.division import truncatediv as truncatediv
from tflite_edu.ops.division import truncatemod as truncatemod
from tflite_edu.ops.error_function import erf as erf
from tflite_edu.ops.error_function import erfc as erfc
from tflite_edu.ops.exponential import exp as exp
from tflite_edu.ops.exponential import expm1 as expm1
from tflite_edu.ops.exponential import log as log
from tflite_edu.ops.exponential import log1p as log1p
from tflite_edu.ops.exponential import log_sigmoid as log_sigmoid
from tflite_edu.ops.exponential import sigmoid as sigmoid
from tflite_edu.ops.file_reading import matching_files as matching_files
from tflite_edu.ops.file_reading import read_file as read_file
from tflite_edu.ops.file_reading import write_file as write_file
from tflite_edu.ops.fourier import fft as fft
from tflite_edu.ops.fourier import fft2d as fft2d
from tflite_edu.ops.fourier import fft3d as fft3d
from tflite_edu.ops.fourier import ifft as ifft
from tflite_edu.ops.fourier import ifft2d as ifft2d
from tflite_edu.ops.fourier import ifft3d as ifft3d
from tflite_edu.ops.gamma_functions import digamma as digamma
from tflite_edu.ops.gamma_functions import lbeta as lbeta
from tflite_edu.ops.gamma_functions import lgamma as lgamma
from tflite_edu.ops.gamma_functions import polygamma as polygamma
from tflite_edu.ops.gamma_functions import zeta as zeta
from tflite_edu.ops.gathering import batch_gather as batch_gather
from tflite_edu.ops.gathering import boolean_mask as boolean_mask
from tflite_edu.ops.gathering import gather as gather
from tflite_edu.ops.gathering import gather_nd as gather_nd
from tflite_edu.ops.gathering import scatter_nd as scatter_nd
from tflite_edu.ops.histograms import bincount as bincount
from tflite_edu.ops.histograms import histogram_fixed_width as histogram_fixed_width
from tflite_edu.ops.identity import ensure_shape as ensure_shape
from tflite_edu.ops.identity import guarantee_const as guarantee_const
from tflite_edu.ops.identity import identity as identity
from tflite_edu.ops.identity import identity_n as identity_n
from tflite_edu.ops.identity import stop_gradient as stop_gradient
from tflite_edu.ops.image_patches import extract_image_patches as extract_image_patches
from tflite_edu.ops.joining import concat as concat
from tflite_edu.ops.joining import split as split
from tflite_edu.ops.linear_systems import cholesky_solve as cholesky_solve
from tflite_edu.ops.linear_systems import matrix_solve as matrix_solve
from tflite_edu.ops.linear_systems import matrix_solve_ls as matrix_solve_ls
from tflite_edu.ops.linear_systems import matrix_triangular_solve as matrix_triangular_solve
from tflite_edu.ops.logic import logical_and as logical_and
from tflite_edu.ops.logic import logical_not as logical_not
from tflite_edu.ops.logic import logical_or as logical_or
from tflite_edu.ops.logic import logical_xor as logical_xor
from tflite_edu.ops.lookup import tables_initializer as tables_initializer
from tflite_edu.ops.matrices import band_part as matrix_band_part
from tflite_edu.ops.matrices import eye as eye
from tflite_edu.ops.matrices import matrix_diag as matrix_diag
from tflite_edu.ops.matrices import matrix_diag_part as matrix_diag_part
from tflite_edu.ops.matrices import matrix_set_diag as matrix_set_diag
from tflite_edu.ops.matrices import tensor_diag as diag
from tflite_edu.ops.matrices import tensor_diag_part as diag_part
from tflite_edu.ops.matrix_product import matmul as matmul
from tflite_edu.ops.matrix_product import sparse_matmul as sparse_matmul
from tflite_edu.ops.norms import norm as norm
from tflite_edu.ops.one_hot import one_hot as one_hot
from tflite_edu.ops.one_hot import sequence_mask as sequence_mask
from tflite_edu.ops.packing import parallel_stack as parallel_stack
from tflite_edu.ops.packing import stack as stack
from tflite_edu.ops.packing import unstack as unstack
from tflite_edu.ops.padding import pad as pad
from tflite_edu.ops.parsing import parse_example as parse_example
from tflite_edu.ops.parsing import parse_single_example as parse_single_example
from tflite_edu.ops.parsing_features import FixedLenFeature as FixedLenFeature
from tflite_edu.ops.parsing_features import FixedLenSequenceFeature as FixedLenSequenceFeature
from tflite_edu.ops.parsing_features import SparseFeature as SparseFeature
from tflite_edu.ops.parsing_features import VarLenFeature as VarLenFeature
from tflite_edu.ops.partitioning import dynamic_partition as dynamic_partition
from tflite_edu.ops.partitioning import dynamic_stitch as dynamic_stitch
from tflite_edu.ops.partitioning import setdiff1d as setdiff1d
from tflite_edu.ops.partitioning import unique as unique
from tflite_edu.ops.partitioning import unique_with_counts as unique_with_counts
from tflite_edu.ops.permuting import invert_permutation as invert_permutation
from tflite_edu.ops.permuting import matrix_transpose as matrix_transpose
from tflite_edu.ops.permuting import transpose as transpose
from tflite_edu.ops.powers import reciprocal as reciprocal
from tflite_edu.ops.powers import rsqrt as rsqrt
from tflite_edu.ops.powers import sqrt as sqrt
from tflite_edu.ops.powers import square as square
from tflite_edu.ops.printing import print_through as Print
from tflite_edu.ops.printing import print_values as print
from tflite_edu.ops.python_functions import numpy_function as numpy_function
from tflite_edu.ops.python_functions import py_func as py_func
from tflite_edu.ops.qr import qr as qr
from tflite_edu.ops.quantifiers import reduce_all as reduce_all
from tflite_edu.ops.quantifiers import reduce_any as reduce_any
from tflite_edu.ops.random_crop import random_crop as random_crop
from tflite_edu.ops.random_distributions import multinomial as multinomial
from tflite_edu.ops.random_distributions import random_gamma as random_gamma
from tflite_edu.ops.random_distributions import random_poisson as random_poisson
from tflite_edu.ops.random_ops import random_normal as random_normal
from tflite_edu.ops.random_ops import random_shuffle as random_shuffle
from tflite_edu.ops.random_ops import random_uniform as random_uniform
from tflite_edu.ops.random_ops import truncated_normal as truncated_normal
from tflite_edu.ops.ranges import lin_space as lin_space
from tflite_edu.ops.ranges import lin_space as linspace
from tflite_edu.ops.ranges import range as range
from tflite_edu.ops.reductions import reduce_max as reduce_max
from tflite_edu.ops.reductions import reduce_mean as reduce_mean
from tflite_edu.ops.reductions import reduce_min as reduce_min
from tflite_edu.ops.reductions import reduce_prod as reduce_prod
from tflite_edu.ops.reductions import reduce_sum as reduce_sum
from tflite_edu.ops.reference_variables import assign as assign
from tflite_edu.ops.reference_variables import assign_add as assign_add
from tflite_edu.ops.reference_variables import assign_sub as assign_sub
from tflite_edu.ops.reference_variables import count_up_to as count_up_to
from tflite_edu.ops.reference_variables import is_variable_initialized as is_variable_initialized
from tflite_edu.ops.reshaping import expand_dims as expand_dims
from tflite_edu.ops.reshaping import reshape as reshape
from tflite_edu.ops.reshaping import squeeze as squeeze
from tflite_edu.ops.reversing import reverse as reverse
from tflite_edu.ops.reversing import reverse as reverse_v2
from tflite_edu.ops.reversing import reverse_sequence as reverse_sequence
from tflite_edu.ops.reversing import roll as roll
from tflite_edu.ops.rounding import ceil as ceil
from tflite_edu.ops.rounding import floor as floor
from tflite_edu.ops.rounding import is_finite as is_finite
from tflite_edu.ops.rounding import is_inf as is_inf
from tflite_edu.ops.rounding import is_nan as is_nan
from tflite_edu.ops.rounding import rint as rint
from tflite_edu.ops.rounding import round as round
from tflite_edu.ops.scans import cumprod as cumprod
from tflite_edu.ops.scans import cumsum as cumsum
from tflite_edu.ops.scatter_updates import batch_scatter_update as batch_scatter_update
from tflite_edu.ops.scatter_updates import scatter_add as scatter_add
from tflite_edu.ops.scatter_updates import scatter_div as scatter_div
from tflite_edu.ops.scatter_updates import scatter_max as scatter_max
from tflite_edu.ops.scatter_updates import scatter_min as scatter_min
from tflite_edu.ops.scatter_updates import scatter_mul as scatter_mul
from tflite_edu.ops.scatter_updates import scatter_nd_add as scatter_nd_add
from tflite_edu.ops.scatter_updates import scatter_nd_sub as scatter_nd_sub
from tflite_edu.ops.scatter_updates import scatter_nd_update as scatter_nd_update
from tflite_edu.ops.scatter_updates import scatter_sub as scatter_sub
from tflite_edu.ops.scatter_updates import scatter_update as scatter_update
from tflite_edu.ops.scattering import tensor_scatter_add as tensor_scatter_add
from tflite_edu.ops.scattering import tensor_scatter_add as tensor_scatter_nd_add
from tflite_edu.ops.scattering import tensor_scatter_sub as tensor_scatter_nd_sub
from tflite_edu.ops.scattering import tensor_scatter_sub as tensor_scatter_sub
from tflite_edu.ops.scattering import tensor_scatter_update as tensor_scatter_nd_update
from tflite_edu.ops.scattering import tensor_scatter_update as tensor_scatter_update
from tflite_edu.ops.searching import searchsorted as searchsorted
from tflite_edu.ops.searching import unravel_index as unravel_index
from tflite_edu.ops.segments import segment_max as segment_max
from tflite_edu.ops.segments import segment_mean as segment_mean
from tflite_edu.ops.segments import segment_min as segment_min
from tflite_edu.ops.segments import segment_prod as segment_prod
from tflite_edu.ops.segments import segment_sum as segment_sum
from tflite_edu.ops.selection import where as where
from tflite_edu.ops.selection import where_v2 as where_v2
from tflite_edu.ops.sequence_parsing import parse_single_sequence_example as parse_single_sequence_example
from tflite_edu.ops.shapes_of_tensors import rank as rank
from tflite_edu.ops.shapes_of_tensors import shape as shape
from tflite_edu.ops.shapes_of_tensors import shape_n as shape_n
from tflite_edu.ops.shapes_of_tensors import size as size
from tflite_edu.ops.signs import abs as abs
from tflite_edu.ops.signs import negative as negative
from tflite_edu.ops.signs import sign as sign
from tflite_edu.ops.slicing import newaxis as newaxis
from tflite_edu.ops.slicing import slice as slice
from tflite_edu.ops.slicing import strided_slice as strided_slice
from tflite_edu.ops.sorting import argsort as argsort
from tflite_edu.ops.sorting import sort as sort
from tflite_edu.ops.space_and_batch import batch_to_space as batch_to_space
from tflite_edu.ops.space_and_batch import batch_to_space_nd as batch_to_space_nd
from tflite_edu.ops.space_and_batch import depth_to_space as depth_to_space
from tflite_edu.ops.space_and_batch import required_space_to_batch_paddings as required_space_to_batch_paddings
from tflite_edu.ops.space_and_batch import space_to_batch as space_to_batch
from tflite_edu.ops.space_and_batch import space_to_batch_nd as space_to_batch_nd
from tflite_edu.ops.space_and_batch import space_to_depth as space_to_depth
from tflite_edu.ops.sparse_arithmetic import sparse_add as sparse_add
from tflite_edu.ops.sparse_arithmetic import sparse_maximum as sparse_maximum
from tflite_edu.ops.sparse_arithmetic import sparse_minimum as sparse_minimum
from tflite_edu.ops.sparse_axes import sparse_mask as sparse_mask
from tflite_edu.ops.sparse_axes import sparse_reset_shape as sparse_reset_shape
from tflite_edu.ops.sparse_axes import sparse_transpose as sparse_transpose
from tflite_edu.ops.sparse_edit_distance import edit_distance as edit_distance
from tflite_edu.ops.sparse_merge import sparse_merge as sparse_merge
from tflite_edu.ops.sparse_products import sparse_tensor_dense_matmul as sparse_tensor_dense_matmul
from tflite_edu.ops.sparse_reductions import sparse_reduce_max as sparse_reduce_max
from tflite_edu.ops.sparse_reductions import sparse_reduce_max_sparse as sparse_reduce_max_sparse
from tflite_edu.ops.sparse_reductions import sparse_reduce_sum as sparse_reduce_sum
from tflite_edu.ops.sparse_reductions import sparse_reduce_sum_sparse as sparse_reduce_sum_sparse
from tflite_edu.ops.sparse_reductions import sparse_softmax as sparse_softmax
from tflite_edu.ops.sparse_rows import sparse_fill_empty_rows as sparse_fill_empty_rows
from tflite_edu.ops.sparse_rows import sparse_to_indicator as sparse_to_indicator
from tflite_edu.ops.sparse_segments import sparse_segment_mean as sparse_segment_mean
from tflite_edu.ops.sparse_segments import sparse_segment_sqrt_n as sparse_segment_sqrt_n
from tflite_edu.ops.sparse_segments import sparse_segment_sum as sparse_segment_sum
from tflite_edu.ops.sparse_slices import sparse_concat as sparse_concat
from tflite_edu.ops.sparse_slices import sparse_slice as sparse_slice
from tflite_edu.ops.sparse_slices import sparse_split as sparse_split
from tflite_edu.ops.sparse_tensors import sparse_placeholder as sparse_placeholder
from tflite_edu.ops.sparse_tensors import sparse_reorder as sparse_reorder
from tflite_edu.ops.sparse_tensors import sparse_reshape as sparse_reshape
from tflite_edu.ops.sparse_tensors import sparse_retain as sparse_retain
from tflite_edu.ops.sparse_tensors import sparse_tensor_to_dense as sparse_tensor_to_dense
from tflite_edu.ops.sparse_to_dense import sparse_to_dense as sparse_to_dense
from tflite_edu.ops.square_matrices import matrix_determinant as matrix_determinant
from tflite_edu.ops.square_matrices import matrix_inverse as matrix_inverse
from tflite_edu.ops.statistics import count_nonzero as count_nonzero
from tflite_edu.ops.statistics import reduce_logsumexp as reduce_logsumexp
from tflite_edu.ops.strings import string_join as string_join
from tflite_edu.ops.strings import string_strip as string_strip
from tflite_edu.ops.strings import substr as substr
from tflite_edu.ops.strings_hashing import string_to_hash_bucket as string_to_hash_bucket
from tflite_edu.ops.strings_hashing import string_to_hash_bucket_fast as string_to_hash_bucket_fast
from tflite_edu.ops.strings_hashing import string_to_hash_bucket_strong as string_to_hash_bucket_strong
from tflite_edu.ops.strings_joining import reduce_join as reduce_join
from tflite_edu.ops.strings_numbers import as_string as as_string
from tflite_edu.ops.strings_numbers import string_to_number as string_to_number
from tflite_edu.ops.strings_patterns import regex_replace as regex_replace
from tflite_edu.ops.strings_splitting import string_split as string_split
from tflite_edu.ops.tensor_kinds import is_tensor as is_tensor
from tflite_edu.ops.tiling import broadcast_to as broadcast_to
from tflite_edu.ops.tiling import meshgrid as meshgrid
from tflite_edu.ops.tiling import tile as tile
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
from tflite_edu.platform.versions import COMPILER_VERSION as COMPILER_VERSION
from tflite_edu.platform.versions import COMPILER_VERSION as __compiler_version__
from tflite_edu.platform.versions import GIT_VERSION as GIT_VERSION
from tflite_edu.platform.versions import GIT_VERSION as __git_version__
from tflite_edu.platform.versions import VERSION as VERSION
from tflite_edu.platform.versions import VERSION as __version__
from tflite_edu.runtime.session import InteractiveSession as InteractiveSession
from tflite_edu.runtime.session import Session as Session
from tflite_edu.runtime.session import get_default_session as get_default_session
from tflite_edu.summary.file_writer import Event as Event
from tflite_edu.summary.file_writer import HistogramProto as HistogramProto
from tflite_edu.summary.file_writer import LogMessage as LogMessage
from tflite_edu.summary.file_writer import SessionLog as SessionLog
from tflite_edu.summary.file_writer import Summary as Summary
from tflite_edu.summary.file_writer import SummaryMetadata as SummaryMetadata
from tflite_edu.variables.collections import all_variables as all_variables
from tflite_edu.variables.collections import assert_variables_initialized as assert_variables_initialized
from tflite_edu.variables.collections import global_variables as global_variables
from tflite_edu.variables.collections import global_variables_initializer as global_variables_initializer
from tflite_edu.variables.collections import initialize_all_variables as initialize_all_variables
from tflite_edu.variables.collections import initialize_local_variables as initialize_local_variables
from tflite_edu.variables.collections import initialize_variables as initialize_variables
from tflite_edu.variables.collections import local_variables as local_variables
from tflite_edu.variables.collections import local_variables_initializer as local_variables_initializer
from tflite_edu.variables.collections import model_variables as model_variables
from tflite_edu.variables.collections import moving_average_variables as moving_average_variables
from tflite_edu.variables.collections import report_uninitialized_variables as report_uninitialized_variables
from tflite_edu.variables.collections import trainable_variables as trainable_variables
from tflite_edu.variables.collections import variables_initializer as variables_initializer
from tflite_edu.variables.initializers import Constant as constant_initializer
from tflite_edu.variables.initializers import GlorotNormal as glorot_normal_initializer
from tflite_edu.variables.initializers import GlorotUniform as glorot_uniform_initializer
from tflite_edu.variables.initializers import Ones as ones_initializer
from tflite_edu.variables.initializers import Orthogonal as orthogonal_initializer
from tflite_edu.variables.initializers import RandomNormal as random_normal_initializer
from tflite_edu.variables.initializers import RandomUniform as random_uniform_initializer
from tflite_edu.variables.initializers import TruncatedNormal as truncated_normal_initializer
from tflite_edu.variables.initializers import UniformUnitScaling as uniform_unit_scaling_initializer
from tflite_edu.variables.initializers import VarianceScaling as variance_scaling_initializer
from tflite_edu.variables.initializers import Zeros as zeros_initializer
from tflite_edu.variables.partitioners import create_partitioned_variables as create_partitioned_variables
from tflite_edu.variables.partitioners import fixed_size_partitioner as fixed_size_partitioner
from tflite_edu.variables.partitioners import min_max_variable_partitioner as min_max_variable_partitioner
from tflite_edu.variables.partitioners import variable_axis_size_partitioner as variable_axis_size_partitioner
from tflite_edu.variables.scope import get_local_variable as get_local_variable
from tflite_edu.variables.scope import get_variable as get_variable
from tflite_edu.variables.scope import get_variable_scope as get_variable_scope
from tflite_edu.variables.scope import variable_op_scope as variable_op_scope
from tflite_edu.variables.scope import variable_scope as variable_scope
from tflite_edu.variables.templates import make_template as make_template
from tflite_edu.variables.variable import Variable as Variable
from tflite_edu.variables.variable import VariableAggregation as VariableAggregation
from tflite_edu.variables.variable import VariableSynchronization as VariableSynchronization
from tflite_edu.variables.variable import disable_resource_variables as disable_resource_variables
from tflite_edu.variables.variable import enable_resource_variables as enable_resource_variables
from tflite_edu.variables.variable import resource_variables_enabled as resource_variables_enabled
from tflite_edu.variables.variable import variable_creator_scope as variable_creator_scope
from tflite_edu.variables.variable_scope import AUTO_REUSE as AUTO_REUSE
from tflite_edu.variables.variable_scope import VariableScope as VariableScope
from tflite_edu.variables.variable_scope import no_regularizer as no_regularizer

__all__ = [
    "AUTO_REUSE",
    "AggregationMethod",
    "Assert",
    "AttrValue",
    "COMPILER_VERSION",
    "ConfigProto",
    "DType",
    "DeviceSpec",
    "Dimension",
    "Event",
    "FixedLenFeature",
    "FixedLenSequenceFeature",
    "GIT_VERSION",
    "GPUOptions",
    "Graph",
    "GraphDef",
    "GraphKeys",
    "GraphOptions",
    "HistogramProto",
    "IndexedSlices",
    "InteractiveSession",
    "LogMessage",
    "MetaGraphDef",
    "NameAttrList",
    "NoGradient",
    "NodeDef",
    "NotDifferentiable",
    "OpError",
    "Operation",
    "OptimizerOptions",
    "Print",
    "QUANTIZED_DTYPES",
    "RegisterGradient",
    "RunMetadata",
    "RunOptions",
    "Session",
    "SessionLog",
    "SparseFeature",
    "SparseTensor",
    "SparseTensorValue",
    "Summary",
    "SummaryMetadata",
    "Tensor",
    "TensorInfo",
    "TensorShape",
    "TensorSpec",
    "UnconnectedGradients",
    "VERSION",
    "VarLenFeature",
    "Variable",
    "VariableAggregation",
    "VariableScope",
    "VariableSynchronization",
    "__compiler_version__",
    "__git_version__",
    "__version__",
    "abs",
    "accumulate_n",
    "acos",
    "acosh",
    "add",
    "add_check_numerics_ops",
    "add_n",
    "add_to_collection",
    "add_to_collections",
    "all_variables",
    "angle",
    "app",
    "arg_max",
    "arg_min",
    "argmax",
    "argmin",
    "argsort",
    "as_dtype",
    "as_string",
    "asin",
    "asinh",
    "assert_equal",
    "assert_greater",
    "assert_greater_equal",
    "assert_integer",
    "assert_less",
    "assert_less_equal",
    "assert_near",
    "assert_negative",
    "assert_non_negative",
    "assert_non_positive",
    "assert_none_equal",
    "assert_positive",
    "assert_proper_iterable",
    "assert_rank",
    "assert_rank_at_least",
    "assert_rank_in",
    "assert_same_float_dtype",
    "assert_scalar",
    "assert_type",
    "assert_variables_initialized",
    "assign",
    "assign_add",
    "assign_sub",
    "atan",
    "atan2",
    "atanh",
    "batch_gather",
    "batch_scatter_update",
    "batch_to_space",
    "batch_to_space_nd",
    "bfloat16",
    "bincount",
    "bitcast",
    "bitwise",
    "bool",
    "boolean_mask",
    "broadcast_dynamic_shape",
    "broadcast_static_shape",
    "broadcast_to",
    "case",
    "cast",
    "ceil",
    "check_numerics",
    "cholesky",
    "cholesky_solve",
    "clip_by_average_norm",
    "clip_by_global_norm",
    "clip_by_norm",
    "clip_by_value",
    "colocate_with",
    "compat",
    "complex",
    "complex128",
    "complex64",
    "concat",
    "cond",
    "config",
    "confusion_matrix",
    "conj",
    "constant",
    "constant_initializer",
    "contrib",
    "control_dependencies",
    "convert_to_tensor",
    "convert_to_tensor_or_indexed_slices",
    "convert_to_tensor_or_sparse_tensor",
    "cos",
    "cosh",
    "count_nonzero",
    "count_up_to",
    "create_partitioned_variables",
    "cross",
    "cumprod",
    "cumsum",
    "custom_gradient",
    "debugging",
    "decode_base64",
    "decode_compressed",
    "decode_csv",
    "decode_json_example",
    "decode_raw",
    "depth_to_space",
    "device",
    "diag",
    "diag_part",
    "digamma",
    "dimension_at_index",
    "dimension_value",
    "disable_control_flow_v2",
    "disable_eager_execution",
    "disable_resource_variables",
    "disable_tensor_equality",
    "disable_v2_behavior",
    "disable_v2_tensorshape",
    "div",
    "div_no_nan",
    "divide",
    "double",
    "dtypes",
    "dynamic_partition",
    "dynamic_stitch",
    "edit_distance",
    "einsum",
    "enable_eager_execution",
    "enable_resource_variables",
    "enable_v2_behavior",
    "encode_base64",
    "ensure_shape",
    "equal",
    "erf",
    "erfc",
    "errors",
    "executing_eagerly",
    "exp",
    "expand_dims",
    "expm1",
    "extract_image_patches",
    "eye",
    "fft",
    "fft2d",
    "fft3d",
    "fill",
    "fixed_size_partitioner",
    "flags",
    "float16",
    "float32",
    "float64",
    "floor",
    "floor_div",
    "floordiv",
    "floormod",
    "gather",
    "gather_nd",
    "get_collection",
    "get_collection_ref",
    "get_default_graph",
    "get_default_session",
    "get_local_variable",
    "get_seed",
    "get_static_value",
    "get_variable",
    "get_variable_scope",
    "gfile",
    "global_norm",
    "global_variables",
    "global_variables_initializer",
    "glorot_normal_initializer",
    "glorot_uniform_initializer",
    "gradients",
    "graph_util",
    "greater",
    "greater_equal",
    "group",
    "guarantee_const",
    "half",
    "hessians",
    "histogram_fixed_width",
    "identity",
    "identity_n",
    "ifft",
    "ifft2d",
    "ifft3d",
    "imag",
    "image",
    "import_graph_def",
    "init_scope",
    "initialize_all_variables",
    "initialize_local_variables",
    "initialize_variables",
    "initializers",
    "int16",
    "int32",
    "int64",
    "int8",
    "invert_permutation",
    "io",
    "is_finite",
    "is_inf",
    "is_nan",
    "is_numeric_tensor",
    "is_tensor",
    "is_variable_initialized",
    "keras",
    "layers",
    "lbeta",
    "less",
    "less_equal",
    "lgamma",
    "lin_space",
    "linalg",
    "linspace",
    "local_variables",
    "local_variables_initializer",
    "log",
    "log1p",
    "log_sigmoid",
    "logging",
    "logical_and",
    "logical_not",
    "logical_or",
    "logical_xor",
    "lookup",
    "losses",
    "make_ndarray",
    "make_template",
    "make_tensor_proto",
    "manip",
    "matching_files",
    "math",
    "matmul",
    "matrix_band_part",
    "matrix_determinant",
    "matrix_diag",
    "matrix_diag_part",
    "matrix_inverse",
    "matrix_set_diag",
    "matrix_solve",
    "matrix_solve_ls",
    "matrix_transpose",
    "matrix_triangular_solve",
    "maximum",
    "meshgrid",
    "metrics",
    "min_max_variable_partitioner",
    "minimum",
    "mod",
    "model_variables",
    "moving_average_variables",
    "multinomial",
    "multiply",
    "name_scope",
    "negative",
    "nest",
    "newaxis",
    "nn",
    "no_gradient",
    "no_op",
    "no_regularizer",
    "norm",
    "not_equal",
    "numpy_function",
    "one_hot",
    "ones",
    "ones_initializer",
    "ones_like",
    "op_scope",
    "orthogonal_initializer",
    "pad",
    "parallel_stack",
    "parse_example",
    "parse_single_example",
    "parse_single_sequence_example",
    "parse_tensor",
    "placeholder",
    "placeholder_with_default",
    "polygamma",
    "pow",
    "print",
    "py_func",
    "python_io",
    "qint16",
    "qint32",
    "qint8",
    "qr",
    "quint16",
    "quint8",
    "random",
    "random_crop",
    "random_gamma",
    "random_normal",
    "random_normal_initializer",
    "random_poisson",
    "random_shuffle",
    "random_uniform",
    "random_uniform_initializer",
    "range",
    "rank",
    "read_file",
    "real",
    "realdiv",
    "reciprocal",
    "reduce_all",
    "reduce_any",
    "reduce_join",
    "reduce_logsumexp",
    "reduce_max",
    "reduce_mean",
    "reduce_min",
    "reduce_prod",
    "reduce_sum",
    "regex_replace",
    "register_tensor_conversion_function",
    "report_uninitialized_variables",
    "required_space_to_batch_paddings",
    "reset_default_graph",
    "reshape",
    "resource",
    "resource_loader",
    "resource_variables_enabled",
    "reverse",
    "reverse_sequence",
    "reverse_v2",
    "rint",
    "roll",
    "round",
    "rsqrt",
    "saturate_cast",
    "saved_model",
    "scalar_mul",
    "scatter_add",
    "scatter_div",
    "scatter_max",
    "scatter_min",
    "scatter_mul",
    "scatter_nd",
    "scatter_nd_add",
    "scatter_nd_sub",
    "scatter_nd_update",
    "scatter_sub",
    "scatter_update",
    "searchsorted",
    "segment_max",
    "segment_mean",
    "segment_min",
    "segment_prod",
    "segment_sum",
    "self_adjoint_eig",
    "self_adjoint_eigvals",
    "sequence_mask",
    "serialize_tensor",
    "set_random_seed",
    "setdiff1d",
    "sets",
    "shape",
    "shape_n",
    "sigmoid",
    "sign",
    "signal",
    "sin",
    "sinh",
    "size",
    "slice",
    "sort",
    "space_to_batch",
    "space_to_batch_nd",
    "space_to_depth",
    "sparse",
    "sparse_add",
    "sparse_concat",
    "sparse_fill_empty_rows",
    "sparse_mask",
    "sparse_matmul",
    "sparse_maximum",
    "sparse_merge",
    "sparse_minimum",
    "sparse_placeholder",
    "sparse_reduce_max",
    "sparse_reduce_max_sparse",
    "sparse_reduce_sum",
    "sparse_reduce_sum_sparse",
    "sparse_reorder",
    "sparse_reset_shape",
    "sparse_reshape",
    "sparse_retain",
    "sparse_segment_mean",
    "sparse_segment_sqrt_n",
    "sparse_segment_sum",
    "sparse_slice",
    "sparse_softmax",
    "sparse_split",
    "sparse_tensor_dense_matmul",
    "sparse_tensor_to_dense",
    "sparse_to_dense",
    "sparse_to_indicator",
    "sparse_transpose",
    "spectral",
    "split",
    "sqrt",
    "square",
    "squared_difference",
    "squeeze",
    "stack",
    "stop_gradient",
    "strided_slice",
    "string",
    "string_join",
    "string_split",
    "string_strip",
    "string_to_hash_bucket",
    "string_to_hash_bucket_fast",
    "string_to_hash_bucket_strong",
    "string_to_number",
    "strings",
    "substr",
    "subtract",
    "summary",
    "svd",
    "tables_initializer",
    "tan",
    "tanh",
    "teach",
    "tensor_scatter_add",
    "tensor_scatter_nd_add",
    "tensor_scatter_nd_sub",
    "tensor_scatter_nd_update",
    "tensor_scatter_sub",
    "tensor_scatter_update",
    "tensordot",
    "test",
    "tile",
    "to_bfloat16",
    "to_complex128",
    "to_complex64",
    "to_double",
    "to_float",
    "to_int32",
    "to_int64",
    "trace",
    "train",
    "trainable_variables",
    "transpose",
    "truediv",
    "truncated_normal",
    "truncated_normal_initializer",
    "truncatediv",
    "truncatemod",
    "tuple",
    "uint16",
    "uint32",
    "uint64",
    "uint8",
    "uniform_unit_scaling_initializer",
    "unique",
    "unique_with_counts",
    "unravel_index",
    "unsorted_segment_max",
    "unsorted_segment_mean",
    "unsorted_segment_min",
    "unsorted_segment_prod",
    "unsorted_segment_sqrt_n",
    "unsorted_segment_sum",
    "unstack",
    "variable_axis_size_partitioner",
    "variable_creator_scope",
    "variable_op_scope",
    "variable_scope",
    "variables_initializer",
    "variance_scaling_initializer",
    "variant",
    "verify_tensor_all_finite",
    "version",
    "where",
    "where_v2",
    "write_file",
    "zeros",
    "zeros_initializer",
    "zeros_like",
    "zeta",
]
