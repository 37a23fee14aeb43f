"""Checks of shapes that come before any value of an input is looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tflite_edu.core.inference import ShapeError


def before_values(check: Callable[..., Any], *arguments: Any) -> Any:
    """`check(*arguments)`; where it fails, the message lists no values of inputs."""
    try:
        return check(*arguments)
    except ShapeError as error:
        raise ShapeError(str(error), read=()) from None


def scalar_size(value: Any, number: int) -> int | None:
    """The dimension that scalar input `number` gives, where its value is known."""
    if value is None:
        return None
    if value.ndim:
        raise ShapeError(f"Input must be scalar but has rank {value.ndim}")
    if value < 0:
        raise ShapeError(
            f"Dimension size, given by scalar input {number}, must be non-negative but is {value}"
        )
    return int(value)
