"""MetaGraphDefs: graphs with their collections and savers, out and in again."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

import tflite_edu as tf
from tflite_edu.formats.proto import control_flow_pb2, queue_runner_pb2


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


def scoped_graph() -> None:
    x, before = tf.placeholder(tf.float32, [None, 2], name="x"), tf.no_op("before")
    with tf.variable_scope("net"):
        w = tf.get_variable("w", [2, 1], initializer=tf.ones_initializer())
        y = tf.matmul(x, w, name="y")
        with tf.control_dependencies([before]):
            tf.identity(y, name="z")
    tf.get_variable("other", [])
    tf.add_to_collection("ys", y)
    tf.add_to_collection("ys", x)
    tf.add_to_collection("names", "net/y")
    tf.add_to_collection("names", "x")
    tf.add_to_collection("ints", 3)


def test_a_scope_of_a_graph() -> None:
    scoped_graph()
    before = tf.get_default_graph().get_all_collection_keys()
    made = tf.train.export_meta_graph(export_scope="net")
    assert tf.get_default_graph().get_all_collection_keys() == before
    inputs = {n.name: list(n.input) for n in made.graph_def.node}
    assert list(inputs) == ["w/Initializer/ones", "w", "w/Assign", "w/read", "y", "z"]
    assert inputs["y"] == ["$unbound_inputs_x", "w/read"]
    assert inputs["z"] == ["y", "^$unbound_inputs_before"]
    assert made.collection_def["ys"].node_list.value == ["y:0"]
    assert made.collection_def["names"].bytes_list.value == [b"y"]
    assert made.collection_def["ints"].int64_list.value == [3]
    assert made.collection_def["unbound_inputs"].bytes_list.value == [
        b"$unbound_inputs_x", b"^$unbound_inputs_before",
    ]  # fmt: skip
    assert len(made.collection_def["variables"].bytes_list.value) == 1
    assert [op.name for op in made.meta_info_def.stripped_op_list.op] == [
        "Assign", "Const", "Identity", "MatMul", "VariableV2",
    ]  # fmt: skip


def test_a_scope_of_a_graph_goes_into_another() -> None:
    scoped_graph()
    made = tf.train.export_meta_graph(export_scope="net")
    with tf.Graph().as_default() as graph, tf.Session() as sess:
        with pytest.raises(ValueError) as caught:
            tf.train.import_meta_graph(made, import_scope="new")
        assert str(caught.value) == (
            "Graph contains unbound inputs: $unbound_inputs_x,^$unbound_inputs_before. Must "
            "provide these inputs through input_map."
        )
        assert names() == []
        fed = tf.constant([[1.0, 2.0]], name="fed")
        inputs = {"$unbound_inputs_x": fed, "^$unbound_inputs_before": fed}
        tf.train.import_meta_graph(made, import_scope="new", input_map=inputs)
        assert [v.name for v in tf.trainable_variables()] == ["new/w:0"]
        assert tf.get_collection("ys") == [graph.get_tensor_by_name("new/y:0")]
        assert tf.get_collection("names") == ["new/y"]
        assert tf.get_collection("unbound_inputs") == []
        sess.run(tf.global_variables_initializer())
        assert sess.run("new/z:0").tolist() == [[3.0]]


def test_colocation_in_a_scope() -> None:
    outside = tf.constant(1.0, name="outside")
    with tf.name_scope("in"):
        first = tf.no_op("first")
        with tf.colocate_with(outside):
            tf.no_op("lost")
        with tf.colocate_with(first):
            tf.no_op("kept")
    made = tf.train.export_meta_graph(export_scope="in/")
    groups = {n.name: [*n.attr["_class"].list.s] for n in made.graph_def.node if n.attr}
    assert groups == {"lost": [], "kept": [b"loc:@first"]}


def test_savers_in_collections(tmp_path: Path) -> None:
    trained_graph()
    saver = tf.train.Saver(max_to_keep=2, name="keeper")
    tf.add_to_collection(tf.GraphKeys.SAVERS, saver)
    proto = tf.train.export_meta_graph(str(tmp_path / "g.meta"))
    assert tf.MetaGraphDef.FromString((tmp_path / "g.meta").read_bytes()) == proto
    for scope in (None, "copy"):
        with tf.Graph().as_default(), tf.Session() as sess:
            tf.train.import_meta_graph(proto, import_scope=scope)
            (again,) = tf.get_collection(tf.GraphKeys.SAVERS)
            prefix = f"{scope}/" if scope else ""
            assert again.as_saver_def().restore_op_name == f"{prefix}keeper/restore_all"
            assert again.as_saver_def().max_to_keep == 2
            sess.run(tf.global_variables_initializer())
            path = again.save(sess, str(tmp_path / "m"), write_meta_graph=False)
            again.restore(sess, path)


@pytest.mark.parametrize("sharded", [False, True])
def test_savers_that_do_not_belong(sharded: bool) -> None:
    trained_graph()
    first = tf.train.Saver(sharded=sharded)
    with tf.name_scope("inner"):
        second = tf.train.Saver(name="mine")
    tf.identity(first.as_saver_def().save_tensor_name, name="uses")
    tf.add_to_collection(tf.GraphKeys.SAVERS, first)

    def kept(saver: Any) -> tuple[Any, set[str]]:
        proto = None if saver is None else saver.as_saver_def()
        made = tf.train.export_meta_graph(saver_def=proto, clear_extraneous_savers=True)
        scopes = {n.name.rpartition("/")[0] for n in made.graph_def.node}
        return made, {s for s in scopes if s.startswith(("save", "inner"))}

    made, scopes = kept(first)
    assert "save" in scopes and "inner/mine" not in scopes
    assert made.collection_def["savers"].bytes_list.value == [
        first.as_saver_def().SerializeToString()
    ]
    made, scopes = kept(second)
    assert scopes >= {"inner/mine"} and not any(s.startswith("save") for s in scopes)
    assert len(made.collection_def["savers"].bytes_list.value) == 1
    made, scopes = kept(None)
    assert scopes == set() and "savers" not in made.collection_def
    assert [n.name for n in made.graph_def.node if n.name in ("x", "y", "uses")] == [
        "x", "y", "uses",
    ]  # fmt: skip


def test_variables_in_a_collection_of_the_script() -> None:
    trained_graph()
    for v in tf.trainable_variables():
        tf.add_to_collection("mine", v)
    made = tf.train.export_meta_graph()
    assert made.collection_def["mine"].node_list.value == ["w:0", "b:0"]
    with tf.Graph().as_default() as graph:
        tf.train.import_meta_graph(made)
        tensors = [graph.get_tensor_by_name("w:0"), graph.get_tensor_by_name("b:0")]
        assert tf.get_collection("mine") == tensors


def test_protos_of_what_is_not_there_are_kept() -> None:
    runner = queue_runner_pb2.QueueRunnerDef(queue_name="q", enqueue_op_name=["a", "b"])
    loop = control_flow_pb2.WhileContextDef(context_name="loop", loop_exit_names=["e"])
    loop.values_def.external_values["v"] = "w"
    loop.nested_contexts.add().cond_ctxt.pred_name = "p"
    given = tf.MetaGraphDef()
    given.collection_def["queue_runners"].bytes_list.value.append(runner.SerializeToString())
    given.collection_def["while_context"].bytes_list.value.append(loop.SerializeToString())
    keys = ["queue_runners", "while_context"]
    tf.train.import_meta_graph(given)
    assert tf.train.export_meta_graph().collection_def == given.collection_def
    with tf.Graph().as_default():
        tf.train.import_meta_graph(given, import_scope="s")
        made = tf.train.export_meta_graph().collection_def
    runner = queue_runner_pb2.QueueRunnerDef.FromString(made[keys[0]].bytes_list.value[0])
    assert (runner.queue_name, list(runner.enqueue_op_name)) == ("s/q", ["s/a", "s/b"])
    loop = control_flow_pb2.WhileContextDef.FromString(made[keys[1]].bytes_list.value[0])
    assert (loop.context_name, list(loop.loop_exit_names)) == ("s/loop", ["s/e"])
    assert dict(loop.values_def.external_values) == {"s/v": "s/w"}
    assert loop.nested_contexts[0].cond_ctxt.pred_name == "s/p"


def conditional() -> None:
    x = tf.placeholder(tf.float32, [2], name="x")

    def otherwise() -> Any:
        return tf.cond(x[1] > 0, lambda: x * 5.0, lambda: x * 7.0)

    tf.add_to_collection("chosen", tf.cond(x[0] > 0, lambda: x * 3.0, otherwise, name="pick"))


@pytest.mark.parametrize("scope", [None, "copy"])
def test_conditionals_come_back(scope: str | None) -> None:
    conditional()
    made = tf.train.export_meta_graph()
    tf.gradients(tf.get_collection("chosen")[0], tf.get_default_graph().get_tensor_by_name("x:0"))
    expected = names()
    with tf.Graph().as_default() as graph, tf.Session() as sess:
        tf.train.import_meta_graph(made, import_scope=scope)
        prefix = f"{scope}/" if scope else ""
        x = graph.get_tensor_by_name(f"{prefix}x:0")
        (slope,) = tf.gradients(tf.get_collection("chosen")[0], x)
        assert sorted(name.replace(prefix, "") for name in names()) == sorted(expected)
        found = [sess.run(slope, {x: v})[0] for v in ([1, 1], [-1, 1], [-1, -1])]
        assert found == [3.0, 5.0, 7.0]
        contexts = tf.get_collection(tf.GraphKeys.COND_CONTEXT)
        assert [c.name for c in contexts] == [
            f"{prefix}pick/cond_text", f"{prefix}pick/cond_text_1",
        ]  # fmt: skip
        again = tf.train.export_meta_graph(export_scope=scope)
        assert again.collection_def["cond_context"] == made.collection_def["cond_context"]
    proto = control_flow_pb2.CondContextDef.FromString(
        made.collection_def["cond_context"].bytes_list.value[1]
    )
    assert (proto.pred_name, proto.pivot_name, proto.branch) == (
        "pick/pred_id:0",
        "pick/switch_f:0",
        0,
    )
    assert [c.cond_ctxt.context_name for c in proto.nested_contexts] == [
        "pick/cond/cond_text", "pick/cond/cond_text_1",
    ]  # fmt: skip


def damaged(change: Any) -> Any:
    trained_graph()
    tf.train.Saver()
    made = tf.train.export_meta_graph(saver_def=tf.train.Saver().as_saver_def())
    change(made)
    return made


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda m: m.collection_def["nodes"].node_list.value.append("none:0"), KeyError),
        (lambda m: m.collection_def["variables"].bytes_list.value.append(b"\xff"), ValueError),
        (lambda m: m.collection_def["savers"].bytes_list.value.append(b"\xff"), ValueError),
        (lambda m: m.collection_def["cond_context"].bytes_list.value.append(b"\xff"), ValueError),
        (lambda m: m.graph_def.node[0].input.append("none"), ValueError),
        (lambda m: setattr(m.saver_def, "restore_op_name", ""), ValueError),
        (lambda m: setattr(m.graph_def.node[3], "op", "None"), tf.errors.NotFoundError),
    ],
)
def test_a_meta_graph_that_does_not_hold_together_changes_nothing(change: Any, kind: Any) -> None:
    given = damaged(change)
    with tf.Graph().as_default() as graph:
        tf.add_to_collection("mine", tf.constant(1.0))
        before = graph.as_graph_def(), graph.get_all_collection_keys()
        with pytest.raises(kind):
            tf.train.import_meta_graph(given)
        assert (graph.as_graph_def(), graph.get_all_collection_keys()) == before
        assert tf.global_variables() == []


def test_what_a_newer_op_type_has_by_default_is_left_out() -> None:
    trained_graph()
    made = tf.train.export_meta_graph()
    node = next(n for n in made.graph_def.node if n.op == "MatMul")
    node.attr["fancy"].b = True
    with pytest.raises(ValueError, match="mentions attr 'fancy'"):
        tf.train.import_meta_graph(made, import_scope="a")
    told = next(op for op in made.meta_info_def.stripped_op_list.op if op.name == "MatMul")
    told.attr.add(name="fancy", type="bool").default_value.b = True
    assert tf.train.import_meta_graph(made, import_scope="a") is not None


def test_options_that_are_not_there() -> None:
    with pytest.raises(ValueError, match="save_debug_info: where nodes were defined"):
        tf.train.export_meta_graph(save_debug_info=True)
    with pytest.raises(TypeError, match="unexpected keyword argument 'other'"):
        tf.train.export_meta_graph(other=1)
