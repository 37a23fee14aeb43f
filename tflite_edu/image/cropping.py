"""Images cut and padded to boxes and sizes."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import dtypes
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.image.checks import (
    as_batch,
    assertions_of_image,
    checked_image,
    dimensions,
    require,
    static_size,
    unbatched,
)
from tflite_edu.ops.arithmetic import maximum, minimum
from tflite_edu.ops.casting import cast
from tflite_edu.ops.comparison import equal
from tflite_edu.ops.control import with_dependencies
from tflite_edu.ops.packing import stack
from tflite_edu.ops.padding import pad
from tflite_edu.ops.reshaping import reshape
from tflite_edu.ops.shapes_of_tensors import shape as shape_of
from tflite_edu.ops.slicing import slice as slice_


@export("image.crop_to_bounding_box")
def crop_to_bounding_box(
    image: Any, offset_height: Any, offset_width: Any, target_height: Any, target_width: Any
) -> Tensor:
    """The box of `target_height` by `target_width` pixels at a place of the image.

    Args:
      image: [height, width, channels] or [batch, height, width, channels].
      offset_height, offset_width: rows above and columns left of the box; int or int32 scalar.
      target_height, target_width: the size of the box; int or int32 scalar.

    Raises ValueError, or InvalidArgumentError in a run, where the box is empty or not inside.
    """
    with name_scope(None, "crop_to_bounding_box", [image]):
        image, is_batch = as_batch(image)
        checks = assertions_of_image(image)
        batch, height, width, depth = dimensions(image, 4)
        checks += require(offset_width >= 0, "offset_width must be >= 0.")
        checks += require(offset_height >= 0, "offset_height must be >= 0.")
        checks += require(target_width > 0, "target_width must be > 0.")
        checks += require(target_height > 0, "target_height must be > 0.")
        checks += require(width >= target_width + offset_width, "width must be >= target + offset.")
        checks += require(
            height >= target_height + offset_height, "height must be >= target + offset."
        )
        image = with_dependencies(checks, image)
        cropped = slice_(
            image,
            stack([0, offset_height, offset_width, 0]),
            stack([-1, target_height, target_width, -1]),
        )
        sizes = (batch, target_height, target_width, depth)
        cropped.set_shape([static_size(size) for size in sizes])
        return unbatched(cropped, is_batch)


@export("image.pad_to_bounding_box")
def pad_to_bounding_box(
    image: Any, offset_height: Any, offset_width: Any, target_height: Any, target_width: Any
) -> Tensor:
    """The image with zeros around it, at a place in `target_height` by `target_width` pixels.

    Args:
      image: [height, width, channels] or [batch, height, width, channels].
      offset_height, offset_width: rows added above and columns to the left; int or int32 scalar.
      target_height, target_width: the size of the result; int or int32 scalar.

    Raises ValueError, or InvalidArgumentError in a run, where the image does not fit.
    """
    with name_scope(None, "pad_to_bounding_box", [image]):
        image, is_batch = as_batch(image)
        checks = assertions_of_image(image)
        batch, height, width, depth = dimensions(image, 4)
        right = target_width - offset_width - width
        below = target_height - offset_height - height
        checks += require(offset_height >= 0, "offset_height must be >= 0")
        checks += require(offset_width >= 0, "offset_width must be >= 0")
        checks += require(right >= 0, "width must be <= target - offset")
        checks += require(below >= 0, "height must be <= target - offset")
        image = with_dependencies(checks, image)
        paddings = stack([0, 0, offset_height, below, offset_width, right, 0, 0])
        padded = pad(image, reshape(paddings, [4, 2]))
        sizes = (batch, target_height, target_width, depth)
        padded.set_shape([static_size(size) for size in sizes])
        return unbatched(padded, is_batch)


def greater_of(x: Any, y: Any) -> Any:
    """The greater of two sizes: a number where both are."""
    return maximum(x, y) if isinstance(x, Tensor) or isinstance(y, Tensor) else max(x, y)


def _lesser_of(x: Any, y: Any) -> Any:
    return minimum(x, y) if isinstance(x, Tensor) or isinstance(y, Tensor) else min(x, y)


def _same(x: Any, y: Any) -> Any:
    return equal(x, y) if isinstance(x, Tensor) or isinstance(y, Tensor) else x == y


@export("image.resize_with_crop_or_pad", "image.resize_image_with_crop_or_pad")
def resize_with_crop_or_pad(image: Any, target_height: Any, target_width: Any) -> Tensor:
    """The middle of the image, or the image with zeros around it, by what each axis needs.

    Args:
      image: [height, width, channels] or [batch, height, width, channels].
      target_height, target_width: the size of the result; int or int32 scalar.

    Raises ValueError, or InvalidArgumentError in a run, where a size is not positive.
    """
    with name_scope(None, "resize_image_with_crop_or_pad", [image]):
        image, is_batch = as_batch(image)
        checks = assertions_of_image(image)
        checks += require(target_width > 0, "target_width must be > 0.")
        checks += require(target_height > 0, "target_height must be > 0.")
        image = with_dependencies(checks, image)
        # Crop and pad check too, and would say less clearly what is wrong.
        if isinstance(target_height, Tensor):
            target_height = with_dependencies(checks, target_height)
        if isinstance(target_width, Tensor):
            target_width = with_dependencies(checks, target_width)
        _, height, width, _ = dimensions(image, 4)
        wider = target_width - width
        crop_left = greater_of(-wider // 2, 0)
        pad_left = greater_of(wider // 2, 0)
        higher = target_height - height
        crop_above = greater_of(-higher // 2, 0)
        pad_above = greater_of(higher // 2, 0)
        cropped = crop_to_bounding_box(
            image,
            crop_above,
            crop_left,
            _lesser_of(target_height, height),
            _lesser_of(target_width, width),
        )
        resized = pad_to_bounding_box(cropped, pad_above, pad_left, target_height, target_width)
        _, resized_height, resized_width, _ = dimensions(resized, 4)
        checks = require(_same(resized_height, target_height), "resized height is not correct.")
        checks += require(_same(resized_width, target_width), "resized width is not correct.")
        return unbatched(with_dependencies(checks, resized), is_batch)


@export("image.central_crop")
def central_crop(image: Any, central_fraction: float) -> Tensor:
    """The middle of the image, of a fraction of its height and width, rounded up to even margins.

    Args:
      image: [height, width, channels] or [batch, height, width, channels].
      central_fraction: in (0, 1].

    Raises ValueError on another fraction or rank.
    """
    with name_scope(None, "central_crop", [image]):
        image = convert_to_tensor(image, name="image")
        if central_fraction <= 0.0 or central_fraction > 1.0:
            raise ValueError("central_fraction must be within (0, 1]")
        if central_fraction == 1.0:
            return image
        # TensorFlow hangs the checks on nothing that is used.
        checked_image(image)
        rank = image.shape.ndims
        if rank not in (3, 4):
            raise ValueError(
                f"`image` should either be a Tensor with rank = 3 or rank = 4. Had rank = {rank}."
            )
        sizes = image.shape.as_list()
        first = rank - 3
        lengths = [
            shape_of(image)[axis] if sizes[axis] is None else sizes[axis]
            for axis in (first, first + 1)
        ]
        starts = [_margin(length, central_fraction) for length in lengths]
        kept = [length - start * 2 for length, start in zip(lengths, starts)]
        begin = stack([*[0] * first, *starts, 0])
        size = stack([*[-1] * first, *kept, -1])
        cropped = slice_(image, begin, size)
        sizes[first : first + 2] = [static_size(length) for length in kept]
        cropped.set_shape(sizes)
        return cropped


def _margin(length: Any, fraction: float) -> Any:
    """How much to cut off at the beginning of an axis."""
    if isinstance(length, Tensor):
        length = cast(length, dtypes.float64)
        return cast((length - length * fraction) / 2, dtypes.int32)
    return int((length - length * fraction) / 2)
