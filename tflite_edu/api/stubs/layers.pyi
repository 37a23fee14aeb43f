# Written by api/generate.py.
from tflite_edu.layers.base_layer import Layer as Layer
from tflite_edu.layers.batch_normalizing import BatchNormalization as BatchNormalization
from tflite_edu.layers.batch_normalizing import batch_normalization as batch_normalization
from tflite_edu.layers.convolutional import Conv1D as Conv1D
from tflite_edu.layers.convolutional import Conv2D as Conv2D
from tflite_edu.layers.convolutional import Conv3D as Conv3D
from tflite_edu.layers.convolutional import conv1d as conv1d
from tflite_edu.layers.convolutional import conv2d as conv2d
from tflite_edu.layers.convolutional import conv3d as conv3d
from tflite_edu.layers.fully_connected import Dense as Dense
from tflite_edu.layers.fully_connected import dense as dense
from tflite_edu.layers.input_specification import InputSpec as InputSpec
from tflite_edu.layers.separable_convolutional import SeparableConv1D as SeparableConv1D
from tflite_edu.layers.separable_convolutional import SeparableConv2D as SeparableConv2D
from tflite_edu.layers.separable_convolutional import separable_conv1d as separable_conv1d
from tflite_edu.layers.separable_convolutional import separable_conv2d as separable_conv2d
from tflite_edu.layers.simple import Dropout as Dropout
from tflite_edu.layers.simple import Flatten as Flatten
from tflite_edu.layers.simple import dropout as dropout
from tflite_edu.layers.simple import flatten as flatten
from tflite_edu.layers.transposed_convolutional import Conv2DTranspose as Conv2DTranspose
from tflite_edu.layers.transposed_convolutional import Conv3DTranspose as Conv3DTranspose
from tflite_edu.layers.transposed_convolutional import conv2d_transpose as conv2d_transpose
from tflite_edu.layers.transposed_convolutional import conv3d_transpose as conv3d_transpose
from tflite_edu.layers.window_pooling import AveragePooling1D as AveragePooling1D
from tflite_edu.layers.window_pooling import AveragePooling2D as AveragePooling2D
from tflite_edu.layers.window_pooling import AveragePooling3D as AveragePooling3D
from tflite_edu.layers.window_pooling import MaxPooling1D as MaxPooling1D
from tflite_edu.layers.window_pooling import MaxPooling2D as MaxPooling2D
from tflite_edu.layers.window_pooling import MaxPooling3D as MaxPooling3D
from tflite_edu.layers.window_pooling import average_pooling1d as average_pooling1d
from tflite_edu.layers.window_pooling import average_pooling2d as average_pooling2d
from tflite_edu.layers.window_pooling import average_pooling3d as average_pooling3d
from tflite_edu.layers.window_pooling import max_pooling1d as max_pooling1d
from tflite_edu.layers.window_pooling import max_pooling2d as max_pooling2d
from tflite_edu.layers.window_pooling import max_pooling3d as max_pooling3d

__all__ = [
    "AveragePooling1D",
    "AveragePooling2D",
    "AveragePooling3D",
    "BatchNormalization",
    "Conv1D",
    "Conv2D",
    "Conv2DTranspose",
    "Conv3D",
    "Conv3DTranspose",
    "Dense",
    "Dropout",
    "Flatten",
    "InputSpec",
    "Layer",
    "MaxPooling1D",
    "MaxPooling2D",
    "MaxPooling3D",
    "SeparableConv1D",
    "SeparableConv2D",
    "average_pooling1d",
    "average_pooling2d",
    "average_pooling3d",
    "batch_normalization",
    "conv1d",
    "conv2d",
    "conv2d_transpose",
    "conv3d",
    "conv3d_transpose",
    "dense",
    "dropout",
    "flatten",
    "max_pooling1d",
    "max_pooling2d",
    "max_pooling3d",
    "separable_conv1d",
    "separable_conv2d",
]
