"""Classes drawn as candidates, against which losses over very many classes set the true ones.

TensorFlow's "Candidate Sampling Algorithms Reference" says which loss takes which sampler.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tflite_edu.core import errors, raw
from tflite_edu.core.export import export
from tflite_edu.core.inference import with_rank, with_value
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape
from tflite_edu.ops.philox import Philox, words
from tflite_edu.ops.random_ops import seed_attributes
from tflite_edu.ops.sampling import (
    WORDS_PER_CANDIDATE,
    Ahead,
    expected_count,
    log_uniform_candidates,
    log_uniform_probability,
    uniform_candidates,
)


class _CandidateSampler(Op, abstract=True):
    """Draws `num_sampled` classes and tells how often each class was to be expected among them."""

    inputs = ("true_classes: int64",)
    outputs = (
        "sampled_candidates: int64",
        "true_expected_count: float32",
        "sampled_expected_count: float32",
    )
    effect = "random"
    stateful = True
    num_true: int = attr(minimum=1)
    num_sampled: int = attr(minimum=1)
    unique: bool

    def infer(self, true_classes: Shape) -> list[Shape]:
        batch = with_rank(true_classes, 2)[0]
        return [(self.num_sampled,), (batch, self.num_true), (self.num_sampled,)]

    def check(self, true_classes: Any) -> None:
        """Raises InvalidArgumentError where the true classes are not [batch, num_true]."""
        if true_classes.ndim != 2:
            raise errors.InvalidArgumentError(None, None, "true_classes must be a matrix")
        if true_classes.shape[1] != self.num_true:
            raise errors.InvalidArgumentError(
                None,
                None,
                "true_classes must have num_true columns, expected: "
                f"{true_classes.shape[1]} was: {self.num_true}",
            )

    def check_range(self, available: int) -> None:
        """Raises InvalidArgumentError where there are not enough different classes."""
        if self.unique and self.num_sampled > available:
            raise errors.InvalidArgumentError(None, None, "Sampler's range is too small.")

    def expected(self, np: Any, probability: Any, tries: int) -> Any:
        """How often classes of these probabilities are expected among the candidates: float32."""
        # Where no draw was refused, TensorFlow counts as if repeated classes were welcome.
        refused = tries != self.num_sampled
        return expected_count(np, probability, self.num_sampled, tries, refused)


class _RangeSampler(_CandidateSampler, abstract=True):
    """Classes from 0 up to but not including `range_max`, with a probability for each."""

    range_max: int = attr(minimum=1)
    seed: int = 0
    seed2: int = 0

    def candidates(self, np: Any, generator: Ahead) -> tuple[Any, int]:
        """The classes drawn, int64 [num_sampled], and the number of draws that it took."""
        raise NotImplementedError

    def probability(self, np: Any, classes: Any) -> Any:
        """The probability of each class in one draw."""
        raise NotImplementedError

    def forward(self, host: Any, true_classes: Any) -> Any:
        np = host.np
        self.check(true_classes)
        self.check_range(self.range_max)
        generator = host.keep(lambda: Ahead(Philox.from_seeds(self.seed, self.seed2)))
        sampled, tries = self.candidates(np, generator)
        counts = [
            self.expected(np, self.probability(np, classes), tries)
            for classes in (true_classes, sampled)
        ]
        return [sampled, *counts]


class LogUniformCandidateSampler(_RangeSampler):
    """Low classes more often, as with words of a language sorted by how frequent they are."""

    def candidates(self, np: Any, generator: Ahead) -> tuple[Any, int]:
        return log_uniform_candidates(np, generator, self.num_sampled, self.range_max, self.unique)

    def probability(self, np: Any, classes: Any) -> Any:
        return log_uniform_probability(np, classes, self.range_max)


@export("random.log_uniform_candidate_sampler", "nn.log_uniform_candidate_sampler")
def log_uniform_candidate_sampler(
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    range_max: int,
    seed: int | None = None,
    name: str | None = None,
) -> Any:
    """Classes of which k comes with probability log((k + 2) / (k + 1)) / log(range_max + 1).

    Args:
      true_classes: int64 [batch, num_true], the classes for which expected counts are wanted.
      num_sampled: how many classes to draw, the same for the whole batch.
      unique: whether no class may come twice.
      range_max: the number of classes.
      seed: see `tf.set_random_seed`.

    Returns `sampled_candidates` (int64 [num_sampled]), `true_expected_count` (float32 [batch,
    num_true]) and `sampled_expected_count` (float32 [num_sampled]): how often each class is to be
    expected among the candidates. Raises ValueError where `true_classes` is no matrix;
    InvalidArgumentError in a run where it has another width, or where more unique classes are
    wanted than there are.
    """
    return raw.LogUniformCandidateSampler(
        true_classes,
        num_true=num_true,
        num_sampled=num_sampled,
        unique=unique,
        range_max=range_max,
        name=name,
        **seed_attributes(seed),
    )


class UniformCandidateSampler(_RangeSampler):
    """All classes equally often."""

    def candidates(self, np: Any, generator: Ahead) -> tuple[Any, int]:
        return uniform_candidates(np, generator, self.num_sampled, self.range_max, self.unique)

    def probability(self, np: Any, classes: Any) -> Any:
        return np.full(classes.shape, 1.0 / self.range_max)


@export("random.uniform_candidate_sampler", "nn.uniform_candidate_sampler")
def uniform_candidate_sampler(
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    range_max: int,
    seed: int | None = None,
    name: str | None = None,
) -> Any:
    """Classes with probability 1 / range_max each.

    Arguments, results and errors are those of `tf.nn.log_uniform_candidate_sampler`.
    """
    return raw.UniformCandidateSampler(
        true_classes,
        num_true=num_true,
        num_sampled=num_sampled,
        unique=unique,
        range_max=range_max,
        name=name,
        **seed_attributes(seed),
    )


class FixedUnigramCandidateSampler(_CandidateSampler):
    """Classes in proportion to given weights, a power of how often each was counted."""

    range_max: int = attr(minimum=1)
    vocab_file: str = ""
    distortion: float = 1.0
    num_reserved_ids: int = 0
    num_shards: int = attr(default=1, minimum=1)
    shard: int = attr(default=0, minimum=0)
    unigrams: list[float] = ()  # type: ignore[assignment]
    seed: int = 0
    seed2: int = 0

    def forward(self, host: Any, true_classes: Any) -> Any:
        np = host.np
        generator, table = host.keep(
            lambda: (Philox.from_seeds(self.seed, self.seed2), _AliasTable(np, self.weights(np)))
        )
        self.check(true_classes)
        self.check_range(min(self.range_max, np.count_nonzero(table.weights)))
        sampled, tries = table.draw(np, generator, self.num_sampled, self.unique)
        counts = [
            self.expected(np, table.probability(np, classes), tries)
            for classes in (true_classes, sampled)
        ]
        return [sampled, *counts]

    def weights(self, np: Any) -> Any:
        """The weights of the classes in this shard: float32 [range_max]."""
        if self.vocab_file and self.unigrams:
            message = "Must only provide one of vocab_file and unigrams."
            raise errors.InvalidArgumentError(None, None, message)
        if not self.vocab_file and not self.unigrams:
            message = "Must provide either vocab_file or unigrams."
            raise errors.InvalidArgumentError(None, None, message)
        counted = self.unigrams or _counts_in_file(self.vocab_file)
        weights = np.power(np.array(counted, np.float32), np.float32(self.distortion))
        weights = np.concatenate([np.zeros(self.num_reserved_ids, np.float32), weights])
        weights = weights[self.shard :: self.num_shards] if self.shard < self.num_shards else []
        if len(weights) != self.range_max:
            raise errors.InvalidArgumentError(
                None, None, f"range_max is {self.range_max}, but {len(weights)} classes have counts"
            )
        return weights


def _counts_in_file(path: str) -> list[float]:
    """The last field of each line of a file of comma separated values."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            lines = file.read().splitlines()
    except OSError as error:
        raise errors.NotFoundError(None, None, f"{path}; {error.strerror}") from None
    counts = []
    for line in lines:
        try:
            counts.append(float(line.rpartition(",")[2]))
        except ValueError:
            message = f"Wrong vocabulary format at line: {line}"
            raise errors.InvalidArgumentError(None, None, message) from None
    return counts


class _AliasTable:
    """Draws numbers in proportion to weights, in constant time for each.

    Vose, "A Linear Algorithm for Generating Random Numbers with a Given Distribution" (1991): a
    number drawn uniformly is kept with the probability `kept`, else its `alias` stands for it.
    """

    def __init__(self, np: Any, weights: Any) -> None:
        self.weights = weights
        self.total = weights.astype(np.float64).sum()
        size = len(weights)
        share = (weights.astype(np.float64) * size / self.total).tolist()
        low = [i for i, s in enumerate(share) if s < 1]
        high = [i for i, s in enumerate(share) if not s < 1]
        alias = list(range(size))
        while low and high:
            short, long = low.pop(), high.pop()
            alias[short] = long
            share[long] -= 1 - share[short]
            (low if share[long] < 1 else high).append(long)
        for left in low + high:
            share[left] = 1.0
        self.kept = np.array(share, np.float32).tolist()
        self.alias = alias

    def draw(self, np: Any, generator: Philox, count: int, unique: bool) -> tuple[Any, int]:
        """Numbers, int64 [count], and the number of draws that they took."""
        generator = generator.reserve(WORDS_PER_CANDIDATE * count // 4)
        drawn = _words(np, generator, count)
        found: list[int] = []
        taken: set[int] = set()
        tries = 0
        while len(found) < count:
            tries += 1
            unit = (next(drawn) & 0x7FFFFF) / 2**23
            number = _below(drawn, len(self.kept))
            if unit >= self.kept[number]:
                number = self.alias[number]
            if not unique or number not in taken:
                found.append(number)
                taken.add(number)
        return np.array(found, np.int64), tries

    def probability(self, np: Any, numbers: Any) -> Any:
        """The probability of each of `numbers`, 0 where there is no such number: float64."""
        known = (numbers >= 0) & (numbers < len(self.weights))
        weights = self.weights[np.where(known, numbers, 0)].astype(np.float64)
        return np.where(known, weights / self.total, 0.0)


def _words(np: Any, generator: Philox, groups: int) -> Iterator[int]:
    """The stream's words, without end."""
    while True:
        yield from words(np, generator, 4 * groups).tolist()
        generator = generator.skipped(groups)


def _below(drawn: Iterator[int], limit: int) -> int:
    """A number below `limit`, all equally likely."""
    if limit & (limit - 1) == 0:
        return next(drawn) & (limit - 1)
    excess = (2**32 - 1) % limit + 1
    word = next(drawn)
    while word < excess:
        word = next(drawn)
    return word % limit


@export("random.fixed_unigram_candidate_sampler", "nn.fixed_unigram_candidate_sampler")
def fixed_unigram_candidate_sampler(
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    range_max: int,
    vocab_file: str = "",
    distortion: float = 1.0,
    num_reserved_ids: int = 0,
    num_shards: int = 1,
    shard: int = 0,
    unigrams: Sequence[float] = (),
    seed: int | None = None,
    name: str | None = None,
) -> Any:
    """Classes in proportion to `count ** distortion`, where counts are given for all of them.

    Args:
      vocab_file: a file with a line for each class that ends in a comma and its count.
      distortion: 1 for the counts as they are, 0 for all classes alike.
      num_reserved_ids: how many classes come before those counted, and are never drawn.
      num_shards, shard: classes k with k % num_shards == shard are drawn from, and numbered anew.
      unigrams: the counts, in place of a file.

    The other arguments, the results and errors are those of `tf.nn.log_uniform_candidate_sampler`;
    in a run, InvalidArgumentError also where both counts and file are given, or neither, or counts
    of other than `range_max` classes; NotFoundError where there is no such file.
    """
    return raw.FixedUnigramCandidateSampler(
        true_classes,
        num_true=num_true,
        num_sampled=num_sampled,
        unique=unique,
        range_max=range_max,
        vocab_file=vocab_file,
        distortion=distortion,
        num_reserved_ids=num_reserved_ids,
        num_shards=num_shards,
        shard=shard,
        unigrams=unigrams,
        name=name,
        **seed_attributes(seed),
    )


class AllCandidateSampler(_CandidateSampler):
    """Every class once, in order."""

    seed: int = 0
    seed2: int = 0

    def forward(self, host: Any, true_classes: Any) -> Any:
        np = host.np
        self.check(true_classes)
        return [
            np.arange(self.num_sampled, dtype=np.int64),
            np.ones(true_classes.shape, np.float32),
            np.ones(self.num_sampled, np.float32),
        ]


@export("random.all_candidate_sampler", "nn.all_candidate_sampler")
def all_candidate_sampler(
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    seed: int | None = None,
    name: str | None = None,
) -> Any:
    """All classes, of which there are `num_sampled`: the exact loss in place of a sampled one.

    Arguments, results and errors are those of `tf.nn.log_uniform_candidate_sampler`.
    """
    return raw.AllCandidateSampler(
        true_classes,
        num_true=num_true,
        num_sampled=num_sampled,
        unique=unique,
        name=name,
        **seed_attributes(seed),
    )


class ComputeAccidentalHits(Op):
    """Where true classes are among the candidates."""

    inputs = ("true_classes: int64", "sampled_candidates: int64")
    outputs = ("indices: int32", "ids: int64", "weights: float32")
    num_true: int
    seed: int = 0
    seed2: int = 0

    def infer(self, true_classes: Shape, sampled_candidates: Shape) -> list[Shape]:
        columns = with_rank(true_classes, 2)[1]
        if columns is not None:
            with_value(columns, self.num_true)
        with_rank(sampled_candidates, 1)
        return [(None,)] * 3

    def forward(self, np: Any, true_classes: Any, sampled_candidates: Any) -> Any:
        if true_classes.ndim != 2 or true_classes.shape[1] != self.num_true:
            message = "true_candidates must be a batch_size * num_true matrix"
            raise errors.InvalidArgumentError(None, None, message)
        if sampled_candidates.ndim != 1:
            message = (
                "sampled_candidates must be a vector, which is typically an output from "
                "CandidateSampler"
            )
            raise errors.InvalidArgumentError(None, None, message)
        # Of a class that was drawn several times, the last place counts.
        order = sampled_candidates.argsort(kind="stable")
        place = sampled_candidates.searchsorted(true_classes, side="right", sorter=order) - 1
        if order.size:
            place = order[np.maximum(place, 0)]
            hit = sampled_candidates[place] == true_classes
        else:
            hit = np.zeros(true_classes.shape, np.bool_)
        weights = np.full(np.count_nonzero(hit), -np.finfo(np.float32).max, np.float32)
        return [hit.nonzero()[0].astype(np.int32), place[hit].astype(np.int64), weights]


@export("nn.compute_accidental_hits")
def compute_accidental_hits(
    true_classes: Any,
    sampled_candidates: Any,
    num_true: int,
    seed: int | None = None,
    name: str | None = None,
) -> Any:
    """Where true classes are among the candidates, so that losses can leave these pairs out.

    Args:
      true_classes: int64 [batch, num_true].
      sampled_candidates: int64 [num_sampled].
      seed: without effect on the result.

    Returns, with an entry for each pair of a true class and a candidate that is the same, `indices`
    (int32, rows of the batch), `ids` (int64, places among the candidates) and `weights` (the least
    float32, to be added to the candidate's logit). Raises ValueError where the shapes are others,
    InvalidArgumentError where that shows in a run only.
    """
    return raw.ComputeAccidentalHits(
        true_classes,
        sampled_candidates,
        num_true=num_true,
        name=name,
        **seed_attributes(seed),
    )
