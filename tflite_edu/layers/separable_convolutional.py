"""`tf.layers.separable_conv1d` and `separable_conv2d`: each channel by itself, then mixed."""

from __future__ import annotations

from typing import Any

from tflite_edu.core.export import export
from tflite_edu.core.tensor import Tensor
from tflite_edu.layers import arguments
from tflite_edu.layers.base_convolution import Convolution
from tflite_edu.ops import depthwise_convolution
from tflite_edu.ops.bias import bias_add
from tflite_edu.ops.padding import pad
from tflite_edu.ops.reshaping import expand_dims, squeeze
from tflite_edu.variables.initializers import Zeros


class SeparableConvolution(Convolution):
    """A convolution of each channel by itself, then one of single pixels that mixes the channels.

    Variables: depthwise_kernel [window..., n, depth_multiplier], pointwise_kernel
    [1..., n * depth_multiplier, filters], and bias [filters] where `use_bias`. See `Convolution`
    for the other arguments. Chollet, "Xception" (2017).
    """

    def __init__(
        self,
        rank: int,
        filters: Any,
        kernel_size: Any,
        depth_multiplier: int = 1,
        depthwise_initializer: Any = None,
        pointwise_initializer: Any = None,
        depthwise_regularizer: Any = None,
        pointwise_regularizer: Any = None,
        depthwise_constraint: Any = None,
        pointwise_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(rank, filters, kernel_size, **kwargs)
        self.depth_multiplier = depth_multiplier
        self.depthwise_initializer = arguments.initializer(depthwise_initializer)
        self.pointwise_initializer = arguments.initializer(pointwise_initializer)
        self.depthwise_regularizer = arguments.regularizer(depthwise_regularizer)
        self.pointwise_regularizer = arguments.regularizer(pointwise_regularizer)
        self.depthwise_constraint = arguments.constraint(depthwise_constraint)
        self.pointwise_constraint = arguments.constraint(pointwise_constraint)

    def build(self, input_shape: Any) -> None:
        """Makes the two kernels and the bias for inputs of that shape."""
        channels = self._channels_of(input_shape)
        self._set_input_spec(channels)
        self.depthwise_kernel = self.add_weight(
            "depthwise_kernel",
            shape=(*self.kernel_size, channels, self.depth_multiplier),
            initializer=self.depthwise_initializer,
            regularizer=self.depthwise_regularizer,
            constraint=self.depthwise_constraint,
            trainable=True,
            dtype=self.dtype,
        )
        self.pointwise_kernel = self.add_weight(
            "pointwise_kernel",
            shape=(*(1,) * self.rank, self.depth_multiplier * channels, self.filters),
            initializer=self.pointwise_initializer,
            regularizer=self.pointwise_regularizer,
            constraint=self.pointwise_constraint,
            trainable=True,
            dtype=self.dtype,
        )
        self._add_bias()
        self.built = True

    def call(self, inputs: Any, **kwargs: Any) -> Tensor:
        """The separable convolution of the inputs."""
        if self.rank == 2:
            outputs = self._convolved(
                inputs, self.depthwise_kernel, self.pointwise_kernel, list(self.strides)
            )
            return self.activation(self._biased(outputs))
        if self.padding == "causal":
            inputs = pad(inputs, self._before_first())
        # Sequences are images of one line.
        line = 2 if self._channels_first else 1
        images = expand_dims(inputs, line)
        outputs = self._convolved(
            images,
            expand_dims(self.depthwise_kernel, 0),
            expand_dims(self.pointwise_kernel, 0),
            list(self.strides) * 2,
        )
        return self.activation(squeeze(self._biased(outputs), [line]))

    def _convolved(
        self, images: Tensor, depthwise: Any, pointwise: Any, strides: list[int]
    ) -> Tensor:
        rates = list(self.dilation_rate)
        return depthwise_convolution.separable_conv2d(
            images,
            depthwise,
            pointwise,
            strides=[1, 1, *strides] if self._channels_first else [1, *strides, 1],
            padding="VALID" if self.padding == "causal" else self.padding.upper(),
            rate=rates if self.rank == 2 else [1, *rates],
            data_format="NCHW" if self._channels_first else "NHWC",
        )

    def _biased(self, images: Tensor) -> Tensor:
        if not self.use_bias:
            return images
        return bias_add(images, self.bias, data_format="NCHW" if self._channels_first else "NHWC")

    def get_config(self) -> dict[str, Any]:
        """The arguments that make an equal layer."""
        config = super().get_config()
        config["depth_multiplier"] = self.depth_multiplier
        for which in ("initializer", "regularizer", "constraint"):
            del config[f"kernel_{which}"]
            for kernel in ("depthwise", "pointwise"):
                name = f"{kernel}_{which}"
                config[name] = arguments.described(getattr(self, name))
        return config


@export("layers.SeparableConv1D")
class SeparableConv1D(SeparableConvolution):
    """The separable convolution of sequences [batch, width, n]; see `SeparableConvolution`."""

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        data_format: str = "channels_last",
        dilation_rate: Any = 1,
        depth_multiplier: int = 1,
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = None,
        pointwise_initializer: Any = None,
        bias_initializer: Any = Zeros(),  # noqa: B008
        depthwise_regularizer: Any = None,
        pointwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        pointwise_constraint: Any = None,
        bias_constraint: Any = None,
        trainable: bool = True,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            1,
            filters,
            kernel_size,
            strides=strides,
            padding=padding,
            data_format=data_format,
            dilation_rate=dilation_rate,
            depth_multiplier=depth_multiplier,
            activation=activation,
            use_bias=use_bias,
            depthwise_initializer=depthwise_initializer,
            pointwise_initializer=pointwise_initializer,
            bias_initializer=bias_initializer,
            depthwise_regularizer=depthwise_regularizer,
            pointwise_regularizer=pointwise_regularizer,
            bias_regularizer=bias_regularizer,
            activity_regularizer=activity_regularizer,
            depthwise_constraint=depthwise_constraint,
            pointwise_constraint=pointwise_constraint,
            bias_constraint=bias_constraint,
            trainable=trainable,
            name=name,
            **kwargs,
        )


@export("layers.separable_conv1d")
def separable_conv1d(
    inputs: Any,
    filters: int,
    kernel_size: Any,
    strides: Any = 1,
    padding: str = "valid",
    data_format: str = "channels_last",
    dilation_rate: Any = 1,
    depth_multiplier: int = 1,
    activation: Any = None,
    use_bias: bool = True,
    depthwise_initializer: Any = None,
    pointwise_initializer: Any = None,
    bias_initializer: Any = Zeros(),  # noqa: B008
    depthwise_regularizer: Any = None,
    pointwise_regularizer: Any = None,
    bias_regularizer: Any = None,
    activity_regularizer: Any = None,
    depthwise_constraint: Any = None,
    pointwise_constraint: Any = None,
    bias_constraint: Any = None,
    trainable: bool = True,
    name: str | None = None,
    reuse: Any = None,
) -> Tensor:
    """The separable convolution of sequences [batch, width, n].

    New variables or, where `reuse`, those of `name`; see `SeparableConv1D`.
    """
    layer = SeparableConv1D(
        filters,
        kernel_size,
        strides=strides,
        padding=padding,
        data_format=data_format,
        dilation_rate=dilation_rate,
        depth_multiplier=depth_multiplier,
        activation=activation,
        use_bias=use_bias,
        depthwise_initializer=depthwise_initializer,
        pointwise_initializer=pointwise_initializer,
        bias_initializer=bias_initializer,
        depthwise_regularizer=depthwise_regularizer,
        pointwise_regularizer=pointwise_regularizer,
        bias_regularizer=bias_regularizer,
        activity_regularizer=activity_regularizer,
        depthwise_constraint=depthwise_constraint,
        pointwise_constraint=pointwise_constraint,
        bias_constraint=bias_constraint,
        trainable=trainable,
        name=name,
        _reuse=reuse,
        _scope=name,
    )
    result: Tensor = layer(inputs)
    return result


@export("layers.SeparableConv2D")
class SeparableConv2D(SeparableConvolution):
    """The separable convolution of images [batch, height, width, n]; see `SeparableConvolution`."""

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = (1, 1),
        padding: str = "valid",
        data_format: str = "channels_last",
        dilation_rate: Any = (1, 1),
        depth_multiplier: int = 1,
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = None,
        pointwise_initializer: Any = None,
        bias_initializer: Any = Zeros(),  # noqa: B008
        depthwise_regularizer: Any = None,
        pointwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        pointwise_constraint: Any = None,
        bias_constraint: Any = None,
        trainable: bool = True,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            2,
            filters,
            kernel_size,
            strides=strides,
            padding=padding,
            data_format=data_format,
            dilation_rate=dilation_rate,
            depth_multiplier=depth_multiplier,
            activation=activation,
            use_bias=use_bias,
            depthwise_initializer=depthwise_initializer,
            pointwise_initializer=pointwise_initializer,
            bias_initializer=bias_initializer,
            depthwise_regularizer=depthwise_regularizer,
            pointwise_regularizer=pointwise_regularizer,
            bias_regularizer=bias_regularizer,
            activity_regularizer=activity_regularizer,
            depthwise_constraint=depthwise_constraint,
            pointwise_constraint=pointwise_constraint,
            bias_constraint=bias_constraint,
            trainable=trainable,
            name=name,
            **kwargs,
        )


@export("layers.separable_conv2d")
def separable_conv2d(
    inputs: Any,
    filters: int,
    kernel_size: Any,
    strides: Any = (1, 1),
    padding: str = "valid",
    data_format: str = "channels_last",
    dilation_rate: Any = (1, 1),
    depth_multiplier: int = 1,
    activation: Any = None,
    use_bias: bool = True,
    depthwise_initializer: Any = None,
    pointwise_initializer: Any = None,
    bias_initializer: Any = Zeros(),  # noqa: B008
    depthwise_regularizer: Any = None,
    pointwise_regularizer: Any = None,
    bias_regularizer: Any = None,
    activity_regularizer: Any = None,
    depthwise_constraint: Any = None,
    pointwise_constraint: Any = None,
    bias_constraint: Any = None,
    trainable: bool = True,
    name: str | None = None,
    reuse: Any = None,
) -> Tensor:
    """The separable convolution of images [batch, height, width, n].

    New variables or, where `reuse`, those of `name`; see `SeparableConv2D`.
    """
    layer = SeparableConv2D(
        filters,
        kernel_size,
        strides=strides,
        padding=padding,
        data_format=data_format,
        dilation_rate=dilation_rate,
        depth_multiplier=depth_multiplier,
        activation=activation,
        use_bias=use_bias,
        depthwise_initializer=depthwise_initializer,
        pointwise_initializer=pointwise_initializer,
        bias_initializer=bias_initializer,
        depthwise_regularizer=depthwise_regularizer,
        pointwise_regularizer=pointwise_regularizer,
        bias_regularizer=bias_regularizer,
        activity_regularizer=activity_regularizer,
        depthwise_constraint=depthwise_constraint,
        pointwise_constraint=pointwise_constraint,
        bias_constraint=bias_constraint,
        trainable=trainable,
        name=name,
        _reuse=reuse,
        _scope=name,
    )
    result: Tensor = layer(inputs)
    return result
