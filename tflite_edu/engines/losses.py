"""Softmax and its cross entropies: few passes over the logits, in blocks of rows if there are many.

The functions on rows take logits [rows, classes] and an array of the same shape for what they make.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tflite_edu.engines.kernels import kernel
from tflite_edu.engines.scratch import scratch
from tflite_edu.engines.threads import run_blocks

# What a block of rows takes, and what all take to be worth more than one thread.
_BLOCK_BYTES = 1 << 17
_WORTH_SPLITTING_BYTES = 1 << 19

# Rows this short are reduced along their columns: numpy takes up each row anew.
_SHORT_ROW = 32


@kernel("SparseSoftmaxCrossEntropyWithLogits")
def sparse_cross_entropy(definition: Any, np: Any, features: Any, labels: Any) -> Any:
    """-log(softmax(features)) of each row's label, and its gradient: [batch], [batch, classes]."""
    if not _is_plain(features) or features.ndim != 2 or labels.shape != features.shape[:1]:
        return definition.forward(np, features, labels)
    # As unsigned numbers, negative labels are the largest.
    if np.maximum.reduce(labels.view(f"u{labels.itemsize}")) >= features.shape[1]:
        return definition.forward(np, features, labels)
    return _with_loss(np, _sparse_cross_entropy, features, labels)


def _sparse_cross_entropy(np: Any, features: Any, labels: Any, backprop: Any) -> Any:
    batch, classes = features.shape
    np.subtract(features, _of_rows(np, np.maximum, features)[:, None], out=backprop)
    flat = backprop.reshape(-1)
    places = np.arange(0, batch * classes, classes) + labels
    right = flat.take(places)
    np.exp(backprop, out=backprop)
    total = _of_rows(np, np.add, backprop)
    np.divide(backprop, total[:, None], out=backprop)
    flat[places] -= 1
    np.log(total, out=total)
    return np.subtract(total, right, out=total)


@kernel("SoftmaxCrossEntropyWithLogits")
def cross_entropy(definition: Any, np: Any, features: Any, labels: Any) -> Any:
    """-sum(labels log(softmax(features))) of each row, and its gradient by the features."""
    if not _is_plain(features) or features.ndim != 2 or labels.shape != features.shape:
        return definition.forward(np, features, labels)
    return _with_loss(np, _cross_entropy, features, labels)


def _cross_entropy(np: Any, features: Any, labels: Any, backprop: Any) -> Any:
    shifted = scratch("shifted", features.shape, features.dtype)
    np.subtract(features, _of_rows(np, np.maximum, features)[:, None], out=shifted)
    np.exp(shifted, out=backprop)
    total = _of_rows(np, np.add, backprop)[:, None]
    np.divide(backprop, total, out=backprop)
    np.subtract(backprop, labels, out=backprop)
    np.subtract(np.log(total), shifted, out=shifted)
    np.multiply(labels, shifted, out=shifted)
    return _of_rows(np, np.add, shifted)


def _with_loss(
    np: Any, function: Callable[[Any, Any, Any, Any], Any], features: Any, labels: Any
) -> tuple[Any, Any]:
    """What a function on rows returns for each row, and what it makes."""
    backprop = np.empty(features.shape, features.dtype)
    if features.nbytes < _WORTH_SPLITTING_BYTES:
        return function(np, features, labels, backprop), backprop
    loss = np.empty(len(features), features.dtype)

    def block(start: int, stop: int) -> None:
        part = slice(start, stop)
        loss[part] = function(np, features[part], labels[part], backprop[part])

    run_blocks(block, len(features), _rows_of_a_block(features))
    return loss, backprop


@kernel("Softmax")
def softmax(definition: Any, np: Any, logits: Any) -> Any:
    """exp(x) / sum(exp(x)) along the last axis of logits [..., classes]."""
    return _each_row(definition, np, _softmax, logits)


def _softmax(np: Any, logits: Any, made: Any) -> None:
    np.subtract(logits, _of_rows(np, np.maximum, logits)[:, None], out=made)
    np.exp(made, out=made)
    np.divide(made, _of_rows(np, np.add, made)[:, None], out=made)


@kernel("LogSoftmax")
def log_softmax(definition: Any, np: Any, logits: Any) -> Any:
    """x - log(sum(exp(x))) along the last axis of logits [..., classes]."""
    return _each_row(definition, np, _log_softmax, logits)


def _log_softmax(np: Any, logits: Any, made: Any) -> None:
    np.subtract(logits, _of_rows(np, np.maximum, logits)[:, None], out=made)
    powers = np.exp(made, out=scratch("powers", made.shape, made.dtype))
    np.subtract(made, np.log(_of_rows(np, np.add, powers))[:, None], out=made)


def _each_row(
    definition: Any, np: Any, function: Callable[[Any, Any, Any], None], logits: Any
) -> Any:
    if not _is_plain(logits):
        return definition.forward(np, logits)
    made = np.empty(logits.shape, logits.dtype)
    rows, results = (a.reshape(-1, logits.shape[-1]) for a in (logits, made))
    if logits.nbytes < _WORTH_SPLITTING_BYTES:
        function(np, rows, results)
        return made

    def block(start: int, stop: int) -> None:
        function(np, rows[start:stop], results[start:stop])

    run_blocks(block, len(rows), _rows_of_a_block(rows))
    return made


def _is_plain(logits: Any) -> bool:
    """Whether logits are some float32 or float64; others are left to the plain kernels."""
    return logits.dtype.char in "fd" and logits.ndim > 0 and logits.size > 0


def _rows_of_a_block(rows: Any) -> int:
    return max(_BLOCK_BYTES * len(rows) // int(rows.nbytes), 1)


def _of_rows(np: Any, ufunc: Any, rows: Any) -> Any:
    """Each row reduced by a ufunc: [rows]."""
    if rows.shape[1] < _SHORT_ROW:
        return ufunc.reduce(np.ascontiguousarray(rows.T), axis=0)
    return ufunc.reduce(rows, axis=1)
