"""The real TensorFlow 1.15 ($TF115 names its Python) and we load each other's SavedModels."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import record_saved_model
from record_saved_model import OUTPUTS, ROWS, WORDS
from test_peers import tensorflow, with_tensorflow

import tflite_edu as tf

MODULE = Path(record_saved_model.__file__).parent

LOAD = """
import json, os, sys
import numpy as np
import tensorflow as tf

said = {}
for name in sys.argv[2:]:
    folder = os.path.join(sys.argv[1], name)
    said[name] = there = {"found": tf.saved_model.contains_saved_model(folder)}
    for tags in (["serve"], ["train", "gpu"]):
        with tf.Graph().as_default() as graph, tf.Session() as session:
            loaded = tf.saved_model.load(session, tags, folder)
            rows = np.array([[1.0, 2.0], [-3.0, 0.5]], np.float32)
            there[" ".join(tags)] = session.run("y:0", {"x:0": rows}).tolist()
            there["asset"] = session.run("found:0").decode()
            there["nodes"] = [op.name for op in graph.get_operations()]
            for signature in loaded.signature_def.values():
                there["valid"] = tf.saved_model.is_valid_signature(signature)
                there["inputs"] = {k: v.name for k, v in signature.inputs.items()}
                there["outputs"] = {k: v.name for k, v in signature.outputs.items()}
from tensorflow.contrib import predictor
predict = predictor.from_saved_model(os.path.join(sys.argv[1], sys.argv[2]))
said["predictor"] = predict({"rows": rows})["out"].tolist()
print(json.dumps(said))
"""

EXPORT = """
import json, sys
import tensorflow as tf

sys.path.insert(0, sys.argv[2])
import record_saved_model

folder = sys.argv[1]
record_saved_model.export(tf, folder + "/theirs", folder + "/words.txt")
with tf.Graph().as_default():
    record_saved_model.export(tf, folder + "/their_text", folder + "/words.txt", as_text=True)
print(json.dumps([op.name for op in tf.get_default_graph().get_operations()]))
"""


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """One model saved by both sides, and what TensorFlow says of ours."""
    folder = tmp_path_factory.mktemp("exchange")
    (folder / "words.txt").write_bytes(WORDS)
    with tf.Graph().as_default() as graph:
        record_saved_model.export(tf, str(folder / "ours"), str(folder / "words.txt"))
        nodes = [op.name for op in graph.get_operations()]
    with tf.Graph().as_default():
        record_saved_model.export(tf, str(folder / "text"), str(folder / "words.txt"), True)
    their_nodes = tensorflow(EXPORT, str(folder), str(MODULE))
    said = tensorflow(LOAD, str(folder), "ours", "text")
    return {"folder": folder, "nodes": nodes, "their nodes": their_nodes, "said": said}


@with_tensorflow
def test_tensorflow_loads_our_model(exchange: dict[str, Any]) -> None:
    assert exchange["nodes"] == exchange["their nodes"]
    for name in ("ours", "text"):
        said = exchange["said"][name]
        assert said["found"] and said["valid"] and said["nodes"] == exchange["nodes"]
        for tags in ("serve", "train gpu"):
            np.testing.assert_allclose(said[tags], OUTPUTS, rtol=1e-6)
        assert said["asset"] == str(exchange["folder"] / name / "assets" / "words.txt")
        assert (said["inputs"], said["outputs"]) == ({"rows": "x:0"}, {"out": "y:0"})
    np.testing.assert_allclose(exchange["said"]["predictor"], OUTPUTS, rtol=1e-6)


@with_tensorflow
@pytest.mark.parametrize("name", ["theirs", "their_text", "ours", "text"])
def test_we_load_their_model(exchange: dict[str, Any], name: str) -> None:
    folder = os.path.join(exchange["folder"], name)
    for tags in (["serve"], ["train", "gpu"]):
        with tf.Graph().as_default() as graph, tf.Session() as session:
            tf.saved_model.load(session, tags, folder)
            np.testing.assert_allclose(session.run("y:0", {"x:0": ROWS}), OUTPUTS, rtol=1e-6)
            asset = session.run("found:0").decode()
            assert asset == os.path.join(folder, "assets", "words.txt")
            assert Path(asset).read_bytes() == WORDS
            if tags == ["train", "gpu"]:
                assert [op.name for op in graph.get_operations()] == exchange["nodes"]


@with_tensorflow
def test_what_both_write_is_the_same(exchange: dict[str, Any]) -> None:
    ours, theirs = (
        {
            os.path.relpath(os.path.join(where, name), folder): Path(where, name).read_bytes()
            for where, _, names in os.walk(folder)
            for name in names
        }
        for folder in (exchange["folder"] / "ours", exchange["folder"] / "theirs")
    )
    assert ours.keys() == theirs.keys()
    for name in ours.keys() - {"saved_model.pb"}:
        assert ours[name] == theirs[name], name
