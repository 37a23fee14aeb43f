"""`tf.contrib.layers.max_pool2d` and its kin: the greatest or the mean of each window."""

from __future__ import annotations

from typing import Any

from tflite_edu.contrib.argument_scopes import add_arg_scope
from tflite_edu.contrib.layer_variables import check_format, layers_format
from tflite_edu.contrib.named_outputs import collect_named_outputs
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.layers.window_pooling import (
    AveragePooling2D,
    AveragePooling3D,
    MaxPooling2D,
    MaxPooling3D,
)


@export("contrib.layers.avg_pool2d", "contrib.slim.avg_pool2d", "contrib.slim.layers.avg_pool2d")
@add_arg_scope
def avg_pool2d(
    inputs: Any,
    kernel_size: Any,
    stride: Any = 2,
    padding: str = "VALID",
    data_format: str = "NHWC",
    outputs_collections: Any = None,
    scope: str | None = None,
) -> Tensor:
    """The mean of each window of each channel of [batch, height, width, channels].

    The result joins `outputs_collections` under the name of the scope. Raises ValueError on another
    format.
    """
    check_format(data_format, ("NCHW", "NHWC"))
    return _pooled(
        AveragePooling2D,
        "AvgPool2D",
        inputs,
        kernel_size,
        stride,
        padding,
        data_format,
        outputs_collections,
        scope,
    )


@export("contrib.layers.avg_pool3d", "contrib.slim.avg_pool3d", "contrib.slim.layers.avg_pool3d")
@add_arg_scope
def avg_pool3d(
    inputs: Any,
    kernel_size: Any,
    stride: Any = 2,
    padding: str = "VALID",
    data_format: str = "NDHWC",
    outputs_collections: Any = None,
    scope: str | None = None,
) -> Tensor:
    """The mean of each window of each channel of [batch, depth, height, width, channels].

    The result joins `outputs_collections` under the name of the scope. Raises ValueError on another
    format.
    """
    check_format(data_format, ("NCDHW", "NDHWC"))
    return _pooled(
        AveragePooling3D,
        "AvgPool3D",
        inputs,
        kernel_size,
        stride,
        padding,
        data_format,
        outputs_collections,
        scope,
    )


@export("contrib.layers.max_pool2d", "contrib.slim.max_pool2d", "contrib.slim.layers.max_pool2d")
@add_arg_scope
def max_pool2d(
    inputs: Any,
    kernel_size: Any,
    stride: Any = 2,
    padding: str = "VALID",
    data_format: str = "NHWC",
    outputs_collections: Any = None,
    scope: str | None = None,
) -> Tensor:
    """The greatest of each window of each channel of [batch, height, width, channels].

    The result joins `outputs_collections` under the name of the scope. Raises ValueError on another
    format.
    """
    check_format(data_format, ("NCHW", "NHWC"))
    return _pooled(
        MaxPooling2D,
        "MaxPool2D",
        inputs,
        kernel_size,
        stride,
        padding,
        data_format,
        outputs_collections,
        scope,
    )


@export("contrib.layers.max_pool3d", "contrib.slim.max_pool3d", "contrib.slim.layers.max_pool3d")
@add_arg_scope
def max_pool3d(
    inputs: Any,
    kernel_size: Any,
    stride: Any = 2,
    padding: str = "VALID",
    data_format: str = "NDHWC",
    outputs_collections: Any = None,
    scope: str | None = None,
) -> Tensor:
    """The greatest of each window of each channel of [batch, depth, height, width, channels].

    The result joins `outputs_collections` under the name of the scope. Raises ValueError on another
    format.
    """
    check_format(data_format, ("NCDHW", "NDHWC"))
    return _pooled(
        MaxPooling3D,
        "MaxPool3D",
        inputs,
        kernel_size,
        stride,
        padding,
        data_format,
        outputs_collections,
        scope,
    )


def _pooled(
    layer_class: Any,
    default_name: str,
    inputs: Any,
    kernel_size: Any,
    stride: Any,
    padding: str,
    data_format: str,
    outputs_collections: Any,
    scope: str | None,
) -> Tensor:
    with name_scope(scope, default_name, [inputs]) as sc:
        inputs = convert_to_tensor(inputs)
        layer = layer_class(
            pool_size=kernel_size,
            strides=stride,
            padding=padding,
            data_format=layers_format(data_format),
            _scope=sc,
        )
        return collect_named_outputs(outputs_collections, sc, layer(inputs))
