"""`tflite_edu events`: show the summaries that were written for TensorBoard."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from typing import Any

from tflite_edu.command.tables import add_json, print_json, print_table
from tflite_edu.core.errors import OpError
from tflite_edu.formats.events import summary_iterator


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """DIR."""
    parser.add_argument(
        "folder", metavar="DIR", help="a log folder, looked through to its depth, or an event file"
    )
    add_json(parser)


def main(chosen: argparse.Namespace) -> int:
    """Prints every run's tags and their last values; a damaged file counts up to the damage."""
    files = sorted(_event_files(chosen.folder))
    if not files:
        raise FileNotFoundError(f"{chosen.folder}; no event files")
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    problems = []
    for path in files:
        top = chosen.folder if os.path.isdir(chosen.folder) else os.path.dirname(path)
        run = os.path.relpath(os.path.dirname(path) or ".", top or ".")
        try:
            for event in summary_iterator(path):
                for tag, kind, value in _entries(event):
                    row = rows.setdefault((run, tag), {"run": run, "tag": tag, "count": 0})
                    row["count"] += 1
                    # Only a tag's first value says of which plugin it is.
                    row.setdefault("kind", kind)
                    row |= {"step": event.step, "value": value}
        except OpError as error:
            problems.append(f"{path}: {error.message.splitlines()[0]}")
    found = [rows[key] for key in sorted(rows)]
    columns = ("run", "tag", "kind", "count", "step", "value")
    if chosen.json:
        print_json([{name: row[name] for name in columns} for row in found])
    else:
        header = ("run", "tag", "kind", "count", "last step", "last value")
        print_table([[_shown(row[name]) for name in columns] for row in found], header)
    for problem in problems:
        print(f"tflite_edu events: {problem}", file=sys.stderr)
    return 1 if problems else 0


def _event_files(folder: str) -> Iterator[str]:
    if os.path.isfile(folder):
        yield folder
    for path, _, names in os.walk(folder):
        yield from (os.path.join(path, name) for name in names if "tfevents" in name)


def _entries(event: Any) -> Iterator[tuple[str, str, Any]]:
    """(tag, kind, value) of what an event holds; the value of what is no number in words."""
    what = event.WhichOneof("what")
    if what == "summary":
        for value in event.summary.value:
            yield (value.tag, *_value(value))
    elif what in ("graph_def", "meta_graph_def"):
        size = len(getattr(event, what))
        yield f"({what.removesuffix('_def').replace('_', ' ')})", "graph", f"{size} bytes"
    elif what == "tagged_run_metadata":
        metadata = event.tagged_run_metadata
        yield metadata.tag, "run metadata", f"{len(metadata.run_metadata)} bytes"


def _value(value: Any) -> tuple[str, Any]:
    kind = value.WhichOneof("value")
    if kind == "simple_value":
        return "scalar", value.simple_value
    if kind == "histo":
        histogram = value.histo
        mean = histogram.sum / histogram.num if histogram.num else 0.0
        spread = f"{histogram.min:.6g} to {histogram.max:.6g}, mean {mean:.6g}"
        return "histogram", f"{histogram.num:.0f} values, {spread}"
    if kind == "image":
        return "image", f"{value.image.height} x {value.image.width}"
    if kind == "audio":
        return "audio", f"{value.audio.length_frames} frames at {value.audio.sample_rate:g} Hz"
    if kind == "tensor":
        text = b", ".join(value.tensor.string_val).decode("utf-8", "backslashreplace")
        return (value.metadata.plugin_data.plugin_name or "tensor"), " ".join(text.split())[:60]
    return kind or "nothing", ""


def _shown(value: Any) -> Any:
    return f"{value:.6g}" if isinstance(value, float) else value
