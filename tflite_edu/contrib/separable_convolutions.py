"""`tf.contrib.layers.separable_conv2d`: each channel convolved by itself, then mixed."""

from __future__ import annotations

from typing import Any

from tflite_edu.contrib.argument_scopes import add_arg_scope
from tflite_edu.contrib.convolutions import finished
from tflite_edu.contrib.layer_variables import (
    check_format,
    layers_format,
    model_variable_getter,
)
from tflite_edu.contrib.model_variables import model_variable
from tflite_edu.contrib.named_outputs import (
    channel_dimension,
    collect_named_outputs,
    get_variable_collections,
    two_element_tuple,
)
from tflite_edu.contrib.weight_initializers import xavier_initializer
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.tensor import Tensor
from tflite_edu.layers.separable_convolutional import SeparableConv2D
from tflite_edu.ops.activations import relu
from tflite_edu.ops.bias import bias_add
from tflite_edu.ops.depthwise_convolution import depthwise_conv2d
from tflite_edu.variables.initializers import Zeros
from tflite_edu.variables.scope import variable_scope

_NAMES = {
    "bias": "biases",
    "depthwise_kernel": "depthwise_weights",
    "pointwise_kernel": "pointwise_weights",
}


@export(
    "contrib.layers.separable_conv2d",
    "contrib.slim.separable_conv2d",
    "contrib.layers.separable_convolution2d",
    "contrib.slim.separable_convolution2d",
    "contrib.slim.layers.separable_conv2d",
    "contrib.slim.layers.separable_convolution2d",
)
@add_arg_scope
def separable_convolution2d(
    inputs: Any,
    num_outputs: int | None,
    kernel_size: Any,
    depth_multiplier: int = 1,
    stride: Any = 1,
    padding: str = "SAME",
    data_format: str = "NHWC",
    rate: Any = 1,
    activation_fn: Any = relu,
    normalizer_fn: Any = None,
    normalizer_params: Any = None,
    weights_initializer: Any = xavier_initializer(),  # noqa: B008
    pointwise_initializer: Any = None,
    weights_regularizer: Any = None,
    biases_initializer: Any = Zeros(),  # noqa: B008
    biases_regularizer: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    scope: Any = None,
) -> Tensor:
    """A convolution of each channel of images, then one of single pixels that mixes the channels.

    Where `num_outputs` is None, without the second one: it then has `depth_multiplier` channels for
    each of the inputs'. Variables: depthwise_weights [height, width, n, depth_multiplier],
    pointwise_weights [1, 1, n * depth_multiplier, num_outputs] and biases. `pointwise_initializer`
    is by default `weights_initializer`. See `convolution` for the other arguments.
    """
    check_format(data_format)
    with variable_scope(
        scope,
        "SeparableConv2d",
        [inputs],
        reuse=reuse,
        custom_getter=model_variable_getter(_NAMES),
    ) as sc:
        inputs = convert_to_tensor(inputs)
        ending = {
            "activation_fn": activation_fn,
            "normalizer_fn": normalizer_fn,
            "normalizer_params": normalizer_params,
            "variables_collections": variables_collections,
            "outputs_collections": outputs_collections,
        }
        if num_outputs is not None:
            layer = SeparableConv2D(
                filters=num_outputs,
                kernel_size=kernel_size,
                strides=stride,
                padding=padding,
                data_format=layers_format(data_format),
                dilation_rate=two_element_tuple(rate),
                activation=None,
                depth_multiplier=depth_multiplier,
                use_bias=bool(not normalizer_fn and biases_initializer),
                depthwise_initializer=weights_initializer,
                pointwise_initializer=pointwise_initializer or weights_initializer,
                bias_initializer=biases_initializer,
                depthwise_regularizer=weights_regularizer,
                pointwise_regularizer=weights_regularizer,
                bias_regularizer=biases_regularizer,
                trainable=trainable,
                name=sc.name,
                _scope=sc,
                _reuse=reuse,
            )
            kernels = ("depthwise_kernel", "pointwise_kernel")
            return finished(layer, layer(inputs), sc.name, kernels=kernels, **ending)
        channels = channel_dimension(inputs.shape, layers_format(data_format), min_rank=4)
        weights = model_variable(
            "depthwise_weights",
            shape=[*two_element_tuple(kernel_size), channels, depth_multiplier],
            dtype=inputs.dtype.base_dtype,
            initializer=weights_initializer,
            regularizer=weights_regularizer,
            trainable=trainable,
            collections=get_variable_collections(variables_collections, "weights"),
        )
        steps = two_element_tuple(stride)
        outputs = depthwise_conv2d(
            inputs,
            weights,
            [1, 1, *steps] if data_format == "NCHW" else [1, *steps, 1],
            padding,
            rate=two_element_tuple(rate),
            data_format=data_format,
        )
        if normalizer_fn is not None:
            outputs = normalizer_fn(outputs, **(normalizer_params or {}))
        elif biases_initializer is not None:
            biases = model_variable(
                "biases",
                shape=[depth_multiplier * channels],
                dtype=inputs.dtype.base_dtype,
                initializer=biases_initializer,
                regularizer=biases_regularizer,
                trainable=trainable,
                collections=get_variable_collections(variables_collections, "biases"),
            )
            outputs = bias_add(outputs, biases, data_format=data_format)
        if activation_fn is not None:
            outputs = activation_fn(outputs)
        return collect_named_outputs(outputs_collections, sc.name, outputs)
