"""`tf.summary.FileWriter`: event files for TensorBoard."""

from __future__ import annotations

import os
import threading
import time
import warnings
from typing import Any, ClassVar

from tflite_edu.core.export import export
from tflite_edu.core.graph import Graph
from tflite_edu.formats.events import (
    Event,
    EventFileWriter,
    HistogramProto,
    LogMessage,
    SessionLog,
    Summary,
    SummaryDescription,
    SummaryMetadata,
    TaggedRunMetadata,
    summary_iterator,
)
from tflite_edu.io.meta_graph import export_meta_graph
from tflite_edu.platform import logging

EXPORTS = {
    "Event": "Event",
    "HistogramProto": "HistogramProto",
    "LogMessage": "LogMessage",
    "SessionLog": "SessionLog",
    "Summary": "Summary",
    "SummaryMetadata": "SummaryMetadata",
    "summary.Event": "Event",
    "summary.SessionLog": "SessionLog",
    "summary.Summary": "Summary",
    "summary.SummaryDescription": "SummaryDescription",
    "summary.TaggedRunMetadata": "TaggedRunMetadata",
    "train.summary_iterator": "summary_iterator",
}

__all__ = [
    "FileWriter",
    "FileWriterCache",
    "HistogramProto",
    "LogMessage",
    "SessionLog",
    "SummaryDescription",
    "SummaryMetadata",
    "summary_iterator",
]


@export("summary.FileWriter")
class FileWriter:
    """Writes summaries, graphs and logs to an event file in `logdir`, from a thread of its own.

    At most `max_queue` events wait in memory; they are in the file within `flush_secs` seconds. A
    `graph` is written at once. Used in a `with` statement it is closed at the end. Raises a
    `tf.errors.OpError` where the directory cannot be written.
    """

    def __init__(
        self,
        logdir: Any,
        graph: Any = None,
        max_queue: int = 10,
        flush_secs: float = 120,
        graph_def: Any = None,
        filename_suffix: str | None = None,
        session: Any = None,
    ) -> None:
        if session is not None:
            raise ValueError("session: summaries written by nodes of the graph are not there")
        folder = os.fspath(logdir)
        self.event_writer = EventFileWriter(folder, max_queue, flush_secs, filename_suffix or "")
        self._closed = False
        self._described: set[str] = set()
        self._run_tags: set[str] = set()
        if graph is not None or graph_def is not None:
            self.add_graph(graph=graph, graph_def=graph_def)
            self._add_meta_graph_of(graph, graph_def)

    def _add_meta_graph_of(self, graph: Any, graph_def: Any) -> None:
        if graph_def is None:
            graph_def = graph.as_graph_def(add_shapes=True) if isinstance(graph, Graph) else graph
        made = export_meta_graph(graph_def=graph_def, graph=Graph(), collection_list=[])
        self.add_meta_graph(made)

    def __enter__(self) -> FileWriter:
        return self

    def __exit__(self, unused_type: Any, unused_value: Any, unused_traceback: Any) -> None:
        self.close()

    def get_logdir(self) -> str:
        """The directory of the event file."""
        return self.event_writer.get_logdir()

    def add_summary(self, summary: Any, global_step: Any = None) -> None:
        """Writes a summary: a Summary proto, or the bytes of one as a run gives them."""
        # A proto of another package, as TensorBoard's, has the same fields.
        content = summary if isinstance(summary, bytes) else summary.SerializeToString()
        written = Summary.FromString(content)
        for value in written.value:
            # TensorBoard wants to be told once how to show a tag.
            if value.HasField("metadata"):
                if value.tag in self._described:
                    value.ClearField("metadata")
                else:
                    self._described.add(value.tag)
        self._add(Event(summary=written), global_step)

    def add_session_log(self, session_log: Any, global_step: Any = None) -> None:
        """Writes a SessionLog proto: that a session started, stopped or saved a checkpoint."""
        self._add(Event(session_log=session_log), global_step)

    def add_graph(self, graph: Any, global_step: Any = None, graph_def: Any = None) -> None:
        """Writes a graph with its static shapes; TensorBoard shows the last one.

        Raises ValueError where both a graph and a GraphDef are given, TypeError on neither.
        """
        if graph is not None and graph_def is not None:
            raise ValueError("Please pass only graph, or graph_def (deprecated), but not both.")
        given = graph if graph_def is None else graph_def
        if isinstance(given, Graph):
            proto = given.as_graph_def(add_shapes=True)
        elif hasattr(given, "SerializeToString"):
            logging.warning(
                "Passing a `GraphDef` to the SummaryWriter is deprecated. Pass a `Graph` object "
                "instead, such as `sess.graph`."
            )
            proto = given
        else:
            raise TypeError(
                "The passed graph must be an instance of `Graph` or the deprecated `GraphDef`"
            )
        self._add(Event(graph_def=proto.SerializeToString()), global_step)

    def add_meta_graph(self, meta_graph_def: Any, global_step: Any = None) -> None:
        """Writes a MetaGraphDef proto; raises TypeError on anything else."""
        if not hasattr(meta_graph_def, "meta_info_def"):
            raise TypeError(
                f"meta_graph_def must be type MetaGraphDef, saw type: {type(meta_graph_def)}"
            )
        self._add(Event(meta_graph_def=meta_graph_def.SerializeToString()), global_step)

    def add_run_metadata(self, run_metadata: Any, tag: str, global_step: Any = None) -> None:
        """Writes what one run took, under a tag; raises ValueError where the tag was used."""
        if tag in self._run_tags:
            raise ValueError("The provided tag was already used for this event type")
        tagged = TaggedRunMetadata(tag=tag, run_metadata=run_metadata.SerializeToString())
        self._run_tags.add(tag)
        self._add(Event(tagged_run_metadata=tagged), global_step)

    def add_event(self, event: Any) -> None:
        """Writes an Event proto as it is."""
        self._warn_if_closed()
        self.event_writer.add_event(event)

    def _add(self, event: Any, global_step: Any) -> None:
        event.wall_time = time.time()
        if global_step is not None:
            event.step = int(global_step)
        self.add_event(event)

    def _warn_if_closed(self) -> None:
        if self._closed:
            warnings.warn(
                "Attempting to use a closed FileWriter. The operation will be a noop unless the "
                "FileWriter is explicitly reopened.",
                stacklevel=3,
            )

    def flush(self) -> None:
        """Waits until everything written so far is in the file."""
        self._warn_if_closed()
        self.event_writer.flush()

    def close(self) -> None:
        """Writes what is left and closes the file."""
        self.event_writer.close()
        self._closed = True

    def reopen(self) -> None:
        """Lets a closed writer write again, to a new file."""
        self.event_writer.reopen()
        self._closed = False


@export("summary.FileWriterCache")
class FileWriterCache:
    """One `FileWriter` for each directory."""

    _writers: ClassVar[dict[str, FileWriter]] = {}
    _lock: ClassVar[Any] = threading.RLock()

    @staticmethod
    def clear() -> None:
        """Closes and forgets all writers."""
        with FileWriterCache._lock:
            for writer in FileWriterCache._writers.values():
                writer.close()
            FileWriterCache._writers.clear()

    @staticmethod
    def get(logdir: Any) -> FileWriter:
        """The directory's writer."""
        folder = os.fspath(logdir)
        with FileWriterCache._lock:
            if folder not in FileWriterCache._writers:
                FileWriterCache._writers[folder] = FileWriter(folder)
            return FileWriterCache._writers[folder]
