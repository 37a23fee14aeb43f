"""tf.cond and tf.case: what runs, what is refused, what belongs to a branch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tflite_edu as tf
from tflite_edu.ops.conditional import smart_cond

ON_ENGINES = pytest.mark.parametrize("engine", ["numpy", "reference"])


@ON_ENGINES
def test_only_the_branch_that_is_taken_runs(engine: str, capfd: pytest.CaptureFixture) -> None:
    p = tf.placeholder(tf.bool, [])
    v = tf.Variable(0.0)

    def say(text: str, value: float) -> Any:
        with tf.control_dependencies([v.assign_add(value)]):
            return tf.Print(tf.constant(value), [], text)

    y = tf.cond(p, lambda: say("yes", 1.0), lambda: say("no", 10.0))
    with tf.Session(engine=engine) as session:
        session.run(v.initializer)
        assert [session.run(y, {p: value}) for value in (True, False, True)] == [1.0, 10.0, 1.0]
        assert session.run(v) == 12.0
    assert capfd.readouterr().err.split() == ["yes", "no", "yes"]


@ON_ENGINES
def test_a_failing_branch_fails_only_where_it_is_taken(engine: str) -> None:
    p = tf.placeholder(tf.bool, [])
    x = tf.placeholder(tf.float32, [None])
    y = tf.cond(p, lambda: tf.reshape(x, [2, 2]), lambda: tf.zeros([2, 2]), name="c")
    with tf.Session(engine=engine) as session:
        assert session.run(y, {p: False, x: [1.0]}).shape == (2, 2)
        with pytest.raises(tf.errors.InvalidArgumentError, match="node c/Reshape"):
            session.run(y, {p: True, x: [1.0]})


@ON_ENGINES
def test_batch_normalization_by_a_placeholder_trains(engine: str) -> None:
    training = tf.placeholder(tf.bool, [])
    x = tf.placeholder(tf.float32, [None, 2])
    w = tf.Variable([[1.0], [2.0]])
    kept = tf.Variable(0.0, trainable=False)
    mean = tf.reduce_mean(x)
    with tf.control_dependencies([tf.cond(training, lambda: kept.assign(mean), lambda: kept + 0)]):
        shift = tf.cond(training, lambda: mean, lambda: kept.read_value())
    loss = tf.reduce_mean(tf.square(tf.matmul(x - shift, w)))
    step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    rows = np.array([[1.0, 2.0], [3.0, 6.0]], np.float32)
    with tf.Session(engine=engine) as session:
        session.run(tf.global_variables_initializer())
        losses = [session.run([loss, step], {x: rows, training: True})[0] for _ in range(20)]
        assert losses[-1] < losses[0] / 5
        assert session.run(shift, {x: rows + 9.0, training: False}) == 3.0


def test_a_predicate_known_now_chooses_now() -> None:
    before = len(tf.get_default_graph().get_operations())
    assert smart_cond(True, lambda: "yes", lambda: "no") == "yes"
    assert smart_cond(0, lambda: "yes", lambda: "no") == "no"
    assert smart_cond(tf.constant(True), lambda: "yes", lambda: "no") == "yes"
    assert len(tf.get_default_graph().get_operations()) == before + 1
    for bad in (2, "a", None, 0.5):
        with pytest.raises(TypeError, match="`pred` must be a Tensor, or a Python bool, or 1 or 0"):
            smart_cond(bad, lambda: 1, lambda: 2)


def one() -> Any:
    return tf.constant(1.0)


REFUSED: list[tuple[Callable[[Any], Any], type[Exception], str]] = [
    (lambda p: tf.cond(True, one, one), TypeError, "pred must not be a Python bool"),
    (lambda p: tf.cond(p, 1, one), TypeError, "true_fn must be callable."),
    (lambda p: tf.cond(p, one, 1), TypeError, "false_fn must be callable."),
    (lambda p: tf.cond(p), TypeError, r"cond\(\): true_fn argument required"),
    (lambda p: tf.cond(p, one), TypeError, r"cond\(\): false_fn argument required"),
    (lambda p: tf.cond(p, one, one, fn1=one), TypeError, "true_fn and fn1 may not be set"),
    (lambda p: tf.cond(p, lambda: None, one), ValueError, "true_fn must have a return value."),
    (
        lambda p: tf.cond(p, one, lambda: 1),
        ValueError,
        "Outputs of true_fn and false_fn must have the same type: float32, int32",
    ),
    (
        lambda p: tf.cond(p, lambda: (1.0, 2.0), one),
        ValueError,
        "The two structures don't have the same nested structure.",
    ),
    (
        lambda p: tf.cond(tf.constant([True]), one, one),
        ValueError,
        "Shape must be rank 0 but is rank 1 for 'cond/Switch'",
    ),
    (lambda p: tf.cond(tf.constant(1.0), one, one), TypeError, "Switch.*has type float32"),
    (lambda p: tf.case(1), TypeError, "fns must be a list, tuple, or dict"),
    (lambda p: tf.case([]), ValueError, "not enough values to unpack"),
    (lambda p: tf.case([(p,)]), TypeError, "Each entry in pred_fn_pairs must be a 2-tuple"),
    (lambda p: tf.case([(p, 1)]), TypeError, "fn for pred p:0 must be callable."),
    (lambda p: tf.case([(True, one)]), TypeError, "pred must be a Tensor, got: True"),
]


@pytest.mark.parametrize(("call", "error", "message"), REFUSED)
def test_what_is_refused(call: Callable[[Any], Any], error: type[Exception], message: str) -> None:
    p = tf.placeholder(tf.bool, [], name="p")
    with pytest.raises(error, match=message):
        call(p)
    # A branch that was left by an error is left.
    assert tf.constant(2.0).op.control_inputs == []


@ON_ENGINES
def test_case_checks_what_it_was_told(engine: str) -> None:
    p = tf.placeholder(tf.bool, [], name="p")
    q = tf.placeholder(tf.bool, [], name="q")
    first = tf.case([(p, one), (q, lambda: tf.constant(2.0))])
    only = tf.case({p: one, q: lambda: tf.constant(2.0)}, default=one, exclusive=True)
    with tf.Session(engine=engine) as session:
        assert session.run(first, {p: True, q: True}) == 1.0
        assert session.run(first, {p: False, q: True}) == 2.0
        with pytest.raises(tf.errors.InvalidArgumentError, match="None of conditions evaluated"):
            session.run(first, {p: False, q: False})
        with pytest.raises(
            tf.errors.InvalidArgumentError, match=r"more than 1 conditions \(p:0, q"
        ):
            session.run(only, {p: True, q: True})


def test_what_is_inside_a_branch_can_be_fed_and_not_fetched() -> None:
    p = tf.placeholder(tf.bool, [])
    x = tf.placeholder(tf.float32, [2])
    y = tf.cond(p, lambda: x, lambda: tf.multiply(x, 2.0, name="twice"))
    with tf.Session() as session:
        with pytest.raises(ValueError, match="'cond/twice' has been marked as not fetchable"):
            session.run("cond/twice:0", {p: False, x: [1.0, 2.0]})
        given = session.run(y, {p: False, x: [1.0, 2.0], "cond/twice:0": [5.0, 5.0]})
        np.testing.assert_array_equal(given, [5.0, 5.0])
