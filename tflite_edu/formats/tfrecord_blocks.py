"""The bytes of a TFRecord file in large blocks, decompressed as they are read; and the way back."""

from __future__ import annotations

import os
import stat
import zlib
from typing import Any

from tflite_edu.core.errors import DataLossError, InvalidArgumentError
from tflite_edu.formats import files
from tflite_edu.formats.tfrecord_options import Compression, reading_window_bits

_BLOCK = 1 << 18
# Deflate makes of one byte 1032 at most (RFC 1951: 258 bytes for two bits).
_MOST_EXPANDED = 1032


class Blocks:
    """A file that is not compressed."""

    def __init__(self, path: str) -> None:
        self.path = path
        with files.errors_of(path):
            # Unbuffered: blocks are as large as a buffer would be.
            self.file = open(path, "rb", buffering=0)  # noqa: SIM115

    def read(self, least: int) -> bytes:
        """The next bytes: `least` or some more, or fewer where the file ends.

        Of a file that is known to be too short, none are read.
        """
        rest = self.rest()
        if rest is not None and rest < least:
            # Whoever wants more than there is gets what tells that it is too little.
            least = min(rest, _BLOCK)
        parts: list[bytes] = []
        count = 0
        while not count or count < least:
            part = self.block(max(_BLOCK, least - count))
            if not part:
                break
            parts.append(part)
            count += len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def rest(self) -> int | None:
        """How many bytes there still may be at the most, None where that cannot be told."""
        with files.errors_of(self.path):
            state = os.fstat(self.file.fileno())
            if not stat.S_ISREG(state.st_mode):
                return None
            return max(0, state.st_size - self.file.tell())

    def block(self, size: int) -> bytes:
        """Some bytes, `size` at most; none where the file ends."""
        with files.errors_of(self.path):
            return self.file.read(size) or b""

    def close(self) -> None:
        """Closes the file."""
        self.file.close()


class _Inflated(Blocks):
    """A file that zlib compressed, of which a block is decompressed at a time."""

    def __init__(self, path: str, window_bits: int) -> None:
        super().__init__(path)
        self._inflate = zlib.decompressobj(window_bits)
        self._packed = b""

    def rest(self) -> int | None:
        if self._inflate.eof:
            return 0
        packed = super().rest()
        # What zlib itself holds back is less than a window.
        return None if packed is None else (packed + len(self._packed)) * _MOST_EXPANDED + (1 << 16)

    def block(self, size: int) -> bytes:
        while not self._inflate.eof:
            if not self._packed:
                self._packed = super().block(_BLOCK)
            try:
                made = self._inflate.decompress(self._packed, min(size, _BLOCK))
            except zlib.error as error:
                with files.errors_of(self.path):
                    place = self.file.tell() - len(self._packed)
                raise files.damaged(_inflate_failed(error), self.path, place) from None
            ended = not self._packed
            self._packed = self._inflate.unconsumed_tail
            if made or ended:
                return made
        return b""


def blocks(path: str, compression_type: str) -> Blocks:
    """The bytes of a file, decompressed. Raises as `files.errors_of`."""
    if not compression_type:
        return Blocks(path)
    return _Inflated(path, reading_window_bits(compression_type))


class Compressor:
    """A stream of compressed bytes; raises InvalidArgumentError where zlib refuses the settings."""

    def __init__(self, settings: Compression) -> None:
        self._settings = settings
        self._waiting = 0
        try:
            self._deflate: Any = zlib.compressobj(*settings[:5])
        except ValueError:
            raise InvalidArgumentError(None, None, "deflateInit failed with status-2") from None
        if not zlib.Z_NO_FLUSH <= settings.flush_mode <= zlib.Z_FULL_FLUSH:
            raise InvalidArgumentError(None, None, f"flush_mode {settings.flush_mode} is not known")

    def add(self, data: bytes) -> bytes:
        """Takes bytes, gives what is ready of the stream."""
        ready: bytes = self._deflate.compress(data)
        if self._settings.flush_mode != zlib.Z_NO_FLUSH:
            self._waiting += len(data)
            if self._waiting >= self._settings.buffer_size:
                self._waiting = 0
                ready += self._deflate.flush(self._settings.flush_mode)
        return ready

    def flush(self) -> bytes:
        """The rest of the stream as far as it goes: a reader gets all that was taken."""
        flushed: bytes = self._deflate.flush(zlib.Z_PARTIAL_FLUSH)
        return flushed

    def finish(self) -> bytes:
        """The end of the stream."""
        ended: bytes = self._deflate.flush(zlib.Z_FINISH)
        return ended


def inflated(data: bytes, compression_type: str) -> bytes:
    """What was compressed, as far as it goes; raises DataLossError on what zlib cannot read."""
    inflate = zlib.decompressobj(reading_window_bits(compression_type))
    try:
        return inflate.decompress(data)
    except zlib.error as error:
        raise DataLossError(None, None, _inflate_failed(error)) from None


def _inflate_failed(error: zlib.error) -> str:
    reason = str(error).rpartition("data: ")[2]
    return f"inflate() failed with error -3: {reason}"
