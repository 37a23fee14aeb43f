"""Blocks of pixels moved into the batch or into the channels, and back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NoReturn

from tflite_edu.core import dtypes, errors, raw
from tflite_edu.core.constant import constant
from tflite_edu.core.constant_value import constant_value
from tflite_edu.core.convert import convert_to_tensor
from tflite_edu.core.dtypes import INT32, INT64, DType
from tflite_edu.core.export import export
from tflite_edu.core.inference import (
    ShapeError,
    add_dims,
    concat_shapes,
    divide_dims,
    multiply_dims,
    subshape,
    subtract_dims,
    with_rank,
    with_rank_at_least,
)
from tflite_edu.core.op import Op, attr
from tflite_edu.core.scopes import name_scope
from tflite_edu.core.shapes import Shape
from tflite_edu.core.tensor import Tensor
from tflite_edu.ops.constants import zeros
from tflite_edu.ops.packing import stack


def _to_batch_shape(input: Shape, blocks: Any, paddings: Any) -> Shape:
    if blocks is None:
        return None
    _check_blocks(input, blocks, paddings, "paddings")
    sizes = with_rank_at_least(input, len(blocks) + 1) or (None,) * (len(blocks) + 1)
    batch = multiply_dims(sizes[0], math.prod(blocks))
    inner: list[int | None] = [None] * len(blocks)
    if paddings is not None:
        for i, (block, (before, after)) in enumerate(zip(blocks, paddings, strict=True)):
            inner[i] = divide_dims(add_dims(add_dims(sizes[i + 1], before), after), block)
    return concat_shapes((batch, *inner), subshape(input, len(blocks) + 1))


def _from_batch_shape(input: Shape, blocks: Any, crops: Any) -> Shape:
    if blocks is None:
        return None
    _check_blocks(input, blocks, crops, "crops")
    sizes = with_rank_at_least(input, len(blocks) + 1) or (None,) * (len(blocks) + 1)
    batch = sizes[0]
    for block in blocks:
        batch = divide_dims(batch, block)
    inner: list[int | None] = [None] * len(blocks)
    if crops is not None:
        for i, (block, (before, after)) in enumerate(zip(blocks, crops, strict=True)):
            full = multiply_dims(sizes[i + 1], block)
            inner[i] = subtract_dims(subtract_dims(full, before), after)
    return concat_shapes((batch, *inner), subshape(input, len(blocks) + 1))


def _check_blocks(input: Shape, blocks: Sequence[int], amounts: Any, name: str) -> None:
    if any(block < 1 for block in blocks):
        raise ShapeError("block_shape must be positive")
    if amounts is not None and any(amount < 0 for pair in amounts for amount in pair):
        raise ShapeError(f"{name} cannot be negative")


def _refuse(reason: str) -> NoReturn:
    raise errors.InvalidArgumentError(None, None, reason)


def _require_blocks(input: Any, blocks: Sequence[int]) -> None:
    if input.ndim < len(blocks) + 1:
        _refuse(f"input rank should be >= {len(blocks) + 1} instead of {input.ndim}")
    if math.prod(blocks) <= 0:
        _refuse(f"Product of block sizes must be positive, got {math.prod(blocks)}")


def _to_batch(np: Any, input: Any, blocks: Sequence[int], paddings: Any) -> Any:
    _require_blocks(input, blocks)
    count = len(blocks)
    for i, (block, (before, after)) in enumerate(zip(blocks, paddings, strict=True)):
        if before < 0 or after < 0:
            _refuse("Paddings must be non-negative")
        padded_size = input.shape[i + 1] + before + after
        if padded_size % block:
            _refuse(f"padded_shape[{i}]={padded_size} is not divisible by block_shape[{i}]={block}")
    around = [(0, 0), *paddings, *[(0, 0)] * (input.ndim - count - 1)]
    shape = [
        before + size + after for size, (before, after) in zip(input.shape, around, strict=True)
    ]
    padded = np.zeros(shape, input.dtype)
    padded[tuple([np.s_[b : b + n] for n, (b, _) in zip(input.shape, around, strict=True)])] = input
    split = [shape[0]]
    for size, block in zip(shape[1:], blocks, strict=False):
        split += [size // block, block]
    inside = [2 * i + 2 for i in range(count)]
    outside = [2 * i + 1 for i in range(count)]
    rest = range(2 * count + 1, input.ndim + count)
    moved = padded.reshape(split + shape[count + 1 :]).transpose([*inside, 0, *outside, *rest])
    outer = [size // block for size, block in zip(shape[1:], blocks, strict=False)]
    final = [shape[0] * math.prod(blocks), *outer, *shape[count + 1 :]]
    return moved.copy().reshape(final)


def _from_batch(np: Any, input: Any, blocks: Sequence[int], crops: Any) -> Any:
    _require_blocks(input, blocks)
    count = len(blocks)
    if input.shape[0] % math.prod(blocks):
        _refuse(
            f"Input batch dimension ({input.shape[0]}) is not divisible by product of block sizes "
            f"({math.prod(blocks)})"
        )
    for i, (block, (before, after)) in enumerate(zip(blocks, crops, strict=True)):
        if before < 0 or after < 0:
            _refuse("Crops must be non-negative")
        cropped_size = input.shape[i + 1] * block - before - after
        if cropped_size < 0:
            _refuse(f"cropped_shape[{i}]={cropped_size} must be non-negative")
    batch = input.shape[0] // math.prod(blocks)
    split = input.reshape([*blocks, batch, *input.shape[1:]])
    order = [count]
    for i in range(count):
        order += [count + 1 + i, i]
    order += range(2 * count + 1, split.ndim)
    full = [size * block for size, block in zip(input.shape[1:], blocks, strict=False)]
    joined = split.transpose(order).reshape([batch, *full, *input.shape[count + 1 :]])
    kept = [np.s_[b : n - a] for n, (b, a) in zip(full, crops, strict=True)]
    return np.array(joined[(slice(None), *kept)])


class SpaceToBatchND(Op):
    """Blocks of space moved into the batch: each entry keeps every n-th element."""

    inputs = ("input: T", "block_shape: Tblock_shape", "paddings: Tpaddings")
    outputs = ("output: T",)
    T: DType
    Tblock_shape: DType = attr(INT32, INT64, default=INT32)
    Tpaddings: DType = attr(INT32, INT64, default=INT32)
    infer_from = {"block_shape": "value", "paddings": "value"}

    def infer(self, input: Shape, block_shape: Any, paddings: Any) -> Shape:
        return _to_batch_shape(input, *_as_lists(block_shape, paddings))

    def forward(self, np: Any, input: Any, block_shape: Any, paddings: Any) -> Any:
        return _to_batch(np, input, *_as_lists(block_shape, paddings))

    def backward(self, op: Any, doutput: Tensor) -> list[Any]:
        return [batch_to_space_nd(doutput, *op.inputs[1:]), None, None]


def _as_lists(*arrays: Any) -> list[Any]:
    return [None if array is None else array.tolist() for array in arrays]


@export("space_to_batch_nd", "manip.space_to_batch_nd")
def space_to_batch_nd(
    input: Any, block_shape: Any, paddings: Any, name: str | None = None
) -> Tensor:
    """Blocks of space moved into the batch.

    `input` [batch, s1 ... sm, ...] is padded with zeros by `paddings` [m, 2] and cut into blocks of
    `block_shape` [m]; the result is [batch * prod(block_shape), s1 / b1 ... sm / bm, ...], where
    the place within a block is the slowest part of the batch. Raises ValueError where the blocks do
    not divide the padded sizes.
    """
    return raw.SpaceToBatchND(input, block_shape, paddings, name=name)


class BatchToSpaceND(Op):
    """Entries of the batch moved into blocks of space, and the edges cropped."""

    inputs = ("input: T", "block_shape: Tblock_shape", "crops: Tcrops")
    outputs = ("output: T",)
    T: DType
    Tblock_shape: DType = attr(INT32, INT64, default=INT32)
    Tcrops: DType = attr(INT32, INT64, default=INT32)
    infer_from = {"block_shape": "value", "crops": "value"}

    def infer(self, input: Shape, block_shape: Any, crops: Any) -> Shape:
        return _from_batch_shape(input, *_as_lists(block_shape, crops))

    def forward(self, np: Any, input: Any, block_shape: Any, crops: Any) -> Any:
        return _from_batch(np, input, *_as_lists(block_shape, crops))

    def backward(self, op: Any, doutput: Tensor) -> list[Any]:
        return [space_to_batch_nd(doutput, *op.inputs[1:]), None, None]


@export("batch_to_space_nd", "manip.batch_to_space_nd")
def batch_to_space_nd(input: Any, block_shape: Any, crops: Any, name: str | None = None) -> Tensor:
    """The reverse of `tf.space_to_batch_nd`; `crops` [m, 2] are cut off where that padded."""
    return raw.BatchToSpaceND(input, block_shape, crops, name=name)


class SpaceToBatch(Op):
    """`SpaceToBatchND` of two axes and square blocks."""

    inputs, outputs = ("input: T", "paddings: Tpaddings"), ("output: T",)
    T: DType
    Tpaddings: DType = attr(INT32, INT64, default=INT32)
    block_size: int = attr(minimum=2)
    infer_from = {"paddings": "value"}

    def infer(self, input: Shape, paddings: Any) -> Shape:
        input = with_rank(input, 4)
        return _to_batch_shape(input, [self.block_size] * 2, *_as_lists(paddings))

    def forward(self, np: Any, input: Any, paddings: Any) -> Any:
        return _to_batch(np, input, [self.block_size] * 2, paddings.tolist())

    def backward(self, op: Any, doutput: Tensor) -> list[Any]:
        return [batch_to_space(doutput, op.inputs[1], block_size=self.block_size), None]


@export("space_to_batch", "nn.space_to_batch")
def space_to_batch(
    input: Any,
    paddings: Any,
    block_size: int | None = None,
    name: str | None = None,
    block_shape: int | None = None,
) -> Tensor:
    """`tf.space_to_batch_nd` of [batch, height, width, depth] in blocks of `block_size` squared.

    `block_shape` is another name of `block_size`.
    """
    size = _one_of("block_shape", block_shape, "block_size", block_size)
    result = space_to_batch_nd(input, [size, size], paddings, name=name)
    result.set_shape(result.get_shape().with_rank(4))
    return result


class BatchToSpace(Op):
    """`BatchToSpaceND` of two axes and square blocks."""

    inputs, outputs = ("input: T", "crops: Tidx"), ("output: T",)
    T: DType
    block_size: int = attr(minimum=2)
    Tidx: DType = attr(INT32, INT64, default=INT32)
    infer_from = {"crops": "value"}

    def infer(self, input: Shape, crops: Any) -> Shape:
        input = with_rank(input, 4)
        return _from_batch_shape(input, [self.block_size] * 2, *_as_lists(crops))

    def forward(self, np: Any, input: Any, crops: Any) -> Any:
        return _from_batch(np, input, [self.block_size] * 2, crops.tolist())

    def backward(self, op: Any, doutput: Tensor) -> list[Any]:
        return [space_to_batch(doutput, op.inputs[1], block_size=self.block_size), None]


@export("batch_to_space")
def batch_to_space(
    input: Any,
    crops: Any,
    block_size: int | None,
    name: str | None = None,
    block_shape: int | None = None,
) -> Tensor:
    """The reverse of `tf.space_to_batch`; `crops` [2, 2] are cut off.

    `block_shape` is another name of `block_size`.
    """
    size = _one_of("block_shape", block_shape, "block_size", block_size)
    result = batch_to_space_nd(input, [size, size], crops, name=name)
    result.set_shape(result.get_shape().with_rank(4))
    return result


def _one_of(name: str, value: Any, old_name: str, old_value: Any) -> Any:
    if value is not None and old_value is not None:
        raise ValueError(f"Cannot specify both '{old_name}' and '{name}'")
    return old_value if value is None else value


class SpaceToDepth(Op):
    """Blocks of pixels moved into the channels."""

    inputs, outputs = ("input: T",), ("output: T",)
    T: DType
    block_size: int = attr(minimum=2)
    data_format: str = attr("NHWC", "NCHW", "NCHW_VECT_C", default="NHWC")

    def infer(self, input: Shape) -> Shape:
        batch, height, width, depth = _batch_height_width_depth(input, self.data_format)
        block = self.block_size
        return _in_format(
            self.data_format,
            *(batch, divide_dims(height, block), divide_dims(width, block)),
            multiply_dims(depth, block * block),
        )

    def forward(self, np: Any, input: Any) -> Any:
        _check_format(self.data_format)
        if input.ndim != 4:
            _refuse(f"Input rank should be 4 instead of {input.ndim}")
        batch, height, width, depth = input.shape
        block = self.block_size
        if height % block or width % block:
            _refuse(
                f"Image width {width} and height {height} should be divisible by block_size: "
                f"{block}"
            )
        rows, columns = height // block, width // block
        split = input.reshape(batch, rows, block, columns, block, depth)
        moved = split.transpose(0, 1, 3, 2, 4, 5).copy()
        return moved.reshape(batch, rows, columns, block * block * depth)

    def backward(self, op: Any, doutput: Tensor) -> Tensor:
        return raw.DepthToSpace(doutput, block_size=self.block_size, data_format=self.data_format)


def _batch_height_width_depth(shape: Shape, data_format: str) -> Any:
    if data_format == "NCHW_VECT_C":
        sizes = with_rank(shape, 5)
        return sizes[0], sizes[2], sizes[3], multiply_dims(sizes[1], sizes[4])
    sizes = with_rank(shape, 4)
    return sizes if data_format == "NHWC" else (sizes[0], sizes[2], sizes[3], sizes[1])


def _in_format(data_format: str, batch: Any, height: Any, width: Any, depth: Any) -> Shape:
    if data_format == "NHWC":
        return batch, height, width, depth
    if data_format == "NCHW":
        return batch, depth, height, width
    return batch, divide_dims(depth, 4), height, width, 4


def _check_format(data_format: str) -> None:
    if data_format != "NHWC":
        _refuse(f"Only NHWC data_format supported on CPU. Got {data_format}")


@export("space_to_depth", "nn.space_to_depth")
def space_to_depth(
    input: Any, block_size: int, name: str | None = None, data_format: str = "NHWC"
) -> Tensor:
    """Blocks of pixels moved into the channels.

    [batch, h, w, d] becomes [batch, h / block_size, w / block_size, d * block_size**2]. A run knows
    the format "NHWC" alone. Raises ValueError where the blocks do not divide the size.
    """
    return raw.SpaceToDepth(input, block_size=block_size, data_format=data_format, name=name)


class DepthToSpace(Op):
    """Channels moved into blocks of pixels."""

    inputs, outputs = ("input: T",), ("output: T",)
    T: DType
    block_size: int = attr(minimum=2)
    data_format: str = attr("NHWC", "NCHW", "NCHW_VECT_C", default="NHWC")

    def infer(self, input: Shape) -> Shape:
        batch, height, width, depth = _batch_height_width_depth(input, self.data_format)
        block = self.block_size
        return _in_format(
            self.data_format,
            *(batch, multiply_dims(height, block), multiply_dims(width, block)),
            divide_dims(depth, block * block),
        )

    def forward(self, np: Any, input: Any) -> Any:
        _check_format(self.data_format)
        if input.ndim != 4:
            _refuse(f"Input rank should be: 4 instead of: {input.ndim}")
        batch, height, width, depth = input.shape
        block = self.block_size
        if depth % (block * block):
            _refuse(f"Input depth dimension {depth} should be divisible by: {block * block}")
        split = input.reshape(batch, height, width, block, block, depth // block**2)
        moved = split.transpose(0, 1, 3, 2, 4, 5).copy()
        return moved.reshape(batch, height * block, width * block, depth // block**2)

    def backward(self, op: Any, doutput: Tensor) -> Tensor:
        return raw.SpaceToDepth(doutput, block_size=self.block_size, data_format=self.data_format)


@export("depth_to_space", "nn.depth_to_space")
def depth_to_space(
    input: Any, block_size: int, name: str | None = None, data_format: str = "NHWC"
) -> Tensor:
    """The reverse of `tf.nn.space_to_depth`: channels moved into blocks of pixels.

    [batch, h, w, d] becomes [batch, h * block_size, w * block_size, d / block_size**2]. A run knows
    the format "NHWC" alone. Raises ValueError where the blocks do not divide the channels.
    """
    return raw.DepthToSpace(input, block_size=block_size, data_format=data_format, name=name)


@export("required_space_to_batch_paddings")
def required_space_to_batch_paddings(
    input_shape: Any, block_shape: Any, base_paddings: Any = None, name: str | None = None
) -> tuple[Tensor, Tensor]:
    """The paddings that make blocks fit, for `tf.space_to_batch_nd`, and the crops that undo them.

    Args:
      input_shape: int32 [n], the sizes of the axes that are cut.
      block_shape: int32 [n], the sizes of the blocks.
      base_paddings: int32 [n, 2], the least paddings; none by default.
      name: of the nodes.

    Returns:
      paddings, crops: int32 [n, 2] each.
    """
    with name_scope(name, "required_space_to_batch_paddings", [input_shape, block_shape]):
        input_shape = convert_to_tensor(input_shape, dtype=dtypes.int32, name="input_shape")
        block_shape = convert_to_tensor(block_shape, dtype=dtypes.int32, name="block_shape")
        block_shape.get_shape().assert_is_fully_defined()
        block_shape.get_shape().assert_has_rank(1)
        count = block_shape._shape[0]
        if count == 0:
            empty = zeros([0, 2], dtypes.int32)
            return empty, empty
        input_shape.get_shape().assert_is_compatible_with([count])
        if base_paddings is not None:
            base_paddings = convert_to_tensor(
                base_paddings, dtype=dtypes.int32, name="base_paddings"
            )
            base_paddings.get_shape().assert_is_compatible_with([count, 2])
        else:
            base_paddings = zeros([count, 2], dtypes.int32)
        known = [constant_value(t) for t in (block_shape, input_shape, base_paddings)]
        if all(value is not None for value in known):
            blocks, sizes, base = known
            starts, ends = base[:, 0], base[:, 1]
            more = (blocks - (sizes + starts + ends) % blocks) % blocks
            pairs = [[int(start), int(end)] for start, end in zip(starts, ends + more, strict=True)]
            crops = [[0, int(amount)] for amount in more]
            return constant(pairs, name="paddings"), constant(crops, name="crops")
        starts, ends = base_paddings[:, 0], base_paddings[:, 1]
        full = input_shape + starts + ends
        more = (block_shape - full % block_shape) % block_shape
        ends = ends + more
        paddings = stack([[starts[i], ends[i]] for i in range(count)], name="paddings")
        crops_tensor = stack([[0, more[i]] for i in range(count)], name="crops")
        return paddings, crops_tensor
