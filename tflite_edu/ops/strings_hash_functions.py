"""Three 64-bit hashes, each of many strings of one length at once.

`rows` is uint8 `[strings, length]`, one string a row; each function gives uint64 `[strings]`.
Sums and products are modulo 2^64.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_MASK = 2**64 - 1
_K0 = 0xC3A5C85C97CB3127
_K1 = 0xB492B66FBE98F273
_K2 = 0x9AE16A3B2F90404F


class _Words:
    """Little-endian words of each row."""

    def __init__(self, np: Any, rows: Any) -> None:
        self.np = np
        self.rows = rows

    def __call__(self, offset: int, size: int = 8) -> Any:
        """The words of `size` bytes at an offset, uint64 `[strings]`."""
        part = self.np.zeros((len(self.rows), 8), self.np.uint8)
        part[:, :size] = self.rows[:, offset : offset + size]
        return part.view("<u8")[:, 0].astype(self.np.uint64)


def _constants(np: Any, *values: int) -> list[Any]:
    # Arrays of one element wrap around silently, where numpy's scalars warn.
    return [np.array([value & _MASK], np.uint64) for value in values]


def _rotated(np: Any, x: Any, shift: int) -> Any:
    """`x` rotated to the right."""
    return (x >> np.uint64(shift)) | (x << np.uint64(64 - shift))


def _rotated_left(np: Any, x: Any, shift: int) -> Any:
    return _rotated(np, x, 64 - shift)


def _mixed(np: Any, x: Any) -> Any:
    return x ^ (x >> np.uint64(47))


def _joined(np: Any, u: Any, v: Any, factor: Any) -> Any:
    a = _mixed(np, (u ^ v) * factor)
    return _mixed(np, (v ^ a) * factor) * factor


def fingerprint64(np: Any, rows: Any) -> Any:
    """FarmHash's Fingerprint64 (Google's FarmHash, `farmhashna`)."""
    length = rows.shape[1]
    if length <= 16:
        return _up_to_16(np, rows, length)
    if length <= 64:
        return _up_to_64(np, rows, length)
    return _longer(np, rows, length)


def _up_to_16(np: Any, rows: Any, length: int) -> Any:
    word = _Words(np, rows)
    k0, k2, factor, size = _constants(np, _K0, _K2, _K2 + 2 * length, length)
    if length >= 8:
        a, b = word(0) + k2, word(length - 8)
        c = _rotated(np, b, 37) * factor + a
        d = (_rotated(np, a, 25) + b) * factor
        return _joined(np, c, d, factor)
    if length >= 4:
        first = size + (word(0, 4) << np.uint64(3))
        return _joined(np, first, word(length - 4, 4), factor)
    if length:
        y = word(0, 1) + (word(length >> 1, 1) << np.uint64(8))
        z = size + (word(length - 1, 1) << np.uint64(2))
        return _mixed(np, y * k2 ^ z * k0) * k2
    return np.broadcast_to(k2, len(rows))


def _up_to_64(np: Any, rows: Any, length: int) -> Any:
    word = _Words(np, rows)
    k1, k2, factor = _constants(np, _K1, _K2, _K2 + 2 * length)
    a = word(0) * (k1 if length <= 32 else k2)
    b = word(8)
    c = word(length - 8) * factor
    d = word(length - 16) * k2
    y = _rotated(np, a + b, 43) + _rotated(np, c, 30) + d
    z = _joined(np, y, a + _rotated(np, b + k2, 18) + c, factor)
    if length <= 32:
        return z
    e = word(16) * factor
    f = word(24)
    g = (y + word(length - 32)) * factor
    h = (z + word(length - 24)) * factor
    first = _rotated(np, e + f, 43) + _rotated(np, g, 30) + h
    return _joined(np, first, e + _rotated(np, f + a, 18) + g, factor)


def _weak(np: Any, word: _Words, at: int, a: Any, b: Any) -> tuple[Any, Any]:
    w, x, y, z = [word(at + 8 * number) for number in range(4)]
    a = a + w
    b = _rotated(np, b + a + z, 21)
    c = a
    a = a + x + y
    return a + z, b + _rotated(np, a, 44) + c


def _longer(np: Any, rows: Any, length: int) -> Any:
    word = _Words(np, rows)
    k0, k1, k2, nought, nine = _constants(np, _K0, _K1, _K2, 0, 9)
    y_start = 81 * _K1 + 113
    x, y = _constants(np, 81 * _K2, y_start)
    x = x + word(0)
    z = _mixed(np, _constants(np, y_start * _K2 + 113)[0]) * k2
    v, w = (nought, nought), (nought, nought)

    def round_at(at: int, factor: Any, first: Any, second: Any) -> None:
        nonlocal x, y, z, v, w
        x = _rotated(np, x + y + v[0] + word(at + 8), 37) * factor
        y = _rotated(np, y + v[1] + word(at + 48), 42) * factor
        x = x ^ (w[1] * first)
        y = y + v[0] * second + word(at + 40)
        z = _rotated(np, z + w[0], 33) * factor
        v = _weak(np, word, at, v[1] * factor, x + w[0])
        w = _weak(np, word, at + 32, z + w[1], y + word(at + 16))
        z, x = x, z

    (one,) = _constants(np, 1)
    for at in range(0, (length - 1) // 64 * 64, 64):
        round_at(at, k1, one, one)
    factor = k1 + ((z & np.uint64(0xFF)) << np.uint64(1))
    (rest,) = _constants(np, (length - 1) & 63)
    w = (w[0] + rest, w[1])
    v = (v[0] + w[0], v[1])
    w = (w[0] + v[0], w[1])
    round_at(length - 64, factor, nine, nine)
    return _joined(
        np,
        _joined(np, v[0], w[0], factor) + _mixed(np, y) * k0 + z,
        _joined(np, v[1], w[1], factor) + x,
        factor,
    )


def hash64(np: Any, rows: Any) -> Any:
    """TensorFlow's `Hash64`: Austin Appleby's MurmurHash64A with the seed 0xDECAFCAFFE."""
    length = rows.shape[1]
    word = _Words(np, rows)
    factor, h = _constants(np, 0xC6A4A7935BD1E995, 0xDECAFCAFFE ^ (length * 0xC6A4A7935BD1E995))
    h = np.repeat(h, len(rows))
    whole = length // 8 * 8
    for at in range(0, whole, 8):
        h = (h ^ _mixed(np, word(at) * factor) * factor) * factor
    if length > whole:
        h = (h ^ word(whole, length - whole)) * factor
    return _mixed(np, _mixed(np, h) * factor)


def siphash(np: Any, rows: Any, key: Sequence[int]) -> Any:
    """SipHash-2-4 (Aumasson and Bernstein 2012) with a key of two 64-bit numbers."""
    length = rows.shape[1]
    word = _Words(np, rows)
    k0, k1 = _constants(np, *key)
    a, b, c, d = _constants(
        np, 0x736F6D6570736575, 0x646F72616E646F6D, 0x6C7967656E657261, 0x7465646279746573
    )
    state = [np.repeat(x, len(rows)) for x in (a ^ k0, b ^ k1, c ^ k0, d ^ k1)]
    whole = length // 8 * 8
    (last,) = _constants(np, (length & 0xFF) << 56)
    words = [word(at) for at in range(0, whole, 8)]
    words.append(last | word(whole, length - whole))
    for one in words:
        state[3] = state[3] ^ one
        state = _sip_rounds(np, state, 2)
        state[0] = state[0] ^ one
    state[2] = state[2] ^ np.uint64(0xFF)
    a, b, c, d = _sip_rounds(np, state, 4)
    return a ^ b ^ c ^ d


def _sip_rounds(np: Any, state: list[Any], count: int) -> list[Any]:
    a, b, c, d = state
    for _ in range(count):
        a, c = a + b, c + d
        b, d = _rotated_left(np, b, 13) ^ a, _rotated_left(np, d, 16) ^ c
        a = _rotated_left(np, a, 32)
        c, a = c + b, a + d
        b, d = _rotated_left(np, b, 17) ^ c, _rotated_left(np, d, 21) ^ a
        c = _rotated_left(np, c, 32)
    return [a, b, c, d]
