"""Tables, varints, checksums and TFRecords: bytes that are written are read, damage is found."""

from __future__ import annotations

import io
import random
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tflite_edu.core import errors
from tflite_edu.formats import crc32c, table, tfrecord, varint

KEYS = st.binary(min_size=1, max_size=12) | st.text("ab", min_size=1, max_size=8).map(str.encode)
ENTRIES = st.dictionaries(KEYS, st.binary(max_size=20), max_size=40)


def write_table(entries: dict[bytes, bytes], block_size: int = 1 << 18) -> bytes:
    file = io.BytesIO()
    writer = table.TableWriter(file, block_size)
    for key in sorted(entries):
        writer.add(key, entries[key])
    writer.finish()
    return file.getvalue()


def read_table(data: bytes) -> dict[bytes, bytes]:
    return dict(table.TableReader(io.BytesIO(data), "a file"))


@given(ENTRIES, st.sampled_from([1, 100, 1 << 18]))
def test_table_round_trip(entries: dict[bytes, bytes], block_size: int) -> None:
    again = read_table(write_table(entries, block_size))
    assert again == entries
    assert list(again) == sorted(entries)


def test_keys_must_increase() -> None:
    writer = table.TableWriter(io.BytesIO())
    writer.add(b"", b"the empty key may be the first")
    writer.add(b"b", b"")
    with pytest.raises(ValueError, match="keys must increase"):
        writer.add(b"b", b"")


@given(ENTRIES, st.randoms(use_true_random=False), st.booleans())
def test_damaged_table(entries: dict[bytes, bytes], at: random.Random, cut: bool) -> None:
    data = bytearray(write_table(entries, 64))
    if cut:
        del data[at.randrange(len(data)) :]
    else:
        data[at.randrange(len(data))] ^= 1 << at.randrange(8)
    try:
        again = read_table(bytes(data))
    except errors.OpError:
        return
    assert not cut
    assert again == entries  # The damage was in bytes that nobody reads: padding, the metaindex.


@given(st.binary(max_size=200))
@example(b"\xff" * 40)
def test_hostile_footer(data: bytes) -> None:
    footer = data[:40].ljust(40, b"\0") + struct.pack("<Q", table.MAGIC)
    with pytest.raises(errors.OpError):
        read_table(data + footer)


def block(entries: bytes) -> bytes:
    content = entries + struct.pack("<II", 0, 1) + b"\0"
    return content + struct.pack("<I", crc32c.masked(content))


def table_of_block(data: bytes) -> bytes:
    """A table whose checksums are right and whose only data block has these entries."""
    handle = varint.encode(0) + varint.encode(len(data) + 8)
    index = block(b"\0\1" + bytes([len(handle)]) + b"z" + handle)
    index_handle = varint.encode(len(data) + 13) + varint.encode(len(index) - 5)
    footer = (b"\0\0" + index_handle).ljust(40, b"\0") + struct.pack("<Q", table.MAGIC)
    return block(data) + index + footer


@given(st.binary(max_size=60))
@example(b"\0\1\1ab\5\1\1cd")
@example(b"\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\1\1ab")
def test_hostile_block(data: bytes) -> None:
    try:
        entries = read_table(table_of_block(data))
    except errors.DataLossError:
        return
    assert sum(len(value) for value in entries.values()) <= len(data)


def test_prefixes_that_would_take_all_memory() -> None:
    name = b"a" * 1000
    entries = b"\0" + varint.encode(1000) + b"\0" + name
    for number in range(1000):
        entries += varint.encode(1000 + number) + b"\1\0b"
    with pytest.raises(errors.DataLossError, match="keys of the table are too long"):
        read_table(table_of_block(entries))


def test_snappy_is_refused() -> None:
    content = struct.pack("<I", 0) + b"\1"
    index = content + struct.pack("<I", crc32c.masked(content))
    footer = b"\0\0\0\4".ljust(40, b"\0") + struct.pack("<Q", table.MAGIC)
    with pytest.raises(errors.UnimplementedError, match="Snappy"):
        read_table(index + footer)


@pytest.mark.parametrize(
    ("low", "high", "separator"),
    [(b"abc", b"abz", b"abd"), (b"abc", b"abd", b"abc"), (b"ab", b"abc", b"ab"), (b"", b"a", b"")],
)
def test_separator(low: bytes, high: bytes, separator: bytes) -> None:
    assert table.shortest_separator(low, high) == separator


@given(st.binary(max_size=4), st.binary(max_size=4))
def test_separator_is_between(one: bytes, other: bytes) -> None:
    low, high = sorted([one, other])
    if low < high:
        assert low <= table.shortest_separator(low, high) < high
    assert low <= table.short_successor(low)


@given(st.integers(0, 2**64 - 1), st.binary(max_size=3))
def test_varint_round_trip(number: int, rest: bytes) -> None:
    data = varint.encode(number)
    assert varint.decode(rest + data + b"\x80", len(rest)) == (number, len(rest) + len(data))


@pytest.mark.parametrize("data", [b"", b"\x80", b"\xff" * 9 + b"\2", b"\xff" * 11])
def test_bad_varint(data: bytes) -> None:
    with pytest.raises(ValueError, match="varint"):
        varint.decode(data, 0)


def test_crc32c() -> None:
    assert crc32c.value(b"123456789") == 0xE3069283  # The check value of CRC-32C.
    assert crc32c.extend(crc32c.value(b"1234"), b"56789") == 0xE3069283
    assert crc32c.value(np.frombuffer(b"123456789abc", np.uint32)) == crc32c.value(b"123456789abc")


@given(st.integers(0, 2**32 - 1))
def test_crc32c_mask(crc: int) -> None:
    assert crc32c.unmask(crc32c.mask(crc)) == crc


RECORDS = [b"abc", b"", b"x" * 20]
# Written by TensorFlow 1.15's TFRecordWriter.
RECORDED = (
    b"\x03\x00\x00\x00\x00\x00\x00\x00\xb0\x99I\x0eabcnW\xf1!"
    b"\x00\x00\x00\x00\x00\x00\x00\x00)\x03\x98\x07\xd8\xea\x82\xa2"
    b"\x14\x00\x00\x00\x00\x00\x00\x00^=)\x15xxxxxxxxxxxxxxxxxxxx\r-\xd3 "
)


def test_records(tmp_path: Path) -> None:
    path = str(tmp_path / "records")
    with tfrecord.TFRecordWriter(path) as writer:
        for record in RECORDS:
            writer.write(record)
        writer.flush()
        assert Path(path).read_bytes() == RECORDED
    assert list(tfrecord.read_records(path)) == RECORDS


@pytest.mark.parametrize(
    ("data", "count", "message"),
    [
        (RECORDED[:11], 0, None),
        (RECORDED[:12], 0, "truncated record at 0"),
        (RECORDED[:18], 0, "truncated record at 0"),
        (RECORDED[:25], 1, None),
        (RECORDED[:34], 1, "truncated record at 19"),
        (RECORDED[:35], 2, None),
        (RECORDED[:60], 2, "truncated record at 35"),
        (b"\xff" * 200, 0, "corrupted record at 0"),
        (RECORDED[:12] + b"x" + RECORDED[13:], 0, "corrupted record at 12"),
        (RECORDED[:35] + b"\0" * 30, 2, "corrupted record at 35"),
    ],
)
def test_damaged_records(tmp_path: Path, data: bytes, count: int, message: str | None) -> None:
    path = tmp_path / "records"
    path.write_bytes(data)
    records = tfrecord.read_records(str(path))
    assert [next(records) for _ in range(count)] == RECORDS[:count]
    if message is None:
        assert list(records) == []
    else:
        with pytest.raises(errors.DataLossError) as raised:
            next(records)
        assert raised.value.message.split("\n")[0] == message
        assert str(path) in raised.value.message


def test_record_of_absurd_length(tmp_path: Path) -> None:
    length = struct.pack("<Q", 2**62)
    path = tmp_path / "records"
    path.write_bytes(length + struct.pack("<I", crc32c.masked(length)) + b"short")
    with pytest.raises(errors.DataLossError, match="truncated record at 0"):
        list(tfrecord.read_records(str(path)))


def test_missing_records(tmp_path: Path) -> None:
    path = str(tmp_path / "nothing")
    with pytest.raises(errors.NotFoundError) as raised:
        list(tfrecord.read_records(path))
    assert raised.value.message == f"{path}; No such file or directory"
    with pytest.raises(errors.NotFoundError):
        tfrecord.TFRecordWriter(str(tmp_path / "no" / "where"))
    with pytest.raises(errors.FailedPreconditionError, match="Is a directory"):
        list(tfrecord.read_records(str(tmp_path)))
