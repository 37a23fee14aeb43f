"""Categorical, gamma and Poisson draws and candidate classes, as TensorFlow 1.15 makes them.

Categorical draws and candidates read one stream from its start; each gamma or Poisson value has a
stretch of 256 groups of its own and tries numbers from it until one is accepted. All work with
float64 numbers of two words each.
"""

import math
import threading
from collections.abc import Callable
from typing import Any

from tflite_edu.ops.box_muller import fill_normal_float64
from tflite_edu.ops.philox import (
    GROUPS_PER_VALUE,
    Philox,
    group_blocks,
    groups_at,
    unit_float64,
)

__all__ = [
    "Ahead",
    "expected_count",
    "log_uniform_candidates",
    "log_uniform_probability",
    "multinomial",
    "random_gamma",
    "random_poisson",
    "uniform_candidates",
]

WORDS_PER_CANDIDATE = 2048
"""Words of the stream that TensorFlow sets aside for each class sampled."""

LARGE_RATE = 10.0
"""From this rate on, Poisson numbers are made by transformed rejection."""


def multinomial(np: Any, generator: Philox, logits: Any, num_samples: int) -> Any:
    """Classes drawn with probabilities softmax(`logits`): int64 [batch, num_samples].

    `logits` is [batch, classes] of any real dtype. Logits that are not finite stand for a
    probability of 0; where a row has no other, the result is the number of classes. The numbers
    are those TensorFlow gives with one thread: with more, it splits a large batch and gives
    others.
    """
    batch, classes = logits.shape
    # two words a sample, and the number of samples rounded up to four
    generator = generator.reserve(2 * GROUPS_PER_VALUE * batch * -(-num_samples // 4) * 4)
    draws = _unit_numbers(np, generator, batch * num_samples).reshape(batch, num_samples)
    cumulative = logits.astype(np.float64)
    finite = np.isfinite(cumulative)
    is_finite = finite.all()
    largest = cumulative.max(
        axis=1, initial=-math.inf, where=True if is_finite else finite, keepdims=True
    )
    if not is_finite:
        cumulative[~finite] = -math.inf
        largest[largest == -math.inf] = 0
    np.subtract(cumulative, largest, cumulative)
    np.exp(cumulative, cumulative)
    np.cumsum(cumulative, axis=1, out=cumulative)
    sought = draws * cumulative[:, -1:] if classes else draws
    if batch > max(num_samples, _FEW_ROWS):
        return _counts_up_to(np, cumulative, sought)
    found = np.empty((batch, num_samples), np.int64)
    for row in range(batch):
        found[row] = cumulative[row].searchsorted(sought[row], side="right")
    return found


# So many searches take no longer one by one.
_FEW_ROWS = 16


def _counts_up_to(np: Any, rows: Any, sought: Any) -> Any:
    """How many numbers of each row, which never decrease, are not above each that is sought.

    A binary search in all rows at once: `rows` is [batch, n], `sought` [batch, m].
    """
    batch, size = rows.shape
    starts = np.arange(batch)[:, None] * size
    numbers = rows.reshape(-1)
    found = np.zeros(sought.shape, np.int64)
    step = 1 << size.bit_length() >> 1
    while step:
        tried = found + step
        last = np.minimum(tried, size)
        np.add(last, starts - 1, last)
        is_reached = numbers.take(last) <= sought
        is_reached &= tried <= size
        np.copyto(found, tried, where=is_reached)
        step >>= 1
    return found


def _unit_numbers(np: Any, generator: Philox, count: int) -> Any:
    """Numbers in [0, 1) from the start of a stream: float64 [count]."""
    numbers = np.empty((-(-count // 2), 2), np.float64)
    for start, even, odd in group_blocks(np, generator, len(numbers)):
        numbers[start : start + even.shape[1]] = unit_float64(np, even, odd).T
    return numbers.reshape(-1)[:count]


class _Stretches:
    """Uniform and normal numbers for many values at once, each with its own stretch of a stream.

    A group gives two numbers, of which the second is used first; the other waits until its value
    next asks for one of its kind.
    """

    def __init__(self, np: Any, generator: Philox, count: int) -> None:
        self.np = np
        self.generator = generator.reserve(GROUPS_PER_VALUE * count)
        self.place = np.arange(count, dtype=np.uint64) * np.uint64(GROUPS_PER_VALUE)
        self.waiting_uniform = np.full(count, np.nan)
        self.waiting_normal = np.full(count, np.nan)

    def uniform(self, values: Any) -> Any:
        """A uniform number in [0, 1) for each of the values numbered `values`."""
        return self._next(values, self.waiting_uniform, self._uniform_pairs)

    def normal(self, values: Any) -> Any:
        """A normal number for each of the values numbered `values`."""
        return self._next(values, self.waiting_normal, self._normal_pairs)

    def _next(self, values: Any, waiting: Any, make_pairs: Any) -> Any:
        numbers = waiting[values]
        fresh = self.np.isnan(numbers)
        waiting[values] = self.np.nan
        empty = values[fresh]
        if empty.size:
            even, odd = groups_at(self.np, self.generator, self.place[empty])
            self.place[empty] += self.np.uint64(1)
            pairs = make_pairs(even, odd)
            numbers[fresh] = pairs[:, 1]
            waiting[empty] = pairs[:, 0]
        return numbers

    def _uniform_pairs(self, even: Any, odd: Any) -> Any:
        return unit_float64(self.np, even, odd).T

    def _normal_pairs(self, even: Any, odd: Any) -> Any:
        pairs = self.np.empty((even.shape[1], 2))
        fill_normal_float64(self.np, even, odd, pairs)
        return pairs


def random_gamma(np: Any, generator: Philox, count: int, alpha: Any) -> Any:
    """Gamma numbers of shape parameter `alpha` and rate 1: [count, *alpha.shape].

    `alpha` is a float array of any shape; where it is negative or not a number, so is the result
    not a number. Marsaglia and Tsang, "A Simple Method for Generating Gamma Variables" (2000). At
    alpha = 1 the numbers are exponential.
    """
    alphas = np.repeat(alpha.astype(np.float64).reshape(-1), count)
    stretches = _Stretches(np, generator, alphas.size)
    results = np.full(alphas.size, np.nan)
    exponential = np.flatnonzero(alphas == 1)
    results[exponential] = -np.log(1 - stretches.uniform(exponential))
    d = alphas + np.where(alphas < 1, 2.0 / 3, -1.0 / 3)
    left = np.flatnonzero((alphas != 1) & (alphas >= 0))
    c = 1.0 / 3 / np.sqrt(np.abs(d))
    while left.size:
        x = stretches.normal(left)
        v = 1 + c[left] * x
        possible = v > 0
        tried, x, v = left[possible], x[possible], v[possible]
        v = v * v * v
        u = stretches.uniform(tried)
        accepted = u < 1 - 0.0331 * (x * x) * (x * x)
        with np.errstate(divide="ignore", invalid="ignore"):
            accepted |= np.log(u) < 0.5 * x * x + d[tried] * (1 - v + np.log(v))
        done = tried[accepted]
        results[done] = d[done] * v[accepted]
        small = done[alphas[done] < 1]
        with np.errstate(divide="ignore"):
            results[small] *= stretches.uniform(small) ** (1 / alphas[small])
        left = np.setdiff1d(left, done, assume_unique=True)
    if alpha.dtype in (np.float32, np.float64):
        # TensorFlow's threads take numbers too small for full precision to be 0
        results[results < np.finfo(alpha.dtype).tiny] = 0
    return _samples_first(results, count, alpha).astype(alpha.dtype)


def random_poisson(np: Any, generator: Philox, count: int, rate: Any, dtype: Any) -> Any:
    """Poisson numbers of mean `rate`: [count, *rate.shape] of `dtype`.

    `rate` is a real array of any shape. A negative rate gives 0, one that is not finite is drawn
    as not a number. Below a rate of 10, Knuth's count of uniform factors; from there on Hörmann's
    "The Transformed Rejection Method for Generating Poisson Random Variables" (1993).
    """
    rates = np.repeat(rate.astype(np.float64).reshape(-1), count)
    stretches = _Stretches(np, generator, rates.size)
    results = np.where(np.isfinite(rates), 0, np.nan)
    left = np.flatnonzero((rates < LARGE_RATE) & np.isfinite(rates))
    product, least = np.ones(rates.size), np.exp(-np.maximum(rates, 0))
    while left.size:
        product[left] *= stretches.uniform(left)
        left = left[product[left] > least[left]]
        results[left] += 1
    left = np.flatnonzero((rates >= LARGE_RATE) & np.isfinite(rates))
    while left.size:
        mean = rates[left]
        number, accepted = _transformed_rejection(
            np, mean, stretches.uniform(left) - 0.5, stretches.uniform(left)
        )
        results[left[accepted]] = number[accepted]
        left = left[~accepted]
    return _samples_first(results, count, rate).astype(dtype)


def _transformed_rejection(np: Any, mean: Any, u: Any, v: Any) -> tuple[Any, Any]:
    """Hörmann's trial number for each mean, and whether it is accepted."""
    b = 0.931 + 2.53 * np.sqrt(mean)
    a = -0.059 + 0.02483 * b
    from_edge = 0.5 - np.abs(u)
    with np.errstate(divide="ignore", invalid="ignore"):
        number = np.floor((2 * a / from_edge + b) * u + mean + 0.43)
        at_once = (from_edge >= 0.07) & (v <= 0.9277 - 3.6224 / (b - 2))
        possible = (number >= 0) & ~((from_edge < 0.013) & (v > from_edge))
        height = np.log(v * (1.1239 + 1.1328 / (b - 3.4)) / (a / (from_edge * from_edge) + b))
    log_factorial = np.array([math.lgamma(n + 1) if n >= 0 else 0.0 for n in number.tolist()])
    return number, at_once | possible & (height <= -mean + number * np.log(mean) - log_factorial)


def _samples_first(results: Any, count: int, parameter: Any) -> Any:
    """Results of which each parameter has `count` in a row, as [count, *parameter.shape]."""
    return results.reshape(-1, count).T.reshape(count, *parameter.shape)


class Ahead:
    """The stream of a sampler, of which the words for several runs are computed at once.

    Each run reads the beginning of a stretch of its own. Several threads may take one at a time.
    """

    __slots__ = ("_beginnings", "_generator", "_lock")

    def __init__(self, generator: Philox) -> None:
        self._generator = generator
        self._lock = threading.Lock()
        self._beginnings: list[tuple[Any, Philox]] = []

    def next(self, np: Any, count: int) -> tuple[Any, Philox]:
        """`_beginning` of the next stretch; `count` is always the same."""
        with self._lock:
            if not self._beginnings:
                runs = max(_WORDS_AHEAD // (4 * count), 1)
                self._beginnings = _beginnings(np, self._generator, count, runs)[::-1]
            return self._beginnings.pop()


# Words that are computed at once: more take no less time each.
_WORDS_AHEAD = 1 << 13


def log_uniform_candidates(
    np: Any, generator: Philox | Ahead, num_sampled: int, range_max: int, unique: bool
) -> tuple[Any, int]:
    """Classes below `range_max`, the low ones more often, much as words of a language are.

    Class k comes with probability log((k + 2) / (k + 1)) / log(range_max + 1). Returns int64
    [num_sampled] and the number of draws it took: `unique` classes are drawn until there are
    enough, which takes `num_sampled <= range_max` (the caller's to check).
    """
    scale = math.log1p(range_max) / 2**52
    exp = math.exp
    fraction, half = np.uint64(0xFFFFF), np.uint64(32)

    def drawn(pairs: Any) -> list[int]:
        bits = ((pairs & fraction) << half | pairs >> half).tolist()
        return [(int(exp(b * scale)) - 1) % range_max for b in bits]

    return _candidates(np, generator, num_sampled, unique, drawn)


def uniform_candidates(
    np: Any, generator: Philox | Ahead, num_sampled: int, range_max: int, unique: bool
) -> tuple[Any, int]:
    """Classes below `range_max`, all equally likely; otherwise as `log_uniform_candidates`."""

    def drawn(pairs: Any) -> list[int]:
        classes: list[int] = (pairs % np.uint64(range_max)).tolist()
        return classes

    return _candidates(np, generator, num_sampled, unique, drawn)


def _candidates(
    np: Any,
    generator: Philox | Ahead,
    num_sampled: int,
    unique: bool,
    drawn: Callable[[Any], list[int]],
) -> tuple[Any, int]:
    if isinstance(generator, Ahead):
        pairs, generator = generator.next(np, num_sampled)
    else:
        [(pairs, generator)] = _beginnings(np, generator, num_sampled, 1)
    if not unique:
        return np.array(drawn(pairs[:num_sampled]), np.int64), num_sampled
    classes = drawn(pairs)
    # A dict, as it keeps the order in which classes came up first.
    different = dict.fromkeys(classes)
    while len(different) < num_sampled:
        [(pairs, generator)] = _beginnings(np, generator, num_sampled, 1)
        more = drawn(pairs)
        classes += more
        different.update(dict.fromkeys(more))
    found = list(different)[:num_sampled]
    return np.array(found, np.int64), classes.index(found[-1]) + 1


def _beginnings(np: Any, generator: Philox, count: int, runs: int) -> list[tuple[Any, Philox]]:
    """What the next `runs` runs of a sampler of `count` classes read first, and where they go on.

    That is 2 `count` numbers of two words each, uint64, the earlier word in the lower half.
    """
    stretch = WORDS_PER_CANDIDATE * count // 4
    generator = generator.reserve(stretch * runs)
    starts = np.arange(0, stretch * runs, stretch, dtype=np.uint64)
    offsets = np.add.outer(starts, np.arange(count, dtype=np.uint64))
    even, odd = groups_at(np, generator, offsets.reshape(-1))
    pairs = (even | odd << np.uint64(32)).T.reshape(runs, 2 * count)
    return [(pairs[i], generator.skipped(stretch * i + count)) for i in range(runs)]


def log_uniform_probability(np: Any, classes: Any, range_max: int) -> Any:
    """The probability with which `log_uniform_candidates` draws each of `classes`: float64."""
    classes = classes.astype(np.float64)
    return np.log((classes + 2) / (classes + 1)) / math.log1p(range_max)


def expected_count(np: Any, probability: Any, num_sampled: int, tries: int, unique: bool) -> Any:
    """How often a class of this probability is expected among the candidates: float32."""
    if unique:
        return -np.expm1(tries * np.log1p(-probability)).astype(np.float32)
    return (probability * num_sampled).astype(np.float32)
