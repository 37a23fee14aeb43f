"""Convolution of volumes [batch, depth, height, width, channels], forward and backward."""

from __future__ import annotations

from typing import Any, ClassVar

from tflite_edu.core import inference, raw
from tflite_edu.core.dtypes import BFLOAT16, DOUBLE, FLOAT, HALF, INT32, INT64, DType
from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.core.export import export
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.shapes_of_tensors import shape_tensor
from tflite_edu.ops.windows import Axis, axis, either, sequence, surrounded, taps, within


class VolumeConvolution(Op, abstract=True):
    """What a convolution of volumes and its two gradients share.

    Filters are [depth, height, width, in channels, out channels].
    """

    T: DType = attr(HALF, BFLOAT16, FLOAT, DOUBLE)
    strides: list[int] = attr(minimum=5)
    padding: str = attr("SAME", "VALID")
    data_format: str = attr("NDHWC", "NCDHW", default="NDHWC")
    dilations: list[int] = attr(default=(1, 1, 1, 1, 1))

    kernel_name: ClassVar[str] = ""

    def axes(self, volume: Any, window: Any) -> tuple[Axis, Axis, Axis]:
        """The geometry along depth, height and width."""
        deep, high, wide = (
            axis(int(volume[i]), int(window[i - 1]), self.strides[i], 1, self.padding)
            for i in (1, 2, 3)
        )
        return deep, high, wide

    def check(self) -> None:
        """Raises where TF's CPU kernels refuse the strides or the dilations."""
        for values, what in ((self.strides, "strides"), (self.dilations, "dilation rates")):
            if values[0] != 1 or values[self.data_format.index("C")] != 1:
                _refuse(
                    f"Current implementation does not yet support {what} in the batch and depth "
                    "dimensions."
                )

    def check_gradient(self) -> None:
        """Raises where TF's CPU kernels of the gradients refuse."""
        if self.data_format != "NDHWC":
            _refuse(f"{self.kernel_name}OpV2 only supports NDHWC on the CPU.")
        self.check()
        if any(d != 1 for d in self.dilations):
            _refuse("Current CPU implementation does not yet support dilation rates larger than 1.")

    def check_output(self, sizes: Any, window: Any, grad: Any) -> tuple[Axis, Axis, Axis]:
        """The geometry; raises where the backpropagated gradient is not of the output's size."""
        name = f"{self.kernel_name}Op"
        for what, given in (("input", sizes), ("filter", window), ("out_backprop", grad.shape)):
            if len(given) != 5:
                _refuse(f"{name}: {what} must be 5-dimensional")
        if int(sizes[0]) != grad.shape[0]:
            _refuse(
                f"{name}: input and out_backprop must have the same batch sizeinput batch: "
                f"{int(sizes[0])}outbackprop batch: {grad.shape[0]} batch_dim: 0"
            )
        if int(sizes[4]) != int(window[3]):
            _refuse(f"{name}: input depth must be evenly divisible by filter depth")
        if int(window[4]) != grad.shape[4]:
            _refuse(f"{name}: filter and out_backprop must have the same out_depth")
        axes = self.axes(sizes, window)
        for i, one in enumerate(axes, 1):
            if grad.shape[i] != one.out:
                _refuse(
                    f"{name}: Size of out_backprop doesn't match computed: actual = "
                    f"{grad.shape[i]}, computed = {one.out} spatial_dim: {i} input: {one.size} "
                    f"filter: {one.window} output: {grad.shape[i]} stride: {one.stride} "
                    f"dilation: {self.dilations[i]}"
                )
        return axes

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


def _wide(np, array):
    """Half precision is multiplied and added up in single precision."""
    return array.astype(np.float32) if array.dtype == np.float16 else array


def _matrices(np, window):
    """The filters as one matrix [in channels, out channels] for each element of the window."""
    deep, high, wide, *channels = window.shape
    return _wide(np, window).reshape(deep * high * wide, *channels)


class Conv3D(VolumeConvolution):
    """Convolution of volumes [batch, depth, height, width, in channels] with filters."""

    inputs, outputs = ("input: T", "filter: T"), ("output: T",)

    def infer(self, volume: Shape, window: Shape) -> Shape:
        volume = inference.with_rank(volume, 5)
        window = inference.with_rank(window, 5)
        for name, values in (("stride", self.strides), ("dilation", self.dilations)):
            if len(values) != 5:
                raise inference.ShapeError(
                    f"Conv3D requires the {name} attribute to contain 5 values, but got: "
                    f"{len(values)}"
                )
        first = self.data_format == "NCDHW"
        places = (2, 3, 4) if first else (1, 2, 3)
        channels = 1 if first else 4
        depth, filter_depth = volume[channels], window[3]
        if depth is not None and filter_depth and depth % filter_depth:
            raise inference.ShapeError(
                f"Depth of input ({depth}) is not a multiple of input depth of filter "
                f"({filter_depth})"
            )
        shape: list[int | None] = [None] * 5
        shape[0], shape[channels] = volume[0], window[4]
        for i, place in enumerate(places):
            shape[place] = inference.conv_output_size(
                volume[place],
                window[i],
                self.strides[place],
                self.padding,
                self.dilations[place],
            )
        return tuple(shape)

    def geometry(self, volume: Any, window: Any) -> tuple[Axis, Axis, Axis]:
        """How the window slides; raises where TF's CPU kernel refuses."""
        self.check()
        for array, name in ((volume, "input"), (window, "filter")):
            if array.ndim != 5:
                _refuse(f"{name} must be 5-dimensional")
        depth, filter_depth = volume.shape[self.data_format.index("C")], window.shape[3]
        if depth != filter_depth:
            _refuse(
                f"Input depth must be evenly divisible by filter depth: {depth} vs {filter_depth}"
            )
        if self.data_format != "NDHWC":
            _refuse("CPU implementation of Conv3D currently only supports the NHWC tensor format.")
        if any(d != 1 for d in self.dilations):
            _refuse("CPU implementation of Conv3D currently only supports dilated rates of 1.")
        return self.axes(volume.shape, window.shape)

    def forward(self, np, volume, window):
        axes = self.geometry(volume, window)
        full = surrounded(np, _wide(np, volume), axes)
        matrices = _matrices(np, window)
        shape = (volume.shape[0], *(one.out for one in axes), window.shape[4])
        made = np.zeros(shape, full.dtype)
        for place, matrix in zip(taps(*axes), matrices):
            made += full[(slice(None), *place)] @ matrix
        return made.astype(volume.dtype, copy=False)

    def backward(self, op, grad):
        volume, window = op.inputs
        options = self.options()
        return [
            raw.Conv3DBackpropInputV2(shape_tensor(volume), window, grad, **options),
            raw.Conv3DBackpropFilterV2(volume, shape_tensor(window), grad, **options),
        ]


class Conv3DBackpropInputV2(VolumeConvolution):
    """The gradient of a convolution by the volumes, also a transposed convolution."""

    inputs = ("input_sizes: Tshape", "filter: T", "out_backprop: T")
    outputs = ("output: T",)
    infer_from = {"input_sizes": "partial"}
    Tshape: DType = attr(INT32, INT64, default=INT32)
    kernel_name = "Conv3DBackpropInput"

    def infer(self, sizes: Shape, window: Shape, grad: Shape) -> Shape:
        inference.with_rank(window, 5)
        return inference.with_rank(sizes, 5)

    def geometry(self, sizes: Any, window: Any, grad: Any) -> tuple[Axis, Axis, Axis]:
        """How the window slides; raises where TF's CPU kernel refuses."""
        self.check_gradient()
        return self.check_output(sizes, window.shape, grad)

    def forward(self, np, sizes, window, grad):
        axes = self.geometry(sizes, window, grad)
        wide_grad = _wide(np, grad)
        matrices = _matrices(np, window)
        inside = [one.before + one.size + one.after for one in axes]
        made = np.zeros((int(sizes[0]), *inside, int(sizes[4])), wide_grad.dtype)
        for place, matrix in zip(taps(*axes), matrices):
            made[(slice(None), *place)] += wide_grad @ matrix.T
        return np.ascontiguousarray(within(made, axes)).astype(grad.dtype, copy=False)

    def backward(self, op, grad):
        _, window, out_backprop = op.inputs
        options = self.options()
        return [
            None,
            raw.Conv3DBackpropFilterV2(grad, shape_tensor(window), out_backprop, **options),
            raw.Conv3D(grad, window, **options),
        ]


class Conv3DBackpropFilterV2(VolumeConvolution):
    """The gradient of a convolution by the filters."""

    inputs = ("input: T", "filter_sizes: int32", "out_backprop: T")
    outputs = ("output: T",)
    infer_from = {"filter_sizes": "partial"}
    kernel_name = "Conv3DBackpropFilter"

    def infer(self, volume: Shape, sizes: Shape, grad: Shape) -> Shape:
        return inference.with_rank(sizes, 5)

    def geometry(self, volume: Any, sizes: Any, grad: Any) -> tuple[Axis, Axis, Axis]:
        """How the window slides; raises where TF's CPU kernel refuses."""
        self.check_gradient()
        return self.check_output(volume.shape, sizes, grad)

    def forward(self, np, volume, sizes, grad):
        axes = self.geometry(volume, sizes, grad)
        full, wide_grad = surrounded(np, _wide(np, volume), axes), _wide(np, grad)
        summed = (0, 1, 2, 3)
        made = [
            np.tensordot(full[(slice(None), *place)], wide_grad, (summed, summed))
            for place in taps(*axes)
        ]
        return np.reshape(made, [int(s) for s in sizes]).astype(volume.dtype, copy=False)

    def backward(self, op, grad):
        volume, _, out_backprop = op.inputs
        options = self.options()
        return [
            raw.Conv3DBackpropInputV2(shape_tensor(volume), grad, out_backprop, **options),
            None,
            raw.Conv3D(volume, grad, **options),
        ]


@export("nn.conv3d")
def conv3d(
    input: Any,
    filter: Any = None,
    strides: Any = None,
    padding: Any = None,
    data_format: str = "NDHWC",
    dilations: Any = [1, 1, 1, 1, 1],  # noqa: B006
    name: str | None = None,
    filters: Any = None,
) -> Tensor:
    """Convolution of volumes with filters.

    `input` is [batch, depth, height, width, in channels], `filter` [depth, height, width, in
    channels, out channels]; `strides` has five elements, of which the first and the last are 1. A
    run refuses "NCDHW" and dilations, as TensorFlow's CPU kernel does.
    """
    return raw.Conv3D(
        input,
        either("filters", filters, "filter", filter),
        strides=strides,
        padding=padding,
        data_format=data_format,
        dilations=dilations,
        name=name,
    )


@export("nn.conv3d_backprop_filter", "nn.conv3d_backprop_filter_v2")
def conv3d_backprop_filter(
    input: Any,
    filter_sizes: Any,
    out_backprop: Any,
    strides: Any,
    padding: str,
    data_format: str = "NDHWC",
    dilations: Any = [1, 1, 1, 1, 1],  # noqa: B006
    name: str | None = None,
) -> Tensor:
    """The gradient of `conv3d` with respect to its filters, of shape `filter_sizes`."""
    return raw.Conv3DBackpropFilterV2(
        input,
        filter_sizes,
        out_backprop,
        strides=strides,
        padding=padding,
        data_format=data_format,
        dilations=dilations,
        name=name,
    )


@export("nn.conv3d_transpose")
def conv3d_transpose(
    value: Any,
    filter: Any = None,
    output_shape: Any = None,
    strides: Any = None,
    padding: str = "SAME",
    data_format: str = "NDHWC",
    name: str | None = None,
    input: Any = None,
    filters: Any = None,
    dilations: Any = None,
) -> Tensor:
    """The transpose of a convolution, whose gradient with respect to the volumes it is.

    `value` is [batch, depth, height, width, in channels], `filter` [depth, height, width, out
    channels, in channels], the result of shape `output_shape`.
    """
    value = either("input", input, "value", value)
    filter = either("filters", filters, "filter", filter)
    with name_scope(name, "conv3d_transpose", [value, filter, output_shape]) as scope:
        return raw.Conv3DBackpropInputV2(
            output_shape,
            filter,
            value,
            strides=sequence(strides, "strides", data_format, 3),
            padding=padding,
            data_format=data_format,
            dilations=sequence(dilations, "dilations", data_format, 3),
            name=scope,
        )
