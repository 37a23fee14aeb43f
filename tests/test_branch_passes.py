"""Rewrites of programs with branches: what lies on a branch gets shorter, and still lies there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_engine_conditionals import PREDICATES, SHAPE, SIMPLE, Line, World, both_engines
from test_passes import done, operations
from test_random_graphs import examples

import tflite_edu as tf
from tflite_edu.core import raw
from tflite_edu.plan.branches import guards
from tflite_edu.plan.planner import plan, stages

ENGINES = ("numpy", "reference")


def on_both(fetches: Any, feeds: Sequence[dict]) -> list[Any]:
    """What runs in a row give, which has to be the same on both engines."""
    found = []
    for engine in ENGINES:
        with tf.Session(engine=engine) as session:
            session.run(tf.global_variables_initializer())
            found.append([session.run(fetches, feed) for feed in feeds])
    for one, other in zip(*found, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6)
    return found[0]


def test_constants_fold_on_a_branch() -> None:
    p = tf.placeholder(tf.bool, [], name="p")
    x = tf.placeholder(tf.float32, [None], name="x")
    y = tf.cond(
        p,
        lambda: x * (tf.sqrt(tf.constant(9.0)) - tf.reduce_sum(tf.ones([2]))) * 3.0,
        lambda: tf.reshape(x + tf.cast(tf.size(x), tf.float32), tf.shape(x)),
        name="c",
    )
    found = done([y], {p: (), x: (4,)})
    assert operations(found["unused"]) == [
        *("c/mul/Switch", "c/mul_1", "c/add", "c/Merge"),
    ]
    given = np.arange(4, dtype=np.float32)
    values = on_both(y, [{p: taken, x: given} for taken in (True, False)])
    np.testing.assert_array_equal(values, [given * 3, given + 4])


def test_a_branch_of_constants_alone_is_a_choice_of_two() -> None:
    p = tf.placeholder(tf.bool, [], name="p")
    y = tf.cond(p, lambda: tf.constant(1.0) + 2.0, lambda: tf.sqrt(tf.constant(4.0)), name="c")
    with tf.Session() as session:
        assert "c_Merge = c_add if p else c_Sqrt" in session.compilation(y, {p: True}).source
    assert on_both(y, [{p: True}, {p: False}]) == [3.0, 2.0]


def test_branches_of_constants_in_one_another() -> None:
    p, q = (tf.placeholder(tf.bool, [], name=name) for name in "pq")

    def inner() -> Any:
        return tf.cond(q, lambda: tf.constant(1.0) + 1.0, lambda: tf.constant(1.0) + 2.0)

    y = tf.cond(p, inner, lambda: tf.constant(2.0) * 5.0)
    feeds = [{p: a, q: b} for a in (True, False) for b in (True, False)]
    assert on_both(y, feeds) == [2.0, 3.0, 10.0, 10.0]


def test_a_folded_constant_of_a_branch_is_not_there_where_that_is_not_taken() -> None:
    p = tf.placeholder(tf.bool, [], name="p")
    x = tf.placeholder(tf.float32, [None], name="x")
    off, on = raw.Switch(x, p)
    size = tf.size(on) * 2
    shape = raw.Shape(off)
    for tensor in (size, shape):
        left = done([tensor], {p: (), x: (3,)})["unused"].program.steps
        assert {step.definition.op_type for step in left} == {"Const", "Switch"}
    for engine in ENGINES:
        with tf.Session(engine=engine) as session:
            assert session.run(size, {p: True, x: [0, 0, 0]}) == 6
            assert session.run(shape, {p: False, x: [0, 0, 0]}).tolist() == [3]
            for tensor, taken in ((size, False), (shape, True)):
                with pytest.raises(tf.errors.InvalidArgumentError, match="does not have value"):
                    session.run(tensor, {p: taken, x: [0, 0, 0]})


def test_what_has_an_effect_runs_on_its_branch_alone_where_all_it_is_given_is_constant() -> None:
    p = tf.placeholder(tf.bool, [], name="p")
    v = tf.Variable([0.0, 0.0], name="v", trainable=False)
    told: list[float] = []

    def tell(value: np.ndarray) -> np.ndarray:
        told.append(float(value))
        return value

    def if_true() -> Any:
        return tf.py_func(tell, [tf.constant(1.0) + 1.0], tf.float32)

    def if_false() -> Any:
        write = v.assign_add(tf.random_uniform([tf.constant(1) + 1], seed=5))
        with tf.control_dependencies([write]):
            return tf.constant(2.0) + 3.0

    y = tf.cond(p, if_true, if_false)
    values = []
    for engine in ENGINES:
        del told[:]
        with tf.Session(engine=engine) as session:
            session.run(v.initializer)
            steps = [session.run(y, {p: taken}) for taken in (True, False, True, False)]
            values.append((steps, session.run(v).tolist(), list(told)))
    assert values[0] == values[1]
    assert values[0][0] == [2.0, 5.0, 2.0, 5.0] and told == [2.0, 2.0]


@pytest.mark.parametrize(
    "build",
    [
        lambda x: tf.exp(tf.identity(x)),
        lambda x: tf.exp(x * 1.0 + 0.0),
        lambda x: tf.exp(tf.negative(tf.negative(x))),
        lambda x: tf.exp(tf.reshape(x, tf.shape(x))),
        lambda x: tf.exp(x * tf.ones_like(x)),
    ],
)
def test_steps_of_a_branch_that_change_nothing_go(build: Callable[[Any], Any]) -> None:
    p = tf.placeholder(tf.bool, [], name="p")
    x = tf.placeholder(tf.float32, [None], name="x")
    y = tf.cond(p, lambda: build(x), lambda: tf.tanh(x), name="c")
    left = operations(done([y], {p: (), x: (4,)})["unused"])
    assert left[0].endswith("/Switch") and left[1:] == ["c/Exp", "c/Tanh", "c/Merge"]
    given = np.linspace(-1, 1, 4, dtype=np.float32)
    values = on_both(y, [{p: taken, x: given} for taken in (True, False)])
    np.testing.assert_allclose(values, [np.exp(given), np.tanh(given)], rtol=1e-6)


def test_what_a_branch_computes_twice_is_computed_once() -> None:
    p = tf.placeholder(tf.bool, [], name="p")
    x = tf.placeholder(tf.float32, [2], name="x")
    y = tf.cond(p, lambda: tf.exp(x) + tf.exp(x), lambda: tf.exp(x), name="c")
    left = operations(done([y], {p: (), x: (2,)})["unused"])
    # Once on each branch.
    assert left == ["c/Exp/Switch", "c/Exp", "c/add", "c/Exp_2", "c/Merge"]
    on_both(y, [{p: taken, x: [0, 1]} for taken in (True, False)])


def test_a_step_that_always_runs_stands_for_one_of_a_branch() -> None:
    p = tf.placeholder(tf.bool, [], name="p")
    x = tf.placeholder(tf.float32, [2], name="x")
    off, on = raw.Switch(x, p)
    taken = tf.identity(on, name="taken")
    always = tf.exp(x, name="always")
    with tf.control_dependencies([taken]):
        told = tf.exp(x, name="told")
    product = tf.multiply(told, on, name="product")
    assert "told" not in operations(done([always, product], {p: (), x: (2,)})["unused"])
    # Here nothing else tells whether the branch was taken.
    assert "told" in operations(done([always, told], {p: (), x: (2,)})["unused"])
    for engine in ENGINES:
        with tf.Session(engine=engine) as session:
            session.run([always, product, told], {p: True, x: [1, 2]})
            for tensor in (product, told):
                with pytest.raises(tf.errors.InvalidArgumentError, match="does not have value"):
                    session.run([always, tensor], {p: False, x: [1, 2]})


def test_a_step_of_a_branch_does_not_stand_for_one_that_always_runs() -> None:
    p = tf.placeholder(tf.bool, [], name="p")
    x = tf.placeholder(tf.float32, [2], name="x")
    _, on = raw.Switch(x, p)
    with tf.control_dependencies([tf.identity(on)]):
        told = tf.exp(x, name="told")
    product = tf.multiply(told, on)
    always = tf.exp(x, name="always")
    merged = raw.Merge([product, raw.Switch(always, p)[0]])[0]
    on_both(merged, [{p: taken, x: [1, 2]} for taken in (True, False)])
    assert "always" in operations(done([merged, always], {p: (), x: (2,)})["unused"])


@pytest.mark.parametrize(
    "build",
    [
        lambda x, one: tf.identity(x),
        lambda x, one: x * one,
        lambda x, one: x / (one + one),
        lambda x, one: tf.pow(x, one + one),
        lambda x, one: tf.add_n([x, one - one]),
        lambda x, one: tf.tile(x, [1]) * (one * 3.0),
    ],
)
def test_what_waits_for_a_branch_by_a_control_edge_or_a_constant_still_does(
    build: Callable[[Any, Any], Any],
) -> None:
    p = tf.placeholder(tf.bool, [], name="p")
    x = tf.placeholder(tf.float32, [2], name="x")
    off, on = raw.Switch(x, p)
    with tf.control_dependencies([tf.identity(on)]):
        told = build(x, tf.constant([1.0, 1.0]))
    merged = raw.Merge([off * 0.5, told])[0]
    on_both([merged, x], [{p: taken, x: [1, 2]} for taken in (True, False)])
    for engine in ENGINES:
        with tf.Session(engine=engine) as session:
            session.run(told, {p: True, x: [1, 2]})
            with pytest.raises(tf.errors.InvalidArgumentError, match="does not have value"):
                session.run(told, {p: False, x: [1, 2]})


def test_the_gradient_of_what_both_branches_use_is_a_conditional() -> None:
    p = tf.placeholder(tf.bool, [], name="p")
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    y = tf.cond(p, lambda: tf.tanh(x) * 2.0, lambda: tf.exp(x))
    (slope,) = tf.gradients(tf.reduce_sum(y), [x], name="g")
    left = done([slope], {p: (), x: (3, 2)})["unused"].program.steps
    types = [step.definition.op_type for step in left]
    assert types.count("Merge") == 1 and "AddN" not in types
    given = np.linspace(-1, 1, 6, dtype=np.float32).reshape(3, 2)
    values = on_both(slope, [{p: taken, x: given} for taken in (True, False)])
    np.testing.assert_allclose(values[0], 2 - 2 * np.tanh(given) ** 2, rtol=1e-5)
    np.testing.assert_allclose(values[1], np.exp(given), rtol=1e-6)


def test_an_error_on_a_branch_is_raised_only_where_that_is_taken() -> None:
    p = tf.placeholder(tf.bool, [], name="p")
    y = tf.cond(
        p,
        lambda: tf.constant([1]) // (tf.constant([1]) - tf.constant([1])),
        lambda: tf.constant([7]),
    )
    for engine in ENGINES:
        with tf.Session(engine=engine) as session:
            assert session.run(y, {p: False}) == [7]
            with pytest.raises(tf.errors.InvalidArgumentError, match="ivision by zero"):
                session.run(y, {p: True})


def test_a_variable_as_predicate_is_not_taken_to_stay_what_it_is() -> None:
    b = tf.Variable(True, name="b")
    first = tf.cond(b, lambda: tf.constant(1.0) + 1.0, lambda: tf.constant(1.0) - 1.0)
    with tf.control_dependencies([b.assign(tf.less(first, 1.0))]):
        second = tf.cond(tf.identity(b), lambda: tf.constant(3.0) + 1.0, lambda: tf.constant(6.0))
    assert on_both([first, second], [{}, {}]) == [[2.0, 6.0], [0.0, 4.0]]


def test_a_rewrite_leaves_the_program_before_it_as_it_was() -> None:
    p = tf.placeholder(tf.bool, [], name="p")
    x = tf.placeholder(tf.float32, [2], name="x")
    y = tf.cond(p, lambda: tf.constant(1.0) + x + 0.0, lambda: tf.identity(x))
    program = plan([y], [], [p, x])
    before = {step: (step.inputs, step.controls) for step in program.steps}
    page = str(program)
    for stage in stages(program, [(), (2,)]):
        known = set(stage.program.steps)
        assert all(control in known for step in known for control in step.controls)
        stage.program.verify()
    assert str(program) == page
    assert before == {step: (step.inputs, step.controls) for step in program.steps}
    assert guards(program).steps


def test_a_predicate_that_is_constant_still_says_what_runs() -> None:
    p = tf.placeholder_with_default(True, [], name="p")
    x = tf.placeholder(tf.float32, [4], name="x")
    told: list[float] = []

    def tell(value: np.ndarray) -> np.ndarray:
        told.append(float(value))
        return value

    y = tf.cond(
        p,
        lambda: x * tf.random_uniform([4], seed=3) + tf.py_func(tell, [1.0], tf.float32),
        lambda: x + tf.py_func(tell, [tf.constant(1.0) + 1.0], tf.float32),
    )
    z = tf.cond(tf.constant(False), lambda: tf.py_func(tell, [3.0], tf.float32), lambda: x * 1.0)
    given = [1, 2, 3, 4]
    on_both([y, z], [{x: given}, {x: given, p: False}, {x: given, p: True}])
    assert told == [1.0, 2.0, 1.0] * 2


def test_a_predicate_that_is_a_constant_of_a_branch() -> None:
    p = tf.placeholder(tf.bool, [], name="p")
    x = tf.placeholder(tf.float32, [None, None], name="x")

    def inner() -> Any:
        small = tf.less(tf.size(x), 4)
        checked = tf.cond(small, lambda: tf.constant(1.0) + 1.0, lambda: x[0, 3] * 1.0)
        return checked * tf.cast(small, tf.float32) + tf.cast(tf.rank(x), tf.float32)

    y = tf.cond(p, inner, lambda: tf.constant(7.0) + 1.0)
    for shape in ((1, 2), (3, 4)):
        feeds = [{p: taken, x: np.ones(shape)} for taken in (True, False)]
        for stage in stages(plan([y], [], [p, x]), [(), shape]):
            stage.program.verify()
        assert on_both(y, feeds) == [4.0 if shape == (1, 2) else 2.0, 8.0]


class Rewritable(World):
    """A world of functions on which there is much to make shorter."""

    def predicate(self, kind: str, a: Any) -> Any:
        if kind == "constant":
            return tf.less(tf.size(a), tf.size(self.x) + 1)
        return super().predicate(kind, a)

    def number(self, a: Any, b: Any) -> Any:
        return tf.fill(SHAPE, tf.sqrt(tf.constant(4.0)) * 0.25)

    def counted(self, a: Any, b: Any) -> Any:
        return a * (1.0 / tf.cast(tf.size(b), tf.float32))

    def unchanged(self, a: Any, b: Any) -> Any:
        return tf.negative(tf.negative(tf.identity(a) * 1.0 + tf.zeros(SHAPE)))

    def twice(self, a: Any, b: Any) -> Any:
        return tf.tanh(a) + tf.tanh(a) * tf.ones_like(b)

    def late(self, a: Any, b: Any) -> Any:
        """Constants that are there only after a value of who knows which branch."""
        with tf.control_dependencies([a]):
            return tf.tanh(self.x) * (tf.constant(0.5) + 1.0)

    def later(self, a: Any, b: Any) -> Any:
        with tf.control_dependencies([tf.constant(1.0) * 2.0, tf.shape(a)]):
            return tf.reshape(tf.constant(1.0) * tf.ones(SHAPE), tf.shape(b)) - b

    def sides(self, a: Any, b: Any) -> Any:
        return tf.concat([tf.slice(a, [0, 0], [-1, 2]), tf.slice(a, [0, 2], [-1, -1])], 1)


REWRITABLE = ("number", "counted", "unchanged", "twice", "late", "later", "sides")


def functions(deeper: int) -> st.SearchStrategy[list[Line]]:
    picks = st.integers(0, 7)
    names = st.sampled_from(REWRITABLE * 2 + SIMPLE)
    lines = st.builds(Line, names, picks, picks, st.none())
    if deeper:
        both = st.tuples(functions(deeper - 1), functions(deeper - 1))
        lines = st.one_of(
            lines, st.builds(Line, st.sampled_from((*PREDICATES, "constant")), picks, picks, both)
        )
    return st.lists(lines, min_size=1, max_size=4)


@examples(40)
@given(functions(2))
def test_engines_agree_where_there_is_much_to_rewrite(function: list[Line]) -> None:
    with tf.Graph().as_default():
        world = Rewritable()
        result = world.built(function, [world.x, world.v * 1.0])
        loss = tf.reduce_mean(tf.tanh(result))
        slopes = tf.gradients(loss, [world.x, world.v, world.r])
        fetches = [result, *(tf.convert_to_tensor(g) for g in slopes if g is not None)]
        program = plan(fetches, [], [world.x, world.p, world.q])
        for stage in stages(program, [(2, 3), (), ()]):
            stage.program.verify()
        both_engines(world, [*fetches, loss], large=False)
