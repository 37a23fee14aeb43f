"""Graph files that TensorFlow 1.15 wrote (`tests/golden/record_graph_files.py`) are used here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import record_graph_files as recorded

import tflite_edu as tf
from tflite_edu.core.opaque import Opaque

FILES = Path(recorded.FILES)


def graph_def(name: str) -> Any:
    return tf.GraphDef.FromString((FILES / name).read_bytes())


def facts(name: str) -> Any:
    return json.loads((FILES / name).read_text())


@pytest.mark.parametrize("engine", ["numpy", "reference"])
def test_a_frozen_convnet_gives_its_outputs(engine: str, engine_session: Any) -> None:
    logits, y = tf.import_graph_def(
        graph_def("frozen_convnet.pb"), return_elements=["logits:0", "y:0"], name=""
    )
    found = engine_session(engine).run([logits, y], {"x:0": recorded.images()})
    expected = facts("frozen_convnet.json")
    np.testing.assert_allclose(found[0], expected["logits"], rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(found[1], expected["y"], rtol=1e-5, atol=1e-5)


def test_a_model_in_training_goes_on() -> None:
    saver = tf.train.import_meta_graph(str(FILES / "momentum.meta"))
    assert saver is not None and saver.as_saver_def().max_to_keep == 3
    expected = facts("momentum.json")
    feeds = dict(zip(["x:0", "i:0"], recorded.rows()))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        (train,) = tf.get_collection(tf.GraphKeys.TRAIN_OP)
        losses = [sess.run(["loss:0", train], feeds)[0] for _ in range(recorded.STEPS)]
        np.testing.assert_allclose(losses, expected["losses"], rtol=1e-5)
        assert [v.op.name for v in tf.trainable_variables()] == ["net/w", "net/b", "net/table"]
        for variable in tf.global_variables():
            np.testing.assert_allclose(
                sess.run(variable), expected["state"][variable.op.name], rtol=1e-5, atol=1e-6
            )
        more = tf.train.GradientDescentOptimizer(0.1).minimize(
            tf.get_default_graph().get_tensor_by_name("loss:0")
        )
        last = [sess.run(["loss:0", more], feeds)[0] for _ in range(3)]
    assert last == sorted(last, reverse=True)


def test_a_meta_graph_is_written_as_it_was_read(tmp_path: Path) -> None:
    given = tf.MetaGraphDef.FromString((FILES / "momentum.meta").read_bytes())
    saver = tf.train.import_meta_graph(str(FILES / "momentum.meta"))
    made = tf.train.export_meta_graph(
        str(tmp_path / "again.pbtxt"), saver_def=saver.as_saver_def(), as_text=True
    )
    given.meta_info_def.ClearField("tensorflow_git_version")
    devices = {node.name: node.device for node in given.graph_def.node}
    for node in given.graph_def.node:
        # A node goes where the one is with which it is to be.
        if "_class" in node.attr:
            node.device = devices[node.attr["_class"].list.s[0].decode().removeprefix("loc:@")]
    assert {n.name: n for n in made.graph_def.node} == {n.name: n for n in given.graph_def.node}
    assert made.collection_def == given.collection_def
    assert made.saver_def == given.saver_def
    assert made.meta_info_def == given.meta_info_def
    with tf.Graph().as_default():
        tf.train.import_meta_graph(str(tmp_path / "again.pbtxt"))
        assert tf.train.export_meta_graph(saver_def=saver.as_saver_def()) == made


def test_graph_util_makes_what_tensorflow_makes() -> None:
    tf.train.import_meta_graph(str(FILES / "momentum.meta"))
    given = tf.get_default_graph().as_graph_def()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for variable in tf.global_variables():
            variable.load(np.array(facts("momentum.json")["state"][variable.op.name]), sess)
        made = tf.graph_util.convert_variables_to_constants(sess, given, ["checked"])
        some = tf.graph_util.convert_variables_to_constants(
            sess, given, ["checked"], variable_names_blacklist=["net/b"]
        )
    short = tf.graph_util.remove_training_nodes(made, protected_nodes=["checked"])
    part = tf.graph_util.extract_sub_graph(given, ["net/h"])
    for ours, name in [(made, "all"), (some, "some"), (short, "short"), (part, "part")]:
        theirs = graph_def(f"graph_util_{name}.pb")
        found = {n.name: n for n in ours.node}
        if name == "some":
            # Of one that stays, TensorFlow makes an Identity of a resource, which cannot run.
            assert found.pop("net/add/ReadVariableOp").op == "ReadVariableOp"
            del theirs.node[[n.name for n in theirs.node].index("net/add/ReadVariableOp")]
        assert found == {n.name: n for n in theirs.node}
        assert (ours.library, ours.versions) == (theirs.library, theirs.versions)


def test_all_sorts_of_nodes_survive() -> None:
    given = graph_def("all_sorts.pb")
    tf.import_graph_def(given, name="")
    graph = tf.get_default_graph()
    made = graph.as_graph_def(add_shapes=True)
    assert {n.name: n for n in made.node} == {n.name: n for n in given.node}
    assert made.library == given.library and made.versions == given.versions
    called = graph.get_operation_by_name("called")
    assert isinstance(called.definition, Opaque)
    assert called.outputs[0].dtype == tf.float32
    with tf.Session() as sess:
        assert sess.run("plain:0", {"x:0": [1.0, 2.0]}).tolist() == [2.0, 3.0]
        with pytest.raises(tf.errors.InvalidArgumentError) as caught:
            sess.run(called.outputs, {"x:0": [1.0, 2.0]})
    first = caught.value.message.split("\n")[0]
    assert first.startswith("No OpKernel was registered to support Op 'square' used by node called")


def test_a_constant_of_another_type_than_its_value_is_refused() -> None:
    graph_def = tf.GraphDef()
    with tf.Graph().as_default() as graph:
        tf.constant([1.0, 2.0], name="c")
        graph_def.CopyFrom(graph.as_graph_def())
    graph_def.node[0].attr["dtype"].type = tf.string.as_datatype_enum
    with pytest.raises(ValueError, match=r"between value \(float\) and dtype \(string\)"):
        tf.import_graph_def(graph_def, name="")
    assert tf.get_default_graph().get_operations() == []
