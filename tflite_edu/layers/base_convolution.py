"""What the layers of convolution share: windows of weights that slide over the inputs."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import dtypes, raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.shapes import TensorShape
from tflite_edu.core.tensor import Tensor
from tflite_edu.layers import arguments
from tflite_edu.layers.base_layer import Layer
from tflite_edu.layers.input_specification import InputSpec
from tflite_edu.ops import convolution_1d
from tflite_edu.ops.bias import bias_add
from tflite_edu.ops.dilated_convolution import with_space_to_batch
from tflite_edu.ops.padding import pad
from tflite_edu.ops.reshaping import reshape
from tflite_edu.ops.windows import axis, sequence
from tflite_edu.variables.initializers import Zeros

_FORMATS = {
    1: ("NWC", "NCW"),
    2: ("NHWC", "NCHW"),
    3: ("NDHWC", "NCDHW"),
}


class Convolution(Layer):
    """A convolution along `rank` axes, with a bias and an activation.

    `activation(conv(inputs, kernel) + bias)`: [batch, axes..., n] to [batch, out axes..., filters];
    where `data_format` is channels_first, [batch, n, axes...]. `padding` is valid or same (or
    causal, of sequences). Either `strides` or `dilation_rate` may be above 1. Variables: kernel
    [window..., n, filters], and bias [filters] where `use_bias`. See `Layer` for the others.
    """

    def __init__(
        self,
        rank: int,
        filters: Any,
        kernel_size: Any,
        strides: Any = 1,
        padding: Any = "valid",
        data_format: str | None = None,
        dilation_rate: Any = 1,
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
            trainable=trainable,
            name=name,
            activity_regularizer=arguments.regularizer(activity_regularizer),
            **kwargs,
        )
        self.rank = rank
        self.filters = filters
        self.kernel_size = arguments.sizes(kernel_size, rank, "kernel_size")
        self.strides = arguments.sizes(strides, rank, "strides")
        self.padding = arguments.padding_name(padding)
        if self.padding == "causal" and rank != 1:
            raise ValueError("Causal padding is only supported for `Conv1D`and ``SeparableConv1D`.")
        self.data_format, self._channels_first = arguments.channels_come_first(data_format)
        self.dilation_rate = arguments.sizes(dilation_rate, rank, "dilation_rate")
        self.activation = arguments.activation(activation)
        self.use_bias = use_bias
        self.kernel_initializer = arguments.initializer(kernel_initializer)
        self.bias_initializer = arguments.initializer(bias_initializer)
        self.kernel_regularizer = arguments.regularizer(kernel_regularizer)
        self.bias_regularizer = arguments.regularizer(bias_regularizer)
        self.kernel_constraint = arguments.constraint(kernel_constraint)
        self.bias_constraint = arguments.constraint(bias_constraint)
        self.input_spec = InputSpec(ndim=rank + 2)

    def build(self, input_shape: Any) -> None:
        """Makes kernel and bias for inputs of that shape."""
        channels = self._channels_of(input_shape)
        self.kernel = self._kernel([*self.kernel_size, channels, self.filters])
        self._add_bias()
        self._set_input_spec(channels)
        self._prepare()
        self.built = True

    def _channels_of(self, input_shape: Any) -> int:
        sizes = TensorShape(input_shape).as_list()
        if len(sizes) != self.rank + 2:
            raise ValueError(
                f"Inputs should have rank {self.rank + 2}. Received input shape: {input_shape}"
            )
        channels = sizes[1 if self._channels_first else -1]
        if channels is None:
            raise ValueError("The channel dimension of the inputs should be defined. Found `None`.")
        return channels

    def _set_input_spec(self, channels: int) -> None:
        place = 1 if self._channels_first else -1
        self.input_spec = InputSpec(ndim=self.rank + 2, axes={place: channels})

    def _kernel(self, shape: list[int]) -> Any:
        return self.add_weight(
            "kernel",
            shape=shape,
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
            trainable=True,
            dtype=self.dtype,
        )

    def _add_bias(self) -> None:
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                "bias",
                shape=[self.filters],
                initializer=self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
                trainable=True,
                dtype=self.dtype,
            )

    def _prepare(self) -> None:
        """Makes what the window's spread is known by, once for all calls."""
        if any(step < 1 for step in self.strides):
            raise ValueError("all values of strides must be positive")
        if any(rate < 1 for rate in self.dilation_rate):
            raise ValueError("all values of dilation_rate must be positive")
        if any(s > 1 for s in self.strides) and any(r > 1 for r in self.dilation_rate):
            raise ValueError("strides > 1 not supported in conjunction with dilation_rate > 1")
        self._rates = convert_to_tensor(
            list(self.dilation_rate), dtypes.int32, name="dilation_rate"
        )
        self._window: Any = self.kernel.shape.as_list()
        if self.padding == "same" and any(rate > 1 for rate in self.dilation_rate):
            self._window = convert_to_tensor(self._window, name="filter_shape")

    def call(self, inputs: Any, **kwargs: Any) -> Tensor:
        """The convolution of the inputs."""
        if self.padding == "causal":
            inputs = pad(inputs, self._before_first())
        data_format = _FORMATS[self.rank][self._channels_first]

        def convolve(input: Any, spatial: int, padding: str) -> Tensor:
            if self.rank == 1:
                return convolution_1d.conv1d(
                    input, self.kernel, list(self.strides), padding, data_format=data_format
                )
            make = raw.Conv2D if self.rank == 2 else raw.Conv3D
            return make(
                input,
                self.kernel,
                strides=sequence(list(self.strides), "strides", data_format, self.rank),
                padding=padding,
                data_format=data_format,
            )

        outputs = with_space_to_batch(
            inputs,
            self._rates,
            "VALID" if self.padding == "causal" else self.padding.upper(),
            convolve,
            filter_shape=self._window,
            data_format=data_format,
        )
        return self.activation(self._with_bias(outputs))

    def _before_first(self) -> list[list[int]]:
        """Padding of sequences with which no output sees what comes after it."""
        before = [self.dilation_rate[0] * (self.kernel_size[0] - 1), 0]
        return [[0, 0], [0, 0], before] if self._channels_first else [[0, 0], before, [0, 0]]

    def _with_bias(self, outputs: Tensor) -> Tensor:
        if not self.use_bias:
            return outputs
        if not self._channels_first:
            return bias_add(outputs, self.bias, data_format="NHWC")
        if self.rank == 1:
            return outputs + reshape(self.bias, (1, self.filters, 1))
        return bias_add(outputs, self.bias, data_format="NCHW")

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """[batch, out axes..., filters] for [batch, axes..., n]."""
        sizes = TensorShape(input_shape).as_list()
        inner = sizes[2:] if self._channels_first else sizes[1:-1]
        new = [self._out_size(size, i) for i, size in enumerate(inner)]
        if self._channels_first:
            return TensorShape([sizes[0], self.filters, *new])
        return TensorShape([sizes[0], *new, self.filters])

    def _out_size(self, size: int | None, i: int) -> int | None:
        if size is None:
            return None
        window, rate = self.kernel_size[i], self.dilation_rate[i]
        padding = "SAME" if self.padding == "causal" else self.padding.upper()
        return axis(size, window, self.strides[i], rate, padding).out

    def get_config(self) -> dict[str, Any]:
        """The arguments that make an equal layer."""
        plain = ("filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate")
        described = (
            "kernel_initializer",
            "bias_initializer",
            "kernel_regularizer",
            "bias_regularizer",
            "activity_regularizer",
            "kernel_constraint",
            "bias_constraint",
        )
        config = {**super().get_config(), **{name: getattr(self, name) for name in plain}}
        config["activation"] = arguments.activation_name(self.activation)
        config["use_bias"] = self.use_bias
        config.update((name, arguments.described(getattr(self, name))) for name in described)
        return config
