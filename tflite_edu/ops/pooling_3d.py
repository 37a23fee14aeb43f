"""Pooling of volumes [batch, depth, height, width, channels], forward and backward.

Loops run over the elements of the window, never over positions.
"""

from __future__ import annotations

from typing import Any

from tflite_edu.core import inference, raw
from tflite_edu.core.dtypes import BFLOAT16, DOUBLE, FLOAT, HALF, REAL_NUMERIC, DType
from tflite_edu.core.errors import InvalidArgumentError, UnimplementedError
from tflite_edu.core.export import export
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.constants import zeros
from tflite_edu.ops.pooling import lowest
from tflite_edu.ops.shapes_of_tensors import shape_tensor
from tflite_edu.ops.windows import Axis, axis, sequence, surrounded, taps, within


class VolumePooling(Op, abstract=True):
    """What pooling of volumes and its gradients share."""

    ksize: list[int] = attr(minimum=5)
    strides: list[int] = attr(minimum=5)
    padding: str = attr("SAME", "VALID")
    data_format: str = attr("NDHWC", "NCDHW", default="NDHWC")

    def axes(self, sizes: Any, refusal: str) -> tuple[Axis, Axis, Axis]:
        """The geometry along depth, height and width; raises where TF's CPU kernels refuse."""
        if len(sizes) != 5:
            raise InvalidArgumentError(None, None, "tensor_in must be 5-dimensional")
        if self.data_format != "NDHWC":
            raise InvalidArgumentError(None, None, refusal)
        for place, what in ((0, "batch"), (4, "depth")):
            if self.ksize[place] != 1 or self.strides[place] != 1:
                raise UnimplementedError(
                    None, None, f"Pooling is not yet supported on the {what} dimension."
                )
        deep, high, wide = (
            axis(int(sizes[i]), self.ksize[i], self.strides[i], 1, self.padding) for i in (1, 2, 3)
        )
        return deep, high, wide

    def pooled_shape(self, volume: Shape) -> Shape:
        """The shape of what is pooled."""
        volume = inference.with_rank(volume, 5)
        channels = self.data_format.index("C")
        return tuple(
            volume[i]
            if i in (0, channels)
            else inference.conv_output_size(volume[i], self.ksize[i], self.strides[i], self.padding)
            for i in range(5)
        )

    def options(self) -> dict[str, Any]:
        """The attributes, for the gradients."""
        return {
            "ksize": self.ksize,
            "strides": self.strides,
            "padding": self.padding,
            "data_format": self.data_format,
        }


def _only(kernel: str) -> str:
    return f"Default {kernel} only supports NDHWC on device type CPU"


def _places(axes: tuple[Axis, ...]) -> Any:
    """For each element of the window, where it lies in padded volumes, as an index."""
    return ((slice(None), *place) for place in taps(*axes))


def _counts(np: Any, axes: tuple[Axis, ...], dtype: Any) -> Any:
    """How many elements of each window lie in the volume: [depth, height, width, 1]."""
    counts = np.ones((), int)
    for one in axes:
        starts = np.arange(one.out) * one.stride - one.before
        ends = np.minimum(starts + one.window, one.size)
        counts = np.multiply.outer(counts, ends - np.maximum(starts, 0))
    return counts[..., None].astype(dtype)


class MaxPool3D(VolumePooling):
    """The greatest element of each window, channel by channel."""

    inputs, outputs = ("input: T",), ("output: T",)
    T: DType = attr(HALF, BFLOAT16, FLOAT)

    def infer(self, volume: Shape) -> Shape:
        return self.pooled_shape(volume)

    def forward(self, np, volume):
        axes = self.axes(volume.shape, _only("Pooling3DOp"))
        full = surrounded(np, volume, axes, lowest(np, volume.dtype))
        made = None
        for place in _places(axes):
            made = full[place].copy() if made is None else np.maximum(made, full[place], out=made)
        return made

    def backward(self, op, grad):
        return raw.MaxPool3DGrad(op.inputs[0], op.outputs[0], grad, **self.options())


class MaxPool3DGrad(VolumePooling):
    """Hands each gradient to every element of its window that equals the greatest."""

    inputs = ("orig_input: TInput", "orig_output: TInput", "grad: T")
    outputs = ("output: T",)
    T: DType = attr(HALF, BFLOAT16, FLOAT, default=FLOAT)
    TInput: DType = attr(HALF, BFLOAT16, FLOAT, default=FLOAT)

    def infer(self, volume: Shape, pooled: Shape, grad: Shape) -> Shape:
        return inference.with_rank(volume, 5)

    def forward(self, np, volume, pooled, grad):
        axes = self.axes(volume.shape, _only("MaxPooling3dGradOp"))
        _check_pooled(axes, volume.shape, pooled, grad)
        full = surrounded(np, volume, axes, lowest(np, volume.dtype))
        made = np.zeros(full.shape, grad.dtype)
        for place in _places(axes):
            made[place] += np.where(full[place] == pooled, grad, grad.dtype.type(0))
        return np.ascontiguousarray(within(made, axes))

    def backward(self, op, grad):
        volume, pooled, _ = op.inputs
        return [
            zeros(shape_tensor(volume), volume.dtype),
            zeros(shape_tensor(pooled), pooled.dtype),
            raw.MaxPool3DGradGrad(volume, pooled, grad, **self.options()),
        ]


def _check_pooled(axes: tuple[Axis, ...], sizes: Any, *arrays: Any) -> None:
    """Raises where arrays are not of the shape of what is pooled."""
    shape = (int(sizes[0]), *(one.out for one in axes), int(sizes[4]))
    for array in arrays:
        if array.shape != shape:
            raise InvalidArgumentError(
                None,
                None,
                f"Expected what is pooled to be of shape {list(shape)}, but it is of "
                f"{list(array.shape)}",
            )


class MaxPool3DGradGrad(VolumePooling):
    """Takes from each window the element of `grad` where the first of the greatest was."""

    inputs = ("orig_input: T", "orig_output: T", "grad: T")
    outputs = ("output: T",)
    T: DType = attr(*REAL_NUMERIC)

    def infer(self, volume: Shape, pooled: Shape, grad: Shape) -> Shape:
        return self.pooled_shape(volume)

    def forward(self, np, volume, pooled, grad):
        refusal = "Default MaxPooling3dGradGradOp only supportsNDHWC on CPU device type"
        axes = self.axes(volume.shape, refusal)
        _check_pooled(axes, volume.shape, pooled)
        full = surrounded(np, volume, axes, lowest(np, volume.dtype))
        inside = surrounded(np, np.ones(volume.shape[1:4], bool)[None, ..., None], axes)
        full_grad = surrounded(np, grad, axes)
        made = np.zeros(pooled.shape, grad.dtype)
        taken = np.zeros(pooled.shape, bool)
        for place in _places(axes):
            chosen = (full[place] == pooled) & inside[place] & ~taken
            taken |= chosen
            made += np.where(chosen, full_grad[place], grad.dtype.type(0))
        return made

    def backward(self, op, grad):
        volume, pooled, _ = op.inputs
        return [
            zeros(shape_tensor(volume), volume.dtype),
            zeros(shape_tensor(pooled), pooled.dtype),
            raw.MaxPool3DGrad(volume, pooled, grad, **self.options()),
        ]


class AvgPool3D(VolumePooling):
    """The mean of each window, channel by channel; padding does not count."""

    inputs, outputs = ("input: T",), ("output: T",)
    T: DType = attr(HALF, BFLOAT16, FLOAT, DOUBLE)

    def infer(self, volume: Shape) -> Shape:
        return self.pooled_shape(volume)

    def forward(self, np, volume):
        axes = self.axes(volume.shape, _only("Pooling3DOp"))
        full = surrounded(np, volume, axes)
        shape = (volume.shape[0], *(one.out for one in axes), volume.shape[4])
        made = np.zeros(shape, volume.dtype)
        for place in _places(axes):
            made += full[place]
        return made / _counts(np, axes, volume.dtype)

    def backward(self, op, grad):
        return raw.AvgPool3DGrad(shape_tensor(op.inputs[0]), grad, **self.options())


class AvgPool3DGrad(VolumePooling):
    """Shares each gradient out evenly over its window."""

    inputs, outputs = ("orig_input_shape: int32", "grad: T"), ("output: T",)
    infer_from = {"orig_input_shape": "partial"}
    T: DType = attr(HALF, BFLOAT16, FLOAT, DOUBLE)

    def infer(self, sizes: Shape, grad: Shape) -> Shape:
        return inference.with_rank(sizes, 5)

    def forward(self, np, sizes, grad):
        if sizes.shape != (5,):
            raise InvalidArgumentError(None, None, "tensor_in must be 1-dimensional and 5 elements")
        axes = self.axes(sizes, _only("AvgPooling3dGradOp"))
        _check_pooled(axes, sizes, grad)
        inside = [one.before + one.size + one.after for one in axes]
        made = np.zeros((int(sizes[0]), *inside, int(sizes[4])), grad.dtype)
        share = grad / _counts(np, axes, grad.dtype)
        for place in _places(axes):
            made[place] += share
        return np.ascontiguousarray(within(made, axes))

    def backward(self, op, grad):
        return [raw.StopGradient(op.inputs[0]), raw.AvgPool3D(grad, **self.options())]


@export("nn.max_pool3d")
def max_pool3d(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: str,
    data_format: str = "NDHWC",
    name: str | None = None,
) -> Tensor:
    """The greatest element of each window of volumes [batch, depth, height, width, channels].

    `ksize` and `strides` are given for the five axes, for the three in the middle, or as one
    number. Raises ValueError where the window does not fit.
    """
    with name_scope(name, "MaxPool3D", [input]) as scope:
        return _pooled(raw.MaxPool3D, input, ksize, strides, padding, data_format, scope)


@export("nn.avg_pool3d")
def avg_pool3d(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: str,
    data_format: str = "NDHWC",
    name: str | None = None,
) -> Tensor:
    """The mean of each window of volumes; see `max_pool3d`."""
    with name_scope(name, "AvgPool3D", [input]) as scope:
        return _pooled(raw.AvgPool3D, input, ksize, strides, padding, data_format, scope)


def _pooled(
    make: Any, input: Any, ksize: Any, strides: Any, padding: str, data_format: Any, scope: str
) -> Tensor:
    data_format = data_format or "NDHWC"
    return make(
        input,
        ksize=sequence(ksize, "ksize", data_format, 3),
        strides=sequence(strides, "strides", data_format, 3),
        padding=padding,
        data_format=data_format,
        name=scope,
    )
