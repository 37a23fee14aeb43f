"""Pillow, which decodes and encodes images; an optional package."""

from __future__ import annotations

from typing import Any

from tflite_edu.core import errors


def pillow_image() -> Any:
    """The module `PIL.Image`; raises tf.errors.UnimplementedError where Pillow is not installed."""
    try:
        from PIL import Image
    except ImportError:
        raise errors.UnimplementedError(
            None,
            None,
            "Image files need the package Pillow: pip install 'tflite_edu[images]'",
        ) from None
    return Image


def invalid(message: str) -> errors.InvalidArgumentError:
    return errors.InvalidArgumentError(None, None, message)
