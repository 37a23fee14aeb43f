"""`tf.gfile`, `tf.compat` and `tf.version` where tflite_edu says more, or less, than TensorFlow.

What they have in common is held by `file_system.py` and `text_and_versions.py` in the folder
`tests/golden/scripts`, which test_run_script.py runs.
"""

from __future__ import annotations

import gc
import gzip
import os
import stat
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tflite_edu as tf
from tflite_edu.contrib import mnist

gfile = tf.gfile


@pytest.mark.parametrize("kind", [str, os.fsencode, Path])
def test_paths_of_all_kinds(kind: Any, tmp_path: Path) -> None:
    folder = kind(str(tmp_path / "new"))
    path = kind(str(tmp_path / "new" / "file"))
    gfile.MakeDirs(folder)
    with gfile.GFile(path, "w") as file:
        file.write("text")
    assert file.name == path
    assert gfile.GFile(path).read() == "text"
    assert gfile.Exists(path)
    assert gfile.Stat(path).length == 4
    assert gfile.ListDirectory(folder) == ["file"]
    assert gfile.Glob(path) == [str(tmp_path / "new" / "file")]
    assert list(gfile.Walk(folder)) == [(str(tmp_path / "new"), [], ["file"])]
    gfile.Copy(path, kind(str(tmp_path / "copy")))
    gfile.Rename(kind(str(tmp_path / "copy")), kind(str(tmp_path / "moved")))
    gfile.Remove(kind(str(tmp_path / "moved")))
    gfile.DeleteRecursively(folder)
    assert os.listdir(tmp_path) == []


def test_names_come_in_order(tmp_path: Path) -> None:
    for name in "cab":
        (tmp_path / name).mkdir()
        (tmp_path / name / "x").touch()
    assert gfile.ListDirectory(tmp_path) == ["a", "b", "c"]
    assert gfile.Glob(str(tmp_path / "*" / "x")) == [str(tmp_path / n / "x") for n in "abc"]
    assert [Path(top).name for top, _, _ in gfile.Walk(tmp_path)][1:] == ["a", "b", "c"]


def test_a_set_in_a_pattern_is_no_regular_expression(tmp_path: Path) -> None:
    for name in ("a]", "a^", "a&", "a.b", "aXb", "a\nb"):
        (tmp_path / name).touch()

    def found(pattern: str) -> list[str]:
        return [Path(path).name for path in gfile.Glob(f"{tmp_path}/{pattern}")]

    assert found("a.b") == ["a.b"]
    assert found("a[&]") == ["a&"]
    assert found("a[]]") == ["a]"]
    assert found("a[&^]") == ["a&", "a^"]
    assert found("a?b") == ["a\nb", "a.b", "aXb"]
    assert found("a(X|.)b") == []


def test_copying_a_file_to_itself_keeps_it(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("kept")
    (tmp_path / "link").symlink_to("file")
    gfile.Copy(path, path, overwrite=True)
    gfile.Copy(path, tmp_path / "link", overwrite=True)
    assert path.read_text() == "kept"


def test_a_copy_that_fails_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(tf.errors.InvalidArgumentError, match="copy; Invalid argument"):
        gfile.Copy(tmp_path / "folder", tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_removing_a_folder_leaves_what_its_links_lead_to(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "file").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "link").symlink_to(tmp_path / "kept")
    (tmp_path / "top").symlink_to(tmp_path / "kept")
    with pytest.raises(tf.errors.FailedPreconditionError, match="top; Not a directory"):
        gfile.DeleteRecursively(tmp_path / "top")
    gfile.DeleteRecursively(tmp_path / "folder")
    assert sorted(os.listdir(tmp_path)) == ["kept", "top"]
    assert os.listdir(tmp_path / "kept") == ["file"]


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="root may do all")
def test_what_may_not_be_done(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").touch()
    os.chmod(tmp_path / "folder", 0)
    try:
        with pytest.raises(tf.errors.PermissionDeniedError, match="file; Permission denied"):
            gfile.GFile(tmp_path / "folder" / "file").read()
        with pytest.raises(tf.errors.PermissionDeniedError):
            gfile.DeleteRecursively(tmp_path / "folder")
    finally:
        os.chmod(tmp_path / "folder", stat.S_IRWXU)


def test_permission_errors_have_their_class(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied", "inner")

    monkeypatch.setattr("tflite_edu.platform.file_system.shutil.rmtree", refuse)
    monkeypatch.setattr("tflite_edu.platform.file_system.os.mkdir", refuse)
    with pytest.raises(tf.errors.PermissionDeniedError, match="^inner; Permission denied$"):
        gfile.DeleteRecursively(tmp_path)
    with pytest.raises(tf.errors.PermissionDeniedError, match="new; Permission denied$"):
        gfile.MakeDirs(tmp_path / "new")


def test_walk_tells_of_what_it_cannot_read() -> None:
    told: list[Any] = []
    assert list(tf.io.gfile.walk("no", onerror=told.append)) == []
    assert [(type(error), error.message) for error in told] == [
        (tf.errors.NotFoundError, "Could not find directory no")
    ]


def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path)
    assert len(list(gfile.Walk(tmp_path))) < 100


def test_an_unclosed_file_is_written_when_it_goes(tmp_path: Path) -> None:
    file = gfile.GFile(tmp_path / "file", "w")
    file.write("x" * 3_000_000)
    del file
    gc.collect()
    assert (tmp_path / "file").stat().st_size == 3_000_000


def test_a_write_to_a_full_disk() -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full")
    file = gfile.GFile("/dev/full", "w")
    file.write("text")
    with pytest.raises(tf.errors.ResourceExhaustedError, match="/dev/full; No space left"):
        file.flush()
    with pytest.raises(tf.errors.ResourceExhaustedError):
        file.close()


def test_folders_made_by_many_threads(tmp_path: Path) -> None:
    failed = []

    def make() -> None:
        try:
            for number in range(20):
                gfile.MakeDirs(tmp_path / f"{number}" / "a" / "b")
        except tf.errors.OpError as error:
            failed.append(error)

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert len(os.listdir(tmp_path)) == 20


def test_a_forward_compatibility_horizon_is_its_threads(tmp_path: Path) -> None:
    seen = []
    with tf.compat.forward_compatibility_horizon(2030, 1, 1):
        thread = threading.Thread(
            target=lambda: seen.append(tf.compat.forward_compatible(2029, 1, 1))
        )
        thread.start()
        thread.join()
        assert tf.compat.forward_compatible(2029, 1, 1)
    assert seen == [False]


def test_no_eager_execution() -> None:
    for enable in (tf.enable_eager_execution, tf.enable_v2_behavior):
        with pytest.raises(NotImplementedError, match="no eager execution"):
            enable()
    assert not tf.executing_eagerly()


def test_disable_v2_behavior_is_of_variables() -> None:
    tf.enable_resource_variables()
    assert tf.resource_variables_enabled()
    tf.disable_v2_behavior()
    assert not tf.resource_variables_enabled()


def test_versions() -> None:
    assert tf.__version__ == tf.version.VERSION == "1.15.5"
    assert tf.GIT_VERSION == tf.version.GIT_VERSION == "unknown"
    assert tf.COMPILER_VERSION == tf.__compiler_version__


def test_devices() -> None:
    assert [d.device_type for d in tf.config.experimental.list_physical_devices()] == ["CPU"]
    assert tf.config.experimental.list_physical_devices("cpu") == []


def test_resources() -> None:
    here = os.path.dirname(os.path.abspath(__file__))
    assert os.path.abspath(tf.resource_loader.get_data_files_path()) == here
    assert tf.resource_loader.load_resource("py.typed") == b""
    assert os.path.isdir(tf.resource_loader.get_root_dir_with_all_resources())
    with pytest.raises(FileNotFoundError):
        tf.resource_loader.load_resource("absent")


@pytest.mark.parametrize("count", [0, 3, 100, 5000])
def test_damaged_digits(count: int, tmp_path: Path) -> None:
    path = tmp_path / "images.gz"
    whole = gzip.compress(
        b"".join(n.to_bytes(4, "big") for n in (2051, 20, 10, 10)) + os.urandom(2000)
    )
    path.write_bytes(whole[: min(count, len(whole) - 5)])
    with open(path, "rb") as file, pytest.raises((tf.errors.DataLossError, ValueError)):
        mnist.extract_images(file)


@pytest.mark.parametrize("place", range(2, 1100, 61))
def test_digits_with_a_wrong_byte(place: int, tmp_path: Path) -> None:
    path = tmp_path / "images.gz"
    sizes = (2051, 10, 10, 10)
    noise = np.random.RandomState(3).bytes(1000)
    content = bytearray(gzip.compress(b"".join(n.to_bytes(4, "big") for n in sizes) + noise))
    content[place % len(content)] ^= 0x55
    path.write_bytes(content)
    with open(path, "rb") as file:
        try:
            images = mnist.extract_images(file)
        except (tf.errors.DataLossError, ValueError):
            return
    # Of the gzip header only the time and the system may differ unnoticed.
    assert 4 <= place < 10
    assert images.shape == (10, 10, 10, 1)


def test_digits_that_claim_to_be_many(tmp_path: Path) -> None:
    path = tmp_path / "images.gz"
    sizes = (2051, 2**32 - 1, 2**32 - 1, 2**32 - 1)
    path.write_bytes(gzip.compress(b"".join(n.to_bytes(4, "big") for n in sizes) + b"abc"))
    with (
        open(path, "rb") as file,
        pytest.raises(tf.errors.DataLossError, match="3 values where"),
    ):
        mnist.extract_images(file)
