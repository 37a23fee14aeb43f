"""`tf.compat.forward_compatible`: whether a graph may use what younger programs can read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from tflite_edu.core.export import export

# TensorFlow 1.15's own day.
_horizon = ContextVar("horizon", default=(2019, 8, 21))


@export("compat.forward_compatible")
def forward_compatible(year: int, month: int, day: int) -> bool:
    """Whether programs of this date are young enough to be read: it lies before the horizon."""
    return _horizon.get() > (year, month, day)


@export("compat.forward_compatibility_horizon")
@contextmanager
def forward_compatibility_horizon(year: int, month: int, day: int) -> Iterator[None]:
    """Inside the block, and in this thread, the horizon is this date."""
    token = _horizon.set((year, month, day))
    try:
        yield
    finally:
        _horizon.reset(token)
