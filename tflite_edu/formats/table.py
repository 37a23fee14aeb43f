"""Sorted tables of byte keys and values: LevelDB's file format, as checkpoints use it.

A file is data blocks, an empty "metaindex" block, an index block (for every data block a key not
below its last key, and its place), and a footer of 48 bytes that says where the two last blocks
are. Every block is followed by one byte for its compression and its masked CRC-32C. Inside a block
a key leaves out what it shares with the key before it, except at "restart points", whose offsets
end the block. (LevelDB's doc/table_format.md.)
"""

from __future__ import annotations

import os
import struct
from bisect import bisect_left
from collections.abc import Iterator
from operator import itemgetter
from typing import BinaryIO

from tflite_edu.core import errors
from tflite_edu.formats import crc32c, files, varint

MAGIC = 0xDB4775248B80FB57
FOOTER_SIZE = 48
_TRAILER_SIZE = 5
_NO_COMPRESSION = 0
_SNAPPY = 1
_BLOCK_SIZE = 1 << 18
_RESTART_INTERVAL = 16
_EXPANSION = 64
"""How many bytes of keys a byte of file may stand for. Prefix compression gives 16."""


class TableWriter:
    """Writes a table to an open file, from keys that only ever increase."""

    def __init__(self, file: BinaryIO, block_size: int = _BLOCK_SIZE) -> None:
        self._file = file
        self._offset = 0
        self._block_size = block_size
        self._data = _BlockWriter(_RESTART_INTERVAL)
        self._index = _BlockWriter(1)
        self._pending: bytes | None = None  # The handle of a block that has no index entry yet.

    def add(self, key: bytes, value: bytes) -> None:
        """Adds an entry.

        Raises:
          ValueError: the key is not above the one before.
        """
        if not self._data.is_new and key <= self._data.last_key:
            raise ValueError(f"keys must increase: {key!r} after {self._data.last_key!r}")
        if self._pending is not None:
            self._index.add(shortest_separator(self._data.last_key, key), self._pending)
            self._pending = None
        self._data.add(key, value)
        if self._data.size >= self._block_size:
            self._pending = self._write_block(self._data)

    def finish(self) -> None:
        """Writes what is left, the index and the footer. The file stays open."""
        if not self._data.is_empty:
            self._pending = self._write_block(self._data)
        metaindex = self._write_block(_BlockWriter(_RESTART_INTERVAL))
        if self._pending is not None:
            self._index.add(short_successor(self._data.last_key), self._pending)
        handles = metaindex + self._write_block(self._index)
        self._file.write(handles.ljust(FOOTER_SIZE - 8, b"\0") + struct.pack("<Q", MAGIC))

    def _write_block(self, block: _BlockWriter) -> bytes:
        content = block.finish()
        kind = bytes([_NO_COMPRESSION])
        self._file.write(content + kind + struct.pack("<I", crc32c.masked(content + kind)))
        handle = varint.encode(self._offset) + varint.encode(len(content))
        self._offset += len(content) + _TRAILER_SIZE
        return handle


class _BlockWriter:
    """Collects the entries of one block; `finish` gives its bytes and begins the next."""

    def __init__(self, restart_interval: int) -> None:
        self._interval = restart_interval
        self.last_key = b""
        self.is_new = True
        self._begin()

    def _begin(self) -> None:
        self._content = bytearray()
        self._restarts = [0]
        self._since_restart = 0

    @property
    def is_empty(self) -> bool:
        return not self._content

    @property
    def size(self) -> int:
        return len(self._content) + 4 * len(self._restarts) + 4

    def add(self, key: bytes, value: bytes) -> None:
        shared = 0
        if self._since_restart == self._interval:
            self._restarts.append(len(self._content))
            self._since_restart = 0
        elif not self.is_empty:
            shared = len(os.path.commonprefix([self.last_key, key]))
        for number in (shared, len(key) - shared, len(value)):
            self._content += varint.encode(number)
        self._content += key[shared:]
        self._content += value
        self._since_restart += 1
        self.last_key = key
        self.is_new = False

    def finish(self) -> bytes:
        restarts = [*self._restarts, len(self._restarts)]
        content = bytes(self._content) + struct.pack(f"<{len(restarts)}I", *restarts)
        self._begin()
        return content


def shortest_separator(low: bytes, high: bytes) -> bytes:
    """A short key k with low <= k < high, for low < high."""
    shared = len(os.path.commonprefix([low, high]))
    if shared < min(len(low), len(high)) and low[shared] < 0xFF and low[shared] + 1 < high[shared]:
        return low[:shared] + bytes([low[shared] + 1])
    return low


def short_successor(key: bytes) -> bytes:
    """A short key not below `key`."""
    for position, byte in enumerate(key):
        if byte != 0xFF:
            return key[:position] + bytes([byte + 1])
    return key


class TableReader:
    """Reads a table from an open file. Iterating gives its (key, value) pairs, keys increasing.

    Raises:
      tf.errors.DataLossError: the file is no table, or is damaged. Found when the part concerned is
        read.
      tf.errors.UnimplementedError: a block is compressed with Snappy.
    """

    def __init__(self, file: BinaryIO, path: str) -> None:
        self._file = file
        self._path = path
        with files.errors_of(path):
            self._size = file.seek(0, os.SEEK_END)
        if self._size < FOOTER_SIZE:
            raise files.damaged("file is too short to be an sstable", path)
        footer_offset = self._size - FOOTER_SIZE
        footer = self._read(footer_offset, FOOTER_SIZE)
        if struct.unpack("<Q", footer[-8:])[0] != MAGIC:
            raise files.damaged("not an sstable (bad magic number)", path, self._size - 8)
        try:
            position = 0
            numbers = []
            for _ in range(4):
                number, position = varint.decode(footer[:-8], position)
                numbers.append(number)
        except ValueError:
            raise files.damaged("bad block handle", path, footer_offset) from None
        self._bytes_left = _EXPANSION * self._size
        self._blocks = [
            (last_key, self._place(handle))
            for last_key, handle in self._entries(numbers[2], numbers[3])
        ]

    def __iter__(self) -> Iterator[tuple[bytes, bytes]]:
        self._bytes_left = _EXPANSION * self._size
        last_key = None
        for _, (offset, size) in self._blocks:
            for key, value in self._entries(offset, size):
                if last_key is not None and key <= last_key:
                    raise files.damaged("keys of the table do not increase", self._path, offset)
                last_key = key
                yield key, value

    def get(self, key: bytes) -> bytes | None:
        """The value of a key, None where the table does not have it. Reads one block."""
        at = bisect_left(self._blocks, key, key=itemgetter(0))
        if at == len(self._blocks):
            return None
        self._bytes_left = _EXPANSION * self._size
        entries = self._entries(*self._blocks[at][1])
        return next((value for found, value in entries if found == key), None)

    def _place(self, handle: bytes) -> tuple[int, int]:
        """Offset and size of a block."""
        try:
            offset, position = varint.decode(handle, 0)
            size, _ = varint.decode(handle, position)
        except ValueError:
            raise files.damaged("bad block handle", self._path) from None
        return offset, size

    def _read(self, offset: int, size: int) -> bytes:
        if offset + size > self._size:
            raise files.damaged("Read less bytes than requested", self._path, self._size)
        with files.errors_of(self._path):
            self._file.seek(offset)
            data = self._file.read(size)
        if len(data) != size:
            raise files.damaged("Read less bytes than requested", self._path, self._size)
        return data

    def _entries(self, offset: int, size: int) -> Iterator[tuple[bytes, bytes]]:
        """The entries of the block at `offset`."""
        data = self._read(offset, size + _TRAILER_SIZE)
        kind = data[size]
        (stored,) = struct.unpack_from("<I", data, size + 1)
        if crc32c.masked(data[: size + 1]) != stored:
            raise files.damaged("block checksum mismatch", self._path, offset)
        if kind == _SNAPPY:
            message = f"Blocks compressed with Snappy cannot be read: {self._path}"
            raise errors.UnimplementedError(None, None, message)
        if kind != _NO_COMPRESSION:
            raise files.damaged("bad block type", self._path, offset + size)
        if size < 4:
            raise files.damaged("bad block contents", self._path, offset)
        (restarts,) = struct.unpack_from("<I", data, size - 4)
        end = size - 4 - 4 * restarts
        if end < 0:
            raise files.damaged("bad block contents", self._path, offset + size - 4)
        position = 0
        key = b""
        while position < end:
            start = position
            try:
                shared, position = varint.decode(data, position)
                unshared, position = varint.decode(data, position)
                length, position = varint.decode(data, position)
            except ValueError:
                raise files.damaged("bad entry in block", self._path, offset + start) from None
            if shared > len(key) or position + unshared + length > end:
                raise files.damaged("bad entry in block", self._path, offset + start)
            key = key[:shared] + data[position : position + unshared]
            self._bytes_left -= len(key)
            if self._bytes_left < 0:
                raise files.damaged("keys of the table are too long", self._path, offset + start)
            position += unshared + length
            yield key, data[position - length : position]
