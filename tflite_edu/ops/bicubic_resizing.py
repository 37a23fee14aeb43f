"""Images in another size by bicubic interpolation (Keys, 1981), with its gradient."""

from __future__ import annotations

import functools
from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.dtypes import DOUBLE, FLOAT, HALF, DType
from tflite_edu.core.export import export
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.resizing import (
    INTEGERS,
    Resized,
    Scaling,
    as_lines,
    by_column,
    check_flags,
    checked_size,
    gradient_shape,
    scalings,
    summed,
)

_STEPS = 1024
"""Into how many steps TensorFlow divides the way from one pixel to the next."""


@functools.lru_cache(maxsize=64)
def _taps(np: Any, axis: Scaling) -> list[tuple[Any, Any]]:
    """Four (input pixels, weights float32), one of each for every output pixel.

    TensorFlow takes -0.75 for the kernel's parameter and repeats pixels beyond the edge; with pixel
    centres it takes Keys' -0.5 and leaves pixels beyond the edge out.
    """
    a = -0.5 if axis.half_pixel_centers else -0.75
    at = axis.positions(np)
    first = np.floor(at).astype(np.int64)
    step = np.rint((at - first.astype(np.float32)) * np.float32(_STEPS)).astype(np.int64)
    pixels = [np.clip(first + shift, 0, axis.size - 1) for shift in (-1, 0, 1, 2)]
    near, far = _kernel(np, a)
    weights = [far[step], near[step], near[_STEPS - step], far[_STEPS - step]]
    if axis.half_pixel_centers:
        weights = [
            np.where(place == first + shift, weight, np.float32(0))
            for place, weight, shift in zip(pixels, weights, (-1, 0, 1, 2))
        ]
        total = weights[0] + weights[1] + weights[2] + weights[3]
        large = np.abs(total) >= 1000 * np.finfo(np.float32).tiny
        scale = np.where(large, np.float32(1) / np.where(large, total, 1), np.float32(1))
        weights = [(weight * scale).astype(np.float32) for weight in weights]
    return list(zip(pixels, weights))


@functools.cache
def _kernel(np: Any, a: float) -> tuple[Any, Any]:
    """The weights of a pixel nearer than 1, and of one between 1 and 2 away, by the step."""
    x = np.arange(_STEPS + 1) / _STEPS
    near = ((a + 2) * x - (a + 3)) * x * x + 1
    x = x + 1
    far = ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
    return near.astype(np.float32), far.astype(np.float32)


def _across(weights: Any, axis: int) -> Any:
    return weights.reshape([-1 if i == axis else 1 for i in range(4)])


def _weighted(np: Any, lines: Any, taps: list[tuple[Any, Any]]) -> Any:
    """Lines [batch, height, columns], each the sum of some that were given, times weights."""
    lines = lines.astype(np.float32, copy=False)
    (places, weights), *others = taps
    total = lines.take(places, 1)
    total *= weights[:, None]
    part = np.empty_like(total)
    for places, weights in others:
        # With a mode other than "raise" numpy writes into `out` directly.
        lines.take(places, 1, out=part, mode="clip")
        part *= weights[:, None]
        total += part
    return total


class ResizeBicubic(Resized):
    """Images in another size, each pixel a weighted sum of sixteen."""

    outputs = ("resized_images: float32",)
    T: DType = attr(*INTEGERS, HALF, FLOAT, DOUBLE)
    align_corners: bool = False
    half_pixel_centers: bool = False

    def forward(self, np: Any, images: Any, size: Any) -> Any:
        out = checked_size(self, np, images, size)
        batch, channels = images.shape[0], images.shape[3]
        rows, columns = (_taps(np, axis) for axis in scalings(self, np, images.shape, out))
        lines = _weighted(np, as_lines(images), rows)
        lines = by_column(np, lines, channels, lambda part: _weighted(np, part, columns))
        return lines.reshape(batch, *out, channels)

    def backward(self, op: Any, dresized: Any) -> Any:
        if op.inputs[0].dtype.base_dtype not in (FLOAT, DOUBLE):
            return [None, None]
        gradient = raw.ResizeBicubicGrad(
            dresized,
            op.inputs[0],
            align_corners=self.align_corners,
            half_pixel_centers=self.half_pixel_centers,
        )
        return [gradient, None]


class ResizeBicubicGrad(Op):
    """What each input pixel of `ResizeBicubic` adds to a loss."""

    inputs, outputs = ("grads: float32", "original_image: T"), ("output: T",)
    T: DType = attr(FLOAT, DOUBLE)
    align_corners: bool = False
    half_pixel_centers: bool = False

    def infer(self, grads: Shape, original_image: Shape) -> Shape:
        return original_image

    def forward(self, np: Any, grads: Any, original_image: Any) -> Any:
        check_flags(self)
        shape = gradient_shape(grads, original_image)
        if 0 in grads.shape or 0 in shape:
            return np.zeros(shape, original_image.dtype)
        result = grads.astype(original_image.dtype)
        for axis, along in zip((1, 2), scalings(self, np, shape, grads.shape[1:3])):
            total = None
            for pixels, weights in _taps(np, along):
                part = summed(np, result * _across(weights, axis), pixels, along.size, axis)
                total = part if total is None else total + part
            result = total
        return result


@export("image.resize_bicubic")
def resize_bicubic(
    images: Any,
    size: Any,
    align_corners: bool = False,
    name: str | None = None,
    half_pixel_centers: bool = False,
) -> Tensor:
    """Images in another size by bicubic interpolation: float32 [batch, *size, channels].

    Arguments and errors are those of `tf.image.resize_bilinear`; values may go beyond the input's.
    """
    return raw.ResizeBicubic(
        images,
        size,
        align_corners=align_corners,
        half_pixel_centers=half_pixel_centers,
        name=name,
    )
