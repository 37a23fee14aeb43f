"""Images in another size, by a method of one's choice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tflite_edu.core import dtypes
from tflite_edu.core.constant_value import partial_value
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.image.checks import (
    as_batch,
    assertions_of_image,
    dimensions,
    require,
    unbatched,
)
from tflite_edu.image.cropping import greater_of, pad_to_bounding_box
from tflite_edu.ops.arithmetic import minimum
from tflite_edu.ops.bicubic_resizing import resize_bicubic
from tflite_edu.ops.casting import cast
from tflite_edu.ops.control import with_dependencies
from tflite_edu.ops.reshaping import expand_dims
from tflite_edu.ops.resizing import resize_area, resize_bilinear, resize_nearest_neighbor
from tflite_edu.ops.rounding import floor
from tflite_edu.ops.rounding import round as round_


@export("image.ResizeMethod")
class ResizeMethod:
    """How `tf.image.resize_images` makes up pixels: `BILINEAR`, `NEAREST_NEIGHBOR` and so on."""

    BILINEAR = 0
    NEAREST_NEIGHBOR = 1
    BICUBIC = 2
    AREA = 3


_METHODS: dict[Any, Callable[..., Tensor]] = {
    ResizeMethod.BILINEAR: resize_bilinear,
    ResizeMethod.NEAREST_NEIGHBOR: resize_nearest_neighbor,
    ResizeMethod.BICUBIC: resize_bicubic,
    ResizeMethod.AREA: resize_area,
}


@export("image.resize_images", "image.resize")
def resize_images(
    images: Any,
    size: Any,
    method: int = ResizeMethod.BILINEAR,
    align_corners: bool = False,
    preserve_aspect_ratio: bool = False,
    name: str | None = None,
) -> Tensor:
    """Images in another size: float32, but of the same type by nearest neighbour or if unchanged.

    Args:
      images: [height, width, channels] or [batch, height, width, channels].
      size: int32 [2], the new height and width.
      method: one of `tf.image.ResizeMethod`.
      align_corners: whether the centres of the corner pixels stay where they are.
      preserve_aspect_ratio: whether `size` is the most that the result may have.

    Raises ValueError on another rank, size or method, and where `size` is not known now but
    proportions are to be kept; InvalidArgumentError in a run where a size is not positive.
    """
    with name_scope(name, "resize", [images, size]):
        images = convert_to_tensor(images, name="images")
        rank = images.shape.ndims
        if rank is None:
            raise ValueError("'images' contains no shape.")
        if rank not in (3, 4):
            raise ValueError("'images' must have either 3 or 4 dimensions.")
        is_batch = rank == 4
        if not is_batch:
            images = expand_dims(images, 0)
        _, height, width, _ = images.shape.as_list()
        try:
            size = convert_to_tensor(size, dtypes.int32, name="size")
        except (TypeError, ValueError):
            raise ValueError("'size' must be a 1-D int32 Tensor") from None
        if not size.shape.is_compatible_with([2]):
            raise ValueError("'size' must be a 1-D Tensor of 2 elements: new_height, new_width")
        if preserve_aspect_ratio:
            size = _largest_inside(images, size)
        new_height, new_width = partial_value(size) or (None, None)
        if None not in (height, width) and (height, width) == (new_height, new_width):
            return unbatched(images, is_batch)
        if method not in _METHODS:
            raise ValueError("Resize method is not implemented.")
        images = _METHODS[method](images, size, align_corners=align_corners)
        images.set_shape([None, new_height, new_width, None])
        return unbatched(images, is_batch)


def _largest_inside(images: Tensor, size: Tensor) -> Tensor:
    """The largest size within `size`, which must be known, that keeps the images' proportions."""
    _, height, width, _ = dimensions(images, 4)
    new_height, new_width = partial_value(size) or (None, None)
    scale = minimum(_real(new_height) / _real(height), _real(new_width) / _real(width))
    sizes = [cast(round_(scale * _real(length)), dtypes.int32) for length in (height, width)]
    return convert_to_tensor(sizes, dtypes.int32, name="size")


def _real(length: Any) -> Tensor:
    made: Tensor = cast(length, dtypes.float32)
    return made


@export("image.resize_image_with_pad")
def resize_image_with_pad(
    image: Any,
    target_height: Any,
    target_width: Any,
    method: int = ResizeMethod.BILINEAR,
    align_corners: bool = False,
) -> Tensor:
    """The image as large as it fits into a size with its proportions kept, with zeros around it.

    Args:
      image: [height, width, channels] or [batch, height, width, channels].
      target_height, target_width: the size of the result; int or int32 scalar.
      method, align_corners: see `tf.image.resize_images`.

    Raises ValueError, or InvalidArgumentError in a run, where a size is not positive.
    """
    with name_scope(None, "resize_image_with_pad", [image]):
        image, is_batch = as_batch(image)
        checks = assertions_of_image(image)
        checks += require(target_width > 0, "target_width must be > 0.")
        checks += require(target_height > 0, "target_height must be > 0.")
        image = with_dependencies(checks, image)
        _, *now = dimensions(image, 4)
        height, width, outer_height, outer_width = (
            cast(length, dtypes.float64) for length in (*now[:2], target_height, target_width)
        )
        ratio = greater_of(width / outer_width, height / outer_height)
        inner_height, inner_width = height / ratio, width / ratio
        size = [cast(floor(length), dtypes.int32) for length in (inner_height, inner_width)]
        margins = [(outer_height - inner_height) / 2, (outer_width - inner_width) / 2]
        margins = [floor(margin) for margin in margins]
        above, left = (greater_of(0, cast(margin, dtypes.int32)) for margin in margins)
        resized = resize_images(image, size, method=method, align_corners=align_corners)
        padded = pad_to_bounding_box(resized, above, left, target_height, target_width)
        # TensorFlow measures the result once more, to no use.
        dimensions(padded, 4)
        return unbatched(padded, is_batch)
