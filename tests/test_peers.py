"""The real TensorFlow 1.15 ($TF115 names its Python) and the real TensorBoard use our files."""

from __future__ import annotations

import importlib.util
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import graph_dump
import numpy as np
import pytest

import tflite_edu as tf

TF115 = os.environ.get("TF115")
with_tensorflow = pytest.mark.skipif(
    not TF115, reason="$TF115 does not name a Python with TensorFlow 1.15"
)
with_tensorboard = pytest.mark.skipif(
    importlib.util.find_spec("tensorboard") is None, reason="TensorBoard is not installed"
)

# Run on both sides: a small network with both kinds of variables, trained by Adam.
MODEL = """
x = tf.placeholder(tf.float32, [None, 3], name="x")
with tf.variable_scope("hidden"):
    w = tf.get_variable(
        "w", initializer=np.linspace(-1.0, 1.0, 12, dtype=np.float32).reshape(3, 4)
    )
    b = tf.get_variable("b", initializer=np.zeros(4, np.float32), use_resource=True)
    h = tf.tanh(tf.matmul(x, w) + b, name="h")
v = tf.Variable(np.linspace(0.5, 1.5, 4, dtype=np.float32)[:, None], name="v")
extra = tf.Variable(v.initialized_value() * 2.0, name="extra")
y = tf.matmul(h, v, name="y")
loss = tf.reduce_mean(tf.square(y - 1.0), name="loss")
step = tf.train.get_or_create_global_step()
train = tf.train.AdamOptimizer(0.05).minimize(loss, global_step=step)
saver = tf.train.Saver()
rows = np.sin(np.arange(15.0, dtype=np.float32)).reshape(5, 3)


def steps(session, count):
    for _ in range(count):
        session.run(train, {x: rows})


def state(session):
    return {u.op.name: session.run(u).tolist() for u in tf.global_variables()}
"""

BEGIN = """
import json, sys
import numpy as np
import tensorflow as tf

folder = sys.argv[1]
exec(sys.argv[2])
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    steps(session, 20)
    saver.save(session, folder + "/there", global_step=step)
    begun = state(session)
    outputs = session.run(y, {x: rows}).tolist()
    steps(session, 40)
    print(json.dumps({"begun": begun, "outputs": outputs, "uninterrupted": state(session)}))
"""

GO_ON = """
import json, sys
import numpy as np
import tensorflow as tf

folder = sys.argv[1]
exec(sys.argv[2])
said = {}
with tf.Session() as session:
    path = tf.train.latest_checkpoint(folder)
    saver.restore(session, path)
    said["path"] = path
    said["restored"] = state(session)
    said["outputs"] = session.run(y, {x: rows}).tolist()
    steps(session, 20)
    said["ended"] = state(session)
with tf.Graph().as_default(), tf.Session() as session:
    again = tf.train.import_meta_graph(path + ".meta")
    again.restore(session, path)
    said["meta outputs"] = session.run("y:0", {"x:0": rows}).tolist()
    said["trainable"] = [v.name for v in tf.trainable_variables()]
    session.run(tf.get_collection("train_op")[0], {"x:0": rows})
    said["step"] = int(session.run("global_step:0"))
with tf.Graph().as_default(), tf.Session() as session:
    graph_def = tf.GraphDef.FromString(open(folder + "/graph.pb", "rb").read())
    tf.import_graph_def(graph_def, name="in")
    feeds = {
        "in/x:0": rows,
        "in/hidden/w/read:0": said["restored"]["hidden/w"],
        "in/hidden/add/ReadVariableOp:0": said["restored"]["hidden/b"],
        "in/v/read:0": said["restored"]["v"],
    }
    said["graph outputs"] = session.run("in/y:0", feeds).tolist()
    said["nodes"] = [node.name for node in graph_def.node]
(path,) = tf.gfile.Glob(folder + "/logs/*")
said["events"] = []
for event in tf.train.summary_iterator(path):
    kind = event.WhichOneof("what")
    said["events"].append([event.step, kind])
    if kind == "graph_def":
        tf.GraphDef.FromString(event.graph_def)
    for value in event.summary.value if kind == "summary" else ():
        said["events"][-1] += [value.tag, value.simple_value]
print(json.dumps(said))
"""


def tensorflow(script: str, *arguments: str) -> Any:
    """What a script prints that runs under the real TensorFlow."""
    assert TF115 is not None
    done = subprocess.run(
        [TF115, "-W", "ignore", "-c", script, *arguments],
        env={**os.environ, "CUDA_VISIBLE_DEVICES": "", "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1])


def model() -> dict[str, Any]:
    """The model in the default graph: what MODEL defines."""
    scope: dict[str, Any] = {"tf": tf, "np": np}
    exec(compile(MODEL, "model", "exec"), scope)
    return scope


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Training that TensorFlow begins, goes on here, and ends in TensorFlow again."""
    folder = tmp_path_factory.mktemp("relay")
    said = {"there": tensorflow(BEGIN, str(folder), MODEL)}
    with tf.Graph().as_default() as graph, tf.Session() as session:
        here = model()
        path = tf.train.latest_checkpoint(str(folder))
        here["saver"].restore(session, path)
        said["restored"], said["begun at"] = here["state"](session), path
        here["steps"](session, 20)
        said["here"] = here["state"](session)
        said["path"] = here["saver"].save(session, str(folder / "here"), global_step=here["step"])
        said["outputs"] = session.run(here["y"], {here["x"]: here["rows"]}).tolist()
        tf.train.write_graph(graph, str(folder), "graph.pb", as_text=False)
        said["nodes"] = [op.name for op in graph.get_operations()]
        with tf.summary.FileWriter(folder / "logs", graph) as writer:
            value = tf.Summary.Value(tag="loss", simple_value=0.5)
            writer.add_summary(tf.Summary(value=[value]), 40)
    said["back"] = tensorflow(GO_ON, str(folder), MODEL)
    return said


def model_rows() -> np.ndarray:
    return np.sin(np.arange(15.0, dtype=np.float32)).reshape(5, 3)


def assert_same_state(found: Any, expected: Any) -> None:
    assert list(found) == list(expected)
    for name, value in expected.items():
        np.testing.assert_allclose(found[name], value, rtol=1e-5, atol=1e-6, err_msg=name)


@with_tensorflow
def test_a_checkpoint_of_tensorflow_is_restored_here(relay: dict[str, Any]) -> None:
    assert relay["restored"] == relay["there"]["begun"]


@with_tensorflow
def test_a_checkpoint_of_ours_is_restored_there(relay: dict[str, Any]) -> None:
    assert relay["back"]["path"] == relay["path"]
    assert relay["back"]["restored"] == relay["here"]
    np.testing.assert_allclose(relay["back"]["outputs"], relay["outputs"], rtol=1e-5, atol=1e-6)


@with_tensorflow
def test_training_goes_on_here_and_back(relay: dict[str, Any]) -> None:
    assert_same_state(relay["back"]["ended"], relay["there"]["uninterrupted"])
    assert relay["here"]["global_step"] == 40


@with_tensorflow
def test_training_here_alone_is_the_same(relay: dict[str, Any]) -> None:
    with tf.Session() as session:
        here = model()
        session.run(tf.global_variables_initializer())
        here["steps"](session, 60)
        assert_same_state(here["state"](session), relay["there"]["uninterrupted"])


@with_tensorflow
def test_a_meta_graph_of_ours_runs_there(relay: dict[str, Any]) -> None:
    back = relay["back"]
    np.testing.assert_allclose(back["meta outputs"], relay["outputs"], rtol=1e-5, atol=1e-6)
    assert back["trainable"] == ["hidden/w:0", "hidden/b:0", "v:0", "extra:0"]
    assert back["step"] == 41


@with_tensorflow
def test_a_meta_graph_of_tensorflow_runs_here(relay: dict[str, Any]) -> None:
    with tf.Session() as session:
        saver = tf.train.import_meta_graph(relay["begun at"] + ".meta")
        saver.restore(session, relay["begun at"])
        rows = model_rows()
        outputs = session.run("y:0", {"x:0": rows})
        np.testing.assert_allclose(outputs, relay["there"]["outputs"], rtol=1e-5, atol=1e-6)
        names = [v.name for v in tf.trainable_variables()]
        assert names == ["hidden/w:0", "hidden/b:0", "v:0", "extra:0"]
        session.run(tf.get_collection("train_op"), {"x:0": rows})
        assert session.run("global_step:0") == 21


@with_tensorflow
def test_a_graph_of_ours_runs_there(relay: dict[str, Any]) -> None:
    assert relay["back"]["nodes"] == relay["nodes"]
    np.testing.assert_allclose(
        relay["back"]["graph outputs"], relay["outputs"], rtol=1e-5, atol=1e-6
    )


@with_tensorflow
def test_an_event_file_of_ours_is_read_there(relay: dict[str, Any]) -> None:
    assert relay["back"]["events"] == [
        [0, "file_version"],
        [0, "graph_def"],
        [0, "meta_graph_def"],
        [40, "summary", "loss", 0.5],
    ]


def write_logs(folder: Path) -> list[str]:
    """Logs of a short training, as a script would write them; returns the graph's node names."""
    here = model()
    tf.summary.scalar("error", here["loss"])
    tf.summary.histogram("weights", here["w"])
    tf.summary.image("w_as_image", here["w"][None, :, :, None])
    tf.summary.text("note", tf.constant("a **note**"))
    tf.summary.audio("tone", np.sin(np.arange(400.0, dtype=np.float32))[None, :], 8000)
    merged = tf.summary.merge_all()
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        with tf.summary.FileWriter(folder, session.graph) as writer:
            for count in range(3):
                here["steps"](session, 1)
                writer.add_summary(session.run(merged, {here["x"]: here["rows"]}), count)
    return [op.name for op in tf.get_default_graph().get_operations()]


class Board:
    """A running TensorBoard."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}/data/"

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(self.address + path, timeout=20) as answer:
            return answer.read()  # type: ignore[no-any-return]

    def json(self, path: str) -> Any:
        return json.loads(self.get(path))


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Board, list[str]]]:
    folder = tmp_path_factory.mktemp("board")
    with tf.Graph().as_default():
        nodes = write_logs(folder / "logs" / "run")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--logdir", str(folder / "logs"), "--host", "127.0.0.1", "--port", str(port)]
    with open(folder / "output", "w+b") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "tensorboard.main", *options, "--load_fast", "false"],
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            running = Board(port)
            deadline = time.monotonic() + 90
            while not answered(running):
                output.seek(0)
                assert process.poll() is None and time.monotonic() < deadline, output.read()
                time.sleep(0.2)
            yield running, nodes
        finally:
            process.terminate()
            process.wait(timeout=30)


def answered(running: Board) -> bool:
    """Whether TensorBoard is up and has read the logs to their end."""
    try:
        points = running.json("plugin/scalars/scalars?run=run&tag=error")
    except (urllib.error.URLError, ConnectionError):
        return False
    return len(points) == 3


@with_tensorboard
def test_tensorboard_shows_scalars(board: tuple[Board, list[str]]) -> None:
    running, _ = board
    assert running.json("runs") == ["run"]
    assert list(running.json("plugin/scalars/tags")["run"]) == ["error"]
    points = running.json("plugin/scalars/scalars?run=run&tag=error")
    assert [step for _, step, _ in points] == [0, 1, 2]
    losses = [loss for _, _, loss in points]
    assert losses == sorted(losses, reverse=True) and losses[0] > losses[2] > 0


@with_tensorboard
def test_tensorboard_shows_histograms_and_distributions(board: tuple[Board, list[str]]) -> None:
    running, _ = board
    assert list(running.json("plugin/histograms/tags")["run"]) == ["weights"]
    histograms = running.json("plugin/histograms/histograms?run=run&tag=weights")
    assert [step for _, step, _ in histograms] == [0, 1, 2]
    assert all(sum(count for _, _, count in bins) == 12 for _, _, bins in histograms)
    distributions = running.json("plugin/distributions/distributions?run=run&tag=weights")
    assert len(distributions) == 3
    levels = [value for _, value in distributions[0][2]]
    assert levels == sorted(levels)


@with_tensorboard
def test_tensorboard_shows_images(board: tuple[Board, list[str]]) -> None:
    running, _ = board
    assert list(running.json("plugin/images/tags")["run"]) == ["w_as_image/image/0"]
    entries = running.json("plugin/images/images?run=run&tag=w_as_image%2Fimage%2F0&sample=0")
    assert [entry["step"] for entry in entries] == [0, 1, 2]
    image = running.get("plugin/images/individualImage?" + entries[0]["query"])
    assert np.array(graph_dump.png_pixels(image)).shape == (3, 4)


@with_tensorboard
def test_tensorboard_shows_text_and_plays_sound(board: tuple[Board, list[str]]) -> None:
    running, _ = board
    assert list(running.json("plugin/text/tags")["run"]) == ["note"]
    (first, *_) = running.json("plugin/text/text?run=run&tag=note")
    assert "<strong>note</strong>" in first["text"]
    assert list(running.json("plugin/audio/tags")["run"]) == ["tone/audio/0"]


@with_tensorboard
def test_tensorboard_shows_the_graph(board: tuple[Board, list[str]]) -> None:
    running, nodes = board
    assert running.json("plugin/graphs/info")["run"]["run_graph"] is True
    text = running.get("plugin/graphs/graph?run=run&conceptual=false").decode()
    shown = [
        line.strip().removeprefix('name: "').removesuffix('"')
        for line in text.splitlines()
        if line.startswith("  name: ")
    ]
    assert shown == nodes
    assert {name.partition("/")[0] for name in shown} >= {"hidden", "gradients", "Adam", "save"}
    assert "gradients/hidden/h_grad/TanhGrad" in shown
    assert 'input: "hidden/h"' in text and "_output_shapes" in text
