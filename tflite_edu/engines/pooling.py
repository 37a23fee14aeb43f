"""Pooling of some images at a time, so that they stay in the cache, shared out to threads."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

from tflite_edu.engines.kernels import kernel
from tflite_edu.engines.scratch import scratch
from tflite_edu.engines.threads import run_blocks
from tflite_edu.ops.pooling import check_layout, window_axes, window_counts
from tflite_edu.ops.windows import Axis

# What the images of a block take; what is computed from them then stays in the cache.
_BLOCK_BYTES = 1 << 20

# Windows of so many elements are not worth two passes.
_FEW_TAPS = 4


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
    """Combines the elements of each window by a ufunc: all at once if they are few, else down the
    rows first and then along them.
    """
    batch, _, width, channels = images.shape
    made = np.empty((batch, rows.out, columns.out, channels), images.dtype)
    few = rows.window * columns.window <= _FEW_TAPS
    steps = [_whole_first(*axes) for axes in ([(rows, columns)] if few else [(rows,), (columns,)])]

    def block(start: int, stop: int) -> None:
        part, taken = made[start:stop], images[start:stop]
        if few:
            _combine(np, taken, steps[0], combine, part)
        else:
            down = scratch("down", (stop - start, rows.out, width, channels), images.dtype)
            _combine(np, taken, steps[0], combine, down)
            _combine(np, down.swapaxes(1, 2), steps[1], combine, part.swapaxes(1, 2))
        if finish is not None:
            finish(part)

    if made.size:
        run_blocks(block, batch, _images_of_a_block(images))
    return made


_Index = tuple[slice, ...]


def _taps(*axes: Axis) -> list[tuple[_Index, _Index]]:
    """For each element of a window along the axes from 1 on: which outputs see it, and where."""
    pairs = product(*[[one.inside(tap) for tap in range(one.window)] for one in axes])
    return [
        ((slice(None), *(p[0] for p in chosen)), (slice(None), *(p[1] for p in chosen)))
        for chosen in pairs
    ]


def _whole_first(*axes: Axis) -> list[tuple[_Index, _Index]]:
    """`_taps`, those first that all outputs see."""
    whole = (slice(None), *(slice(0, one.out) for one in axes))
    return sorted(_taps(*axes), key=lambda tap: tap[0] != whole)


def _combine(
    np: Any, images: Any, taps: list[tuple[_Index, _Index]], combine: Any, made: Any
) -> None:
    """Combines what windows contain; the first element lies in the image for every window."""
    if len(taps) > 1 and taps[1][0] == taps[0][0]:
        combine(images[taps[0][1]], images[taps[1][1]], out=made)
        others = taps[2:]
    else:
        np.copyto(made, images[taps[0][1]])
        others = taps[1:]
    for outputs, inputs in others:
        part = made[outputs]
        combine(part, images[inputs], out=part)


@kernel("MaxPoolGrad")
def max_pool_gradient(definition: Any, np: Any, images: Any, pooled: Any, grad: Any) -> Any:
    """Hands each gradient to the first of the greatest elements of its window."""
    check_layout(definition, "MaxPoolingGradOp")
    rows, columns = window_axes(definition, images.shape)
    bits = np.dtype(f"i{grad.itemsize}")
    grad = np.ascontiguousarray(grad)
    apart = _are_apart(rows, columns)
    made = _gradient(np, images.shape, grad.dtype, rows, columns)

    taps = _taps(rows, columns)

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
                handed = scratch("handed", passed.shape, bits)
                np.multiply(passed, chosen, out=handed)
                target[there] += handed.view(grad.dtype)

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
    made = _gradient(np, (batch, height, width, channels), grad.dtype, rows, columns)
    apart, taps = _are_apart(rows, columns), _taps(rows, columns)

    def block(start: int, stop: int) -> None:
        share = scratch("share", (stop - start, *grad.shape[1:]), grad.dtype)
        np.divide(grad[start:stop], counts, out=share)
        part = made[start:stop]
        if apart:
            for outputs, inputs in taps:
                part[inputs] = share[outputs]
            return
        along = scratch("along", (stop - start, rows.out, width, channels), grad.dtype)
        along[...] = 0
        _spread(share.swapaxes(1, 2), columns, along.swapaxes(1, 2))
        _spread(along, rows, part)

    if made.size and grad.size:
        run_blocks(block, batch, _images_of_a_block(made))
    return made


def _spread(shares: Any, one: Axis, made: Any) -> None:
    """Adds shares to all elements of their windows along axis 1."""
    for outputs, inputs in _taps(one):
        part = made[inputs]
        part += shares[outputs]


def _are_apart(rows: Axis, columns: Axis) -> bool:
    """Whether no two windows overlap."""
    return rows.stride >= rows.window and columns.stride >= columns.window


def _gradient(np: Any, shape: Any, dtype: Any, rows: Axis, columns: Axis) -> Any:
    """Zeros for what windows hand to the elements of images, unless each gets just one value."""
    whole = all(
        one.stride == one.window and one.out * one.stride - one.before >= one.size
        for one in (rows, columns)
    )
    return np.empty(shape, dtype) if whole else np.zeros(shape, dtype)


def _images_of_a_block(images: Any) -> int:
    return max(_BLOCK_BYTES * len(images) // max(int(images.nbytes), 1), 1)
