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


def check_sizes(value: Any) -> None:
    """Raises what TF says of an input that is read as a shape and is none."""
    if value is None:
        return
    if value.ndim != 1:
        raise ShapeError(f"Shape must be rank 1 but is rank {value.ndim}", read=())
    for size in value.tolist():
        if size < -1:
            raise ValueError(f"Invalid value in tensor used for shape: {size}")
