"""The real TensorBoard shows a training of ours: time and memory of nodes, and all the rest."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import graph_dump
import numpy as np
import pytest
from test_peers import Board, with_tensorboard

import tflite_edu as tf

STEPS = 12
TRACED = (0, 8)


@contextmanager
def tensorboard(logs: Path, output_path: Path) -> Iterator[Board]:
    """A TensorBoard on a free port of this machine, which ends with the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--logdir", str(logs), "--host", "127.0.0.1", "--port", str(port)]
    with open(output_path, "w+b") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "tensorboard.main", *options, "--load_fast", "false"],
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            board = Board(port)
            deadline = time.monotonic() + 60
            while not has_read_all(board):
                output.seek(0)
                assert process.poll() is None and time.monotonic() < deadline, output.read()
                time.sleep(0.2)
            yield board
        finally:
            process.terminate()
            process.wait(timeout=30)


def has_read_all(board: Board) -> bool:
    try:
        return len(board.json("plugin/scalars/scalars?run=train&tag=error")) == STEPS
    except (urllib.error.URLError, ConnectionError):
        return False


def train(folder: Path) -> dict[str, Any]:
    """Trains a small network, logs it to `folder`, and returns the traced runs' metadata."""
    random = np.random.RandomState(3)
    x = tf.placeholder(tf.float32, [None, 8], name="x")
    with tf.variable_scope("hidden"):
        w = tf.get_variable("w", [8, 16], initializer=tf.glorot_uniform_initializer(seed=1))
        b = tf.get_variable("b", initializer=np.zeros(16, np.float32))
        h = tf.nn.relu(tf.matmul(x, w) + b)
    with tf.variable_scope("out"):
        v = tf.get_variable("v", [16, 1], initializer=tf.glorot_uniform_initializer(seed=2))
        y = tf.matmul(h, v)
    loss = tf.reduce_mean(tf.square(y - tf.reduce_sum(x, axis=1, keepdims=True)), name="loss")
    step = tf.train.AdamOptimizer(0.01).minimize(loss)
    tf.summary.scalar("error", loss)
    tf.summary.histogram("hidden/weights", w)
    tf.summary.image("weights", tf.reshape(w, [1, 8, 16, 1]), max_outputs=1)
    merged = tf.summary.merge_all()
    traces = {}
    with tf.Session() as session, tf.summary.FileWriter(folder, session.graph) as writer:
        session.run(tf.global_variables_initializer())
        for count in range(STEPS):
            feeds = {x: random.rand(32, 8)}
            if count in TRACED:
                options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)
                metadata = tf.RunMetadata()
                summary, _ = session.run([merged, step], feeds, options, metadata)
                writer.add_run_metadata(metadata, f"step {count}", count)
                traces[f"step {count}"] = metadata
            else:
                summary, _ = session.run([merged, step], feeds)
            writer.add_summary(summary, count)
    return traces


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Board, dict[str, Any]]]:
    folder = tmp_path_factory.mktemp("board")
    with tf.Graph().as_default():
        traces = train(folder / "logs" / "train")
    with tensorboard(folder / "logs", folder / "output") as board:
        yield board, traces


def listed(text: str) -> list[dict[str, list[str]]]:
    """The node_stats of a RunMetadata as text: for each the values of its fields, by name."""
    nodes = []
    for block in text.split("node_stats {")[1:]:
        fields: dict[str, list[str]] = {}
        for name, value in re.findall(r"(\w+): (\S.*)", block):
            fields.setdefault(name, []).append(value.strip('"'))
        nodes.append(fields)
    return nodes


@with_tensorboard
def test_time_and_memory_of_every_node(shown: tuple[Board, dict[str, Any]]) -> None:
    board, traces = shown
    info = board.json("plugin/graphs/info")["train"]
    assert info["run_graph"] is True
    tags = info["tags"]
    assert {tag for tag, kinds in tags.items() if kinds["profile"]} == set(traces)
    for tag, metadata in traces.items():
        query = urllib.parse.urlencode({"run": "train", "tag": tag})
        text = board.get(f"plugin/graphs/run_metadata?{query}").decode()
        (device,) = metadata.step_stats.dev_stats
        assert f'device: "{device.device}"' in text
        nodes = listed(text)
        assert [node["node_name"][0] for node in nodes] == [n.node_name for n in device.node_stats]
        for found, node in zip(nodes, device.node_stats):
            assert int(found["all_start_micros"][0]) == node.all_start_micros
            assert int(found["all_end_rel_micros"][0]) == node.all_end_rel_micros >= 1
            sizes = [int(size) for size in found.get("total_bytes", ())]
            assert sizes == [m.total_bytes for m in node.memory]
        by_name = dict(zip((n.node_name for n in device.node_stats), nodes))
        # [32, 8] times [8, 16], float32.
        assert by_name["hidden/MatMul"]["total_bytes"] == [str(32 * 16 * 4)]


@with_tensorboard
def test_the_traced_nodes_are_those_of_the_graph(shown: tuple[Board, dict[str, Any]]) -> None:
    board, traces = shown
    text = board.get("plugin/graphs/graph?run=train&conceptual=false").decode()
    names = set(re.findall(r'^  name: "(.*)"$', text, re.MULTILINE))
    assert {"hidden/MatMul", "gradients/out/MatMul_grad/MatMul", "Adam", "loss"} <= names
    for metadata in traces.values():
        stats = metadata.step_stats.dev_stats[0].node_stats
        others = {n.node_name for n in stats} - names
        assert all(name.startswith(("_arg_", "_retval_")) for name in others)
        assert len(stats) - len(others) > 60


@with_tensorboard
def test_scalars_histograms_and_images(shown: tuple[Board, dict[str, Any]]) -> None:
    board, _ = shown
    assert board.json("runs") == ["train"]
    points = board.json("plugin/scalars/scalars?run=train&tag=error")
    assert [step for _, step, _ in points] == list(range(STEPS))
    assert points[0][2] > points[-1][2] > 0
    tag = urllib.parse.quote("hidden/weights", safe="")
    histograms = board.json(f"plugin/histograms/histograms?run=train&tag={tag}")
    assert [step for _, step, _ in histograms] == list(range(STEPS))
    assert all(sum(count for _, _, count in bins) == 128 for _, _, bins in histograms)
    assert board.json(f"plugin/distributions/distributions?run=train&tag={tag}")
    (image_tag,) = board.json("plugin/images/tags")["train"]
    query = urllib.parse.urlencode({"run": "train", "tag": image_tag, "sample": 0})
    entries = board.json(f"plugin/images/images?{query}")
    assert entries[-1]["step"] == STEPS - 1
    png = board.get("plugin/images/individualImage?" + entries[-1]["query"])
    assert np.array(graph_dump.png_pixels(png)).shape == (8, 16)
    assert json.loads(board.get("plugins_listing"))["graphs"]["enabled"]
