"""Images in another size: bilinear, nearest neighbour and area, with their gradients.

Pixel rules are TensorFlow 1's: an output pixel i looks at the position i * scale of the input,
where scale is in / out, or (in - 1) / (out - 1) with `align_corners`; with `half_pixel_centers` it
looks at (i + 1/2) * scale - 1/2. Positions and weights are 32-bit numbers. Rows and columns are
independent, so each kernel works on one axis and then on the other.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from tflite_edu.core import dtypes, errors, raw
from tflite_edu.core.dtypes import BFLOAT16, DOUBLE, FLOAT, HALF, DType
from tflite_edu.core.export import export
from tflite_edu.core.inference import ShapeError, format_shape, with_rank
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.shapes_of_tensors import shape as shape_of

INTEGERS = (*(dtypes.INT8, dtypes.UINT8, dtypes.INT16, dtypes.UINT16, dtypes.INT32, dtypes.INT64),)


def invalid(message: str) -> errors.InvalidArgumentError:
    return errors.InvalidArgumentError(None, None, message)


def resized_shape(images: Shape, size: Any) -> Shape:
    """[batch, height, width, channels] with the height and width of `size` where it is known."""
    batch, _, _, channels = with_rank(images, 4)
    if size is None:
        return (batch, None, None, channels)
    height, width = size.tolist()
    return (batch, _dimension(height), _dimension(width), channels)


def _dimension(size: int) -> int | None:
    if size < -1:
        raise ShapeError(f"Dimension size must be non-negative, but is {size}")
    return None if size == -1 else size


class Scaling(NamedTuple):
    """How positions along one axis of the output lie on the input: 32-bit numbers."""

    size: int
    out: int
    scale: Any
    half_pixel_centers: bool

    def positions(self, np: Any) -> Any:
        """The position of each output pixel on the input, float32 [out]."""
        places = np.arange(self.out, dtype=np.float32)
        if self.half_pixel_centers:
            half = np.float32(0.5)
            return (places + half) * self.scale - half
        return places * self.scale


def scaling(
    np: Any, size: int, out: int, align_corners: bool, half_pixel_centers: bool = False
) -> Scaling:
    if align_corners and out > 1:
        scale = np.float32(size - 1) / np.float32(out - 1)
    else:
        scale = np.float32(size) / np.float32(out)
    return Scaling(size, out, scale, half_pixel_centers)


def checked_size(op: Any, np: Any, images: Any, size: Any) -> tuple[int, int]:
    """The height and width asked for; raises InvalidArgumentError on what cannot be resized."""
    if hasattr(op, "half_pixel_centers"):
        check_flags(op)
    if images.ndim != 4:
        raise invalid(f"input must be 4-dimensional{format_shape(images.shape)}")
    if size.ndim != 1:
        raise invalid(f"shape_t must be 1-dimensional{format_shape(size.shape)}")
    if size.shape[0] != 2:
        raise invalid(f"shape_t must have two elements{format_shape(size.shape)}")
    height, width = size.tolist()
    if height <= 0 or width <= 0:
        raise invalid("output dimensions must be positive")
    if images.shape[1] == 0 or images.shape[2] == 0:
        raise invalid("input image must be of non-zero size")
    if images.shape[3] == 0:
        raise invalid("image must have at least one channel")
    return height, width


def check_flags(op: Any) -> None:
    """Raises InvalidArgumentError where corners and centres both are to stay in place."""
    if op.half_pixel_centers and op.align_corners:
        raise invalid("If half_pixel_centers is True, align_corners must be False.")


def scalings(op: Any, np: Any, shape: Any, out: tuple[int, int]) -> tuple[Scaling, Scaling]:
    """How rows and columns of images of `shape` map to those of the output."""
    half = getattr(op, "half_pixel_centers", False)
    rows, columns = (
        scaling(np, shape[axis], out[axis - 1], op.align_corners, half) for axis in (1, 2)
    )
    return rows, columns


class Resized(Op, abstract=True):
    """An op that takes images and a size."""

    inputs = ("images: T", "size: int32")
    infer_from = {"size": "value"}
    value_shapes = {"size": (2,)}

    def infer(self, images: Shape, size: Any) -> Shape:
        return resized_shape(images, size)


def _neighbours(np: Any, axis: Scaling) -> tuple[Any, Any, Any]:
    """For each output pixel the input pixels before and after its position, and how far between."""
    at = axis.positions(np)
    floor = np.floor(at)
    before = np.maximum(floor, 0).astype(np.int64)
    after = np.minimum(np.ceil(at).astype(np.int64), axis.size - 1)
    return before, np.maximum(after, 0), at - floor


def _across(weights: Any, axis: int, rank: int = 4) -> Any:
    return weights.reshape([-1 if i == axis else 1 for i in range(rank)])


def as_lines(images: Any) -> Any:
    """Images [batch, height, width, channels] as [batch, height, width * channels].

    numpy then has long rows to work along.
    """
    batch, height, width, channels = images.shape
    return images.reshape(batch, height, width * channels)


def by_column(np: Any, lines: Any, channels: int, resize: Callable[[Any], Any]) -> Any:
    """Lines whose columns `resize` changed in number, which is handed [batch, width, rest]."""
    batch, height, length = lines.shape
    columns = np.ascontiguousarray(lines.transpose(0, 2, 1))
    made = resize(columns.reshape(batch, length // channels, channels * height))
    made = made.reshape(batch, made.shape[1] * channels, height)
    return np.ascontiguousarray(made.transpose(0, 2, 1))


def _interpolated(lines: Any, places: tuple[Any, Any, Any]) -> Any:
    """Lines [batch, height, columns] of which each is between two lines that were given."""
    before, after, between = places
    low, high = lines.take(before, 1), lines.take(after, 1)
    high -= low
    high *= between[:, None]
    low += high
    return low


def summed(np: Any, values: Any, places: Any, size: int, axis: int) -> Any:
    """Sums of slices of `values` along an axis by where they go, `places`, never decreasing."""
    starts = np.flatnonzero(np.concatenate([[True], places[1:] != places[:-1]]))
    result = np.zeros((*values.shape[:axis], size, *values.shape[axis + 1 :]), values.dtype)
    index = (slice(None),) * axis + (places[starts],)
    result[index] = np.add.reduceat(values, starts, axis)
    return result


class ResizeBilinear(Resized):
    """Images in another size, each pixel a mean of four, weighted by how near they are."""

    outputs = ("resized_images: float32",)
    T: DType = attr(*INTEGERS, BFLOAT16, HALF, FLOAT, DOUBLE)
    align_corners: bool = False
    half_pixel_centers: bool = False

    def forward(self, np: Any, images: Any, size: Any) -> Any:
        out = checked_size(self, np, images, size)
        if out == images.shape[1:3]:
            return images.astype(np.float32)
        rows, columns = scalings(self, np, images.shape, out)
        # Only the rows that are looked at are widened.
        before, after, between = _neighbours(np, rows)
        used = np.unique(np.concatenate([before, after]))
        lines = as_lines(images).take(used, 1).astype(np.float32, copy=False)
        sideways = _neighbours(np, columns)
        channels = images.shape[3]
        lines = by_column(np, lines, channels, lambda part: _interpolated(part, sideways))
        places = np.searchsorted(used, before), np.searchsorted(used, after), between
        return _interpolated(lines, places).reshape(len(images), *out, channels)

    def backward(self, op: Any, dresized: Any) -> Any:
        if op.inputs[0].dtype.base_dtype not in _BILINEAR_GRADIENTS:
            return [None, None]
        gradient = raw.ResizeBilinearGrad(
            dresized,
            op.inputs[0],
            align_corners=self.align_corners,
            half_pixel_centers=self.half_pixel_centers,
        )
        return [gradient, None]


_BILINEAR_GRADIENTS = (FLOAT, BFLOAT16, HALF, DOUBLE)


class ResizeBilinearGrad(Op):
    """What each input pixel of `ResizeBilinear` adds to a loss."""

    inputs, outputs = ("grads: float32", "original_image: T"), ("output: T",)
    T: DType = attr(*_BILINEAR_GRADIENTS)
    align_corners: bool = False
    half_pixel_centers: bool = False

    def infer(self, grads: Shape, original_image: Shape) -> Shape:
        return original_image

    def forward(self, np: Any, grads: Any, original_image: Any) -> Any:
        check_flags(self)
        shape = gradient_shape(grads, original_image)
        dtype = np.promote_types(original_image.dtype, np.float32)
        if 0 in grads.shape or 0 in shape:
            return np.zeros(shape, original_image.dtype)
        total = grads.astype(dtype)
        for axis, along in zip((1, 2), scalings(self, np, shape, grads.shape[1:3])):
            before, after, between = _neighbours(np, along)
            parts = [
                summed(np, total * _across(weights, axis), places, along.size, axis)
                for places, weights in ((before, 1 - between), (after, between))
            ]
            total = parts[0] + parts[1]
        return total.astype(original_image.dtype, copy=False)


def gradient_shape(grads: Any, original_image: Any) -> tuple[int, ...]:
    if grads.ndim != 4:
        raise invalid(f"input_grad must be 4-dimensional{format_shape(grads.shape)}")
    if original_image.ndim != 4:
        raise invalid(f"original_image must be 4-dimensional{format_shape(original_image.shape)}")
    batch, height, width, channels = original_image.shape
    return (grads.shape[0], height, width, grads.shape[3])


@export("image.resize_bilinear")
def resize_bilinear(
    images: Any,
    size: Any,
    align_corners: bool = False,
    name: str | None = None,
    half_pixel_centers: bool = False,
) -> Tensor:
    """Images in another size by bilinear interpolation: float32 [batch, *size, channels].

    Args:
      images: [batch, height, width, channels], of any real type.
      size: int32 [2], the new height and width.
      align_corners: whether the centres of the corner pixels stay where they are.
      half_pixel_centers: whether a pixel's position is its centre (TensorFlow 2's rule).

    A run raises InvalidArgumentError where a size is not positive or both flags are set.
    """
    return raw.ResizeBilinear(
        images,
        size,
        align_corners=align_corners,
        half_pixel_centers=half_pixel_centers,
        name=name,
    )


def _nearest(np: Any, axis: Scaling, align_corners: bool) -> Any:
    """For each output pixel the input pixel that it is a copy of."""
    places = np.arange(axis.out, dtype=np.float32)
    if axis.half_pixel_centers:
        places = places + np.float32(0.5)
    at = places * axis.scale
    # Halves are rounded away from zero, where numpy rounds to even.
    near = np.floor(at + np.float32(0.5)) if align_corners else np.floor(at)
    return np.clip(near.astype(np.int64), 0, axis.size - 1)


class ResizeNearestNeighbor(Resized):
    """Images in another size, each pixel a copy of one."""

    outputs = ("resized_images: T",)
    T: DType = attr(*INTEGERS, HALF, FLOAT, DOUBLE)
    align_corners: bool = False
    half_pixel_centers: bool = False

    def forward(self, np: Any, images: Any, size: Any) -> Any:
        out = checked_size(self, np, images, size)
        rows, columns = scalings(self, np, images.shape, out)
        lines = images.take(_nearest(np, rows, self.align_corners), 1)
        return lines.take(_nearest(np, columns, self.align_corners), 2)

    def backward(self, op: Any, dresized: Any) -> Any:
        image = op.inputs[0]
        static = image._shape
        known = static is not None and static[1] is not None and static[2] is not None
        size = list(static[1:3]) if known else shape_of(image)[1:3]
        gradient = raw.ResizeNearestNeighborGrad(
            dresized,
            size,
            align_corners=self.align_corners,
            half_pixel_centers=self.half_pixel_centers,
        )
        return [gradient, None]


class ResizeNearestNeighborGrad(Op):
    """What each input pixel of `ResizeNearestNeighbor` adds to a loss."""

    inputs, outputs = ("grads: T", "size: int32"), ("output: T",)
    infer_from = {"size": "value"}
    value_shapes = {"size": (2,)}
    T: DType = attr(dtypes.UINT8, dtypes.INT8, dtypes.INT32, HALF, FLOAT, DOUBLE)
    align_corners: bool = False
    half_pixel_centers: bool = False

    def infer(self, grads: Shape, size: Any) -> Shape:
        return resized_shape(grads, size)

    def forward(self, np: Any, grads: Any, size: Any) -> Any:
        check_flags(self)
        if grads.ndim != 4:
            raise invalid(f"input must be 4-dimensional{format_shape(grads.shape)}")
        if size.ndim != 1:
            raise invalid(f"shape_t must be 1-dimensional{format_shape(size.shape)}")
        if size.shape[0] != 2:
            raise invalid(f"shape_t must have two elements{format_shape(size.shape)}")
        height, width = size.tolist()
        if height <= 0 or width <= 0:
            raise invalid("shape_t's elements must be positive")
        shape = (grads.shape[0], height, width, grads.shape[3])
        if 0 in grads.shape:
            return np.zeros(shape, grads.dtype)
        total = grads
        for axis, along in zip((1, 2), scalings(self, np, shape, grads.shape[1:3])):
            places = _nearest(np, along, self.align_corners)
            total = summed(np, total, places, along.size, axis)
        return total


@export("image.resize_nearest_neighbor")
def resize_nearest_neighbor(
    images: Any,
    size: Any,
    align_corners: bool = False,
    name: str | None = None,
    half_pixel_centers: bool = False,
) -> Tensor:
    """Images in another size, of copies of their pixels: [batch, *size, channels], the same type.

    Arguments and errors are those of `tf.image.resize_bilinear`.
    """
    return raw.ResizeNearestNeighbor(
        images,
        size,
        align_corners=align_corners,
        half_pixel_centers=half_pixel_centers,
        name=name,
    )


def _covered(np: Any, axis: Scaling) -> tuple[Any, Any, Any]:
    """The input pixels that each output pixel covers, all in a row.

    Returns (the pixels, how much of each is covered, where those of each output pixel start).
    """
    low = np.arange(axis.out, dtype=np.float32) * axis.scale
    high = np.arange(1, axis.out + 1, dtype=np.float32) * axis.scale
    first = np.floor(low).astype(np.int64)
    counts = np.ceil(high).astype(np.int64) - first
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    pixels = np.arange(counts.sum()) - np.repeat(starts - first, counts)
    low, high = np.repeat(low, counts), np.repeat(high, counts)
    begin, end = pixels.astype(np.float32), (pixels + 1).astype(np.float32)
    weights = np.where(
        begin < low,
        np.where(end > high, axis.scale, end - low),
        np.where(end > high, high - begin, np.float32(1)),
    )
    return np.clip(pixels, 0, axis.size - 1), weights, starts


class ResizeArea(Resized):
    """Images in another size, each pixel the mean of the area that it covers."""

    outputs = ("resized_images: float32",)
    T: DType = attr(*INTEGERS, HALF, FLOAT, DOUBLE)
    align_corners: bool = False

    def forward(self, np: Any, images: Any, size: Any) -> Any:
        out = checked_size(self, np, images, size)
        batch, _, _, channels = images.shape
        rows, columns = scalings(self, np, images.shape, out)
        if not rows.scale or not columns.scale:
            # One pixel whose corners are apart covers nothing, of which there is no mean.
            return np.full((batch, *out, channels), np.nan, np.float32)
        total = images
        for axis, along in ((2, columns), (1, rows)):
            pixels, weights, starts = _covered(np, along)
            parts = total.take(pixels, axis).astype(np.float32, copy=False)
            parts = parts * _across(weights.astype(np.float32), axis)
            total = np.add.reduceat(parts, starts, axis)
        return total * (np.float32(1) / (rows.scale * columns.scale))


@export("image.resize_area")
def resize_area(
    images: Any, size: Any, align_corners: bool = False, name: str | None = None
) -> Tensor:
    """Images in another size by means of what pixels cover: float32 [batch, *size, channels].

    Arguments and errors are those of `tf.image.resize_bilinear`. It has no gradient.
    """
    return raw.ResizeArea(images, size, align_corners=align_corners, name=name)
