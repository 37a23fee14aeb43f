"""Graphs: several side by side, threads, finalized ones, elements by name."""

from __future__ import annotations

import threading

import numpy as np
import pytest

import tflite_edu as tf
from tflite_edu.core import raw


def test_graphs_side_by_side_do_not_mix() -> None:
    one, two = tf.Graph(), tf.Graph()
    with one.as_default():
        a = tf.constant(1.0, name="a")
    with two.as_default():
        b = tf.constant(2.0, name="a")
    assert a.name == b.name == "a:0"
    assert a.graph is one and b.graph is two
    with pytest.raises(ValueError, match="must be from the same graph as"):
        a + b
    with tf.Session(graph=one) as session:
        assert session.run(a) == 1


def test_a_node_goes_to_the_graph_of_its_inputs() -> None:
    other = tf.Graph()
    with other.as_default():
        x = tf.placeholder(tf.float32, [None])
    y = tf.square(x) + 1.0
    assert y.graph is other
    assert tf.get_default_graph().get_operations() == []


def test_each_thread_has_its_own_stack_of_default_graphs() -> None:
    seen = []

    def build() -> None:
        graph = tf.Graph()
        with graph.as_default():
            for i in range(100):
                tf.constant(float(i))
        seen.append(len(graph.get_operations()))

    threads = [threading.Thread(target=build) for _ in range(4)]
    with tf.Graph().as_default() as mine:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert mine.get_operations() == []
    assert seen == [100] * 4


def test_threads_add_nodes_to_one_graph_without_losing_any() -> None:
    graph = tf.get_default_graph()

    def build() -> None:
        with graph.as_default():
            for _ in range(200):
                tf.constant(1.0, name="c")

    threads = [threading.Thread(target=build) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = [op.name for op in graph.get_operations()]
    assert len(found) == len(set(found)) == 800


def test_a_finalized_graph_refuses_nodes_and_still_runs() -> None:
    x = tf.constant(1.0)
    graph = tf.get_default_graph()
    graph.finalize()
    with pytest.raises(RuntimeError, match="Graph is finalized and cannot be modified."):
        tf.constant(2.0)
    with pytest.raises(RuntimeError, match="Graph is finalized and cannot be modified."):
        graph.add_to_collection("c", 1)
    with tf.Session() as session:
        assert session.run(x) == 1
    assert len(graph.get_operations()) == 1


def test_a_refused_node_leaves_no_trace() -> None:
    a, b = tf.ones([2, 3]), tf.ones([4, 5])
    before = len(tf.get_default_graph().get_operations())
    with pytest.raises(ValueError, match="Dimensions must be equal, but are 3 and 4"):
        tf.matmul(a, b)
    assert len(tf.get_default_graph().get_operations()) == before
    assert a.consumers() == []


def test_reset_inside_a_graph_is_refused() -> None:
    with tf.Graph().as_default(), pytest.raises(AssertionError, match="nested graphs"):
        tf.reset_default_graph()


def test_a_node_remembers_the_script_lines_that_defined_it() -> None:
    def layer(x: tf.Tensor) -> tf.Tensor:
        return tf.exp(x)

    y = layer(tf.constant(1.0))
    (inner, _), (outer, _) = y.op.where[0], y.op.where[1]
    assert inner.endswith("test_graph.py") and outer.endswith("test_graph.py")
    assert y.op.where[0][1] < y.op.where[1][1]


def test_operations_with_the_same_attributes_share_their_definition() -> None:
    a = tf.constant(1.0)
    assert tf.exp(a).op.definition is tf.exp(a).op.definition
    assert raw.Exp(a).op.definition is tf.exp(a).op.definition
    assert tf.exp(a).op.definition is not tf.exp(tf.constant(1.0, tf.float64)).op.definition


def test_signed_zeros_are_different_attributes() -> None:
    from tflite_edu.core.op import Op

    class Scaled(Op, abstract=True):
        """Not registered: an op with a float attribute."""

    Scaled.__annotations__ = {"factor": "float"}
    from tflite_edu.core.op import Signature

    Scaled.signature = Signature.of(Scaled)
    assert Scaled.of((0.0,)) is Scaled.of((0.0,))
    assert np.signbit(Scaled.of((-0.0,)).factor) and not np.signbit(Scaled.of((0.0,)).factor)


def test_create_op_takes_attributes_as_plain_values() -> None:
    graph = tf.get_default_graph()
    x = tf.constant([[1.0, 2.0]])
    op = graph.create_op(
        "MatMul", [x, x], [tf.float32], name="product", attrs={"transpose_b": True, "_mine": 3}
    )
    assert op.outputs[0].shape.as_list() == [1, 1]
    assert op.get_attr("_mine") == 3
    with tf.Session() as session:
        assert session.run(op.outputs[0]) == [[5]]


def test_a_missing_name_says_so() -> None:
    with pytest.raises(AttributeError, match=r"tf\.no_such_thing is not there"):
        tf.no_such_thing  # noqa: B018
    with pytest.raises(AttributeError, match=r"tf\.nn\.no_such_thing is not there"):
        tf.nn.no_such_thing  # noqa: B018
