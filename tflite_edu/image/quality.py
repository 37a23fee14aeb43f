"""How images differ, and how they change from pixel to pixel."""

from __future__ import annotations

import math
from typing import Any

from tflite_edu.core import dtypes
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.core.scopes import control_dependencies, name_scope
from tflite_edu.core.tensor import Tensor
from tflite_edu.image.pixel_types import convert_image_dtype
from tflite_edu.ops.arithmetic import squared_difference, subtract
from tflite_edu.ops.casting import cast
from tflite_edu.ops.checking import assert_that
from tflite_edu.ops.comparison import equal, greater_equal
from tflite_edu.ops.constants import zeros
from tflite_edu.ops.depthwise_convolution import depthwise_conv2d
from tflite_edu.ops.exponential import log
from tflite_edu.ops.identity import identity
from tflite_edu.ops.joining import concat
from tflite_edu.ops.packing import stack, unstack
from tflite_edu.ops.padding import pad
from tflite_edu.ops.quantifiers import reduce_all
from tflite_edu.ops.reductions import reduce_mean, reduce_sum
from tflite_edu.ops.reshaping import reshape
from tflite_edu.ops.shapes_of_tensors import shape as shape_of
from tflite_edu.ops.shapes_of_tensors import shape_n, size
from tflite_edu.ops.signs import abs as abs_
from tflite_edu.ops.tiling import tile


@export("image.total_variation")
def total_variation(images: Any, name: str | None = None) -> Tensor:
    """The sum of absolute differences of neighbouring pixels: [batch], or a scalar for one image.

    Args:
      images: [height, width, channels] or [batch, height, width, channels].

    Raises ValueError on another rank.
    """
    with name_scope(name, "total_variation"):
        rank = images.shape.ndims
        if rank == 3:
            down = images[1:, :, :] - images[:-1, :, :]
            along = images[:, 1:, :] - images[:, :-1, :]
            axes = None
        elif rank == 4:
            down = images[:, 1:, :, :] - images[:, :-1, :, :]
            along = images[:, :, 1:, :] - images[:, :, :-1, :]
            axes = [1, 2, 3]
        else:
            raise ValueError("'images' must be either 3 or 4-dimensional.")
        return reduce_sum(abs_(down), axis=axes) + reduce_sum(abs_(along), axis=axes)


def _assertions_of_pair(first: Tensor, second: Tensor) -> tuple[Tensor, Tensor, list[Any]]:
    """(shapes of both, checks that they are images of one size): ValueError where they are not."""
    first.shape.with_rank_at_least(3)
    second.shape.with_rank_at_least(3)
    first.shape[-3:].assert_is_compatible_with(second.shape[-3:])
    if first.shape.ndims is not None and second.shape.ndims is not None:
        pairs = zip(*(list(one.shape)[:-3][::-1] for one in (first, second)))
        for one, other in pairs:
            if 1 not in (one.value, other.value) and not one.is_compatible_with(other):
                raise ValueError(f"Two images are not compatible: {first.shape} and {second.shape}")
    shape1, shape2 = shape_n([first, second])
    checks = [
        assert_that(greater_equal(size(shape1), 3), [shape1, shape2], summarize=10),
        assert_that(reduce_all(equal(shape1[-3:], shape2[-3:])), [shape1, shape2], summarize=10),
    ]
    return shape1, shape2, checks


@export("image.psnr")
def psnr(a: Any, b: Any, max_val: Any, name: str | None = None) -> Tensor:
    """Peak signal-to-noise ratio in decibels, 20 log10(max) - 10 log10(mse): [...].

    Args:
      a, b: [..., height, width, channels].
      max_val: the largest value a pixel may have less the smallest.

    Raises ValueError, or InvalidArgumentError in a run, where the shapes differ.
    """
    with name_scope(name, "PSNR", [a, b]):
        # The peak is scaled with the images.
        peak = convert_image_dtype(cast(max_val, a.dtype), dtypes.float32)
        a = convert_image_dtype(a, dtypes.float32)
        b = convert_image_dtype(b, dtypes.float32)
        error = reduce_mean(squared_difference(a, b), [-3, -2, -1])
        ratio = subtract(20 * log(peak) / log(10.0), (10 / math.log(10)) * log(error), name="psnr")
        _, _, checks = _assertions_of_pair(a, b)
        with control_dependencies(checks):
            return identity(ratio)


@export("image.sobel_edges")
def sobel_edges(image: Any) -> Tensor:
    """How pixels change downwards and to the right, by Sobel's filters: [..., channels, 2].

    Args:
      image: float32 or float64 [batch, height, width, channels]; edges are mirrored.
    """
    static = image.shape
    sizes = shape_of(image)
    down = [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]
    along = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
    pairs = [[[[d, a]] for d, a in zip(*rows)] for rows in zip(down, along)]
    kernels = convert_to_tensor(pairs, dtypes.float32, name="Const")
    kernels = tile(kernels, [1, 1, sizes[-1], 1], name="sobel_filters")
    padded = pad(image, [[0, 0], [1, 1], [1, 1], [0, 0]], mode="REFLECT")
    edges = depthwise_conv2d(padded, kernels, [1, 1, 1, 1], "VALID")
    edges = reshape(edges, concat([sizes, [2]], 0))
    edges.set_shape(static.concatenate([2]))
    return edges


@export("image.image_gradients")
def image_gradients(image: Any) -> tuple[Tensor, Tensor]:
    """(differences to the pixel below, to the pixel to the right), 0 at the far edge.

    Args:
      image: [batch, height, width, channels].

    Raises ValueError on another rank.
    """
    if image.shape.ndims != 4:
        raise ValueError(
            "image_gradients expects a 4D tensor [batch_size, h, w, d], not %s.", image.shape
        )
    static = image.shape
    sizes = shape_of(image)
    batch, height, width, depth = unstack(sizes)
    down = image[:, 1:, :, :] - image[:, :-1, :, :]
    along = image[:, :, 1:, :] - image[:, :, :-1, :]
    last = zeros(stack([batch, 1, width, depth]), image.dtype)
    down = reshape(concat([down, last], 1), sizes)
    last = zeros(stack([batch, height, 1, depth]), image.dtype)
    along = reshape(concat([along, last], 2), sizes)
    down.set_shape(static)
    along.set_shape(static)
    return down, along
