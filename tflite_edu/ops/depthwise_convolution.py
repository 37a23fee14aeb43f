"""Convolution of each channel by itself, forward and backward, and what is built on it.

Filters are [height, width, channels, multiplier]: each channel is convolved with as many filters as
the multiplier says, whose results lie side by side.
"""

from __future__ import annotations

from typing import Any, ClassVar

from tflite_edu.core import inference, raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import BFLOAT16, DOUBLE, FLOAT, HALF, DType
from tflite_edu.core.errors import InvalidArgumentError, UnimplementedError
from tflite_edu.core.export import export
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.dilated_convolution import with_space_to_batch
from tflite_edu.ops.shapes_of_tensors import shape_tensor
from tflite_edu.ops.windows import Axis, axis, either, inner, padded, taps


class DepthwiseConvolution(Op, abstract=True):
    """What a depthwise convolution and its two gradients share.

    TensorFlow's CPU kernels take no notice of `dilations`.
    """

    T: DType = attr(HALF, BFLOAT16, FLOAT, DOUBLE)
    strides: list[int]
    padding: str = attr("SAME", "VALID")
    data_format: str = attr("NHWC", "NCHW", default="NHWC")
    dilations: list[int] = attr(default=(1, 1, 1, 1))

    kernel_name: ClassVar[str] = ""

    def axes(self, image: Any, window: Any) -> tuple[Axis, Axis]:
        """The geometry along height and width."""
        rows, columns = (
            axis(int(image[i]), int(window[i - 1]), self.strides[i], 1, self.padding)
            for i in (1, 2)
        )
        return rows, columns

    def check(self) -> None:
        """Raises where TF's CPU kernels refuse the strides or the layout."""
        channels = self.data_format.index("C")
        vertical, horizontal = (self.strides[self.data_format.index(c)] for c in "HW")
        if vertical != horizontal:
            _refuse(
                "Current implementation only supports equal length strides in the row and column "
                "dimensions."
            )
        if self.strides[0] != 1 or self.strides[channels] != 1:
            _refuse(
                "Current implementation does not yet support strides in the batch and depth "
                "dimensions."
            )

    def check_layout(self) -> None:
        """Raises where TF's CPU kernels refuse the layout."""
        if self.data_format != "NHWC":
            raise UnimplementedError(
                None, None, "Depthwise convolution on CPU is only supported for NHWC format"
            )

    def check_output(self, sizes: Any, window: Any, grad: Any) -> tuple[Axis, Axis]:
        """The geometry; raises where the backpropagated gradient is not of the output's size."""
        self.check()
        name = self.kernel_name
        for what, given in (("input", sizes), ("filter", window), ("out_backprop", grad.shape)):
            if len(given) != 4:
                _refuse(f"{name}: {what} must be 4-dimensional")
        self.check_layout()
        if int(sizes[0]) != grad.shape[0]:
            _refuse(f"{name}: input and out_backprop must have the same batch size")
        if int(sizes[3]) != int(window[2]):
            _refuse(f"{name}: input and filter must have the same in_depth")
        if int(window[3]) * int(sizes[3]) != grad.shape[3]:
            _refuse(f"{name}: depth_multiplier * in_depth not equal to out_depth")
        rows, columns = self.axes(sizes, window)
        for i, what, one in ((1, "rows", rows), (2, "cols", columns)):
            if grad.shape[i] != one.out:
                _refuse(
                    f"{name}: Number of {what} of out_backprop doesn't match computed: actual = "
                    f"{grad.shape[i]}, computed = {one.out}"
                )
        return rows, columns

    def options(self) -> dict[str, Any]:
        """The attributes with which the gradients are convolutions of the same kind."""
        return {
            "strides": self.strides,
            "padding": self.padding,
            "data_format": self.data_format,
            "dilations": self.dilations,
        }


def _refuse(message: str) -> None:
    raise InvalidArgumentError(None, None, message)


class DepthwiseConv2dNative(DepthwiseConvolution):
    """Convolution of each channel of images [batch, height, width, channels] by itself."""

    inputs, outputs = ("input: T", "filter: T"), ("output: T",)

    def infer(self, image: Shape, window: Shape) -> Shape:
        image = inference.with_rank(image, 4)
        window = inference.with_rank(window, 4)
        if len(self.strides) != 4:
            raise inference.ShapeError(
                "DepthwiseConv2D requires the stride attribute to contain 4 values, but got: "
                f"{len(self.strides)}"
            )
        places = [self.data_format.index(c) for c in "NHWC"]
        inference.merge_dims(image[places[3]], window[2])
        shape: list[int | None] = [None] * 4
        shape[places[0]] = image[places[0]]
        shape[places[3]] = inference.multiply_dims(window[2], window[3])
        for i in (1, 2):
            shape[places[i]] = inference.conv_output_size(
                image[places[i]], window[i - 1], self.strides[places[i]], self.padding
            )
        return tuple(shape)

    def geometry(self, image: Any, window: Any) -> tuple[Axis, Axis]:
        """How the window slides along height and width; raises where TF's CPU kernel refuses."""
        self.check()
        if image.ndim != 4:
            listed = ",".join(str(d) for d in image.shape)
            _refuse(f"input must be 4-dimensional[{listed}]")
        if window.ndim != 4:
            listed = ",".join(str(d) for d in window.shape)
            _refuse(f"filter must be 4-dimensional: [{listed}]")
        self.check_layout()
        if image.shape[3] != window.shape[2]:
            _refuse(
                f"input and filter must have the same depth: {image.shape[3]} vs {window.shape[2]}"
            )
        return self.axes(image.shape, window.shape)

    def forward(self, np, image, window):
        rows, columns = self.geometry(image, window)
        full = padded(np, image, rows, columns)
        filters = window.reshape(rows.window * columns.window, *window.shape[2:])
        made = np.zeros((image.shape[0], rows.out, columns.out, *window.shape[2:]), image.dtype)
        for (i, j), values in zip(taps(rows, columns), filters):
            made += full[:, i, j, :, None] * values
        return made.reshape(*made.shape[:3], window.shape[2] * window.shape[3])

    def backward(self, op, grad):
        image, window = op.inputs
        options = self.options()
        return [
            raw.DepthwiseConv2dNativeBackpropInput(shape_tensor(image), window, grad, **options),
            raw.DepthwiseConv2dNativeBackpropFilter(image, shape_tensor(window), grad, **options),
        ]


class DepthwiseConv2dNativeBackpropInput(DepthwiseConvolution):
    """The gradient of a depthwise convolution with respect to the images."""

    inputs = ("input_sizes: int32", "filter: T", "out_backprop: T")
    outputs = ("output: T",)
    infer_from = {"input_sizes": "partial"}
    kernel_name = "DepthwiseConv2DBackpropInput"

    def infer(self, sizes: Shape, window: Shape, grad: Shape) -> Shape:
        return inference.with_rank(sizes, 4)

    def geometry(self, sizes: Any, window: Any, grad: Any) -> tuple[Axis, Axis]:
        """How the window slides along height and width; raises where TF's CPU kernel refuses."""
        return self.check_output(sizes, window.shape, grad)

    def forward(self, np, sizes, window, grad):
        rows, columns = self.geometry(sizes, window, grad)
        filters = window.reshape(rows.window * columns.window, *window.shape[2:])
        shape = (
            int(sizes[0]),
            rows.before + rows.size + rows.after,
            columns.before + columns.size + columns.after,
            int(sizes[3]),
        )
        made = np.zeros(shape, grad.dtype)
        parts = grad.reshape(*grad.shape[:3], *window.shape[2:])
        for (i, j), values in zip(taps(rows, columns), filters):
            made[:, i, j] += (parts * values).sum(axis=4)
        return np.ascontiguousarray(inner(made, rows, columns))

    def backward(self, op, grad):
        _, window, out_backprop = op.inputs
        options = self.options()
        return [
            None,
            raw.DepthwiseConv2dNativeBackpropFilter(
                grad, shape_tensor(window), out_backprop, **options
            ),
            raw.DepthwiseConv2dNative(grad, window, **options),
        ]


class DepthwiseConv2dNativeBackpropFilter(DepthwiseConvolution):
    """The gradient of a depthwise convolution with respect to the filters."""

    inputs = ("input: T", "filter_sizes: int32", "out_backprop: T")
    outputs = ("output: T",)
    infer_from = {"filter_sizes": "partial"}
    kernel_name = "DepthwiseConv2DBackpropFilter"

    def infer(self, image: Shape, sizes: Shape, grad: Shape) -> Shape:
        return inference.with_rank(sizes, 4)

    def geometry(self, image: Any, sizes: Any, grad: Any) -> tuple[Axis, Axis]:
        """How the window slides along height and width; raises where TF's CPU kernel refuses."""
        return self.check_output(image.shape, sizes, grad)

    def forward(self, np, image, sizes, grad):
        rows, columns = self.geometry(image, sizes, grad)
        shape = [int(s) for s in sizes]
        full = padded(np, image, rows, columns)
        parts = grad.reshape(*grad.shape[:3], *shape[2:])
        made = [
            (full[:, i, j, :, None] * parts).sum(axis=(0, 1, 2)) for i, j in taps(rows, columns)
        ]
        return np.reshape(made, shape).astype(image.dtype, copy=False)

    def backward(self, op, grad):
        image, _, out_backprop = op.inputs
        options = self.options()
        return [
            raw.DepthwiseConv2dNativeBackpropInput(
                shape_tensor(image), grad, out_backprop, **options
            ),
            None,
            raw.DepthwiseConv2dNative(image, grad, **options),
        ]


@export("nn.depthwise_conv2d_native")
def depthwise_conv2d_native(
    input: Any,
    filter: Any,
    strides: Any,
    padding: str,
    data_format: str = "NHWC",
    dilations: Any = [1, 1, 1, 1],  # noqa: B006
    name: str | None = None,
) -> Tensor:
    """`tf.nn.depthwise_conv2d` as one node, which takes no notice of `dilations`."""
    return raw.DepthwiseConv2dNative(
        input,
        filter,
        strides=strides,
        padding=padding,
        data_format=data_format,
        dilations=dilations,
        name=name,
    )


@export("nn.depthwise_conv2d_backprop_input", "nn.depthwise_conv2d_native_backprop_input")
def depthwise_conv2d_native_backprop_input(
    input_sizes: Any,
    filter: Any,
    out_backprop: Any,
    strides: Any,
    padding: str,
    data_format: str = "NHWC",
    dilations: Any = [1, 1, 1, 1],  # noqa: B006
    name: str | None = None,
) -> Tensor:
    """The gradient of `depthwise_conv2d` with respect to its input, of shape `input_sizes`."""
    return raw.DepthwiseConv2dNativeBackpropInput(
        input_sizes,
        filter,
        out_backprop,
        strides=strides,
        padding=padding,
        data_format=data_format,
        dilations=dilations,
        name=name,
    )


@export("nn.depthwise_conv2d_backprop_filter", "nn.depthwise_conv2d_native_backprop_filter")
def depthwise_conv2d_native_backprop_filter(
    input: Any,
    filter_sizes: Any,
    out_backprop: Any,
    strides: Any,
    padding: str,
    data_format: str = "NHWC",
    dilations: Any = [1, 1, 1, 1],  # noqa: B006
    name: str | None = None,
) -> Tensor:
    """The gradient of `depthwise_conv2d` with respect to its filters, of shape `filter_sizes`."""
    return raw.DepthwiseConv2dNativeBackpropFilter(
        input,
        filter_sizes,
        out_backprop,
        strides=strides,
        padding=padding,
        data_format=data_format,
        dilations=dilations,
        name=name,
    )


@export("nn.depthwise_conv2d")
def depthwise_conv2d(
    input: Any,
    filter: Any,
    strides: Any,
    padding: str,
    rate: Any = None,
    name: str | None = None,
    data_format: str | None = None,
    dilations: Any = None,
) -> Tensor:
    """Convolution of each channel of images by itself.

    `input` is [batch, height, width, channels], `filter` [height, width, channels, multiplier], the
    result [batch, out height, out width, channels * multiplier]. `strides` has four elements; a run
    refuses different ones for height and width. `rate` ([2], or `dilations`) spreads the window.
    """
    rate = either("dilations", dilations, "rate", rate)
    with name_scope(name, "depthwise", [input, filter]) as scope:
        input = convert_to_tensor(input, name="tensor_in")
        filter = convert_to_tensor(filter, name="filter_in")
        return _depthwise(input, filter, strides, padding, rate, data_format, scope)


def _depthwise(
    input: Tensor,
    filter: Tensor,
    strides: Any,
    padding: str,
    rate: Any,
    data_format: str | None,
    name: str,
) -> Tensor:
    def convolve(input: Tensor, spatial: int, padding: str) -> Tensor:
        options = {} if data_format is None else {"data_format": data_format}
        return raw.DepthwiseConv2dNative(
            input, filter, strides=strides, padding=padding, name=name, **options
        )

    return with_space_to_batch(
        input,
        [1, 1] if rate is None else rate,
        padding,
        convolve,
        filter_shape=shape_tensor(filter),
        data_format=data_format,
    )


@export("nn.separable_conv2d")
def separable_conv2d(
    input: Any,
    depthwise_filter: Any,
    pointwise_filter: Any,
    strides: Any,
    padding: str,
    rate: Any = None,
    name: str | None = None,
    data_format: str | None = None,
    dilations: Any = None,
) -> Tensor:
    """A depthwise convolution, and then one of single pixels that mixes the channels.

    `depthwise_filter` is [height, width, channels, multiplier], `pointwise_filter` [1, 1, channels
    * multiplier, out channels]; the rest is as for `depthwise_conv2d`. Chollet, "Xception", 2017.
    """
    rate = either("dilations", dilations, "rate", rate)
    with name_scope(name, "separable_conv2d", [input, depthwise_filter, pointwise_filter]) as scope:
        input = convert_to_tensor(input, name="tensor_in")
        depthwise_filter = convert_to_tensor(depthwise_filter, name="depthwise_filter")
        pointwise_filter = convert_to_tensor(pointwise_filter, name="pointwise_filter")
        shape = pointwise_filter.get_shape().with_rank(4)
        shape.dims[0].assert_is_compatible_with(1)
        shape.dims[1].assert_is_compatible_with(1)
        mixed = _depthwise(
            input, depthwise_filter, strides, padding, rate, data_format, "depthwise"
        )
        return raw.Conv2D(
            mixed,
            pointwise_filter,
            strides=[1, 1, 1, 1],
            padding="VALID",
            data_format=data_format or "NHWC",
            name=scope,
        )
