"""Varints: unsigned integers in groups of seven bits, low first, all but the last marked."""

from __future__ import annotations


def encode(number: int) -> bytes:
    """The varint of a number from 0 to 2**64 - 1."""
    groups = bytearray()
    while number > 0x7F:
        groups.append(number & 0x7F | 0x80)
        number >>= 7
    groups.append(number)
    return bytes(groups)


def decode(data: bytes | memoryview, position: int) -> tuple[int, int]:
    """The number that starts at `position`, and the position behind it.

    Raises:
      ValueError: the data ends first, or the number takes more than 64 bits.
    """
    number = 0
    for shift in range(0, 64, 7):
        if position >= len(data):
            raise ValueError("the data ends inside a varint")
        byte = data[position]
        position += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            if number >> 64:
                break
            return number, position
    raise ValueError("a varint of more than 64 bits")
