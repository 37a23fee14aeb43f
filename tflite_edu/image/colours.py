"""Images in grey, in luma and chroma, and back."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import dtypes
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.image.pixel_types import convert_image_dtype
from tflite_edu.ops.assertions import assert_equal, assert_greater_equal
from tflite_edu.ops.constants import ones
from tflite_edu.ops.contraction import tensordot
from tflite_edu.ops.control import with_dependencies
from tflite_edu.ops.joining import concat
from tflite_edu.ops.reshaping import expand_dims
from tflite_edu.ops.shapes_of_tensors import rank as rank_of
from tflite_edu.ops.shapes_of_tensors import shape as shape_of
from tflite_edu.ops.tiling import tile

_LUMA = [0.2989, 0.587, 0.114]
"""How bright red, green and blue look (ITU-R BT.601)."""


@export("image.rgb_to_grayscale")
def rgb_to_grayscale(images: Any, name: str | None = None) -> Tensor:
    """Images in grey, of the same type: [..., 1] of [..., 3]. Weights are those of ITU-R BT.601."""
    with name_scope(name, "rgb_to_grayscale", [images]) as scope:
        images = convert_to_tensor(images, name="images")
        own = images.dtype
        real = convert_image_dtype(images, dtypes.float32)
        grey = expand_dims(tensordot(real, _LUMA, [-1, -1]), -1)
        return convert_image_dtype(grey, own, name=scope)


def _assertions_of_grey(image: Tensor) -> list[Any]:
    """Nodes that raise unless the last of two axes or more has one channel."""
    static = image.shape
    if static.ndims is not None and static.ndims < 2:
        raise ValueError("A grayscale image must be at least two-dimensional.")
    channels = None if static.ndims is None else static[-1].value
    if channels is not None and channels != 1:
        raise ValueError("Last dimension of a grayscale image should be size 1.")
    if static.is_fully_defined():
        return []
    return [
        assert_equal(
            shape_of(image)[-1], 1, message="Last dimension of a grayscale image should be size 1."
        ),
        assert_greater_equal(
            rank_of(image), 3, message="A grayscale image must be at least two-dimensional."
        ),
    ]


@export("image.grayscale_to_rgb")
def grayscale_to_rgb(images: Any, name: str | None = None) -> Tensor:
    """Grey images with three equal channels: [..., 3] of [..., 1], of the same type.

    Raises ValueError, or InvalidArgumentError in a run, where the last axis has another length.
    """
    with name_scope(name, "grayscale_to_rgb", [images]) as scope:
        images = convert_to_tensor(images, name="images")
        images = with_dependencies(_assertions_of_grey(images), images)
        before = rank_of(images) - 1
        counts = [ones(expand_dims(before, 0), dtype=dtypes.int32), expand_dims(3, 0)]
        coloured = tile(images, concat(counts, 0), name=scope)
        coloured.set_shape(images.shape[:-1].concatenate([3]))
        return coloured


_YIQ = [
    [0.299, 0.59590059, 0.2115],
    [0.587, -0.27455667, -0.52273617],
    [0.114, -0.32134392, 0.31119955],
]
_FROM_YIQ = [
    [1, 1, 1],
    [0.95598634, -0.27201283, -1.10674021],
    [0.6208248, -0.64720424, 1.70423049],
]
_YUV = [
    [0.299, -0.14714119, 0.61497538],
    [0.587, -0.28886916, -0.51496512],
    [0.114, 0.43601035, -0.10001026],
]
_FROM_YUV = [[1, 1, 1], [0, -0.394642334, 2.03206185], [1.13988303, -0.58062185, 0]]


def _multiplied(images: Any, matrix: Any) -> Tensor:
    images = convert_to_tensor(images, name="images")
    kernel = convert_to_tensor(matrix, dtype=images.dtype, name="kernel")
    last = images.shape.ndims
    return tensordot(images, kernel, axes=[[last - 1], [0]])


@export("image.rgb_to_yiq")
def rgb_to_yiq(images: Any) -> Tensor:
    """Red, green and blue as luma and the two chroma parts of NTSC television: [..., 3]."""
    return _multiplied(images, _YIQ)


@export("image.yiq_to_rgb")
def yiq_to_rgb(images: Any) -> Tensor:
    """What `tf.image.rgb_to_yiq` was given: [..., 3]."""
    return _multiplied(images, _FROM_YIQ)


@export("image.rgb_to_yuv")
def rgb_to_yuv(images: Any) -> Tensor:
    """Red, green and blue as luma and the two chroma parts of PAL television: [..., 3]."""
    return _multiplied(images, _YUV)


@export("image.yuv_to_rgb")
def yuv_to_rgb(images: Any) -> Tensor:
    """What `tf.image.rgb_to_yuv` was given: [..., 3]."""
    return _multiplied(images, _FROM_YUV)
