"""Colours as red, green and blue and as hue, saturation and value (Smith, 1978)."""

from __future__ import annotations

import functools
import operator
from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.dtypes import BFLOAT16, DOUBLE, FLOAT, HALF, DType
from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.core.export import export
from tflite_edu.core.inference import with_rank_at_least, with_value
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.casting import cast
from tflite_edu.ops.division import div_no_nan
from tflite_edu.ops.packing import stack
from tflite_edu.ops.powers import square
from tflite_edu.ops.selection import chosen


class _Colours(Op, abstract=True):
    """An op on pixels whose last axis has three channels."""

    inputs, outputs = ("images: T",), ("output: T",)
    T: DType = attr(HALF, BFLOAT16, FLOAT, DOUBLE, default=FLOAT)

    def infer(self, images: Shape) -> Shape:
        if images is None:
            return None
        with_rank_at_least(images, 1)
        return (*images[:-1], with_value(images[-1], 3))

    def forward(self, np: Any, images: Any) -> Any:
        if images.ndim < 1:
            raise InvalidArgumentError(None, None, "input must be at least 1D[]")
        if images.shape[-1] != 3:
            raise InvalidArgumentError(
                None,
                None,
                f"input must have 3 channels but instead has {images.shape[-1]} channels.",
            )
        return self.converted(np, images)

    def converted(self, np: Any, images: Any) -> Any:
        raise NotImplementedError


class RGBToHSV(_Colours):
    """Red, green and blue as hue, saturation and value, each of [0, 1]."""

    def converted(self, np: Any, images: Any) -> Any:
        red, green, blue = (images[..., i].copy() for i in range(3))
        value = np.maximum(np.maximum(red, green), blue)
        spread = value - np.minimum(np.minimum(red, green), blue)
        one = images.dtype.type(1)
        grey = ~(spread > 0)
        # Differences are scaled by their reciprocal as TensorFlow does it, to the last bit.
        scale = one / (6 * np.where(grey, one, spread))
        by_green = scale * (blue - red) + images.dtype.type(2.0 / 6.0)
        by_blue = scale * (red - green) + images.dtype.type(4.0 / 6.0)
        hue = chosen(np, green == value, by_green, by_blue)
        hue = chosen(np, red == value, scale * (green - blue), hue)
        hue = np.where(grey, 0, hue)
        # One more turn where it is negative.
        hue += (hue < 0).astype(images.dtype)
        positive = value > 0
        saturation = np.where(positive, spread / np.where(positive, value, one), 0)
        made = np.empty_like(images)
        for channel, values in enumerate((hue, saturation, value)):
            made[..., channel] = values
        return made

    def backward(self, op: Any, doutput: Tensor) -> Tensor:
        return _to_rgb(op.inputs[0], op.outputs[0], doutput)


def _to_rgb(rgb: Tensor, hsv: Tensor, gradient: Tensor) -> Tensor:
    """What colours add to a loss, of what their hue, saturation and value add.

    The derivatives of hue are TensorFlow 1.15's, in which it divides by squares that a hand
    calculation does not give: they are right where the colour has a single greatest channel.
    """
    red, green, blue = channels = [rgb[..., i] for i in range(3)]
    saturation, value = hsv[..., 1], hsv[..., 2]

    def indicator(condition: Tensor) -> Tensor:
        made: Tensor = cast(condition, gradient.dtype)
        return made

    def inverse(x: Tensor) -> Tensor:
        return div_no_nan(1.0, x)

    greatest = [
        indicator((red >= blue) & (red >= green)),
        indicator((green > red) & (green >= blue)),
        indicator((blue > red) & (blue > green)),
    ]
    least = [
        indicator((red < blue) & (red < green)),
        indicator((green <= red) & (green < blue)),
        indicator((blue <= red) & (blue <= green)),
    ]

    def saturation_by(i: int, j: int, k: int, order: tuple[int, int]) -> Tensor:
        present = indicator(channels[i] > 0)
        first = greatest[i] * raw.Add(least[j] * channels[j], least[k] * channels[k])
        first = first * inverse(square(channels[i]))
        m, n = order
        second = least[i] * -1.0 * inverse(greatest[m] * channels[m] + greatest[n] * channels[n])
        return present * raw.Add(first, second)

    by_saturation = [
        saturation_by(0, 1, 2, (1, 2)),
        saturation_by(1, 0, 2, (0, 2)),
        saturation_by(2, 1, 0, (1, 0)),
    ]

    def own(i: int, j: int, k: int) -> Tensor:
        """Where channel i is the greatest, and what it is differentiated by."""
        factor = indicator(channels[i] > 0) * greatest[i] * -1.0 * (channels[j] - channels[k])
        factor = factor * inverse(square(saturation))
        return 60.0 * (factor * inverse(square(value)))

    def other(i: int, low: int, over: tuple[int, int], under: tuple[int, int]) -> Tensor:
        """Where channel i is the greatest and `low` the least: through both."""
        factor = indicator(channels[i] > 0) * greatest[i] * least[low]
        factor = factor * (channels[over[0]] - channels[over[1]])
        return 60.0 * (factor * inverse(square(channels[under[0]] - channels[under[1]])))

    def middle(i: int, low: int, sign: float, under: tuple[int, int]) -> Tensor:
        """Where channel i is the greatest, `low` the least, and this one between them."""
        factor = indicator(channels[i] > 0) * greatest[i] * least[low]
        if sign < 0:
            factor = factor * -1.0
        return 60.0 * (factor * inverse(channels[under[0]] - channels[under[1]]))

    r, g, b = range(3)

    def of_circle(*parts: Tensor) -> Tensor:
        first, *rest = parts
        return functools.reduce(operator.add, rest, first) / 360.0

    r, g, b = range(3)
    by_hue = [
        of_circle(
            own(r, g, b),
            other(g, r, (b, g), (r, g)),
            middle(g, b, -1, (g, b)),
            other(b, r, (b, g), (b, r)),
            middle(b, g, 1, (b, g)),
        ),
        of_circle(
            own(g, b, r),
            other(r, g, (r, b), (r, g)),
            middle(r, b, 1, (r, b)),
            other(b, g, (r, b), (b, g)),
            middle(b, r, -1, (b, r)),
        ),
        of_circle(
            own(b, r, g),
            other(r, b, (g, r), (r, b)),
            middle(r, g, -1, (r, g)),
            other(g, b, (g, r), (g, b)),
            middle(g, r, 1, (g, r)),
        ),
    ]
    totals = [
        stack([gradient[..., channel] * part for part in parts], axis=-1)
        for channel, parts in ((2, greatest), (1, by_saturation), (0, by_hue))
    ]
    return raw.Add(raw.Add(totals[0], totals[1]), totals[2])


@export("image.rgb_to_hsv")
def rgb_to_hsv(images: Any, name: str | None = None) -> Tensor:
    """Red, green and blue of [0, 1] as hue, saturation and value of [0, 1].

    Args:
      images: [..., 3], of a floating-point type.

    Raises ValueError where the last axis has another length.
    """
    return raw.RGBToHSV(images, name=name)


class HSVToRGB(_Colours):
    """Hue, saturation and value, each of [0, 1], as red, green and blue."""

    backward = None

    def converted(self, np: Any, images: Any) -> Any:
        hue, saturation, value = images[..., 0], images[..., 1], images[..., 2]
        sixth = hue * images.dtype.type(6)
        parts = [
            np.clip(np.abs(sixth - 3) - 1, 0, 1),
            np.clip(2 - np.abs(sixth - 2), 0, 1),
            np.clip(2 - np.abs(sixth - 4), 0, 1),
        ]
        rest = 1 - saturation
        channels = [(rest + saturation * part) * value for part in parts]
        return np.stack(channels, -1).astype(images.dtype, copy=False)


@export("image.hsv_to_rgb")
def hsv_to_rgb(images: Any, name: str | None = None) -> Tensor:
    """Hue, saturation and value of [0, 1] as red, green and blue of [0, 1]: [..., 3].

    It has no gradient. Raises ValueError where the last axis has another length.
    """
    return raw.HSVToRGB(images, name=name)
