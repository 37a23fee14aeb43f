"""CRC-32C (Castagnoli) checksums, and the masked form in which files hold them."""

from __future__ import annotations

from typing import Any

import google_crc32c
import numpy as np
from numpy.typing import NDArray

MASK_DELTA = 0xA282EAD8


def extend(crc: int, data: bytes | NDArray[Any]) -> int:
    """The checksum of some earlier data, whose checksum is `crc`, followed by `data`.

    An array has to be contiguous (C order); it is read in place.
    """
    if isinstance(data, np.ndarray):
        data = data.reshape(-1).view(np.uint8)
    return int(google_crc32c.extend(crc, data))


def value(data: bytes | NDArray[Any]) -> int:
    """The CRC-32C of `data`."""
    return extend(0, data)


def mask(crc: int) -> int:
    """The form in which a checksum is stored: rotated right by 15 bits, plus a constant."""
    return (((crc >> 15) | (crc << 17)) + MASK_DELTA) & 0xFFFFFFFF


def unmask(masked: int) -> int:
    """The checksum that `mask` was given."""
    rotated = (masked - MASK_DELTA) & 0xFFFFFFFF
    return ((rotated >> 17) | (rotated << 15)) & 0xFFFFFFFF


def masked(data: bytes | NDArray[Any]) -> int:
    """The masked CRC-32C of `data`."""
    return mask(value(data))
