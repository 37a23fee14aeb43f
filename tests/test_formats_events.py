"""Event files: read and written as TensorFlow 1.15 and TensorBoard do."""

from __future__ import annotations

import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tflite_edu.core import errors
from tflite_edu.formats import crc32c, events, tfrecord
from tflite_edu.formats.events import Event, EventFileWriter, Summary, summary_iterator
from tflite_edu.formats.proto import config_pb2, graph_pb2

FILES = Path(__file__).parent / "golden" / "files"


def scalar(step: int, value: float = 0.5) -> Event:
    summary = Summary(value=[Summary.Value(tag="loss", simple_value=value)])
    return Event(wall_time=1000.5 + step, step=step, summary=summary)


def event_files(logdir: Path) -> list[str]:
    """Oldest first."""
    return [str(logdir / name) for name in sorted(os.listdir(logdir))]


def steps(path: str) -> list[int]:
    version, *others = summary_iterator(path)
    assert version.file_version == "brain.Event:2"
    return [event.step for event in others]


def test_reads_tensorflows_events() -> None:
    recorded = list(summary_iterator(str(FILES / "events.out.tfevents")))
    kinds = [event.WhichOneof("what") for event in recorded]
    assert kinds == [
        "file_version",
        "graph_def",
        "meta_graph_def",
        "summary",
        "summary",
        "session_log",
        "tagged_run_metadata",
    ]
    version, graph, _, loss, weights, log, metadata = recorded
    assert version.file_version == events.FILE_VERSION
    assert [node.name for node in graph_pb2.GraphDef.FromString(graph.graph_def).node] == ["one"]
    assert (loss.step, loss.summary.value[0].simple_value) == (1, 0.5)
    assert (weights.step, list(weights.summary.value[0].histo.bucket)) == (2**40, [1, 2])
    assert (log.step, log.session_log.status) == (3, events.SessionLog.START)
    run_metadata = metadata.tagged_run_metadata
    assert (metadata.step, run_metadata.tag) == (4, "run")
    assert config_pb2.RunMetadata.FromString(run_metadata.run_metadata).ByteSize() == 0


def test_writes_the_bytes_that_tensorflow_writes(tmp_path: Path) -> None:
    recorded = list(summary_iterator(str(FILES / "events.out.tfevents")))
    writer = EventFileWriter(str(tmp_path))
    for event in recorded[1:]:
        writer.add_event(event)
    writer.close()
    (path,) = event_files(tmp_path)
    version_size = len(tfrecord.frame(recorded[0].SerializeToString()))
    expected = (FILES / "events.out.tfevents").read_bytes()
    assert Path(path).read_bytes()[version_size:] == expected[version_size:]


def test_name_and_first_event(tmp_path: Path) -> None:
    logdir = tmp_path / "logs" / "run"
    before = int(time.time())
    writer = EventFileWriter(str(logdir), filename_suffix=".v2")
    assert writer.get_logdir() == str(logdir)
    (name,) = os.listdir(logdir)
    seconds, host = name.removeprefix("events.out.tfevents.").split(".", 1)
    assert before <= int(seconds) <= time.time()
    assert host == f"{socket.gethostname()}.v2"
    (version,) = summary_iterator(str(logdir / name))
    assert version.file_version == "brain.Event:2"
    assert before <= version.wall_time <= time.time()
    writer.close()


def test_flush_waits_for_all_events(tmp_path: Path) -> None:
    writer = EventFileWriter(str(tmp_path), max_queue=2)
    (path,) = event_files(tmp_path)
    for step in range(50):
        writer.add_event(scalar(step))
    writer.flush()
    assert steps(path) == list(range(50))
    writer.close()
    assert list(summary_iterator(path))[-1] == scalar(49)


def test_events_reach_the_disk_by_themselves(tmp_path: Path) -> None:
    writer = EventFileWriter(str(tmp_path), flush_secs=0.01)
    (path,) = event_files(tmp_path)
    writer.add_event(scalar(7))
    deadline = time.monotonic() + 10
    while steps(path) != [7] and time.monotonic() < deadline:
        time.sleep(0.01)
    assert steps(path) == [7]
    writer.close()


def test_an_event_may_be_changed_after_it_was_added(tmp_path: Path) -> None:
    writer = EventFileWriter(str(tmp_path))
    event = scalar(1)
    writer.add_event(event)
    event.step = 2
    writer.close()
    assert steps(event_files(tmp_path)[0]) == [1]


def test_close_and_reopen(tmp_path: Path) -> None:
    writer = EventFileWriter(str(tmp_path))
    writer.reopen()
    writer.add_event(scalar(1))
    writer.close()
    writer.close()
    writer.add_event(scalar(2))
    writer.flush()
    writer.reopen()
    assert len(os.listdir(tmp_path)) == 1
    writer.add_event(scalar(3))
    writer.close()
    assert [steps(path) for path in event_files(tmp_path)] == [[1], [3]]


def test_two_writers_in_one_second_lose_nothing(tmp_path: Path) -> None:
    writers = [EventFileWriter(str(tmp_path)) for _ in range(3)]
    for number, writer in enumerate(writers):
        writer.add_event(scalar(number))
        writer.close()
    assert [steps(path) for path in event_files(tmp_path)] == [[0], [1], [2]]


def test_events_from_several_threads(tmp_path: Path) -> None:
    writer = EventFileWriter(str(tmp_path), max_queue=1)

    def add(first: int) -> None:
        for step in range(first, first + 50):
            writer.add_event(scalar(step))
            writer.flush()

    threads = [threading.Thread(target=add, args=(first,)) for first in (0, 50, 100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    writer.close()
    assert sorted(steps(event_files(tmp_path)[0])) == list(range(150))


def test_unclosed_writer_is_written_when_python_exits(tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "from tflite_edu.formats.events import Event, EventFileWriter\n"
        "writer = EventFileWriter(sys.argv[1])\n"
        "writer.add_event(Event(step=5))\n"
    )
    root = Path(__file__).parents[1]
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], cwd=root, check=True)
    assert steps(event_files(tmp_path)[0]) == [5]


def test_a_full_disk_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = EventFileWriter(str(tmp_path), max_queue=1)

    def write(self: Any, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(events._RecordWriter, "write", write)
    for step in range(5):
        writer.add_event(scalar(step))
    with pytest.raises(errors.ResourceExhaustedError, match="No space left on device"):
        writer.flush()
    with pytest.raises(errors.ResourceExhaustedError):
        writer.close()


def test_bad_arguments(tmp_path: Path) -> None:
    writer = EventFileWriter(str(tmp_path / "logs"))
    with pytest.raises(TypeError, match="Expected an Event, got 'text' of type str"):
        writer.add_event("text")  # type: ignore[arg-type]
    writer.close()
    (tmp_path / "file").write_bytes(b"")
    for logdir in (tmp_path / "file", tmp_path / "file" / "logs"):
        with pytest.raises(errors.FailedPreconditionError, match="Not a directory"):
            EventFileWriter(str(logdir))


def test_damaged_file_gives_the_events_before_the_damage(tmp_path: Path) -> None:
    path = tmp_path / "events"
    path.write_bytes((FILES / "events.out.tfevents").read_bytes()[:-3])
    read = []
    with pytest.raises(errors.DataLossError, match="truncated record at "):
        for event in summary_iterator(str(path)):
            read.append(event.step)
    assert read == [0, 0, 0, 1, 2**40, 3]
    path.write_bytes(tfrecord.frame(b"\xff\xff\xff"))
    with pytest.raises(errors.DataLossError, match="Error parsing message"):
        list(summary_iterator(str(path)))
    with pytest.raises(errors.NotFoundError):
        list(summary_iterator(str(tmp_path / "nothing")))


def test_damage_is_told_with_file_and_place(tmp_path: Path) -> None:
    path = tmp_path / "events"
    first = tfrecord.frame(scalar(1).SerializeToString())
    path.write_bytes(first + tfrecord.frame(b"\xff\xff\xff"))
    with pytest.raises(errors.DataLossError) as caught:
        list(summary_iterator(str(path)))
    assert caught.value.message.endswith(f"\n  in {path}, at byte {len(first)}")


RECORDED = (FILES / "events.out.tfevents").read_bytes()


@st.composite
def damaged_files(draw: st.DrawFn) -> bytes:
    """What is left of an event file: cut, with bytes changed, or with records of any content."""
    content = bytearray(RECORDED)
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, len(content) - 1))
        content[place] = draw(st.integers(0, 255))
    content = content[: draw(st.integers(0, len(content)))]
    for record in draw(st.lists(st.binary(max_size=40), max_size=3)):
        content += tfrecord.frame(record)
    # A length that is absurd, with the checksum that belongs to it.
    if draw(st.booleans()):
        length = struct.pack("<Q", draw(st.integers(0, 2**64 - 1)))
        content += length + struct.pack("<I", crc32c.masked(length)) + draw(st.binary(max_size=20))
    return bytes(content)


@settings(max_examples=200, deadline=None)
@given(damaged_files())
def test_hostile_files_give_events_or_data_loss(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "events")
        Path(path).write_bytes(content)
        read = []
        try:
            for event in summary_iterator(path):
                read.append(event)
        except errors.DataLossError as error:
            assert f"{path}, at byte " in error.message
        assert all(isinstance(event, Event) for event in read)
        assert sum(event.ByteSize() for event in read) <= 2 * len(content)


def test_a_record_that_claims_to_be_huge_takes_no_memory(tmp_path: Path) -> None:
    length = struct.pack("<Q", 1 << 40)
    path = tmp_path / "events"
    path.write_bytes(RECORDED + length + struct.pack("<I", crc32c.masked(length)) + b"little")
    tracemalloc.start()
    try:
        with pytest.raises(errors.DataLossError, match="truncated record at "):
            list(summary_iterator(str(path)))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1 << 20


def test_tensorboard_reads_it(tmp_path: Path) -> None:
    loader = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    writer = EventFileWriter(str(tmp_path))
    for step in range(3):
        writer.add_event(scalar(step, step / 4))
    writer.close()
    accumulator = loader.EventAccumulator(str(tmp_path))
    accumulator.Reload()
    values = [(event.step, event.value) for event in accumulator.Scalars("loss")]
    assert values == [(0, 0), (1, 0.25), (2, 0.5)]
