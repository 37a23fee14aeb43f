"""The most probable label sequences of what a network trained with the CTC loss puts out."""

from __future__ import annotations

import heapq
import math
from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.dtypes import DOUBLE, FLOAT, DType
from tflite_edu.core.errors import FailedPreconditionError, InvalidArgumentError
from tflite_edu.core.export import export
from tflite_edu.core.inference import merge_dims, with_rank
from tflite_edu.core.op import Op, attr
from tflite_edu.core.shapes import Shape
from tflite_edu.core.sparse_tensor import SparseTensor
from tflite_edu.core.tensor import Tensor

_IMPOSSIBLE = -math.inf


def _batch_size(inputs: Shape, sequence_length: Shape) -> int | None:
    return merge_dims(with_rank(inputs, 3)[1], with_rank(sequence_length, 1)[0])


def _check(inputs: Any, sequence_length: Any) -> None:
    """Raises where logits `[time, batch, classes]` and lengths `[batch]` do not fit."""
    if inputs.ndim != 3:
        raise InvalidArgumentError(None, None, "inputs is not a 3-Tensor")
    times, batch, _ = inputs.shape
    if times == 0:
        raise InvalidArgumentError(None, None, "max_time is 0")
    if sequence_length.ndim != 1:
        raise InvalidArgumentError(None, None, "sequence_length is not a vector")
    if sequence_length.size != batch:
        raise FailedPreconditionError(
            None,
            None,
            "len(sequence_length) != batch_size.  "
            f"len(sequence_length):  {sequence_length.size} batch_size: {batch}",
        )
    for b, length in enumerate(sequence_length.tolist()):
        if length > times:
            raise FailedPreconditionError(None, None, f"sequence_length({b}) <= {times}")


def _sparse(np: Any, sequences: list[list[int]]) -> tuple[Any, Any, Any]:
    """Indices, values and dense shape of sequences as the rows of a matrix."""
    counts = np.array([len(s) for s in sequences], np.int64)
    total = int(counts.sum())
    rows = np.repeat(np.arange(len(sequences)), counts)
    columns = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
    values = np.array([label for s in sequences for label in s], np.int64)
    longest = int(counts.max(initial=0))
    return (
        np.stack([rows, columns], 1).astype(np.int64).reshape(total, 2),
        values,
        np.array([len(sequences), longest], np.int64),
    )


class CTCGreedyDecoder(Op):
    """The labels of the best class at each time, without blanks; repeated ones may be merged."""

    inputs = ("inputs: T", "sequence_length: int32")
    outputs = (
        *("decoded_indices: int64", "decoded_values: int64", "decoded_shape: int64"),
        "log_probability: T",
    )
    merge_repeated: bool = False
    T: DType = attr(FLOAT, DOUBLE, default=FLOAT)
    backward = None

    def infer(self, inputs: Shape, sequence_length: Shape) -> list[Shape]:
        return [(None, 2), (None,), (2,), (_batch_size(inputs, sequence_length), 1)]

    def forward(self, np: Any, inputs: Any, sequence_length: Any) -> Any:
        _check(inputs, sequence_length)
        times, _, classes = inputs.shape
        within = np.arange(times)[:, None] < sequence_length
        best = inputs.argmax(-1)
        kept = within & (best != classes - 1)
        if self.merge_repeated:
            kept[1:] &= best[1:] != best[:-1]
        highest = np.where(within, inputs.max(-1), 0)
        sequences = [b[k].tolist() for b, k in zip(best.T, kept.T, strict=True)]
        total = -highest.sum(0, dtype=inputs.dtype)
        return (*_sparse(np, sequences), total[:, None])


@export("nn.ctc_greedy_decoder")
def ctc_greedy_decoder(
    inputs: Any, sequence_length: Any, merge_repeated: bool = True
) -> tuple[list[SparseTensor], Tensor]:
    """The labels of the best class at each time step, without blanks.

    Args:
      inputs: logits `[time, batch, classes]`; the last class is the blank.
      sequence_length: int32 `[batch]`, how many time steps count.
      merge_repeated: take labels that repeat without a blank between for one.

    Returns a list of one SparseTensor of int64 `[batch, most labels]`, and the negative sums
    `[batch, 1]` of the greatest logits.
    """
    indices, values, shape, log_probability = raw.CTCGreedyDecoder(
        inputs, sequence_length, merge_repeated=merge_repeated
    )
    return [SparseTensor(indices, values, shape)], log_probability


class _Prefix:
    """A label sequence in the search tree, with its log-probabilities now and one step ago.

    `blank` and `label` are of the alignments that end in a blank and in the last label, `total` of
    both together.
    """

    __slots__ = (
        *("blank", "children", "label", "last", "old_blank", "old_total", "parent", "total"),
    )

    def __init__(self, parent: _Prefix | None, last: int) -> None:
        self.parent = parent
        self.last = last
        self.children: dict[int, _Prefix] = {}
        self.old_total = self.old_blank = _IMPOSSIBLE
        self.leave()

    def leave(self) -> None:
        """Marks it as no longer among the best."""
        self.total = self.blank = self.label = _IMPOSSIBLE

    def labels(self, merge_repeated: bool) -> list[int]:
        """Its labels, first to last."""
        found: list[int] = []
        previous = -1
        prefix = self
        while prefix.parent is not None:
            if not merge_repeated or prefix.last != previous:
                found.append(prefix.last)
            previous = prefix.last
            prefix = prefix.parent
        return found[::-1]


def _log_sum(a: float, b: float) -> float:
    if a < b:
        a, b = b, a
    return a if b == _IMPOSSIBLE else a + math.log1p(math.exp(b - a))


class _Beam:
    """The best prefixes of one sequence, at most `width`, as a heap with the worst on top."""

    __slots__ = ("count", "heap", "width")

    def __init__(self, width: int) -> None:
        self.width = width
        self.count = 0
        root = _Prefix(None, -1)
        root.total = root.blank = 0.0
        self.heap: list[tuple[float, int, _Prefix]] = []
        self.push(root)

    def push(self, prefix: _Prefix) -> None:
        """Takes a prefix in; where the beam is full, the worst one goes."""
        self.count += 1
        # Of equal ones the later goes first.
        entry = (prefix.total, -self.count, prefix)
        if len(self.heap) < self.width:
            heapq.heappush(self.heap, entry)
        else:
            heapq.heappushpop(self.heap, entry)[2].leave()

    @property
    def least(self) -> float:
        """What a prefix must exceed to be taken in."""
        return self.heap[0][0] if len(self.heap) == self.width else _IMPOSSIBLE

    def best(self) -> list[_Prefix]:
        """Its prefixes, the best first."""
        return [prefix for _, _, prefix in sorted(self.heap, key=lambda e: (-e[0], -e[1]))]

    def step(self, np: Any, scores: Any) -> None:
        """One time step; `scores` are the log-probabilities of the classes, the blank last."""
        prefixes = self.best()
        self.heap = []
        listed = scores.tolist()
        blank = listed[-1]
        for prefix in prefixes:
            prefix.old_total, prefix.old_blank = prefix.total, prefix.blank
        for prefix in prefixes:
            parent = prefix.parent
            if parent is not None:
                if parent.total != _IMPOSSIBLE:
                    repeated = prefix.last == parent.last
                    way = parent.old_blank if repeated else parent.old_total
                    prefix.label = _log_sum(prefix.label, way)
                prefix.label += listed[prefix.last]
            prefix.blank = prefix.old_total + blank
            prefix.total = _log_sum(prefix.blank, prefix.label)
            self.push(prefix)
        for prefix in prefixes:
            if prefix.old_total > self.least:
                self._grow(np, prefix, scores)

    def _grow(self, np: Any, prefix: _Prefix, scores: Any) -> None:
        """Takes in what follows a prefix by one label, so far as it is good enough."""
        totals = prefix.old_total + scores[:-1]
        if prefix.last >= 0:
            totals[prefix.last] = prefix.old_blank + scores[prefix.last]
        for label in np.flatnonzero(totals > self.least).tolist():
            total = float(totals[label])
            if total <= self.least:
                continue
            child = prefix.children.get(label)
            if child is None:
                child = prefix.children[label] = _Prefix(prefix, label)
            elif child.total != _IMPOSSIBLE:
                continue
            child.blank = _IMPOSSIBLE
            child.label = child.total = total
            self.push(child)


class CTCBeamSearchDecoder(Op):
    """The most probable label sequences, by a beam search over prefixes.

    Graves, "Supervised sequence labelling with recurrent neural networks" (2012), section 7.5. The
    search goes on from the best prefixes one after the other, so each step of each sequence is a
    Python loop over the beam.
    """

    inputs = ("inputs: T", "sequence_length: int32")
    outputs = (
        *("decoded_indices: top_paths*int64", "decoded_values: top_paths*int64"),
        *("decoded_shape: top_paths*int64", "log_probability: T"),
    )
    beam_width: int = attr(minimum=1)
    top_paths: int = attr(minimum=1)
    merge_repeated: bool = True
    T: DType = attr(FLOAT, DOUBLE, default=FLOAT)
    backward = None

    def infer(self, inputs: Shape, sequence_length: Shape) -> list[Shape]:
        count = self.top_paths
        batch = _batch_size(inputs, sequence_length)
        return [*[(None, 2)] * count, *[(None,)] * count, *[(2,)] * count, (batch, count)]

    def forward(self, np: Any, inputs: Any, sequence_length: Any) -> Any:
        _check(inputs, sequence_length)
        count = self.top_paths
        exponents = inputs.astype(np.float64)
        exponents -= exponents.max(-1, keepdims=True)
        scores = exponents - np.log(np.exp(exponents).sum(-1, keepdims=True))
        sequences: list[list[list[int]]] = [[] for _ in np.arange(count)]
        log_probability = np.zeros((inputs.shape[1], count), inputs.dtype)
        for b, length in enumerate(sequence_length.tolist()):
            if count > self.beam_width:
                raise InvalidArgumentError(None, None, "requested more paths than the beam width.")
            beam = _Beam(self.beam_width)
            for t in np.arange(length).tolist():
                beam.step(np, scores[t, b])
            found = beam.best()[:count]
            if len(found) < count:
                raise InvalidArgumentError(
                    None, None, "Less leaves in the beam search than requested."
                )
            log_probability[b] = [prefix.total for prefix in found]
            for path, prefix in zip(sequences, found, strict=True):
                path.append(prefix.labels(self.merge_repeated))
        parts = [_sparse(np, path) for path in sequences]
        return [*[p[0] for p in parts], *[p[1] for p in parts], *[p[2] for p in parts]] + [
            log_probability
        ]


@export("nn.ctc_beam_search_decoder")
def ctc_beam_search_decoder(
    inputs: Any,
    sequence_length: Any,
    beam_width: int = 100,
    top_paths: int = 1,
    merge_repeated: bool = True,
) -> tuple[list[SparseTensor], Tensor]:
    """The `top_paths` most probable label sequences, found by a beam search.

    Args:
      inputs: logits `[time, batch, classes]`; the last class is the blank.
      sequence_length: int32 `[batch]`, how many time steps count.
      beam_width: how many label sequences the search follows.
      merge_repeated: leave out labels that repeat the one before, even where a blank was between.

    Returns `top_paths` SparseTensors of int64 `[batch, most labels]`, and their log-probabilities
    `[batch, top_paths]`. Raises InvalidArgumentError in a run that finds fewer paths.
    """
    indices, values, shapes, log_probability = raw.CTCBeamSearchDecoder(
        inputs,
        sequence_length,
        beam_width=beam_width,
        top_paths=top_paths,
        merge_repeated=merge_repeated,
    )
    decoded = [SparseTensor(*parts) for parts in zip(indices, values, shapes, strict=True)]
    return decoded, log_probability


@export("nn.ctc_beam_search_decoder_v2")
def ctc_beam_search_decoder_v2(
    inputs: Any, sequence_length: Any, beam_width: int = 100, top_paths: int = 1
) -> tuple[list[SparseTensor], Tensor]:
    """`ctc_beam_search_decoder` without the merging of repeated labels."""
    return ctc_beam_search_decoder(
        inputs, sequence_length, beam_width, top_paths, merge_repeated=False
    )
