"""V2 checkpoints: byte for byte TensorFlow 1.15's, whole or not there, never more than an error."""

from __future__ import annotations

import os
import random
import shutil
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray
from record_files import BITS, SLICES, checkpoint_slices, checkpoint_tensors

from tflite_edu.core import errors
from tflite_edu.formats import bundle_index, checkpoint_bundle, string_tensor, tensor
from tflite_edu.formats.checkpoint_bundle import BundleReader, BundleWriter
from tflite_edu.formats.proto import types_pb2
from tflite_edu.formats.table import TableWriter
from tflite_edu.formats.tensor_slice import TensorSlice, parse_shape_and_slice

FILES = Path(__file__).parent / "golden" / "files"
RECORDED = str(FILES / "checkpoint")
SUFFIXES = (".index", ".data-00000-of-00001")
TENSORS = {
    name: array.view([(kind, array.dtype)]) if kind in BITS else array
    for name, kind, array in checkpoint_tensors()
}
TABLE = np.arange(15, dtype=np.float32).reshape(5, 3)


def assert_same(actual: NDArray[Any], expected: NDArray[Any]) -> None:
    assert actual.dtype == expected.dtype
    assert actual.shape == expected.shape
    if expected.dtype == object:
        assert actual.tolist() == expected.tolist()
    else:
        assert actual.tobytes() == expected.tobytes()


def save(prefix: Path, **tensors: Any) -> str:
    with BundleWriter(str(prefix)) as writer:
        for name, array in tensors.items():
            writer.add(name, np.asarray(array))
    return str(prefix)


def add_slice(writer: BundleWriter, name: str, text: str, array: NDArray[Any]) -> None:
    full_shape, part, _ = parse_shape_and_slice(text)
    writer.add_slice(name, full_shape, part, array)


def test_files_are_tensorflows(tmp_path: Path) -> None:
    prefix = str(tmp_path / "checkpoint")
    with BundleWriter(prefix) as writer:
        for name, array in TENSORS.items():
            writer.add(name, array)
        for (name, text), array in zip(SLICES, checkpoint_slices()):
            add_slice(writer, name, text, array)
    assert sorted(os.listdir(tmp_path)) == sorted(f"checkpoint{suffix}" for suffix in SUFFIXES)
    for suffix in SUFFIXES:
        assert Path(prefix + suffix).read_bytes() == Path(RECORDED + suffix).read_bytes()


@pytest.mark.parametrize("name", TENSORS)
def test_reads_tensorflows_tensors(name: str) -> None:
    reader = BundleReader(RECORDED)
    assert_same(reader.read(name), TENSORS[name])
    dtype, shape = reader.dtype_and_shape(name)
    assert (tensor.numpy_dtype(dtype), shape) == (TENSORS[name].dtype, TENSORS[name].shape)


def test_names_are_sorted_by_their_bytes() -> None:
    reader = BundleReader(RECORDED)
    names = reader.names()
    assert "table" in reader
    assert "chair" not in reader
    assert sorted(names) == sorted([*TENSORS, "table", "corner"])
    assert names == sorted(names, key=str.encode)


def test_reads_tensorflows_slices() -> None:
    reader = BundleReader(RECORDED)
    assert reader.dtype_and_shape("table") == (types_pb2.DT_FLOAT, (5, 3))
    assert [str(part) for part in reader.slices("table")] == ["0,3:-", "3,2:-"]
    assert_same(reader.read("table"), TABLE)
    assert_same(reader.read_slice("table", TensorSlice.parse("2,2:1,1")), TABLE[2:4, 1:2])
    assert_same(
        reader.read_slice("dense/kernel", TensorSlice.parse("1,1:-")), np.float32([[0.75, 1, 1.25]])
    )
    corner = reader.read_slice("corner", TensorSlice.parse("2,1:2,2"))
    assert corner.tolist() == [[b"", b"d"]]
    with pytest.raises(errors.InvalidArgumentError) as raised:
        reader.read("corner")
    assert raised.value.message == (
        "Does not have sufficient slices for partitioned tensor corner "
        "to restore in slice_spec: -:-"
    )
    with pytest.raises(errors.InternalError, match="Extent in dimension 0 out of bounds"):
        reader.read_slice("table", TensorSlice.parse("4,2:-"))
    with pytest.raises(errors.InternalError, match="Mismatching ranks"):
        reader.read_slice("table", TensorSlice.parse("4,1"))


def test_a_read_array_is_the_callers() -> None:
    reader = BundleReader(RECORDED)
    for name in ("dense/kernel", "table", "type/string"):
        first = reader.read(name)
        first[...] = first.flat[0]
        assert reader.read(name).tolist() != first.tolist()


def test_one_reader_in_a_block_and_in_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []

    def counting_open(path: str, mode: str) -> Any:
        opened.append(os.path.basename(path))
        return open(path, mode)

    reader = BundleReader(RECORDED)
    monkeypatch.setattr(checkpoint_bundle, "open", counting_open, raising=False)
    names = list(TENSORS) * 5
    with reader, ThreadPoolExecutor(4) as pool:
        for name, array in zip(names, pool.map(reader.read, names)):
            assert_same(array, TENSORS[name])
    assert opened == ["checkpoint.data-00000-of-00001"]
    with ThreadPoolExecutor(4) as pool:
        for name, array in zip(names, pool.map(reader.read, names)):
            assert_same(array, TENSORS[name])
    assert len(opened) == 1 + len(names)


ARRAYS = hnp.arrays(
    st.sampled_from(
        [np.float32, np.float64, np.int64, np.uint8, np.bool_, np.complex64, np.float16]
    ),
    hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=5),
) | st.lists(st.binary(max_size=200), max_size=5).map(lambda items: np.array([*items, None])[:-1])
NAMES = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None
)
@given(st.dictionaries(NAMES, ARRAYS, max_size=6))
def test_round_trip(tmp_path: Path, tensors: dict[str, NDArray[Any]]) -> None:
    prefix = str(tmp_path / "model")
    with BundleWriter(prefix) as writer:
        for name, array in tensors.items():
            writer.add(name, array)
    reader = BundleReader(prefix)
    assert reader.names() == sorted(tensors, key=str.encode)
    for name, array in tensors.items():
        assert_same(reader.read(name), array)


def test_bad_tensors(tmp_path: Path) -> None:
    with BundleWriter(str(tmp_path / "model")) as writer:
        writer.add("a", np.float32(1))
        with pytest.raises(errors.InvalidArgumentError, match="Adding duplicate key: a"):
            writer.add("a", np.float32(2))
        for name in ("", "\0a"):
            with pytest.raises(errors.InvalidArgumentError, match="cannot have the name"):
                writer.add(name, np.float32(2))
        with pytest.raises(TypeError, match="is not one of DT_INT32"):
            writer.add("b", np.float32(2), types_pb2.DT_INT32)
        with pytest.raises(TypeError, match="Expected bytes, got 'text' of type str"):
            writer.add("c", np.array(["text"], object))
        with pytest.raises(TypeError, match="numpy's <U4"):
            writer.add("d", np.array(["text"]))
        writer.add("z", np.array([b"good"], object))
    reader = BundleReader(str(tmp_path / "model"))
    assert reader.names() == ["a", "z"]
    assert reader.read("z").tolist() == [b"good"]


def test_nothing_stays_of_a_failed_save(tmp_path: Path) -> None:
    prefix = save(tmp_path / "model", a=np.float32(1))
    with pytest.raises(ZeroDivisionError), BundleWriter(prefix) as writer:
        writer.add("a", np.float32(2))
        raise ZeroDivisionError
    assert sorted(os.listdir(tmp_path)) == sorted(f"model{suffix}" for suffix in SUFFIXES)
    assert BundleReader(prefix).read("a") == 1


def test_index_comes_last_and_failure_leaves_no_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = []
    rename = os.replace

    def replace(source: str, target: str) -> None:
        moved.append(os.path.basename(target))
        if target.endswith(".index"):
            raise OSError(28, "No space left on device")
        rename(source, target)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(
        errors.ResourceExhaustedError, match=r"model.index; No space left on device"
    ):
        save(tmp_path / "model", a=np.float32(1))
    assert moved == ["model.data-00000-of-00001", "model.index"]
    assert os.listdir(tmp_path) == ["model.data-00000-of-00001"]


def test_directory_is_made_but_not_its_parents(tmp_path: Path) -> None:
    assert BundleReader(save(tmp_path / "new" / "model", a=TABLE)).names() == ["a"]
    with pytest.raises(errors.NotFoundError) as raised:
        save(tmp_path / "no" / "where" / "model", a=TABLE)
    assert raised.value.message == f"{tmp_path / 'no' / 'where'}; No such file or directory"


def test_missing_checkpoint(tmp_path: Path) -> None:
    failed = "Unsuccessful TensorSliceReader constructor: Failed to"
    with pytest.raises(errors.NotFoundError) as not_found:
        BundleReader(str(tmp_path / "model"))
    assert not_found.value.message == f"{failed} find any matching files for {tmp_path / 'model'}"
    missing = tmp_path / "none"
    with pytest.raises(errors.InvalidArgumentError) as invalid:
        BundleReader(str(missing / "model"))
    assert invalid.value.message == (
        f"{failed} get matching files on {missing / 'model'}: "
        f"Not found: {missing}; No such file or directory"
    )
    file = tmp_path / "other"
    file.write_bytes(b"something else")
    with pytest.raises(errors.DataLossError, match="not an sstable .* different restore operator"):
        BundleReader(str(file))
    with pytest.raises(errors.DataLossError, match="Failed precondition: .* Is a directory"):
        BundleReader(str(tmp_path))


def test_missing_tensor_and_missing_shard(tmp_path: Path) -> None:
    prefix = save(tmp_path / "model", a=TABLE)
    reader = BundleReader(prefix)
    with pytest.raises(errors.NotFoundError) as raised:
        reader.read("b")
    assert raised.value.message == "Key b not found in checkpoint"
    data = tmp_path / "model.data-00000-of-00001"
    data.unlink()
    with pytest.raises(errors.NotFoundError) as raised:
        reader.read("a")
    assert raised.value.message == f"{data}; No such file or directory"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The recorded checkpoint in a place of its own."""
    for suffix in SUFFIXES:
        shutil.copy(RECORDED + suffix, tmp_path)
    return tmp_path / "checkpoint"


def flip(path: str, position: int) -> None:
    data = bytearray(Path(path).read_bytes())
    data[position] ^= 0x10
    Path(path).write_bytes(data)


@pytest.mark.parametrize(
    ("position", "message"),
    [
        (-1, "not an sstable (bad magic number)"),
        (20, "(failed to seek to header entry): block checksum mismatch"),
        (-60, "block checksum mismatch"),
    ],
)
def test_damaged_index(copy: Path, position: int, message: str) -> None:
    flip(f"{copy}.index", position)
    with pytest.raises(errors.DataLossError) as raised:
        BundleReader(str(copy))
    assert raised.value.message.split("\n")[0].endswith(message)
    assert f"{copy}.index" in raised.value.message


@pytest.mark.parametrize(
    ("name", "position", "message"),
    [
        ("dense/kernel", 3, "Checksum does not match: stored 4013607582 vs. calculated on the "),
        ("type/string", 0, "The length checksum does not match: expected "),
        ("type/string", 10, "Checksum does not match: stored "),
    ],
)
def test_damaged_data(copy: Path, name: str, position: int, message: str) -> None:
    header, values = bundle_index.read_index(str(copy))
    path = f"{copy}.data-00000-of-00001"
    offset = checkpoint_bundle.Entry.FromString(values[name.encode()]).offset
    flip(path, offset + position)
    reader = BundleReader(str(copy))
    with pytest.raises(errors.DataLossError) as raised:
        reader.read(name)
    assert raised.value.message.startswith(message)
    assert f"\n  in {path}, at byte " in raised.value.message
    assert reader.read("scalar") == 7


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_truncated(copy: Path, suffix: str) -> None:
    path = Path(str(copy) + suffix)
    data = path.read_bytes()
    for size in range(0, len(data), 13):
        path.write_bytes(data[:size])
        with pytest.raises(errors.DataLossError):
            reader = BundleReader(str(copy))
            for name in ("scalar", "type/string", "table"):
                reader.read(name)
            reader.read_slice("corner", reader.slices("corner")[0])


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
@given(st.randoms(use_true_random=False), st.integers(1, 4), st.sampled_from(SUFFIXES))
def test_flipped_bits(copy: Path, at: random.Random, count: int, suffix: str) -> None:
    for other in SUFFIXES:
        shutil.copy(RECORDED + other, str(copy) + other)
    for _ in range(count):
        flip(str(copy) + suffix, at.randrange(os.path.getsize(str(copy) + suffix)))
    try:
        reader = BundleReader(str(copy))
    except errors.OpError:
        return
    for name, array in TENSORS.items():
        try:
            assert_same(reader.read(name), array)
        except errors.OpError:
            continue


def put_index(prefix: str, header: bundle_index.Header, values: dict[bytes, bytes]) -> None:
    """Overwrites an index without waiting for the disk."""
    with open(bundle_index.index_path(prefix), "wb") as file:
        writer = TableWriter(file)
        writer.add(b"", header.SerializeToString())
        for key, value in values.items():
            writer.add(key, value)
        writer.finish()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """A checkpoint, and a copy of its data for which a test writes the index."""
    directory = tmp_path_factory.mktemp("small")
    prefix = save(directory / "model", a=TABLE, b=np.array([b"x", b"yy"], object))
    shutil.copy(f"{prefix}.data-00000-of-00001", directory / "copy.data-00000-of-00001")
    return prefix, str(directory / "copy")


ENTRY = st.fixed_dictionaries(
    {},
    optional={
        "dtype": st.integers(0, 125),
        "shard_id": st.integers(-1, 2),
        "offset": st.integers(-(2**63), 2**63 - 1) | st.integers(0, 64),
        "size": st.integers(-(2**63), 2**63 - 1) | st.integers(0, 64),
        "crc32c": st.integers(0, 2**32 - 1),
    },
)
SIZES = st.lists(st.integers(-2, 2**62) | st.integers(0, 4), max_size=4)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None
)
@given(ENTRY, st.none() | SIZES, st.lists(SIZES, max_size=3), st.integers(-1, 3), st.booleans())
def test_hostile_entries(
    small: tuple[str, str],
    fields: dict[str, int],
    sizes: list[int] | None,
    slices: list[list[int]],
    shards: int,
    big_endian: bool,
) -> None:
    """An index with right checksums that says whatever it likes."""
    header, values = bundle_index.read_index(small[0])
    prefix = small[1]
    header.num_shards = shards
    header.endianness = int(big_endian)
    for key in values:
        entry = checkpoint_bundle.Entry.FromString(values[key])
        for field, value in fields.items():
            setattr(entry, field, value)
        if sizes is not None:
            entry.shape.ClearField("dim")
            for size in sizes:
                entry.shape.dim.add(size=size)
        for starts in slices:
            proto = entry.slices.add()
            for start in starts:
                proto.extent.add(start=start, length=1)
        values[key] = entry.SerializeToString()
    put_index(prefix, header, values)
    tracemalloc.start()
    for name in ("a", "b"):
        try:
            array = BundleReader(prefix).read(name)
        except errors.OpError:
            continue
        assert array.nbytes <= 1024
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1 << 20


def test_partition_that_would_take_all_memory(tmp_path: Path) -> None:
    prefix = str(tmp_path / "model")
    with BundleWriter(prefix) as writer:
        add_slice(writer, "v", "2 1 0,1:-", np.zeros((1, 1)))
        add_slice(writer, "v", "2 1 1,1:-", np.zeros((1, 1)))
    header, values = bundle_index.read_index(prefix)
    entry = checkpoint_bundle.Entry.FromString(values[b"v"])
    entry.shape.dim[1].size = 2**60
    values[b"v"] = entry.SerializeToString()
    put_index(prefix, header, values)
    with pytest.raises(errors.DataLossError, match="is not in the files"):
        BundleReader(prefix).read("v")


def test_other_versions(tmp_path: Path) -> None:
    prefix = save(tmp_path / "model", a=TABLE)
    header, values = bundle_index.read_index(prefix)
    for field, value, message in [
        ("min_consumer", 2, "Checkpoint min consumer version 2 above current version 1"),
        (
            "bad_consumers",
            [1],
            "Checkpoint disallows consumer version 1.  Please upgrade TensorFlow",
        ),
    ]:
        changed = bundle_index.new_header(1)
        changed.version.MergeFrom(type(header.version)(**{field: value}))
        put_index(prefix, changed, values)
        with pytest.raises(errors.InvalidArgumentError) as raised:
            BundleReader(prefix)
        assert raised.value.message.startswith(message)


def test_big_endian_checkpoint(tmp_path: Path) -> None:
    prefix = save(tmp_path / "model", a=np.float32([1, 2]), h=np.array(np.float16(3)))
    header, values = bundle_index.read_index(prefix)
    header.endianness = bundle_index.Header.BIG
    put_index(prefix, header, values)
    reader = BundleReader(prefix)
    assert_same(reader.read("a"), np.float32([1, 2]).byteswap())
    assert_same(reader.read("h"), np.array(np.float16(3)).byteswap())


def test_strings_of_a_big_endian_machine() -> None:
    length = (258).to_bytes(4, "big")
    checksum = string_tensor.crc32c.masked(length).to_bytes(4, "big")
    strings, _ = string_tensor.parse(b"\x82\x02" + checksum + b"x" * 258, 1, "a file", 0, ">")
    assert strings.tolist() == [b"x" * 258]
