"""Boxes drawn on images, and boxes drawn by chance to crop images to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from tflite_edu.core import dtypes, raw
from tflite_edu.core.dtypes import FLOAT, HALF, DType
from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.core.export import export
from tflite_edu.core.inference import (
    ShapeError,
    format_shape,
    with_rank,
    with_value,
)
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.philox import Philox, words

_COLOURS = (
    *((1, 1, 0, 1), (0, 0, 1, 1), (1, 0, 0, 1), (0, 1, 0, 1), (0.5, 0, 0.5, 1)),
    *((0.5, 0.5, 0, 1), (0.5, 0, 0, 1), (0, 0, 0.5, 1), (0, 1, 1, 1), (1, 0, 1, 1)),
)
"""Of boxes in turn: yellow, blue, red, lime, purple, olive, maroon, navy, aqua, fuchsia."""


def _invalid(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, message)


class _Drawing(Op, abstract=True):
    """Lines of one pixel along the sides of boxes, one box after the other."""

    def infer(self, images: Shape, boxes: Shape, *colors: Shape) -> Shape:
        depth = with_rank(images, 4)[3]
        if depth is not None and depth not in (1, 3, 4):
            raise ShapeError("Channel depth should be either 1 (GRY), 3 (RGB), or 4 (RGBA)")
        with_value(with_rank(boxes, 3)[2], 4)
        return images

    def drawn(self, np: Any, images: Any, boxes: Any, colours: Any) -> Any:
        if images.ndim != 4:
            raise _invalid("The rank of the images should be 4")
        if boxes.ndim != 3:
            raise _invalid("The rank of the boxes tensor should be 3")
        if images.shape[0] != boxes.shape[0]:
            raise _invalid("The batch sizes should be the same")
        depth = images.shape[3]
        if depth not in (1, 3, 4):
            raise _invalid("Channel depth should be either 1 (GRY), 3 (RGB), or 4 (RGBA)")
        table = np.array(_COLOURS, np.float32) if colours is None else colours
        if colours is not None and (table.ndim != 2 or table.shape[1] < depth):
            raise _invalid(
                "colors must have equal or more channels than the image provided: "
                f"{format_shape(table.shape)}"
            )
        table = table[:, :depth].astype(images.dtype)
        if depth == 1 and colours is None:
            table = np.ones_like(table)
        result = images.copy()
        for image, corners in zip(result, boxes):
            for number, (rows, columns) in enumerate(_on_image(np, image.shape, corners)):
                if rows is None:
                    continue
                _outline(image, rows, columns, table[number % len(table)])
        return result


def _on_image(np: Any, shape: Any, boxes: Any) -> Iterator[tuple[Any, Any]]:
    """For each box its first and last rows and columns; None where none is to be seen."""
    height, width, _ = shape
    scale = np.array([height - 1, width - 1] * 2, np.float32)
    for low_row, low_column, high_row, high_column in (boxes * scale).astype(np.int64).tolist():
        visible = (
            low_row <= high_row
            and low_column <= high_column
            and low_row < height
            and high_row >= 0
            and low_column < width
            and high_column >= 0
        )
        if visible:
            yield (low_row, high_row), (low_column, high_column)
        else:
            yield None, None


def _outline(image: Any, rows: tuple[int, int], columns: tuple[int, int], colour: Any) -> None:
    height, width, _ = image.shape
    down = slice(max(rows[0], 0), min(rows[1], height - 1) + 1)
    along = slice(max(columns[0], 0), min(columns[1], width - 1) + 1)
    for row in rows:
        if 0 <= row < height:
            image[row, along] = colour
    for column in columns:
        if 0 <= column < width:
            image[down, column] = colour


class DrawBoundingBoxes(_Drawing):
    """Images with boxes drawn on them in ten colours in turn."""

    inputs, outputs = ("images: T", "boxes: float32"), ("output: T",)
    T: DType = attr(FLOAT, HALF, default=FLOAT)

    backward = None

    def forward(self, np: Any, images: Any, boxes: Any) -> Any:
        return self.drawn(np, images, boxes, None)


class DrawBoundingBoxesV2(_Drawing):
    """Images with boxes drawn on them in given colours in turn."""

    inputs, outputs = ("images: T", "boxes: float32", "colors: float32"), ("output: T",)
    T: DType = attr(FLOAT, HALF, default=FLOAT)

    def forward(self, np: Any, images: Any, boxes: Any, colors: Any) -> Any:
        return self.drawn(np, images, boxes, colors)


@export("image.draw_bounding_boxes")
def draw_bounding_boxes(
    images: Any, boxes: Any, name: str | None = None, colors: Any = None
) -> Tensor:
    """Images with the sides of boxes drawn on them, later boxes over earlier ones.

    Args:
      images: float16 or float32 [batch, height, width, 1, 3 or 4].
      boxes: float32 [batch, boxes, 4]: y_min, x_min, y_max, x_max in parts of the image. What lies
        outside is not drawn.
      colors: float32 [colours, channels], taken in turn; ten of its own unless given.

    Each box takes a step of Python. Raises ValueError, or InvalidArgumentError in a run, where
    shapes do not fit.
    """
    if colors is None:
        return raw.DrawBoundingBoxes(images, boxes, name=name)
    return raw.DrawBoundingBoxesV2(images, boxes, colors, name=name)


class _Rectangle(NamedTuple):
    """Pixels from (left, top) up to but not including (right, bottom)."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def area(self) -> int:
        return max(self.right - self.left, 0) * max(self.bottom - self.top, 0)

    def common(self, other: _Rectangle) -> _Rectangle:
        return _Rectangle(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )


class _Draws:
    """The words of a stream one by one, as TensorFlow's SimplePhilox reads them."""

    def __init__(self, np: Any, generator: Philox, most: int) -> None:
        self._np, self._generator, self._most = np, generator, most
        self._words: Any = ()
        self._next = 0

    def word(self) -> int:
        if self._next == len(self._words):
            count = min(max(2 * self._next, 16), max(4 * self._most, self._next + 16))
            self._words = words(self._np, self._generator, max(count, self._next + 4)).tolist()
        self._next += 1
        found: int = self._words[self._next - 1]
        return found

    def unit(self) -> Any:
        """float32 of [0, 1)."""
        np = self._np
        bits = np.array(self.word() & 0x7FFFFF | 0x3F800000, np.uint32)
        return bits.view(np.float32) - np.float32(1)

    def below(self, count: int) -> int:
        """An integer of [0, count), all equally likely: words that favour some are skipped."""
        if count & (count - 1) == 0:
            return self.word() & (count - 1)
        skipped = 0xFFFFFFFF % count + 1
        while (drawn := self.word()) < skipped:
            pass
        return drawn % count


class _Limits(NamedTuple):
    """What a random crop must keep to: sizes in pixels, 32-bit numbers."""

    width: int
    height: int
    least_area: Any
    most_area: Any


def _random_crop(np: Any, limits: _Limits, ratio: Any, draws: _Draws) -> _Rectangle | None:
    """A rectangle of a ratio of width to height; None where there is none within the limits."""
    one = np.float32

    def wide(height: int) -> int:
        return int(np.rint(one(height) * ratio))

    if limits.most_area <= 0 or ratio <= 0 or limits.width <= 0 or limits.height <= 0:
        return None
    if limits.least_area > limits.most_area:
        return None
    height = int(np.rint(np.sqrt(limits.least_area / ratio)))
    most = int(np.rint(np.sqrt(limits.most_area / ratio)))
    if wide(most) > limits.width:
        most = int((limits.width + 0.5 - 1e-7) / float(ratio))
        if wide(most) > limits.width:
            most -= 1
    most = min(most, limits.height)
    height = min(height, most)
    if height < most:
        height += draws.below(most - height + 1)
    width = wide(height)
    # Rounding may have left the limits by a pixel.
    if width * height < limits.least_area:
        height += 1
        width = wide(height)
    if width * height > limits.most_area:
        height -= 1
        width = wide(height)
    area = one(width * height)
    if not limits.least_area <= area <= limits.most_area:
        return None
    if not (0 < width <= limits.width and 0 < height <= limits.height):
        return None
    top = draws.below(limits.height - height) if height < limits.height else 0
    left = draws.below(limits.width - width) if width < limits.width else 0
    return _Rectangle(left, top, left + width, top + height)


def _covers(np: Any, crop: _Rectangle, objects: list[_Rectangle], least: Any) -> bool:
    """Whether the crop has at least that part of one of the objects in it."""
    if crop.area < 1:
        return False
    return any(
        np.float32(crop.common(box).area) / np.float32(box.area) >= least
        for box in objects
        if box.area >= 1
    )


_SIZES = (dtypes.UINT8, dtypes.INT8, dtypes.INT16, dtypes.INT32, dtypes.INT64)


class _SampledBox(Op, abstract=True):
    """Draws a box that covers enough of an object, to crop an image to."""

    outputs = ("begin: T", "size: T", "bboxes: float32")
    effect = "random"
    stateful = True

    backward = None

    def shapes(self, image_size: Shape, bounding_boxes: Shape) -> list[Shape]:
        with_value(with_rank(image_size, 1)[0], 3)
        _, _, corners = with_rank(bounding_boxes, 3)
        with_value(corners, 4)
        return [(3,), (3,), (1, 1, 4)]

    def sampled(self, host: Any, image_size: Any, bounding_boxes: Any, least: Any) -> list[Any]:
        np = host.np
        op: Any = self
        for name, values in (
            ("Aspect ratio range", op.aspect_ratio_range),
            ("Area range", op.area_range),
        ):
            if len(values) != 2:
                raise _invalid(f"{name} field must specify 2 dimensions")
        if image_size.ndim != 1:
            raise _invalid(f"image_size must be 1-dimensional{format_shape(image_size.shape)}")
        if image_size.shape[0] != 3:
            raise _invalid(f"image_size must contain 3 elements{format_shape(image_size.shape)}")
        height, width = int(image_size[0]), int(image_size[1])
        objects = self._objects(np, bounding_boxes, height, width)
        image = _Rectangle(0, 0, width, height)
        if not objects:
            if not op.use_image_if_no_bounding_boxes:
                raise _invalid(
                    "No bounding boxes provided as input. One must enable "
                    "use_image_if_no_bounding_boxes if you wish to not provide any bounding boxes."
                )
            objects = [image]
        one = np.float32
        limits = _Limits(width, height, *(one(image.area) * one(bound) for bound in op.area_range))
        low, high = (one(bound) for bound in op.aspect_ratio_range)
        generator = host.keep(lambda: Philox.from_seeds(op.seed, op.seed2))
        draws = _Draws(np, generator.reserve(op.max_attempts), op.max_attempts)
        crop = image
        for _ in range(op.max_attempts):
            found = _random_crop(np, limits, draws.unit() * (high - low) + low, draws)
            if found is not None and _covers(np, found, objects, one(least)):
                crop = found
                break
        dtype = image_size.dtype
        bounds = [
            one(crop.top) / one(height),
            one(crop.left) / one(width),
            one(crop.bottom) / one(height),
            one(crop.right) / one(width),
        ]
        size = [crop.bottom - crop.top, crop.right - crop.left, -1]
        return [
            np.array([crop.top, crop.left, 0]).astype(dtype),
            np.array(size).astype(dtype),
            np.array(bounds, np.float32).reshape(1, 1, 4),
        ]

    def _objects(self, np: Any, boxes: Any, height: int, width: int) -> list[_Rectangle]:
        if boxes.ndim != 3:
            raise _invalid(
                f"input boxes must be 3-dimensional [batch, num_boxes, coords]: "
                f"{format_shape(boxes.shape)}"
            )
        if boxes.shape[2] != 4:
            raise _invalid(
                f"bounding boxes must have shape [4] or [*, 4], got {format_shape(boxes.shape)}"
            )
        flat = boxes.reshape(-1, 4)
        if ((flat < 0) | (flat > 1)).any():
            value = flat[((flat < 0) | (flat > 1))][0]
            raise _invalid(f"All bounding box coordinates must be in [0.0, 1.0]: {value}")
        for low, high in ((1, 3), (0, 2)):
            wrong = flat[:, low] > flat[:, high]
            if wrong.any():
                which = "xy"[low == 0]
                raise _invalid(f"{which}_min of bounding box must not exceed {which}_max")
        scaled = flat * np.array([height, width] * 2, np.float32)
        return [
            _Rectangle(left, top, right, bottom)
            for top, left, bottom, right in scaled.astype(np.int32).tolist()
        ]


class SampleDistortedBoundingBox(_SampledBox):
    """A box that covers a fixed part of an object."""

    inputs = ("image_size: T", "bounding_boxes: float32")
    T: DType = attr(*_SIZES)
    seed: int = 0
    seed2: int = 0
    min_object_covered: float = 0.1
    aspect_ratio_range: list[float] = (0.75, 1.33)  # type: ignore[assignment]
    area_range: list[float] = (0.05, 1.0)  # type: ignore[assignment]
    max_attempts: int = 100
    use_image_if_no_bounding_boxes: bool = False

    def infer(self, image_size: Shape, bounding_boxes: Shape) -> list[Shape]:
        return self.shapes(image_size, bounding_boxes)

    def forward(self, host: Any, image_size: Any, bounding_boxes: Any) -> list[Any]:
        return self.sampled(host, image_size, bounding_boxes, self.min_object_covered)


class SampleDistortedBoundingBoxV2(_SampledBox):
    """A box that covers part of an object."""

    inputs = ("image_size: T", "bounding_boxes: float32", "min_object_covered: float32")
    T: DType = attr(*_SIZES)
    seed: int = 0
    seed2: int = 0
    aspect_ratio_range: list[float] = (0.75, 1.33)  # type: ignore[assignment]
    area_range: list[float] = (0.05, 1.0)  # type: ignore[assignment]
    max_attempts: int = 100
    use_image_if_no_bounding_boxes: bool = False

    def infer(
        self, image_size: Shape, bounding_boxes: Shape, min_object_covered: Shape
    ) -> list[Shape]:
        with_rank(min_object_covered, 0)
        return self.shapes(image_size, bounding_boxes)

    def forward(
        self, host: Any, image_size: Any, bounding_boxes: Any, min_object_covered: Any
    ) -> list[Any]:
        return self.sampled(host, image_size, bounding_boxes, min_object_covered)


@export("image.sample_distorted_bounding_box")
def sample_distorted_bounding_box(
    image_size: Any,
    bounding_boxes: Any,
    seed: int | None = None,
    seed2: int | None = None,
    min_object_covered: Any = 0.1,
    aspect_ratio_range: Any = None,
    area_range: Any = None,
    max_attempts: int | None = None,
    use_image_if_no_bounding_boxes: bool | None = None,
    name: str | None = None,
) -> Any:
    """A box drawn by chance, to crop an image to: (begin, size, bboxes).

    Args:
      image_size: integers [3]: height, width, channels.
      bounding_boxes: float32 [batch, boxes, 4]: y_min, x_min, y_max, x_max of objects, in parts of
        the image.
      seed, seed2: see `tf.set_random_seed`.
      min_object_covered: how much of one of the objects must be in the box.
      aspect_ratio_range: of width over height, [0.75, 1.33] unless given.
      area_range: of the box in parts of the image, [0.05, 1] unless given.
      max_attempts: after so many (100) failures the whole image is taken.
      use_image_if_no_bounding_boxes: whether the whole image is the object where none is given.

    `begin` and `size` (integers [3], the last -1) are for `tf.slice`, `bboxes` (float32 [1, 1, 4])
    for `tf.image.draw_bounding_boxes`. A run raises InvalidArgumentError where boxes are not within
    the image.
    """
    with name_scope(name, "sample_distorted_bounding_box"):
        given = {
            "aspect_ratio_range": aspect_ratio_range,
            "area_range": area_range,
            "max_attempts": max_attempts,
            "use_image_if_no_bounding_boxes": use_image_if_no_bounding_boxes,
        }
        return raw.SampleDistortedBoundingBoxV2(
            image_size,
            bounding_boxes,
            min_object_covered,
            seed=seed,
            seed2=seed2,
            **{key: value for key, value in given.items() if value is not None},
        )
