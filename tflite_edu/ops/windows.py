"""The geometry of windows that slide over images, shared by convolution and pooling."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
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
    return surrounded(np, images, (rows, columns), value)


def surrounded(np: Any, array: Any, axes: Sequence[Axis], value: Any = 0) -> Any:
    """`array` [batch, ..., channels] with `value` around it along the axes between the two."""
    if not any(one.before or one.after for one in axes):
        return array
    inside = [one.before + one.size + one.after for one in axes]
    made = np.full((array.shape[0], *inside, array.shape[-1]), value, array.dtype)
    within(made, axes)[...] = array
    return made


def inner(images: Any, rows: Axis, columns: Axis) -> Any:
    """The view of padded images that leaves the padding out."""
    return within(images, (rows, columns))


def within(array: Any, axes: Sequence[Axis]) -> Any:
    """The view of a padded array [batch, ..., channels] that leaves the padding out."""
    return array[(slice(None), *(slice(one.before, one.before + one.size) for one in axes))]


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


def taps(*axes: Axis) -> Iterator[tuple[slice, ...]]:
    """For each element of the window, in row-major order, where it lies in the padded array."""
    for place in product(*(range(one.window) for one in axes)):
        yield tuple(one.taps(tap) for one, tap in zip(axes, place))


def sequence(value: Any, name: str, data_format: str = "NHWC", spatial: int = 2) -> Any:
    """Sizes along the axes of images, given for all of them, the spatial ones, or as one number.

    Raises ValueError on another count.
    """
    if value is None:
        listed = [1]
    elif hasattr(value, "__len__"):
        if len(value) == spatial + 2:
            # The node complains where this is no list.
            return value
        listed = list(value)
    else:
        listed = [value]
    if len(listed) == 1:
        listed = listed * spatial
    elif len(listed) != spatial:
        raise ValueError(
            f"{name} should be of length 1, {spatial} or {spatial + 2} but was {len(listed)}"
        )
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
