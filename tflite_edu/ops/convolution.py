"""Convolution of images, forward and backward.

Each element of the window takes part with one matrix product: of the pixels that it meets, one for
each output position, and its own matrix [in channels, out channels].
"""

from __future__ import annotations

from typing import Any, ClassVar

from tflite_edu.core import inference, raw
from tflite_edu.core.dtypes import BFLOAT16, DOUBLE, FLOAT, HALF, DType
from tflite_edu.core.errors import InvalidArgumentError, UnimplementedError
from tflite_edu.core.export import export
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.shapes_of_tensors import shape_tensor
from tflite_edu.ops.windows import Axis, axis, either, inner, padded, sequence, taps


class Convolution(Op, abstract=True):
    """What a convolution and its two gradients share.

    `strides`, `dilations` and `explicit_paddings` go with the axes in the order of `data_format`.
    Images are [batch, height, width, channels], filters [height, width, in channels, out channels].
    """

    T: DType = attr(HALF, BFLOAT16, FLOAT, DOUBLE)
    strides: list[int]
    use_cudnn_on_gpu: bool = True
    padding: str = attr("SAME", "VALID", "EXPLICIT")
    explicit_paddings: list[int] = attr(default=())
    data_format: str = attr("NHWC", "NCHW", default="NHWC")
    dilations: list[int] = attr(default=(1, 1, 1, 1))

    kernel_name: ClassVar[str] = ""

    def axes(self, image: Any, window: Any) -> tuple[Axis, Axis]:
        """The geometry along height and width."""
        pads = self.explicit_paddings or (0,) * 8
        rows, columns = (
            axis(
                int(image[i]),
                int(window[i - 1]),
                self.strides[i],
                self.dilations[i],
                self.padding,
                pads[2 * i : 2 * i + 2],
            )
            for i in (1, 2)
        )
        return rows, columns

    def check(self) -> None:
        """Raises where TF's CPU kernels refuse the layout or the strides."""
        if self.strides[0] != 1 or self.strides[3] != 1:
            raise InvalidArgumentError(
                None,
                None,
                "Current implementation does not yet support strides in the batch and depth "
                "dimensions.",
            )

    def check_gradient(self) -> None:
        """Raises where TF's CPU kernels of the gradients refuse."""
        if self.data_format != "NHWC":
            raise InvalidArgumentError(None, None, f"{self.kernel_name} only supports NHWC.")
        self.check()
        if any(d != 1 for d in self.dilations):
            raise InvalidArgumentError(
                None,
                None,
                "Current libxsmm and customized CPU implementations do not yet support dilation "
                "rates larger than 1.",
            )

    def check_output(self, sizes: Any, window: Any, given: Any, rows: Axis, columns: Axis) -> None:
        """Raises where the backpropagated gradient is not of the convolution's output's size."""
        for i, one in ((1, rows), (2, columns)):
            if given.shape[i] != one.out:
                raise InvalidArgumentError(
                    None,
                    None,
                    f"{self.kernel_name}: Size of out_backprop doesn't match computed: actual = "
                    f"{given.shape[i]}, computed = {one.out} spatial_dim: {i} input: "
                    f"{int(sizes[i])} filter: {int(window[i - 1])} output: {given.shape[i]} "
                    f"stride: {self.strides[i]} dilation: {self.dilations[i]}",
                )

    def options(self) -> dict[str, Any]:
        """The attributes with which the gradients are convolutions of the same kind."""
        return {
            "strides": self.strides,
            "padding": self.padding,
            "explicit_paddings": self.explicit_paddings,
            "use_cudnn_on_gpu": self.use_cudnn_on_gpu,
            "data_format": self.data_format,
            "dilations": self.dilations,
        }

    def order(self) -> tuple[int, int, int, int]:
        """Where batch, height, width and channels stand in a shape."""
        return (0, 1, 2, 3) if self.data_format == "NHWC" else (0, 2, 3, 1)


class Conv2D(Convolution):
    """Convolution of images [batch, height, width, in channels] with filters."""

    inputs, outputs = ("input: T", "filter: T"), ("output: T",)

    def infer(self, image: Shape, window: Shape) -> Shape:
        image = inference.with_rank(image, 4)
        window = inference.with_rank(window, 4)
        places = self.order()
        depth, filter_depth = image[places[3]], window[2]
        if depth is not None and filter_depth and depth % filter_depth:
            raise inference.ShapeError(
                f"Depth of input ({depth}) is not a multiple of input depth of filter "
                f"({filter_depth})"
            )
        groups = depth // filter_depth if depth and filter_depth else 1
        if window[3] is not None and window[3] % groups:
            raise inference.ShapeError(
                f"Depth of output ({window[3]}) is not a multiple of the number of groups "
                f"({groups})"
            )
        shape: list[int | None] = [None] * 4
        shape[places[0]], shape[places[3]] = image[places[0]], window[3]
        for i in (1, 2):
            at = places[i]
            before, after = (self.explicit_paddings or (0,) * 8)[2 * at : 2 * at + 2]
            shape[at] = inference.conv_output_size(
                image[at],
                window[i - 1],
                self.strides[at],
                self.padding,
                self.dilations[at],
                (before, after),
            )
        return tuple(shape)

    def geometry(self, image: Any, window: Any) -> tuple[Axis, Axis]:
        """How the window slides along height and width; raises where TF's CPU kernel refuses."""
        if self.data_format != "NHWC":
            raise UnimplementedError(
                None,
                None,
                "The Conv2D op currently only supports the NHWC tensor format on the CPU. The op "
                f"was given the format: {self.data_format}",
            )
        self.check()
        _check_depth(image, window)
        return self.axes(image.shape, window.shape)

    def forward(self, np, image, window):
        rows, columns = self.geometry(image, window)
        full = padded(np, _wide(np, image), rows, columns)
        matrices = _wide(np, window).reshape(rows.window * columns.window, *window.shape[2:])
        made = np.zeros((image.shape[0], rows.out, columns.out, window.shape[3]), full.dtype)
        for (i, j), matrix in zip(taps(rows, columns), matrices):
            made += full[:, i, j] @ matrix
        return made.astype(image.dtype, copy=False)

    def backward(self, op, grad):
        image, window = op.inputs
        image_shape, window_shape = raw.ShapeN([image, window])
        options = self.options()
        return [
            raw.Conv2DBackpropInput(image_shape, window, grad, **options),
            raw.Conv2DBackpropFilter(image, window_shape, grad, **options),
        ]


def _check_depth(image, window):
    if image.ndim != 4:
        listed = ",".join(str(d) for d in image.shape)
        raise InvalidArgumentError(None, None, f"input must be 4-dimensional[{listed}]")
    if window.ndim != 4:
        listed = ",".join(str(d) for d in window.shape)
        raise InvalidArgumentError(None, None, f"filter must be 4-dimensional: [{listed}]")
    depth, filter_depth = image.shape[3], window.shape[2]
    if depth == filter_depth:
        return
    if not filter_depth or depth % filter_depth:
        raise InvalidArgumentError(
            None,
            None,
            f"input depth must be evenly divisible by filter depth: {depth} vs {filter_depth}",
        )
    raise UnimplementedError(
        None,
        None,
        "The Conv2D op currently does not support grouped convolutions on the CPU. A grouped "
        f"convolution was attempted to be run because the input depth of {depth} does not match "
        f"the filter input depth of {filter_depth}",
    )


def _wide(np, array):
    """Half precision is multiplied and added up in single precision."""
    return array.astype(np.float32) if array.dtype == np.float16 else array


class Conv2DBackpropInput(Convolution):
    """The gradient of a convolution with respect to the images, also a transposed convolution."""

    inputs = ("input_sizes: int32", "filter: T", "out_backprop: T")
    outputs = ("output: T",)
    infer_from = {"input_sizes": "partial"}
    kernel_name = "Conv2DCustomBackpropInput"

    def infer(self, sizes: Shape, window: Shape, grad: Shape) -> Shape:
        return inference.with_rank(sizes, 4)

    def geometry(self, sizes: Any, window: Any, grad: Any) -> tuple[Axis, Axis]:
        """How the window slides along height and width; raises where TF's CPU kernel refuses."""
        self.check_gradient()
        rows, columns = self.axes(sizes, window.shape)
        self.check_output(sizes, window.shape, grad, rows, columns)
        return rows, columns

    def forward(self, np, sizes, window, grad):
        rows, columns = self.geometry(sizes, window, grad)
        wide_grad = _wide(np, grad)
        matrices = _wide(np, window).reshape(rows.window * columns.window, *window.shape[2:])
        shape = (
            int(sizes[0]),
            rows.before + rows.size + rows.after,
            columns.before + columns.size + columns.after,
            int(sizes[3]),
        )
        made = np.zeros(shape, wide_grad.dtype)
        for (i, j), matrix in zip(taps(rows, columns), matrices):
            made[:, i, j] += wide_grad @ matrix.T
        kept = inner(made, rows, columns)
        return np.ascontiguousarray(kept).astype(grad.dtype, copy=False)

    def backward(self, op, grad):
        _, window, out_backprop = op.inputs
        options = self.options()
        return [
            None,
            raw.Conv2DBackpropFilter(grad, shape_tensor(window), out_backprop, **options),
            raw.Conv2D(grad, window, **options),
        ]


class Conv2DBackpropFilter(Convolution):
    """The gradient of a convolution with respect to the filters."""

    inputs = ("input: T", "filter_sizes: int32", "out_backprop: T")
    outputs = ("output: T",)
    infer_from = {"filter_sizes": "partial"}
    kernel_name = "Conv2DCustomBackpropFilter"

    def infer(self, image: Shape, sizes: Shape, grad: Shape) -> Shape:
        return inference.with_rank(sizes, 4)

    def geometry(self, image: Any, sizes: Any, grad: Any) -> tuple[Axis, Axis]:
        """How the window slides along height and width; raises where TF's CPU kernel refuses."""
        self.check_gradient()
        rows, columns = self.axes(image.shape, sizes)
        self.check_output(image.shape, sizes, grad, rows, columns)
        return rows, columns

    def forward(self, np, image, sizes, grad):
        rows, columns = self.geometry(image, sizes, grad)
        shape = tuple(int(s) for s in sizes)
        full, wide_grad = padded(np, _wide(np, image), rows, columns), _wide(np, grad)
        made = [
            np.tensordot(full[:, i, j], wide_grad, ((0, 1, 2), (0, 1, 2)))
            for i, j in taps(rows, columns)
        ]
        return np.reshape(made, shape).astype(image.dtype, copy=False)

    def backward(self, op, grad):
        image, _, out_backprop = op.inputs
        options = self.options()
        return [
            raw.Conv2DBackpropInput(shape_tensor(image), grad, out_backprop, **options),
            None,
            raw.Conv2D(image, grad, **options),
        ]


def _padding(padding: Any, data_format: str) -> tuple[Any, list[int]]:
    """The `padding` and `explicit_paddings` attributes from what a script passes."""
    if not isinstance(padding, (list, tuple)):
        return padding, []
    if len(padding) != 4 or any(len(p) != 2 for p in padding):
        raise ValueError(
            "When padding is a list, each element of padding must be a list/tuple of "
            f"size 2. Element with index 0 of padding: {padding}"
        )
    return "EXPLICIT", [int(p) for pair in padding for p in pair]


@export("nn.conv2d")
def conv2d(
    input: Any,
    filter: Any = None,
    strides: Any = None,
    padding: Any = None,
    use_cudnn_on_gpu: bool = True,
    data_format: str = "NHWC",
    dilations: Any = [1, 1, 1, 1],  # noqa: B006
    name: str | None = None,
    filters: Any = None,
) -> Tensor:
    """Convolution of images with filters.

    `input` is [batch, height, width, in channels], `filter` [height, width, in channels, out
    channels], the result [batch, out height, out width, out channels]. `padding` is "SAME", "VALID"
    or pairs of explicit sizes. Raises ValueError on shapes that do not fit; a run refuses "NCHW".
    """
    data_format = data_format or "NHWC"
    padding, pads = _padding(padding, data_format)
    return raw.Conv2D(
        input,
        either("filters", filters, "filter", filter),
        strides=sequence(strides, "strides", data_format),
        padding=padding,
        use_cudnn_on_gpu=use_cudnn_on_gpu,
        explicit_paddings=pads,
        data_format=data_format,
        dilations=sequence(dilations, "dilations", data_format),
        name=name,
    )


@export("nn.conv2d_backprop_input")
def conv2d_backprop_input(
    input_sizes: Any,
    filter: Any = None,
    out_backprop: Any = None,
    strides: Any = None,
    padding: Any = None,
    use_cudnn_on_gpu: bool = True,
    data_format: str = "NHWC",
    dilations: Any = [1, 1, 1, 1],  # noqa: B006
    name: str | None = None,
    filters: Any = None,
) -> Tensor:
    """The gradient of `conv2d` with respect to its input, of shape `input_sizes`."""
    padding, pads = _padding(padding, data_format)
    return raw.Conv2DBackpropInput(
        input_sizes,
        either("filters", filters, "filter", filter),
        out_backprop,
        strides=sequence(strides, "strides", data_format),
        padding=padding,
        use_cudnn_on_gpu=use_cudnn_on_gpu,
        explicit_paddings=pads,
        data_format=data_format,
        dilations=sequence(dilations, "dilations", data_format),
        name=name,
    )


@export("nn.conv2d_backprop_filter")
def conv2d_backprop_filter(
    input: Any,
    filter_sizes: Any,
    out_backprop: Any,
    strides: Any,
    padding: Any,
    use_cudnn_on_gpu: bool = True,
    data_format: str = "NHWC",
    dilations: Any = [1, 1, 1, 1],  # noqa: B006
    name: str | None = None,
) -> Tensor:
    """The gradient of `conv2d` with respect to its filters, of shape `filter_sizes`."""
    padding, pads = _padding(padding, data_format)
    return raw.Conv2DBackpropFilter(
        input,
        filter_sizes,
        out_backprop,
        strides=sequence(strides, "strides", data_format),
        padding=padding,
        use_cudnn_on_gpu=use_cudnn_on_gpu,
        explicit_paddings=pads,
        data_format=data_format,
        dilations=sequence(dilations, "dilations", data_format),
        name=name,
    )


@export("nn.conv2d_transpose")
def conv2d_transpose(
    value: Any = None,
    filter: Any = None,
    output_shape: Any = None,
    strides: Any = None,
    padding: str = "SAME",
    data_format: str = "NHWC",
    name: str | None = None,
    input: Any = None,
    filters: Any = None,
    dilations: Any = None,
) -> Tensor:
    """The transpose of a convolution, whose gradient with respect to the images it is.

    `value` is [batch, height, width, in channels], `filter` [height, width, out channels, in
    channels], the result of shape `output_shape`. Zeiler et al., "Deconvolutional Networks", 2010.
    """
    value = either("input", input, "value", value)
    filter = either("filters", filters, "filter", filter)
    with name_scope(name, "conv2d_transpose", [value, filter, output_shape]) as scope:
        return raw.Conv2DBackpropInput(
            output_shape,
            filter,
            value,
            strides=sequence(strides, "strides", data_format),
            padding=padding,
            data_format=data_format,
            dilations=sequence(dilations, "dilations", data_format),
            name=scope,
        )
