"""TFRecord files: records one after another, each with checksums.

A record is its length (uint64), the masked CRC-32C of those eight bytes, the data, and the masked
CRC-32C of the data; all numbers little-endian. (TensorFlow's tutorial "TFRecord and
tf.train.Example".)
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator

from tflite_edu.formats import crc32c, files

_LENGTH_SIZE = 8
_HEADER_SIZE = 12
_FOOTER_SIZE = 4


def frame(data: bytes) -> bytes:
    """A record: the data between its length and its checksums."""
    length = struct.pack("<Q", len(data))
    header = length + struct.pack("<I", crc32c.masked(length))
    return b"".join((header, data, struct.pack("<I", crc32c.masked(data))))


def read_records(path: str) -> Iterator[bytes]:
    """The data of every record of a file, in order.

    A file that ends inside the length of a record, as one that is still being written may, ends
    before that record.

    Raises:
      tf.errors.NotFoundError: there is no such file.
      tf.errors.OpError: its subclass by errno, for other errors of the file system.
      tf.errors.DataLossError: a checksum does not match, or the file ends inside the data of a
        record.
    """
    with files.errors_of(path):
        file = open(path, "rb")  # noqa: SIM115
    with file:
        offset = 0
        while True:
            with files.errors_of(path):
                header = file.read(_HEADER_SIZE)
            if len(header) < _HEADER_SIZE:
                return
            length, checksum = struct.unpack("<QI", header)
            if crc32c.masked(header[:_LENGTH_SIZE]) != checksum:
                raise files.damaged(f"corrupted record at {offset}", path, offset)
            end = offset + _HEADER_SIZE + length + _FOOTER_SIZE
            with files.errors_of(path):
                if end > os.fstat(file.fileno()).st_size:
                    raise files.damaged(f"truncated record at {offset}", path, offset)
                data = file.read(length)
                footer = file.read(_FOOTER_SIZE)
            if len(data) + len(footer) < length + _FOOTER_SIZE:
                raise files.damaged(f"truncated record at {offset}", path, offset)
            if struct.pack("<I", crc32c.masked(data)) != footer:
                start = offset + _HEADER_SIZE
                raise files.damaged(f"corrupted record at {start}", path, start)
            yield data
            offset = end


class RecordWriter:
    """Writes a TFRecord file, in place of an older one of that name. Also a context manager.

    Raises:
      tf.errors.OpError: its subclass by errno, as NotFoundError for a missing directory.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        with files.errors_of(path):
            self._file = open(path, "wb")  # noqa: SIM115

    def __enter__(self) -> RecordWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def write(self, data: bytes) -> None:
        """Adds a record. Raises as the constructor."""
        with files.errors_of(self.path):
            self._file.write(frame(data))

    def flush(self) -> None:
        """Hands what was written to the operating system. Raises as the constructor."""
        with files.errors_of(self.path):
            self._file.flush()

    def close(self) -> None:
        """Ends the file. Raises as the constructor."""
        with files.errors_of(self.path):
            self._file.close()
