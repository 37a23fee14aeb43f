"""Rectangular parts of tensors: as text, as protos, and as keys of a checkpoint's table."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tflite_edu.core import errors
from tflite_edu.formats.proto import tensor_slice_pb2

_NUMBER = re.compile(r"-?[0-9]{1,20}")
_MAXIMUM_PARTS = 10_000
"""How many parts may be compared with each other, which takes a second."""

FULL = -1
"""The length of an extent that is a whole dimension."""


class Extent(NamedTuple):
    """A part of one dimension: `length` indices from `start` on; all where length is FULL."""

    start: int
    length: int


class TensorSlice(tuple[Extent, ...]):
    """A rectangular part of a tensor: one extent for each dimension.

    `str` gives TensorFlow's text for it: "0,2:-" is rows 0 and 1 with all their columns.
    """

    @classmethod
    def whole(cls, rank: int) -> TensorSlice:
        """All of a tensor with `rank` dimensions."""
        return cls([Extent(0, FULL)] * rank)

    @classmethod
    def of(cls, extents: Iterable[Sequence[int]]) -> TensorSlice:
        """The slice of these (start, length) pairs."""
        return cls(Extent(start, length) for start, length in extents)

    @classmethod
    def parse(cls, text: str) -> TensorSlice:
        """The slice that `str` wrote.

        Raises:
          tf.errors.InvalidArgumentError: the text is no slice.
        """
        return cls(_parse_extent(part, text) for part in text.split(":") if part)

    @classmethod
    def from_proto(cls, proto: tensor_slice_pb2.TensorSliceProto) -> TensorSlice:
        """The slice that `to_proto` wrote."""
        return cls(
            Extent(extent.start, extent.length if extent.HasField("length") else FULL)
            for extent in proto.extent
        )

    def to_proto(self) -> tensor_slice_pb2.TensorSliceProto:
        """The proto of a checkpoint's index entry."""
        proto = tensor_slice_pb2.TensorSliceProto()
        for start, length in self:
            extent = proto.extent.add(start=start)
            if length != FULL:
                extent.length = length
        return proto

    def shape(self, full_shape: Sequence[int]) -> tuple[int, ...]:
        """The shape of the part, for a tensor of shape `full_shape`.

        Raises:
          tf.errors.InternalError: the ranks differ, or an extent reaches out of the tensor.
        """
        if len(self) != len(full_shape):
            message = f"Mismatching ranks: shape = {shape_text(full_shape)}, slice = {self}"
            raise errors.InternalError(None, None, message)
        shape = []
        for dimension, (extent, size) in enumerate(zip(self, full_shape, strict=True)):
            length = size if extent.length == FULL else extent.length
            if extent.start < 0 or length < 0 or extent.start + length > size:
                message = (
                    f"Extent in dimension {dimension} out of bounds: "
                    f"shape = {shape_text(full_shape)}, slice = {self}"
                )
                raise errors.InternalError(None, None, message)
            shape.append(length)
        return tuple(shape)

    def __str__(self) -> str:
        return ":".join("-" if length == FULL else f"{start},{length}" for start, length in self)


def parse_shape_and_slice(text: str) -> tuple[tuple[int, ...], TensorSlice, tuple[int, ...]]:
    """The parts of an element of SaveV2's and RestoreV2's `shape_and_slices`, such as "4 3 0,2:-".

    Returns: the shape of the whole tensor, (4, 3); the slice, rows 0 and 1; the shape of the slice,
      (2, 3).

    Raises:
      tf.errors.InvalidArgumentError: the text does not have that form.
      tf.errors.InternalError: the slice is not within the tensor.
    """
    *dimensions, slice_text = text.split(" ")
    if not dimensions:
        message = f"Need least two elements in shape_and_slice specification: {text}"
        raise errors.InvalidArgumentError(None, None, message)
    if not all(_is_number(dimension) and int(dimension) >= 0 for dimension in dimensions):
        message = f"Non numerical dimension in shape_and_slice: {text}"
        raise errors.InvalidArgumentError(None, None, message)
    full_shape = tuple(int(dimension) for dimension in dimensions)
    part = TensorSlice.parse(slice_text)
    return full_shape, part, part.shape(full_shape)


def table_key(name: str, part: TensorSlice) -> bytes:
    """The key of a part of a tensor in a checkpoint's table.

    0, the tensor's name, the rank, then start and length of every extent, in an encoding of numbers
    and strings whose byte order is their order.
    """
    escaped = name.encode().replace(b"\0", b"\0\xff")
    key = _ordered_unsigned(0) + escaped + b"\0\1" + _ordered_unsigned(len(part))
    for start, length in part:
        key += _ordered_signed(start) + _ordered_signed(length)
    return key


def bounds(part: TensorSlice, full_shape: Sequence[int]) -> NDArray[np.int64]:
    """The first index in every dimension, and the one behind the last: int64 [dimension, 2].

    Raises:
      tf.errors.InternalError: the part is not one of a tensor of shape `full_shape`.
    """
    shape = part.shape(full_shape)
    pairs = [(start, start + size) for (start, _), size in zip(part, shape)]
    return np.array(pairs, np.int64).reshape(len(shape), 2)


def intersection(one: NDArray[Any], other: NDArray[Any]) -> NDArray[Any]:
    """The bounds of what two parts have in common; nothing, if one ends before it begins."""
    first = np.maximum(one[..., 0], other[..., 0])
    last = np.minimum(one[..., 1], other[..., 1])
    return np.stack([first, last], axis=-1)


def is_empty(bounds: NDArray[Any]) -> Any:
    """Whether nothing is within bounds; for bounds [part, dimension, 2], a bool for each part."""
    return np.any(bounds[..., 0] >= bounds[..., 1], axis=-1)


def indices(bounds: NDArray[Any], origin: NDArray[Any]) -> tuple[slice, ...]:
    """Bounds as an index into an array that begins where `origin` does."""
    return tuple(slice(first, last) for first, last in (bounds - origin[:, :1]).tolist())


def check_cover(
    saved: list[TensorSlice],
    bounds: NDArray[Any],
    wanted: NDArray[Any],
    name: str,
    part: TensorSlice,
) -> None:
    """Checks that the saved parts have all of what is wanted, and nothing twice.

    Args:
      saved: the parts.
      bounds: theirs, [part, dimension, 2].
      wanted: the bounds of what is wanted, [dimension, 2].
      name: of the tensor, for the message.
      part: what is wanted, for the message.

    Raises:
      tf.errors.InternalError: two parts overlap.
      tf.errors.InvalidArgumentError: something is missing.
      tf.errors.DataLossError: there are absurdly many parts.
    """
    pair = _overlap(bounds)
    if pair is not None:
        one, other = saved[min(pair)], saved[max(pair)]
        message = f"Overlapping slices: existing slice = {one}, new slice = {other}"
        raise errors.InternalError(None, None, message)
    common = intersection(bounds, wanted)
    sizes = (common[..., 1] - common[..., 0])[~is_empty(common)]
    covered = sum(math.prod(size) for size in sizes.tolist())
    if covered != math.prod((wanted[:, 1] - wanted[:, 0]).tolist()):
        message = (
            f"Does not have sufficient slices for partitioned tensor {name} "
            f"to restore in slice_spec: {part}"
        )
        raise errors.InvalidArgumentError(None, None, message)


def _overlap(bounds: NDArray[Any]) -> tuple[int, int] | None:
    """Two parts that have something in common, by their numbers; None if no two do.

    Raises:
      tf.errors.DataLossError: there are more parts, cut along several axes, than any variable has.
    """
    filled = np.flatnonzero(~is_empty(bounds))
    bounds = bounds[filled]
    if len(filled) < 2:
        return None
    axes = np.flatnonzero((bounds != bounds[0]).any(axis=(0, 2)))
    if len(axes) <= 1:
        # Cut along one axis, as nearly always: parts that begin one after another are neighbours.
        along = bounds[:, axes[0]] if len(axes) else np.zeros((len(filled), 2))
        order = np.argsort(along[:, 0], kind="stable")
        near = np.flatnonzero(along[order[1:], 0] < along[order[:-1], 1])
        if not len(axes):
            near = np.arange(1)
        return (int(filled[order[near[0]]]), int(filled[order[near[0] + 1]])) if len(near) else None
    if len(filled) > _MAXIMUM_PARTS:
        raise errors.DataLossError(None, None, f"A tensor in {len(filled)} parts is damaged")
    for number in range(1, len(filled)):
        overlaps = ~is_empty(intersection(bounds[:number], bounds[number]))
        if overlaps.any():
            return int(filled[np.argmax(overlaps)]), int(filled[number])
    return None


def mismatch(
    full_shape: Sequence[int], part: TensorSlice, shape: Sequence[int]
) -> errors.InvalidArgumentError:
    """The error for an array of `shape` that is to be saved as a part of another shape."""
    message = (
        "Slice in shape_and_slice specification does not match the shape of the tensor to  "
        f"save: {' '.join(map(str, full_shape))} {part}, tensor: {shape_text(shape)}"
    )
    return errors.InvalidArgumentError(None, None, message)


def assemble(
    saved: list[TensorSlice],
    full_shape: Sequence[int],
    dtype: np.dtype[Any],
    read: Callable[[TensorSlice], NDArray[Any]],
    name: str,
    part: TensorSlice,
) -> NDArray[Any]:
    """A part of a tensor out of the parts in which it was saved, as a new array.

    Args:
      saved: the parts. Those that are needed are read one at a time.
      full_shape: of the tensor.
      dtype: of its elements.
      read: gives the elements of one of the parts.
      name: of the tensor, for messages.
      part: what is wanted.

    Raises: as `check_cover`, and
      tf.errors.InternalError: a part reaches out of the tensor.
    """
    places = np.stack([bounds(one, full_shape) for one in saved])
    wanted = bounds(part, full_shape)
    check_cover(saved, places, wanted, name, part)
    if len(saved) == 1 and np.array_equal(places[0], wanted):
        return read(saved[0])
    result = np.empty(tuple((wanted[:, 1] - wanted[:, 0]).tolist()), dtype)
    for one, place in zip(saved, places, strict=True):
        common = intersection(place, wanted)
        if not is_empty(common):
            result[indices(common, wanted)] = read(one)[indices(common, place)]
    return result


def shape_text(shape: Sequence[int]) -> str:
    """A shape as TensorFlow's messages write it: "[4,3]"."""
    return "[" + ",".join(str(size) for size in shape) + "]"


def _parse_extent(part: str, text: str) -> Extent:
    if part == "-":
        return Extent(0, FULL)
    start, comma, length = part.partition(",")
    if not (comma and _is_number(start) and _is_number(length)):
        message = f"Expected a pair of numbers or '-' but got '{part}': string = {text}"
        raise errors.InvalidArgumentError(None, None, message)
    if int(start) < 0 or int(length) < 1:
        message = (
            f"Expected non-negative start and positive length but got start = {start}, "
            f"length = {length}: string = {text}"
        )
        raise errors.InvalidArgumentError(None, None, message)
    return Extent(int(start), int(length))


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None and -(2**63) <= int(text) < 2**63


def _ordered_unsigned(number: int) -> bytes:
    size = (number.bit_length() + 7) // 8
    return bytes([size]) + number.to_bytes(size, "big")


def _ordered_signed(number: int) -> bytes:
    size = (number if number >= 0 else ~number).bit_length() // 7 + 1
    bits = number & ((1 << 8 * size) - 1)
    header = ((1 << size) - 1) << (7 * size)  # `size` ones at the top, as in UTF-8.
    return (bits ^ header).to_bytes(size, "big")
