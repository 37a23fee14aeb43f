"""Convolution of sequences [batch, width, channels], as of images of one line."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.export import export
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.convolution import conv2d_transpose
from tflite_edu.ops.convolution_3d import conv3d_transpose
from tflite_edu.ops.joining import concat
from tflite_edu.ops.reshaping import expand_dims, squeeze
from tflite_edu.ops.windows import either, sequence


def _image_format(data_format: str | None) -> tuple[str, int]:
    """The format of images for one of sequences, and where the new axis, the height, lies."""
    data_format = data_format or "NWC"
    if data_format not in ("NWC", "NCW"):
        raise ValueError('data_format must be "NWC" or "NCW".')
    return ("NHWC", 1) if data_format == "NWC" else ("NCHW", 2)


@export("nn.conv1d")
def conv1d(
    value: Any = None,
    filters: Any = None,
    stride: Any = None,
    padding: Any = None,
    use_cudnn_on_gpu: bool | None = None,
    data_format: str | None = None,
    name: str | None = None,
    input: Any = None,
    dilations: Any = None,
) -> Tensor:
    """Convolution of sequences with filters.

    `value` is [batch, width, in channels], `filters` [width, in channels, out channels], the result
    [batch, out width, out channels]. Raises ValueError on shapes that do not fit and on another
    format than "NWC" and "NCW"; a run refuses the latter.
    """
    value = either("input", input, "value", value)
    with name_scope(name, "conv1d", [value, filters]) as scope:
        image_format, place = _image_format(data_format)
        return squeeze(
            raw.Conv2D(
                expand_dims(value, place),
                expand_dims(filters, 0),
                strides=[1, *sequence(stride, "stride", data_format or "NWC", 1)],
                padding=padding,
                use_cudnn_on_gpu=True if use_cudnn_on_gpu is None else use_cudnn_on_gpu,
                data_format=image_format,
                dilations=[1, *sequence(dilations, "dilations", data_format or "NWC", 1)],
                name=scope,
            ),
            [place],
        )


@export("nn.conv1d_transpose")
def conv1d_transpose(
    input: Any,
    filters: Any,
    output_shape: Any,
    strides: Any,
    padding: str = "SAME",
    data_format: str = "NWC",
    dilations: Any = None,
    name: str | None = None,
) -> Tensor:
    """The transpose of a convolution of sequences, whose gradient it is.

    `input` is [batch, width, in channels], `filters` [width, out channels, in channels], the result
    of shape `output_shape` ([3]).
    """
    with name_scope(name, "conv1d_transpose", [input, filters, output_shape]) as scope:
        image_format, place = _image_format(data_format)
        strides = [1, *sequence(strides, "strides", data_format, 1)]
        dilations = [1, *sequence(dilations, "dilations", data_format, 1)]
        image, window = expand_dims(input, place), expand_dims(filters, 0)
        if isinstance(output_shape, tuple):
            output_shape = list(output_shape)
        sizes = concat([output_shape[:place], [1], output_shape[place:]], axis=0)
        made = raw.Conv2DBackpropInput(
            sizes,
            window,
            image,
            strides=strides,
            padding=padding,
            data_format=image_format,
            dilations=dilations,
            name=scope,
        )
        return squeeze(made, [place])


@export("nn.conv_transpose")
def conv_transpose(
    input: Any,
    filters: Any,
    output_shape: Any,
    strides: Any,
    padding: str = "SAME",
    data_format: str | None = None,
    dilations: Any = None,
    name: str | None = None,
) -> Tensor:
    """The transpose of a convolution of sequences, images or volumes, as `output_shape` says.

    Raises ValueError where `output_shape` has neither 3, 4 nor 5 elements.
    """
    with name_scope(name, "conv_transpose", [input, filters, output_shape]) as scope:
        if isinstance(output_shape, Tensor):
            rank = output_shape._shape[0] if output_shape._shape else None
        else:
            rank = len(output_shape)
        if rank == 3:
            return conv1d_transpose(
                *(input, filters, output_shape, strides, padding),
                data_format=data_format or "NWC",
                dilations=dilations,
                name=scope,
            )
        if rank == 4:
            return conv2d_transpose(
                *(input, filters, output_shape, strides, padding),
                data_format=data_format or "NHWC",
                dilations=dilations,
                name=scope,
            )
        if rank == 5:
            return conv3d_transpose(
                *(input, filters, output_shape, strides, padding),
                data_format=data_format or "NDHWC",
                dilations=dilations,
                name=scope,
            )
        raise ValueError(f"output_shape must be of length 3, 4 or 5 but was {rank}.")
