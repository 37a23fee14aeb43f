"""Batch normalization and sums over pixels, block by block: every sweep works in the cache.

A product with ones adds up rows several times faster than numpy's sum, which adds one row after the
other, and more exactly: each block has a sum of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tflite_edu.engines.blas import run_pieces
from tflite_edu.engines.kernels import kernel
from tflite_edu.engines.scratch import scratch
from tflite_edu.engines.threads import run_blocks, split

# Rows that a sum takes at a time: where there are more, they are added in blocks.
_SUMMED_ROWS = 256

# Elements of rows that are made of several pixels.
_WIDE_ROW = 512

# What a block of rows takes, and what all take to be worth more than one thread.
_BLOCK_BYTES = 1 << 18
_WORTH_SPLITTING_BYTES = 1 << 21


def sum_of_rows(np: Any, rows: Any) -> Any:
    """The sum of an array [rows, channels] of float32 or float64 over its rows: [channels]."""
    count, channels = rows.shape
    whole = count - count % _SUMMED_ROWS
    if count < 2 * _SUMMED_ROWS:
        return np.ones(count, rows.dtype) @ rows
    ones = np.ones(_SUMMED_ROWS, rows.dtype)
    sums = (ones @ rows[:whole].reshape(-1, _SUMMED_ROWS, channels)).sum(axis=0)
    if whole < count:
        sums += ones[: count - whole] @ rows[whole:]
    return sums


@kernel("BiasAddGrad")
def bias_gradient(definition: Any, np: Any, grad: Any) -> Any:
    """The sum of a gradient [..., channels] over all but the channels."""
    if definition.data_format != "NHWC" or grad.ndim < 2 or not grad.size or not _is_wide(grad):
        return definition.forward(np, grad)
    return sum_of_rows(np, grad.reshape(-1, grad.shape[-1]))


@kernel("FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3")
def batch_norm(
    definition: Any, np: Any, x: Any, scale: Any, offset: Any, mean: Any, variance: Any
) -> Any:
    """Images [batch, height, width, channels] normalized by their mean and variance.

    Returns what `forward` returns: the images, mean and variance, and these as the gradient takes
    them.
    """
    training = definition.is_training
    vectors = (scale, offset) if training else (scale, offset, mean, variance)
    if not _is_usual(definition, x, vectors) or (training and (mean.size or variance.size)):
        return definition.forward(np, x, scale, offset, mean, variance)
    rows = _wide_rows(x)
    own_variance = variance
    if training:
        count = np.float32(x.size // x.shape[3])
        (total,) = _sums(np, rows, len(scale), lambda start, stop: [rows[start:stop]])
        mean = total / count
        wide_mean = _repeated(np, mean, rows)

        def squares(start: int, stop: int) -> list[Any]:
            part = rows[start:stop]
            centred = np.subtract(part, wide_mean, out=scratch("centred", part.shape, part.dtype))
            return [np.square(centred, out=centred)]

        (total,) = _sums(np, rows, len(scale), squares)
        own_variance = total / count
        variance = own_variance * (count / max(count - 1, np.float32(1)))
    factor = scale / np.sqrt(own_variance + np.float32(definition.epsilon))
    subtracted, multiplied, added = (_repeated(np, v, rows) for v in (mean, factor, offset))
    y = np.empty(x.shape, x.dtype)
    results = y.reshape(rows.shape)

    def normalize(start: int, stop: int) -> None:
        part = results[start:stop]
        np.subtract(rows[start:stop], subtracted, out=part)
        np.multiply(part, multiplied, out=part)
        np.add(part, added, out=part)

    _sweep(normalize, rows)
    outputs = [y, mean.copy(), variance.copy(), mean.copy(), own_variance.copy()]
    if len(definition.signature.outputs) == 6:
        outputs.append(np.zeros((), np.float32))
    return outputs


@kernel("FusedBatchNormGrad", "FusedBatchNormGradV2", "FusedBatchNormGradV3")
def batch_norm_gradient(
    definition: Any, np: Any, dy: Any, x: Any, scale: Any, mean: Any, variance: Any, *space: Any
) -> Any:
    """The gradients by images, scale and offset, and what `forward` returns besides."""
    usual = _is_usual(definition, x, (scale, mean, variance))
    if not usual or dy.shape != x.shape or dy.dtype != x.dtype:
        return definition.forward(np, dy, x, scale, mean, variance, *space)
    rows = _wide_rows(x)
    gradients = dy.reshape(rows.shape)
    inverse = 1 / np.sqrt(variance + np.float32(definition.epsilon))
    wide_mean, wide_inverse = _repeated(np, mean, rows), _repeated(np, inverse, rows)

    def normal(start: int, stop: int) -> Any:
        part = rows[start:stop]
        made = np.subtract(part, wide_mean, out=scratch("normal", part.shape, part.dtype))
        return np.multiply(made, wide_inverse, out=made)

    def products(start: int, stop: int) -> list[Any]:
        made = normal(start, stop)
        return [np.multiply(gradients[start:stop], made, out=made), gradients[start:stop]]

    of_scale, of_offset = _sums(np, rows, len(scale), products)
    dx = np.empty(x.shape, x.dtype)
    results = dx.reshape(rows.shape)
    count = np.float32(x.size // x.shape[3])
    factor, mean_slope, mean_gradient = (
        _repeated(np, v, rows) for v in (scale * inverse, of_scale / count, of_offset / count)
    )

    def differentiate(start: int, stop: int) -> None:
        part = results[start:stop]
        if definition.is_training:
            made = normal(start, stop)
            np.multiply(made, mean_slope, out=made)
            np.subtract(gradients[start:stop], mean_gradient, out=part)
            np.subtract(part, made, out=part)
            np.multiply(part, factor, out=part)
        else:
            np.multiply(gradients[start:stop], factor, out=part)

    _sweep(differentiate, rows)
    return [dx, of_scale, of_offset, np.zeros((), np.float32), np.zeros((), np.float32)]


def _is_wide(array: Any) -> bool:
    return bool(array.dtype.char in "fd")


def _is_usual(definition: Any, x: Any, vectors: tuple[Any, ...]) -> bool:
    """Whether images are what the kernels are for; others are left to the plain ones."""
    return (
        definition.data_format == "NHWC"
        and x.dtype.char == "f"
        and x.ndim == 4
        and x.size > 0
        and all(vector.shape == x.shape[3:] for vector in vectors)
    )


def _wide_rows(images: Any) -> Any:
    """Images as rows of several pixels each: numpy takes up each row anew."""
    channels, pixels = images.shape[3], images.size // images.shape[3]
    several = 1
    while 2 * several * channels <= _WIDE_ROW and pixels % (2 * several) == 0:
        several *= 2
    return images.reshape(pixels // several, several * channels)


def _repeated(np: Any, vector: Any, rows: Any) -> Any:
    """A value for each channel as one for each element of wide rows."""
    return np.tile(vector, rows.shape[1] // len(vector))


def _sums(np: Any, rows: Any, channels: int, parts: Callable[[int, int], list[Any]]) -> list[Any]:
    """The sums over all pixels of each array that `parts` makes for a range of wide rows."""
    ranges = split(len(rows), _rows_of_a_block(rows))
    several: list[list[Any]] = [[] for _ in ranges]

    def piece(number: int) -> None:
        several[number] = [sum_of_rows(np, part) for part in parts(*ranges[number])]

    run_pieces(piece, len(ranges))
    return [total.reshape(-1, channels).sum(axis=0) for total in np.sum(several, axis=0)]


def _sweep(function: Callable[[int, int], None], rows: Any) -> None:
    run_blocks(function, len(rows), _rows_of_a_block(rows))


def _rows_of_a_block(rows: Any) -> int:
    if rows.nbytes < _WORTH_SPLITTING_BYTES:
        return len(rows)
    return max(_BLOCK_BYTES // int(rows.shape[1] * rows.itemsize), 1)
