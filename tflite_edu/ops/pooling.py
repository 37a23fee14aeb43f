"""Pooling of images by maximum and by average, forward and backward.

The loops run over the elements of the window, never over pixels.
"""

from __future__ import annotations

from typing import Any

from tflite_edu.core import inference, raw
from tflite_edu.core.dtypes import (
    BFLOAT16,
    DOUBLE,
    FLOAT,
    HALF,
    INT8,
    INT16,
    INT32,
    INT64,
    QINT8,
    REAL_NUMERIC,
    UINT8,
    UINT16,
    DType,
)
from tflite_edu.core.errors import InvalidArgumentError, UnimplementedError
from tflite_edu.core.export import export
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.constants import zeros
from tflite_edu.ops.shapes_of_tensors import shape_tensor
from tflite_edu.ops.windows import Axis, axis, either, inner, padded, sequence, taps


def window_axes(op: Any, shape: Any) -> tuple[Axis, Axis]:
    """The geometry along height and width; raises where TF's CPU kernels refuse."""
    if op.ksize[0] != 1 or op.strides[0] != 1:
        raise UnimplementedError(None, None, "Pooling is not yet supported on the batch dimension.")
    if op.ksize[3] != 1:
        raise UnimplementedError(
            None, None, "Non-spatial pooling is not yet supported. Volunteers? :)"
        )
    rows, columns = (axis(int(shape[i]), op.ksize[i], op.strides[i], 1, op.padding) for i in (1, 2))
    return rows, columns


def check_layout(op: Any, kernel: str) -> None:
    """Raises where TF's CPU kernels refuse the layout."""
    if getattr(op, "data_format", "NHWC") != "NHWC":
        raise InvalidArgumentError(
            None, None, f"Default {kernel} only supports NHWC on device type CPU"
        )


def _pooled_shape(op: Any, images: Shape, pools_depth: bool = True) -> Shape:
    """TF leaves the batch as it is whatever the window, and averages never pool over channels."""
    images = inference.with_rank(images, 4)
    channels_first = getattr(op, "data_format", "NHWC") != "NHWC"
    kept = {0} if pools_depth else {0, 1 if channels_first else 3}
    return tuple(
        images[i]
        if i in kept or op.ksize[i] == op.strides[i] == 1
        else inference.conv_output_size(images[i], op.ksize[i], op.strides[i], op.padding)
        for i in range(4)
    )


def lowest(np: Any, dtype: Any) -> Any:
    """What no element of a dtype is less than."""
    return np.iinfo(dtype).min if dtype.kind in "iu" else -np.inf


def _maximum(np: Any, full: Any, rows: Axis, columns: Axis) -> Any:
    """The greatest element of each window of padded images."""
    made = None
    for i, j in taps(rows, columns):
        part = full[:, i, j]
        made = part.copy() if made is None else np.maximum(made, part, out=made)
    return made


def _first_greatest(np: Any, full: Any, pooled: Any, rows: Axis, columns: Axis) -> Any:
    """For each element of the window, where it is the first to be the greatest: (tap, mask)."""
    image = padded(np, np.ones((1, rows.size, columns.size, 1), bool), rows, columns)
    taken = np.zeros(pooled.shape, bool)
    for tap in taps(rows, columns):
        here = (slice(None), *tap)
        chosen = (full[here] == pooled) & image[here] & ~taken
        taken |= chosen
        yield tap, chosen


class MaxPool(Op):
    """The greatest element of each window, channel by channel."""

    inputs, outputs = ("input: T",), ("output: T",)
    T: DType = attr(
        *(HALF, BFLOAT16, FLOAT, DOUBLE, INT32, INT64, UINT8, INT16, INT8, UINT16, QINT8),
        default=FLOAT,
    )
    ksize: list[int] = attr(minimum=4)
    strides: list[int] = attr(minimum=4)
    padding: str = attr("SAME", "VALID")
    data_format: str = attr("NHWC", "NCHW", "NCHW_VECT_C", default="NHWC")

    def infer(self, images: Shape) -> Shape:
        return _pooled_shape(self, images)

    def forward(self, np, images):
        check_layout(self, "MaxPoolingOp")
        if self.ksize[3] != 1:
            return _depthwise_maximum(np, self, images)
        rows, columns = window_axes(self, images.shape)
        full = padded(np, images, rows, columns, lowest(np, images.dtype))
        return _maximum(np, full, rows, columns)

    def backward(self, op, grad):
        return raw.MaxPoolGrad(op.inputs[0], op.outputs[0], grad, **_options(self))


def _depthwise_maximum(np, op, images):
    """Pooling over channels, which TF's CPU has for windows that divide them."""
    size = op.ksize[3]
    if op.ksize[:3] != (1, 1, 1):
        raise UnimplementedError(
            None,
            None,
            "MaxPooling supports exactly one of pooling across depth or pooling across "
            "width/height.",
        )
    if images.shape[3] % size:
        raise UnimplementedError(
            None,
            None,
            "Depthwise max pooling requires the depth window to evenly divide the input depth",
        )
    if size != op.strides[3]:
        raise UnimplementedError(
            None, None, "Depthwise max pooling requires the depth window to equal the depth stride"
        )
    return images.reshape(*images.shape[:3], -1, size).max(axis=4)


def _options(op: Any) -> dict[str, Any]:
    return {
        "ksize": op.ksize,
        "strides": op.strides,
        "padding": op.padding,
        "data_format": op.data_format,
    }


class MaxPoolGradient(Op, abstract=True):
    """What the gradients of max pooling share."""

    inputs = ("orig_input: T", "orig_output: T", "grad: T")
    outputs = ("output: T",)
    ksize: list[int] = attr(minimum=4)
    strides: list[int] = attr(minimum=4)
    padding: str = attr("SAME", "VALID")
    data_format: str = attr("NHWC", "NCHW", default="NHWC")


class MaxPoolGrad(MaxPoolGradient):
    """Hands each gradient to the element that was the greatest, to the first of equals."""

    T: DType = attr(*REAL_NUMERIC, default=FLOAT)

    def infer(self, images: Shape, pooled: Shape, grad: Shape) -> Shape:
        return inference.with_rank(images, 4)

    def forward(self, np, images, pooled, grad):
        check_layout(self, "MaxPoolingGradOp")
        rows, columns = window_axes(self, images.shape)
        full = padded(np, images, rows, columns, lowest(np, images.dtype))
        made = np.zeros(full.shape, grad.dtype)
        for (i, j), chosen in _first_greatest(np, full, pooled, rows, columns):
            made[:, i, j] += np.where(chosen, grad, grad.dtype.type(0))
        return np.ascontiguousarray(inner(made, rows, columns))

    def backward(self, op, grad):
        images, pooled, _ = op.inputs
        return [
            zeros(shape_tensor(images), images.dtype),
            zeros(shape_tensor(pooled), pooled.dtype),
            raw.MaxPoolGradGrad(images, pooled, grad, **_options(self)),
        ]


class MaxPoolGradGrad(MaxPoolGradient):
    """Takes from each window the element of `grad` where the greatest one was."""

    T: DType = attr(*REAL_NUMERIC)

    def infer(self, images: Shape, pooled: Shape, grad: Shape) -> Shape:
        return _pooled_shape(self, images)

    def forward(self, np, images, pooled, grad):
        check_layout(self, "MaxPoolingGradGradOp")
        rows, columns = window_axes(self, images.shape)
        full = padded(np, images, rows, columns, lowest(np, images.dtype))
        full_grad = padded(np, grad, rows, columns)
        made = np.zeros(pooled.shape, grad.dtype)
        for (i, j), chosen in _first_greatest(np, full, pooled, rows, columns):
            made += np.where(chosen, full_grad[:, i, j], grad.dtype.type(0))
        return made

    def backward(self, op, grad):
        images, pooled, _ = op.inputs
        return [
            zeros(shape_tensor(images), images.dtype),
            zeros(shape_tensor(pooled), pooled.dtype),
            raw.MaxPoolGrad(images, pooled, grad, **_options(self)),
        ]


class MaxPoolWithArgmax(Op):
    """The greatest element of each window, and its place in the image when that is laid flat."""

    inputs, outputs = ("input: T",), ("output: T", "argmax: Targmax")
    ksize: list[int] = attr(minimum=4)
    strides: list[int] = attr(minimum=4)
    Targmax: DType = attr(INT32, INT64, default=INT64)
    padding: str = attr("SAME", "VALID")
    include_batch_in_index: bool = False
    T: DType = attr(*REAL_NUMERIC)

    def infer(self, images: Shape) -> list[Shape]:
        shape = _pooled_shape(self, images)
        return [shape, shape]

    def forward(self, np, images):
        rows, columns = window_axes(self, images.shape)
        full = padded(np, images, rows, columns, lowest(np, images.dtype))
        pooled = _maximum(np, full, rows, columns)
        kind = self.Targmax.as_numpy_dtype
        batch, height, width, channels = images.shape
        places = np.arange(height * width * channels, dtype=kind).reshape(
            1, height, width, channels
        )
        places = padded(np, places, rows, columns)
        found = np.zeros(pooled.shape, kind)
        for (i, j), chosen in _first_greatest(np, full, pooled, rows, columns):
            found += np.where(chosen, places[:, i, j], kind(0))
        if self.include_batch_in_index:
            first = np.arange(batch, dtype=kind) * kind(height * width * channels)
            found += first.reshape(-1, 1, 1, 1)
        return pooled, found

    def backward(self, op, grad, dplaces):
        return raw.MaxPoolGradWithArgmax(
            op.inputs[0],
            grad,
            op.outputs[1],
            ksize=self.ksize,
            strides=self.strides,
            padding=self.padding,
            include_batch_in_index=self.include_batch_in_index,
        )


class MaxPoolGradWithArgmax(Op):
    """Hands each gradient to the element at the place that `MaxPoolWithArgmax` found."""

    inputs, outputs = ("input: T", "grad: T", "argmax: Targmax"), ("output: T",)
    ksize: list[int] = attr(minimum=4)
    strides: list[int] = attr(minimum=4)
    padding: str = attr("SAME", "VALID")
    include_batch_in_index: bool = False
    Targmax: DType = attr(INT32, INT64)
    T: DType = attr(*REAL_NUMERIC)

    def infer(self, images: Shape, grad: Shape, places: Shape) -> Shape:
        return inference.with_rank(images, 4)

    def forward(self, np, images, grad, places):
        if grad.shape != places.shape or grad.shape[:1] != images.shape[:1]:
            raise InvalidArgumentError(
                None,
                None,
                f"grad of shape {list(grad.shape)} and argmax of shape {list(places.shape)} do not "
                f"fit images of shape {list(images.shape)}",
            )
        made = np.zeros(images.shape, grad.dtype)
        if not grad.size:
            return made
        if not self.include_batch_in_index:
            size = images.size // images.shape[0]
            places = places + (np.arange(images.shape[0]) * size).reshape(-1, 1, 1, 1)
        if places.min() < 0 or places.max() >= images.size:
            raise InvalidArgumentError(None, None, "argmax is not a place in the images")
        np.add.at(made.reshape(-1), places.ravel(), grad.ravel())
        return made


def window_counts(np: Any, rows: Axis, columns: Axis, dtype: Any) -> Any:
    """How many elements of each window lie in the image: [out height, out width, 1]."""
    covered = []
    for one in (rows, columns):
        starts = np.arange(one.out) * one.stride - one.before
        ends = np.minimum(starts + one.window, one.size)
        covered.append(ends - np.maximum(starts, 0))
    return np.multiply.outer(*covered)[:, :, None].astype(dtype)


class AvgPool(Op):
    """The mean of each window, channel by channel; padding does not count."""

    inputs, outputs = ("value: T",), ("output: T",)
    ksize: list[int] = attr(minimum=4)
    strides: list[int] = attr(minimum=4)
    padding: str = attr("SAME", "VALID")
    data_format: str = attr("NHWC", "NCHW", default="NHWC")
    T: DType = attr(HALF, BFLOAT16, FLOAT, DOUBLE)

    def infer(self, images: Shape) -> Shape:
        return _pooled_shape(self, images, pools_depth=False)

    def forward(self, np, images):
        check_layout(self, "AvgPoolingOp")
        rows, columns = window_axes(self, images.shape)
        full = padded(np, images, rows, columns)
        shape = (images.shape[0], rows.out, columns.out, images.shape[3])
        made = np.zeros(shape, images.dtype)
        for i, j in taps(rows, columns):
            made += full[:, i, j]
        return made / window_counts(np, rows, columns, images.dtype)

    def backward(self, op, grad):
        return raw.AvgPoolGrad(shape_tensor(op.inputs[0]), grad, **_options(self))


class AvgPoolGrad(Op):
    """Shares each gradient out evenly over its window."""

    inputs, outputs = ("orig_input_shape: int32", "grad: T"), ("output: T",)
    infer_from = {"orig_input_shape": "partial"}
    ksize: list[int] = attr(minimum=4)
    strides: list[int] = attr(minimum=4)
    padding: str = attr("SAME", "VALID")
    data_format: str = attr("NHWC", "NCHW", default="NHWC")
    T: DType = attr(HALF, BFLOAT16, FLOAT, DOUBLE)

    def infer(self, sizes: Shape, grad: Shape) -> Shape:
        return inference.with_rank(sizes, 4)

    def forward(self, np, sizes, grad):
        check_layout(self, "AvgPoolingGradOp")
        rows, columns = window_axes(self, sizes)
        shape = (
            int(sizes[0]),
            rows.before + rows.size + rows.after,
            columns.before + columns.size + columns.after,
            int(sizes[3]),
        )
        made = np.zeros(shape, grad.dtype)
        share = grad / window_counts(np, rows, columns, grad.dtype)
        for i, j in taps(rows, columns):
            made[:, i, j] += share
        return np.ascontiguousarray(inner(made, rows, columns))

    def backward(self, op, grad):
        return [raw.StopGradient(op.inputs[0]), raw.AvgPool(grad, **_options(self))]


@export("nn.max_pool")
def max_pool(
    value: Any,
    ksize: Any,
    strides: Any,
    padding: str,
    data_format: str = "NHWC",
    name: str | None = None,
    input: Any = None,
) -> Tensor:
    """The greatest element of each window of images [batch, height, width, channels].

    `ksize` and `strides` are given for the four axes, for height and width, or as one number.
    Raises ValueError where the window does not fit.
    """
    value = either("input", input, "value", value)
    with name_scope(name, "MaxPool", [value]) as scope:
        return _max_pool(value, ksize, strides, padding, data_format, scope)


def _max_pool(
    value: Any, ksize: Any, strides: Any, padding: str, data_format: Any, scope: str
) -> Tensor:
    data_format = data_format or "NHWC"
    return raw.MaxPool(
        value,
        ksize=sequence(ksize, "ksize", data_format),
        strides=sequence(strides, "strides", data_format),
        padding=padding,
        data_format=data_format,
        name=scope,
    )


@export("nn.max_pool2d")
def max_pool2d(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: str,
    data_format: str = "NHWC",
    name: str | None = None,
) -> Tensor:
    """The greatest element of each window of images [batch, height, width, channels]."""
    with name_scope(name, "MaxPool2d", [input]) as scope:
        return _max_pool(input, ksize, strides, padding, data_format, scope)


@export("nn.avg_pool", "nn.avg_pool2d")
def avg_pool(
    value: Any,
    ksize: Any,
    strides: Any,
    padding: str,
    data_format: str = "NHWC",
    name: str | None = None,
    input: Any = None,
) -> Tensor:
    """The mean of each window of images [batch, height, width, channels]; see `max_pool`."""
    value = either("input", input, "value", value)
    with name_scope(name, "AvgPool", [value]) as scope:
        data_format = data_format or "NHWC"
        return raw.AvgPool(
            value,
            ksize=sequence(ksize, "ksize", data_format),
            strides=sequence(strides, "strides", data_format),
            padding=padding,
            data_format=data_format,
            name=scope,
        )


@export("nn.max_pool_with_argmax")
def max_pool_with_argmax(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: str,
    data_format: str = "NHWC",
    Targmax: Any = None,
    name: str | None = None,
    output_dtype: Any = None,
    include_batch_in_index: bool = False,
) -> Any:
    """(greatest element, its place in the flat image) of each window.

    Raises ValueError on another layout than "NHWC".
    """
    if data_format != "NHWC":
        raise ValueError("Data formats other than 'NHWC' are not yet supported")
    return raw.MaxPoolWithArgmax(
        input,
        ksize=ksize,
        strides=strides,
        padding=padding,
        Targmax=either("output_dtype", output_dtype, "Targmax", Targmax) or INT64,
        include_batch_in_index=include_batch_in_index,
        name=name,
    )
