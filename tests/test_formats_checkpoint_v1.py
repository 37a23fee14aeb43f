"""V1 checkpoints: TensorFlow 1.15's are read, ours are byte for byte the same, damage is told."""

from __future__ import annotations

import os
import random
import shutil
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from record_files import BITS, SLICES, checkpoint_slices, v1_tensors

from tflite_edu.core import errors
from tflite_edu.formats.checkpoint import open_checkpoint
from tflite_edu.formats.checkpoint_bundle import BundleReader
from tflite_edu.formats.proto.saved_tensor_slice_pb2 import SavedTensorSlices
from tflite_edu.formats.slice_table import TensorSliceReader, TensorSliceWriter
from tflite_edu.formats.table import TableReader, TableWriter
from tflite_edu.formats.tensor_slice import TensorSlice, parse_shape_and_slice, table_key

FILES = Path(__file__).parent / "golden" / "files"
RECORDED = FILES / "checkpoint_v1"
TENSORS = {
    name: array.view([(kind, array.dtype)]) if kind in BITS else array
    for name, kind, array in v1_tensors()
}
TABLE = np.arange(15, dtype=np.float32).reshape(5, 3)


def assert_same(actual: NDArray[Any], expected: NDArray[Any]) -> None:
    assert (actual.dtype, actual.shape) == (expected.dtype, expected.shape)
    if expected.dtype == object:
        assert actual.tolist() == expected.tolist()
    else:
        assert actual.tobytes() == expected.tobytes()


def write(path: Path, *parts: tuple[str, str, NDArray[Any]]) -> str:
    writer = TensorSliceWriter(str(path))
    for name, text, array in parts:
        if text:
            full_shape, part, _ = parse_shape_and_slice(text)
            writer.add_slice(name, full_shape, part, array)
        else:
            writer.add(name, array)
    writer.finish()
    return str(path)


def test_the_file_is_tensorflows(tmp_path: Path) -> None:
    whole = [(name, "", array) for name, array in TENSORS.items()]
    parts = [(*where, array) for where, array in zip(SLICES, checkpoint_slices(), strict=True)]
    # Where there are many tensors, TensorFlow's sort does not keep the order of two of one name.
    path = write(tmp_path / "model", *whole, parts[1], parts[0], parts[2])
    assert Path(path).read_bytes() == RECORDED.read_bytes()
    assert os.listdir(tmp_path) == ["model"]


@pytest.mark.parametrize("name", TENSORS)
def test_reads_tensorflows_tensors(name: str) -> None:
    reader = open_checkpoint(str(RECORDED))
    assert_same(reader.read(name), TENSORS[name])
    assert reader.dtype_and_shape(name)[1] == TENSORS[name].shape
    assert reader.slices(name) == []


def test_reads_tensorflows_slices() -> None:
    reader = TensorSliceReader(str(RECORDED))
    assert reader.names() == sorted([*TENSORS, "table", "corner"], key=str.encode)
    assert_same(reader.read("table"), TABLE)
    assert_same(reader.read_slice("table", TensorSlice.parse("2,2:1,2")), TABLE[2:4, 1:])
    assert_same(reader.read_slice("corner", TensorSlice.parse("1,2:2,2")), checkpoint_slices()[2])
    with pytest.raises(errors.InvalidArgumentError, match="^Error copying slice data$"):
        reader.read("corner")
    with pytest.raises(errors.InternalError, match="out of bounds"):
        reader.read_slice("table", TensorSlice.parse("4,2:-"))


def test_reads_tensorflows_shards() -> None:
    reader = open_checkpoint(f"{FILES / 'sharded_v1'}-?????-of-00002")
    assert reader.names() == ["a", "step", "table"]
    assert_same(reader.read("table"), TABLE)
    assert_same(reader.read_slice("table", TensorSlice.parse("2,3:-")), TABLE[2:])
    assert_same(reader.read("step"), np.array(7))
    # One of the files is a checkpoint as well, of what it has.
    assert "table" not in open_checkpoint(f"{FILES / 'sharded_v1'}-00000-of-00002")


def test_reads_tensorflows_bundle_of_two_shards() -> None:
    reader = open_checkpoint(str(FILES / "sharded"))
    assert isinstance(reader, BundleReader)
    assert reader.names() == ["a", "step", "table"]
    assert_same(reader.read("table"), TABLE)
    assert_same(reader.read("a"), np.arange(6, dtype=np.float32).reshape(2, 3))
    assert [str(part) for part in reader.slices("table")] == ["0,3:0,3", "3,2:0,3"]
    first = reader.stored("table", reader.slices("table")[0])
    assert first is not None and first.shape == (3, 3)
    assert reader.stored("table") is None


def test_what_cannot_be_saved(tmp_path: Path) -> None:
    writer = TensorSliceWriter(str(tmp_path / "model"))
    writer.add("a", np.zeros((2, 3), np.float32))
    with pytest.raises(
        errors.InternalError,
        match=r"^Mismatching shapes: existing tensor = \[2,3\], trying to add name a, shape = \[\]",
    ):
        writer.add("a", np.array(1.0, np.float32))
    with pytest.raises(errors.InternalError, match="^Mismatching types: existing type = DT_FLOAT"):
        writer.add("a", np.zeros((2, 3)))
    with pytest.raises(errors.InvalidArgumentError, match="duplicate"):
        writer.add("a", np.zeros((2, 3), np.float32))
    with pytest.raises(errors.UnimplementedError, match="^Saving data type uint32 not yet suppo"):
        writer.add("b", np.zeros(1, np.uint32))
    with pytest.raises(errors.InvalidArgumentError, match="^Slice in shape_and_slice specificat"):
        writer.add_slice("b", (4, 3), TensorSlice.parse("0,3:-"), np.zeros((2, 3)))
    writer.finish()
    assert TensorSliceReader(str(tmp_path / "model")).names() == ["a"]


def test_a_failed_save_leaves_the_old_file(tmp_path: Path) -> None:
    path = write(tmp_path / "model", ("a", "", TABLE))
    writer = TensorSliceWriter(path)
    writer.add("a", np.array(["not bytes"], object))
    with pytest.raises(TypeError):
        writer.finish()
    assert os.listdir(tmp_path) == ["model"]
    assert_same(TensorSliceReader(path).read("a"), TABLE)
    with pytest.raises(errors.NotFoundError, match="No such file or directory"):
        write(tmp_path / "absent" / "model", ("a", "", TABLE))


def test_what_is_no_checkpoint(tmp_path: Path) -> None:
    (tmp_path / "junk").write_bytes(b"junk" * 100)
    for path, cls, message in [
        (
            "none",
            errors.NotFoundError,
            "Unsuccessful TensorSliceReader constructor: Failed to find",
        ),
        ("absent/none", errors.InvalidArgumentError, "Unsuccessful TensorSliceReader constructor"),
        ("junk", errors.DataLossError, "Unable to open table file"),
        ("", errors.DataLossError, "Unable to open table file"),
    ]:
        with pytest.raises(cls) as raised:
            TensorSliceReader(os.path.join(tmp_path, path).removesuffix("/"))
        assert raised.value.message.startswith(message)
    reader = TensorSliceReader(str(RECORDED))
    with pytest.raises(errors.NotFoundError, match='^Tensor name "nope" not found in checkpoint f'):
        reader.read("nope")


def test_shards_that_contradict_each_other(tmp_path: Path) -> None:
    pattern = str(tmp_path / "model-?????-of-00002")
    write(tmp_path / "model-00000-of-00002", ("a", "", TABLE))
    write(tmp_path / "model-00001-of-00002", ("a", "", TABLE[0]))
    with pytest.raises(errors.InternalError, match=r"existing = \[5,3\], new = \[3\]"):
        TensorSliceReader(pattern)
    write(tmp_path / "model-00001-of-00002", ("a", "", TABLE.astype(np.int32)))
    with pytest.raises(errors.InternalError, match="Incompatible tensor types"):
        TensorSliceReader(pattern)
    write(tmp_path / "model-00001-of-00002", ("a", "", TABLE))
    with pytest.raises(errors.InternalError, match="^Overlapping slices"):
        TensorSliceReader(pattern)
    write(tmp_path / "model-00001-of-00002", ("a", "5 3 1,2:-", TABLE[1:3]))
    with pytest.raises(errors.InternalError, match="^Overlapping slices"):
        TensorSliceReader(pattern).read("a")


EXPECTED = (errors.DataLossError, errors.InvalidArgumentError, errors.NotFoundError)


def read_all(path: str) -> list[NDArray[Any]]:
    reader = TensorSliceReader(path)
    return [reader.read(name) for name in reader.names() if name != "corner"]


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
@given(st.randoms(use_true_random=False), st.integers(1, 3), st.booleans())
def test_damage_is_found(tmp_path: Path, at: random.Random, count: int, cut: bool) -> None:
    data = bytearray(RECORDED.read_bytes())
    for _ in range(count):
        data[at.randrange(len(data))] ^= 1 << at.randrange(8)
    if cut:
        del data[at.randrange(len(data)) :]
    path = tmp_path / "model"
    path.write_bytes(data)
    try:
        found = read_all(str(path))
    except EXPECTED as error:
        assert str(path) in error.message
        return
    expected = {**TENSORS, "table": TABLE}
    for array, name in zip(found, sorted(expected, key=str.encode), strict=True):
        assert_same(array, expected[name])


SIZES = st.lists(st.integers(-2, 2**62) | st.integers(0, 4), max_size=4)


@settings(max_examples=120, deadline=None)
@given(SIZES, st.lists(SIZES, max_size=3), st.integers(0, 125), st.lists(st.integers(0, 9)))
def test_a_table_that_says_whatever_it_likes(
    tmp_path_factory: pytest.TempPathFactory,
    sizes: list[int],
    slices: list[list[int]],
    dtype: int,
    numbers: list[int],
) -> None:
    head, data = SavedTensorSlices(), SavedTensorSlices()
    meta = head.meta.tensor.add(name="a", type=dtype)
    for size in sizes:
        meta.shape.dim.add(size=size)
    keys = set()
    for starts in [*slices, []]:
        part = TensorSlice.of([(start, 1) for start in starts] or [(0, -1)] * len(sizes))
        meta.slice.append(part.to_proto())
        if all(0 <= start < 2**40 for start in starts):
            keys.add(table_key("a", part))
    data.data.data.int_val.extend(numbers)
    data.data.data.float_val.extend(numbers)
    path = str(tmp_path_factory.getbasetemp() / "hostile_v1")
    with open(path, "wb") as file:
        writer = TableWriter(file)
        writer.add(b"", head.SerializeToString())
        for key in sorted(keys):
            writer.add(key, data.SerializeToString())
        writer.finish()
    tracemalloc.start()
    try:
        found = read_all(path)
    except (*EXPECTED, errors.InternalError, errors.UnimplementedError):
        found = []
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert sum(array.nbytes for array in found) <= 1024
    assert peak < 1 << 20


def test_a_value_is_found_in_any_block(tmp_path: Path) -> None:
    keys = [f"key{number:04d}".encode() for number in range(500)]
    with open(tmp_path / "table", "w+b") as file:
        writer = TableWriter(file, block_size=64)
        for key in keys:
            writer.add(key, key * 2)
        writer.finish()
        reader = TableReader(file, "table")
        assert [reader.get(key) for key in keys] == [key * 2 for key in keys]
        assert [reader.get(key) for key in (b"", b"key0001a", b"zzz")] == [None] * 3


def test_the_old_format_stands_behind_the_new_one(tmp_path: Path) -> None:
    """A bundle and a V1 file of one name: the bundle is meant, as in TensorFlow."""
    write(tmp_path / "checkpoint", ("old", "", TABLE))
    assert open_checkpoint(str(tmp_path / "checkpoint")).names() == ["old"]
    for suffix in (".index", ".data-00000-of-00001"):
        shutil.copy(f"{FILES / 'checkpoint'}{suffix}", f"{tmp_path / 'checkpoint'}{suffix}")
    assert "old" not in open_checkpoint(str(tmp_path / "checkpoint"))
