"""Gradients held against finite differences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tflite_edu.autodiff.gradients import gradients
from tflite_edu.core.constant import constant
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.export import export
from tflite_edu.ops.identity import identity
from tflite_edu.runtime.session import BaseSession, get_default_session

_Jacobians = tuple[np.ndarray, np.ndarray]


def _session() -> BaseSession:
    session = get_default_session()
    if session is None:
        raise ValueError("No default session is registered. Use `with sess.as_default()`.")
    return session


def _theoretical(x: Any, dx: Any, dy: Any, x_size: int, y_shape: Any, feeds: Any) -> np.ndarray:
    """The Jacobian [x_size, y_size] from one backward pass for each element of y."""
    y_size = int(np.prod(y_shape))
    jacobian = np.zeros((x_size, y_size), x.dtype.as_numpy_dtype)
    for column in range(y_size):
        seed = np.zeros(y_size, dy.dtype.as_numpy_dtype)
        seed[column] = 1
        values = _session().run(dx, {**feeds, dy: seed.reshape(y_shape)})
        jacobian[:, column] = values.ravel()
    return jacobian


def _numeric(x: Any, x_value: np.ndarray, y: Any, delta: float, feeds: Any) -> np.ndarray:
    """The Jacobian [x_size, y_size] from (y(x + delta) - y(x - delta)) / 2 delta."""
    rows = []
    for index in np.ndindex(x_value.shape):
        ends = []
        for step in (delta, -delta):
            moved = x_value.copy()
            moved[index] += step
            ends.append(_session().run(y, {**feeds, x: moved}).ravel())
        rows.append((ends[0] - ends[1]) / (2 * delta))
    return np.stack(rows)


def _jacobians(
    x: Any, x_shape: Any, y: Any, y_shape: Any, value: Any, delta: float, feeds: Any
) -> _Jacobians:
    for tensor in (x, y):
        if not tensor.dtype.is_floating:
            raise TypeError(f"{tensor} is of type {tensor.dtype.name}, which is no float.")
    dtype = x.dtype.as_numpy_dtype
    if value is None:
        value = np.random.random_sample(x_shape)
    value = np.array(value, dtype)
    seed = constant(1.0, dtype=y.dtype, shape=y_shape)
    (dx,) = gradients(y, x, identity(seed))
    if dx is None:
        raise AssertionError("dx = None")
    at = {**feeds, x: value}
    theoretical = _theoretical(x, convert_to_tensor(dx), seed, value.size, y_shape, at)
    return theoretical, _numeric(x, value, y, delta, feeds)


@export("test.compute_gradient")
def compute_gradient(
    x: Any,
    x_shape: Any,
    y: Any,
    y_shape: Any,
    x_init_value: Any = None,
    delta: float = 1e-3,
    init_targets: Sequence[Any] | None = None,
    extra_feed_dict: dict[Any, Any] | None = None,
) -> _Jacobians | list[_Jacobians]:
    """The Jacobian of y with respect to x, by `tf.gradients` and by finite differences.

    Needs a default session. float64 gives differences that are good to about 1e-9, float32 to 1e-3.

    Args:
      x: a float tensor that can be fed, or a list of them.
      x_shape: its shape, or a list of shapes.
      y: a float tensor that depends on it.
      y_shape: the shape of y.
      x_init_value: where to differentiate; random numbers from 0 to 1 if None. A list for a list.
      delta: half the distance of the finite differences.
      init_targets: operations to run first.
      extra_feed_dict: what else to feed.

    Returns:
      Two arrays [size of x, size of y], of `tf.gradients` and numeric; a list of pairs for a list.

    Raises:
      AssertionError: y does not depend on x.
      TypeError: x or y is no float.
      ValueError: there is no default session.
    """
    for target in init_targets or ():
        _session().run(target)
    feeds = dict(extra_feed_dict or {})
    if not isinstance(x, list):
        return _jacobians(x, x_shape, y, y_shape, x_init_value, delta, feeds)
    values = x_init_value or [None] * len(x)
    feeds.update({tensor: value for tensor, value in zip(x, values) if value is not None})
    return [
        _jacobians(tensor, shape, y, y_shape, value, delta, feeds)
        for tensor, shape, value in zip(x, x_shape, values)
    ]


@export("test.compute_gradient_error")
def compute_gradient_error(
    x: Any,
    x_shape: Any,
    y: Any,
    y_shape: Any,
    x_init_value: Any = None,
    delta: float = 1e-3,
    init_targets: Sequence[Any] | None = None,
    extra_feed_dict: dict[Any, Any] | None = None,
) -> float:
    """The greatest difference between the two Jacobians of `compute_gradient`."""
    found = compute_gradient(
        x, x_shape, y, y_shape, x_init_value, delta, init_targets, extra_feed_dict
    )
    pairs = found if isinstance(found, list) else [found]
    return max(float(np.abs(a - b).max(initial=0)) for a, b in pairs)
