# Written by api/generate.py.
from tflite_edu.contrib.batch_norm_layers import batch_norm as batch_norm
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
from tflite_edu.contrib.fully_connected_layers import fully_connected as fully_connected
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

__all__ = [
    "avg_pool2d",
    "avg_pool3d",
    "batch_norm",
    "bias_add",
    "conv1d",
    "conv2d",
    "conv2d_transpose",
    "conv3d",
    "conv3d_transpose",
    "convolution1d",
    "convolution2d",
    "convolution2d_transpose",
    "convolution3d",
    "convolution3d_transpose",
    "dropout",
    "flatten",
    "fully_connected",
    "max_pool2d",
    "max_pool3d",
    "one_hot_encoding",
    "repeat",
    "separable_conv2d",
    "separable_convolution2d",
    "softmax",
    "stack",
]
