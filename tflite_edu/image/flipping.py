"""Images mirrored and turned, always or by chance."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import dtypes
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.image.checks import checked_image
from tflite_edu.ops.case import case
from tflite_edu.ops.casting import cast
from tflite_edu.ops.comparison import equal, less
from tflite_edu.ops.conditional import cond
from tflite_edu.ops.division import floormod
from tflite_edu.ops.permuting import transpose as transpose_axes
from tflite_edu.ops.random_ops import random_uniform
from tflite_edu.ops.reshaping import reshape
from tflite_edu.ops.reversing import reverse
from tflite_edu.ops.rounding import round as round_
from tflite_edu.ops.shapes_of_tensors import shape as shape_of

_WRONG_RANK = "'image' must have either 3 or 4 dimensions."


@export("image.flip_left_right")
def flip_left_right(image: Any) -> Tensor:
    """The mirror image, left and right swapped: the shape and type of `image`.

    Args:
      image: [height, width, channels] or [batch, height, width, channels].

    Raises ValueError, or InvalidArgumentError in a run, on another rank or where an axis is empty.
    """
    return _flipped(image, 1, "flip_left_right")


@export("image.flip_up_down")
def flip_up_down(image: Any) -> Tensor:
    """The image upside down: see `tf.image.flip_left_right`."""
    return _flipped(image, 0, "flip_up_down")


def _flipped(image: Any, axis: int, scope: str) -> Tensor:
    with name_scope(None, scope, [image]):
        image = checked_image(convert_to_tensor(image, name="image"))
        if image.shape.ndims == 4:
            return reverse(image, [axis + 1])
        if image.shape.ndims not in (3, None):
            raise ValueError(_WRONG_RANK)
        return _in_shape_of(image, reverse(image, [axis]))


def _in_shape_of(image: Tensor, result: Tensor) -> Tensor:
    result.set_shape([None] * 3 if image.shape.ndims is None else image.shape)
    return result


@export("image.random_flip_left_right")
def random_flip_left_right(image: Any, seed: int | None = None) -> Tensor:
    """The image or its mirror image, with equal chances, drawn for each image of a batch.

    Arguments and errors are those of `tf.image.flip_left_right`; `seed`: see `tf.set_random_seed`.
    """
    return _flipped_by_chance(image, 1, seed, "random_flip_left_right")


@export("image.random_flip_up_down")
def random_flip_up_down(image: Any, seed: int | None = None) -> Tensor:
    """The image as it is or upside down: see `tf.image.random_flip_left_right`."""
    return _flipped_by_chance(image, 0, seed, "random_flip_up_down")


def _flipped_by_chance(image: Any, axis: int, seed: int | None, name: str) -> Tensor:
    with name_scope(None, name, [image]) as scope:
        image = checked_image(convert_to_tensor(image, name="image"))
        if image.shape.ndims in (3, None):
            heads = less(random_uniform([], 0, 1.0, seed=seed), 0.5)
            result = cond(heads, lambda: reverse(image, [axis]), lambda: image, name=scope)
            return _in_shape_of(image, result)
        if image.shape.ndims != 4:
            raise ValueError(_WRONG_RANK)
        batch = shape_of(image)[0]
        drawn = random_uniform([batch], 0, 1.0, seed=seed)
        chosen = cast(round_(reshape(drawn, [batch, 1, 1, 1])), image.dtype)
        flipped = reverse(image, [axis + 1])
        return chosen * flipped + (1 - chosen) * image


@export("image.transpose", "image.transpose_image")
def transpose(image: Any, name: str | None = None) -> Tensor:
    """The image with rows and columns swapped: [..., width, height, channels].

    Arguments and errors are those of `tf.image.flip_left_right`.
    """
    with name_scope(name, "transpose", [image]):
        image = checked_image(convert_to_tensor(image, name="image"))
        rank = image.shape.ndims
        if rank not in (3, 4, None):
            raise ValueError(_WRONG_RANK)
        order = [0, 2, 1, 3] if rank == 4 else [1, 0, 2]
        return transpose_axes(image, order, name=name or "transpose")


@export("image.rot90")
def rot90(image: Any, k: Any = 1, name: str | None = None) -> Tensor:
    """The image turned by k times 90 degrees, counter-clockwise.

    Args:
      image: [height, width, channels] or [batch, height, width, channels].
      k: int32 scalar, may be negative or a tensor.

    Errors are those of `tf.image.flip_left_right`.
    """
    with name_scope(name, "rot90", [image, k]) as scope:
        image = checked_image(convert_to_tensor(image, name="image"))
        k = convert_to_tensor(k, dtype=dtypes.int32, name="k")
        k.shape.assert_has_rank(0)
        k = floormod(k, 4)
        rank = image.shape.ndims
        if rank not in (3, 4, None):
            raise ValueError(_WRONG_RANK)
        up, side = (1, 2) if rank == 4 else (0, 1)
        order = [0, 2, 1, 3] if rank == 4 else [1, 0, 2]
        turns = [
            (equal(k, 1), lambda: transpose_axes(reverse(image, [side]), order)),
            (equal(k, 2), lambda: reverse(image, [up, side])),
            (equal(k, 3), lambda: reverse(transpose_axes(image, order), [side])),
        ]
        result = case(turns, default=lambda: image, exclusive=True, name=scope)
        static = [None] * 3 if rank is None else image.shape.as_list()
        static[up] = static[side] = None
        result.set_shape(static)
        return result
