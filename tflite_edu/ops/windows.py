"""The geometry of windows that slide over images, shared by convolution and pooling."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple


class Axis(NamedTuple):
    """How a window slides along one axis: sizes in elements, padding before and after."""

    size: int
    window: int
    stride: int
    dilation: int
    out: int
    before: int
    after: int

    def taps(self, tap: int) -> slice:
        """The padded positions at which element `tap` of the window lies, one for each output."""
        start = tap * self.dilation
        return slice(start, start + max((self.out - 1) * self.stride + 1, 0), self.stride)

    def inside(self, tap: int, first: int = 0, stop: int | None = None) -> tuple[slice, slice]:
        """Where element `tap` of the window lies in the image itself, not in its padding.

        The outputs, counted from `first`, for which it does among those up to `stop` (all of them
        where it is left out); and the positions in the image, one for each of these.
        """
        start = first * self.stride + tap * self.dilation - self.before
        skipped = max(-(start // self.stride), 0)
        last = -(-(self.size - start) // self.stride)
        count = max(min(last, (self.out if stop is None else stop) - first) - skipped, 0)
        top = start + skipped * self.stride
        return (
            slice(skipped, skipped + count),
            slice(top, top + count * self.stride, self.stride),
        )


def axis(
    size: int,
    window: int,
    stride: int,
    dilation: int,
    padding: str,
    pads: Sequence[int] = (0, 0),
) -> Axis:
    """The geometry along one axis, by TF's rule for "SAME", "VALID" and "EXPLICIT" padding.

    SAME gives ceil(size / stride) outputs and puts the odd element of padding at the end.
    """
    extent = (window - 1) * dilation + 1
    if padding == "SAME":
        out = -(-size // stride)
        needed = max((out - 1) * stride + extent - size, 0)
        before = needed // 2
        return Axis(size, window, stride, dilation, out, before, needed - before)
    before, after = pads if padding == "EXPLICIT" else (0, 0)
    out = max((size + before + after - extent) // stride + 1, 0)
    return Axis(size, window, stride, dilation, out, before, after)


def padded(np: Any, images: Any, rows: Axis, columns: Axis, value: Any = 0) -> Any:
    """`images` [batch, height, width, channels] with `value` around them."""
    if not (rows.before or rows.after or columns.before or columns.after):
        return images
    batch, height, width, channels = images.shape
    shape = (
        batch,
        rows.before + height + rows.after,
        columns.before + width + columns.after,
        channels,
    )
    made = np.full(shape, value, images.dtype)
    inner(made, rows, columns)[...] = images
    return made


def inner(images: Any, rows: Axis, columns: Axis) -> Any:
    """The view of padded images that leaves the padding out."""
    return images[
        :,
        rows.before : rows.before + rows.size,
        columns.before : columns.before + columns.size,
    ]


def patches(np: Any, images: Any, rows: Axis, columns: Axis) -> Any:
    """A view of padded images as [batch, out height, out width, window height, width, channels]."""
    batch, _, _, channels = images.shape
    b, h, w, c = images.strides
    return np.lib.stride_tricks.as_strided(
        images,
        (batch, rows.out, columns.out, rows.window, columns.window, channels),
        (b, h * rows.stride, w * columns.stride, h * rows.dilation, w * columns.dilation, c),
        writeable=False,
    )


def taps(rows: Axis, columns: Axis) -> Iterator[tuple[slice, slice]]:
    """For each element of the window, in row-major order, where it lies in the padded images."""
    for i in range(rows.window):
        for j in range(columns.window):
            yield rows.taps(i), columns.taps(j)


def sequence(value: Any, name: str, data_format: str = "NHWC") -> Any:
    """Sizes along the four axes of images, given for all of them, for two, or as one number.

    Raises ValueError on another count.
    """
    if value is None:
        listed = [1]
    elif hasattr(value, "__len__"):
        if len(value) == 4:
            # The node complains where this is no list.
            return value
        listed = list(value)
    else:
        listed = [value]
    if len(listed) == 1:
        listed = listed * 2
    elif len(listed) != 2:
        raise ValueError(f"{name} should be of length 1, 2 or 4 but was {len(listed)}")
    if data_format.startswith("NC"):
        return [1, 1, *listed]
    return [1, *listed, 1]


def either(name: str, value: Any, old_name: str, old_value: Any) -> Any:
    """The one that is given of an argument and its older name; ValueError where both are."""
    if value is None:
        return old_value
    if old_value is not None:
        raise ValueError(f"Cannot specify both '{old_name}' and '{name}'")
    return value
