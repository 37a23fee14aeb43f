"""Softmax and its cross entropies: few passes over the logits, by blocks of rows that stay cached."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tflite_edu.engines.kernels import kernel
from tflite_edu.engines.scratch import scratch
from tflite_edu.engines.threads import run_blocks

# What a block of rows takes.
_BLOCK_BYTES = 1 << 17

# Rows this short are reduced along columns: numpy takes up each row anew.
_SHORT_ROW = 32


@kernel("SparseSoftmaxCrossEntropyWithLogits")
def sparse_cross_entropy(definition: Any, np: Any, features: Any, labels: Any) -> Any:
    """-log(softmax(features)) of each row's label, and its gradient: [batch], [batch, classes]."""
    if not _is_plain(features) or features.ndim != 2 or labels.shape != features.shape[:1]:
        return definition.forward(np, features, labels)
    batch, classes = features.shape
    # Negative labels are the largest where the sign is read as a digit.
    if labels.view(f"u{labels.itemsize}").max() >= classes:
        return definition.forward(np, features, labels)
    loss = np.empty(batch, features.dtype)
    backprop = np.empty(features.shape, features.dtype)
    places = np.arange(0, batch * classes, classes) + labels

    def block(start: int, stop: int) -> None:
        rows = backprop[start:stop]
        np.subtract(features[start:stop], _largest(np, features[start:stop]), out=rows)
        chosen = places[start:stop]
        right = backprop.reshape(-1).take(chosen)
        np.exp(rows, out=rows)
        total = _total(np, rows)
        np.subtract(np.log(total[:, 0]), right, out=loss[start:stop])
        np.divide(rows, total, out=rows)
        backprop.reshape(-1)[chosen] -= 1

    _run(block, features)
    return loss, backprop


@kernel("SoftmaxCrossEntropyWithLogits")
def cross_entropy(definition: Any, np: Any, features: Any, labels: Any) -> Any:
    """-sum(labels log(softmax(features))) of each row, and its gradient by the features."""
    if not _is_plain(features) or features.ndim != 2 or labels.shape != features.shape:
        return definition.forward(np, features, labels)
    loss = np.empty(len(features), features.dtype)
    backprop = np.empty(features.shape, features.dtype)

    def block(start: int, stop: int) -> None:
        rows, wanted = backprop[start:stop], labels[start:stop]
        np.subtract(features[start:stop], _largest(np, features[start:stop]), out=rows)
        surprise = scratch("surprise", rows.shape, rows.dtype)
        np.copyto(surprise, rows)
        np.exp(rows, out=rows)
        total = _total(np, rows)
        np.subtract(np.log(total), surprise, out=surprise)
        np.multiply(wanted, surprise, out=surprise)
        loss[start:stop] = _total(np, surprise)[:, 0]
        np.divide(rows, total, out=rows)
        np.subtract(rows, wanted, out=rows)

    _run(block, features)
    return loss, backprop


@kernel("Softmax")
def softmax(definition: Any, np: Any, logits: Any) -> Any:
    """exp(x) / sum(exp(x)) along the last axis of logits [..., classes]."""
    if not _is_plain(logits):
        return definition.forward(np, logits)
    made = np.empty(logits.shape, logits.dtype)
    matrix, results = _as_rows(logits), _as_rows(made)

    def block(start: int, stop: int) -> None:
        rows = results[start:stop]
        np.subtract(matrix[start:stop], _largest(np, matrix[start:stop]), out=rows)
        np.exp(rows, out=rows)
        np.divide(rows, _total(np, rows), out=rows)

    _run(block, matrix)
    return made


@kernel("LogSoftmax")
def log_softmax(definition: Any, np: Any, logits: Any) -> Any:
    """x - log(sum(exp(x))) along the last axis of logits [..., classes]."""
    if not _is_plain(logits):
        return definition.forward(np, logits)
    made = np.empty(logits.shape, logits.dtype)
    matrix, results = _as_rows(logits), _as_rows(made)

    def block(start: int, stop: int) -> None:
        rows = results[start:stop]
        np.subtract(matrix[start:stop], _largest(np, matrix[start:stop]), out=rows)
        powers = np.exp(rows, out=scratch("powers", rows.shape, rows.dtype))
        np.subtract(rows, np.log(_total(np, powers)), out=rows)

    _run(block, matrix)
    return made


def _is_plain(logits: Any) -> bool:
    """Whether logits are some rows of float32 or float64; others are left to the plain kernels."""
    return logits.ndim > 0 and logits.size > 0 and logits.dtype.char in "fd"


def _as_rows(array: Any) -> Any:
    return array.reshape(-1, array.shape[-1])


def _run(block: Callable[[int, int], None], rows: Any) -> None:
    if rows.nbytes <= _BLOCK_BYTES:
        block(0, len(rows))
    else:
        run_blocks(block, len(rows), max(_BLOCK_BYTES * len(rows) // rows.nbytes, 1))


def _largest(np: Any, rows: Any) -> Any:
    """The largest element of each row: [rows, 1]."""
    if rows.shape[1] < _SHORT_ROW:
        return np.ascontiguousarray(rows.T).max(axis=0)[:, None]
    return rows.max(axis=1, keepdims=True)


def _total(np: Any, rows: Any) -> Any:
    """The sum of each row: [rows, 1]."""
    if rows.shape[1] < _SHORT_ROW:
        return np.ascontiguousarray(rows.T).sum(axis=0)[:, None]
    return rows.sum(axis=1, keepdims=True)
