"""Convolution along the lines of images: one matrix product for each row of the filters.

Patches are laid out along the width only, [lines, images * width, window width * channels]: what
row i of the filters sees of all lines is then a part of that matrix, moved down by i lines. A
product for each row is added to the same result. Beside whole patches this copies as many times
less as the filters have rows, and multiplies nothing by the zeros above and below an image.
"""

from __future__ import annotations

from typing import Any

from tflite_edu.engines.blas import add_product
from tflite_edu.engines.scratch import scratch
from tflite_edu.ops.windows import Axis

# Products over shorter rows would take longer than laying out whole patches.
_LEAST_ROW = 32


def goes_by_lines(rows: Axis, window: Any) -> bool:
    """Whether filters [height, width, channels, ...] that move by single lines are worth it."""
    height, width, channels = (int(size) for size in window[:3])
    return rows.stride == 1 and height > 1 and width * channels >= _LEAST_ROW


def correlate(np: Any, images: Any, window: Any, rows: Axis, columns: Axis) -> Any:
    """The convolution of images with filters, as [out height, images, out width, depth].

    The result holds until this thread asks for the next.
    """
    height, width, channels, depth = window.shape
    lines = line_patches(np, images, columns)
    filters = window.reshape(height, width * channels, depth)
    made = scratch("correlated", (rows.out, lines.shape[1], depth), window.dtype)
    made[...] = 0
    for tap in range(height):
        reached, seen = rows.inside(tap)
        if reached.stop > reached.start:
            left = lines[seen].reshape(-1, width * channels)
            add_product(left, filters[tap], made[reached].reshape(-1, depth))
    return made.reshape(rows.out, len(images), columns.out, depth)


def add_gradient(np: Any, images: Any, grad: Any, rows: Axis, columns: Axis, total: Any) -> None:
    """Adds what images and the gradient of their convolution make of the filters' gradient.

    `total` is [window height, window width * channels, depth].
    """
    lines = line_patches(np, images, columns)
    depth = grad.shape[3]
    turned = scratch("lines of gradients", (rows.out, lines.shape[1], depth), grad.dtype)
    turned.reshape(rows.out, len(grad), -1)[...] = grad.reshape(*grad.shape[:2], -1).swapaxes(0, 1)
    for tap in range(rows.window):
        reached, seen = rows.inside(tap)
        if reached.stop > reached.start:
            left = lines[seen].reshape(-1, lines.shape[2])
            add_product(left.T, turned[reached].reshape(-1, depth), total[tap])


def line_patches(np: Any, images: Any, columns: Axis) -> Any:
    """What the columns of filters see of each line: [height, images * out width, width * channels].

    Padding may be negative: it then leaves columns of the images out.
    """
    batch, height, _, channels = images.shape
    left, right = max(-columns.before, 0), max(-columns.after, 0)
    inside = images[:, :, left : columns.size - right].swapaxes(0, 1)
    before, after = max(columns.before, 0), max(columns.after, 0)
    wide = before + inside.shape[2] + after
    padded = scratch("padded lines", (height, batch, wide, channels), images.dtype)
    padded[:, :, :before] = 0
    padded[:, :, wide - after :] = 0
    padded[:, :, before : wide - after] = inside
    row = columns.window * channels
    if columns.window == columns.stride == 1 or (columns.window, columns.dilation) == (wide, 1):
        # Patches are pixels, or whole lines.
        return padded.reshape(height, batch * columns.out, row)
    down, across, step, single = padded.strides
    seen = np.lib.stride_tricks.as_strided(
        padded,
        (height, batch, columns.out, columns.window, channels),
        (down, across, step * columns.stride, step * columns.dilation, single),
        writeable=False,
    )
    patches = scratch("line patches", seen.shape, images.dtype)
    patches[...] = seen
    return patches.reshape(height, batch * columns.out, row)
