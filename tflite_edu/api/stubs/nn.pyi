# Written by api/generate.py.
from tflite_edu.autodiff.swish import swish as swish
from tflite_edu.ops.activations import crelu as crelu
from tflite_edu.ops.activations import elu as elu
from tflite_edu.ops.activations import leaky_relu as leaky_relu
from tflite_edu.ops.activations import relu as relu
from tflite_edu.ops.activations import relu6 as relu6
from tflite_edu.ops.activations import selu as selu
from tflite_edu.ops.activations import softplus as softplus
from tflite_edu.ops.activations import softsign as softsign
from tflite_edu.ops.bias import bias_add as bias_add
from tflite_edu.ops.bias import relu_layer as relu_layer
from tflite_edu.ops.bias import xw_plus_b as xw_plus_b
from tflite_edu.ops.candidate_sampling import all_candidate_sampler as all_candidate_sampler
from tflite_edu.ops.candidate_sampling import compute_accidental_hits as compute_accidental_hits
from tflite_edu.ops.candidate_sampling import fixed_unigram_candidate_sampler as fixed_unigram_candidate_sampler
from tflite_edu.ops.candidate_sampling import log_uniform_candidate_sampler as log_uniform_candidate_sampler
from tflite_edu.ops.candidate_sampling import uniform_candidate_sampler as uniform_candidate_sampler
from tflite_edu.ops.convolution import conv2d as conv2d
from tflite_edu.ops.convolution import conv2d_backprop_filter as conv2d_backprop_filter
from tflite_edu.ops.convolution import conv2d_backprop_input as conv2d_backprop_input
from tflite_edu.ops.convolution import conv2d_transpose as conv2d_transpose
from tflite_edu.ops.convolution_1d import conv1d as conv1d
from tflite_edu.ops.convolution_1d import conv1d_transpose as conv1d_transpose
from tflite_edu.ops.convolution_1d import conv_transpose as conv_transpose
from tflite_edu.ops.convolution_3d import conv3d as conv3d
from tflite_edu.ops.convolution_3d import conv3d_backprop_filter as conv3d_backprop_filter
from tflite_edu.ops.convolution_3d import conv3d_backprop_filter as conv3d_backprop_filter_v2
from tflite_edu.ops.convolution_3d import conv3d_transpose as conv3d_transpose
from tflite_edu.ops.cross_entropy import log_poisson_loss as log_poisson_loss
from tflite_edu.ops.cross_entropy import sigmoid_cross_entropy_with_logits as sigmoid_cross_entropy_with_logits
from tflite_edu.ops.cross_entropy import softmax_cross_entropy_with_logits as softmax_cross_entropy_with_logits
from tflite_edu.ops.cross_entropy import softmax_cross_entropy_with_logits_v2 as softmax_cross_entropy_with_logits_v2
from tflite_edu.ops.cross_entropy import sparse_softmax_cross_entropy_with_logits as sparse_softmax_cross_entropy_with_logits
from tflite_edu.ops.cross_entropy import weighted_cross_entropy_with_logits as weighted_cross_entropy_with_logits
from tflite_edu.ops.ctc import ctc_loss as ctc_loss
from tflite_edu.ops.ctc_decoding import ctc_beam_search_decoder as ctc_beam_search_decoder
from tflite_edu.ops.ctc_decoding import ctc_beam_search_decoder_v2 as ctc_beam_search_decoder_v2
from tflite_edu.ops.ctc_decoding import ctc_greedy_decoder as ctc_greedy_decoder
from tflite_edu.ops.depthwise_convolution import depthwise_conv2d as depthwise_conv2d
from tflite_edu.ops.depthwise_convolution import depthwise_conv2d_native as depthwise_conv2d_native
from tflite_edu.ops.depthwise_convolution import depthwise_conv2d_native_backprop_filter as depthwise_conv2d_backprop_filter
from tflite_edu.ops.depthwise_convolution import depthwise_conv2d_native_backprop_filter as depthwise_conv2d_native_backprop_filter
from tflite_edu.ops.depthwise_convolution import depthwise_conv2d_native_backprop_input as depthwise_conv2d_backprop_input
from tflite_edu.ops.depthwise_convolution import depthwise_conv2d_native_backprop_input as depthwise_conv2d_native_backprop_input
from tflite_edu.ops.depthwise_convolution import separable_conv2d as separable_conv2d
from tflite_edu.ops.dilated_convolution import atrous_conv2d as atrous_conv2d
from tflite_edu.ops.dilated_convolution import atrous_conv2d_transpose as atrous_conv2d_transpose
from tflite_edu.ops.dilated_convolution import convolution as convolution
from tflite_edu.ops.dilated_convolution import with_space_to_batch as with_space_to_batch
from tflite_edu.ops.dropout import dropout as dropout
from tflite_edu.ops.embedding import embedding_lookup as embedding_lookup
from tflite_edu.ops.exponential import sigmoid as sigmoid
from tflite_edu.ops.l2 import l2_loss as l2_loss
from tflite_edu.ops.l2 import l2_normalize as l2_normalize
from tflite_edu.ops.moments import moments as moments
from tflite_edu.ops.moments import normalize_moments as normalize_moments
from tflite_edu.ops.moments import sufficient_statistics as sufficient_statistics
from tflite_edu.ops.moments import weighted_moments as weighted_moments
from tflite_edu.ops.morphology import dilation2d as dilation2d
from tflite_edu.ops.morphology import erosion2d as erosion2d
from tflite_edu.ops.normalization import batch_norm_with_global_normalization as batch_norm_with_global_normalization
from tflite_edu.ops.normalization import batch_normalization as batch_normalization
from tflite_edu.ops.normalization import fused_batch_norm as fused_batch_norm
from tflite_edu.ops.normalization import local_response_normalization as local_response_normalization
from tflite_edu.ops.normalization import local_response_normalization as lrn
from tflite_edu.ops.pooling import avg_pool as avg_pool
from tflite_edu.ops.pooling import avg_pool as avg_pool2d
from tflite_edu.ops.pooling import max_pool as max_pool
from tflite_edu.ops.pooling import max_pool2d as max_pool2d
from tflite_edu.ops.pooling import max_pool_with_argmax as max_pool_with_argmax
from tflite_edu.ops.pooling_3d import avg_pool3d as avg_pool3d
from tflite_edu.ops.pooling_3d import max_pool3d as max_pool3d
from tflite_edu.ops.pooling_by_rank import avg_pool1d as avg_pool1d
from tflite_edu.ops.pooling_by_rank import avg_pool_v2 as avg_pool_v2
from tflite_edu.ops.pooling_by_rank import max_pool1d as max_pool1d
from tflite_edu.ops.pooling_by_rank import max_pool_v2 as max_pool_v2
from tflite_edu.ops.pooling_by_rank import pool as pool
from tflite_edu.ops.sampled_losses import nce_loss as nce_loss
from tflite_edu.ops.sampled_losses import sampled_softmax_loss as sampled_softmax_loss
from tflite_edu.ops.softmax import log_softmax as log_softmax
from tflite_edu.ops.softmax import softmax as softmax
from tflite_edu.ops.sorting import in_top_k as in_top_k
from tflite_edu.ops.sorting import top_k as top_k
from tflite_edu.ops.space_and_batch import depth_to_space as depth_to_space
from tflite_edu.ops.space_and_batch import space_to_batch as space_to_batch
from tflite_edu.ops.space_and_batch import space_to_depth as space_to_depth
from tflite_edu.ops.sparse_embedding import embedding_lookup_sparse as embedding_lookup_sparse
from tflite_edu.ops.sparse_embedding import safe_embedding_lookup_sparse as safe_embedding_lookup_sparse
from tflite_edu.ops.sparsity import zero_fraction as zero_fraction
from tflite_edu.ops.trigonometry import tanh as tanh

__all__ = [
    "all_candidate_sampler",
    "atrous_conv2d",
    "atrous_conv2d_transpose",
    "avg_pool",
    "avg_pool1d",
    "avg_pool2d",
    "avg_pool3d",
    "avg_pool_v2",
    "batch_norm_with_global_normalization",
    "batch_normalization",
    "bias_add",
    "compute_accidental_hits",
    "conv1d",
    "conv1d_transpose",
    "conv2d",
    "conv2d_backprop_filter",
    "conv2d_backprop_input",
    "conv2d_transpose",
    "conv3d",
    "conv3d_backprop_filter",
    "conv3d_backprop_filter_v2",
    "conv3d_transpose",
    "conv_transpose",
    "convolution",
    "crelu",
    "ctc_beam_search_decoder",
    "ctc_beam_search_decoder_v2",
    "ctc_greedy_decoder",
    "ctc_loss",
    "depth_to_space",
    "depthwise_conv2d",
    "depthwise_conv2d_backprop_filter",
    "depthwise_conv2d_backprop_input",
    "depthwise_conv2d_native",
    "depthwise_conv2d_native_backprop_filter",
    "depthwise_conv2d_native_backprop_input",
    "dilation2d",
    "dropout",
    "elu",
    "embedding_lookup",
    "embedding_lookup_sparse",
    "erosion2d",
    "fixed_unigram_candidate_sampler",
    "fused_batch_norm",
    "in_top_k",
    "l2_loss",
    "l2_normalize",
    "leaky_relu",
    "local_response_normalization",
    "log_poisson_loss",
    "log_softmax",
    "log_uniform_candidate_sampler",
    "lrn",
    "max_pool",
    "max_pool1d",
    "max_pool2d",
    "max_pool3d",
    "max_pool_v2",
    "max_pool_with_argmax",
    "moments",
    "nce_loss",
    "normalize_moments",
    "pool",
    "relu",
    "relu6",
    "relu_layer",
    "safe_embedding_lookup_sparse",
    "sampled_softmax_loss",
    "selu",
    "separable_conv2d",
    "sigmoid",
    "sigmoid_cross_entropy_with_logits",
    "softmax",
    "softmax_cross_entropy_with_logits",
    "softmax_cross_entropy_with_logits_v2",
    "softplus",
    "softsign",
    "space_to_batch",
    "space_to_depth",
    "sparse_softmax_cross_entropy_with_logits",
    "sufficient_statistics",
    "swish",
    "tanh",
    "top_k",
    "uniform_candidate_sampler",
    "weighted_cross_entropy_with_logits",
    "weighted_moments",
    "with_space_to_batch",
    "xw_plus_b",
    "zero_fraction",
]
