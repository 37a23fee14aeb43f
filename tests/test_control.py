"""Nodes that order others (group, tuple, no_op) and branches that may not run."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from conftest import ENGINES

import tflite_edu as tf
from tflite_edu.core import raw
from tflite_edu.ops.control import with_dependencies


def controls(op: tf.Operation) -> list[str]:
    return [c.name for c in op.control_inputs]


def test_group() -> None:
    a, b = tf.constant(1.0, name="a"), tf.constant(2, name="b")
    assert controls(tf.group(name="empty")) == []
    assert tf.group(a).name == "group_deps"
    assert controls(tf.group([a, [b.op]], {"k": a}, name="nested")) == ["a", "b"]
    sliced = tf.group(tf.IndexedSlices(a, b), name="sliced")
    assert controls(sliced) == ["a", "b"]
    assert tf.no_op().name == "NoOp"


def test_group_by_device() -> None:
    a = tf.constant(1.0, name="a")
    with tf.device("/gpu:0"):
        b = tf.constant(1.0, name="b")
    grouped = tf.group(b, a, name="g")
    assert controls(grouped) == ["g/NoOp", "g/NoOp_1"]
    assert [(controls(c)[0], c.device) for c in grouped.control_inputs] == [
        ("a", ""),
        ("b", "/device:GPU:0"),
    ]


def test_group_refuses() -> None:
    with pytest.raises(TypeError) as raised:
        tf.group(1.0)
    assert str(raised.value) == (
        "Expected tf.group() expected Tensor arguments not '1.0' with type '<class 'float'>'"
    )
    with pytest.raises(ValueError, match="Unknown keyword arguments: bad"):
        tf.group(bad=3)


def test_tuple() -> None:
    a, b = tf.constant([1.0, 2.0], name="a"), tf.constant(3, name="b")
    c = tf.constant(1.0, name="c")
    first, none, second = tf.tuple([a, None, b], control_inputs=[c])
    assert none is None
    assert [first.name, second.name] == [
        "tuple/control_dependency:0",
        "tuple/control_dependency_1:0",
    ]
    assert controls(first.op) == ["tuple/group_deps"]
    assert controls(first.op.control_inputs[0]) == ["a", "b", "c"]
    assert first.op.get_attr("_class") == [b"loc:@a"]
    with tf.Session() as session:
        np.testing.assert_array_equal(session.run(first), [1.0, 2.0])


def test_tuple_of_slices_and_operations() -> None:
    a = tf.constant([1.0], name="a")
    indices = tf.constant([4])
    sliced, op = tf.tuple([tf.IndexedSlices(a, indices), a.op], name="t")
    assert sliced.values.name == "t/control_dependency:0"
    assert sliced.indices is indices
    assert op.name == "t/group_deps_1"
    assert sorted(controls(op)) == ["a", "t/group_deps"]


def test_tuple_refuses() -> None:
    for empty in ([], [None]):
        with pytest.raises(ValueError, match="Must have at least one Tensor: "):
            tf.tuple(empty)
    with pytest.raises(TypeError, match="Control input must be Operation or Tensor: 3"):
        tf.tuple([tf.constant(1.0)], control_inputs=[3])


def test_with_dependencies_orders() -> None:
    v = tf.Variable(1.0)
    assign = v.assign(5.0)
    after = with_dependencies([assign], v)
    with tf.Session() as session:
        session.run(v.initializer)
        assert session.run(after) == 5.0


def test_control_inputs_that_an_input_already_follows_are_left_out() -> None:
    a, b = tf.constant(1.0, name="a"), tf.constant(2.0, name="b")
    with tf.control_dependencies([a, b]):
        first = tf.identity(a, name="first")
        second = tf.identity(first, name="second")
    assert controls(first.op) == ["b"]
    assert controls(second.op) == []


@pytest.mark.parametrize("engine", ENGINES)
def test_a_branch_that_is_not_taken_does_not_run(
    engine: str, engine_session: Callable[[str], tf.Session]
) -> None:
    predicate = tf.placeholder(tf.bool, [])
    x = tf.placeholder(tf.float32, [2])
    counts = {"false": 0, "true": 0}

    def counting(name: str, tensor: tf.Tensor) -> tf.Tensor:
        def count(value: np.ndarray) -> np.ndarray:
            counts[name] += 1
            return value

        return tf.py_func(count, [tensor], tf.float32)

    if_false, if_true = raw.Switch(x, predicate)
    negative = tf.negative(counting("false", if_false))
    doubled = counting("true", if_true) * 2.0
    merged, index = raw.Merge([negative, doubled])
    following = merged + 1.0
    # The Switch itself always runs; what comes after its output does not.
    with tf.control_dependencies([tf.identity(if_true)]):
        number = tf.constant(7.0)
        late = tf.identity(number)
    chosen = raw.Merge([tf.identity(if_false[0]), late])[0]
    with engine_session(engine) as session:
        feed = {predicate: True, x: [1.0, 2.0]}
        values = session.run([merged, index, following, chosen, late], feed)
        np.testing.assert_array_equal(values[0], [2.0, 4.0])
        np.testing.assert_array_equal(values[2], [3.0, 5.0])
        assert (values[1], values[3], values[4]) == (1, 7.0, 7.0)
        assert counts == {"false": 0, "true": 1}
        feed[predicate] = False
        values = session.run([merged, index, chosen], feed)
        np.testing.assert_array_equal(values[0], [-1.0, -2.0])
        assert (values[1], values[2]) == (0, 1.0)
        assert counts == {"false": 1, "true": 1}
        for dead in (doubled, late):
            with pytest.raises(
                tf.errors.InvalidArgumentError, match=r"^Retval\[0\] does not have value"
            ):
                session.run(dead, feed)


@pytest.mark.parametrize("engine", ENGINES)
def test_operations_on_a_branch_do_not_run(
    engine: str, engine_session: Callable[[str], tf.Session]
) -> None:
    predicate = tf.placeholder(tf.bool, [])
    v = tf.Variable(1.0)
    _, if_true = raw.Switch(predicate, predicate)
    with tf.control_dependencies([tf.identity(if_true)]):
        nothing = tf.no_op()
    with tf.control_dependencies([nothing]):
        assign = v.assign(2.0)
        trigger = raw.ControlTrigger()
    with tf.control_dependencies([trigger]):
        always = v.assign_add(10.0)
    with engine_session(engine) as session:
        session.run(v.initializer)
        session.run([assign.op, always.op], {predicate: False})
        assert session.run(v) == 11.0
        session.run(assign.op, {predicate: True})
        assert session.run(v) == 2.0
