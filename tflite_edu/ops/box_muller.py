"""Normal and truncated normal numbers: Box and Muller's transform of Philox words.

Of two uniform numbers u and v, sqrt(-2 log u) sin(2 pi v) and sqrt(-2 log u) cos(2 pi v) are
independent and normal (Box and Muller, "A Note on the Generation of Random Normal Deviates",
1958).

TensorFlow takes the float32 logarithm, sine and cosine from the C library. numpy's own float32
functions differ from those in a fifth of all cases and from machine to machine, so the two
functions the transform needs are written out here with the C library's coefficients, in float64
arithmetic that gives the same bits everywhere. They were checked for every one of the 2**23
uniform numbers there are.
"""

import functools
import math
from collections.abc import Sequence
from typing import Any

from tflite_edu.ops.philox import (
    BLOCK,
    GROUPS_PER_VALUE,
    Philox,
    group_blocks,
    groups_at,
    unit_float64,
)

__all__ = [
    "fill_normal_float64",
    "log_of_unit",
    "sine_cosine_of_turn",
    "standard_normal",
    "truncated_normal",
]

SMALLEST = 1e-7
"""Uniform numbers under this are raised to it before their logarithm is taken."""

BOUND = 2.0
"""A truncated normal number has an absolute value below this."""

# float32 log, sin and cos of glibc 2.28 and later; the numbers are those of Arm's Optimized
# Routines (MIT licence). log x = log(1 + r) + log c where r = x / c - 1 and c is one of 16 points
# of the interval [0.7, 1.4): 1 / c and log c.
LOG_POINTS = (
    ("0x1.661ec79f8f3bep+0", "-0x1.57bf7808caadep-2"),
    ("0x1.571ed4aaf883dp+0", "-0x1.2bef0a7c06ddbp-2"),
    ("0x1.49539f0f010bp+0", "-0x1.01eae7f513a67p-2"),
    ("0x1.3c995b0b80385p+0", "-0x1.b31d8a68224e9p-3"),
    ("0x1.30d190c8864a5p+0", "-0x1.6574f0ac07758p-3"),
    ("0x1.25e227b0b8eap+0", "-0x1.1aa2bc79c81p-3"),
    ("0x1.1bb4a4a1a343fp+0", "-0x1.a4e76ce8c0e5ep-4"),
    ("0x1.12358f08ae5bap+0", "-0x1.1973c5a611cccp-4"),
    ("0x1.0953f419900a7p+0", "-0x1.252f438e10c1ep-5"),
    ("0x1p+0", "0x0p+0"),
    ("0x1.e608cfd9a47acp-1", "0x1.aa5aa5df25984p-5"),
    ("0x1.ca4b31f026aap-1", "0x1.c5e53aa362eb4p-4"),
    ("0x1.b2036576afce6p-1", "0x1.526e57720db08p-3"),
    ("0x1.9c2d163a1aa2dp-1", "0x1.bc2860d22477p-3"),
    ("0x1.886e6037841edp-1", "0x1.1058bc8a07ee1p-2"),
    ("0x1.767dcf5534862p-1", "0x1.4043057b6ee09p-2"),
)
LOG_INTERVAL_BITS = 0x3F330000
"""The float32 bits of the start of the first interval, 0.699."""
SMALLEST_EXPONENT = -24

# log(1 + r) = r + r**2 (a + b r + c r**2), highest power first
LOG_COEFFICIENTS = tuple(
    map(
        float.fromhex,
        ("-0x1.00ea348b88334p-2", "0x1.5575b0be00b6ap-2", "-0x1.ffffef20a4123p-2"),
    )
)
# sin x = x + x**3 (...), cos x = ..., both in powers of x**2, highest first, for |x| < pi/4
SINE_COEFFICIENTS = tuple(
    map(
        float.fromhex,
        ("-0x1.994eb3774cf24p-13", "0x1.1107605230bc4p-7", "-0x1.555545995a603p-3"),
    )
)
COSINE_COEFFICIENTS = tuple(
    map(
        float.fromhex,
        (
            "0x1.99343027bf8c3p-16",
            "-0x1.6c087e89a359dp-10",
            "0x1.55553e1068f19p-5",
            "-0x1.ffffffd0c621cp-2",
            "0x1p0",
        ),
    )
)


def standard_normal(np: Any, generator: Philox, shape: Sequence[int], dtype: Any) -> Any:
    """Normal numbers of mean 0 and deviation 1, as `tf.random.normal` makes them.

    `dtype` is float16, float32 or float64.
    """
    dtype, count = np.dtype(dtype), math.prod(shape)
    per_group = _values_per_group(np, dtype)
    generator = generator.reserve(GROUPS_PER_VALUE * count)
    values = np.empty((-(-count // per_group), per_group), dtype)
    transform = _transform(np, dtype)
    for start, even, odd in group_blocks(np, generator, len(values)):
        transform(np, even, odd, values[start : start + even.shape[1]])
    return values.reshape(-1)[:count].reshape(shape)


def truncated_normal(np: Any, generator: Philox, shape: Sequence[int], dtype: Any) -> Any:
    """Normal numbers of which those beyond 2 are drawn again, as `tf.truncated_normal` makes them.

    `dtype` is float16, float32 or float64. The values of a group of four (two of float64) come
    from a stretch of the stream that is theirs alone: the first ones in it that are small enough.
    """
    dtype, count = np.dtype(dtype), math.prod(shape)
    per_group = _values_per_group(np, dtype)
    generator = generator.reserve(GROUPS_PER_VALUE * count)
    stride = GROUPS_PER_VALUE * per_group // 4
    # half floats are rounded after the comparison with the bound
    drawn_dtype = np.dtype(np.float32) if dtype == np.float16 else dtype
    values = np.empty((-(-count // per_group), per_group), drawn_dtype)
    transform = _transform(np, drawn_dtype)
    groups = values.view(np.complex128)[:, 0]
    waiting: list[Any] = []
    for start, even, odd in group_blocks(np, generator, len(values), stride):
        rows = values[start : start + even.shape[1]]
        transform(np, even, odd, rows)
        largest = np.abs(rows[:, 0])
        for column in range(1, per_group):
            np.maximum(largest, np.abs(rows[:, column]), out=largest)
        waiting.append(start + np.flatnonzero(largest >= BOUND))
        # A tenth of the groups: those of several blocks are filled up at once.
        if sum(map(len, waiting)) >= BLOCK // 2 or start + len(rows) == len(values):
            incomplete = np.concatenate(waiting)
            groups[incomplete] = _redrawn(
                np, generator, stride, incomplete, groups[incomplete], transform, drawn_dtype
            )
            waiting = []
    return values.reshape(-1)[:count].reshape(shape).astype(dtype, copy=False)


def _redrawn(
    np: Any,
    generator: Philox,
    stride: int,
    numbers: Any,
    groups: Any,
    transform: Any,
    dtype: Any,
) -> Any:
    """The groups with some `numbers`, filled up from further on where beyond the bound.

    The values of a group are one complex128, which numpy copies faster than so many of `dtype`.
    """
    places = numbers.astype(np.uint64) * np.uint64(stride)
    filled = np.empty_like(groups)
    left = np.arange(len(groups))
    groups = groups[:, None]
    while len(left):
        places += np.uint64(1)
        more = np.empty((len(left), groups.itemsize // dtype.itemsize), dtype)
        transform(np, *groups_at(np, generator, places), more)
        groups = np.concatenate([groups, more.view(np.complex128)], axis=1)
        values = groups.view(dtype)
        small = np.abs(values) < BOUND
        rank = small.astype(np.float32) @ _up_to(np, values.shape[1])
        full = rank[:, -1] >= more.shape[1]
        chosen = values[small & (rank <= more.shape[1]) & full[:, None]]
        filled[left[full]] = chosen.view(np.complex128)
        left, places, groups = left[~full], places[~full], groups[~full]
    return filled


@functools.cache
def _up_to(np: Any, count: int) -> Any:
    """What turns rows into their cumulative sums, faster than sums do where rows are short."""
    return np.triu(np.ones((count, count), np.float32))


def _values_per_group(np: Any, dtype: Any) -> int:
    if dtype in (np.float16, np.float32):
        return 4
    if dtype == np.float64:
        return 2
    raise TypeError(f"No normal distribution of {dtype}")


def _transform(np: Any, dtype: Any) -> Any:
    return fill_normal_float64 if dtype == np.float64 else _box_muller_float32


def _box_muller_float32(np: Any, even: Any, odd: Any, values: Any) -> None:
    """Fills `values` with the normal numbers of some groups.

    `even` and `odd` are uint64 [2, n], `values` float32 or float16 [n, 4].
    """
    pairs = values.reshape(-1, 2, 2)
    # of a full block, working arrays for one pair of each group at a time stay in the cache
    step = 1 if len(values) > BLOCK // 2 else 2
    for first in range(0, 2, step):
        part = slice(first, first + step)
        radius = np.maximum(_unit_float32(np, even[part]), np.float32(SMALLEST))
        radius = log_of_unit(np, radius)
        np.multiply(radius, np.float32(-2), radius)
        np.sqrt(radius, radius)
        sine, cosine = sine_cosine_of_turn(np, _unit_float32(np, odd[part]))
        np.multiply(sine, radius, out=pairs[:, part, 0].T, casting="same_kind")
        np.multiply(cosine, radius, out=pairs[:, part, 1].T, casting="same_kind")


def _unit_float32(np: Any, word: Any) -> Any:
    """Numbers in [0, 1) from 23 bits of each word (uint64): float32."""
    bits = word.astype(np.uint32)
    np.bitwise_and(bits, np.uint32(0x007FFFFF), bits)
    np.bitwise_or(bits, np.uint32(0x3F800000), bits)
    numbers = bits.view(np.float32)
    return np.subtract(numbers, np.float32(1), numbers)


class _Constants:
    """Tables, and numbers as arrays of no dimensions: faster operands than Python's floats."""

    def __init__(self, np: Any) -> None:
        inverse, log = np.array([[float.fromhex(text) for text in pair] for pair in LOG_POINTS]).T
        exponents = np.arange(SMALLEST_EXPONENT, 1.0).reshape(-1, 1)
        # of each interval, from the smallest exponent k on: 2**-k / c and log(c) + k log 2
        self.inverses = (inverse * 2.0**-exponents).reshape(-1)
        self.logs = (log + exponents * math.log(2)).reshape(-1)
        self.log, self.sine, self.cosine = (
            [np.array(number) for number in coefficients]
            for coefficients in (LOG_COEFFICIENTS, SINE_COEFFICIENTS, COSINE_COEFFICIENTS)
        )
        self.one, self.turn = np.array(1.0), np.array(2 * math.pi)
        self.quarter, self.quarters = np.array(math.pi / 2), np.array(2 / math.pi)


@functools.cache
def _constants(np: Any) -> _Constants:
    return _Constants(np)


def log_of_unit(np: Any, x: Any) -> Any:
    """Natural logarithm of float32 numbers in [1e-7, 1), to the bit as the C library gives it."""
    constants = _constants(np)
    interval = x.view(np.int32) - np.int32(LOG_INTERVAL_BITS)
    np.right_shift(interval, np.int32(19), interval)
    interval = np.subtract(interval, np.int32(16 * SMALLEST_EXPONENT), dtype=np.intp)
    r = constants.inverses.take(interval)
    np.multiply(r, x, r)
    np.subtract(r, constants.one, r)
    total = constants.logs.take(interval)
    np.add(total, r, total)
    y = _polynomial(np, r, constants.log)
    np.multiply(r, r, r)
    np.multiply(y, r, y)
    return np.add(y, total, y).astype(np.float32)


def sine_cosine_of_turn(np: Any, turn: Any) -> tuple[Any, Any]:
    """Sine and cosine of the float32 angle 2 pi `turn`, to the bit as the C library gives them.

    `turn` is float32, in [0, 1); so are the two results, of the same shape.
    """
    constants = _constants(np)
    x = np.multiply(turn, constants.turn).astype(np.float32).astype(np.float64)
    quarter = np.multiply(x, constants.quarters)
    np.rint(quarter, quarter)
    quadrant = quarter.astype(np.int32).view(np.uint32)
    np.multiply(quarter, constants.quarter, quarter)
    np.subtract(x, quarter, x)
    square = np.multiply(x, x, quarter)
    cosine = _polynomial(np, square, constants.cosine).astype(np.float32)
    sine = _polynomial(np, square, constants.sine)
    np.multiply(sine, square, sine)
    np.multiply(sine, x, sine)
    sine = np.add(sine, x, sine).astype(np.float32)
    # in odd quadrants the two change places; the sign is that of the quadrant
    one, two, sign = np.uint32(1), np.uint32(2), np.uint32(30)
    sine_bits, cosine_bits = sine.view(np.uint32), cosine.view(np.uint32)
    swap = np.bitwise_and(quadrant, one)
    np.negative(swap, swap)
    np.bitwise_and(swap, sine_bits ^ cosine_bits, swap)
    np.bitwise_xor(sine_bits, swap, sine_bits)
    np.bitwise_xor(cosine_bits, swap, cosine_bits)
    np.bitwise_xor(sine_bits, (quadrant & two) << sign, sine_bits)
    np.bitwise_xor(cosine_bits, (quadrant + one & two) << sign, cosine_bits)
    return sine, cosine


def _polynomial(np: Any, x: Any, coefficients: Sequence[Any]) -> Any:
    """Horner's rule, the coefficient of the highest power first, in one new array."""
    y = np.multiply(x, coefficients[0])
    for coefficient in coefficients[1:-1]:
        np.add(y, coefficient, y)
        np.multiply(y, x, y)
    return np.add(y, coefficients[-1], y)


def fill_normal_float64(np: Any, even: Any, odd: Any, values: Any) -> None:
    """Fills `values` (float64 [n, 2]) with the normal numbers of groups (uint64 [2, n])."""
    u = np.maximum(unit_float64(np, even[0], odd[0]), SMALLEST)
    angle = 2 * math.pi * unit_float64(np, even[1], odd[1])
    # numpy's float64 logarithm is one unit in the last place off now and then where it uses AVX-512
    log = np.fromiter(map(math.log, u.tolist()), np.float64, u.size)
    radius = np.sqrt(-2.0 * log)
    values[:, 0] = np.sin(angle) * radius
    values[:, 1] = np.cos(angle) * radius
