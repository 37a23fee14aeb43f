"""`tf.layers.conv2d_transpose` and `conv3d_transpose`: convolutions backwards."""

from __future__ import annotations

from typing import Any

from tflite_edu.core.export import export
from tflite_edu.core.tensor import Tensor
from tflite_edu.layers.base_convolution import Convolution
from tflite_edu.ops import convolution, convolution_3d
from tflite_edu.ops.packing import stack
from tflite_edu.ops.permuting import transpose
from tflite_edu.ops.shapes_of_tensors import shape as shape_of
from tflite_edu.variables.initializers import Zeros


class ConvolutionTranspose(Convolution):
    """The transpose of a convolution, whose gradient it is: it makes images larger.

    Variables: kernel [window..., filters, n] for inputs of n channels, and bias [filters]. See
    `Convolution` for the arguments.
    """

    def build(self, input_shape: Any) -> None:
        """Makes kernel and bias for inputs of that shape."""
        channels = self._channels_of(input_shape)
        self._set_input_spec(channels)
        self.kernel = self._kernel([*self.kernel_size, self.filters, channels])
        self._add_bias()
        self.built = True

    def call(self, inputs: Any, **kwargs: Any) -> Tensor:
        """The transposed convolution of the inputs."""
        shape = shape_of(inputs)
        first = 2 if self._channels_first else 1
        batch = shape[0]
        sizes = [shape[first + i] for i in range(self.rank)]
        new = [self._grown(size, i) for i, size in enumerate(sizes)]
        inner = [self.filters, *new] if self._channels_first else [*new, self.filters]
        wanted = stack([batch, *inner])
        if self.rank == 3:
            outputs = self._volumes(inputs, wanted)
        else:
            outputs = self._images(inputs, wanted)
        outputs.set_shape(self.compute_output_shape(inputs.shape))
        return self.activation(self._with_bias(outputs))

    def _volumes(self, inputs: Tensor, wanted: Tensor) -> Tensor:
        ones = [1, 1] if self._channels_first else [1]
        strides = [*ones, *self.strides] + ([] if self._channels_first else [1])
        return convolution_3d.conv3d_transpose(
            inputs,
            self.kernel,
            wanted,
            strides,
            padding=self.padding.upper(),
            data_format="NCDHW" if self._channels_first else "NDHWC",
        )

    def _images(self, inputs: Tensor, wanted: Tensor) -> Tensor:
        # A CPU has no kernel for channels that come first.
        if self._channels_first:
            inputs = transpose(inputs, [0, 2, 3, 1])
            wanted = stack([wanted[i] for i in (0, 2, 3, 1)])
        else:
            # TensorFlow looks at the size of the batch here, which leaves nodes.
            wanted[0]
        outputs = convolution.conv2d_transpose(
            inputs, self.kernel, wanted, [1, *self.strides, 1], padding=self.padding.upper()
        )
        return transpose(outputs, [0, 3, 1, 2]) if self._channels_first else outputs

    def _grown(self, size: Any, i: int) -> Any:
        """How long an axis of that size becomes: a number, a scalar tensor, or None."""
        if size is None:
            return None
        grown = size * self.strides[i]
        if self.padding == "valid":
            grown = grown + max(self.kernel_size[i] - self.strides[i], 0)
        return grown

    def _out_size(self, size: int | None, i: int) -> int | None:
        return self._grown(size, i)


@export("layers.Conv2DTranspose")
class Conv2DTranspose(ConvolutionTranspose):
    """The transpose of a convolution of images: see `ConvolutionTranspose`."""

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = (1, 1),
        padding: str = "valid",
        data_format: str = "channels_last",
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = None,
        bias_initializer: Any = Zeros(),  # noqa: B008
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
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
            activation=activation,
            use_bias=use_bias,
            kernel_initializer=kernel_initializer,
            bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer,
            bias_regularizer=bias_regularizer,
            activity_regularizer=activity_regularizer,
            kernel_constraint=kernel_constraint,
            bias_constraint=bias_constraint,
            trainable=trainable,
            name=name,
            **kwargs,
        )


@export("layers.conv2d_transpose")
def conv2d_transpose(
    inputs: Any,
    filters: int,
    kernel_size: Any,
    strides: Any = (1, 1),
    padding: str = "valid",
    data_format: str = "channels_last",
    activation: Any = None,
    use_bias: bool = True,
    kernel_initializer: Any = None,
    bias_initializer: Any = Zeros(),  # noqa: B008
    kernel_regularizer: Any = None,
    bias_regularizer: Any = None,
    activity_regularizer: Any = None,
    kernel_constraint: Any = None,
    bias_constraint: Any = None,
    trainable: bool = True,
    name: str | None = None,
    reuse: Any = None,
) -> Tensor:
    """The transposed convolution of images [batch, height, width, n].

    New variables or, where `reuse`, those of `name`; see `Conv2DTranspose`.
    """
    layer = Conv2DTranspose(
        filters,
        kernel_size,
        strides=strides,
        padding=padding,
        data_format=data_format,
        activation=activation,
        use_bias=use_bias,
        kernel_initializer=kernel_initializer,
        bias_initializer=bias_initializer,
        kernel_regularizer=kernel_regularizer,
        bias_regularizer=bias_regularizer,
        activity_regularizer=activity_regularizer,
        kernel_constraint=kernel_constraint,
        bias_constraint=bias_constraint,
        trainable=trainable,
        name=name,
        _reuse=reuse,
        _scope=name,
    )
    result: Tensor = layer(inputs)
    return result


@export("layers.Conv3DTranspose")
class Conv3DTranspose(ConvolutionTranspose):
    """The transpose of a convolution of volumes: see `ConvolutionTranspose`."""

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = (1, 1, 1),
        padding: str = "valid",
        data_format: str = "channels_last",
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = None,
        bias_initializer: Any = Zeros(),  # noqa: B008
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        trainable: bool = True,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            3,
            filters,
            kernel_size,
            strides=strides,
            padding=padding,
            data_format=data_format,
            activation=activation,
            use_bias=use_bias,
            kernel_initializer=kernel_initializer,
            bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer,
            bias_regularizer=bias_regularizer,
            activity_regularizer=activity_regularizer,
            kernel_constraint=kernel_constraint,
            bias_constraint=bias_constraint,
            trainable=trainable,
            name=name,
            **kwargs,
        )


@export("layers.conv3d_transpose")
def conv3d_transpose(
    inputs: Any,
    filters: int,
    kernel_size: Any,
    strides: Any = (1, 1, 1),
    padding: str = "valid",
    data_format: str = "channels_last",
    activation: Any = None,
    use_bias: bool = True,
    kernel_initializer: Any = None,
    bias_initializer: Any = Zeros(),  # noqa: B008
    kernel_regularizer: Any = None,
    bias_regularizer: Any = None,
    activity_regularizer: Any = None,
    kernel_constraint: Any = None,
    bias_constraint: Any = None,
    trainable: bool = True,
    name: str | None = None,
    reuse: Any = None,
) -> Tensor:
    """The transposed convolution of volumes [batch, depth, height, width, n].

    New variables or, where `reuse`, those of `name`; see `Conv3DTranspose`.
    """
    layer = Conv3DTranspose(
        filters,
        kernel_size,
        strides=strides,
        padding=padding,
        data_format=data_format,
        activation=activation,
        use_bias=use_bias,
        kernel_initializer=kernel_initializer,
        bias_initializer=bias_initializer,
        kernel_regularizer=kernel_regularizer,
        bias_regularizer=bias_regularizer,
        activity_regularizer=activity_regularizer,
        kernel_constraint=kernel_constraint,
        bias_constraint=bias_constraint,
        trainable=trainable,
        name=name,
        _reuse=reuse,
        _scope=name,
    )
    result: Tensor = layer(inputs)
    return result
