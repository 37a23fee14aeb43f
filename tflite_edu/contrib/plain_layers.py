"""`tf.contrib.layers` without weights: flatten, dropout, one hot, softmax and the like."""

from __future__ import annotations

from typing import Any

from tflite_edu.contrib.argument_scopes import add_arg_scope
from tflite_edu.contrib.layer_variables import check_format, model_variable_getter
from tflite_edu.contrib.model_variables import model_variable
from tflite_edu.contrib.named_outputs import (
    collect_named_outputs,
    get_variable_collections,
    last_dimension,
)
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import int32, int64
from tflite_edu.core.export import export
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.layers.simple import Dropout
from tflite_edu.layers.simple import flatten as flatten_layer
from tflite_edu.ops import softmax as softmax_ops
from tflite_edu.ops.bias import bias_add as bias_add_op
from tflite_edu.ops.casting import cast
from tflite_edu.ops.one_hot import one_hot
from tflite_edu.ops.reshaping import reshape
from tflite_edu.ops.shapes_of_tensors import shape as shape_of
from tflite_edu.variables.initializers import Zeros
from tflite_edu.variables.scope import variable_scope


@export("contrib.layers.flatten", "contrib.slim.flatten", "contrib.slim.layers.flatten")
@add_arg_scope
def flatten(inputs: Any, outputs_collections: Any = None, scope: str | None = None) -> Tensor:
    """[batch, ...] to [batch, n], n the product of the other sizes.

    Raises ValueError where the rank is not known.
    """
    with name_scope(scope, "Flatten", [inputs]) as sc:
        return collect_named_outputs(
            outputs_collections, sc, flatten_layer(convert_to_tensor(inputs))
        )


@export("contrib.layers.dropout", "contrib.slim.dropout", "contrib.slim.layers.dropout")
@add_arg_scope
def dropout(
    inputs: Any,
    keep_prob: Any = 0.5,
    noise_shape: Any = None,
    is_training: Any = True,
    outputs_collections: Any = None,
    scope: Any = None,
    seed: int | None = None,
) -> Tensor:
    """In training, each element stays with probability `keep_prob`, times 1 / keep_prob, or is 0.

    `is_training` is a bool or a bool scalar tensor. Elements that differ only along axes where
    `noise_shape` is 1 stay or go together.
    """
    with variable_scope(scope, "Dropout", [inputs], custom_getter=model_variable_getter()) as sc:
        inputs = convert_to_tensor(inputs)
        layer = Dropout(
            rate=1 - keep_prob, noise_shape=noise_shape, seed=seed, name=sc.name, _scope=sc
        )
        outputs = layer(inputs, training=is_training)
        return collect_named_outputs(outputs_collections, sc.name, outputs)


@export(
    "contrib.layers.one_hot_encoding",
    "contrib.slim.one_hot_encoding",
    "contrib.slim.layers.one_hot_encoding",
)
@add_arg_scope
def one_hot_encoding(
    labels: Any,
    num_classes: int,
    on_value: Any = 1.0,
    off_value: Any = 0.0,
    outputs_collections: Any = None,
    scope: str | None = None,
) -> Tensor:
    """[batch, num_classes], `on_value` at the label of each example, `off_value` elsewhere."""
    with name_scope(scope, "OneHotEncoding", [labels, num_classes]) as sc:
        labels = convert_to_tensor(labels)
        if labels.dtype == int32:
            labels = cast(labels, int64, name="ToInt64")
        outputs = one_hot(labels, num_classes, on_value=on_value, off_value=off_value)
        return collect_named_outputs(outputs_collections, sc, outputs)


@export("contrib.layers.softmax", "contrib.slim.softmax", "contrib.slim.layers.softmax")
def softmax(logits: Any, scope: Any = None) -> Tensor:
    """The softmax along the last axis of [..., n], of rank 2 or more.

    Raises ValueError on a smaller rank, and where n is not known.
    """
    with variable_scope(scope, "softmax", [logits]):
        size = last_dimension(logits.shape, min_rank=2)
        rows = softmax_ops.softmax(reshape(logits, [-1, size]))
        predictions = reshape(rows, shape_of(logits))
        predictions.set_shape(logits.shape)
        return predictions


@export("contrib.layers.bias_add", "contrib.slim.bias_add", "contrib.slim.layers.bias_add")
@add_arg_scope
def bias_add(
    inputs: Any,
    activation_fn: Any = None,
    initializer: Any = Zeros(),  # noqa: B008
    regularizer: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    data_format: str = "NHWC",
    scope: Any = None,
) -> Tensor:
    """`activation_fn(inputs + biases)`, with a bias for each channel.

    Variables: biases [channels]. Raises ValueError on another format, and where rank or number of
    channels is not known.
    """
    check_format(data_format)
    with variable_scope(scope, "BiasAdd", [inputs], reuse=reuse) as sc:
        inputs = convert_to_tensor(inputs)
        rank = inputs.shape.ndims
        if rank is None:
            raise ValueError("Dims of shape must be known but is None")
        if rank != 4 and data_format == "NCHW":
            raise ValueError("Data format NCHW only supports 4D Tensor")
        axis = 1 if data_format == "NCHW" else -1
        channels = inputs.shape.as_list()[axis]
        if channels is None:
            raise ValueError("`C` dimension must be known but is None")
        biases = model_variable(
            "biases",
            shape=[channels],
            dtype=inputs.dtype.base_dtype,
            initializer=initializer,
            regularizer=regularizer,
            collections=get_variable_collections(variables_collections, "biases"),
            trainable=trainable,
        )
        outputs = bias_add_op(inputs, biases, data_format=data_format)
        if activation_fn is not None:
            outputs = activation_fn(outputs)
        return collect_named_outputs(outputs_collections, sc.name, outputs)
