"""What functions on images ask of their shapes, at once where they are known, else by nodes."""

from __future__ import annotations

from typing import Any

from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.assertions import assert_greater_equal, assert_positive
from tflite_edu.ops.checking import assert_that
from tflite_edu.ops.control import with_dependencies
from tflite_edu.ops.packing import unstack
from tflite_edu.ops.reshaping import expand_dims, squeeze
from tflite_edu.ops.shapes_of_tensors import rank as rank_of
from tflite_edu.ops.shapes_of_tensors import shape as shape_of


def dimensions(image: Tensor, rank: int) -> list[Any]:
    """The sizes of an image's axes: numbers where they are known, else scalar tensors."""
    static = image.shape
    if static.is_fully_defined():
        return list(static.as_list())
    known = static.with_rank(rank).as_list()
    measured = unstack(shape_of(image), rank)
    return [m if k is None else k for k, m in zip(known, measured, strict=True)]


def assertions_of_image(image: Tensor) -> list[Any]:
    """Nodes that raise where `image` has fewer than three axes or an empty one.

    What is known now is checked now: raises ValueError.
    """
    static = image.shape
    try:
        static = static.with_rank(3) if static.ndims is None else static.with_rank_at_least(3)
    except ValueError:
        raise ValueError("'image' must be at least three-dimensional.") from None
    if any(size == 0 for size in static.as_list()):
        raise ValueError(f"all dims of 'image.shape' must be > 0: {static}")
    if static.is_fully_defined():
        return []
    return [
        assert_positive(shape_of(image), ["all dims of 'image.shape' must be > 0."]),
        assert_greater_equal(
            rank_of(image), 3, message="'image' must be at least three-dimensional."
        ),
    ]


def checked_image(image: Tensor) -> Tensor:
    """`image`, known to have three axes or more, none of them empty."""
    return with_dependencies(assertions_of_image(image), image)


def require(condition: Any, message: str) -> list[Any]:
    """Nodes that raise unless `condition` holds; ValueError at once where it is no tensor."""
    if isinstance(condition, Tensor):
        return [assert_that(condition, [message])]
    if not condition:
        raise ValueError(message)
    return []


def static_size(size: Any) -> Any:
    """A size for `set_shape`: None where it is a tensor."""
    return None if isinstance(size, Tensor) else size


def as_batch(image: Any) -> tuple[Tensor, bool]:
    """([batch, height, width, channels], whether `image` was such a batch rather than one image).

    An image of unknown rank counts as one. Raises ValueError on another rank.
    """
    image = convert_to_tensor(image, name="image")
    rank = image.shape.ndims
    if rank == 4:
        return image, True
    if rank is None:
        image = expand_dims(image, 0)
        image.set_shape([None] * 4)
        return image, False
    if rank != 3:
        raise ValueError("'image' must have either 3 or 4 dimensions.")
    return expand_dims(image, 0), False


def unbatched(image: Tensor, is_batch: bool) -> Tensor:
    """The image, or the batch of images, that `as_batch` was handed."""
    return image if is_batch else squeeze(image, axis=[0])
