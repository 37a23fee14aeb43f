"""Windows with holes: a window spread by a rate is a dense one on every rate-th pixel.

Those pixels are gathered into images of their own along the batch, and the results put back in
place. Chen et al., "DeepLab", 2018.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.constant_value import constant_value
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import int32
from tflite_edu.core.export import export
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape, as_shape, is_fully_defined
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.convolution import conv2d_transpose
from tflite_edu.ops.convolution_1d import conv1d
from tflite_edu.ops.joining import concat
from tflite_edu.ops.packing import stack
from tflite_edu.ops.shapes_of_tensors import shape_tensor
from tflite_edu.ops.space_and_batch import (
    batch_to_space_nd,
    required_space_to_batch_paddings,
    space_to_batch_nd,
)
from tflite_edu.ops.windows import either, sequence

Windowed = Callable[[Tensor, int, str], Tensor]


@export("nn.with_space_to_batch")
def with_space_to_batch(
    input: Any,
    dilation_rate: Any,
    padding: str,
    op: Windowed,
    filter_shape: Any = None,
    spatial_dims: Any = None,
    data_format: str | None = None,
) -> Tensor:
    """What `op` makes of `input` with windows spread by `dilation_rate` (int32 [n]).

    `op(input, n, padding)` slides dense windows over the axes `spatial_dims` (ints in rising order,
    those behind the batch by default) of [batch, ...]. `filter_shape` (int32, the window first) is
    needed for padding "SAME". Raises ValueError on rates below 1 and axes out of order.
    """
    input = convert_to_tensor(input, name="input")
    dilation_rate = convert_to_tensor(dilation_rate, int32, name="dilation_rate")
    if dilation_rate._shape is not None and len(dilation_rate._shape) != 1:
        raise ValueError("rate must be rank 1")
    if not is_fully_defined(dilation_rate._shape):
        raise ValueError("rate must have known shape")
    (count,) = dilation_rate._shape
    first = bool(data_format) and str(data_format).startswith("NC")
    if spatial_dims is None:
        spatial_dims = range(2 if first else 1, count + (2 if first else 1))
    dims = list(spatial_dims)
    if sorted(set(dims)) != dims or any(dim < 1 for dim in dims):
        raise ValueError(
            "spatial_dims must be a montonically increasing sequence of positive integers"
        )
    least = dims[-1] + (0 if first else 1)
    if input._shape is not None and len(input._shape) < least:
        raise ValueError(f"input tensor must have rank {least} at least")
    rates = constant_value(dilation_rate)
    if rates is not None:
        if any(rate < 1 for rate in rates):
            raise ValueError("dilation_rate must be positive")
        if all(rate == 1 for rate in rates):
            return op(input, count, padding)
    base: Any
    if padding == "SAME":
        if filter_shape is None:
            raise ValueError("filter_shape must be specified for SAME padding")
        filter_shape = convert_to_tensor(filter_shape, name="filter_shape")
        window = constant_value(filter_shape)
        base = _same_paddings(
            filter_shape if window is None else window, dilation_rate, rates, count
        )
    elif padding == "VALID":
        base = [[0, 0]] * count
    else:
        raise ValueError(f"Invalid padding method {padding!r}")
    sizes: Any = None if input._shape is None else [input._shape[dim] for dim in dims]
    if sizes is None or None in sizes:
        full = shape_tensor(input, optimize=False)
        sizes = stack([full[dim] for dim in dims])
    paddings, crops = required_space_to_batch_paddings(sizes, dilation_rate, base)
    blocks = _with_skipped_axes(dilation_rate, 1, dims)
    paddings = _with_skipped_axes(paddings, 0, dims)
    crops = _with_skipped_axes(crops, 0, dims)
    result = op(space_to_batch_nd(input, blocks, paddings), count, "VALID")
    return batch_to_space_nd(result, blocks, crops)


def _same_paddings(window: Any, dilation_rate: Tensor, rates: Any, count: int) -> Tensor:
    """The paddings [n, 2] with which a spread window leaves as many outputs as there are inputs.

    `window` and `rates` are arrays where they are known.
    """
    extra = (window[:count] - 1) * (dilation_rate if rates is None else rates)
    before = extra // 2
    after = extra - before
    return stack([[before[i], after[i]] for i in range(count)])


def _with_skipped_axes(values: Tensor, filling: int, dims: Sequence[int]) -> Any:
    """Rows for the axes `dims` as rows for all axes from 1 to the last; a list if it is known."""
    known = constant_value(values)
    rows = values if known is None else known.tolist()
    parts: list[Any] = []
    at = 0
    while at < len(dims):
        skipped = dims[at] - (dims[at - 1] if at else 0) - 1
        if skipped:
            row = [filling] * 2 if values._shape and len(values._shape) == 2 else filling
            parts.append([row] * skipped)
        start = at
        at += 1
        while at < len(dims) and dims[at] == dims[at - 1] + 1:
            at += 1
        parts.append(rows[start:at])
    if known is None:
        return concat(parts, 0)
    return [row for part in parts for row in part]


@export("nn.convolution")
def convolution(
    input: Any,
    filter: Any,
    padding: str,
    strides: Any = None,
    dilation_rate: Any = None,
    name: str | None = None,
    data_format: str | None = None,
    filters: Any = None,
    dilations: Any = None,
) -> Tensor:
    """Convolution of sequences, images or volumes, with windows that may be spread.

    `input` is [batch, n spatial axes, in channels], `filter` [n axes, in channels, out channels];
    `strides` and `dilation_rate` have n elements, or one for all. Raises ValueError where both are
    above 1, on ranks other than 3, 4 and 5, and on shapes that do not fit.
    """
    filter = either("filters", filters, "filter", filter)
    dilation_rate = either("dilations", dilations, "dilation_rate", dilation_rate)
    shapes = [as_shape(getattr(array, "shape", None)) for array in (input, filter)]
    rank = next((len(shape) for shape in shapes if shape is not None), None)
    if rank is None:
        raise ValueError("rank of input or filter must be known")
    count = rank - 2
    if not 1 <= count <= 3:
        raise ValueError(f"Input tensor must be of rank 3, 4 or 5 but was {rank}.")
    rates = sequence(dilation_rate, "dilations", "", count)[1:-1]
    steps = sequence(strides, "strides", "", count)[1:-1]
    with name_scope(name, "convolution", [input, filter]) as scope:

        def convolve(input: Any, spatial: int, padding: str) -> Tensor:
            return _convolve(input, filter, steps, padding, data_format, scope)

        if all(rate == 1 for rate in rates):
            return convolve(input, count, padding)
        if any(rate < 1 for rate in rates):
            raise ValueError("all values of dilation_rate must be positive")
        if any(step > 1 for step in steps):
            raise ValueError("strides > 1 not supported in conjunction with dilation_rate > 1")
        return with_space_to_batch(
            input, rates, padding, convolve, filter_shape=shapes[1], data_format=data_format
        )


def _convolve(
    input: Any, filter: Any, strides: list[int], padding: str, data_format: str | None, name: str
) -> Tensor:
    """A dense convolution along as many axes as there are strides."""
    count = len(strides)
    if count == 1:
        return conv1d(input, filter, strides, padding, data_format=data_format, name=name)
    data_format = data_format or ("NHWC" if count == 2 else "NDHWC")
    make = raw.Conv2D if count == 2 else raw.Conv3D
    return make(
        input,
        filter,
        strides=sequence(strides, "strides", data_format, count),
        padding=padding,
        data_format=data_format,
        name=name,
    )


@export("nn.atrous_conv2d")
def atrous_conv2d(
    value: Any, filters: Any, rate: int, padding: str, name: str | None = None
) -> Tensor:
    """Convolution of images with a window that is spread: `rate` pixels from element to element.

    `value` is [batch, height, width, in channels], `filters` [height, width, in channels, out
    channels]. Raises ValueError where `rate` is below 1.
    """
    return convolution(value, filters, padding, dilation_rate=[rate, rate], name=name)


@export("nn.atrous_conv2d_transpose")
def atrous_conv2d_transpose(
    value: Any,
    filters: Any,
    output_shape: Any,
    rate: int,
    padding: str,
    name: str | None = None,
) -> Tensor:
    """The transpose of `atrous_conv2d`, whose gradient with respect to the images it is.

    `value` is [batch, height, width, in channels], `filters` [height, width, out channels, in
    channels], the result of shape `output_shape` ([4]). Raises ValueError where `rate` is below 1
    and where channels do not fit.
    """
    with name_scope(name, "atrous_conv2d_transpose", [value, filters, output_shape]):
        value = convert_to_tensor(value, name="value")
        filters = convert_to_tensor(filters, name="filters")
        _check_channels(value._shape, filters._shape)
        if rate < 1:
            raise ValueError(f"rate {rate} cannot be less than one")
        if rate == 1:
            return conv2d_transpose(
                value, filters, output_shape, strides=[1, 1, 1, 1], padding=padding
            )
        sizes = convert_to_tensor(output_shape, name="output_shape")
        if sizes._shape not in (None, (4,)):
            raise ValueError(f"output_shape must have shape (4,), got {sizes.get_shape()}")
        if isinstance(output_shape, Tensor):
            output_shape = sizes
        elif filters._shape is not None and filters._shape[2] not in (None, output_shape[3]):
            raise ValueError(
                "output_shape does not match filter's output channels, "
                f"{output_shape[3]} != {filters._shape[2]}"
            )
        if padding not in ("SAME", "VALID"):
            raise ValueError(f"padding must be either VALID or SAME: {padding}")
        window = filters.get_shape().as_list()[:2]
        spread = [(size - 1) * rate if padding == "SAME" else 0 for size in window]
        before = [size // 2 for size in spread]
        after = [size - start for size, start in zip(spread, before)]
        full = [output_shape[i + 1] + before[i] + after[i] for i in (0, 1)]
        more = [(rate - size % rate) % rate for size in full]
        value = space_to_batch_nd(value, [rate, rate], [[0, more[0]], [0, more[1]]])
        batch = rate * rate * output_shape[0]
        cut = [(full[i] + more[i]) // rate for i in (0, 1)]
        made = raw.Conv2DBackpropInput(
            [batch, *cut, output_shape[3]],
            filters,
            value,
            strides=[1, 1, 1, 1],
            padding="VALID",
        )
        crops = [[before[i], after[i] + more[i]] for i in (0, 1)]
        return batch_to_space_nd(made, [rate, rate], crops)


def _check_channels(images: Shape, window: Shape) -> None:
    """Raises ValueError where a transposed convolution's channels do not fit."""
    if images is None or window is None or len(images) != 4 or len(window) != 4:
        return
    given, wanted = images[3], window[3]
    if given is not None and wanted is not None and given != wanted:
        raise ValueError(
            f"value's input channels does not match filters' input channels, {given} != {wanted}"
        )
