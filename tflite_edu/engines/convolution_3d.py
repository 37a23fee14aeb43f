"""Convolution of volumes as matrix products, on blocks of patches that stay in the cache."""

from __future__ import annotations

import math
from itertools import product
from typing import Any

from tflite_edu.engines.blas import run_pieces
from tflite_edu.engines.kernels import kernel
from tflite_edu.engines.scratch import scratch
from tflite_edu.ops.windows import Axis, surrounded

# What the patches of a block take, to be in the cache when they are multiplied.
BLOCK_BYTES = 1 << 21

# Gradients of the filters are added up in so many lanes at most.
_MOST_LANES = 8

Axes = tuple[Axis, Axis, Axis]
# A volume of the batch, and some of the planes of the output.
_Block = tuple[int, slice]


@kernel("Conv3D")
def convolve_volumes(definition: Any, np: Any, volume: Any, window: Any) -> Any:
    """The convolution of volumes [batch, depth, height, width, in channels] with filters."""
    axes = definition.geometry(volume, window)
    filters = _wide(np, window).reshape(-1, window.shape[4])
    full = surrounded(np, _wide(np, volume), axes)
    outs = [one.out for one in axes]
    made = np.empty((len(volume), *outs, window.shape[4]), filters.dtype)
    blocks = _blocks(made, len(filters))

    def piece(number: int) -> None:
        matrix = _patch_matrix(np, full, axes, blocks[number])
        np.matmul(matrix, filters, out=made[blocks[number]].reshape(len(matrix), -1))

    run_pieces(piece, len(blocks))
    return made.astype(volume.dtype, copy=False)


@kernel("Conv3DBackpropFilterV2")
def convolve_volumes_backprop_filter(
    definition: Any, np: Any, volume: Any, sizes: Any, grad: Any
) -> Any:
    """The gradient by the filters: every patch times the gradient at its place, added up."""
    axes = definition.geometry(volume, sizes, grad)
    shape = [int(s) for s in sizes]
    rows = math.prod(shape[:4])
    wide_grad = _wide(np, grad)
    full = surrounded(np, _wide(np, volume), axes)
    blocks = _blocks(wide_grad, rows) if rows else []
    lanes = [blocks[start::_MOST_LANES] for start in range(min(_MOST_LANES, len(blocks)))]
    sums = np.zeros((len(lanes), rows, shape[4]), wide_grad.dtype)

    def piece(number: int) -> None:
        for block in lanes[number]:
            matrix = _patch_matrix(np, full, axes, block)
            sums[number] += matrix.T @ wide_grad[block].reshape(len(matrix), -1)

    run_pieces(piece, len(lanes))
    return sums.sum(axis=0).reshape(shape).astype(volume.dtype, copy=False)


@kernel("Conv3DBackpropInputV2")
def convolve_volumes_backprop_input(
    definition: Any, np: Any, sizes: Any, window: Any, grad: Any
) -> Any:
    """The gradient by the volumes: products of the gradient and the filters, where they land."""
    axes = definition.geometry(sizes, window, grad)
    wide_grad = _wide(np, grad)
    filters = _wide(np, window).reshape(-1, window.shape[4]).T
    made = np.zeros([int(s) for s in sizes], wide_grad.dtype)
    channels = made.shape[4]
    blocks = _blocks(wide_grad, filters.shape[1]) if made.size else []
    places = list(product(*(range(one.window) for one in axes)))

    def piece(number: int) -> None:
        # Planes of one volume add to the same planes of its gradient, and have to take turns.
        for block in blocks:
            if block[0] == number:
                add(block)

    def add(block: _Block) -> None:
        matrix = wide_grad[block].reshape(-1, wide_grad.shape[4])
        products = scratch("products", (len(matrix), filters.shape[1]), made.dtype)
        np.matmul(matrix, filters, out=products)
        first, stop = block[1].start, block[1].stop
        positions = (stop - first, axes[1].out, axes[2].out)
        landed = products.reshape(*positions, len(places), channels)
        for i, place in enumerate(places):
            pairs = [axes[0].inside(place[0], first, stop)]
            pairs += [one.inside(tap) for one, tap in zip(axes[1:], place[1:])]
            chosen = made[(block[0], *(target for _, target in pairs))]
            chosen += landed[(*(outputs for outputs, _ in pairs), i)]

    run_pieces(piece, len(made))
    return made.astype(grad.dtype, copy=False)


def _blocks(positions: Any, patch_size: int) -> list[_Block]:
    """The planes of output positions [batch, depth, height, width, channels], some at a time."""
    batch, depth, height, width, _ = positions.shape
    if not positions.size:
        return []
    plane_bytes = height * width * max(patch_size, 1) * positions.itemsize
    planes = max(BLOCK_BYTES // plane_bytes, 1)
    starts = range(0, depth, planes)
    return [(i, slice(s, min(s + planes, depth))) for i in range(batch) for s in starts]


def _patch_matrix(np: Any, full: Any, axes: Axes, block: _Block) -> Any:
    """The patches of a block of padded volumes: [positions, elements of the window * channels].

    It holds until this thread asks for the next.
    """
    number, planes = block
    part = full[number, planes.start * axes[0].stride :]
    counts = (planes.stop - planes.start, axes[1].out, axes[2].out)
    windows = tuple(one.window for one in axes)
    steps = tuple(s * one.stride for s, one in zip(part.strides, axes))
    view = np.lib.stride_tricks.as_strided(
        part, (*counts, *windows, part.shape[3]), (*steps, *part.strides), writeable=False
    )
    matrix = scratch("patches", view.shape, full.dtype)
    matrix[...] = view
    return matrix.reshape(math.prod(counts), math.prod(windows) * part.shape[3])


def _wide(np: Any, array: Any) -> Any:
    """Half precision is multiplied and added up in single precision."""
    return array.astype(np.float32) if array.dtype == np.float16 else array
