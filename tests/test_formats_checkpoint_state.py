"""The text file "checkpoint", against what TensorFlow 1.15 wrote and said."""

from __future__ import annotations

import logging
import os
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tflite_edu.core import errors
from tflite_edu.formats.checkpoint_state import (
    generate_checkpoint_state_proto,
    get_checkpoint_state,
    update_checkpoint_state,
)

FILES = Path(__file__).parent / "golden" / "files"


def test_file_is_tensorflows(tmp_path: Path) -> None:
    update_checkpoint_state(
        str(tmp_path),
        "/models/\u00e9t\u00e9-2",
        ["/models/m-1", "relative/m-1"],
        all_model_checkpoint_timestamps=[1.5, 1795296576.123456789, 1795296577.0],
        last_preserved_timestamp=0.1,
    )
    assert os.listdir(tmp_path) == ["checkpoint"]
    written = (tmp_path / "checkpoint").read_bytes()
    assert written == (FILES / "checkpoint_state").read_bytes()


def test_reads_tensorflows_file() -> None:
    state = get_checkpoint_state(str(FILES), "checkpoint_state")
    assert state is not None
    assert state.model_checkpoint_path == "/models/\u00e9t\u00e9-2"
    assert list(state.all_model_checkpoint_paths) == [
        "/models/m-1",
        os.path.join(str(FILES), "relative/m-1"),
        "/models/\u00e9t\u00e9-2",
    ]
    assert list(state.all_model_checkpoint_timestamps) == [1.5, 1795296576.1234567, 1795296577.0]
    assert state.last_preserved_timestamp == 0.1


@pytest.mark.parametrize(
    ("save_dir", "newest", "others", "written"),
    [
        ("/d", "m-1", ["m-1", "m-0"], ["m-1", "m-0", "m-1"]),
        ("/d", "m-1", ["x/m-0"], ["x/m-0", "m-1"]),
        ("/d", "/d/m-1", ["m-1"], ["m-1", "/d/m-1"]),
        ("rel", "rel/m-1", ["rel/m-0"], ["m-0", "m-1"]),
        ("rel", "/rel/m-1", None, ["/rel/m-1"]),
        ("rel/", "rel/m-1", ["rel/m-1"], ["m-1"]),
        ("./rel", "rel/m-1", ["./rel/m-1"], ["m-1", "m-1"]),
        ("rel", "m-1", None, ["../m-1"]),
        (".", "m-1", None, ["m-1"]),
        ("", "m-2", ["m-2"], ["m-2"]),
    ],
)
def test_paths(save_dir: str, newest: str, others: list[str] | None, written: list[str]) -> None:
    state = generate_checkpoint_state_proto(save_dir, newest, others)
    assert list(state.all_model_checkpoint_paths) == written
    assert state.model_checkpoint_path == written[-1]


def test_relative_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_dir = str(tmp_path)
    newest, older = str(tmp_path / "m-1"), str(tmp_path / "sub" / "m-0")
    update_checkpoint_state(save_dir, newest, [older], save_relative_paths=True)
    text = (tmp_path / "checkpoint").read_text()
    assert text.splitlines() == [
        'model_checkpoint_path: "m-1"',
        'all_model_checkpoint_paths: "sub/m-0"',
        'all_model_checkpoint_paths: "m-1"',
    ]
    state = get_checkpoint_state(save_dir)
    assert state is not None
    assert list(state.all_model_checkpoint_paths) == [older, newest]
    monkeypatch.chdir(tmp_path)
    state = get_checkpoint_state(".")
    assert state is not None
    assert state.model_checkpoint_path == "./m-1"


def test_no_file(tmp_path: Path) -> None:
    assert get_checkpoint_state(str(tmp_path)) is None
    assert get_checkpoint_state(str(tmp_path / "nothing"), "other") is None


@pytest.mark.parametrize(
    ("content", "warning"),
    [
        (b"model_checkpoint_path: \n junk", "ParseError: 2:2 : ' junk': Expected string"),
        (b"foo: 3", 'no field named "foo"'),
        (b'model_checkpoint_path: "\xff"', "UnicodeDecodeError"),
    ],
)
def test_damaged_file_is_ignored(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes, warning: str
) -> None:
    path = tmp_path / "checkpoint"
    path.write_bytes(content)
    with caplog.at_level(logging.WARNING, "tensorflow"):
        logging.getLogger("tensorflow").addHandler(caplog.handler)
        try:
            assert get_checkpoint_state(str(tmp_path)) is None
        finally:
            logging.getLogger("tensorflow").removeHandler(caplog.handler)
    assert warning in caplog.messages[0]
    assert f"{path}: Checkpoint ignored" in caplog.messages


def test_file_without_newest_checkpoint(tmp_path: Path) -> None:
    (tmp_path / "checkpoint").write_text('all_model_checkpoint_paths: "x"')
    with pytest.raises(ValueError, match=f"Invalid checkpoint state loaded from {tmp_path}"):
        get_checkpoint_state(str(tmp_path))


def test_bad_arguments_change_nothing(tmp_path: Path) -> None:
    save_dir = str(tmp_path)
    update_checkpoint_state(save_dir, "m-1")
    before = (tmp_path / "checkpoint").read_bytes()
    with pytest.raises(ValueError, match="Checkpoint timestamps, if provided, must match"):
        update_checkpoint_state(save_dir, "m-2", all_model_checkpoint_timestamps=[1.0, 2.0])
    with pytest.raises(RuntimeError, match="conflicts with path used for checkpoint state"):
        update_checkpoint_state(save_dir, str(tmp_path / "checkpoint"))
    assert (tmp_path / "checkpoint").read_bytes() == before
    assert os.listdir(tmp_path) == ["checkpoint"]
    with pytest.raises(errors.NotFoundError, match="No such file or directory"):
        update_checkpoint_state(str(tmp_path / "nothing"), "m")
    (tmp_path / "directory").mkdir()
    with pytest.raises(errors.FailedPreconditionError, match="Is a directory"):
        update_checkpoint_state(save_dir, "m", latest_filename="directory")
    assert sorted(os.listdir(tmp_path)) == ["checkpoint", "directory"]


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None
)
@given(st.binary(max_size=200) | st.randoms(use_true_random=False))
def test_any_file_is_read_or_ignored(tmp_path: Path, content: bytes | random.Random) -> None:
    if not isinstance(content, bytes):
        damaged = bytearray((FILES / "checkpoint_state").read_bytes())
        for _ in range(content.randrange(1, 4)):
            damaged[content.randrange(len(damaged))] = content.randrange(256)
        content = bytes(damaged)
    (tmp_path / "checkpoint").write_bytes(content)
    try:
        state = get_checkpoint_state(str(tmp_path))
    except ValueError as error:
        assert str(error) == f"Invalid checkpoint state loaded from {tmp_path}"
        return
    assert state is None or state.model_checkpoint_path
