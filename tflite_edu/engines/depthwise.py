"""Depthwise convolution on some images at a time, so that they stay in the cache."""

from __future__ import annotations

from typing import Any, NamedTuple

from tflite_edu.engines.blas import run_pieces
from tflite_edu.engines.kernels import kernel
from tflite_edu.engines.normalization import sum_of_rows
from tflite_edu.engines.scratch import scratch
from tflite_edu.ops.windows import Axis

# What the images of a block take.
_BLOCK_BYTES = 1 << 19

# Gradients of the filters are kept side by side in so many lanes at most.
_MOST_LANES = 16


class _Tap(NamedTuple):
    """An element of the window: its values, which outputs see it, and where in the images.

    Where the window moves by single pixels, images are indexed as lines [batch, height, width *
    channels], so that numpy works along a whole line at a time and not along one pixel's channels.
    """

    row: int
    column: int
    values: Any
    outputs: Any
    inputs: Any


def _taps(np: Any, rows: Axis, columns: Axis, window: Any) -> list[_Tap]:
    channels = window.shape[2] * window.shape[3]
    flat = window.reshape(*window.shape[:2], channels)
    found = []
    for i in range(rows.window):
        down, lines = rows.inside(i)
        for j in range(columns.window):
            across, pixels = columns.inside(j)
            values = flat[i, j]
            if columns.stride == 1:
                values = np.tile(values, across.stop - across.start)
                across, pixels = (
                    slice(s.start * channels, s.stop * channels) for s in (across, pixels)
                )
            outputs, inputs = (slice(None), down, across), (slice(None), lines, pixels)
            found.append(_Tap(i, j, values, outputs, inputs))
    return found


def _lines(array: Any, columns: Axis) -> Any:
    """Images as taps index them."""
    if columns.stride != 1:
        return array
    batch, height, width, channels = array.shape
    return array.reshape(batch, height, width * channels)


def _repeated(images: Any, multiplier: int) -> Any:
    """Images with each channel as often as it has filters; they hold until the thread's next."""
    if multiplier == 1:
        return images
    *outer, channels = images.shape
    made = scratch("repeated", (*outer, channels, multiplier), images.dtype)
    made[...] = images[..., None]
    return made.reshape(*outer, channels * multiplier)


@kernel("DepthwiseConv2dNative")
def convolve_channels(definition: Any, np: Any, image: Any, window: Any) -> Any:
    """Convolution of each channel of images [batch, height, width, channels] by itself."""
    if not _is_wide(image):
        return definition.forward(np, image, window)
    rows, columns = definition.geometry(image, window)
    multiplier = window.shape[3]
    made = np.empty((len(image), rows.out, columns.out, image.shape[3] * multiplier), image.dtype)
    taps, blocks = _taps(np, rows, columns, window), _blocks(image, made)

    def piece(number: int) -> None:
        block = blocks[number]
        total = _lines(made[block], columns)
        total[...] = 0
        part = _lines(_repeated(image[block], multiplier), columns)
        product = scratch("products", total.shape, image.dtype)
        for tap in taps:
            seen, target = product[tap.outputs], total[tap.outputs]
            np.multiply(part[tap.inputs], tap.values, out=seen)
            np.add(target, seen, out=target)

    run_pieces(piece, len(blocks))
    return made


@kernel("DepthwiseConv2dNativeBackpropInput")
def convolve_channels_backprop_input(
    definition: Any, np: Any, sizes: Any, window: Any, grad: Any
) -> Any:
    """The gradient by the images."""
    if not _is_wide(grad):
        return definition.forward(np, sizes, window, grad)
    rows, columns = definition.geometry(sizes, window, grad)
    multiplier = window.shape[3]
    made = np.empty([int(s) for s in sizes], grad.dtype)
    taps, blocks = _taps(np, rows, columns, window), _blocks(made, grad)
    if not blocks:
        made[...] = 0

    def piece(number: int) -> None:
        block = blocks[number]
        sums = made[block]
        if multiplier > 1:
            sums = scratch("sums", (*sums.shape[:3], sums.shape[3] * multiplier), grad.dtype)
        sums[...] = 0
        total, given = _lines(sums, columns), _lines(grad[block], columns)
        product = scratch("products", given.shape, grad.dtype)
        for tap in taps:
            handed, target = product[tap.outputs], total[tap.inputs]
            np.multiply(given[tap.outputs], tap.values, out=handed)
            np.add(target, handed, out=target)
        if multiplier > 1:
            target = made[block]
            np.copyto(target, sums[..., ::multiplier])
            for q in range(1, multiplier):
                np.add(target, sums[..., q::multiplier], out=target)

    run_pieces(piece, len(blocks))
    return made


@kernel("DepthwiseConv2dNativeBackpropFilter")
def convolve_channels_backprop_filter(
    definition: Any, np: Any, image: Any, sizes: Any, grad: Any
) -> Any:
    """The gradient by the filters."""
    if not _is_wide(image):
        return definition.forward(np, image, sizes, grad)
    rows, columns = definition.geometry(image, sizes, grad)
    shape = [int(s) for s in sizes]
    channels = shape[2] * shape[3]
    taps, blocks = _taps(np, rows, columns, np.zeros(shape, grad.dtype)), _blocks(image, grad)
    lanes = [blocks[start::_MOST_LANES] for start in range(min(_MOST_LANES, len(blocks)))]
    sums = np.zeros((len(lanes), *shape[:2], channels), image.dtype)

    def piece(number: int) -> None:
        for block in lanes[number]:
            part = _lines(_repeated(image[block], shape[3]), columns)
            given = _lines(grad[block], columns)
            for tap in taps:
                seen = given[tap.outputs]
                if seen.size:
                    product = scratch("products", seen.shape, grad.dtype)
                    np.multiply(part[tap.inputs], seen, out=product)
                    total = sum_of_rows(np, product.reshape(-1, channels))
                    sums[number, tap.row, tap.column] += total

    run_pieces(piece, len(lanes))
    return sums.sum(axis=0).reshape(shape)


def _blocks(image: Any, outputs: Any) -> list[slice]:
    """Some images at a time; none where there is nothing to do."""
    if not (image.size and outputs.size):
        return []
    count = max(_BLOCK_BYTES * len(image) // max(image.nbytes, outputs.nbytes), 1)
    return [slice(start, start + count) for start in range(0, len(image), count)]


def _is_wide(array: Any) -> bool:
    """Whether numbers are added up as they are; half precision is left to `forward`."""
    return array.dtype.char in "fd"
