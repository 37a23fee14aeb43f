"""What the subcommands of `tflite_edu` print, and how they end."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tflite_edu as tf
from tflite_edu.command.main import main

FILES = Path(__file__).parent / "golden" / "files"


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs the command; gives its exit status, its output and its errors."""

    def run(*arguments: object) -> tuple[int, str, str]:
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as ended:
            status = int(ended.code or 0)
        return status, *capsys.readouterr()

    return run


@pytest.fixture
def trained(tmp_path: Path) -> str:
    """The prefix of a checkpoint with its graph: y = tanh(x w + b), w = 1 ... 6, b = 0.5."""
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    w = tf.get_variable("w", initializer=np.arange(1, 7, dtype=np.float32).reshape(3, 2))
    b = tf.get_variable("b", initializer=np.float32([0.5, 0.5]))
    tf.get_variable("names", initializer=[b"caf\xc3\xa9", b"\xff"], dtype=tf.string)
    tf.get_variable("odd", initializer=np.array([np.nan, np.inf, -np.inf, 1]))
    tf.get_variable("z", initializer=np.array(1 + 2j))
    tf.tanh(tf.matmul(x, w) + b, name="y")
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        return str(tf.train.Saver().save(sess, str(tmp_path / "model.ckpt"), global_step=7))


def test_checkpoint(command: Any, trained: str) -> None:
    expected = (
        "tensor  dtype       shape   elements\n"
        "b       float32     [2]            2\n"
        "names   string      [2]            2\n"
        "odd     float64     [4]            4\n"
        "w       float32     [3, 2]         6\n"
        "z       complex128  []             1\n"
        "5 tensors, 15 elements\n"
    )
    for name in (trained, trained + ".index", trained + ".meta", os.path.dirname(trained)):
        assert command("checkpoint", name) == (0, expected, "")
    status, out, _ = command("checkpoint", "--json", trained)
    assert status == 0
    assert json.loads(out)[3] == {"name": "w", "dtype": "float32", "shape": [3, 2]}


@pytest.mark.parametrize(
    ("name", "text", "values"),
    [
        ("w", "w  float32  [3, 2]\n[[1. 2.]\n [3. 4.]\n [5. 6.]]\n", [[1, 2], [3, 4], [5, 6]]),
        ("names:0", "names  string  [2]\n[b'caf\\xc3\\xa9' b'\\xff']\n", ["café", "\\xff"]),
        (
            "odd",
            "odd  float64  [4]\n[ nan  inf -inf   1.]\n",
            ["NaN", "Infinity", "-Infinity", 1.0],
        ),
        ("z", "z  complex128  []\n1.+2.j\n", [1.0, 2.0]),
    ],
)
def test_a_tensor(command: Any, trained: str, name: str, text: str, values: Any) -> None:
    assert command("checkpoint", trained, "--tensor", name) == (0, text, "")
    _, out, _ = command("checkpoint", trained, "--tensor", name, "--json")
    assert json.loads(out)["values"] == values


def test_a_tensor_of_a_dtype_that_numpy_lacks(command: Any, tmp_path: Path) -> None:
    tf.get_variable("v", initializer=tf.cast([1.5, -2.5], tf.bfloat16))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        prefix = tf.train.Saver().save(sess, str(tmp_path / "v"))
    expected = "v  bfloat16  [2]\n[ 1.5 -2.5]\n"
    assert command("checkpoint", prefix, "--tensor", "v") == (0, expected, "")
    _, out, _ = command("checkpoint", prefix, "--tensor", "v", "--json")
    assert json.loads(out)["values"] == [1.5, -2.5]


def test_a_large_tensor_is_whole(command: Any, tmp_path: Path) -> None:
    tf.get_variable("v", initializer=np.arange(5000))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        prefix = tf.train.Saver().save(sess, str(tmp_path / "v"))
    _, out, _ = command("checkpoint", prefix, "--tensor", "v")
    assert "..." not in out
    assert "4999" in out


def test_a_checkpoint_of_tensorflow(command: Any) -> None:
    status, out, _ = command("checkpoint", FILES / "sharded")
    assert status == 0
    assert out.splitlines()[1] == "a       float32  [2, 3]         6"


def test_graph(command: Any, trained: str) -> None:
    status, out, error = command("graph", trained + ".meta")
    assert (status, error) == (0, "")
    assert "x              float32  [?, 3]" in out
    assert "w      float32     [3, 2]" in out
    assert "15 parameters in variables" in out
    assert "\ny\n" in out
    assert "VariableV2" in out
    _, out, _ = command("graph", trained + ".meta", "--json")
    found = json.loads(out)
    assert found["parameters"] == 15
    assert found["ops"]["VariableV2"] == 5
    assert found["nodes"] == sum(found["ops"].values())
    assert {"name": "x", "op": "Placeholder", "dtype": "float32", "shape": [None, 3]} in found[
        "inputs"
    ]


@pytest.mark.parametrize("as_text", [False, True])
@pytest.mark.parametrize("kind", ["graph", "meta"])
def test_graph_files_of_all_kinds(command: Any, kind: str, as_text: bool, tmp_path: Path) -> None:
    tf.add(tf.constant(1.0, name="a"), 2.0, name="c")
    graph = tf.get_default_graph()
    for name in ("g.pb", "g.meta", "g.pbtxt"):
        if kind == "graph":
            tf.train.write_graph(graph, str(tmp_path), name, as_text)
        else:
            tf.train.export_meta_graph(str(tmp_path / name), as_text=as_text)
        status, out, _ = command("graph", tmp_path / name)
        assert status == 0
        assert out.startswith("3 nodes of 2 op types\n")
        status, out, _ = command("graph", "--text", tmp_path / name)
        assert status == 0
        assert out.startswith('node {\n  name: "a"\n  op: "Const"\n')


def test_an_empty_graph(command: Any, tmp_path: Path) -> None:
    (tmp_path / "empty.pb").touch()
    status, out, _ = command("graph", tmp_path / "empty.pb")
    assert status == 0
    assert out.startswith("0 nodes of 0 op types\n")


@pytest.mark.parametrize("name", ["frozen_convnet.pb", "momentum.meta", "saved_model"])
def test_graphs_of_tensorflow(command: Any, name: str) -> None:
    status, out, _ = command("graph", FILES / name)
    assert status == 0
    assert "op types" in out


def test_freeze(command: Any, trained: str, tmp_path: Path) -> None:
    path = tmp_path / "frozen.pb"
    status, out, error = command("freeze", trained, path, "--outputs", "y")
    assert (status, error) == (0, "")
    assert out == f"{path}: 8 nodes\n"
    tf.reset_default_graph()
    graph_def = tf.GraphDef()
    graph_def.ParseFromString(path.read_bytes())
    (y,) = tf.import_graph_def(graph_def, return_elements=["y:0"], name="")
    with tf.Session() as sess:
        value = sess.run(y, {"x:0": [[1, 0, 0]]})
    np.testing.assert_allclose(value, np.tanh([[1.5, 2.5]]), rtol=1e-6)
    assert {node.op for node in graph_def.node} == {
        "Const",
        "Identity",
        "Placeholder",
        "MatMul",
        "AddV2",
        "Tanh",
    }


def test_freeze_as_text_from_a_graph_elsewhere(command: Any, trained: str, tmp_path: Path) -> None:
    shutil.move(trained + ".meta", tmp_path / "other.meta")
    path = tmp_path / "frozen.pbtxt"
    arguments = ("freeze", tmp_path, path, "--outputs", "y,w", "--text")
    status, _, error = command(*arguments)
    assert (status, error) == (1, f"tflite_edu freeze: File {trained}.meta does not exist.\n")
    assert not path.exists()
    assert command(*arguments, "--meta", tmp_path / "other.meta")[0] == 0
    assert path.read_text().startswith("node {")


def test_freeze_of_a_node_that_is_not_there(command: Any, trained: str, tmp_path: Path) -> None:
    path = tmp_path / "frozen.pb"
    status, out, error = command("freeze", trained, path, "--outputs", "nope")
    assert (status, out) == (1, "")
    assert error == "tflite_edu freeze: nope is not in graph\n"
    assert not path.exists()
    assert command("freeze", trained, path, "--outputs", ",")[0] == 1


def write_events(folder: Path) -> None:
    loss = tf.placeholder(tf.float32, [])
    tf.summary.scalar("loss", loss)
    tf.summary.histogram("weights", tf.constant([1.0, 2.0, 3.0]))
    tf.summary.image("picture", tf.zeros([1, 4, 6, 3]))
    tf.summary.text("note", tf.constant("a  b"))
    merged = tf.summary.merge_all()
    with tf.Session() as sess:
        for run in ("train", "test/deep"):
            with tf.summary.FileWriter(str(folder / run)) as writer:
                for step in range(3):
                    writer.add_summary(sess.run(merged, {loss: 1.5 - step / 4}), step)


def test_events(command: Any, tmp_path: Path) -> None:
    write_events(tmp_path)
    status, out, error = command("events", tmp_path)
    assert (status, error) == (0, "")
    assert [line.split(None, 5) for line in out.splitlines()] == [
        ["run", "tag", "kind", "count", "last", "step  last value"],
        *(
            [run, tag, kind, "3", "2", value]
            for run in ("test/deep", "train")
            for tag, kind, value in (
                ("loss", "scalar", "1"),
                ("note", "text", "a b"),
                ("picture/image/0", "image", "4 x 6"),
                ("weights", "histogram", "3 values, 1 to 3, mean 2"),
            )
        ),
    ]
    _, out, _ = command("events", tmp_path / "train", "--json")
    assert json.loads(out)[0] == {
        "run": ".",
        "tag": "loss",
        "kind": "scalar",
        "count": 3,
        "step": 2,
        "value": 1.0,
    }


def test_events_that_are_cut_short(command: Any, tmp_path: Path) -> None:
    write_events(tmp_path)
    (path,) = (tmp_path / "train").iterdir()
    path.write_bytes(path.read_bytes()[:-5])
    status, out, error = command("events", tmp_path)
    assert status == 1
    assert "train      loss" in out
    assert len(error.splitlines()) == 1
    assert error.startswith(f"tflite_edu events: {path}: ")


def test_savedmodel(command: Any) -> None:
    status, out, error = command("savedmodel", FILES / "saved_model")
    assert (status, error) == (0, "")
    assert "tags: serve\n" in out
    assert "\nsignature serving_default: tensorflow/serving/predict\n" in out
    assert "input   rows  float32  [?, 2]  x:0\n" in out
    _, out, _ = command("savedmodel", FILES / "saved_model", "--json")
    signature = json.loads(out)[0]["signatures"]["serving_default"]
    assert signature["inputs"]["rows"] == {"tensor": "x:0", "dtype": "float32", "shape": [None, 2]}


@pytest.mark.parametrize("name", ["checkpoint", "graph", "events", "savedmodel"])
def test_what_is_absent_or_another_file(command: Any, name: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    noise = tmp_path / "saved_model.pb"
    noise.write_bytes(gzip.compress(b"noise" * 100))
    for path in (tmp_path / "absent", tmp_path / "empty", noise, tmp_path):
        if name == "events" and path == tmp_path:
            continue
        status, _, error = command(name, path)
        assert status == 1, path
        assert error.startswith(f"tflite_edu {name}: ")
        assert len(error.splitlines()) == 1


def test_a_tensor_that_is_absent(command: Any, trained: str) -> None:
    status, out, error = command("checkpoint", trained, "--tensor", "nope")
    assert (status, out) == (1, "")
    assert error.startswith("tflite_edu checkpoint: ")
    assert "nope" in error


@pytest.mark.parametrize(
    "arguments",
    [(), ("nope",), ("graph",), ("graph", "a", "b"), ("freeze", "a", "b"), ("events", "--tensor")],
)
def test_arguments_that_are_none(command: Any, arguments: tuple[str, ...]) -> None:
    status, out, error = command(*arguments)
    assert (status, out) == (2, "")
    assert error.startswith("usage: tflite_edu")


def test_help_and_version(command: Any) -> None:
    status, out, _ = command("--help")
    assert status == 0
    for name in ("run", "checkpoint", "graph", "events", "freeze", "savedmodel"):
        assert f"    {name}" in out
        assert command(name, "--help")[0] == 0
    status, out, _ = command("--version")
    assert status == 0
    assert out.startswith("tflite_edu ")
    assert out.endswith(", like TensorFlow 1.15.5\n")


def test_a_reader_that_has_seen_enough(tmp_path: Path) -> None:
    """As in `tflite_edu ... | head`: quiet, whether the text is short or fills the pipe."""
    for nodes in (1, 20_000):
        graph_def = tf.GraphDef()
        for number in range(nodes):
            graph_def.node.add(name=f"node{number}", op="NoOp")
        path = tmp_path / "g.pb"
        path.write_bytes(graph_def.SerializeToString())
        environment = {**os.environ, "PYTHONPATH": str(Path(tf.__file__).parent.parent)}
        shown = subprocess.Popen(
            [sys.executable, "-m", "tflite_edu", "graph", "--text", str(path)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
        )
        assert shown.stdout is not None
        assert shown.stderr is not None
        shown.stdout.close()
        error = shown.stderr.read()
        shown.stderr.close()
        shown.wait()
        assert error == b""


@pytest.mark.parametrize("kind", ["svg", "html", "txt"])
def test_a_picture_of_a_graph(command: Any, trained: str, kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"picture.{kind}"
    status, out, error = command("graph", trained + ".meta", "--picture", path)
    assert (status, out, error) == (0, "", "")
    text = path.read_text(encoding="utf-8")
    assert "MatMul" in text and ("<svg" in text) == (kind != "txt")


def test_a_picture_of_an_unknown_kind_is_refused(
    command: Any, trained: str, tmp_path: Path
) -> None:
    path = tmp_path / "picture.jpg"
    status, _, error = command("graph", trained + ".meta", "--picture", path)
    assert status == 1 and error.count("\n") == 1 and ".svg, .html or .txt" in error
    assert not path.exists()
