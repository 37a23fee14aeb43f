"""Convolution as matrix products, on blocks of patches that stay in the cache.

The patches of a block are laid out as the rows of a matrix (im2col), in memory that is used again
for the next block: what remains is the time of the products themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tflite_edu.engines.kernels import kernel
from tflite_edu.engines.scratch import scratch
from tflite_edu.ops.windows import Axis, inner, patches

# What the patches of a block take. Small enough for them to be in the cache when they are
# multiplied, large enough for the product to be worth two threads.
BLOCK_BYTES = 1 << 22

# Patches whose rows are shorter than this are laid out across: copying runs along the image instead
# of along the patch.
_SHORT_ROW = 16


@kernel("Conv2D")
def convolve(definition: Any, np: Any, image: Any, window: Any) -> Any:
    """The convolution of images [batch, height, width, in channels] with filters."""
    rows, columns = definition.geometry(image, window)
    depth = window.shape[3]
    filters = _wide(np, window).reshape(_patch_size(window.shape), depth)
    made = np.empty((image.shape[0], rows.out, columns.out, depth), filters.dtype)
    if made.size:
        for images, lines, block in _blocks_of_patches(np, _wide(np, image), rows, columns):
            np.matmul(block, filters, out=made[images, lines].reshape(len(block), depth))
    return made.astype(image.dtype, copy=False)


@kernel("Conv2DBackpropFilter")
def convolve_backprop_filter(definition: Any, np: Any, image: Any, sizes: Any, grad: Any) -> Any:
    """The gradient by the filters: every patch times the gradient at its place, added up."""
    rows, columns = definition.geometry(image, sizes, grad)
    shape = tuple(int(s) for s in sizes)
    wide_grad = _wide(np, grad)
    made = np.zeros((_patch_size(shape), shape[3]), wide_grad.dtype)
    if grad.size and made.size:
        for images, lines, block in _blocks_of_patches(np, _wide(np, image), rows, columns):
            made += block.T @ wide_grad[images, lines].reshape(len(block), shape[3])
    return made.reshape(shape).astype(image.dtype, copy=False)


@kernel("Conv2DBackpropInput")
def convolve_backprop_input(definition: Any, np: Any, sizes: Any, window: Any, grad: Any) -> Any:
    """The gradient by the images.

    Along the width it is a convolution of the gradient with the filters turned round, one for each
    column of a stride; along the height the rows of the filters are added up where they fall.
    """
    rows, columns = definition.geometry(sizes, window, grad)
    wide_window, wide_grad = _wide(np, window), _wide(np, grad)
    shape = tuple(int(s) for s in sizes)
    made = np.zeros(shape, wide_grad.dtype)
    if made.size and grad.size:
        for phase in range(min(columns.stride, columns.window)):
            _add_columns(np, made, wide_window, wide_grad, rows, columns, phase)
    return made.astype(grad.dtype, copy=False)


def _add_columns(
    np: Any, made: Any, window: Any, grad: Any, rows: Axis, columns: Axis, phase: int
) -> None:
    """Adds the gradient to the image columns that are `phase` past a multiple of the stride.

    Columns are counted with the padding: column stride * q + phase of a padded image gets from
    column q - t of `grad` through column stride * t + phase of the filters.
    """
    stride, before = columns.stride, columns.before
    first = -(-(before - phase) // stride)
    last = (before + columns.size - 1 - phase) // stride
    count = last - first + 1
    if count <= 0:
        return
    turned = window[:, phase::stride][:, ::-1].transpose(1, 3, 0, 2)
    taps, depth, height, channels = turned.shape
    matrix = turned.reshape(taps * depth, height * channels)
    target = made[:, :, stride * first + phase - before :: stride][:, :, :count]
    # The columns of `grad` that the first of them needs begin here, perhaps before it does.
    along = Axis(
        size=columns.out,
        window=taps,
        stride=1,
        dilation=1,
        out=count,
        before=taps - 1 - first,
        after=last + 1 - columns.out,
    )
    across = Axis(rows.out, 1, 1, 1, rows.out, 0, 0)
    alone = rows.window == rows.stride == stride == 1 and not (rows.before or rows.after)
    for images, lines, block in _blocks_of_patches(np, grad, across, along, matrix.shape[1]):
        if alone:
            np.matmul(block, matrix, out=made[images, lines].reshape(len(block), channels))
            continue
        products = scratch("products", (len(block), matrix.shape[1]), made.dtype)
        np.matmul(block, matrix, out=products)
        products = products.reshape(made[images].shape[0], -1, count, height, channels)
        start = lines.start or 0
        for tap in range(height):
            # Line y of `grad` goes to this line of the image, which may lie in the padding.
            offset = start * rows.stride + tap - rows.before
            skipped = max(-(offset // rows.stride), 0)
            stop = min(-(-(rows.size - offset) // rows.stride), products.shape[1])
            if skipped < stop:
                top = offset + skipped * rows.stride
                part = target[images, top :: rows.stride][:, : stop - skipped]
                part += products[:, skipped:stop, :, tap]


def _blocks_of_patches(
    np: Any, images: Any, rows: Axis, columns: Axis, further: int = 0
) -> Iterator[tuple[slice, slice, Any]]:
    """The patches of some images at a time, or of some lines of one: (images, lines, block).

    A block is [images * lines * out width, window height * width * channels]; it holds until the
    next one is asked for. `further` says how many values a patch the caller needs room for besides.
    Padding of columns may be negative: it then leaves some out.
    """
    batch, _, _, channels = images.shape
    size = rows.window * columns.window * channels
    line_bytes = max(columns.out * (size + further) * images.itemsize, 1)
    pixels = _is_pixel(rows) and _is_pixel(columns)
    short = columns.window * channels < _SHORT_ROW
    for part in _ranges(batch, BLOCK_BYTES // (rows.out * line_bytes)):
        view = patches(np, _padded(np, images[part], rows, columns), rows, columns)
        for lines in _ranges(rows.out, BLOCK_BYTES // line_bytes):
            some = view[:, lines]
            if pixels:
                yield part, lines, some.reshape(-1, size)
                continue
            if short:
                some = some.transpose(3, 4, 5, 0, 1, 2)
            block = scratch("patches", some.shape, images.dtype)
            block[...] = some
            yield part, lines, block.reshape(size, -1).T if short else block.reshape(-1, size)


def _is_pixel(one: Axis) -> bool:
    """Whether the patches along an axis are its elements, one after the other."""
    return one.window == one.stride == 1 and one.out == one.size and not one.before


def _padded(np: Any, images: Any, rows: Axis, columns: Axis) -> Any:
    """Images with zeros around them; like `windows.padded`, in memory that is used again."""
    if columns.before < 0 or columns.after < 0:
        left, right = max(-columns.before, 0), max(-columns.after, 0)
        images = images[:, :, left : columns.size - right]
        columns = columns._replace(
            size=images.shape[2], before=max(columns.before, 0), after=max(columns.after, 0)
        )
    if not (rows.before or rows.after or columns.before or columns.after):
        return images
    batch, height, width, channels = images.shape
    bottom, right = rows.before + height, columns.before + width
    full = scratch(
        "padded", (batch, bottom + rows.after, right + columns.after, channels), images.dtype
    )
    full[:, : rows.before] = 0
    full[:, bottom:] = 0
    full[:, rows.before : bottom, : columns.before] = 0
    full[:, rows.before : bottom, right:] = 0
    inner(full, rows, columns)[...] = images
    return full


def _ranges(count: int, most: int) -> list[slice]:
    """[0, count) in ranges of about the same length, of at most `most` but at least one each."""
    pieces = -(-count // max(most, 1))
    length = -(-count // pieces)
    return [slice(start, min(start + length, count)) for start in range(0, count, length)]


def _patch_size(window: Any) -> int:
    return int(window[0]) * int(window[1]) * int(window[2])


def _wide(np: Any, array: Any) -> Any:
    """Half precision is multiplied and added up in single precision."""
    return array.astype(np.float32) if array.dtype == np.float16 else array
