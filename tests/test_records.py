"""TFRecord files: written and read, compressed or not, damaged and hostile."""

from __future__ import annotations

import gzip
import os
import re
import struct
import tracemalloc
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from record_files import FILES, RECORD_FILES, examples, serialized_examples

import tflite_edu as tf
from tflite_edu.formats import crc32c, tfrecord_blocks

NONE, GZIP, ZLIB = "", "GZIP", "ZLIB"
KINDS = (NONE, GZIP, ZLIB)
PACK: dict[str, Any] = {NONE: bytes, GZIP: gzip.compress, ZLIB: zlib.compress}


def written(path: Path, records: list[bytes], options: Any = None) -> bytes:
    with tf.python_io.TFRecordWriter(str(path), options) as writer:
        for record in records:
            writer.write(record)
    return path.read_bytes()


def read(path: Path, options: Any = None) -> tuple[list[bytes], str]:
    """The records of a file before the first error, and the first line of its message."""
    found = []
    try:
        for record in tf.python_io.tf_record_iterator(str(path), options):
            found.append(record)
    except tf.errors.DataLossError as error:
        assert str(path) in error.message
        assert re.search(r"at byte \d+$", error.message)
        return found, error.message.splitlines()[0]
    return found, ""


@pytest.mark.parametrize("name", RECORD_FILES)
def test_files_of_tensorflow(name: str, tmp_path: Path) -> None:
    path = Path(FILES) / name
    options = tf.io.TFRecordOptions(RECORD_FILES[name])
    found, problem = read(path, options)
    assert problem == ""
    assert len(found) == len(examples())
    for serialized, (integers, floats, texts) in zip(found, examples(), strict=True):
        feature = tf.train.Example.FromString(serialized).features.feature
        assert feature["integers"].int64_list.value == integers
        assert feature["floats"].float_list.value == pytest.approx(floats)
        assert feature["texts"].bytes_list.value == texts
    again = written(tmp_path / name, found, options)
    # What zlib makes of the same bytes depends on its version.
    assert again == path.read_bytes() or RECORD_FILES[name]
    parse = tf.train.Example.FromString
    assert [parse(one) for one in found] == [parse(one) for one in serialized_examples(tf)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("sizes", [[], [0], [3, 0, 1000], [300_000, 1, 600_000], [17] * 50_000])
def test_there_and_back(tmp_path: Path, kind: str, sizes: list[int]) -> None:
    records = [os.urandom(size) for size in sizes]
    content = written(tmp_path / "r", records, kind)
    assert read(tmp_path / "r", kind) == (records, "")
    if kind == NONE:
        assert len(content) == sum(sizes) + 16 * len(sizes)
    else:
        unpacked = zlib.decompress(content, zlib.MAX_WBITS + 32)
        assert len(unpacked) == sum(sizes) + 16 * len(sizes)


@pytest.mark.parametrize(
    "options",
    [
        tf.io.TFRecordOptions(tf.io.TFRecordCompressionType.ZLIB, compression_level=0),
        tf.io.TFRecordOptions(
            "ZLIB", window_bits=12, mem_level=3, compression_strategy=2, compression_level=1
        ),
        tf.io.TFRecordOptions("GZIP", flush_mode=2, input_buffer_size=50),
        tf.io.TFRecordOptions("", compression_level=3),
        tf.python_io.TFRecordCompressionType.GZIP,
    ],
)
def test_options(tmp_path: Path, options: Any) -> None:
    records = [b"abc", b"", b"x" * 1000]
    written(tmp_path / "r", records, options)
    assert read(tmp_path / "r", options) == (records, "")


def test_compression_types() -> None:
    string = tf.io.TFRecordOptions.get_compression_type_string
    for kind, text in ((0, ""), (1, "ZLIB"), (2, "GZIP"), (None, ""), ("GZIP", "GZIP")):
        assert string(kind) == text
        assert string(tf.io.TFRecordOptions(kind)) == text
    assert tf.io.TFRecordOptions.compression_type_map == {1: "ZLIB", 2: "GZIP", 0: ""}
    for wrong in ("NONE", "foo", 5):
        with pytest.raises(ValueError, match=f'Not a valid compression_type: "{wrong}"'):
            tf.io.TFRecordOptions(wrong)
        with pytest.raises(ValueError, match="Not a valid compression_type"):
            tf.io.TFRecordWriter("/never/made", wrong)
    with pytest.raises(tf.errors.InvalidArgumentError, match="deflateInit failed with status-2"):
        tf.io.TFRecordWriter("/never/made", tf.io.TFRecordOptions("ZLIB", window_bits=99))
    with pytest.raises(tf.errors.InvalidArgumentError, match="flush_mode 9"):
        tf.io.TFRecordWriter("/never/made", tf.io.TFRecordOptions("ZLIB", flush_mode=9))


def test_writer_at_work(tmp_path: Path) -> None:
    path = tmp_path / "r"
    writer = tf.io.TFRecordWriter(os.fsencode(path))
    writer.write(b"abc")
    for wrong in ("abc", 3, bytearray(b"abc"), None):
        with pytest.raises(TypeError, match=f"expected bytes, {type(wrong).__name__} found"):
            writer.write(wrong)
    writer.flush()
    assert read(path) == ([b"abc"], "")
    writer.close()
    writer.close()
    for act in (writer.flush, lambda: writer.write(b"more")):
        with pytest.raises(tf.errors.FailedPreconditionError, match="previously closed"):
            act()
    assert read(path) == ([b"abc"], "")


@pytest.mark.parametrize("kind", [GZIP, ZLIB])
def test_flushed_records_are_there_before_the_end(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "r"
    with tf.io.TFRecordWriter(str(path), kind) as writer:
        writer.write(b"abc")
        writer.flush()
        assert read(path, kind) == ([b"abc"], "")


def test_file_system_errors(tmp_path: Path) -> None:
    for act in (
        lambda path: list(tf.io.tf_record_iterator(path)),
        lambda path: tf.io.TFRecordWriter(path),
    ):
        with pytest.raises(tf.errors.NotFoundError, match="; No such file or directory"):
            act(str(tmp_path / "no" / "where"))
        with pytest.raises(tf.errors.FailedPreconditionError, match="; Is a directory"):
            act(str(tmp_path))


def test_file_that_grows_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "r"
    with tf.io.TFRecordWriter(str(path)) as writer:
        writer.write(b"one")
        writer.flush()
        records = tf.io.tf_record_iterator(str(path))
        assert next(records) == b"one"
        writer.write(b"two")
        writer.flush()
        assert next(records) == b"two"


def test_pipe(tmp_path: Path) -> None:
    content = written(tmp_path / "r", [b"abc" * 100] * 100)
    source, sink = os.pipe()
    os.write(sink, content)
    os.close(sink)
    try:
        assert len(list(tf.io.tf_record_iterator(f"/dev/fd/{source}"))) == 100
    finally:
        os.close(source)


@pytest.mark.parametrize(
    ("kind", "spoil", "expected"),
    [
        (ZLIB, lambda d: d[:5], ([], "")),
        (ZLIB, lambda d: d[:20], ([], "truncated record at 0")),
        (ZLIB, lambda d: b"?" + d, ([], "inflate() failed with error -3: incorrect header check")),
        (
            ZLIB,
            lambda d: d[:-1] + b"?",
            ([], "inflate() failed with error -3: incorrect data check"),
        ),
        (
            GZIP,
            lambda d: d[:-1] + b"?",
            ([], "inflate() failed with error -3: incorrect length check"),
        ),
        (GZIP, lambda d: d[:-8], ([b"record0", b"record1"], "")),
        (GZIP, lambda d: d + d, ([b"record0", b"record1"], "")),
        (GZIP, lambda d: d + b"more", ([b"record0", b"record1"], "")),
        (GZIP, gzip.decompress, ([], "inflate() failed with error -3: incorrect header check")),
        (NONE, gzip.compress, ([], "corrupted record at 0")),
    ],
)
def test_damaged_streams(tmp_path: Path, kind: str, spoil: Any, expected: Any) -> None:
    path = tmp_path / "r"
    path.write_bytes(spoil(written(path, [b"record0", b"record1"], kind)))
    assert read(path, kind) == expected


def absurd(length: int) -> bytes:
    """The start of a record that claims to be so long, its checksum right."""
    packed = struct.pack("<Q", length)
    return packed + struct.pack("<I", crc32c.masked(packed))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("length", [2**64 - 1, 2**63, 2**40, 10**9])
def test_absurd_lengths_take_no_memory(tmp_path: Path, kind: str, length: int) -> None:
    path = tmp_path / "r"
    path.write_bytes(PACK[kind](absurd(length) + bytes(1_000_000)))
    tracemalloc.start()
    try:
        assert read(path, kind) == ([], "truncated record at 0")
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", [GZIP, ZLIB])
def test_bombs_are_unpacked_block_by_block(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "r"
    inner = PACK[kind](bytes(200_000_000))
    path.write_bytes(inner)
    tracemalloc.start()
    try:
        assert read(path, kind) == ([], "corrupted record at 0")
        assert tracemalloc.get_traced_memory()[1] < 10 * len(inner)
    finally:
        tracemalloc.stop()


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("records") / "r"


@settings(max_examples=200, deadline=None)
@given(st.data(), st.sampled_from(KINDS))
def test_any_damage_is_told(scratch: Path, data: st.DataObject, kind: str) -> None:
    records = [b"first record", b"", b"third" * 20]
    content = bytearray(written(scratch, records, kind))
    for _ in range(data.draw(st.integers(0, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    scratch.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    found, problem = read(scratch, kind)
    assert found == records[: len(found)]
    assert re.match(r"$|(truncated|corrupted) record at \d+$|inflate\(\) failed", problem)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(KINDS), st.booleans())
def test_any_bytes_are_read_or_refused(
    scratch: Path, content: bytes, kind: str, packed: bool
) -> None:
    scratch.write_bytes(PACK[kind](content) if packed else content)
    found, _ = read(scratch, kind)
    assert sum(len(record) + 16 for record in found) <= 1032 * len(content)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.binary(max_size=50)), st.sampled_from(KINDS), st.integers(1, 64))
def test_blocks_of_any_size_give_the_same_records(
    scratch: Path, records: list[bytes], kind: str, block: int
) -> None:
    written(scratch, records, kind)
    usual = tfrecord_blocks._BLOCK
    tfrecord_blocks._BLOCK = block
    try:
        assert read(scratch, kind) == (records, "")
    finally:
        tfrecord_blocks._BLOCK = usual


def test_messages_are_as_in_tensorflow() -> None:
    example = tf.train.Example()
    example.features.feature["a"].int64_list.value.extend([1, 2])
    example.features.feature["b"].bytes_list.value.append(b"x")
    again = tf.train.Example.FromString(example.SerializeToString())
    assert again == example
    assert set(again.features.feature) == {"a", "b"}
    assert again.features.feature["a"].WhichOneof("kind") == "int64_list"
    again.MergeFrom(
        tf.train.Example(
            features=tf.train.Features(
                feature={"c": tf.train.Feature(float_list=tf.train.FloatList(value=[0.5]))}
            )
        )
    )
    assert again.features.feature["c"].float_list.value == [0.5]
    sequence = tf.train.SequenceExample(
        context=again.features,
        feature_lists=tf.train.FeatureLists(
            feature_list={"s": tf.train.FeatureList(feature=[tf.train.Feature()] * 2)}
        ),
    )
    sequence.feature_lists.feature_list["s"].feature.add().float_list.value.append(2)
    parsed = tf.train.SequenceExample()
    parsed.ParseFromString(sequence.SerializeToString())
    assert [f.WhichOneof("kind") for f in parsed.feature_lists.feature_list["s"].feature] == [
        None,
        None,
        "float_list",
    ]
    # Packed numbers, as TensorFlow writes them.
    assert tf.train.FloatList(value=[1, 2]).SerializeToString()[:2] == b"\n\x08"
