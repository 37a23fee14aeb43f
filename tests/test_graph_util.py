"""`tf.graph_util`: variables become constants, parts of GraphDefs."""

from __future__ import annotations

from typing import Any

import pytest

import tflite_edu as tf


def frozen_model() -> tuple[Any, Any]:
    """Variables of both kinds, rows of one of them, and numbers that are checked."""
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    w = tf.Variable([[1.0], [2.0]], name="w")
    table = tf.get_variable("table", initializer=[[1.0], [2.0], [3.0]], use_resource=True)
    bias = tf.get_variable("bias", initializer=[0.5], use_resource=True)
    rows = tf.reduce_sum(tf.gather(table, [1, 2]))
    y = tf.check_numerics(tf.identity(tf.matmul(x, w) + bias) + rows, "y")
    tf.identity(y, name="y")
    tf.square(y, name="unused")
    return x, [w, table, bias]


def run_alone(graph_def: Any, output: str = "y:0") -> Any:
    with tf.Graph().as_default(), tf.Session() as sess:
        (y,) = tf.import_graph_def(graph_def, return_elements=[output])
        return sess.run(y, {"import/x:0": [[1.0, 1.0]]}).tolist()


def test_variables_become_constants() -> None:
    frozen_model()
    given = tf.get_default_graph().as_graph_def()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        made = tf.graph_util.convert_variables_to_constants(sess, given, ["y"])
    kinds = {node.name: node.op for node in made.node}
    assert {kinds[n] for n in ("w", "table", "bias")} == {"Const"} and "unused" not in kinds
    assert not {"VarHandleOp", "VariableV2", "ReadVariableOp", "ResourceGather"} & {*kinds.values()}
    assert run_alone(made) == [[8.5]]


def test_some_variables_stay() -> None:
    frozen_model()
    given = tf.get_default_graph().as_graph_def()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        some = tf.graph_util.convert_variables_to_constants(
            sess, given, ["y"], variable_names_blacklist=["bias"]
        )
        other = tf.graph_util.convert_variables_to_constants(
            sess, given, ["y"], variable_names_whitelist=["w"]
        )
    assert {n.name for n in some.node if n.op == "VarHandleOp"} == {"bias"}
    assert {n.name for n in other.node if n.op == "VarHandleOp"} == {"bias", "table"}
    assert next(n for n in other.node if n.name == "w").op == "Const"


def test_a_part_of_a_graph() -> None:
    frozen_model()
    given = tf.get_default_graph().as_graph_def()
    part = tf.graph_util.extract_sub_graph(given, ["MatMul"])
    assert [node.name for node in part.node] == ["x", "w", "w/read", "MatMul"]
    assert part.versions == given.versions
    with pytest.raises(AssertionError, match="none is not in graph"):
        tf.graph_util.extract_sub_graph(given, ["none"])
    with pytest.raises(TypeError, match="dest_nodes must be a list."):
        tf.graph_util.extract_sub_graph(given, "y")


def test_nodes_of_training_go() -> None:
    frozen_model()
    given = tf.get_default_graph().as_graph_def()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        made = tf.graph_util.convert_variables_to_constants(sess, given, ["y"])
    short = tf.graph_util.remove_training_nodes(made, protected_nodes=["y"])
    assert "CheckNumerics" in [n.op for n in made.node]
    assert [n.name for n in short.node if n.op in ("Identity", "CheckNumerics")] == ["y"]
    assert run_alone(short) == [[8.5]]


def node(op: str, **types: Any) -> Any:
    made = tf.NodeDef(name="n", op=op)
    for name, dtype in types.items():
        made.attr[name].type = dtype.as_datatype_enum
    return made


@pytest.mark.parametrize(
    ("node_def", "always", "pinned"),
    [
        (node("Const", dtype=tf.string), True, True),
        (node("Const", dtype=tf.int32), True, True),
        (node("Const", dtype=tf.float32), False, False),
        (node("Const"), False, False),
        (node("Cast", SrcT=tf.int32, DstT=tf.float32), True, True),
        (node("Cast", SrcT=tf.float32, DstT=tf.int32), False, False),
        (node("DynamicStitch", T=tf.int32), True, True),
        (node("ParallelDynamicStitch", T=tf.float32), False, False),
        (node("VariableV2", dtype=tf.float32), False, True),
        (node("ScatterUpdate"), False, True),
        (node("VarHandleOp", dtype=tf.float32), False, False),
    ],
)
def test_what_must_run_on_the_cpu(node_def: Any, always: bool, pinned: bool) -> None:
    assert tf.graph_util.must_run_on_cpu(node_def) is always
    assert tf.graph_util.must_run_on_cpu(node_def, pin_variables_on_cpu=True) is pinned


def test_operations_that_must_run_on_the_cpu() -> None:
    assert tf.graph_util.must_run_on_cpu(tf.constant("a").op)
    assert not tf.graph_util.must_run_on_cpu(tf.constant(1.0).op)
    with pytest.raises(AssertionError):
        tf.graph_util.must_run_on_cpu(tf.constant("a"))


def test_shapes_of_what_inputs_name() -> None:
    frozen_model()
    graph = tf.get_default_graph()
    shape_of = tf.graph_util.tensor_shape_from_node_def_name
    assert shape_of(graph, "x").as_list() == [None, 2]
    assert shape_of(graph, "w/read:0").as_list() == [2, 1]
    with pytest.raises(KeyError, match="The name 'none:0' refers to a Tensor which does not exist"):
        shape_of(graph, "none")


def test_cluster_protos() -> None:
    job = tf.train.JobDef(name="worker", tasks={0: "a:1", 1: "b:1"})
    server = tf.train.ServerDef(
        cluster=tf.train.ClusterDef(job=[job]), job_name="worker", task_index=1, protocol="grpc"
    )
    assert tf.train.ServerDef.FromString(server.SerializeToString()) == server
    assert server.cluster.job[0].tasks[1] == "b:1"
