"""Contrast, hue and saturation of images."""

from __future__ import annotations

import math
from typing import Any

from tflite_edu.core.dtypes import FLOAT, HALF, DType
from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.core.inference import format_shape, with_rank, with_rank_at_least
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape


def _invalid(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, message)


# A power of two: of so many pixels a row is made at most.
_PIXELS_OF_A_ROW = 256


class AdjustContrastv2(Op):
    """Pixels as far from the mean of their channel as a factor says."""

    inputs, outputs = ("images: T", "contrast_factor: float32"), ("output: T",)
    T: DType = attr(HALF, FLOAT, default=FLOAT)

    def infer(self, images: Shape, contrast_factor: Shape) -> Shape:
        with_rank(contrast_factor, 0)
        return with_rank_at_least(images, 3)

    def forward(self, np: Any, images: Any, contrast_factor: Any) -> Any:
        if images.ndim < 3:
            raise _invalid(f"input must be at least 3-D, got shape{format_shape(images.shape)}")
        if np.ndim(contrast_factor):
            raise _invalid(
                f"contrast_factor must be scalar: {format_shape(np.shape(contrast_factor))}"
            )
        if not images.size:
            return images.copy()
        height, width, channels = images.shape[-3:]
        # Rows of several pixels each: numpy takes up each row anew.
        several = math.gcd(height * width, _PIXELS_OF_A_ROW)
        wide = images.reshape(-1, height * width // several, several * channels)
        wide = wide.astype(np.float32, copy=False)
        total = wide.sum(1, np.float32).reshape(-1, several, channels).sum(1, np.float32)
        mean = np.tile(total / np.float32(height * width), several)[:, None]
        made = wide - mean
        made *= contrast_factor
        made += mean
        return made.astype(images.dtype, copy=False).reshape(images.shape)


class _OfColours(Op, abstract=True):
    """An op on pixels with three channels and a number."""

    def forward(self, np: Any, images: Any, amount: Any) -> Any:
        if images.ndim < 3:
            raise _invalid(f"input must be at least 3-D, got shape{format_shape(images.shape)}")
        if np.ndim(amount):
            raise _invalid(
                f"{self.inputs[1].split(':')[0]} must be scalar: {format_shape(np.shape(amount))}"
            )
        if images.shape[-1] != 3:
            raise _invalid(
                f"input must have 3 channels but instead has {images.shape[-1]} channels."
            )
        wide = images.astype(np.float32, copy=False)
        return self.adjusted(np, wide, amount).astype(images.dtype, copy=False)

    def adjusted(self, np: Any, images: Any, amount: Any) -> Any:
        raise NotImplementedError


class AdjustHue(_OfColours):
    """Colours with their hue turned by a part of the circle."""

    inputs, outputs = ("images: T", "delta: float32"), ("output: T",)
    T: DType = attr(HALF, FLOAT, default=FLOAT)

    def infer(self, images: Shape, delta: Shape) -> Shape:
        return with_rank_at_least(images, 3)

    def adjusted(self, np: Any, images: Any, amount: Any) -> Any:
        high, low = images.max(-1), images.min(-1)
        spread = high - low
        hue = _sixths(np, images, high, low)
        hue = np.mod(hue + np.float32(amount) * np.float32(6), np.float32(6))
        sector = np.minimum(np.floor(hue), 5)
        along = hue - sector
        along = np.where(sector % 2 == 1, 1 - along, along)
        return _of_sector(np, sector.astype(np.int64), low + along * spread, high, low)


def _sixths(np: Any, images: Any, high: Any, low: Any) -> Any:
    """The hue of colours in sixths of the circle, float32 of [0, 6)."""
    red, green, blue = images[..., 0], images[..., 1], images[..., 2]
    middle = np.maximum(np.minimum(red, green), np.minimum(np.maximum(red, green), blue))
    sector = np.where(
        red < green,
        np.where(blue < red, 1, np.where(blue > green, 3, 2)),
        np.where(blue < green, 0, np.where(blue > red, 4, 5)),
    )
    grey = high == low
    along = (middle - low) / np.where(grey, 1, high - low)
    along = np.where(sector % 2 == 1, 1 - along, along).astype(np.float32)
    return np.where(grey, np.float32(0), sector.astype(np.float32) + along)


_ORDER = ("high middle low", "middle high low", "low high middle")
_SECTORS = (*_ORDER, "low middle high", "middle low high", "high low middle")
"""Which channel is which in each sixth of the circle of hues, from red by green to blue."""


def _of_sector(np: Any, sector: Any, middle: Any, high: Any, low: Any) -> Any:
    """Red, green and blue, of the sector of the hue and the channels' values by size."""
    values = {"high": high, "middle": middle, "low": low}
    orders = [order.split() for order in _SECTORS]
    channels = [
        np.choose(sector, [values[order[channel]] for order in orders]) for channel in range(3)
    ]
    return np.stack(channels, -1)


class AdjustSaturation(_OfColours):
    """Colours with their saturation scaled, to 1 at most."""

    inputs, outputs = ("images: T", "scale: float32"), ("output: T",)
    T: DType = attr(HALF, FLOAT, default=FLOAT)

    def infer(self, images: Shape, scale: Shape) -> Shape:
        return with_rank_at_least(images, 3)

    def adjusted(self, np: Any, images: Any, amount: Any) -> Any:
        high, low = images.max(-1), images.min(-1)
        positive = high > 0
        saturation = np.where(positive, (high - low) / np.where(positive, high, 1), 0)
        saturation = np.clip(saturation * np.float32(amount), 0, 1).astype(np.float32)
        hue = _sixths(np, images, high, low)
        chroma = saturation * high
        sector = np.minimum(np.floor(hue), 5)
        along = hue - sector
        along = np.where(sector % 2 == 1, 1 - along, along)
        rest = high - chroma
        return _of_sector(np, sector.astype(np.int64), rest + along * chroma, high, rest)
