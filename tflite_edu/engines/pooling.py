"""Pooling along one axis after the other, on some images at a time, shared out to threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from tflite_edu.engines.kernels import kernel
from tflite_edu.engines.scratch import scratch
from tflite_edu.engines.threads import run_blocks
from tflite_edu.ops.pooling import check_layout, window_axes, window_counts
from tflite_edu.ops.windows import Axis

# What the images of a block take; what is computed from them then stays in the cache.
_BLOCK_BYTES = 1 << 18


@kernel("MaxPool")
def max_pool(definition: Any, np: Any, images: Any) -> Any:
    """The greatest element of each window of images [batch, height, width, channels]."""
    if definition.ksize[3] != 1:
        return definition.forward(np, images)
    check_layout(definition, "MaxPoolingOp")
    rows, columns = window_axes(definition, images.shape)
    return _pool(np, images, rows, columns, np.maximum)


@kernel("AvgPool")
def average_pool(definition: Any, np: Any, images: Any) -> Any:
    """The mean of each window of images [batch, height, width, channels]."""
    if images.dtype.itemsize < 4:
        return definition.forward(np, images)
    check_layout(definition, "AvgPoolingOp")
    rows, columns = window_axes(definition, images.shape)
    counts = window_counts(np, rows, columns, images.dtype)

    def finish(part: Any) -> None:
        np.divide(part, counts, out=part)

    return _pool(np, images, rows, columns, np.add, finish)


def _pool(
    np: Any,
    images: Any,
    rows: Axis,
    columns: Axis,
    combine: Any,
    finish: Callable[[Any], None] | None = None,
) -> Any:
    """Combines the elements of each window by a ufunc: down the rows first, then along them."""
    batch, _, width, channels = images.shape
    made = np.empty((batch, rows.out, columns.out, channels), images.dtype)
    down_rows, along_columns = _taps(rows), _taps(columns)

    def block(start: int, stop: int) -> None:
        shape = (stop - start, rows.out, width, channels)
        down = scratch("down", shape, images.dtype)
        _combine(np, images[start:stop], down_rows, combine, down)
        part = made[start:stop]
        _combine(np, down.swapaxes(1, 2), along_columns, combine, part.swapaxes(1, 2))
        if finish is not None:
            finish(part)

    if made.size:
        run_blocks(block, batch, _images_of_a_block(images))
    return made


class _Taps(NamedTuple):
    """Where in the image the elements of windows along an axis lie.

    One or two of them lie in it for all windows, the others for the outputs that are given.
    """

    everywhere: list[slice]
    others: list[tuple[slice, slice]]


def _taps(one: Axis) -> _Taps:
    taps = [one.inside(tap) for tap in range(one.window)]
    whole = [i for i, (outputs, _) in enumerate(taps) if outputs == slice(0, one.out)][:2]
    others = [tap for i, tap in enumerate(taps) if i not in whole]
    return _Taps([taps[i][1] for i in whole], others)


def _combine(np: Any, images: Any, taps: _Taps, combine: Any, made: Any) -> None:
    """Combines what windows along axis 1 contain; every window contains something."""
    parts = [images[:, inputs] for inputs in taps.everywhere]
    if len(parts) == 2:
        combine(*parts, out=made)
    else:
        np.copyto(made, parts[0])
    for outputs, inputs in taps.others:
        part = made[:, outputs]
        combine(part, images[:, inputs], out=part)


@kernel("MaxPoolGrad")
def max_pool_gradient(definition: Any, np: Any, images: Any, pooled: Any, grad: Any) -> Any:
    """Hands each gradient to the first of the greatest elements of its window."""
    check_layout(definition, "MaxPoolingGradOp")
    rows, columns = window_axes(definition, images.shape)
    bits = np.dtype(f"i{grad.itemsize}")
    grad = np.ascontiguousarray(grad)
    apart = rows.stride >= rows.window and columns.stride >= columns.window
    whole = apart and _is_covered(rows) and _is_covered(columns)
    made = (np.empty if whole else np.zeros)(images.shape, grad.dtype)

    taps = []
    for i in range(rows.window):
        lines, image_lines = rows.inside(i)
        for j in range(columns.window):
            across, image_columns = columns.inside(j)
            taps.append(((slice(None), lines, across), (slice(None), image_lines, image_columns)))

    def block(start: int, stop: int) -> None:
        greatest, given, target = pooled[start:stop], grad[start:stop], made[start:stop]
        equal, taken = (scratch(use, given.shape, np.dtype(bool)) for use in ("equal", "taken"))
        taken[...] = False
        for here, there in taps:
            chosen, before = equal[here], taken[here]
            np.equal(images[start:stop][there], greatest[here], out=chosen)
            # Of truth values, greater says: this one, and not the other.
            np.greater(chosen, before, out=chosen)
            np.logical_or(before, chosen, out=before)
            # Bits times 0 or 1, where numbers times 0 would not do for infinities.
            passed = given[here].view(bits)
            if apart:
                np.multiply(passed, chosen, out=target[there].view(bits))
            else:
                product = scratch("product", passed.shape, bits)
                np.multiply(passed, chosen, out=product)
                target[there] += product.view(grad.dtype)

    if made.size and grad.size:
        run_blocks(block, len(images), _images_of_a_block(images))
    return made


@kernel("AvgPoolGrad")
def average_pool_gradient(definition: Any, np: Any, sizes: Any, grad: Any) -> Any:
    """Shares each gradient out evenly over its window, along the rows first, then down."""
    if grad.dtype.itemsize < 4:
        return definition.forward(np, sizes, grad)
    check_layout(definition, "AvgPoolingGradOp")
    rows, columns = window_axes(definition, sizes)
    batch, height, width, channels = (int(s) for s in sizes)
    counts = window_counts(np, rows, columns, grad.dtype)
    made = np.zeros((batch, height, width, channels), grad.dtype)

    def block(start: int, stop: int) -> None:
        share = scratch("share", (stop - start, *grad.shape[1:]), grad.dtype)
        np.divide(grad[start:stop], counts, out=share)
        along = scratch("along", (stop - start, rows.out, width, channels), grad.dtype)
        along[...] = 0
        _spread(share.swapaxes(1, 2), columns, along.swapaxes(1, 2))
        _spread(along, rows, made[start:stop])

    if made.size and grad.size:
        run_blocks(block, batch, _images_of_a_block(made))
    return made


def _spread(shares: Any, one: Axis, made: Any) -> None:
    """Adds shares to all elements of their windows along axis 1."""
    for tap in range(one.window):
        outputs, inputs = one.inside(tap)
        part = made[:, inputs]
        part += shares[:, outputs]


def _is_covered(one: Axis) -> bool:
    """Whether windows that do not overlap leave no element out."""
    return one.stride == one.window and one.out * one.stride - one.before >= one.size


def _images_of_a_block(images: Any) -> int:
    return max(_BLOCK_BYTES * len(images) // max(int(images.nbytes), 1), 1)
