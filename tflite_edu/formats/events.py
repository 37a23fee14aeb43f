"""Event files, TFRecords of Event protos: `tf.summary.FileWriter` writes, TensorBoard reads them.

Event, Summary and their parts are tensorboardX's protos, and its RecordWriter opens the files.
"""

from __future__ import annotations

import atexit
import errno
import os
import queue
import socket
import threading
import time
from collections.abc import Iterator

from google.protobuf.message import DecodeError
from tensorboardX.proto.event_pb2 import Event, LogMessage, SessionLog, TaggedRunMetadata
from tensorboardX.proto.summary_pb2 import (
    HistogramProto,
    Summary,
    SummaryDescription,
    SummaryMetadata,
)
from tensorboardX.record_writer import RecordWriter, directory_check

from tflite_edu.core import errors
from tflite_edu.formats import files, tfrecord

__all__ = [
    "Event",
    "EventFileWriter",
    "HistogramProto",
    "LogMessage",
    "SessionLog",
    "Summary",
    "SummaryDescription",
    "SummaryMetadata",
    "TaggedRunMetadata",
    "summary_iterator",
]

FILE_VERSION = "brain.Event:2"
"""What the first event of every file says."""

_FRAME_SIZE = len(tfrecord.frame(b""))


class EventFileWriter:
    """Writes events to a file of its own in a directory, from a thread of its own.

    The file is `events.out.tfevents.SECONDS.HOST` plus a suffix, SECONDS being the time it was
    begun. Where TensorFlow overwrites a file that was begun in the same second, this takes the next
    second. What is still in the queue when Python exits is written then.

    Args:
      logdir: the directory, made with its parents if it does not exist.
      max_queue: how many events may wait for the thread; `add_event` waits when there are more.
      flush_secs: how many seconds after it was added an event is in the file at the latest.
      filename_suffix: what the name of the file ends with.

    Raises:
      tf.errors.OpError: its subclass by errno, as FailedPreconditionError if `logdir` is a file.
    """

    def __init__(
        self,
        logdir: str,
        max_queue: int = 10,
        flush_secs: float = 120,
        filename_suffix: str = "",
    ) -> None:
        self._logdir = logdir
        self._max_queue = max_queue
        self._flush_secs = flush_secs
        self._file = _EventFile(logdir, filename_suffix)
        self._file.open()
        self._lock = threading.Lock()
        self._worker: _Worker | None = None
        self.reopen()

    def get_logdir(self) -> str:
        """The directory of the file."""
        return self._logdir

    def add_event(self, event: Event) -> None:
        """Adds an event; after `close`, does nothing.

        Raises:
          TypeError: it is no Event.
        """
        if not isinstance(event, Event):
            raise TypeError(f"Expected an Event, got {event!r} of type {type(event).__name__}")
        worker = self._worker
        if worker is not None:
            worker.add(event.SerializeToString())

    def flush(self) -> None:
        """Waits until all events that were added are in the file.

        Raises:
          tf.errors.OpError: its subclass by errno, if any of them could not be written.
        """
        worker = self._worker
        if worker is not None:
            worker.flush()

    def close(self) -> None:
        """Writes what was added and ends the file and the thread. Raises as `flush`."""
        with self._lock:
            worker, self._worker = self._worker, None
        if worker is not None:
            atexit.unregister(self.close)
            worker.close()

    def reopen(self) -> None:
        """After `close`, lets events be added again; the next one begins a new file."""
        with self._lock:
            if self._worker is None:
                self._worker = _Worker(self._file, self._max_queue, self._flush_secs)
                atexit.register(self.close)


def summary_iterator(path: str) -> Iterator[Event]:
    """The events of an event file, in order.

    Raises:
      tf.errors.NotFoundError: there is no such file.
      tf.errors.DataLossError: the file is damaged; the events before the damage come first.
    """
    offset = 0
    for record in tfrecord.read_records(path):
        try:
            event = Event.FromString(record)
        except DecodeError as error:
            raise files.damaged(f"{error}", path, offset) from None
        yield event
        offset += _FRAME_SIZE + len(record)


class _RecordWriter(RecordWriter):
    """tensorboardX's, but with checksums from google-crc32c, not from a loop in Python.

    A flush hands the events to the operating system, as TensorFlow's does: a crash of the machine,
    not of the script, may lose the last ones.
    """

    def write(self, data: bytes) -> None:
        self._writer.write(tfrecord.frame(data))

    def flush(self) -> None:
        self._writer.flush()


class _EventFile:
    """The event file that is being written; a closed one is followed by a new one."""

    def __init__(self, logdir: str, suffix: str) -> None:
        self._logdir = logdir
        self._suffix = suffix
        self._records: _RecordWriter | None = None
        with files.errors_of(logdir):
            directory_check(logdir)
            if os.path.isfile(logdir):
                raise NotADirectoryError(errno.ENOTDIR, "")

    def open(self) -> None:
        if self._records is not None:
            return
        now = int(time.time())
        host = socket.gethostname()
        seconds = now
        while os.path.exists(path := self._path(seconds, host)):
            seconds += 1
        with files.errors_of(path):
            self._records = _RecordWriter(path)
        self.write(Event(wall_time=now, file_version=FILE_VERSION).SerializeToString())
        self.flush()

    def _path(self, seconds: int, host: str) -> str:
        name = f"events.out.tfevents.{seconds:010d}.{host}{self._suffix}"
        return os.path.join(self._logdir, name)

    def write(self, event: bytes) -> None:
        self.open()
        if self._records is not None:
            with files.errors_of(self._records.path):
                self._records.write(event)

    def flush(self) -> None:
        if self._records is not None:
            with files.errors_of(self._records.path):
                self._records.flush()

    def close(self) -> None:
        records, self._records = self._records, None
        if records is not None:
            with files.errors_of(records.path):
                records.flush()
                records.close()


class _Worker:
    """The queue of events and the thread that empties it into the file.

    After an error the thread goes on taking events, and drops them, so that nobody waits for it for
    ever; `flush` and `close` raise the error.
    """

    def __init__(self, file: _EventFile, max_queue: int, flush_secs: float) -> None:
        self._file = file
        self._flush_secs = flush_secs
        self._queue: queue.Queue[bytes | None] = queue.Queue(max_queue)
        self._file_lock = threading.Lock()
        self._error: errors.OpError | None = None
        self._add_lock = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="EventFileWriter", daemon=True)
        self._thread.start()

    def add(self, event: bytes) -> None:
        with self._add_lock:
            if not self._closed:
                self._queue.put(event)

    def flush(self) -> None:
        self._queue.join()
        self._flush_file()
        if self._error is not None:
            raise self._error

    def close(self) -> None:
        with self._add_lock:
            self._closed = True
            self._queue.put(None)
        self._thread.join()
        with self._file_lock:
            self._file.close()
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        flush_time: float | None = None  # When events that are written but not flushed must be.
        while True:
            try:
                wait = None if flush_time is None else max(flush_time - time.monotonic(), 0)
                event = self._queue.get(timeout=wait)
            except queue.Empty:
                self._flush_file()
                flush_time = None
                continue
            try:
                if event is None:
                    return
                self._write(event)
            finally:
                self._queue.task_done()
            if flush_time is None:
                flush_time = time.monotonic() + self._flush_secs
            elif time.monotonic() >= flush_time:
                self._flush_file()
                flush_time = None

    def _write(self, event: bytes) -> None:
        with self._file_lock:
            if self._error is None:
                try:
                    self._file.write(event)
                except errors.OpError as error:
                    self._error = error

    def _flush_file(self) -> None:
        with self._file_lock:
            if self._error is None:
                try:
                    self._file.flush()
                except errors.OpError as error:
                    self._error = error
