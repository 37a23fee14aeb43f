"""Brightness, contrast, hue, saturation and gamma of images, set or drawn by chance.

Every function takes images of any numeric type and gives the same type back: integers stand for
[0, 1] as `tf.image.convert_image_dtype` has them.
"""

from __future__ import annotations

from typing import Any

from tflite_edu.core import dtypes, raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.image.checks import checked_image, require
from tflite_edu.image.pixel_types import convert_image_dtype
from tflite_edu.ops.arithmetic import maximum
from tflite_edu.ops.casting import cast
from tflite_edu.ops.control import with_dependencies
from tflite_edu.ops.division import div
from tflite_edu.ops.powers import rsqrt
from tflite_edu.ops.random_ops import random_uniform
from tflite_edu.ops.reductions import reduce_mean, reduce_prod
from tflite_edu.ops.shapes_of_tensors import shape as shape_of
from tflite_edu.ops.statistics import reduce_std

_REAL = (dtypes.float16, dtypes.float32)


def _real(image: Tensor, kept: tuple[Any, ...] = _REAL) -> Tensor:
    """The image as it is if its type is one of `kept`, else in float32."""
    if image.dtype.base_dtype in kept:
        return image
    return convert_image_dtype(image, dtypes.float32)


@export("image.adjust_brightness")
def adjust_brightness(image: Any, delta: Any) -> Tensor:
    """The image with `delta`, of (-1, 1) for regular images, added to every pixel."""
    with name_scope(None, "adjust_brightness", [image, delta]) as scope:
        image = convert_to_tensor(image, name="image")
        own = image.dtype
        real = _real(image)
        brighter = raw.Add(real, cast(delta, real.dtype), name=scope)
        return convert_image_dtype(brighter, own, saturate=True)


@export("image.random_brightness")
def random_brightness(image: Any, max_delta: float, seed: int | None = None) -> Tensor:
    """The image with one number of [-max_delta, max_delta) added to every pixel.

    `seed`: see `tf.set_random_seed`. Raises ValueError where `max_delta` is negative.
    """
    if max_delta < 0:
        raise ValueError("max_delta must be non-negative.")
    return adjust_brightness(image, random_uniform([], -max_delta, max_delta, seed=seed))


@export("image.adjust_contrast")
def adjust_contrast(images: Any, contrast_factor: Any) -> Tensor:
    """Images whose pixels are `contrast_factor` times as far from their channel's mean.

    Args:
      images: [..., height, width, channels].
      contrast_factor: a scalar.

    Raises ValueError where there are fewer than three axes.
    """
    with name_scope(None, "adjust_contrast", [images, contrast_factor]) as scope:
        images = convert_to_tensor(images, name="images")
        own = images.dtype
        adjusted = raw.AdjustContrastv2(_real(images), contrast_factor, name=scope)
        return convert_image_dtype(adjusted, own, saturate=True)


@export("image.random_contrast")
def random_contrast(image: Any, lower: float, upper: float, seed: int | None = None) -> Tensor:
    """`tf.image.adjust_contrast` with a factor of [lower, upper), drawn.

    `seed`: see `tf.set_random_seed`. Raises ValueError unless 0 <= lower < upper.
    """
    _check_bounds(lower, upper)
    return adjust_contrast(image, random_uniform([], lower, upper, seed=seed))


def _check_bounds(lower: float, upper: float) -> None:
    if upper <= lower:
        raise ValueError("upper must be > lower.")
    if lower < 0:
        raise ValueError("lower must be non-negative.")


@export("image.adjust_hue")
def adjust_hue(image: Any, delta: Any, name: str | None = None) -> Tensor:
    """Images with their hues turned by `delta`, of [-1, 1], times the whole circle: [..., 3].

    Raises ValueError where there are fewer than three axes; InvalidArgumentError in a run where the
    last has another length.
    """
    with name_scope(name, "adjust_hue", [image]):
        image = convert_to_tensor(image, name="image")
        own = image.dtype
        return convert_image_dtype(raw.AdjustHue(_real(image), delta), own)


@export("image.random_hue")
def random_hue(image: Any, max_delta: float, seed: int | None = None) -> Tensor:
    """`tf.image.adjust_hue` by a number of [-max_delta, max_delta), drawn.

    `seed`: see `tf.set_random_seed`. Raises ValueError unless `max_delta` is of [0, 0.5].
    """
    if max_delta > 0.5:
        raise ValueError("max_delta must be <= 0.5.")
    if max_delta < 0:
        raise ValueError("max_delta must be non-negative.")
    return adjust_hue(image, random_uniform([], -max_delta, max_delta, seed=seed))


@export("image.adjust_saturation")
def adjust_saturation(image: Any, saturation_factor: Any, name: str | None = None) -> Tensor:
    """Images with their saturation times a factor, 1 at most: [..., 3].

    Errors are those of `tf.image.adjust_hue`.
    """
    with name_scope(name, "adjust_saturation", [image]):
        image = convert_to_tensor(image, name="image")
        own = image.dtype
        return convert_image_dtype(raw.AdjustSaturation(_real(image), saturation_factor), own)


@export("image.random_saturation")
def random_saturation(image: Any, lower: float, upper: float, seed: int | None = None) -> Tensor:
    """`tf.image.adjust_saturation` by a factor of [lower, upper), drawn.

    `seed`: see `tf.set_random_seed`. Raises ValueError unless 0 <= lower < upper.
    """
    _check_bounds(lower, upper)
    return adjust_saturation(image, random_uniform([], lower, upper, seed=seed))


@export("image.adjust_gamma")
def adjust_gamma(image: Any, gamma: Any = 1, gain: Any = 1) -> Tensor:
    """`gain * image ** gamma`, on pixels of [0, 1].

    Raises ValueError, or InvalidArgumentError in a run, where `gamma` is negative.
    """
    with name_scope(None, "adjust_gamma", [image, gamma, gain]):
        image = convert_to_tensor(image, name="image")
        own = image.dtype
        real = _real(image)
        checks = require(gamma >= 0, "Gamma should be a non-negative real number.")
        if checks:
            gamma = with_dependencies(checks, gamma)
        return convert_image_dtype(gain * real**gamma, own, saturate=True)


@export("image.adjust_jpeg_quality")
def adjust_jpeg_quality(image: Any, jpeg_quality: Any, name: str | None = None) -> Tensor:
    """The image as a JPEG file of a quality would show it: [height, width, channels].

    Args:
      image: [height, width, 1 or 3].
      jpeg_quality: of 0 to 100; int or int32 scalar.

    A run needs Pillow (the extra `images`).
    """
    with name_scope(name, "adjust_jpeg_quality", [image]):
        image = convert_to_tensor(image, name="image")
        own = image.dtype
        pixels = convert_image_dtype(image, dtypes.uint8)
        if not isinstance(jpeg_quality, Tensor):
            jpeg_quality = convert_to_tensor(jpeg_quality, dtype=dtypes.int32, name="Const")
        encoded = raw.EncodeJpegVariableQuality(pixels, jpeg_quality)
        return convert_image_dtype(raw.DecodeJpeg(encoded), own)


@export("image.random_jpeg_quality")
def random_jpeg_quality(
    image: Any, min_jpeg_quality: int, max_jpeg_quality: int, seed: int | None = None
) -> Tensor:
    """`tf.image.adjust_jpeg_quality` with a quality of [min_jpeg_quality, max_jpeg_quality), drawn.

    `seed`: see `tf.set_random_seed`. Raises ValueError unless 0 <= minimum < maximum <= 100.
    """
    if min(min_jpeg_quality, max_jpeg_quality) < 0 or max(min_jpeg_quality, max_jpeg_quality) > 100:
        raise ValueError("jpeg encoding range must be between 0 and 100.")
    if min_jpeg_quality >= max_jpeg_quality:
        raise ValueError("`min_jpeg_quality` must be less than `max_jpeg_quality`.")
    quality = random_uniform([], min_jpeg_quality, max_jpeg_quality, seed=seed, dtype=dtypes.int32)
    return adjust_jpeg_quality(image, quality)


@export("image.per_image_standardization")
def per_image_standardization(image: Any) -> Tensor:
    """The image with a mean of 0 and a deviation of 1: (x - mean) / max(deviation, 1 / sqrt(n)).

    Args:
      image: [..., height, width, channels]; n is how many numbers one image has.

    Raises ValueError, or InvalidArgumentError in a run, where there are fewer than three axes or
    one is empty.
    """
    with name_scope(None, "per_image_standardization", [image]) as scope:
        image = checked_image(convert_to_tensor(image, name="image"))
        own = image.dtype
        image = _real(image)
        count = reduce_prod(shape_of(image)[-3:])
        mean = reduce_mean(image, axis=[-1, -2, -3], keepdims=True)
        deviation = reduce_std(image, axis=[-1, -2, -3], keepdims=True)
        # An even image has no deviation; it is divided by something all the same.
        least = rsqrt(cast(count, image.dtype))
        spread = maximum(deviation, least)
        standard = div(image - mean, spread, name=scope)
        return convert_image_dtype(standard, own, saturate=True)
