"""String tensors in checkpoints: all lengths as varints, their checksum, then all bytes."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from tflite_edu.formats import crc32c, files, varint

_CHECKSUM_SIZE = 4


def write(file: BinaryIO, strings: NDArray[Any]) -> tuple[int, int]:
    """Writes an array of bytes objects. Returns how many bytes that took, and their CRC-32C.

    That checksum is not taken over the varints but over the lengths as fixed-width numbers.

    Raises:
      TypeError: an element is not a bytes object.
    """
    for string in strings.flat:
        if not isinstance(string, bytes):
            raise TypeError(f"Expected bytes, got {string!r} of type {type(string).__name__}")
    lengths = [len(string) for string in strings.flat]
    checksum = _checksum_of_lengths(lengths)
    stored = struct.pack("<I", crc32c.mask(checksum))
    head = b"".join(varint.encode(length) for length in lengths) + stored
    file.write(head)
    checksum = crc32c.extend(checksum, stored)
    for string in strings.flat:
        file.write(string)
        checksum = crc32c.extend(checksum, string)
    return len(head) + sum(lengths), checksum


def parse(
    data: bytes, size: int, path: str, offset: int, byte_order: str = "<"
) -> tuple[NDArray[Any], int]:
    """The `size` strings in `data`, which lies at `offset` in the file `path`, and its CRC-32C.

    `byte_order` is that of the machine that wrote it, "<" or ">".

    Raises:
      tf.errors.DataLossError: there are not `size` strings in the data.
    """
    if size > len(data):
        raise files.damaged(f"{len(data)} bytes cannot hold {size} strings", path, offset)
    lengths = []
    position = 0
    for _ in range(size):
        try:
            length, position = varint.decode(data, position)
        except ValueError as error:
            raise files.damaged(f"Bad length of a string: {error}", path, offset) from None
        lengths.append(length)
    stored = data[position : position + _CHECKSUM_SIZE]
    if len(stored) != _CHECKSUM_SIZE:
        raise files.damaged("The strings end before the checksum of their lengths", path, offset)
    checksum = _checksum_of_lengths(lengths, byte_order)
    expected = crc32c.unmask(struct.unpack(f"{byte_order}I", stored)[0])
    if checksum != expected:
        message = (
            f"The length checksum does not match: expected {expected} but actual is {checksum}"
        )
        raise files.damaged(message, path, offset + position)
    if position + _CHECKSUM_SIZE + sum(lengths) != len(data):
        message = "The lengths of the strings do not fit the size of their tensor"
        raise files.damaged(message, path, offset)
    strings = np.empty(size, object)
    strings[:] = list(_cut(data, position + _CHECKSUM_SIZE, lengths))
    return strings, crc32c.extend(checksum, data[position:])


def _cut(data: bytes, position: int, lengths: list[int]) -> Iterator[bytes]:
    for length in lengths:
        yield data[position : position + length]
        position += length


def _checksum_of_lengths(lengths: list[int], byte_order: str = "<") -> int:
    """The CRC-32C of lengths as uint32, or uint64 for those that need it."""
    fixed = [struct.pack(byte_order + ("I" if n < 1 << 32 else "Q"), n) for n in lengths]
    return crc32c.value(b"".join(fixed))
