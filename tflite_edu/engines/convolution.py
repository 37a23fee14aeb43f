"""Convolution as matrix products, on blocks of patches that stay in the cache.

The patches of a block are laid out as the rows of a matrix (im2col), in memory that is used again
for the next block; threads work on a block each. What remains is the time of the products. Large
convolutions that move by single lines go along these, see `engines.convolution_lines`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

from tflite_edu.engines.blas import add_product, matmul, run_pieces
from tflite_edu.engines.convolution_lines import add_gradient, correlate, goes_by_lines
from tflite_edu.engines.kernels import kernel
from tflite_edu.engines.scratch import scratch
from tflite_edu.ops.windows import Axis, inner, patches

# What the patches of a block take, to be in the cache when they are multiplied.
BLOCK_BYTES = 1 << 21

# From so many multiplications on patches are laid out along lines. On less work several short
# products have threads wait for the interpreter in turn.
_WORTH_LINES = 1 << 26

# Waking a thread takes as long as this.
_LEAST_MULTIPLICATIONS = 1 << 22

# With fewer rows than this a product is slowed by the filters, which each block lays out anew.
_LEAST_ROWS = 256

# Gradients of the filters from different blocks are kept side by side in so much memory.
_LANES_BYTES = 1 << 25
_MOST_LANES = 16

# Patches whose rows are shorter than this are laid out across: copying runs along the image instead
# of along the patch.
_SHORT_ROW = 12

# Images of fewer channels are added up channel by channel, along their lines.
_FEW_CHANNELS = 8


class _Block(NamedTuple):
    """Output positions whose patches are laid out together: some images, or some lines of one."""

    images: slice
    lines: slice


@kernel("Conv2D")
def convolve(definition: Any, np: Any, image: Any, window: Any) -> Any:
    """The convolution of images [batch, height, width, in channels] with filters."""
    rows, columns = definition.geometry(image, window)
    positions = len(image) * rows.out * columns.out
    by_lines = _by_lines(positions, rows, window.shape, _WORTH_LINES)
    made = _convolved(np, _wide(np, image), _wide(np, window), rows, columns, by_lines)
    return made.astype(image.dtype, copy=False)


def _convolved(np: Any, image: Any, window: Any, rows: Axis, columns: Axis, by_lines: bool) -> Any:
    positions = len(image) * rows.out * columns.out
    made = np.empty((len(image), rows.out, columns.out, window.shape[3]), window.dtype)
    most = _most_positions(positions, by_lines, window.shape, window.itemsize)
    blocks = _blocks(made.shape, most)

    def finish(number: int, part: Any) -> None:
        made[blocks[number]].reshape(part.shape)[...] = part

    _convolve_blocks(np, image, window, rows, columns, by_lines, blocks, finish, made)
    return made


def convolve_layer(
    np: Any,
    image: Any,
    window: Any,
    rows: Axis,
    columns: Axis,
    bias: Any,
    rectified: bool,
    pooling: tuple[int, int] | None,
    keeps_activations: bool,
) -> list[Any]:
    """A convolution, what is added to it, ReLU and max pooling, while a block is in the cache.

    Images are float32 or float64. Windows of `pooling` stand side by side and leave nothing out.
    Returns the activations, if they are to be kept, and what is pooled, if anything is.
    """
    batch, depth = image.shape[0], window.shape[3]
    activations = pooled = None
    down, across = pooling or (1, 1)
    shape = (batch, rows.out // down, columns.out // across, depth)
    if pooling:
        pooled = np.empty(shape, window.dtype)
    if keeps_activations:
        activations = np.empty((batch, rows.out, columns.out, depth), window.dtype)
    positions = batch * rows.out * columns.out
    by_lines = _by_lines(positions, rows, window.shape, _WORTH_LINES)
    most = _most_positions(positions, by_lines, window.shape, window.itemsize)
    blocks = _blocks(shape, most // (down * across))
    lines = [slice(b.lines.start * down, b.lines.stop * down) for b in blocks]
    full_blocks = [_Block(block.images, part) for block, part in zip(blocks, lines)]
    wide_bias = None if bias is None else np.tile(bias, columns.out)
    wide_pooled_bias = None if bias is None else np.tile(bias, columns.out // across)

    def activate(part: Any, added: Any, target: Any) -> None:
        if added is not None:
            np.add(part, added, out=target)
        elif not rectified:
            np.copyto(target, part)
        if rectified:
            np.maximum(part if added is None else target, 0, out=target)

    def finish(number: int, part: Any) -> None:
        if activations is not None:
            kept = activations[full_blocks[number]].reshape(part.shape)
            activate(part, wide_bias, kept)
            part = kept
        if pooled is None:
            return
        target = pooled[blocks[number]]
        high = part.reshape(len(part), -1, down, columns.out * depth)
        if down > 1:
            greatest = scratch("greatest", (len(part), high.shape[1], high.shape[3]), part.dtype)
            np.maximum(high[:, :, 0], high[:, :, 1], out=greatest)
            for i in range(2, down):
                np.maximum(greatest, high[:, :, i], out=greatest)
        else:
            greatest = high
        wide = greatest.reshape(*target.shape[:3], across, depth)
        np.copyto(target, wide[:, :, :, 0])
        for i in range(1, across):
            np.maximum(target, wide[:, :, :, i], out=target)
        if not keeps_activations:
            # The greatest of sums is the sum with the greatest, to the last bit.
            flat = target.reshape(*target.shape[:2], -1)
            activate(flat, wide_pooled_bias, flat)

    _convolve_blocks(np, image, window, rows, columns, by_lines, full_blocks, finish)
    return [made for made in (activations, pooled) if made is not None]


def _convolve_blocks(
    np: Any,
    image: Any,
    window: Any,
    rows: Axis,
    columns: Axis,
    by_lines: bool,
    blocks: list[_Block],
    finish: Callable[[int, Any], None],
    made: Any = None,
) -> None:
    """Convolves block after block and hands each on, as [images, lines, width * depth].

    What can be put into `made` at once, if that is given, is not handed on.
    """
    depth = window.shape[3]
    filters = window.reshape(-1, depth)
    multiply = _product(np, blocks)

    def piece(number: int) -> None:
        block = blocks[number]
        if by_lines:
            part, section = _section(image[block.images], rows, block.lines)
            correlated = correlate(np, part, window, section, columns)
            finish(number, correlated.reshape(*correlated.shape[:2], -1).swapaxes(0, 1))
            return
        matrix = _patch_matrix(np, image, rows, columns, block)
        if made is not None:
            multiply(matrix, filters, out=made[block].reshape(len(matrix), depth))
            return
        products = scratch("products", (len(matrix), depth), filters.dtype)
        multiply(matrix, filters, out=products)
        lines = block.lines.stop - block.lines.start
        finish(number, products.reshape(-1, lines, columns.out * depth))

    run_pieces(piece, len(blocks))


@kernel("Conv2DBackpropFilter")
def convolve_backprop_filter(definition: Any, np: Any, image: Any, sizes: Any, grad: Any) -> Any:
    """The gradient by the filters: every patch times the gradient at its place, added up."""
    rows, columns = definition.geometry(image, sizes, grad)
    shape = height, width, channels, depth = tuple(int(s) for s in sizes)
    wide_image, wide_grad = _wide(np, image), _wide(np, grad)
    if not (image.size and grad.size and _patch_size(shape)):
        return np.zeros(shape, image.dtype)
    positions = math.prod(grad.shape[:3])
    by_lines = _by_lines(positions, rows, shape, _WORTH_LINES)
    blocks = _blocks(grad.shape, _most_positions(positions, by_lines, shape, wide_grad.itemsize))
    if by_lines:
        size: tuple[int, ...] = (height, width * channels, depth)

        def add(block: _Block, total: Any) -> None:
            part, section = _section(wide_image[block.images], rows, block.lines)
            add_gradient(np, part, wide_grad[block], section, columns, total)

    else:
        size = (height * width * channels, depth)

        def add(block: _Block, total: Any) -> None:
            matrix = _patch_matrix(np, wide_image, rows, columns, block)
            add_product(matrix.T, wide_grad[block].reshape(-1, depth), total)

    if len(blocks) == 1 and not by_lines:
        matrix = _patch_matrix(np, wide_image, rows, columns, blocks[0])
        made = matmul(matrix.T, wide_grad.reshape(-1, depth))
    else:
        made = _sum_over_blocks(add, blocks, size, wide_grad.dtype)
    return made.reshape(shape).astype(image.dtype, copy=False)


def _sum_over_blocks(
    add: Callable[[_Block, Any], None], blocks: list[_Block], size: tuple[int, ...], dtype: Any
) -> Any:
    """The sum of what `add` adds for each of the blocks.

    Each lane adds up some of the blocks; how many lanes there are depends on the sizes alone, and
    so does the result.
    """
    most = _LANES_BYTES // (math.prod(size) * dtype.itemsize)
    lanes = _ranges(len(blocks), min(max(most, 2), _MOST_LANES))
    sums = scratch("lanes", (len(lanes), *size), dtype)

    def piece(number: int) -> None:
        sums[number] = 0
        for block in blocks[lanes[number]]:
            add(block, sums[number])

    run_pieces(piece, len(lanes))
    return sums.sum(axis=0)


@kernel("Conv2DBackpropInput")
def convolve_backprop_input(definition: Any, np: Any, sizes: Any, window: Any, grad: Any) -> Any:
    """The gradient by the images: products of the gradient and the filters, where they land."""
    rows, columns = definition.geometry(sizes, window, grad)
    wide_grad = _wide(np, grad)
    turned_rows, turned_columns = _turned(rows), _turned(columns)
    height, width, channels, depth = window.shape
    if grad.size and columns.stride == 1 and channels >= _FEW_CHANNELS:
        positions = len(grad) * rows.size * columns.size
        # The other way adds up where the products land: fewer pay for the calls.
        least = _WORTH_LINES // 4
        by_lines = _by_lines(positions, turned_rows, (height, width, depth, channels), least)
        if by_lines and turned_rows.before >= 0:
            # A convolution of the gradient with the filters turned round.
            turned = np.ascontiguousarray(_wide(np, window)[::-1, ::-1].swapaxes(2, 3))
            made = _convolved(np, wide_grad, turned, turned_rows, turned_columns, by_lines)
            return made.astype(grad.dtype, copy=False)
    made = np.zeros([int(s) for s in sizes], wide_grad.dtype)
    phases = _phases(_wide(np, window), columns)
    position_bytes = sum(phases[0].matrix.shape) * wide_grad.itemsize if phases else 1
    # Lines of one image add to the same lines of its gradient, so that they have to take turns.
    most = max(BLOCK_BYTES // max(position_bytes, 1), _LEAST_ROWS)
    blocks = _blocks(grad.shape, most) if made.size else []
    images = list(dict.fromkeys((b.images.start, b.images.stop) for b in blocks))
    multiply = _product(np, images)

    def piece(number: int) -> None:
        part = slice(*images[number])
        for phase in phases:
            for block in blocks:
                if block.images == part:
                    _add_products(np, multiply, made, wide_grad, rows, phase, block)

    run_pieces(piece, len(images))
    return made.astype(grad.dtype, copy=False)


def _turned(one: Axis) -> Axis:
    """The geometry by which a gradient is convolved for that of the images, at a stride of 1."""
    reach = (one.window - 1) * one.dilation
    return one._replace(
        size=one.out, out=one.size, before=reach - one.before, after=reach - one.after
    )


class _Phase(NamedTuple):
    """What a product of `grad` and filters gives to the images' gradient.

    Patches of `grad`, which lie along its width as `columns` says, are multiplied by `matrix`
    [patch width * depth, window height * len(landings) * channels]. Each landing says which columns
    of the product go to which columns of the images.
    """

    columns: Axis
    matrix: Any
    landings: list[tuple[slice, slice]]


def _phases(window: Any, columns: Axis) -> list[_Phase]:
    """The products that make up the gradient by the images.

    Either each column of the filters is multiplied with each of `grad`, and the products are added
    up. Or the columns of an image that lie n past a multiple of the stride are those of a
    convolution of `grad` with columns n, stride + n, 2 stride + n ... of the filters, turned round:
    column stride * q + n gets what column stride * t + n of the filters makes of q - t of `grad`.
    The second way copies more and adds less.
    """
    height, width, channels, depth = window.shape
    stride, before = columns.stride, columns.before
    if 2 * height * channels * (width - stride) < width * depth:
        matrix = window.transpose(3, 0, 1, 2).reshape(depth, height * width * channels)
        landings = [columns.inside(tap) for tap in range(width)]
        return [_Phase(_pixels(columns.out), matrix, landings)]
    phases = []
    for number in range(min(stride, width)):
        first = -(-(before - number) // stride)
        last = (before + columns.size - 1 - number) // stride
        if first > last:
            continue
        turned = window[:, number::stride][:, ::-1].transpose(1, 3, 0, 2)
        taps = len(turned)
        # The first patch begins at column first - taps + 1 of `grad`, perhaps before there is one.
        along = Axis(
            size=columns.out,
            window=taps,
            stride=1,
            dilation=1,
            out=last - first + 1,
            before=taps - 1 - first,
            after=last + 1 - columns.out,
        )
        target = slice(stride * first + number - before, columns.size, stride)
        matrix = turned.reshape(taps * depth, height * channels)
        phases.append(_Phase(along, matrix, [(slice(None), target)]))
    return phases


def _add_products(
    np: Any, multiply: Any, made: Any, grad: Any, rows: Axis, phase: _Phase, block: _Block
) -> None:
    """Adds to the images' gradient what one phase makes of a block of `grad`."""
    patch_matrix = _patch_matrix(np, grad, _pixels(rows.out), phase.columns, block)
    several, channels = phase.matrix.shape[1], made.shape[3]
    target = made[block.images]
    if several == channels and rows == _pixels(made.shape[1]):
        if phase.columns == _pixels(made.shape[2]):
            shape = (len(patch_matrix), channels)
            multiply(patch_matrix, phase.matrix, out=target[:, block.lines].reshape(shape))
            return
    taps = (rows.window, len(phase.landings))
    positions = (len(target), block.lines.stop - block.lines.start, phase.columns.out)
    if channels < _FEW_CHANNELS:
        products = scratch("products", (several, len(patch_matrix)), made.dtype)
        multiply(phase.matrix.T, patch_matrix.T, out=products)
        products = products.reshape(*taps, channels, *positions)
        parts = [(target[..., c], products[:, :, c]) for c in range(channels)]
    else:
        products = scratch("products", (len(patch_matrix), several), made.dtype)
        multiply(patch_matrix, phase.matrix, out=products)
        products = products.reshape(*positions, *taps, channels)
        parts = [(target, products.transpose(3, 4, 0, 1, 2, 5))]
    for i in range(rows.window):
        lines, target_lines = rows.inside(i, block.lines.start, block.lines.stop)
        for j, (across, target_columns) in enumerate(phase.landings):
            for part, product in parts:
                chosen = part[:, target_lines, target_columns]
                chosen += product[i, j, :, lines, across]


def _pixels(count: int) -> Axis:
    """The geometry of patches that are single elements."""
    return Axis(size=count, window=1, stride=1, dilation=1, out=count, before=0, after=0)


def _blocks(positions: Any, most: int) -> list[_Block]:
    """Output positions [batch, height, width, ...] in blocks of about `most`.

    There are no blocks of no positions.
    """
    batch, height, width = positions[:3]
    if not (batch and height and width and positions[3]):
        return []
    if most >= height * width:
        whole = slice(0, height)
        return [_Block(images, whole) for images in _ranges_of(batch, most // (height * width))]
    lines = _ranges_of(height, most // width)
    return [_Block(slice(i, i + 1), some) for i in range(batch) for some in lines]


def _product(np: Any, pieces: Any) -> Any:
    """How pieces multiply: products are cut up only where there is one piece."""
    return np.matmul if len(pieces) > 1 else matmul


def _ranges_of(count: int, length: int) -> list[slice]:
    """[0, count) in ranges of about `length`; how many is a power of two, for threads to share."""
    pieces = count / max(length, 1)
    return (
        _ranges(count, 2 ** max(round(math.log2(pieces)), 0)) if pieces > 1 else _ranges(count, 1)
    )


def _ranges(count: int, pieces: int) -> list[slice]:
    """[0, count) in so many ranges of about the same length; at most one for each number."""
    pieces = min(pieces, count)
    ends = [count * i // pieces for i in range(pieces + 1)]
    return [slice(start, stop) for start, stop in zip(ends, ends[1:])]


def _patch_matrix(
    np: Any, images: Any, rows: Axis, columns: Axis, block: _Block, use: str = "patches"
) -> Any:
    """The patches of a block: [positions, window height * window width * channels].

    It holds until this thread asks for the next for the same use. Padding of columns may be
    negative: it then leaves some out.
    """
    channels = images.shape[3]
    size = rows.window * columns.window * channels
    part, rows = _section(images[block.images], rows, block.lines)
    pixels = rows == _pixels(rows.out) and columns == _pixels(columns.out)
    view = part if pixels else patches(np, _padded(np, part, rows, columns), rows, columns)
    positions = len(part) * rows.out * columns.out
    if pixels:
        return part.reshape(positions, size)
    short = columns.window * channels < _SHORT_ROW
    if short:
        view = view.transpose(3, 4, 5, 0, 1, 2)
    matrix = scratch(use, view.shape, images.dtype)
    matrix[...] = view
    return matrix.reshape(size, positions).T if short else matrix.reshape(positions, size)


def _section(images: Any, rows: Axis, lines: slice) -> tuple[Any, Axis]:
    """What some lines of the output need of the images, and how the window slides there."""
    top = lines.start * rows.stride - rows.before
    bottom = (lines.stop - 1) * rows.stride - rows.before + (rows.window - 1) * rows.dilation + 1
    first, stop = min(max(top, 0), rows.size), max(min(bottom, rows.size), 0)
    part = images[:, first:stop]
    before = min(max(-top, 0), bottom - top)
    return part, rows._replace(
        size=part.shape[1],
        out=lines.stop - lines.start,
        before=before,
        after=bottom - top - before - part.shape[1],
    )


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


def _most_positions(positions: int, by_lines: bool, window: Any, itemsize: int) -> int:
    """How many of the output positions of filters [height, width, channels, depth] make a block."""
    patch = max(_patch_size(window), 1)
    laid_out = patch // max(int(window[0]), 1) if by_lines else patch
    most = BLOCK_BYTES // (laid_out * itemsize)
    # There should be some blocks for several threads, if each has enough to do.
    enough = _LEAST_MULTIPLICATIONS // (patch * max(int(window[3]), 1))
    return max(min(most, max(positions // 4, enough)), _LEAST_ROWS)


def _by_lines(positions: int, rows: Axis, window: Any, least: int) -> bool:
    """Whether to convolve along lines: from so many multiplications on it is worth the calls."""
    work = positions * _patch_size(window) * int(window[3])
    return positions >= 2 * _LEAST_ROWS and work >= least and goes_by_lines(rows, window)


def _patch_size(window: Any) -> int:
    return int(window[0]) * int(window[1]) * int(window[2])


def _wide(np: Any, array: Any) -> Any:
    """Half precision is multiplied and added up in single precision."""
    return array.astype(np.float32) if array.dtype == np.float16 else array
