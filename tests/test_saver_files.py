"""A saver's files: old formats, memory, crashes, several savers at once, disks that are full."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tflite_edu as tf
from tflite_edu.core import errors
from tflite_edu.formats import bundle_index
from tflite_edu.formats.checkpoint_bundle import BundleWriter

FILES = Path(__file__).parent / "golden" / "files"
V1 = tf.train.SaverDef.V1
TABLE = np.arange(15, dtype=np.float32).reshape(5, 3)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def started() -> tf.Session:
    session = tf.Session()
    session.run(tf.global_variables_initializer())
    return session


@pytest.mark.parametrize("name", ["sharded", "sharded_v1-?????-of-00002"])
@pytest.mark.parametrize("parts", [1, 2, 3, 5])
@pytest.mark.parametrize("resource", [False, True])
def test_tensorflows_parts_become_other_parts(name: str, parts: int, resource: bool) -> None:
    a = tf.get_variable("a", [2, 3], use_resource=resource)
    step = tf.get_variable("step", [], tf.int64)
    partitioner = tf.fixed_size_partitioner(parts)
    table = tf.get_variable("table", [5, 3], partitioner=partitioner, use_resource=resource)
    saver = tf.train.Saver()
    with tf.Session() as session:
        saver.restore(session, str(FILES / name))
        np.testing.assert_array_equal(session.run(tf.convert_to_tensor(table)), TABLE)
        assert session.run(a).tolist() == [[0, 1, 2], [3, 4, 5]]
        assert session.run(step) == 7


def test_v1_files_are_written_named_and_removed(here: Path) -> None:
    v = tf.get_variable("v", initializer=[1.0, 2.0])
    saver = tf.train.Saver(write_version=V1, max_to_keep=2)
    sharded = tf.train.Saver(write_version=V1, sharded=True, max_to_keep=1)
    with started() as session:
        for step in range(3):
            assert saver.save(session, "model", step) == f"model-{step}"
        assert sorted(os.listdir()) == [
            *("checkpoint", "model-1", "model-1.meta", "model-2", "model-2.meta"),
        ]
        session.run(v.assign([0.0, 0.0]))
        saver.restore(session, "./model-2")
        assert session.run(v).tolist() == [1.0, 2.0]
        pattern = sharded.save(session, "parts", 1)
        assert pattern == "parts-1-?????-of-00001"
        assert sharded.save(session, "parts", 2) == "parts-2-?????-of-00001"
        names = [name for name in os.listdir() if name.startswith("parts")]
        assert sorted(names) == ["parts-2-00000-of-00001", "parts-2.meta"]
        newest = tf.train.latest_checkpoint(".")
        assert newest == "./parts-2-?????-of-00001"
        assert tf.train.list_variables(newest) == [("v", [2])]
        sharded.restore(session, newest)


def test_a_write_version_that_is_none() -> None:
    tf.get_variable("v", initializer=1.0)
    with pytest.raises(RuntimeError, match="^Unexpected write_version: 7"):
        tf.train.Saver(write_version=7)


def test_the_reader_of_v1_files() -> None:
    path = str(FILES / "checkpoint_v1")
    reader = tf.train.NewCheckpointReader(path)
    assert reader.get_variable_to_shape_map()["table"] == [5, 3]
    assert reader.get_variable_to_dtype_map()["type/qint8"] == tf.qint8
    assert reader.has_tensor("scalar") and not reader.has_tensor("nope")
    assert reader.get_tensor("scalar") == 7
    np.testing.assert_array_equal(reader.get_tensor("table"), TABLE)
    with pytest.raises(tf.errors.NotFoundError, match="^nope not found in checkpoint file$"):
        reader.get_tensor("nope")
    lines = reader.debug_string().decode().splitlines()
    assert "table (DT_FLOAT) [5,3], 2 slices" in lines and "scalar (DT_INT64) []" in lines
    assert tf.train.load_variable(path, "dense/kernel:0").shape == (2, 3)


def test_restoring_uses_the_memory_that_is_there(here: Path) -> None:
    v = tf.get_variable("v", [300, 100], initializer=tf.ones_initializer())
    r = tf.get_variable("r", [300, 100], initializer=tf.ones_initializer(), use_resource=True)
    saver = tf.train.Saver()
    with started() as session:
        saver.save(session, "model")
        session.run([v.assign(v + 1.0), r.assign(r.read_value() + 1.0)])
        slots = [session._resources.slot(name) for name in ("v", "r")]
        places = [slot.value.ctypes.data for slot in slots]
        fetched = session.run(v)
        held = slots[1].value
        saver.restore(session, "model")
        assert slots[0].value.ctypes.data == places[0]
        assert slots[1].value.ctypes.data != places[1]
        # What the caller has is the caller's.
        assert (fetched == 2.0).all() and (held == 2.0).all()
        assert all((session.run(x) == 1.0).all() for x in (v, r))


@pytest.mark.parametrize("damage", ["data", "index", "short", "shape", "dtype", "missing"])
def test_a_failed_restore_changes_nothing(here: Path, damage: str) -> None:
    with tf.Graph().as_default():
        tf.get_variable("a", initializer=np.arange(1000.0, dtype=np.float32))
        shape = [7] if damage == "shape" else [9]
        kind = tf.int32 if damage == "dtype" else tf.float32
        name = "c" if damage == "missing" else "b"
        tf.get_variable(name, shape, kind, initializer=tf.ones_initializer())
        with started() as session:
            tf.train.Saver().save(session, "model", write_meta_graph=False)
    if damage in ("data", "index"):
        path = "model.index" if damage == "index" else "model.data-00000-of-00001"
        content = bytearray(Path(path).read_bytes())
        content[-60 if damage == "index" else -20] ^= 1
        Path(path).write_bytes(content)
    if damage == "short":
        os.truncate("model.data-00000-of-00001", 4004)
    a = tf.get_variable("a", [1000], initializer=tf.zeros_initializer())
    b = tf.get_variable("b", [9], initializer=tf.zeros_initializer())
    saver = tf.train.Saver()
    with started() as session:
        with pytest.raises(
            (tf.errors.DataLossError, tf.errors.InvalidArgumentError, tf.errors.NotFoundError)
        ):
            saver.restore(session, "model")
        assert not session.run(b).any()
        if damage != "shape":  # TensorFlow assigns what fits in that case, in any order.
            assert not session.run(a).any()


def test_readers_wait_while_a_variable_is_restored(here: Path) -> None:
    v = tf.get_variable("v", [1 << 18], initializer=tf.ones_initializer())
    saver = tf.train.Saver()
    with started() as session:
        saver.save(session, "model")
        seen: list[Any] = []
        done = threading.Event()

        def read() -> None:
            while not done.is_set():
                seen.append(session.run(v))

        reader = threading.Thread(target=read)
        reader.start()
        for _ in range(30):
            session.run(v.initializer)
            saver.restore(session, "model")
        done.set()
        reader.join()
        assert seen and all((array == 1.0).all() for array in seen)


def test_memory_of_save_and_restore(here: Path) -> None:
    """Never more than the variables and a fifth, however often they are saved and restored."""
    child = """
import resource, sys
import tflite_edu as tf

for i in range(8):
    tf.get_variable(
        f"v{i}", [250, 10000], use_resource=bool(i % 2), initializer=tf.ones_initializer()
    )
saver = tf.train.Saver()
size = sum(4 * v.shape.num_elements() for v in tf.global_variables())
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
with tf.Session() as session:
    before = peak()
    if sys.argv[1] == "save":
        for v in tf.global_variables():
            session.run(v.initializer)
        saver.save(session, "model")
    for _ in range(3):
        saver.restore(session, "model")
    print((peak() - before) / size)
"""
    for action in ("save", "restore"):
        done = subprocess.run(
            [sys.executable, "-c", child, action], capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
        assert float(done.stdout) < 1.2


KILLED = """
import os, random, signal, sys, time
import numpy as np
import tflite_edu as tf

folder, kind = sys.argv[1:]
values = [tf.get_variable(f"v{i}", [200, 50], initializer=tf.zeros_initializer()) for i in range(4)]
count = tf.placeholder(tf.float32, [])
change = [v.assign(tf.fill([200, 50], count)) for v in values]
version = tf.train.SaverDef.V1 if kind == "v1" else tf.train.SaverDef.V2
saver = tf.train.Saver(max_to_keep=2, sharded="sharded" in kind, write_version=version)


def save_for_ever(step, told):
    with tf.Session() as session:
        state = tf.train.get_checkpoint_state(folder)
        if state is not None:
            saver.recover_last_checkpoints(state.all_model_checkpoint_paths)
        while True:
            step += 1
            session.run(change, {count: step})
            name = None if "one name" in kind else step
            saver.save(session, f"{folder}/model", global_step=name, write_meta_graph=False)
            os.write(told, b"%d " % step)


at, done = random.Random(kind), 0
for _ in range(15):
    listening, told = os.pipe()
    child = os.fork()
    if child == 0:
        save_for_ever(done, told)
    os.close(told)
    said = os.read(listening, 100)
    time.sleep(at.uniform(0.0, 0.03))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while piece := os.read(listening, 1000):
        said += piece
    os.close(listening)
    newest = tf.train.latest_checkpoint(folder)
    with tf.Session() as session:
        saver.restore(session, newest)
        found = {float(number) for value in session.run(values) for number in np.unique(value)}
    told = int(said.split()[-1])
    print(told, *sorted(found))
    done = int(max(found))
"""


@pytest.mark.parametrize("kind", ["whole", "sharded", "v1", "one name", "sharded under one name"])
def test_a_killed_process_leaves_a_whole_checkpoint(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(folder), kind],
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    rounds = [[float(number) for number in line.split()] for line in done.stdout.splitlines()]
    assert len(rounds) == 15
    for told, *found in rounds:
        # What was told to be saved is there, or the one after it, and nothing is mixed.
        assert found in ([told], [told + 1])
    left = os.listdir(folder)
    if kind == "one name":
        assert "model.data-00000-of-00001" in left


def save_often(folder: str, name: str, times: int) -> None:
    with tf.Graph().as_default():
        tf.get_variable("v", initializer=np.arange(1000.0, dtype=np.float32))
        saver = tf.train.Saver(max_to_keep=3)
        with started() as session:
            for step in range(times):
                saver.save(session, f"{folder}/{name}", step, write_meta_graph=False)


def whole_checkpoints(folder: Path) -> list[str]:
    state = tf.train.get_checkpoint_state(str(folder))
    assert state is not None
    for path in state.all_model_checkpoint_paths:
        assert tf.train.load_variable(path, "v").tolist() == list(range(1000))
    assert not [name for name in os.listdir(folder) if "tempstate" in name]
    return [os.path.basename(path) for path in state.all_model_checkpoint_paths]


def test_savers_of_two_threads_share_a_folder(tmp_path: Path) -> None:
    threads = [threading.Thread(target=save_often, args=(str(tmp_path), name, 12)) for name in "ab"]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        newest = tf.train.latest_checkpoint(str(tmp_path))
        if newest is not None:
            assert newest.rpartition("-")[0] in (str(tmp_path / "a"), str(tmp_path / "b"))
    for thread in threads:
        thread.join()
    kept = whole_checkpoints(tmp_path)
    assert kept in [[f"{name}-{step}" for step in (9, 10, 11)] for name in "ab"]
    for name in "ab":
        assert tf.train.checkpoint_exists(str(tmp_path / f"{name}-11"))


def test_savers_of_two_processes_share_a_folder(tmp_path: Path) -> None:
    script = "import sys; sys.path.insert(0, sys.argv[1]); import test_saver_files as t; "
    script += "t.save_often(sys.argv[2], sys.argv[3], 12)"
    tests = str(Path(__file__).parent)
    environment = {**os.environ, "PYTHONPATH": f"{tests}{os.pathsep}{Path(tests) / 'golden'}"}
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", script, tests, str(tmp_path), name], env=environment
        )
        for name in "ab"
    ]
    for process in processes:
        assert process.wait(60) == 0
    kept = whole_checkpoints(tmp_path)
    assert kept in [[f"{name}-{step}" for step in (9, 10, 11)] for name in "ab"]


def test_a_checkpoint_of_one_name_is_replaced_again_and_again(here: Path) -> None:
    """Whatever a killed process left: what the index says is never overwritten."""
    v = tf.get_variable("v", initializer=0.0)
    saver = tf.train.Saver()
    first, last = "model.data-00000-of-00001", "model.data-00001-of-00002"
    with started() as session:
        for step in range(4):
            session.run(v.assign(float(step)))
            saver.save(session, "model", write_meta_graph=False, write_state=False)
            assert sorted(os.listdir()) == [first, "model.index"]
        with BundleWriter("other") as writer:
            writer.add("v", np.array(7, np.float32))
        header, entries = bundle_index.read_index("other")
        header.num_shards = 2
        entry = bundle_index.Entry.FromString(entries[b"v"])
        entry.shard_id = 1
        os.replace("other.data-00000-of-00001", last)
        with bundle_index.write_index("model", header, {b"v": entry.SerializeToString()}) as index:
            index.publish()
        os.remove("other.index")
        saver.restore(session, "model")
        assert session.run(v) == 7.0
        saver.save(session, "model", write_meta_graph=False, write_state=False)
        assert sorted(os.listdir()) == [first, "model.index"]
        session.run(v.assign(0.0))
        saver.restore(session, "model")
        assert session.run(v) == 7.0


@pytest.mark.parametrize("failing", ["write", "fsync", "replace", "link"])
def test_a_full_disk_leaves_the_old_checkpoint(
    here: Path, failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    v = tf.get_variable("v", initializer=np.zeros(1000, np.float32))
    saver = tf.train.Saver()
    with started() as session:
        saver.save(session, "model", write_meta_graph=False)
        before = {path.name: path.read_bytes() for path in here.iterdir()}
        session.run(v.assign_add(np.ones(1000, np.float32)))

        def full(*_: Any) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patch:
            if failing == "write":
                patch.setattr("tflite_edu.formats.crc32c.value", full)
            else:
                patch.setattr(os, failing, full)
            if failing == "link":  # A file system without links: it goes without.
                saver.save(session, "model", write_meta_graph=False)
                assert {path.name for path in here.iterdir()} == set(before)
                return
            with pytest.raises(errors.ResourceExhaustedError, match="No space left on device"):
                saver.save(session, "model", write_meta_graph=False)
        assert {path.name: path.read_bytes() for path in here.iterdir()} == before
        saver.restore(session, "model")
        assert not session.run(v).any()
        saver.save(session, "model", write_meta_graph=False)


def test_a_folder_that_cannot_be_written_to(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tf.get_variable("v", initializer=1.0)
    saver = tf.train.Saver()
    opened = open

    def refuse(path: Any, mode: str = "r", *rest: Any, **named: Any) -> Any:
        if "x" in mode or "w" in mode:
            raise PermissionError(13, "Permission denied")
        return opened(path, mode, *rest, **named)

    with started() as session:
        monkeypatch.setattr("builtins.open", refuse)
        with pytest.raises(tf.errors.PermissionDeniedError, match="Permission denied"):
            saver.save(session, "model", write_meta_graph=False)
        monkeypatch.undo()
    assert tf.train.latest_checkpoint(str(here)) is None


def test_checkpoints_as_they_appear(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tf.get_variable("v", initializer=1.0)
    saver = tf.train.Saver()
    with started() as session:
        asked: list[int] = []

        def give_up() -> bool:
            asked.append(len(asked))
            if len(asked) == 1:
                saver.save(session, "model", 2, write_meta_graph=False)
            return len(asked) > 1

        saver.save(session, "model", 1, write_meta_graph=False)
        found = list(tf.train.checkpoints_iterator(".", timeout=0.01, timeout_fn=give_up))
        assert found == ["./model-1", "./model-2"] and asked == [0, 1]
        assert list(tf.train.checkpoints_iterator(".", timeout=0)) == ["./model-2"]
        assert list(tf.train.checkpoints_iterator("absent", timeout=0)) == []
