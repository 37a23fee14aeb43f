# Written by api/generate.py.
from tflite_edu.contrib.batch_norm_layers import batch_norm as batch_norm
from tflite_edu.contrib.collected_summaries import summarize_activation as summarize_activation
from tflite_edu.contrib.collected_summaries import summarize_activations as summarize_activations
from tflite_edu.contrib.collected_summaries import summarize_collection as summarize_collection
from tflite_edu.contrib.collected_summaries import summarize_tensor as summarize_tensor
from tflite_edu.contrib.collected_summaries import summarize_tensors as summarize_tensors
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
    "apply_regularization",
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
    "dropout",
    "elu",
    "embed_sequence",
    "embedding_lookup_unique",
    "flatten",
    "fully_connected",
    "instance_norm",
    "l1_l2_regularizer",
    "l1_regularizer",
    "l2_regularizer",
    "layer_norm",
    "linear",
    "max_pool2d",
    "max_pool3d",
    "one_hot_encoding",
    "optimize_loss",
    "relu",
    "relu6",
    "repeat",
    "separable_conv2d",
    "separable_convolution2d",
    "softmax",
    "stack",
    "sum_regularizer",
    "summarize_activation",
    "summarize_activations",
    "summarize_collection",
    "summarize_tensor",
    "summarize_tensors",
    "variance_scaling_initializer",
    "xavier_initializer",
    "xavier_initializer_conv2d",
]
