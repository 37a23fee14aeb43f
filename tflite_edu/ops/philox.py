"""Philox 4x32-10 random numbers, and TensorFlow's uniform distributions and shuffle on them.

The generator is that of Salmon, Moraes, Dror and Shaw, "Parallel Random Numbers: As Easy as 1, 2,
3" (SC 2011). A 64-bit key and a 128-bit counter give a group of four 32-bit words; the next group
has the next counter. So any part of the stream can be computed on its own, and numbers do not
depend on how work is split.

TensorFlow 1.15 fixes the rest: the two seeds of an op are the key and the upper half of the first
counter, and a run that makes n values takes 256 n groups off the stream, however few of them it
uses. The second run of an op in a session therefore starts at a place that depends only on the
sizes asked for before.

Every function here is handed `np` (numpy) and draws from a generator, which it advances. The bit
arithmetic reads pairs of 32-bit words as one 64-bit word and takes the machine to be
little-endian.
"""

import functools
import math
import secrets
import threading
from collections.abc import Iterator, Sequence
from typing import Any

__all__ = [
    "GROUPS_PER_VALUE",
    "Philox",
    "group_blocks",
    "groups_at",
    "philox_group",
    "shuffle_permutation",
    "uniform",
    "uniform_int",
    "unit_float64",
    "words",
]

ROUNDS = 10
MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
KEY_STEPS = (0x9E3779B9, 0xBB67AE85)

GROUPS_PER_VALUE = 256
"""Groups of the stream that TensorFlow sets aside for each value of an output."""

BLOCK = 16384
"""Groups computed at a time: the working arrays of a block (768 KiB) stay in a core's cache."""

FEW = 4
"""Up to this many groups, plain integers are faster than arrays."""

STATELESS_KEY = 0x02461E29_3EC8F720
"""The key with which TensorFlow scrambles the seeds of stateless ops."""

MASK32 = 0xFFFFFFFF
MASK64 = 0xFFFFFFFFFFFFFFFF
MASK128 = (1 << 128) - 1


class Philox:
    """A position in a Philox stream: a 64-bit `key` and a 128-bit `counter`, both Python ints.

    An op that draws random numbers has one of these in each session. `reserve` may be called by
    several threads at once.
    """

    __slots__ = ("_lock", "counter", "key")

    def __init__(self, key: int, counter: int) -> None:
        self.key = key & MASK64
        self.counter = counter & MASK128
        self._lock = threading.Lock()

    @classmethod
    def from_seeds(cls, seed: int, seed2: int) -> "Philox":
        """The generator of an op with the attributes `seed` and `seed2`, 64-bit numbers.

        Two zeros ask for a stream that differs each time; the operating system chooses it.
        """
        if seed == 0 and seed2 == 0:
            seed, seed2 = secrets.randbits(64), secrets.randbits(64)
        return cls(seed, (seed2 & MASK64) << 64)

    @classmethod
    def stateless(cls, seed: int, seed2: int) -> "Philox":
        """The generator of a `Stateless...` op, whose two seeds are input values.

        One group of Philox scrambles them first, so that any two numbers are good seeds.
        """
        word = philox_group(STATELESS_KEY, (seed & MASK64) | (seed2 & MASK64) << 64)
        return cls(word[0] | word[1] << 32, (word[2] | word[3] << 32) << 64)

    def __reduce__(self) -> tuple[Any, ...]:
        return Philox, (self.key, self.counter)

    def __repr__(self) -> str:
        return f"Philox(key=0x{self.key:016x}, counter=0x{self.counter:032x})"

    def reserve(self, groups: int) -> "Philox":
        """A generator at this position; this one moves on by `groups` counters."""
        with self._lock:
            start = self.counter
            self.counter = (start + groups) & MASK128
        return Philox(self.key, start)

    def skipped(self, groups: int) -> "Philox":
        """A generator `groups` counters further on; this one stays."""
        return Philox(self.key, self.counter + groups)


def philox_group(key: int, counter: int) -> tuple[int, int, int, int]:
    """The four 32-bit words of one group, in plain integer arithmetic."""
    word0, word1 = counter & MASK32, counter >> 32 & MASK32
    word2, word3 = counter >> 64 & MASK32, counter >> 96
    key0, key1 = key & MASK32, key >> 32
    for _ in range(ROUNDS):
        product0, product1 = MULTIPLIERS[0] * word0, MULTIPLIERS[1] * word2
        word0, word1 = product1 >> 32 ^ word1 ^ key0, product1 & MASK32
        word2, word3 = product0 >> 32 ^ word3 ^ key1, product0 & MASK32
        key0, key1 = key0 + KEY_STEPS[0] & MASK32, key1 + KEY_STEPS[1] & MASK32
    return word0, word1, word2, word3


def group_blocks(
    np: Any, generator: Philox, groups: int, stride: int = 1
) -> Iterator[tuple[int, Any, Any]]:
    """Every `stride`-th group of the stream from `generator` on, `groups` in all, by blocks.

    Yields `(start, even, odd)`: how many groups came before and two uint64 arrays `[2, block]`,
    `even` with words 0 and 2 of each group and `odd` with words 1 and 3. The arrays are the
    caller's to overwrite until it asks for the next block.
    """
    if groups <= FEW:
        if groups:
            rows = [
                philox_group(generator.key, generator.counter + i * stride & MASK128)
                for i in range(groups)
            ]
            columns = np.array(rows, np.uint64).T
            yield 0, columns[0::2].copy(), columns[1::2].copy()
        return
    round_keys = _round_keys(np, generator.key)
    offsets = np.arange(0, stride * min(groups, BLOCK), stride, dtype=np.uint64)
    scratch = np.empty(6 * offsets.size, np.uint64)
    for start in range(0, groups, BLOCK):
        count = min(BLOCK, groups - start)
        position = generator.skipped(start * stride)
        yield start, *_mix(np, position, offsets[:count], round_keys, scratch[: 6 * count])


def groups_at(np: Any, generator: Philox, offsets: Any) -> tuple[Any, Any]:
    """The groups that are `offsets` counters after `generator`: `even`, `odd` of `group_blocks`.

    `offsets` is uint64 [n].
    """
    scratch = np.empty(6 * offsets.size, np.uint64)
    return _mix(np, generator, offsets, _round_keys(np, generator.key), scratch)


def _mix(
    np: Any, generator: Philox, offsets: Any, round_keys: Any, scratch: Any
) -> tuple[Any, Any]:
    """`philox_group` of all the counters at `offsets`; `scratch` is uint64 [6 n]."""
    # Constants are arrays of no dimensions and results go to positional outputs: both halve
    # numpy's time for a call, which is what counts in a draw of a few thousand numbers.
    multiplier0, multiplier1, mask, half = _constants(np)
    even, odd, product = scratch.reshape(3, 2, -1)
    high, low = divmod(generator.counter, 1 << 64)
    counters = offsets + np.uint64(low)
    np.bitwise_and(counters, mask, even[0])
    np.right_shift(counters, half, odd[0])
    even[1], odd[1] = high & MASK32, high >> 32
    carried = counters < np.uint64(low)
    if carried.any():
        even[1, carried], odd[1, carried] = high + 1 & MASK32, high + 1 >> 32 & MASK32
    word0, word2 = even
    product1, product0 = product
    multiply, shift, xor, both = np.multiply, np.right_shift, np.bitwise_xor, np.bitwise_and
    for key0, key1 in round_keys:
        multiply(word0, multiplier0, product0)
        multiply(word2, multiplier1, product1)
        shift(product, half, even)
        xor(even, odd, even)
        xor(word0, key0, word0)
        xor(word2, key1, word2)
        both(product, mask, odd)
    return even, odd


@functools.cache
def _constants(np: Any) -> list[Any]:
    return [np.array(number, np.uint64) for number in (*MULTIPLIERS, MASK32, 32)]


@functools.lru_cache(maxsize=1024)
def _round_keys(np: Any, key: int) -> list[tuple[Any, Any]]:
    """The two halves of the key in each round, uint64 arrays of no dimensions."""
    return [
        (
            np.array((key & MASK32) + i * KEY_STEPS[0] & MASK32, np.uint64),
            np.array((key >> 32) + i * KEY_STEPS[1] & MASK32, np.uint64),
        )
        for i in range(ROUNDS)
    ]


def _word_pairs(np: Any, even: Any, odd: Any) -> Any:
    """Words (0, 1) and (2, 3) of each group as 64-bit numbers, in the memory of `odd`.

    The earlier word is the lower half. Shape [2, block].
    """
    np.left_shift(odd, np.uint64(32), out=odd)
    return np.bitwise_or(even, odd, out=odd)


def _pairs(np: Any, generator: Philox, groups: int) -> Any:
    """The stream from `generator` on (which stays), two words a number: uint64 [groups, 2]."""
    pairs = np.empty((groups, 2), np.uint64)
    for start, even, odd in group_blocks(np, generator, groups):
        pairs[start : start + odd.shape[1]] = _word_pairs(np, even, odd).T
    return pairs


def words(np: Any, generator: Philox, count: int) -> Any:
    """The first `count` 32-bit words from `generator` on (which stays): uint32 [count]."""
    return _pairs(np, generator, -(-count // 4)).view(np.uint32).reshape(-1)[:count]


def uniform(np: Any, generator: Philox, shape: Sequence[int], dtype: Any) -> Any:
    """Numbers in [0, 1) as `tf.random.uniform` makes them, `dtype` float16, float32 or float64.

    Random bits become the fraction of a number in [1, 2), from which 1 is taken away.
    """
    dtype, count = np.dtype(dtype), math.prod(shape)
    if dtype not in (np.float16, np.float32, np.float64):
        raise TypeError(f"No uniform distribution of {dtype}")
    generator = generator.reserve(GROUPS_PER_VALUE * count)
    if dtype == np.float64:
        values = np.empty((-(-count // 2), 2), np.float64)
        for start, even, odd in group_blocks(np, generator, len(values)):
            values[start : start + even.shape[1]] = unit_float64(np, even, odd).T
    elif dtype == np.float32:
        values = np.empty((-(-count // 4), 2), np.uint64)
        fraction, exponent = np.uint64(0x007FFFFF_007FFFFF), np.uint64(0x3F800000_3F800000)
        for start, even, odd in group_blocks(np, generator, len(values)):
            pairs = _word_pairs(np, even, odd)
            np.bitwise_and(pairs, fraction, out=pairs)
            rows = values[start : start + pairs.shape[1]]
            np.bitwise_or(pairs.T, exponent, out=rows)
            numbers = rows.view(np.float32)
            np.subtract(numbers, np.float32(1), out=numbers)
        values = values.view(np.float32)
    else:
        bits = words(np, generator, count) & np.uint32(0x3FF) | np.uint32(0x3C00)
        values = bits.astype(np.uint16).view(np.float16) - np.float16(1)
    return values.reshape(-1)[:count].reshape(shape)


def unit_float64(np: Any, upper: Any, lower: Any) -> Any:
    """Numbers in [0, 1) from 20 bits of `upper` and 32 of `lower`, both uint64: float64.

    The result is in the memory of `upper`.
    """
    np.bitwise_and(upper, np.uint64(0xFFFFF), out=upper)
    np.left_shift(upper, np.uint64(32), out=upper)
    np.bitwise_or(upper, lower, out=upper)
    np.bitwise_or(upper, np.uint64(0x3FF << 52), out=upper)
    numbers = upper.view(np.float64)
    return np.subtract(numbers, 1.0, out=numbers)


def uniform_int(
    np: Any, generator: Philox, shape: Sequence[int], minval: int, maxval: int, dtype: Any
) -> Any:
    """Integers in [minval, maxval) as `tf.random.uniform` makes them, `dtype` int32 or int64.

    A random word (two for int64) modulo the width of the range, so low values come up a little
    more often where the width is not a power of two. `minval < maxval` is the caller's to check.
    """
    dtype, count = np.dtype(dtype), math.prod(shape)
    if dtype not in (np.int32, np.int64):
        raise TypeError(f"No uniform distribution of {dtype}")
    generator = generator.reserve(GROUPS_PER_VALUE * count)
    if dtype == np.int32:
        values = words(np, generator, count)
    else:
        values = _pairs(np, generator, -(-count // 2)).reshape(-1)[:count]
    unsigned = values.dtype.type
    bits = 8 * dtype.itemsize
    width = unsigned(maxval - minval)
    for start in range(0, count, BLOCK):
        part = values[start : start + BLOCK]
        # x - x // width * width: numpy divides by a scalar faster than it takes remainders
        part -= part // width * width
        part += unsigned(minval & ((1 << bits) - 1))
    return values.view(dtype).reshape(shape)


def shuffle_permutation(np: Any, generator: Philox, size: int) -> Any:
    """The order in which `tf.random.shuffle` puts `size` rows: int64 [size].

    Row i of the result is row `order[i]` of the input. Fisher and Yates' shuffle from the front,
    one word of the stream a step.
    """
    steps = max(size - 1, 0)
    generator = generator.reserve(-(-steps // 4))
    step = np.arange(steps)
    offsets = words(np, generator, steps) % np.arange(size, 1, -1, dtype=np.uint32)
    partner = step + offsets  # step i changes rows i and partner[i] >= i
    # What step i finds in its own place was put there by the last earlier step whose partner was
    # i; that step brought along what it had found in its own place, and so on down to a step that
    # found its own row. Halve all these paths until nothing changes.
    found = np.arange(size)
    moved = np.flatnonzero(partner != step)
    found[partner[moved]] = moved
    while True:
        further = found[found]
        if (further == found).all():
            break
        found = further
    # Step i leaves in place i what it finds at its partner: brought there by the last earlier step
    # with this partner, else untouched.
    order = found.copy()
    by_partner = np.sort(partner << 32 | step)
    partner, step = by_partner >> 32, by_partner & MASK32
    order[step] = partner
    repeated = np.flatnonzero(partner[1:] == partner[:-1])
    order[step[repeated + 1]] = found[step[repeated]]
    return order
