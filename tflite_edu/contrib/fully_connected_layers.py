"""`tf.contrib.layers.fully_connected`: inputs times weights, normalized and activated."""

from __future__ import annotations

import functools
from typing import Any

from tflite_edu.contrib.argument_scopes import add_arg_scope
from tflite_edu.contrib.convolutions import NAMES, finished
from tflite_edu.contrib.layer_variables import model_variable_getter
from tflite_edu.contrib.weight_initializers import xavier_initializer
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.tensor import Tensor
from tflite_edu.layers.fully_connected import Dense
from tflite_edu.ops.activations import elu as elu_op
from tflite_edu.ops.activations import relu as relu_op
from tflite_edu.ops.activations import relu6 as relu6_op
from tflite_edu.variables.initializers import Zeros
from tflite_edu.variables.scope import variable_scope


@export(
    "contrib.layers.fully_connected",
    "contrib.slim.fully_connected",
    "contrib.slim.layers.fully_connected",
)
@add_arg_scope
def fully_connected(
    inputs: Any,
    num_outputs: int,
    activation_fn: Any = relu_op,
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
    """`activation_fn(normalizer_fn(inputs weights))`, or with biases instead of the normalizer.

    [..., n] to [..., num_outputs]. Variables: weights [n, num_outputs] and biases [num_outputs],
    model variables. See `convolution` for the arguments. Raises ValueError on a `num_outputs` that
    is no int.
    """
    if not isinstance(num_outputs, int):
        raise ValueError(
            f"num_outputs type should be one of [<class 'int'>], got {type(num_outputs)}."
        )
    with variable_scope(
        scope,
        "fully_connected",
        [inputs],
        reuse=reuse,
        custom_getter=model_variable_getter(NAMES),
    ) as sc:
        inputs = convert_to_tensor(inputs)
        layer = Dense(
            units=num_outputs,
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
        return finished(
            layer,
            layer(inputs),
            sc.name,
            activation_fn=activation_fn,
            normalizer_fn=normalizer_fn,
            normalizer_params=normalizer_params,
            variables_collections=variables_collections,
            outputs_collections=outputs_collections,
        )


linear = functools.partial(fully_connected, activation_fn=None)
relu = functools.partial(fully_connected, activation_fn=relu_op)
relu6 = functools.partial(fully_connected, activation_fn=relu6_op)
elu = functools.partial(fully_connected, activation_fn=elu_op)
linear.__doc__ = "`fully_connected` without an activation."
relu.__doc__ = "`fully_connected` with relu as its activation."
relu6.__doc__ = "`fully_connected` with relu6 as its activation."
elu.__doc__ = "`fully_connected` with elu as its activation."

EXPORTS = {
    "contrib.layers.linear": "linear",
    "contrib.slim.linear": "linear",
    "contrib.layers.relu": "relu",
    "contrib.slim.relu": "relu",
    "contrib.layers.relu6": "relu6",
    "contrib.slim.relu6": "relu6",
    "contrib.layers.elu": "elu",
    "contrib.slim.elu": "elu",
}
