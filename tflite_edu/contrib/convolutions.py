"""`tf.contrib.layers.conv2d` and its kin: convolution, normalization and activation in one."""

from __future__ import annotations

from typing import Any

from tflite_edu.contrib.argument_scopes import add_arg_scope
from tflite_edu.contrib.layer_variables import (
    add_to_collections,
    check_format,
    layers_format,
    model_variable_getter,
)
from tflite_edu.contrib.named_outputs import collect_named_outputs
from tflite_edu.contrib.weight_initializers import xavier_initializer
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.tensor import Tensor
from tflite_edu.layers.convolutional import Conv1D, Conv2D, Conv3D
from tflite_edu.layers.transposed_convolutional import Conv2DTranspose, Conv3DTranspose
from tflite_edu.ops.activations import relu
from tflite_edu.variables.initializers import Zeros
from tflite_edu.variables.scope import variable_scope

NAMES = {"bias": "biases", "kernel": "weights"}
"""What the variables of a layer of `tf.layers` are called here."""

_LAYERS: dict[int, Any] = {1: Conv1D, 2: Conv2D, 3: Conv3D}
_FORMATS = {1: ("NCW", "NWC"), 2: ("NHWC", "NCHW"), 3: ("NDHWC", "NCDHW")}


@export("contrib.layers.convolution", "contrib.slim.convolution")
@add_arg_scope
def convolution(
    inputs: Any,
    num_outputs: int,
    kernel_size: Any,
    stride: Any = 1,
    padding: str = "SAME",
    data_format: str | None = None,
    rate: Any = 1,
    activation_fn: Any = relu,
    normalizer_fn: Any = None,
    normalizer_params: Any = None,
    weights_initializer: Any = xavier_initializer(),  # noqa: B008
    weights_regularizer: Any = None,
    biases_initializer: Any = Zeros(),  # noqa: B008
    biases_regularizer: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    scope: Any = None,
    conv_dims: int | None = None,
) -> Tensor:
    """`activation_fn(normalizer_fn(conv(inputs, weights)))`, or with biases instead of the latter.

    [batch, axes..., n] to [batch, out axes..., num_outputs], where `data_format` begins with NC
    [batch, n, axes...]. As many axes as inputs have, or `conv_dims`: 1 to 3.

    Args:
      stride, rate: along all axes or each; not both above 1.
      normalizer_fn: gets the convolution and `normalizer_params`.
      biases_initializer: None for no biases.
      variables_collections: collections for the variables, or a dict of them by `weights` and
        `biases`.
      outputs_collections: what the result joins, under the name of the scope.

    Variables: weights [window..., n, num_outputs] and biases [num_outputs], model variables.
    Raises ValueError on another rank or format.
    """
    if data_format not in (None, "NWC", "NCW", "NHWC", "NCHW", "NDHWC", "NCDHW"):
        raise ValueError(f"Invalid data_format: {data_format!r}")
    getter = model_variable_getter(NAMES)
    with variable_scope(scope, "Conv", [inputs], reuse=reuse, custom_getter=getter) as sc:
        inputs = convert_to_tensor(inputs)
        rank = inputs.shape.ndims
        if conv_dims is not None and conv_dims + 2 != rank:
            raise ValueError(f"Convolution expects input with rank {conv_dims + 2}, got {rank}")
        if rank not in (3, 4, 5):
            raise ValueError("Convolution not supported for input with rank", rank)
        layer = _LAYERS[rank - 2](
            filters=num_outputs,
            kernel_size=kernel_size,
            strides=stride,
            padding=padding,
            data_format=layers_format(data_format),
            dilation_rate=rate,
            activation=None,
            use_bias=bool(not normalizer_fn and biases_initializer),
            kernel_initializer=weights_initializer,
            bias_initializer=biases_initializer,
            kernel_regularizer=weights_regularizer,
            bias_regularizer=biases_regularizer,
            trainable=trainable,
            name=sc.name,
            _scope=sc,
            _reuse=reuse,
        )
        outputs = layer(inputs)
        return finished(
            layer,
            outputs,
            sc.name,
            activation_fn=activation_fn,
            normalizer_fn=normalizer_fn,
            normalizer_params=normalizer_params,
            variables_collections=variables_collections,
            outputs_collections=outputs_collections,
        )


def finished(
    layer: Any,
    outputs: Tensor,
    name: str,
    activation_fn: Any,
    normalizer_fn: Any,
    normalizer_params: Any,
    variables_collections: Any,
    outputs_collections: Any,
    kernels: tuple[str, ...] = ("kernel",),
) -> Tensor:
    """A layer's outputs, normalized, activated and collected, as its variables are."""
    for kernel in kernels:
        add_to_collections(getattr(layer, kernel), variables_collections, "weights")
    if layer.bias is not None:
        add_to_collections(layer.bias, variables_collections, "biases")
    if normalizer_fn is not None:
        outputs = normalizer_fn(outputs, **(normalizer_params or {}))
    if activation_fn is not None:
        outputs = activation_fn(outputs)
    return collect_named_outputs(outputs_collections, name, outputs)


@export(
    "contrib.layers.conv1d",
    "contrib.slim.conv1d",
    "contrib.layers.convolution1d",
    "contrib.slim.convolution1d",
    "contrib.slim.layers.conv1d",
    "contrib.slim.layers.convolution1d",
)
@add_arg_scope
def convolution1d(
    inputs: Any,
    num_outputs: int,
    kernel_size: Any,
    stride: Any = 1,
    padding: str = "SAME",
    data_format: str | None = None,
    rate: Any = 1,
    activation_fn: Any = relu,
    normalizer_fn: Any = None,
    normalizer_params: Any = None,
    weights_initializer: Any = xavier_initializer(),  # noqa: B008
    weights_regularizer: Any = None,
    biases_initializer: Any = Zeros(),  # noqa: B008
    biases_regularizer: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    scope: Any = None,
) -> Tensor:
    """Convolution of sequences [batch, width, n] to [batch, out width, num_outputs].

    See `convolution`, of which it is the case of 1 axis.
    """
    result: Tensor = convolution(
        inputs,
        num_outputs,
        kernel_size,
        stride,
        padding,
        data_format,
        rate,
        activation_fn,
        normalizer_fn,
        normalizer_params,
        weights_initializer,
        weights_regularizer,
        biases_initializer,
        biases_regularizer,
        reuse,
        variables_collections,
        outputs_collections,
        trainable,
        scope,
        conv_dims=1,
    )
    return result


@export(
    "contrib.layers.conv2d",
    "contrib.slim.conv2d",
    "contrib.layers.convolution2d",
    "contrib.slim.convolution2d",
    "contrib.slim.layers.conv2d",
    "contrib.slim.layers.convolution2d",
)
@add_arg_scope
def convolution2d(
    inputs: Any,
    num_outputs: int,
    kernel_size: Any,
    stride: Any = 1,
    padding: str = "SAME",
    data_format: str | None = None,
    rate: Any = 1,
    activation_fn: Any = relu,
    normalizer_fn: Any = None,
    normalizer_params: Any = None,
    weights_initializer: Any = xavier_initializer(),  # noqa: B008
    weights_regularizer: Any = None,
    biases_initializer: Any = Zeros(),  # noqa: B008
    biases_regularizer: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    scope: Any = None,
) -> Tensor:
    """Convolution of images to [batch, out height, out width, num_outputs].

    See `convolution`, of which it is the case of 2 axes.
    """
    result: Tensor = convolution(
        inputs,
        num_outputs,
        kernel_size,
        stride,
        padding,
        data_format,
        rate,
        activation_fn,
        normalizer_fn,
        normalizer_params,
        weights_initializer,
        weights_regularizer,
        biases_initializer,
        biases_regularizer,
        reuse,
        variables_collections,
        outputs_collections,
        trainable,
        scope,
        conv_dims=2,
    )
    return result


@export(
    "contrib.layers.conv3d",
    "contrib.slim.conv3d",
    "contrib.layers.convolution3d",
    "contrib.slim.convolution3d",
    "contrib.slim.layers.conv3d",
    "contrib.slim.layers.convolution3d",
)
@add_arg_scope
def convolution3d(
    inputs: Any,
    num_outputs: int,
    kernel_size: Any,
    stride: Any = 1,
    padding: str = "SAME",
    data_format: str | None = None,
    rate: Any = 1,
    activation_fn: Any = relu,
    normalizer_fn: Any = None,
    normalizer_params: Any = None,
    weights_initializer: Any = xavier_initializer(),  # noqa: B008
    weights_regularizer: Any = None,
    biases_initializer: Any = Zeros(),  # noqa: B008
    biases_regularizer: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    scope: Any = None,
) -> Tensor:
    """Convolution of volumes to [batch, out depth, out height, out width, num_outputs].

    See `convolution`, of which it is the case of 3 axes.
    """
    result: Tensor = convolution(
        inputs,
        num_outputs,
        kernel_size,
        stride,
        padding,
        data_format,
        rate,
        activation_fn,
        normalizer_fn,
        normalizer_params,
        weights_initializer,
        weights_regularizer,
        biases_initializer,
        biases_regularizer,
        reuse,
        variables_collections,
        outputs_collections,
        trainable,
        scope,
        conv_dims=3,
    )
    return result


@export(
    "contrib.layers.conv2d_transpose",
    "contrib.slim.conv2d_transpose",
    "contrib.layers.convolution2d_transpose",
    "contrib.slim.convolution2d_transpose",
    "contrib.slim.layers.conv2d_transpose",
    "contrib.slim.layers.convolution2d_transpose",
)
@add_arg_scope
def convolution2d_transpose(
    inputs: Any,
    num_outputs: int,
    kernel_size: Any,
    stride: Any = 1,
    padding: str = "SAME",
    data_format: str = "NHWC",
    activation_fn: Any = relu,
    normalizer_fn: Any = None,
    normalizer_params: Any = None,
    weights_initializer: Any = xavier_initializer(),  # noqa: B008
    weights_regularizer: Any = None,
    biases_initializer: Any = Zeros(),  # noqa: B008
    biases_regularizer: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    scope: Any = None,
) -> Tensor:
    """The transpose of a convolution, which makes images larger.

    Its weights are [window..., num_outputs, n] for inputs of n channels. See `convolution`.
    """
    check_format(data_format, ("NCHW", "NHWC"))
    layer = Conv2DTranspose
    return _transposed(
        layer,
        inputs,
        scope,
        reuse,
        {
            "filters": num_outputs,
            "kernel_size": kernel_size,
            "strides": stride,
            "padding": padding,
            "data_format": layers_format(data_format),
            "activation": None,
            "use_bias": bool(not normalizer_fn and biases_initializer),
            "kernel_initializer": weights_initializer,
            "bias_initializer": biases_initializer,
            "kernel_regularizer": weights_regularizer,
            "bias_regularizer": biases_regularizer,
            "trainable": trainable,
        },
        {
            "activation_fn": activation_fn,
            "normalizer_fn": normalizer_fn,
            "normalizer_params": normalizer_params,
            "variables_collections": variables_collections,
            "outputs_collections": outputs_collections,
        },
    )


@export(
    "contrib.layers.conv3d_transpose",
    "contrib.slim.conv3d_transpose",
    "contrib.layers.convolution3d_transpose",
    "contrib.slim.convolution3d_transpose",
    "contrib.slim.layers.conv3d_transpose",
    "contrib.slim.layers.convolution3d_transpose",
)
@add_arg_scope
def convolution3d_transpose(
    inputs: Any,
    num_outputs: int,
    kernel_size: Any,
    stride: Any = 1,
    padding: str = "SAME",
    data_format: str = "NDHWC",
    activation_fn: Any = relu,
    normalizer_fn: Any = None,
    normalizer_params: Any = None,
    weights_initializer: Any = xavier_initializer(),  # noqa: B008
    weights_regularizer: Any = None,
    biases_initializer: Any = Zeros(),  # noqa: B008
    biases_regularizer: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    scope: Any = None,
) -> Tensor:
    """The transpose of a convolution, which makes volumes larger.

    Its weights are [window..., num_outputs, n] for inputs of n channels. See `convolution`.
    """
    check_format(data_format, ("NCDHW", "NDHWC"))
    layer = Conv3DTranspose
    return _transposed(
        layer,
        inputs,
        scope,
        reuse,
        {
            "filters": num_outputs,
            "kernel_size": kernel_size,
            "strides": stride,
            "padding": padding,
            "data_format": layers_format(data_format),
            "activation": None,
            "use_bias": bool(not normalizer_fn and biases_initializer),
            "kernel_initializer": weights_initializer,
            "bias_initializer": biases_initializer,
            "kernel_regularizer": weights_regularizer,
            "bias_regularizer": biases_regularizer,
            "trainable": trainable,
        },
        {
            "activation_fn": activation_fn,
            "normalizer_fn": normalizer_fn,
            "normalizer_params": normalizer_params,
            "variables_collections": variables_collections,
            "outputs_collections": outputs_collections,
        },
    )


def _transposed(
    layer_class: Any,
    inputs: Any,
    scope: Any,
    reuse: Any,
    arguments: dict[str, Any],
    ending: dict[str, Any],
) -> Tensor:
    rank = 2 if layer_class is Conv2DTranspose else 3
    with variable_scope(
        scope,
        f"Conv{rank}d_transpose",
        [inputs],
        reuse=reuse,
        custom_getter=model_variable_getter(NAMES),
    ) as sc:
        inputs = convert_to_tensor(inputs)
        layer = layer_class(**arguments, name=sc.name, _scope=sc, _reuse=reuse)
        return finished(layer, layer(inputs), sc.name, **ending)
