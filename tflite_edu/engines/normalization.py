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

# Rows that a sum takes at a time: where there are more, they are added in blocks.
_SUMMED_ROWS = 256

_BLOCK_BYTES = 1 << 18


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
    rows = x.reshape(-1, x.shape[3])
    own_variance = variance
    if training:
        count = np.float32(len(rows))
        (total,) = _sums(np, rows, lambda part: (part,))
        mean = total / count

        def squares(part: Any) -> tuple[Any]:
            centred = np.subtract(part, mean, out=scratch("centred", part.shape, part.dtype))
            return (np.square(centred, out=centred),)

        (total,) = _sums(np, rows, squares)
        own_variance = total / count
        variance = own_variance * (count / max(count - 1, np.float32(1)))
    factor = scale / np.sqrt(own_variance + np.float32(definition.epsilon))
    y = np.empty(x.shape, x.dtype)
    results = y.reshape(rows.shape)

    def normalize(start: int, stop: int) -> None:
        part = results[start:stop]
        np.subtract(rows[start:stop], mean, out=part)
        np.multiply(part, factor, out=part)
        np.add(part, offset, out=part)

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
    rows, gradients = x.reshape(-1, x.shape[3]), dy.reshape(-1, x.shape[3])
    inverse = 1 / np.sqrt(variance + np.float32(definition.epsilon))

    def normal(start: int, stop: int) -> Any:
        part = rows[start:stop]
        made = np.subtract(part, mean, out=scratch("normal", part.shape, part.dtype))
        return np.multiply(made, inverse, out=made)

    def products(start: int, stop: int) -> tuple[Any, Any]:
        made = normal(start, stop)
        return np.multiply(gradients[start:stop], made, out=made), gradients[start:stop]

    of_scale, of_offset = _sums_of_ranges(np, rows, products)
    dx = np.empty(x.shape, x.dtype)
    results = dx.reshape(rows.shape)
    count = np.float32(len(rows))
    factor, mean_slope, mean_gradient = scale * inverse, of_scale / count, of_offset / count

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
