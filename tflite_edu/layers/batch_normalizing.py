"""`tf.layers.batch_normalization`: mean 0 and variance 1 of each channel, over the batch."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import dtypes
from tflite_edu.core.constant import constant
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.scopes import colocate_with
from tflite_edu.core.shapes import TensorShape
from tflite_edu.core.tensor import Tensor
from tflite_edu.layers import arguments
from tflite_edu.layers.base_layer import Layer
from tflite_edu.layers.input_specification import InputSpec
from tflite_edu.layers.learning_phase import learning_phase
from tflite_edu.layers.moving_averages import (
    CLIPPING_KEYS,
    assign_new_value,
    corrected,
    towards,
)
from tflite_edu.ops import normalization
from tflite_edu.ops.activations import relu
from tflite_edu.ops.casting import cast
from tflite_edu.ops.conditional import smart_cond, smart_constant_value
from tflite_edu.ops.constants import ones_like, zeros_like
from tflite_edu.ops.identity import stop_gradient
from tflite_edu.ops.moments import moments
from tflite_edu.ops.powers import sqrt
from tflite_edu.ops.reductions import reduce_mean
from tflite_edu.ops.reshaping import reshape
from tflite_edu.ops.shapes_of_tensors import shape as shape_of
from tflite_edu.variables.initializers import Ones, Zeros
from tflite_edu.variables.resource_variable import ResourceVariable
from tflite_edu.variables.variable import VariableAggregation, VariableSynchronization


@export("layers.BatchNormalization")
class BatchNormalization(Layer):
    """`gamma (x - mean) / sqrt(variance + epsilon) + beta`, of each channel.

    In training mean and variance are those of the batch, and the moving averages step towards
    them; the operations that do this are updates: in the collection UPDATE_OPS, to be run with each
    step. Otherwise mean and variance are the moving averages.

    Args:
      axis: of the channels, or a list of axes; its sizes must be known.
      momentum: how much of a moving average is kept in a step.
      center, scale: whether there is a beta, a gamma.
      renorm, renorm_clipping, renorm_momentum: batch renormalization, which corrects the batch's
        moments by moving averages of their own; clipping is a dict of rmin, rmax and dmax.
      fused: whether one node computes it all, where it can: of
        [batch, height, width, channels] and [batch, channels, height, width], which then must be
        float16 or float32. None: True.
      virtual_batch_size: normalizes parts of the batch of that size by themselves.
      adjustment: a function of the inputs' shape that gives a scale and a bias for training.

    Variables: gamma, beta, moving_mean, moving_variance, of the channels' size; those of renorm are
    moving_stddev, renorm_mean, renorm_stddev. Ioffe and Szegedy, "Batch Normalization" (2015);
    Ioffe, "Batch Renormalization" (2017).
    """

    def __init__(
        self,
        axis: Any = -1,
        momentum: Any = 0.99,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = Zeros(),  # noqa: B008
        gamma_initializer: Any = Ones(),  # noqa: B008
        moving_mean_initializer: Any = Zeros(),  # noqa: B008
        moving_variance_initializer: Any = Ones(),  # noqa: B008
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        renorm: bool = False,
        renorm_clipping: dict[str, Any] | None = None,
        renorm_momentum: Any = 0.99,
        fused: bool | None = None,
        trainable: bool = True,
        virtual_batch_size: int | None = None,
        adjustment: Any = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(trainable=trainable, name=name, **kwargs)
        if not isinstance(axis, (list, int)):
            raise TypeError(f"axis must be int or list, type given: {type(axis)}")
        self.axis = list(axis) if isinstance(axis, list) else axis
        self.momentum = momentum
        self.epsilon = epsilon
        self.center = center
        self.scale = scale
        self.beta_initializer = arguments.initializer(beta_initializer)
        self.gamma_initializer = arguments.initializer(gamma_initializer)
        self.moving_mean_initializer = arguments.initializer(moving_mean_initializer)
        self.moving_variance_initializer = arguments.initializer(moving_variance_initializer)
        self.beta_regularizer = arguments.regularizer(beta_regularizer)
        self.gamma_regularizer = arguments.regularizer(gamma_regularizer)
        self.beta_constraint = arguments.constraint(beta_constraint)
        self.gamma_constraint = arguments.constraint(gamma_constraint)
        self.renorm = renorm
        self.virtual_batch_size = virtual_batch_size
        self.adjustment = adjustment
        self.fused = fused is None or fused
        self.renorm_clipping = renorm_clipping or {}
        self.renorm_momentum = renorm_momentum
        if renorm and not set(self.renorm_clipping) <= set(CLIPPING_KEYS):
            raise ValueError(
                f"renorm_clipping {renorm_clipping} contains keys not in {list(CLIPPING_KEYS)}"
            )

    def build(self, input_shape: Any) -> None:
        """Makes the variables for inputs of that shape."""
        input_shape = TensorShape(input_shape)
        rank = input_shape.ndims
        if rank is None:
            raise ValueError("Input has undefined rank:", input_shape)
        self.axis = self._checked_axes(rank)
        can_be_fused = rank == 4 and self.axis in ([1], [3]) and not self.renorm
        plain = self.virtual_batch_size is None and self.adjustment is None
        self.fused = bool(self.fused and can_be_fused and plain)
        self._data_format = "NCHW" if self.axis == [1] else "NHWC"
        dims = input_shape.as_list()
        if any(dims[axis] is None for axis in self.axis):
            raise ValueError("Input has undefined `axis` dimension. Input shape: ", input_shape)
        self.input_spec = InputSpec(ndim=rank, axes={axis: dims[axis] for axis in self.axis})
        shape = [dims[axis] if axis in self.axis else 1 for axis in range(rank)]
        if self.virtual_batch_size is not None:
            shape.insert(1, 1)
            self.axis = [axis + 1 for axis in self.axis]
        elif len(self.axis) == 1:
            shape = [dims[self.axis[0]]]
        self._add_scale_and_shift(shape)
        self._add_moving_averages(shape)
        self.built = True

    def _checked_axes(self, rank: int) -> list[int]:
        given = self.axis if isinstance(self.axis, list) else [self.axis]
        axes = [axis + rank if axis < 0 else axis for axis in given]
        for axis in axes:
            if axis < 0 or axis >= rank:
                raise ValueError(f"Invalid axis: {axis}")
        if len(axes) != len(set(axes)):
            raise ValueError(f"Duplicate axis: {axes}")
        if self.virtual_batch_size is not None:
            if self.virtual_batch_size <= 0:
                raise ValueError(
                    "virtual_batch_size must be a positive integer that divides the true batch "
                    "size of the input Tensor"
                )
            if 0 in axes:
                raise ValueError(
                    "When using virtual_batch_size, the batch dimension must be 0 and thus axis "
                    "cannot include 0"
                )
            if self.adjustment is not None:
                raise ValueError("When using virtual_batch_size, adjustment cannot be specified")
        return axes

    @property
    def _param_dtype(self) -> dtypes.DType:
        """Half floats are too coarse for averages and what multiplies them."""
        if self.dtype in (None, "float16", "bfloat16"):
            return dtypes.float32
        return dtypes.as_dtype(self.dtype)

    def _add_scale_and_shift(self, shape: list[int]) -> None:
        self.gamma = self.beta = None
        if self.scale:
            self.gamma = self.add_weight(
                "gamma",
                shape=shape,
                dtype=self._param_dtype,
                initializer=self.gamma_initializer,
                regularizer=self.gamma_regularizer,
                constraint=self.gamma_constraint,
                trainable=True,
            )
        elif self.fused:
            self._gamma_const = constant(1.0, dtype=self._param_dtype, shape=shape)
        if self.center:
            self.beta = self.add_weight(
                "beta",
                shape=shape,
                dtype=self._param_dtype,
                initializer=self.beta_initializer,
                regularizer=self.beta_regularizer,
                constraint=self.beta_constraint,
                trainable=True,
            )
        elif self.fused:
            self._beta_const = constant(0.0, dtype=self._param_dtype, shape=shape)

    def _add_moving_averages(self, shape: list[int]) -> None:
        assert self._scope is not None
        partitioner = self._scope.partitioner
        self._scope.set_partitioner(None)
        try:
            self.moving_mean = self._average("moving_mean", shape, self.moving_mean_initializer)
            self.moving_variance = self._average(
                "moving_variance", shape, self.moving_variance_initializer
            )
            if self.renorm:
                with colocate_with(self.moving_variance.op):
                    self.moving_stddev = self._average(
                        "moving_stddev", shape, self._first_deviation
                    )
                with colocate_with(self.moving_mean.op):
                    self.renorm_mean = self._average(
                        "renorm_mean", shape, self.moving_mean_initializer
                    )
                with colocate_with(self.moving_stddev.op):
                    self.renorm_stddev = self._average(
                        "renorm_stddev", shape, self._first_deviation
                    )
        finally:
            self._scope.set_partitioner(partitioner)

    def _first_deviation(self, shape: Any, dtype: Any = dtypes.float32, **_: Any) -> Tensor:
        return sqrt(self.moving_variance_initializer(shape, dtype=dtype))

    def _average(self, name: str, shape: list[int], initializer: Any) -> Any:
        return self.add_weight(
            name,
            shape=shape,
            dtype=self._param_dtype,
            initializer=initializer,
            synchronization=VariableSynchronization.ON_READ,
            trainable=False,
            aggregation=VariableAggregation.MEAN,
        )

    def call(self, inputs: Any, training: Any = False, **kwargs: Any) -> Tensor:
        """The normalized inputs. `training`: a bool, or a bool scalar tensor."""
        if training is None:
            training = learning_phase()
        if self.fused:
            return self._in_one_node(inputs, training)
        sizes = inputs.shape.as_list()
        if self.virtual_batch_size is None:
            return self._in_several_nodes(inputs, training)
        parts = reshape(inputs, [self.virtual_batch_size, -1, *sizes[1:]])
        return reshape(self._in_several_nodes(parts, training), [-1, *sizes[1:]])

    def _in_one_node(self, inputs: Tensor, training: Any) -> Tensor:
        beta = self.beta if self.center else self._beta_const
        gamma = self.gamma if self.scale else self._gamma_const
        options: dict[str, Any] = {"epsilon": self.epsilon, "data_format": self._data_format}

        def by_batch() -> tuple[Tensor, ...]:
            return normalization.fused_batch_norm(inputs, gamma, beta, **options)

        def by_averages() -> tuple[Tensor, ...]:
            return normalization.fused_batch_norm(
                inputs,
                gamma,
                beta,
                mean=self.moving_mean,
                variance=self.moving_variance,
                is_training=False,
                **options,
            )

        output, mean, variance = smart_cond(training, by_batch, by_averages)
        known = smart_constant_value(training)
        momentum: Any
        if known is None:
            momentum = smart_cond(training, lambda: self.momentum, lambda: 1.0)
        else:
            momentum = convert_to_tensor(self.momentum)
        if known is not False:
            self.add_update(lambda: towards(self.moving_mean, mean, momentum))
            self.add_update(lambda: towards(self.moving_variance, variance, momentum))
        return output

    def _in_several_nodes(self, inputs: Tensor, training: Any) -> Tensor:
        scale = self._over_channels(self.gamma, inputs)
        offset = self._over_channels(self.beta, inputs)
        mean: Any
        variance: Any
        if smart_constant_value(training) is False:
            mean, variance = self.moving_mean, self.moving_variance
        else:
            if self.adjustment is not None:
                scale, offset = self._adjusted(inputs, training, scale, offset)
            mean, variance = self._moments(inputs, training)
            new_mean, new_variance = mean, variance
            if self.virtual_batch_size is not None:
                new_mean = reduce_mean(mean, axis=1, keepdims=True)
                new_variance = reduce_mean(variance, axis=1, keepdims=True)
            if self.renorm:
                r, d, new_mean, new_variance = corrected(self, new_mean, new_variance, training)
                r = self._over_channels(stop_gradient(r, name="renorm_r"), inputs)
                d = self._over_channels(stop_gradient(d, name="renorm_d"), inputs)
                scale, offset = _then(r, d, scale, offset)
            self._add_updates(new_mean, new_variance, training)
        mean, variance = _of_dtype(mean, inputs.dtype), _of_dtype(variance, inputs.dtype)
        offset, scale = _of_dtype(offset, inputs.dtype), _of_dtype(scale, inputs.dtype)
        outputs = normalization.batch_normalization(
            inputs,
            self._over_channels(mean, inputs),
            self._over_channels(variance, inputs),
            offset,
            scale,
            self.epsilon,
        )
        outputs.set_shape(inputs.shape)
        return outputs

    def _over_channels(self, value: Any, inputs: Tensor) -> Any:
        """A vector of the channels in a shape that is broadcast to the inputs."""
        rank: Any = inputs.shape.ndims
        axes: Any = self.axis
        if value is None or value.shape.ndims == rank or axes == [rank - 1]:
            return value
        sizes: list[Any] = [1] * rank
        sizes[axes[0]] = inputs.shape.as_list()[axes[0]]
        return reshape(value, sizes)

    def _adjusted(self, inputs: Tensor, training: Any, scale: Any, offset: Any) -> tuple[Any, Any]:
        factor, shift = self.adjustment(shape_of(inputs))
        factor_now = smart_cond(training, lambda: factor, lambda: ones_like(factor))
        shift_now = smart_cond(training, lambda: shift, lambda: zeros_like(shift))
        return _then(factor_now, shift_now, scale, offset)

    def _moments(self, inputs: Tensor, training: Any) -> tuple[Tensor, Tensor]:
        """Those of the batch in training, else the moving averages."""
        channels: Any = self.axis
        axes = [i for i in range(len(inputs.shape.as_list())) if i not in channels]
        virtual = self.virtual_batch_size is not None
        if virtual:
            del axes[1]
        keep = virtual or len(channels) > 1
        mean, variance = moments(cast(inputs, self._param_dtype), axes, keep_dims=keep)
        return (
            smart_cond(training, lambda: mean, lambda: convert_to_tensor(self.moving_mean)),
            smart_cond(training, lambda: variance, lambda: convert_to_tensor(self.moving_variance)),
        )

    def _add_updates(self, mean: Tensor, variance: Tensor, training: Any) -> None:
        def next_variance() -> Any:
            if not self.renorm:
                return towards(self.moving_variance, variance, self.momentum)
            deviation = towards(self.moving_stddev, sqrt(variance + self.epsilon), self.momentum)
            # Rounding may take it below 0.
            square = relu(deviation * deviation - self.epsilon)
            return assign_new_value(self.moving_variance, square)

        self.add_update(
            lambda: smart_cond(
                training,
                lambda: towards(self.moving_mean, mean, self.momentum),
                lambda: self.moving_mean,
            )
        )
        self.add_update(lambda: smart_cond(training, next_variance, lambda: self.moving_variance))

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The shape of the inputs."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """The arguments that make an equal layer, as far as TensorFlow 1.15 tells of them."""
        plain = ("axis", "momentum", "epsilon", "center", "scale")
        described = (
            "beta_initializer",
            "gamma_initializer",
            "moving_mean_initializer",
            "moving_variance_initializer",
            "beta_regularizer",
            "gamma_regularizer",
            "beta_constraint",
            "gamma_constraint",
        )
        config = {**super().get_config(), **{name: getattr(self, name) for name in plain}}
        config.update((name, arguments.described(getattr(self, name))) for name in described)
        if self.renorm:
            config["renorm"] = True
            config["renorm_clipping"] = self.renorm_clipping
            config["renorm_momentum"] = self.renorm_momentum
        return config


def _of_dtype(value: Any, dtype: dtypes.DType) -> Any:
    """The value, cast; a resource variable of that dtype is left to be read where it is used."""
    if value is None or isinstance(value, ResourceVariable) and value.dtype == dtype:
        return value
    return cast(value, dtype)


def _then(scale: Any, offset: Any, next_scale: Any, next_offset: Any) -> tuple[Any, Any]:
    """The scale and offset that stand for two in a row."""
    if next_scale is not None:
        scale, offset = scale * next_scale, offset * next_scale
    if next_offset is not None:
        offset = offset + next_offset
    return scale, offset


@export("layers.batch_normalization")
def batch_normalization(
    inputs: Any,
    axis: Any = -1,
    momentum: Any = 0.99,
    epsilon: float = 1e-3,
    center: bool = True,
    scale: bool = True,
    beta_initializer: Any = Zeros(),  # noqa: B008
    gamma_initializer: Any = Ones(),  # noqa: B008
    moving_mean_initializer: Any = Zeros(),  # noqa: B008
    moving_variance_initializer: Any = Ones(),  # noqa: B008
    beta_regularizer: Any = None,
    gamma_regularizer: Any = None,
    beta_constraint: Any = None,
    gamma_constraint: Any = None,
    training: Any = False,
    trainable: bool = True,
    name: str | None = None,
    reuse: Any = None,
    renorm: bool = False,
    renorm_clipping: dict[str, Any] | None = None,
    renorm_momentum: Any = 0.99,
    fused: bool | None = None,
    virtual_batch_size: int | None = None,
    adjustment: Any = None,
) -> Tensor:
    """`gamma (x - mean) / sqrt(variance + epsilon) + beta`, of each channel; see its class.

    `training` is a bool, or a bool scalar tensor. In training the operations in the collection
    UPDATE_OPS have to be run with each step, for the moving averages to follow.
    """
    layer = BatchNormalization(
        axis=axis,
        momentum=momentum,
        epsilon=epsilon,
        center=center,
        scale=scale,
        beta_initializer=beta_initializer,
        gamma_initializer=gamma_initializer,
        moving_mean_initializer=moving_mean_initializer,
        moving_variance_initializer=moving_variance_initializer,
        beta_regularizer=beta_regularizer,
        gamma_regularizer=gamma_regularizer,
        beta_constraint=beta_constraint,
        gamma_constraint=gamma_constraint,
        renorm=renorm,
        renorm_clipping=renorm_clipping,
        renorm_momentum=renorm_momentum,
        fused=fused,
        trainable=trainable,
        virtual_batch_size=virtual_batch_size,
        adjustment=adjustment,
        name=name,
        _reuse=reuse,
        _scope=name,
    )
    result: Tensor = layer(inputs, training=training)
    return result
