"""`tf.contrib.layers.layer_norm` and `instance_norm`: mean 0 and variance 1 within an example."""

from __future__ import annotations

from typing import Any

from tflite_edu.contrib.argument_scopes import add_arg_scope
from tflite_edu.contrib.layer_variables import check_format
from tflite_edu.contrib.model_variables import model_variable
from tflite_edu.contrib.named_outputs import collect_named_outputs, get_variable_collections
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import float16
from tflite_edu.core.export import export
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.moments import moments
from tflite_edu.ops.normalization import batch_normalization
from tflite_edu.ops.reshaping import reshape
from tflite_edu.variables.initializers import Ones, Zeros
from tflite_edu.variables.scope import variable_scope


@export(
    "contrib.layers.layer_norm",
    "contrib.slim.layer_norm",
)
@add_arg_scope
def layer_norm(
    inputs: Any,
    center: bool = True,
    scale: bool = True,
    activation_fn: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    begin_norm_axis: int = 1,
    begin_params_axis: int = -1,
    scope: Any = None,
) -> Tensor:
    """`gamma (x - mean) / sqrt(variance) + beta`, over the axes from `begin_norm_axis` on.

    Variables, where `center` and `scale`: beta and gamma, of the shape of the inputs from
    `begin_params_axis` on. Ba and others, "Layer Normalization" (2016). Raises ValueError where
    rank or that shape is not known, and on axes outside of it.
    """
    with variable_scope(scope, "LayerNorm", [inputs], reuse=reuse) as sc:
        inputs = convert_to_tensor(inputs)
        shape = inputs.shape
        rank = shape.ndims
        if rank is None:
            raise ValueError(f"Inputs {inputs.name} has undefined rank.")
        dtype = inputs.dtype.base_dtype
        if begin_norm_axis < 0:
            begin_norm_axis += rank
        if begin_params_axis >= rank or begin_norm_axis >= rank:
            raise ValueError(
                f"begin_params_axis ({begin_params_axis}) and begin_norm_axis ({begin_norm_axis}) "
                f"must be < rank(inputs) ({rank})"
            )
        size = shape[begin_params_axis:]
        if not size.is_fully_defined():
            raise ValueError(
                f"Inputs {inputs.name}: shape(inputs)[{begin_params_axis}:] is not fully defined: "
                f"{shape}"
            )
        beta, gamma = _parameters(size, dtype, center, scale, {}, variables_collections, trainable)
        axes = list(range(begin_norm_axis, rank))
        mean, variance = moments(inputs, axes, keep_dims=True)
        # Half floats know no number as small.
        epsilon = 1e-3 if dtype == float16 else 1e-12
        outputs = batch_normalization(inputs, mean, variance, beta, gamma, epsilon)
        outputs.set_shape(shape)
        if activation_fn is not None:
            outputs = activation_fn(outputs)
        return collect_named_outputs(outputs_collections, sc.name, outputs)


@export("contrib.layers.instance_norm", "contrib.slim.instance_norm")
@add_arg_scope
def instance_norm(
    inputs: Any,
    center: bool = True,
    scale: bool = True,
    epsilon: float = 1e-06,
    activation_fn: Any = None,
    param_initializers: dict[str, Any] | None = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    data_format: str = "NHWC",
    scope: Any = None,
) -> Tensor:
    """`gamma (x - mean) / sqrt(variance + epsilon) + beta` of each channel of each example.

    Variables, where `center` and `scale`: beta and gamma [channels]. Ulyanov and others, "Instance
    Normalization" (2016). Raises ValueError on another format, an unknown rank or number of
    channels.
    """
    shape = convert_to_tensor(inputs).shape
    check_format(data_format)
    with variable_scope(scope, "InstanceNorm", [inputs], reuse=reuse) as sc:
        inputs = convert_to_tensor(inputs)
        rank = shape.ndims
        if rank is None:
            raise ValueError(f"Inputs {inputs.name} has undefined rank.")
        dtype = inputs.dtype.base_dtype
        first = data_format == "NCHW"
        size = shape[1:2] if first else shape[-1:]
        axes = list(range(2, rank)) if first else list(range(1, rank - 1))
        if not size.is_fully_defined():
            raise ValueError(f"Inputs {inputs.name} has undefined channels dimension {size}.")
        given = param_initializers or {}
        sizes = [1, size.as_list()[0]] + [1] * (rank - 2) if first else None
        beta, gamma = _parameters(
            size, dtype, center, scale, given, variables_collections, trainable, sizes
        )
        mean, variance = moments(inputs, axes, keep_dims=True)
        outputs = batch_normalization(
            inputs, mean, variance, beta, gamma, epsilon, name="instancenorm"
        )
        outputs.set_shape(shape)
        if activation_fn is not None:
            outputs = activation_fn(outputs)
        return collect_named_outputs(outputs_collections, sc.name, outputs)


def _parameters(
    size: Any,
    dtype: Any,
    center: bool,
    scale: bool,
    initializers: dict[str, Any],
    collections: Any,
    trainable: bool,
    broadcast: list[Any] | None = None,
) -> tuple[Any, Any]:
    """beta and gamma or None, reshaped to `broadcast` if that is given."""

    def variable(name: str, initializer: Any) -> Any:
        made = model_variable(
            name,
            shape=size,
            dtype=dtype,
            initializer=initializers.get(name, initializer),
            collections=get_variable_collections(collections, name),
            trainable=trainable,
        )
        return made if broadcast is None else reshape(made, broadcast)

    beta = variable("beta", Zeros()) if center else None
    gamma = variable("gamma", Ones()) if scale else None
    return beta, gamma
