"""`tf.contrib.layers.batch_norm`: mean 0 and variance 1 of each channel, over the batch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tflite_edu.contrib.argument_scopes import add_arg_scope
from tflite_edu.contrib.layer_variables import (
    add_to_collections,
    check_format,
    model_variable_getter,
)
from tflite_edu.contrib.model_variables import model_variable
from tflite_edu.contrib.named_outputs import collect_named_outputs, get_variable_collections
from tflite_edu.core.constant import constant
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import DType, float32
from tflite_edu.core.export import export
from tflite_edu.core.graph import get_default_graph
from tflite_edu.core.keys import GraphKeys
from tflite_edu.core.scopes import control_dependencies
from tflite_edu.core.tensor import Tensor
from tflite_edu.layers.batch_normalizing import BatchNormalization
from tflite_edu.ops import normalization
from tflite_edu.ops.conditional import smart_cond, smart_constant_value
from tflite_edu.ops.identity import identity
from tflite_edu.ops.moments import moments, weighted_moments
from tflite_edu.ops.reshaping import reshape
from tflite_edu.ops.shapes_of_tensors import shape as shape_of
from tflite_edu.train.moving_averages import assign_moving_average
from tflite_edu.variables.initializers import Ones, Zeros
from tflite_edu.variables.scope import get_variable_scope, variable_scope

_INITIALIZERS = {"beta": Zeros, "gamma": Ones, "moving_mean": Zeros, "moving_variance": Ones}


@export(
    "contrib.layers.batch_norm",
    "contrib.slim.batch_norm",
    "contrib.slim.layers.batch_norm",
)
@add_arg_scope
def batch_norm(
    inputs: Any,
    decay: Any = 0.999,
    center: bool = True,
    scale: bool = False,
    epsilon: float = 0.001,
    activation_fn: Any = None,
    param_initializers: dict[str, Any] | None = None,
    param_regularizers: dict[str, Any] | None = None,
    updates_collections: Any = GraphKeys.UPDATE_OPS,
    is_training: Any = True,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    batch_weights: Any = None,
    fused: bool | None = None,
    data_format: str = "NHWC",
    zero_debias_moving_mean: bool = False,
    scope: Any = None,
    renorm: bool = False,
    renorm_clipping: dict[str, Any] | None = None,
    renorm_decay: Any = 0.99,
    adjustment: Any = None,
) -> Tensor:
    """`gamma (x - mean) / sqrt(variance + epsilon) + beta` of each channel, the last axis.

    In training mean and variance are those of the batch, otherwise the moving averages.

    Args:
      decay: how much of a moving average is kept in a step.
      center, scale: whether there is a beta, a gamma.
      param_initializers, param_regularizers: by the names of the variables.
      updates_collections: what the updates of the averages join, to be run with each step; None
        runs them before the result.
      is_training: a bool, or a bool scalar tensor.
      batch_weights: [batch], how much each example counts.
      fused: whether one node computes it all, where it can; None: True.
      zero_debias_moving_mean: whether the average of the mean is corrected for its start at 0.
      renorm, renorm_clipping, renorm_decay, adjustment: see `tf.layers.BatchNormalization`.

    Variables, of the channels' size: beta, gamma, moving_mean, moving_variance. Raises ValueError
    on another format, an unknown rank or number of channels.
    """
    check_format(data_format)
    in_layer = updates_collections == GraphKeys.UPDATE_OPS and not zero_debias_moving_mean
    names = _Names(
        param_initializers or {}, param_regularizers or {}, variables_collections, trainable
    )
    options = _Options(
        decay, center, scale, epsilon, is_training, updates_collections, zero_debias_moving_mean
    )
    inputs = convert_to_tensor(inputs)
    rank = inputs.shape.ndims
    can_be_fused = batch_weights is None and not renorm and rank in (2, 4) and adjustment is None
    if fused is not False and can_be_fused and (rank == 2 or not in_layer):
        with variable_scope(scope, "BatchNorm", [inputs], reuse=reuse) as sc:
            outputs = _in_one_node(inputs, data_format, names, options)
            return _finished(outputs, activation_fn, outputs_collections, sc.name)
    with variable_scope(
        scope, "BatchNorm", [inputs], reuse=reuse, custom_getter=model_variable_getter()
    ) as sc:
        if batch_weights is None and in_layer:
            layer = BatchNormalization(
                axis=1 if data_format == "NCHW" else -1,
                momentum=decay,
                epsilon=epsilon,
                center=center,
                scale=scale,
                beta_initializer=names.initializer("beta"),
                gamma_initializer=names.initializer("gamma"),
                moving_mean_initializer=names.initializer("moving_mean"),
                moving_variance_initializer=names.initializer("moving_variance"),
                beta_regularizer=names.regularizers.get("beta"),
                gamma_regularizer=names.regularizers.get("gamma"),
                trainable=trainable,
                renorm=renorm,
                renorm_clipping=renorm_clipping,
                renorm_momentum=renorm_decay,
                adjustment=adjustment,
                name=sc.name,
                _scope=sc,
                _reuse=reuse,
                fused=fused,
            )
            outputs = layer(inputs, training=is_training)
            for name in ("moving_mean", "moving_variance", "beta", "gamma"):
                if getattr(layer, name) is not None:
                    add_to_collections(getattr(layer, name), variables_collections, name)
        else:
            if renorm:
                raise ValueError(
                    "renorm is not supported with batch_weights, updates_collections or "
                    "zero_debias_moving_mean"
                )
            outputs = _in_several_nodes(inputs, data_format, batch_weights, names, options)
        return _finished(outputs, activation_fn, outputs_collections, sc.name)


def _finished(outputs: Tensor, activation_fn: Any, collections: Any, name: str) -> Tensor:
    if activation_fn is not None:
        outputs = activation_fn(outputs)
    return collect_named_outputs(collections, name, outputs)


class _Names:
    """What the variables get by their names."""

    def __init__(
        self, initializers: Any, regularizers: Any, collections: Any, trainable: bool
    ) -> None:
        self._initializers = initializers
        self.regularizers = regularizers
        self._collections = collections
        self._trainable = trainable

    def initializer(self, name: str) -> Any:
        found = self._initializers.get(name)
        return _INITIALIZERS[name]() if found is None else found

    def variable(self, name: str, shape: Any, dtype: DType) -> Any:
        trained = name in ("beta", "gamma")
        return model_variable(
            name,
            shape=shape,
            dtype=dtype,
            initializer=self.initializer(name),
            regularizer=self.regularizers.get(name) if trained else None,
            collections=get_variable_collections(self._collections, name),
            trainable=trained and self._trainable,
        )

    def averages(self, shape: Any, dtype: DType) -> tuple[Any, Any]:
        """The two moving averages, which are never partitioned."""
        scope = get_variable_scope()
        partitioner = scope.partitioner
        scope.set_partitioner(None)
        try:
            return (
                self.variable("moving_mean", shape, dtype),
                self.variable("moving_variance", shape, dtype),
            )
        finally:
            scope.set_partitioner(partitioner)


class _Options:
    """How a batch is normalized, and what becomes of the averages."""

    def __init__(
        self,
        decay: Any,
        center: bool,
        scale: bool,
        epsilon: float,
        training: Any,
        collections: Any,
        debias: bool,
    ) -> None:
        self.decay = decay
        self.center = center
        self.scale = scale
        self.epsilon = epsilon
        self.training = training
        self.collections = collections
        self.debias = debias

    @property
    def may_train(self) -> bool:
        """Whether it is in training, or only a run tells."""
        return smart_constant_value(self.training) is not False

    def updates(self, averages: tuple[Any, Any], mean: Tensor, variance: Tensor) -> list[Any]:
        return [
            assign_moving_average(averages[0], mean, self.decay, zero_debias=self.debias),
            assign_moving_average(averages[1], variance, self.decay, zero_debias=False),
        ]

    def then(
        self,
        averages: tuple[Any, Any],
        mean: Tensor,
        variance: Tensor,
        result: Callable[[], Any],
        otherwise: Callable[[], Any],
    ) -> Any:
        """In training, `result` once the averages have moved."""

        def moved() -> Any:
            with control_dependencies(self.updates(averages, mean, variance)):
                return result()

        return smart_cond(self.training, moved, otherwise)

    def collect(self, averages: tuple[Any, Any], mean: Tensor, variance: Tensor) -> None:
        """Adds the updates of the averages to their collections."""
        updates = smart_cond(
            self.training,
            lambda: self.updates(averages, mean, variance),
            lambda: list(averages),
        )
        for update in updates:
            get_default_graph().add_to_collections(self.collections, update)


def _in_one_node(inputs: Tensor, data_format: str, names: _Names, options: _Options) -> Tensor:
    given = inputs
    first = data_format == "NCHW"
    if inputs.shape.ndims == 2:
        channels = inputs.shape.as_list()[-1]
        if channels is None:
            raise ValueError("`C` dimension must be known but is None")
        inputs = reshape(inputs, [-1, channels, 1, 1] if first else [-1, 1, 1, channels])
    shape = _shape_of_channels(inputs, first)
    # Averages of half floats would lose too much.
    beta = (
        names.variable("beta", shape, float32)
        if options.center
        else constant(0.0, dtype=float32, shape=shape)
    )
    gamma = (
        names.variable("gamma", shape, float32)
        if options.scale
        else constant(1.0, dtype=float32, shape=shape)
    )
    averages = names.averages(shape, float32)

    def by_batch() -> Any:
        return normalization.fused_batch_norm(
            inputs, gamma, beta, epsilon=options.epsilon, data_format=data_format
        )

    def by_averages() -> Any:
        return normalization.fused_batch_norm(
            inputs,
            gamma,
            beta,
            mean=averages[0],
            variance=averages[1],
            epsilon=options.epsilon,
            is_training=False,
            data_format=data_format,
        )

    outputs, mean, variance = smart_cond(options.training, by_batch, by_averages)
    if options.may_train and options.collections is None:
        plain = outputs
        outputs = options.then(averages, mean, variance, lambda: identity(plain), lambda: plain)
    elif options.may_train:
        options.collect(averages, mean, variance)
    outputs.set_shape(inputs.shape)
    if given.shape.ndims == 2:
        outputs = reshape(outputs, shape_of(given))
    return outputs


def _in_several_nodes(
    inputs: Tensor, data_format: str, batch_weights: Any, names: _Names, options: _Options
) -> Tensor:
    rank = inputs.shape.ndims
    if rank is None:
        raise ValueError(f"Inputs {inputs.name} has undefined rank.")
    dtype = inputs.dtype.base_dtype
    if batch_weights is not None:
        batch_weights = convert_to_tensor(batch_weights)
        inputs.shape[0:1].assert_is_compatible_with(batch_weights.shape)
        batch_weights = reshape(batch_weights, [-1] + [1] * (rank - 1))
    first = data_format == "NCHW"
    axes = [0, *range(2, rank)] if first else list(range(rank - 1))
    shape = _shape_of_channels(inputs, first)
    beta = names.variable("beta", shape, dtype) if options.center else None
    gamma = names.variable("gamma", shape, dtype) if options.scale else None
    averages = names.averages(shape, dtype)
    mean: Any
    variance: Any
    mean, variance = averages
    if options.may_train:
        if batch_weights is None:
            mean, variance = moments(inputs, axes, keep_dims=first)
        else:
            mean, variance = weighted_moments(inputs, axes, batch_weights, keep_dims=first)
        if first:
            mean, variance = reshape(mean, [-1]), reshape(variance, [-1])
        batch = (mean, variance)
        if options.collections is None:
            mean, variance = options.then(
                averages,
                *batch,
                lambda: (identity(batch[0]), identity(batch[1])),
                lambda: averages,
            )
        else:
            options.collect(averages, *batch)
            mean, variance = smart_cond(options.training, lambda: batch, lambda: averages)
    if first:
        sizes = [1, shape.as_list()[0]] + [1] * (rank - 2)
        mean, variance = reshape(mean, sizes), reshape(variance, sizes)
        beta = None if beta is None else reshape(beta, sizes)
        gamma = None if gamma is None else reshape(gamma, sizes)
    outputs = normalization.batch_normalization(
        inputs, mean, variance, beta, gamma, options.epsilon
    )
    outputs.set_shape(inputs.shape)
    return outputs


def _shape_of_channels(inputs: Tensor, first: bool) -> Any:
    shape = inputs.shape[1:2] if first else inputs.shape[-1:]
    if not shape.is_fully_defined():
        raise ValueError(f"Inputs {inputs.name} has undefined channels dimension {shape}.")
    return shape
