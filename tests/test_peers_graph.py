"""Graph files go both ways between here and the real TensorFlow 1.15 ($TF115 names its Python)."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import record_graph_files as recorded
from test_peers import assert_same_state, model, tensorflow, with_tensorflow

import tflite_edu as tf

pytestmark = with_tensorflow

# Reads what was written here and says what it finds; then writes the same things for us.
PEER = """
import json, os, sys
import numpy as np
import tensorflow as tf

folder = sys.argv[1]
rows = np.sin(np.arange(15.0, dtype=np.float32)).reshape(5, 3)
said = {}


def text_or_binary(path, message):
    content = open(path, "rb").read()
    if path.endswith("txt"):
        from google.protobuf import text_format
        return text_format.Parse(content.decode(), message)
    message.ParseFromString(content)
    return message


for name in ("frozen.pb", "frozen.pbtxt"):
    with tf.Graph().as_default(), tf.Session() as session:
        graph_def = text_or_binary(os.path.join(folder, name), tf.GraphDef())
        (y,) = tf.import_graph_def(graph_def, return_elements=["y:0"], name="")
        said[name] = session.run(y, {"x:0": rows}).tolist()
for name in ("model.meta", "model.pbtxt"):
    with tf.Graph().as_default(), tf.Session() as session:
        saver = tf.train.import_meta_graph(os.path.join(folder, name), clear_devices=True)
        session.run(tf.global_variables_initializer())
        for _ in range(5):
            session.run(tf.get_collection("train_op")[0], {"x:0": rows})
        said[name] = {v.op.name: session.run(v).tolist() for v in tf.global_variables()}
        saver.save(session, os.path.join(folder, "there"), write_meta_graph=False)
with tf.Graph().as_default() as graph, tf.Session() as session:
    scoped = text_or_binary(os.path.join(folder, "scope.meta"), tf.MetaGraphDef())
    fed = tf.constant(rows)
    tf.train.import_meta_graph(scoped, import_scope="new", input_map={"$unbound_inputs_x": fed})
    session.run(tf.global_variables_initializer())
    said["scope"] = session.run("new/h:0").tolist()
    said["scope variables"] = [v.name for v in tf.trainable_variables()]
with tf.Graph().as_default(), tf.Session() as session:
    tf.train.import_meta_graph(os.path.join(folder, "cond.meta"), import_scope="in")
    (chosen,) = tf.get_collection("chosen")
    x = tf.get_default_graph().get_tensor_by_name("in/x:0")
    (slope,) = tf.gradients(chosen, x)
    said["slopes"] = [session.run(slope, {x: [[v] * 3]}).tolist() for v in (1.0, -1.0)]
    said["contexts"] = [c.name for c in tf.get_collection("cond_context")]
with tf.Graph().as_default() as graph, tf.Session() as session:
    sorts = text_or_binary(os.path.join(folder, "all_sorts.pb"), tf.GraphDef())
    tf.import_graph_def(sorts, name="")
    feeds = {"x:0": [1.0, 2.0]}
    said["sorts"] = [v.tolist() for v in session.run(["called:0", "loop/Exit_1:0", "got:0"], feeds)]
    # What TensorFlow makes of the same file.
    open(os.path.join(folder, "sorts_there.pb"), "wb").write(
        graph.as_graph_def().SerializeToString()
    )
with tf.Graph().as_default() as graph:
    tf.train.import_meta_graph(os.path.join(folder, "momentum.meta"))
    tf.train.export_meta_graph(os.path.join(folder, "momentum_there.meta"))
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What TensorFlow says of files that were written here, and what was known here."""
    folder = tmp_path_factory.mktemp("exchange")
    said: dict[str, Any] = {"folder": folder}
    with tf.Graph().as_default() as graph, tf.Session() as session:
        with tf.device("/job:worker/task:7"):
            here = model()
        session.run(tf.global_variables_initializer())
        tf.train.export_meta_graph(
            str(folder / "model.meta"), saver_def=here["saver"].as_saver_def()
        )
        tf.train.export_meta_graph(
            str(folder / "model.pbtxt"),
            saver_def=here["saver"].as_saver_def(),
            as_text=True,
            clear_devices=True,
            strip_default_attrs=True,
        )
        tf.train.export_meta_graph(
            str(folder / "scope.meta"), export_scope="hidden", clear_devices=True
        )
        c = tf.cond(
            here["x"][0, 0] > 0, lambda: here["x"] + 1.0, lambda: here["x"] * 2.0, name="pick"
        )
        tf.add_to_collection("chosen", c)
        tf.train.export_meta_graph(str(folder / "cond.meta"), clear_devices=True)
        said["h"] = session.run(here["h"], {here["x"]: here["rows"]})
        plain = tf.train.export_meta_graph(clear_devices=True).graph_def
        frozen = tf.graph_util.convert_variables_to_constants(session, plain, ["y"])
        short = tf.graph_util.remove_training_nodes(frozen, protected_nodes=["y"])
        tf.io.write_graph(short, str(folder), "frozen.pb", as_text=False)
        tf.io.write_graph(short, str(folder), "frozen.pbtxt")
        said["y"] = session.run(here["y"], {here["x"]: here["rows"]})
        here["steps"](session, 5)
        said["state"] = here["state"](session)
    with tf.Graph().as_default() as graph:
        content = (Path(recorded.FILES) / "all_sorts.pb").read_bytes()
        tf.import_graph_def(tf.GraphDef.FromString(content), name="")
        said["sorts"] = graph.as_graph_def()
        tf.io.write_graph(graph, str(folder), "all_sorts.pb", as_text=False)
    shutil.copy(Path(recorded.FILES) / "momentum.meta", folder)
    said["there"] = tensorflow(PEER, str(folder))
    return said


@pytest.mark.parametrize("name", ["frozen.pb", "frozen.pbtxt"])
def test_a_frozen_graph_of_ours_runs_there(exchange: dict[str, Any], name: str) -> None:
    np.testing.assert_allclose(exchange["there"][name], exchange["y"], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", ["model.meta", "model.pbtxt"])
def test_a_model_of_ours_is_trained_there(exchange: dict[str, Any], name: str) -> None:
    assert_same_state(exchange["there"][name], exchange["state"])


def test_what_was_trained_there_is_restored_here(exchange: dict[str, Any]) -> None:
    with tf.Session() as session:
        saver = tf.train.import_meta_graph(os.path.join(exchange["folder"], "model.meta"))
        saver.restore(session, os.path.join(exchange["folder"], "there"))
        found = {v.op.name: session.run(v).tolist() for v in tf.global_variables()}
        assert_same_state(found, exchange["there"]["model.pbtxt"])


def test_a_scope_of_ours_goes_into_a_graph_there(exchange: dict[str, Any]) -> None:
    np.testing.assert_allclose(exchange["there"]["scope"], exchange["h"], rtol=1e-5, atol=1e-6)
    assert exchange["there"]["scope variables"] == ["new/w:0", "new/b:0"]


def test_conditionals_of_ours_are_conditionals_there(exchange: dict[str, Any]) -> None:
    assert exchange["there"]["slopes"] == [[[1.0, 1.0, 1.0]], [[2.0, 2.0, 2.0]]]
    # The model itself has some: the initial value of a variable may be another one's.
    contexts = exchange["there"]["contexts"]
    assert contexts[-2:] == ["in/pick/cond_text", "in/pick/cond_text_1"]


def test_nodes_that_cannot_run_here_run_there_again(exchange: dict[str, Any]) -> None:
    called, looped, got = exchange["there"]["sorts"]
    assert (called, looped, got) == ([1.0, 4.0], [8.0, 16.0], [1.0, 2.0])


def test_nodes_come_in_the_order_in_which_they_come_there(exchange: dict[str, Any]) -> None:
    content = (exchange["folder"] / "sorts_there.pb").read_bytes()
    assert tf.GraphDef.FromString(content) == exchange["sorts"]


def test_a_meta_graph_is_written_again_as_it_is_there(exchange: dict[str, Any]) -> None:
    there = tf.MetaGraphDef.FromString((exchange["folder"] / "momentum_there.meta").read_bytes())
    tf.train.import_meta_graph(os.path.join(exchange["folder"], "momentum.meta"))
    made = tf.train.export_meta_graph()
    there.meta_info_def.ClearField("tensorflow_git_version")
    assert made == there
