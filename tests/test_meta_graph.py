"""MetaGraphDefs: graphs with their collections and savers, out and in again."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

import tflite_edu as tf


def names() -> list[str]:
    return [op.name for op in tf.get_default_graph().get_operations()]


def trained_graph() -> tuple[Any, Any]:
    """A model with both kinds of variables, collections of all kinds, and a loss."""
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    w = tf.get_variable("w", [2, 1], initializer=tf.ones_initializer())
    b = tf.get_variable("b", [1], initializer=tf.zeros_initializer(), use_resource=True)
    y = tf.add(tf.matmul(x, w), b, name="y")
    for name, value in (
        ("ints", 3), ("flags", True), ("floats", 1.5), ("texts", "a"), ("nodes", y), ("ops", y.op),
    ):  # fmt: skip
        tf.add_to_collection(name, value)
    return x, y


def test_a_meta_graph_brings_everything_back(tmp_path: Path) -> None:
    _, y = trained_graph()
    saver = tf.train.Saver()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(tf.trainable_variables()[0].assign([[2.0], [3.0]]))
        saver.save(sess, str(tmp_path / "m"))
    with tf.Graph().as_default() as graph, tf.Session() as sess:
        again = tf.train.import_meta_graph(str(tmp_path / "m.meta"))
        again.restore(sess, str(tmp_path / "m"))
        assert sess.run("y:0", {"x:0": [[1.0, 1.0]]}).tolist() == [[5.0]]
        assert [v.name for v in tf.trainable_variables()] == ["w:0", "b:0"]
        assert all(a is b for a, b in zip(tf.global_variables(), tf.trainable_variables()))
        assert [tf.get_collection(n) for n in ("ints", "flags", "floats", "texts")] == [
            [3], [1], [1.5], [b"a"],
        ]  # fmt: skip
        assert tf.get_collection("nodes") == [graph.get_tensor_by_name("y:0")]
        assert tf.get_collection("ops") == [graph.get_operation_by_name("y")]
        sess.run(tf.global_variables_initializer())
        assert sess.run("w:0").tolist() == [[1.0], [1.0]]


def test_training_goes_on_with_an_imported_graph(tmp_path: Path) -> None:
    trained_graph()
    tf.train.Saver()
    proto = tf.train.export_meta_graph(str(tmp_path / "g.meta"))
    with tf.Graph().as_default(), tf.Session() as sess:
        assert tf.train.import_meta_graph(proto) is not None
        y = tf.get_default_graph().get_tensor_by_name("y:0")
        step = tf.train.AdamOptimizer(0.1).minimize(tf.reduce_sum(y**2))
        sess.run(tf.global_variables_initializer())
        for _ in range(100):
            sess.run(step, {"x:0": [[1.0, 2.0]]})
        assert abs(sess.run(y, {"x:0": [[1.0, 2.0]]}).item()) < 0.1


def test_a_meta_graph_under_a_scope(tmp_path: Path) -> None:
    trained_graph()
    saver = tf.train.Saver()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        saver.save(sess, str(tmp_path / "m"))
    with tf.Graph().as_default(), tf.Session() as sess:
        for scope in ("copy", "copy_1"):
            again = tf.train.import_meta_graph(str(tmp_path / "m.meta"), import_scope="copy")
            again.restore(sess, str(tmp_path / "m"))
            assert again.as_saver_def().restore_op_name == f"{scope}/save/restore_all"
        assert [v.name for v in tf.global_variables()] == [
            "copy/w:0", "copy/b:0", "copy_1/w:0", "copy_1/b:0",
        ]  # fmt: skip
        assert sess.run("copy_1/y:0", {"copy_1/x:0": [[1.0, 1.0]]}).tolist() == [[2.0]]


def test_what_a_meta_graph_says() -> None:
    trained_graph()
    saver = tf.train.Saver()
    proto = saver.export_meta_graph()
    assert proto.meta_info_def.tensorflow_version == "1.15.5"
    ops = [op.name for op in proto.meta_info_def.stripped_op_list.op]
    assert ops == sorted({n.op for n in proto.graph_def.node})
    assert proto.saver_def == saver.as_saver_def()
    assert proto.collection_def["flags"].int64_list.value == [1]
    assert len(proto.collection_def["variables"].bytes_list.value) == 2
    bare = tf.train.export_meta_graph(
        collection_list=["ints"], clear_devices=True, strip_default_attrs=True
    )
    assert list(bare.collection_def) == ["ints"] and bare.meta_info_def.stripped_default_attrs
    assert all(not node.device for node in bare.graph_def.node)
    matmul = next(n for n in bare.graph_def.node if n.op == "MatMul")
    assert sorted(matmul.attr) == ["T", "_output_shapes"]
    with tf.Graph().as_default():
        tf.train.import_meta_graph(bare)
        assert (
            tf.get_default_graph().get_operation_by_name("MatMul").get_attr("transpose_a") is False
        )


def test_a_collection_that_cannot_be_written_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    tf.add_to_collection("objects", object())
    tf.add_to_collection("ints", 1)
    tf.add_to_collection("ints", 2.5)
    tf.get_collection_ref("empty")
    assert list(tf.train.export_meta_graph().collection_def) == []


def test_meta_graphs_as_text(tmp_path: Path) -> None:
    trained_graph()
    path = str(tmp_path / "new" / "g.pbtxt")
    proto = tf.train.export_meta_graph(path, as_text=True)
    assert Path(path).read_text().startswith("meta_info_def {\n")
    with tf.Graph().as_default():
        assert tf.train.import_meta_graph(path) is not None
        assert len(names()) >= len(proto.graph_def.node)


def test_meta_graphs_that_are_none(tmp_path: Path) -> None:
    missing, damaged = str(tmp_path / "none.meta"), tmp_path / "bad.meta"
    with pytest.raises(OSError, match="none.meta does not exist."):
        tf.train.import_meta_graph(missing)
    damaged.write_text("hello {")
    with pytest.raises(OSError, match="Cannot parse file"):
        tf.train.import_meta_graph(str(damaged))
    with pytest.raises(TypeError, match="Expected binary or unicode string, got 3"):
        tf.train.import_meta_graph(3)
    with pytest.raises(TypeError, match="unexpected keyword argument 'other'"):
        tf.train.import_meta_graph(tf.MetaGraphDef(), other=1)
    assert tf.train.import_meta_graph(tf.MetaGraphDef()) is None
    assert names() == [] and os.listdir(tmp_path) == ["bad.meta"]
