"""Programs: what is pruned, in which order steps run, what is reported."""

from __future__ import annotations

import pytest

import tflite_edu as tf
from tflite_edu.plan.planner import plan


def names(program: object) -> list[str]:
    return [step.operation.name for step in program.steps]


def test_a_program_holds_what_the_fetches_need_and_stops_at_feeds() -> None:
    x = tf.placeholder(tf.float32, [], name="x")
    y = tf.square(x, name="y")
    z = tf.exp(y, name="z")
    tf.tanh(z, name="unused")
    program = plan([z], [], [])
    program.verify()
    assert names(program) == ["x", "y", "z"]
    fed = plan([z], [], [y])
    fed.verify()
    assert names(fed) == ["z"]
    assert str(fed) == "inputs     y: float32\n    z: float32 = Exp(y)\noutputs    z"
    assert names(plan([y], [], [y])) == []


def test_unordered_steps_run_in_the_order_of_creation() -> None:
    a = tf.constant(1.0, name="a")
    b = tf.exp(a, name="b")
    c = tf.log(a, name="c")
    d = tf.add(c, b, name="d")
    assert names(plan([d, b], [], [])) == ["a", "b", "c", "d"]


def test_a_write_waits_for_every_use_that_nothing_orders() -> None:
    v = tf.Variable(1.0, name="v")
    write = tf.assign(v, 2.0, name="write")
    use = tf.add(v, 1.0, name="use")
    after = tf.add(write, 1.0, name="after")
    order = names(plan([write, use, after], [], []))
    assert order.index("use") < order.index("write") < order.index("after")


def test_writes_that_nothing_orders_are_reported() -> None:
    v = tf.Variable(1.0, name="v")
    one = tf.assign(v, 2.0, name="one")
    two = tf.assign_add(v, 2.0, name="two")
    program = plan([one, two], [], [])
    assert program.notes == (
        "one and two write the same variable and nothing orders them; they run in the order of "
        "creation",
    )
    with tf.control_dependencies([one]):
        three = tf.assign_add(v, 2.0, name="three")
    assert plan([one, three], [], []).notes == ()


def test_two_variables_whose_uses_and_writes_cross_still_have_an_order() -> None:
    u = tf.Variable(1.0, name="u")
    v = tf.Variable(2.0, name="v")
    write_u = tf.assign(u, 10.0, name="write_u")
    write_v = tf.assign(v, 20.0, name="write_v")
    with tf.control_dependencies([write_u]):
        use_v = tf.add(v, 0.0, name="use_v")
    with tf.control_dependencies([write_v]):
        use_u = tf.add(u, 0.0, name="use_u")
    program = plan([use_u, use_v, write_u, write_v], [], [])
    program.verify()
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        assert sorted(session.run([use_u, use_v])) in ([1, 20], [2, 10])


def test_a_cycle_is_refused() -> None:
    a = tf.constant(1.0, name="a")
    b = tf.identity(a, name="b")
    c = tf.identity(b, name="c")
    b.op._update_input(0, c)
    with pytest.raises(tf.errors.InvalidArgumentError, match="contains a cycle"):
        plan([c], [], [])


def test_verify_finds_a_use_before_its_making() -> None:
    from tflite_edu.plan.program import Program

    a = tf.constant(1.0)
    program = plan([tf.exp(a)], [], [])
    program.verify()
    reversed_steps = Program(program.feeds, program.fetches, program.steps[::-1])
    with pytest.raises(ValueError, match="before it is made"):
        reversed_steps.verify()
