"""Normal numbers between two bounds, each row with bounds of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tflite_edu.core import errors
from tflite_edu.core.dtypes import INT32, INT64, DType
from tflite_edu.core.inference import format_shape, with_rank_at_most
from tflite_edu.core.op import attr
from tflite_edu.core.shapes import Shape
from tflite_edu.ops.box_muller import standard_normal
from tflite_edu.ops.philox import Philox, uniform
from tflite_edu.ops.random_ops import DRAWN_TYPES, Random, requested_shape

# What TensorFlow sets aside of the stream for each number, and the size of the parts into which it
# cuts rows that share their parameters.
_GROUPS_PER_NUMBER = 500
_PART = 100

# With a bound this far on either side of the mean, most normal numbers are between the bounds.
_FAR = 1.3


class ParameterizedTruncatedNormal(Random):
    """Normal numbers of given mean and deviation, of which those outside bounds are drawn again.

    The parameters are scalars, or vectors of one for each row (first dimension) of the shape.
    Robert, "Simulation of Truncated Normal Variables" (1995).
    """

    inputs = (
        *("shape: T", "means: dtype", "stdevs: dtype"),
        *("minvals: dtype", "maxvals: dtype"),
    )
    outputs = ("output: dtype",)
    infer_from = {"shape": "partial"}
    dtype: DType = attr(*DRAWN_TYPES)
    T: DType = attr(INT32, INT64)

    backward = None

    def infer(self, shape: Shape, *parameters: Shape) -> Shape:
        for parameter in parameters:
            with_rank_at_most(parameter, 1)
        return shape

    def forward(self, host: Any, shape: Any, *parameters: Any) -> Any:
        np = host.np
        wanted = requested_shape(shape)
        if not wanted:
            raise _invalid("Shape tensor must not be empty, got []")
        rows, size = wanted[0], int(np.prod(wanted, dtype=np.int64))
        values = [np.asarray(p) for p in parameters]
        for name, value in zip(("means", "stddevs", "minvals", "maxvals"), values, strict=True):
            if value.ndim > 1:
                raise _invalid(
                    f"Input {name} should be a scalar or vector, got shape: "
                    f"{format_shape(value.shape)}"
                )
            if value.size not in (1, rows):
                raise _invalid(
                    f"Input {name} should have length 1 or shape[0], got shape: "
                    f"{format_shape(value.shape)}"
                )
        if not size:
            return np.empty(wanted, self.dtype.as_numpy_dtype)
        per_row = size // rows
        if all(value.size == 1 for value in values):
            rows, per_row = -(-size // _PART), _PART
        reserved = rows * 4 * _GROUPS_PER_NUMBER * (per_row + 3) // 4
        generator = self.generator(host).reserve(reserved)
        stream = _Stream(np, generator, self.dtype.as_numpy_dtype)
        parts = []
        for row in range(rows):
            count = min(per_row, size - row * per_row)
            chosen = [value.ravel()[row if value.size > 1 else 0] for value in values]
            parts.append(_drawn(stream, count, *chosen))
        return np.concatenate(parts).reshape(wanted)


def _invalid(message: str) -> errors.InvalidArgumentError:
    return errors.InvalidArgumentError(None, None, message)


class _Stream:
    """Numbers from the groups of a stream, one group after the other."""

    def __init__(self, np: Any, generator: Philox, dtype: Any) -> None:
        self.np = np
        self.dtype = dtype
        self.per_group = 2 if np.dtype(dtype) == np.float64 else 4
        self._generator = generator

    def _groups(self, draw: Callable[..., Any], count: int) -> Any:
        # A copy, since drawing sets far more of the stream aside than it uses.
        start = self._generator.skipped(0)
        return draw(self.np, start, [count, self.per_group], self.dtype)

    def accepted(
        self, count: int, draw: Callable[..., Any], together: int, choose: Callable[..., Any]
    ) -> Any:
        """The first `count` numbers that `choose` accepts of those drawn, `together` groups a try.

        `choose` is given an array [tries, together, per_group] and returns, flat for each try, the
        numbers and whether each is accepted. The tries that were not looked at stay in the stream.
        """
        np = self.np
        found: list[Any] = []
        missing = count
        while missing:
            tries = -(-2 * missing // self.per_group) + 8
            drawn = self._groups(draw, tries * together)
            numbers, taken = choose(drawn.reshape(tries, together, self.per_group))
            places = np.flatnonzero(taken.ravel())[:missing]
            found.append(numbers.ravel()[places])
            if len(places) == missing:
                tries = int(places[-1]) // numbers.shape[1] + 1
            missing -= len(places)
            self._generator = self._generator.skipped(tries * together)
        return np.concatenate(found)


def _drawn(stream: _Stream, count: int, mean: Any, deviation: Any, low: Any, high: Any) -> Any:
    np, number = stream.np, mean.dtype.type
    if not (deviation > 0 and low < high and (np.isfinite(low) or np.isfinite(high))):
        raise _invalid("Invalid parameters")
    if (np.isinf(low) and low < 0) or high < mean:
        # Turned round, so that the bound that counts is the lower one.
        low, high, deviation = high, low, -deviation
    low, high = (low - mean) / deviation, (high - mean) / deviation
    root = np.sqrt(low * low + number(4))
    widest = 2 * np.exp(number(0.5) + low * (low - root) / 4) / (low + root)
    if (low < -_FAR and high >= 0) or (high > _FAR and low <= 0):
        drawn = stream.accepted(count, standard_normal, 1, lambda x: _between(x[:, 0], low, high))
    elif high - low < widest:
        drawn = stream.accepted(count, uniform, 2, lambda x: _from_uniform(np, x, low, high))
    else:
        drawn = stream.accepted(
            count, uniform, 1, lambda x: _from_exponential(np, x[:, 0], low, high)
        )
    return drawn * deviation + mean


def _between(x: Any, low: Any, high: Any) -> tuple[Any, Any]:
    return x, (x >= low) & (x <= high)


def _from_uniform(np: Any, drawn: Any, low: Any, high: Any) -> tuple[Any, Any]:
    x = drawn[:, 0] * (high - low) + low
    largest = low * low if low >= 0 else low.dtype.type(0)
    return x, drawn[:, 1] <= np.exp((largest - x * x) / 2)


def _from_exponential(np: Any, drawn: Any, low: Any, high: Any) -> tuple[Any, Any]:
    rate = (low + np.sqrt(low * low + low.dtype.type(4))) / 2
    x = -np.log(drawn[:, 0::2]) / rate + low
    distance = rate - x if low < rate else low - rate
    return x, (drawn[:, 1::2] <= np.exp(-distance * distance / 2)) & (x < high)
