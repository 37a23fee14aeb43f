"""The snippets build the nodes and give the values that the real TensorFlow 1.15 recorded."""

from __future__ import annotations

import difflib
import json
import math
import os
import struct
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import graph_dump
import pytest
from conftest import ENGINES

import tflite_edu as tf

GOLDEN = Path(__file__).parent / "golden"
SNIPPETS = sorted(path.stem for path in (GOLDEN / "snippets").glob("*.py"))
TENSORFLOW_PYTHON = os.environ.get("TF115")


@pytest.mark.filterwarnings("ignore:Converting sparse IndexedSlices")
@pytest.mark.parametrize("name", SNIPPETS)
def test_snippet(name: str, engine_session: Callable[[str], tf.Session]) -> None:
    nodes, fetches = graph_dump.build_snippet(tf, str(GOLDEN / "snippets" / f"{name}.py"))
    recorded = json.loads((GOLDEN / "graphs" / f"{name}.json").read_text())
    nodes = json.loads(json.dumps(graph_dump.without_empty(nodes)))
    differences = compare_nodes(recorded["nodes"], nodes)
    for engine in ENGINES:
        values = graph_dump.run_fetches(tf, fetches, lambda name=engine: engine_session(name))
        different = compare_values(recorded["values"], json.loads(json.dumps(values)))
        differences += [f"{engine} engine, {line}" for line in different]
    if differences:
        pytest.fail("\n".join(differences), pytrace=False)


def test_every_recording_has_its_snippet() -> None:
    assert SNIPPETS == sorted(path.stem for path in (GOLDEN / "graphs").glob("*.json"))
    assert len(SNIPPETS) >= 60


def test_png_pixels_undoes_every_filter() -> None:
    rows = [[10, 20, 30, 40], [15, 25, 30, 35], [200, 1, 2, 3], [7, 7, 7, 7], [9, 8, 7, 250]]
    image = bytearray()
    for method, row in enumerate(rows):
        above = rows[method - 1] if method else [0] * 4
        image.append(method)
        for i, sample in enumerate(row):
            left, corner = (row[i - 2], above[i - 2]) if i >= 2 else (0, 0)
            image.append((sample - graph_dump.png_prediction(method, left, above[i], corner)) & 255)
    header = struct.pack(">IIBBBBB", 2, len(rows), 8, 4, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(image))), (b"IEND", b"")]
    png = graph_dump.PNG_SIGNATURE
    for kind, body in chunks:
        png += struct.pack(">I4s", len(body), kind) + body + b"\0\0\0\0"
    assert graph_dump.png_pixels(png) == rows


@pytest.mark.skipif(TENSORFLOW_PYTHON is None, reason="TF115 names no Python with TensorFlow 1.15")
def test_recordings_are_what_tensorflow_gives(tmp_path: Path) -> None:
    names = ["core_name_scopes", "nn_pooling", "train_adam"]
    subprocess.run(
        [TENSORFLOW_PYTHON, "-W", "ignore", "record_graphs.py", "--to", str(tmp_path), *names],
        cwd=GOLDEN,
        env={**os.environ, "CUDA_VISIBLE_DEVICES": ""},
        check=True,
        capture_output=True,
    )
    for name in names:
        again = json.loads((tmp_path / f"{name}.json").read_text())
        recorded = json.loads((GOLDEN / "graphs" / f"{name}.json").read_text())
        assert compare_nodes(recorded["nodes"], again["nodes"]) == []
        assert compare_values(recorded["values"], again["values"]) == []


def test_a_difference_is_found() -> None:
    node = {"name": "a", "op": "Const", "attr": {"value": {"dtype": "float32", "values": [1.0]}}}
    other = {**node, "attr": {"value": {"dtype": "float32", "values": [1.00001]}}}
    assert compare_nodes([node], [node]) == []
    assert compare_nodes([node], [other])
    assert compare_nodes([node], [node, node])
    assert compare_nodes([node], [{**node, "device": "/device:CPU:0"}])
    values = {"x": [[1.0, 2.0], [3.0, 1e-9]], "n": 1, "nan": math.nan}
    assert compare_values(values, {**values, "x": [[1.0, 2.0], [3.000001, 2e-9]]}) == []
    for wrong in ({"x": [[1.0, 2.001], [3.0, 0.0]]}, {"n": 1.0}, {"n": 2}, {"nan": 0.0}, {"y": 1}):
        assert compare_values(values, {**values, **wrong}), wrong


def compare_nodes(recorded: list[Any], ours: list[Any]) -> list[str]:
    """A unified diff of two lists of nodes."""
    # Constants that numpy computed (np.sin ...) may differ in their last digit.
    ours = [
        recorded[i] if i < len(recorded) and close(recorded[i], node, 1e-6) else node
        for i, node in enumerate(ours)
    ]
    theirs = [line for node in recorded for line in node_lines(node)]
    own = [line for node in ours for line in node_lines(node)]
    labels = ("TensorFlow 1.15", "tflite_edu")
    return list(difflib.unified_diff(theirs, own, *labels, lineterm="", n=2))


def compare_values(recorded: dict[str, Any], ours: dict[str, Any]) -> list[str]:
    """The values that differ, each with the lines of it that do."""
    differences = []
    for label in list(recorded) + [label for label in ours if label not in recorded]:
        theirs, own = recorded.get(label), ours.get(label)
        if not close(theirs, own, 1e-5):
            lines = difflib.unified_diff(value_lines(theirs), value_lines(own), lineterm="", n=0)
            changed = [line for line in lines if not line.startswith(("---", "+++", "@@"))]
            differences.append("\n".join([f"value {label!r}:", *changed]))
    return differences


def node_lines(node: dict[str, Any]) -> list[str]:
    inputs = " ".join(node.get("input", []))
    lines = [f"{node['op']:16} {node['name']} <- {inputs}"]
    if "device" in node:
        lines.append(f"      device = {node['device']}")
    for key, value in node.get("attr", {}).items():
        texts = isinstance(value, dict) and value.get("dtype") == "string"
        if texts:
            lines += [f"      {key}[{i}] = {text!r}" for i, text in enumerate(value["values"])]
        else:
            lines.append(f"      {key} = {json.dumps(value)}")
    return lines


def value_lines(value: Any) -> list[str]:
    if isinstance(value, list) and any(isinstance(v, (list, dict, str)) for v in value):
        return [f"  [{i}] {json.dumps(v)}" for i, v in enumerate(value)]
    return [f"  {json.dumps(value)}"]


def close(a: Any, b: Any, rtol: float, floor: float = 0.0) -> bool:
    """Whether two plain values agree; the floats of a row up to `rtol` of its largest.

    `floor` is a tolerance that comes from the whole array: what cancels to almost nothing keeps the
    rounding errors of the large numbers beside it.
    """
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(close(a[key], b[key], rtol) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        floor = max(floor, 3e-7 * largest(a) if is_array(a) else 0.0)
        row = max((largest(x) for x in a if isinstance(x, float)), default=0.0)
        return len(a) == len(b) and all(
            close(x, y, rtol, max(floor, rtol * row) if isinstance(x, float) else floor)
            for x, y in zip(a, b)
        )
    if isinstance(a, float) and isinstance(b, float):
        same = a == b or (math.isnan(a) and math.isnan(b))
        return same or abs(a - b) <= max(floor, rtol * abs(a))
    return type(a) is type(b) and a == b


def is_array(value: Any) -> bool:
    """Whether nested lists of floats are as regular as an array's."""
    if isinstance(value, float):
        return True
    if not isinstance(value, list) or not all(is_array(v) for v in value):
        return False
    return len({len(v) if isinstance(v, list) else -1 for v in value}) <= 1


def largest(value: Any) -> float:
    if isinstance(value, list):
        return max((largest(v) for v in value), default=0.0)
    return abs(value) if math.isfinite(value) else 0.0
