# Written by api/generate.py.
from tflite_edu.api.stubs import contrib_slim_initializers as initializers
from tflite_edu.api.stubs import contrib_slim_layers as layers
from tflite_edu.api.stubs import contrib_slim_learning as learning
from tflite_edu.api.stubs import contrib_slim_metrics as metrics
from tflite_edu.api.stubs import contrib_slim_regularizers as regularizers
from tflite_edu.api.stubs import contrib_slim_summaries as summaries
from tflite_edu.api.stubs import contrib_slim_utils as utils
from tflite_edu.contrib.argument_scopes import add_arg_scope as add_arg_scope
from tflite_edu.contrib.argument_scopes import arg_scope as arg_scope
from tflite_edu.contrib.argument_scopes import arg_scope_func_key as arg_scope_func_key
from tflite_edu.contrib.argument_scopes import arg_scoped_arguments as arg_scoped_arguments
from tflite_edu.contrib.argument_scopes import current_arg_scope as current_arg_scope
from tflite_edu.contrib.argument_scopes import has_arg_scope as has_arg_scope
from tflite_edu.contrib.batch_norm_layers import batch_norm as batch_norm
from tflite_edu.contrib.checkpoint_assignment import assign_from_checkpoint as assign_from_checkpoint
from tflite_edu.contrib.checkpoint_assignment import assign_from_checkpoint_fn as assign_from_checkpoint_fn
from tflite_edu.contrib.checkpoint_assignment import assign_from_values as assign_from_values
from tflite_edu.contrib.checkpoint_assignment import assign_from_values_fn as assign_from_values_fn
from tflite_edu.contrib.collected_summaries import summarize_activation as summarize_activation
from tflite_edu.contrib.collected_summaries import summarize_activations as summarize_activations
from tflite_edu.contrib.collected_summaries import summarize_biases as summarize_biases
from tflite_edu.contrib.collected_summaries import summarize_collection as summarize_collection
from tflite_edu.contrib.collected_summaries import summarize_tensor as summarize_tensor
from tflite_edu.contrib.collected_summaries import summarize_tensors as summarize_tensors
from tflite_edu.contrib.collected_summaries import summarize_variables as summarize_variables
from tflite_edu.contrib.collected_summaries import summarize_weights as summarize_weights
from tflite_edu.contrib.convolutions import convolution as convolution
from tflite_edu.contrib.convolutions import convolution1d as conv1d
from tflite_edu.contrib.convolutions import convolution1d as convolution1d
from tflite_edu.contrib.convolutions import convolution2d as conv2d
from tflite_edu.contrib.convolutions import convolution2d as convolution2d
from tflite_edu.contrib.convolutions import convolution2d_transpose as conv2d_transpose
from tflite_edu.contrib.convolutions import convolution2d_transpose as convolution2d_transpose
from tflite_edu.contrib.convolutions import convolution3d as conv3d
from tflite_edu.contrib.convolutions import convolution3d as convolution3d
from tflite_edu.contrib.convolutions import convolution3d_transpose as conv3d_transpose
from tflite_edu.contrib.convolutions import convolution3d_transpose as convolution3d_transpose
from tflite_edu.contrib.embedded_sequences import embed_sequence as embed_sequence
from tflite_edu.contrib.embedded_sequences import embedding_lookup_unique as embedding_lookup_unique
from tflite_edu.contrib.fully_connected_layers import elu as elu
from tflite_edu.contrib.fully_connected_layers import fully_connected as fully_connected
from tflite_edu.contrib.fully_connected_layers import linear as linear
from tflite_edu.contrib.fully_connected_layers import relu as relu
from tflite_edu.contrib.fully_connected_layers import relu6 as relu6
from tflite_edu.contrib.loss_optimizing import OPTIMIZER_CLS_NAMES as OPTIMIZER_CLS_NAMES
from tflite_edu.contrib.loss_optimizing import OPTIMIZER_SUMMARIES as OPTIMIZER_SUMMARIES
from tflite_edu.contrib.loss_optimizing import optimize_loss as optimize_loss
from tflite_edu.contrib.model_variables import add_model_variable as add_model_variable
from tflite_edu.contrib.model_variables import assert_global_step as assert_global_step
from tflite_edu.contrib.model_variables import create_global_step as create_global_step
from tflite_edu.contrib.model_variables import filter_variables as filter_variables
from tflite_edu.contrib.model_variables import get_global_step as get_global_step
from tflite_edu.contrib.model_variables import get_local_variables as get_local_variables
from tflite_edu.contrib.model_variables import get_model_variables as get_model_variables
from tflite_edu.contrib.model_variables import get_or_create_global_step as get_or_create_global_step
from tflite_edu.contrib.model_variables import get_trainable_variables as get_trainable_variables
from tflite_edu.contrib.model_variables import get_unique_variable as get_unique_variable
from tflite_edu.contrib.model_variables import get_variable_full_name as get_variable_full_name
from tflite_edu.contrib.model_variables import get_variables as get_variables
from tflite_edu.contrib.model_variables import get_variables_by_name as get_variables_by_name
from tflite_edu.contrib.model_variables import get_variables_by_suffix as get_variables_by_suffix
from tflite_edu.contrib.model_variables import get_variables_to_restore as get_variables_to_restore
from tflite_edu.contrib.model_variables import global_variable as global_variable
from tflite_edu.contrib.model_variables import local_variable as local_variable
from tflite_edu.contrib.model_variables import model_variable as model_variable
from tflite_edu.contrib.model_variables import variable as variable
from tflite_edu.contrib.norm_layers import instance_norm as instance_norm
from tflite_edu.contrib.norm_layers import layer_norm as layer_norm
from tflite_edu.contrib.plain_layers import bias_add as bias_add
from tflite_edu.contrib.plain_layers import dropout as dropout
from tflite_edu.contrib.plain_layers import flatten as flatten
from tflite_edu.contrib.plain_layers import one_hot_encoding as one_hot_encoding
from tflite_edu.contrib.plain_layers import softmax as softmax
from tflite_edu.contrib.pool_layers import avg_pool2d as avg_pool2d
from tflite_edu.contrib.pool_layers import avg_pool3d as avg_pool3d
from tflite_edu.contrib.pool_layers import max_pool2d as max_pool2d
from tflite_edu.contrib.pool_layers import max_pool3d as max_pool3d
from tflite_edu.contrib.repeated_layers import repeat as repeat
from tflite_edu.contrib.repeated_layers import stack as stack
from tflite_edu.contrib.separable_convolutions import separable_convolution2d as separable_conv2d
from tflite_edu.contrib.separable_convolutions import separable_convolution2d as separable_convolution2d
from tflite_edu.contrib.weight_initializers import variance_scaling_initializer as variance_scaling_initializer
from tflite_edu.contrib.weight_initializers import xavier_initializer as xavier_initializer
from tflite_edu.contrib.weight_initializers import xavier_initializer as xavier_initializer_conv2d
from tflite_edu.contrib.weight_regularizers import apply_regularization as apply_regularization
from tflite_edu.contrib.weight_regularizers import l1_l2_regularizer as l1_l2_regularizer
from tflite_edu.contrib.weight_regularizers import l1_regularizer as l1_regularizer
from tflite_edu.contrib.weight_regularizers import l2_regularizer as l2_regularizer
from tflite_edu.contrib.weight_regularizers import sum_regularizer as sum_regularizer

__all__ = [
    "OPTIMIZER_CLS_NAMES",
    "OPTIMIZER_SUMMARIES",
    "add_arg_scope",
    "add_model_variable",
    "apply_regularization",
    "arg_scope",
    "arg_scope_func_key",
    "arg_scoped_arguments",
    "assert_global_step",
    "assign_from_checkpoint",
    "assign_from_checkpoint_fn",
    "assign_from_values",
    "assign_from_values_fn",
    "avg_pool2d",
    "avg_pool3d",
    "batch_norm",
    "bias_add",
    "conv1d",
    "conv2d",
    "conv2d_transpose",
    "conv3d",
    "conv3d_transpose",
    "convolution",
    "convolution1d",
    "convolution2d",
    "convolution2d_transpose",
    "convolution3d",
    "convolution3d_transpose",
    "create_global_step",
    "current_arg_scope",
    "dropout",
    "elu",
    "embed_sequence",
    "embedding_lookup_unique",
    "filter_variables",
    "flatten",
    "fully_connected",
    "get_global_step",
    "get_local_variables",
    "get_model_variables",
    "get_or_create_global_step",
    "get_trainable_variables",
    "get_unique_variable",
    "get_variable_full_name",
    "get_variables",
    "get_variables_by_name",
    "get_variables_by_suffix",
    "get_variables_to_restore",
    "global_variable",
    "has_arg_scope",
    "initializers",
    "instance_norm",
    "l1_l2_regularizer",
    "l1_regularizer",
    "l2_regularizer",
    "layer_norm",
    "layers",
    "learning",
    "linear",
    "local_variable",
    "max_pool2d",
    "max_pool3d",
    "metrics",
    "model_variable",
    "one_hot_encoding",
    "optimize_loss",
    "regularizers",
    "relu",
    "relu6",
    "repeat",
    "separable_conv2d",
    "separable_convolution2d",
    "softmax",
    "stack",
    "sum_regularizer",
    "summaries",
    "summarize_activation",
    "summarize_activations",
    "summarize_biases",
    "summarize_collection",
    "summarize_tensor",
    "summarize_tensors",
    "summarize_variables",
    "summarize_weights",
    "utils",
    "variable",
    "variance_scaling_initializer",
    "xavier_initializer",
    "xavier_initializer_conv2d",
]
