"""Boxes with the highest scores that overlap no better one: greedy, so one step a box chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tflite_edu.core import raw
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import FLOAT, HALF, DType
from tflite_edu.core.errors import InvalidArgumentError
from tflite_edu.core.export import export
from tflite_edu.core.inference import format_shape, merge_dims, with_rank, with_value
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor

_Overlap = Callable[[int, Any], Any]


def _invalid(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, message)


def _box_shapes(boxes: Shape, scores: Shape, *scalars: Shape) -> None:
    count, columns = with_rank(boxes, 2)
    merge_dims(count, with_rank(scores, 1)[0])
    for scalar in scalars:
        with_rank(scalar, 0)
    with_value(columns, 4)


def overlaps_of(np: Any, boxes: Any) -> tuple[_Overlap, Any]:
    """(a function of a box and of others that gives how much of their union is common, own).

    The second is how much each overlaps itself: 1, or 0 of empty boxes.

    boxes: [boxes, 4], y1, x1, y2, x2 of any two opposite corners. Empty boxes overlap nothing.
    """
    low = np.minimum(boxes[:, :2], boxes[:, 2:])
    high = np.maximum(boxes[:, :2], boxes[:, 2:])
    area = (high[:, 0] - low[:, 0]) * (high[:, 1] - low[:, 1])

    def overlap(one: int, others: Any) -> Any:
        inner_low = np.maximum(low[one], low[others])
        inner = np.minimum(high[one], high[others])
        inner = np.maximum(inner - inner_low, 0)
        common = inner[:, 0] * inner[:, 1]
        union = area[one] + area[others] - common
        real = (area[one] > 0) & (area[others] > 0)
        return np.where(real, common / np.where(real, union, 1), 0)

    return overlap, (area > 0).astype(boxes.dtype)


def selected(
    np: Any,
    scores: Any,
    count: int,
    overlap: _Overlap,
    own: Any,
    threshold: Any,
    least_score: Any,
    sigma: Any = 0,
) -> tuple[Any, Any]:
    """(indices, scores) of what is chosen, best scores first: int64 [chosen], [chosen].

    Args:
      overlap, own: see `overlaps_of`.
      threshold: what overlaps a better one this much or more is dropped.
      least_score: what has this score or less is dropped.
      sigma: where positive, any lesser overlap takes score away, exp(-overlap^2 / (2 sigma)).
    """
    candidates = np.flatnonzero(scores > least_score)
    distinct = len(np.unique(scores[candidates])) == len(candidates)
    if distinct and not sigma and (own[candidates] >= threshold).all():
        return _greedy(np, scores, candidates, count, overlap, threshold)
    return _queued(np, scores, candidates, count, overlap, threshold, least_score, sigma)


def _greedy(
    np: Any, scores: Any, candidates: Any, count: int, overlap: _Overlap, threshold: Any
) -> tuple[Any, Any]:
    """`selected` where no scores are equal: each one chosen drops all that overlap it."""
    remaining = candidates[np.argsort(-scores[candidates], kind="stable")]
    chosen: list[int] = []
    while len(remaining) and len(chosen) < count:
        best, remaining = remaining[0], remaining[1:]
        chosen.append(best)
        remaining = remaining[overlap(best, remaining) < threshold]
    indices = np.array(chosen, np.int64)
    return indices, scores[indices]


def _queued(
    np: Any,
    scores: Any,
    candidates: Any,
    count: int,
    overlap: _Overlap,
    threshold: Any,
    least_score: Any,
    sigma: Any,
) -> tuple[Any, Any]:
    """`selected` by TensorFlow's queue, which decides between equal scores.

    What was chosen goes back into the queue, to be dropped when it is compared with itself. What
    does not overlap itself (an empty box) is chosen again and again, in TensorFlow 1.15 too.
    """
    number = scores.dtype.type
    scale = number(-0.5) / number(sigma) if sigma > 0 else number(0)
    queue: list[_Candidate] = []
    for index in candidates.tolist():
        _push(queue, (scores[index], index, 0))
    chosen: list[int] = []
    kept: list[Any] = []
    while queue and len(chosen) < count:
        original, index, begin = _pop(queue)
        score = original
        dropped = False
        # The latest ones first, as TensorFlow multiplies.
        for common in overlap(index, np.array(chosen[begin:], np.int64))[::-1]:
            if common >= threshold:
                dropped = True
                break
            if sigma > 0:
                score = number(score * number(np.exp(scale * common * common)))
            if score <= least_score:
                break
        begin = len(chosen)
        if dropped:
            continue
        if score == original:
            chosen.append(index)
            kept.append(score)
        if score > least_score:
            _push(queue, (score, index, begin))
    return np.array(chosen, np.int64), np.array(kept, scores.dtype)


_Candidate = tuple[Any, int, int]
"""Score, index, and how many of those chosen it was compared with."""


def _push(heap: list[_Candidate], candidate: _Candidate) -> None:
    """Adds to a binary heap; the place among equal scores is that of C++'s `push_heap`."""
    heap.append(candidate)
    _rise(heap, len(heap) - 1, candidate)


def _rise(heap: list[_Candidate], hole: int, candidate: _Candidate) -> None:
    while hole > 0 and heap[(hole - 1) // 2][0] < candidate[0]:
        heap[hole] = heap[(hole - 1) // 2]
        hole = (hole - 1) // 2
    heap[hole] = candidate


def _pop(heap: list[_Candidate]) -> _Candidate:
    """Takes the highest score; which of equal ones is that of C++'s `pop_heap`."""
    best, last = heap[0], heap.pop()
    size, hole = len(heap), 0
    if not size:
        return best
    while 2 * hole + 2 < size:
        child = 2 * hole + 2
        child -= heap[child][0] < heap[child - 1][0]
        heap[hole] = heap[child]
        hole = child
    if 2 * hole + 2 == size:
        heap[hole] = heap[size - 1]
        hole = size - 1
    _rise(heap, hole, last)
    return best


class _Suppression(Op, abstract=True):
    """Chooses among boxes by their scores."""

    def checked(self, np: Any, boxes: Any, scores: Any, max_output_size: Any) -> int:
        if np.ndim(max_output_size):
            raise _invalid(
                f"max_output_size must be 0-D, got shape {format_shape(max_output_size.shape)}"
            )
        count = int(max_output_size)
        if count < 0:
            raise _invalid("output size must be non-negative")
        return count

    def check_boxes(self, boxes: Any, scores: Any) -> None:
        if boxes.ndim != 2:
            raise _invalid(f"boxes must be 2-D{format_shape(boxes.shape)}")
        if boxes.shape[1] != 4:
            raise _invalid("boxes must have 4 columns")
        if scores.ndim != 1:
            raise _invalid(f"scores must be 1-D{format_shape(scores.shape)}")
        if scores.shape[0] != boxes.shape[0]:
            raise _invalid("scores has incompatible shape")


def _check_scalar(np: Any, name: str, value: Any) -> None:
    if np.ndim(value):
        raise _invalid(f"{name} must be 0-D, got shape {format_shape(value.shape)}")


def _check_threshold(value: Any) -> None:
    if not 0 <= value <= 1:
        raise _invalid("iou_threshold must be in [0, 1]")


class NonMaxSuppressionV3(_Suppression):
    """Indices of the boxes chosen."""

    inputs = (
        *("boxes: T", "scores: T", "max_output_size: int32"),
        *("iou_threshold: T_threshold", "score_threshold: T_threshold"),
    )
    outputs = ("selected_indices: int32",)
    T: DType = attr(HALF, FLOAT, default=FLOAT)
    T_threshold: DType = attr(HALF, FLOAT, default=FLOAT)

    def infer(self, boxes, scores, max_output_size, iou_threshold, score_threshold):
        _box_shapes(boxes, scores, max_output_size, iou_threshold, score_threshold)
        return (None,)

    def forward(self, np, boxes, scores, max_output_size, iou_threshold, score_threshold):
        count = self.checked(np, boxes, scores, max_output_size)
        _check_scalar(np, "iou_threshold", iou_threshold)
        _check_scalar(np, "score_threshold", score_threshold)
        _check_threshold(iou_threshold)
        self.check_boxes(boxes, scores)
        overlap, own = overlaps_of(np, boxes)
        chosen, _ = selected(np, scores, count, overlap, own, iou_threshold, score_threshold)
        return chosen.astype(np.int32)


def _padded(np: Any, values: Any, count: int, dtype: Any) -> Any:
    result = np.zeros(count, dtype)
    result[: len(values)] = values
    return result


class NonMaxSuppressionV4(_Suppression):
    """Indices of the boxes chosen, with zeros after them on demand, and how many they are."""

    inputs = NonMaxSuppressionV3.inputs
    outputs = ("selected_indices: int32", "valid_outputs: int32")
    infer_from = {"max_output_size": "value"}
    value_shapes = {"max_output_size": ()}
    T: DType = attr(HALF, FLOAT, default=FLOAT)
    T_threshold: DType = attr(HALF, FLOAT, default=FLOAT)
    pad_to_max_output_size: bool = False

    def infer(self, boxes, scores, max_output_size, iou_threshold, score_threshold):
        _box_shapes(boxes, scores, iou_threshold, score_threshold)
        known = self.pad_to_max_output_size and max_output_size is not None
        return [(int(max_output_size) if known else None,), ()]

    def forward(self, np, boxes, scores, max_output_size, iou_threshold, score_threshold):
        count = self.checked(np, boxes, scores, max_output_size)
        _check_scalar(np, "iou_threshold", iou_threshold)
        _check_scalar(np, "score_threshold", score_threshold)
        _check_threshold(iou_threshold)
        self.check_boxes(boxes, scores)
        overlap, own = overlaps_of(np, boxes)
        chosen, _ = selected(np, scores, count, overlap, own, iou_threshold, score_threshold)
        size = count if self.pad_to_max_output_size else len(chosen)
        return [_padded(np, chosen, size, np.int32), np.int32(len(chosen))]


class NonMaxSuppressionV5(_Suppression):
    """Indices of the boxes chosen, their scores after soft suppression, and how many they are."""

    inputs = (
        *("boxes: T", "scores: T", "max_output_size: int32"),
        *("iou_threshold: T", "score_threshold: T", "soft_nms_sigma: T"),
    )
    outputs = ("selected_indices: int32", "selected_scores: T", "valid_outputs: int32")
    infer_from = {"max_output_size": "value"}
    value_shapes = {"max_output_size": ()}
    T: DType = attr(HALF, FLOAT, default=FLOAT)
    pad_to_max_output_size: bool = False

    def infer(self, boxes, scores, max_output_size, iou_threshold, score_threshold, soft_nms_sigma):
        _box_shapes(boxes, scores, iou_threshold, score_threshold, soft_nms_sigma)
        known = self.pad_to_max_output_size and max_output_size is not None
        size = int(max_output_size) if known else None
        return [(size,), (size,), ()]

    def forward(
        self, np, boxes, scores, max_output_size, iou_threshold, score_threshold, soft_nms_sigma
    ):
        count = self.checked(np, boxes, scores, max_output_size)
        _check_scalar(np, "iou_threshold", iou_threshold)
        _check_scalar(np, "score_threshold", score_threshold)
        _check_scalar(np, "soft_nms_sigma", soft_nms_sigma)
        _check_threshold(iou_threshold)
        if soft_nms_sigma < 0:
            raise _invalid("soft_nms_sigma_val must be >= 0")
        self.check_boxes(boxes, scores)
        overlap, own = overlaps_of(np, boxes)
        chosen, kept = selected(
            np, scores, count, overlap, own, iou_threshold, score_threshold, soft_nms_sigma
        )
        size = count if self.pad_to_max_output_size else len(chosen)
        return [
            _padded(np, chosen, size, np.int32),
            _padded(np, kept, size, scores.dtype),
            np.int32(len(chosen)),
        ]


class NonMaxSuppressionWithOverlaps(_Suppression):
    """Indices of what is chosen, where it is told how much each two overlap."""

    inputs = (
        *("overlaps: float32", "scores: float32", "max_output_size: int32"),
        *("overlap_threshold: float32", "score_threshold: float32"),
    )
    outputs = ("selected_indices: int32",)

    backward = None

    def infer(self, overlaps, scores, max_output_size, overlap_threshold, score_threshold):
        rows, columns = with_rank(overlaps, 2)
        (count,) = with_rank(scores, 1)
        for scalar in (max_output_size, overlap_threshold, score_threshold):
            with_rank(scalar, 0)
        merge_dims(rows, count)
        merge_dims(rows, columns)
        return (None,)

    def forward(self, np, overlaps, scores, max_output_size, overlap_threshold, score_threshold):
        count = self.checked(np, overlaps, scores, max_output_size)
        _check_scalar(np, "overlap_threshold", overlap_threshold)
        _check_scalar(np, "score_threshold", score_threshold)
        if overlaps.ndim != 2:
            raise _invalid(f"overlaps must be 2-D{format_shape(overlaps.shape)}")
        if overlaps.shape[0] != overlaps.shape[1]:
            raise _invalid(f"overlaps must be square{format_shape(overlaps.shape)}")
        if scores.ndim != 1:
            raise _invalid(f"scores must be 1-D{format_shape(scores.shape)}")
        if scores.shape[0] != overlaps.shape[0]:
            raise _invalid("scores has incompatible shape")
        chosen, _ = selected(
            np,
            scores,
            count,
            lambda one, others: overlaps[one, others],
            np.diagonal(overlaps),
            overlap_threshold,
            score_threshold,
        )
        return chosen.astype(np.int32)


def _scalar(value: Any, name: str) -> Tensor:
    return convert_to_tensor(value, name=name)


@export("image.non_max_suppression")
def non_max_suppression(
    boxes: Any,
    scores: Any,
    max_output_size: Any,
    iou_threshold: Any = 0.5,
    score_threshold: Any = float("-inf"),
    name: str | None = None,
) -> Tensor:
    """Indices of boxes, best scores first, of which no two overlap too much: int32 [chosen].

    Args:
      boxes: float32 [boxes, 4]: y1, x1, y2, x2 of any two opposite corners.
      scores: float32 [boxes].
      max_output_size: int32 scalar, how many to choose at most.
      iou_threshold: of [0, 1]; common area over united area above which the lesser box is dropped.
      score_threshold: boxes with this score or less are dropped.

    Raises ValueError, or InvalidArgumentError in a run, where shapes or thresholds do not fit.
    """
    with name_scope(name, "non_max_suppression"):
        iou_threshold = _scalar(iou_threshold, "iou_threshold")
        score_threshold = _scalar(score_threshold, "score_threshold")
        return raw.NonMaxSuppressionV3(
            boxes, scores, max_output_size, iou_threshold, score_threshold
        )


@export("image.non_max_suppression_padded")
def non_max_suppression_padded(
    boxes: Any,
    scores: Any,
    max_output_size: Any,
    iou_threshold: Any = 0.5,
    score_threshold: Any = float("-inf"),
    pad_to_max_output_size: bool = False,
    name: str | None = None,
) -> Any:
    """(indices, how many of them are chosen): see `tf.image.non_max_suppression`.

    With `pad_to_max_output_size` zeros follow, up to [max_output_size].
    """
    with name_scope(name, "non_max_suppression_padded"):
        iou_threshold = _scalar(iou_threshold, "iou_threshold")
        score_threshold = _scalar(score_threshold, "score_threshold")
        return raw.NonMaxSuppressionV4(
            boxes,
            scores,
            max_output_size,
            iou_threshold,
            score_threshold,
            pad_to_max_output_size=pad_to_max_output_size,
        )


@export("image.non_max_suppression_with_scores")
def non_max_suppression_with_scores(
    boxes: Any,
    scores: Any,
    max_output_size: Any,
    iou_threshold: Any = 0.5,
    score_threshold: Any = float("-inf"),
    soft_nms_sigma: Any = 0.0,
    name: str | None = None,
) -> tuple[Tensor, Tensor]:
    """(indices, scores) of the boxes chosen: see `tf.image.non_max_suppression`.

    Where `soft_nms_sigma` is positive, a box that overlaps a better one is not dropped but has its
    score times exp(-overlap^2 / (2 sigma)) (soft NMS, Bodla et al., 2017).
    """
    with name_scope(name, "non_max_suppression_with_scores"):
        iou_threshold = _scalar(iou_threshold, "iou_threshold")
        score_threshold = _scalar(score_threshold, "score_threshold")
        soft_nms_sigma = _scalar(soft_nms_sigma, "soft_nms_sigma")
        indices, kept, _ = raw.NonMaxSuppressionV5(
            boxes,
            scores,
            max_output_size,
            iou_threshold,
            score_threshold,
            soft_nms_sigma,
            pad_to_max_output_size=False,
        )
        return indices, kept


@export("image.non_max_suppression_overlaps")
def non_max_suppression_overlaps(
    overlaps: Any,
    scores: Any,
    max_output_size: Any,
    overlap_threshold: Any = 0.5,
    score_threshold: Any = float("-inf"),
    name: str | None = None,
) -> Tensor:
    """As `tf.image.non_max_suppression`, with how much each two overlap: float32 [boxes, boxes]."""
    with name_scope(name, "non_max_suppression_overlaps"):
        overlap_threshold = _scalar(overlap_threshold, "overlap_threshold")
        return raw.NonMaxSuppressionWithOverlaps(
            overlaps, scores, max_output_size, overlap_threshold, score_threshold
        )
