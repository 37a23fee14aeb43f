"""TFRecord files: records one after another, each with checksums, the file maybe compressed.

A record is its length (uint64), the masked CRC-32C of those eight bytes, the data, and the masked
CRC-32C of the data; all numbers little-endian. (TensorFlow's tutorial "TFRecord and
tf.train.Example".)
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from typing import Any

import google_crc32c

from tflite_edu.core.errors import FailedPreconditionError
from tflite_edu.core.export import export
from tflite_edu.formats import crc32c, files
from tflite_edu.formats.tfrecord_blocks import Compressor, blocks
from tflite_edu.formats.tfrecord_options import TFRecordOptions, compression

_LENGTH_SIZE = 8
_HEADER_SIZE = 12
_FOOTER_SIZE = 4


def frame(data: bytes) -> bytes:
    """A record: the data between its length and its checksums."""
    length = struct.pack("<Q", len(data))
    header = length + struct.pack("<I", crc32c.masked(length))
    return b"".join((header, data, struct.pack("<I", crc32c.masked(data))))


@export("io.tf_record_iterator", "python_io.tf_record_iterator")
def tf_record_iterator(path: Any, options: Any = None) -> Iterator[bytes]:
    """The data of every record of a TFRecord file, in order.

    `options` are `TFRecordOptions` or a compression type, as they were when the file was written.
    A file that ends inside the length of a record, as one that is still being written may, ends
    before that record. Of a compressed file nothing after the end of its first stream is read.

    Raises:
      ValueError: the compression type is none.
      tf.errors.NotFoundError: there is no such file.
      tf.errors.OpError: its subclass by errno, for other errors of the file system.
      tf.errors.DataLossError: a checksum does not match, the file ends inside the data of a
        record, or it is not compressed as `options` say.
    """
    yield from read_records(os.fsdecode(path), TFRecordOptions.get_compression_type_string(options))


def read_records(path: str, compression_type: str = "") -> Iterator[bytes]:
    """The data of every record of a file; raises as `tf_record_iterator`.

    Memory holds one block of the file and one record, however long the records say they are.
    """
    checksum_of, unpack = google_crc32c.value, struct.Struct("<QI").unpack_from
    unpack_footer = struct.Struct("<I").unpack_from
    source = blocks(path, compression_type)
    buffer, place, size = b"", 0, 0
    # Where in the file, decompressed, the buffer begins.
    start = 0
    try:
        while True:
            data = place + _HEADER_SIZE
            if data > size:
                more = source.read(data - size)
                if not more:
                    return
                buffer, start, place = buffer[place:] + more, start + place, 0
                size = len(buffer)
                continue
            length, checksum = unpack(buffer, place)
            # The masked form undone, see crc32c.unmask; a call of it would take half of the time.
            rotated = (checksum - crc32c.MASK_DELTA) & 0xFFFFFFFF
            if (rotated >> 17) | (rotated << 15) & 0xFFFFFFFF != checksum_of(
                buffer[place : place + _LENGTH_SIZE]
            ):
                offset = start + place
                raise files.damaged(f"corrupted record at {offset}", path, offset)
            end = data + length
            if end + _FOOTER_SIZE > size:
                missing = end + _FOOTER_SIZE - size
                more = source.read(missing)
                if len(more) < missing:
                    offset = start + place
                    raise files.damaged(f"truncated record at {offset}", path, offset)
                buffer, start, place = buffer[place:] + more, start + place, 0
                size = len(buffer)
                data, end = _HEADER_SIZE, _HEADER_SIZE + length
            record = buffer[data:end]
            (checksum,) = unpack_footer(buffer, end)
            rotated = (checksum - crc32c.MASK_DELTA) & 0xFFFFFFFF
            if (rotated >> 17) | (rotated << 15) & 0xFFFFFFFF != checksum_of(record):
                offset = start + data
                raise files.damaged(f"corrupted record at {offset}", path, offset)
            place = end + _FOOTER_SIZE
            yield record
    finally:
        source.close()


@export("io.TFRecordWriter", "python_io.TFRecordWriter")
class TFRecordWriter:
    """Writes a TFRecord file, in place of an older one of that name. Also a context manager.

    Args:
      path: the file.
      options: `TFRecordOptions`, or a compression type: "", "GZIP", "ZLIB" or one of
        `TFRecordCompressionType`.

    Raises:
      ValueError: the compression type is none.
      tf.errors.InvalidArgumentError: zlib refuses the options.
      tf.errors.OpError: its subclass by errno, as NotFoundError for a missing directory.
    """

    def __init__(self, path: Any, options: Any = None) -> None:
        if not isinstance(options, TFRecordOptions):
            options = TFRecordOptions(compression_type=options)
        settings = compression(options)
        self._path = os.fsdecode(path)
        self._compressor = Compressor(settings) if settings else None
        with files.errors_of(self._path):
            self._file = open(self._path, "wb")  # noqa: SIM115

    def __enter__(self) -> TFRecordWriter:
        return self

    def __exit__(self, unused_type: Any, unused_value: Any, unused_traceback: Any) -> None:
        self.close()

    def write(self, record: bytes) -> None:
        """Adds a record. Raises TypeError on what is not bytes, else as `flush`."""
        if not isinstance(record, bytes):
            raise TypeError(f"expected bytes, {type(record).__name__} found")
        self._check_open()
        framed = frame(record)
        with files.errors_of(self._path):
            self._file.write(self._compressor.add(framed) if self._compressor else framed)

    def flush(self) -> None:
        """Hands what was written to the operating system.

        Raises FailedPreconditionError after `close`, and as the constructor.
        """
        self._check_open()
        with files.errors_of(self._path):
            if self._compressor:
                self._file.write(self._compressor.flush())
            self._file.flush()

    def close(self) -> None:
        """Ends the file; a second time does nothing. Raises as the constructor."""
        if not self._file.closed:
            with files.errors_of(self._path), self._file:
                if self._compressor:
                    self._file.write(self._compressor.finish())

    def _check_open(self) -> None:
        if self._file.closed:
            raise FailedPreconditionError(None, None, "Writer not initialized or previously closed")
