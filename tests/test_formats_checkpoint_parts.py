"""Tensors saved in parts, checkpoints merged into one, and the texts that name a part."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tflite_edu.core import errors
from tflite_edu.formats import tensor_slice
from tflite_edu.formats.bundle_merge import merge
from tflite_edu.formats.checkpoint_bundle import BundleReader, BundleWriter
from tflite_edu.formats.tensor_slice import TensorSlice, parse_shape_and_slice

TABLE = np.arange(15, dtype=np.float32).reshape(5, 3)


def assert_same(actual: NDArray[Any], expected: NDArray[Any]) -> None:
    assert (actual.dtype, actual.tolist()) == (expected.dtype, expected.tolist())


def add_slice(writer: BundleWriter, name: str, text: str, array: NDArray[Any]) -> None:
    full_shape, part, _ = parse_shape_and_slice(text)
    writer.add_slice(name, full_shape, part, array)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None
)
@given(st.data())
def test_any_part_of_any_partition(tmp_path: Path, data: st.DataObject) -> None:
    full = np.arange(7 * 4).reshape(7, 4)
    edges = [0, *sorted(data.draw(st.sets(st.integers(1, 6)))), 7]
    with BundleWriter(str(tmp_path / "model")) as writer:
        for start, stop in zip(edges, edges[1:]):
            add_slice(writer, "v", f"7 4 {start},{stop - start}:-", full[start:stop])
    low, left = data.draw(st.integers(0, 6)), data.draw(st.integers(0, 3))
    high, right = data.draw(st.integers(low + 1, 7)), data.draw(st.integers(left + 1, 4))
    part = TensorSlice.of([(low, high - low), (left, right - left)])
    assert_same(
        BundleReader(str(tmp_path / "model")).read_slice("v", part), full[low:high, left:right]
    )


def test_parts_that_do_not_fit(tmp_path: Path) -> None:
    prefix = str(tmp_path / "model")
    with BundleWriter(prefix) as writer:
        writer.add("whole", TABLE)
        add_slice(writer, "v", "5 3 0,3:-", TABLE[:3])
        for text, array in [
            ("5 3 0,3:-", TABLE[:3]),
            ("6 3 3,2:-", TABLE[3:]),
            ("5 3 3,2:-", TABLE[3:].astype(np.int32)),
            ("5 3 3,1:-", TABLE[3:]),
        ]:
            with pytest.raises(errors.InvalidArgumentError):
                add_slice(writer, "v", text, array)
        with pytest.raises(errors.InvalidArgumentError):
            add_slice(writer, "whole", "5 3 0,3:-", TABLE[:3])
        add_slice(writer, "v", "5 3 3,2:-", TABLE[3:])
        add_slice(writer, "one", "5 3 0,5:-", TABLE)
    reader = BundleReader(prefix)
    assert_same(reader.read("v"), TABLE)
    assert reader.slices("one") == []
    assert_same(reader.read("one"), TABLE)


def test_overlapping_parts(tmp_path: Path) -> None:
    with BundleWriter(str(tmp_path / "model")) as writer:
        add_slice(writer, "a", "5 3 0,3:-", TABLE[:3])
        add_slice(writer, "a", "5 3 2,3:-", TABLE[2:])
    with pytest.raises(errors.InternalError) as raised:
        BundleReader(str(tmp_path / "model")).read("a")
    assert raised.value.message == ("Overlapping slices: existing slice = 0,3:-, new slice = 2,3:-")


@pytest.fixture
def parts(tmp_path: Path) -> list[str]:
    """Three checkpoints in directories of their own, two of which have a tensor in common."""
    prefixes = [str(tmp_path / name / "part") for name in ("one", "two", "three")]
    with BundleWriter(prefixes[0]) as writer:
        add_slice(writer, "v", "5 3 0,3:-", TABLE[:3])
        writer.add("z", np.float32(1))
    with BundleWriter(prefixes[1]) as writer:
        add_slice(writer, "v", "5 3 3,2:-", TABLE[3:])
        writer.add("b", np.array([b"text"], object))
    with BundleWriter(prefixes[2]) as writer:
        writer.add("a", np.int32([4, 5]))
    return prefixes


def test_merge(tmp_path: Path, parts: list[str]) -> None:
    merge(parts[:2], str(tmp_path / "both"), delete_old_dirs=False)
    assert os.listdir(tmp_path / "one") == []
    merge([parts[2], str(tmp_path / "both")], str(tmp_path / "all"))
    shards = [f"all.data-{shard:05d}-of-00003" for shard in range(3)]
    assert sorted(os.listdir(tmp_path)) == sorted([*shards, "all.index", "one", "two"])
    reader = BundleReader(str(tmp_path / "all"))
    assert reader.names() == ["a", "b", "v", "z"]
    assert_same(reader.read("v"), TABLE)
    assert reader.read("b").tolist() == [b"text"]
    assert reader.read("a").tolist() == [4, 5]


def test_merge_changes_nothing_if_it_fails(tmp_path: Path, parts: list[str]) -> None:
    def files() -> list[str]:
        return sorted(str(path) for path in tmp_path.rglob("*"))

    before = files()
    destination = str(tmp_path / "all")
    with pytest.raises(errors.InvalidArgumentError) as invalid:
        merge([parts[2], parts[0], parts[2]], destination)
    assert invalid.value.message == (
        f"Duplicate tensor keyed by a encountered, when merging prefix: {parts[2]}"
    )
    with pytest.raises(errors.NotFoundError) as not_found:
        merge([*parts, str(tmp_path / "nothing")], destination)
    assert not_found.value.message == f"{tmp_path / 'nothing'}.index; No such file or directory"
    assert files() == before
    os.remove(f"{parts[1]}.data-00000-of-00001")
    with pytest.raises(errors.NotFoundError, match="part.data-00000-of-00001; No such file"):
        merge(parts, destination)
    assert sorted(os.listdir(tmp_path)) == ["one", "three", "two"]


PAIR = "Expected a pair of numbers or '-' but got"
POSITIVE = "Expected non-negative start and positive length but got"
BOUNDS = "Extent in dimension 0 out of bounds: shape = [4,3], slice ="
RANKS = "Mismatching ranks: shape = [4,3], slice ="
NUMBER = "Non numerical dimension in shape_and_slice:"


def test_merge_does_not_overwrite_what_it_has_yet_to_move(tmp_path: Path) -> None:
    names = ["z", "a"]
    for name in names:
        with BundleWriter(str(tmp_path / name)) as writer:
            writer.add(name, np.array([name.encode()], object))
    prefix = str(tmp_path / "model")
    merge([str(tmp_path / name) for name in names], prefix)
    with pytest.raises(errors.InvalidArgumentError, match="merged into it in another order"):
        merge([prefix], prefix)
    for name in names:
        assert BundleReader(prefix).read(name).tolist() == [name.encode()]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("4 3 -1,2:-", f"{POSITIVE} start = -1, length = 2: string = -1,2:-"),
        ("4 3 0,0:-", f"{POSITIVE} start = 0, length = 0: string = 0,0:-"),
        ("4 3 0,2", f"{RANKS} 0,2"),
        ("4 3 0,2:", f"{RANKS} 0,2"),
        ("4 3 ", f"{RANKS} "),
        ("4 3 0,5:-", f"{BOUNDS} 0,5:-"),
        ("4 3 a,2:-", f"{PAIR} 'a,2': string = a,2:-"),
        ("4 3 +0,2:-", f"{PAIR} '+0,2': string = +0,2:-"),
        ("4 3 0,99999999999999999999:-", f"{PAIR} '0,{'9' * 20}': string = 0,{'9' * 20}:-"),
        ("4  3 0,2:-", f"{NUMBER} 4  3 0,2:-"),
        ("4 x 0,2:-", f"{NUMBER} 4 x 0,2:-"),
        ("4", "Need least two elements in shape_and_slice specification: 4"),
    ],
)
def test_bad_slice_texts(text: str, message: str) -> None:
    within = message.startswith((BOUNDS, RANKS))
    error = errors.InternalError if within else errors.InvalidArgumentError
    with pytest.raises(error) as raised:
        parse_shape_and_slice(text)
    assert raised.value.message == message


def test_slice_text() -> None:
    assert parse_shape_and_slice("4 3 1,2:-") == ((4, 3), TensorSlice.of([(1, 2), (0, -1)]), (2, 3))
    assert str(TensorSlice.parse("1,2:-:0,1")) == "1,2:-:0,1"


@pytest.mark.parametrize("axis", [0, 1])
def test_very_many_parts_along_one_axis(axis: int) -> None:
    """Whether any two of a hundred thousand parts overlap is known at once."""
    count = 100_000
    shape = (count, 2) if axis == 0 else (2, count)
    extents = [[(i, 1), (0, 2)] if axis == 0 else [(0, 2), (i, 1)] for i in range(count)]
    saved = [TensorSlice.of(each) for each in extents]
    bounds = np.stack([tensor_slice.bounds(part, shape) for part in saved])
    whole = TensorSlice.whole(2)
    wanted = tensor_slice.bounds(whole, shape)
    tensor_slice.check_cover(saved, bounds, wanted, "v", whole)
    bounds[7, axis] = [400, 402]
    saved[7] = TensorSlice.of([(400, 2), (0, 2)] if axis == 0 else [(0, 2), (400, 2)])
    with pytest.raises(errors.InternalError, match="^Overlapping slices"):
        tensor_slice.check_cover(saved, bounds, wanted, "v", whole)


def test_absurdly_many_parts_along_two_axes() -> None:
    count = 20_000
    bounds = np.zeros((count, 2, 2), np.int64)
    bounds[:, 0] = np.arange(count)[:, None] + [0, 1]
    bounds[:, 1] = np.arange(count)[:, None] + [0, 1]
    saved = [TensorSlice.whole(2)] * count
    wanted = np.array([[0, count], [0, count]])
    with pytest.raises(errors.DataLossError, match="20000 parts"):
        tensor_slice.check_cover(saved, bounds, wanted, "v", saved[0])
    few = bounds[:3]
    with pytest.raises(errors.InvalidArgumentError, match="sufficient slices"):
        tensor_slice.check_cover(saved[:3], few, wanted, "v", saved[0])
    few[2] = few[1]
    with pytest.raises(errors.InternalError, match="^Overlapping slices"):
        tensor_slice.check_cover(saved[:3], few, wanted, "v", saved[0])


def test_scalars_that_overlap() -> None:
    part = TensorSlice.whole(0)
    bounds = np.zeros((2, 0, 2), np.int64)
    with pytest.raises(errors.InternalError, match="^Overlapping slices"):
        tensor_slice.check_cover([part, part], bounds, bounds[0], "v", part)
