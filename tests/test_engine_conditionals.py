"""The numpy engine's programs with branches: they do what the reference engine does."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_random_graphs import assert_same, examples, treat_as_large

import tflite_edu as tf
from tflite_edu.core import raw

ON_ENGINES = pytest.mark.parametrize("engine", ["numpy", "reference"])

SHAPE = [2, 3]


class Line(NamedTuple):
    """One line of a random function: what it does, to which of the values it sees, the branches of
    a conditional."""

    does: str
    first: int
    second: int
    branches: tuple[list[Line], list[Line]] | None = None


SIMPLE = (
    *("tanh", "add", "multiply", "matmul", "constant", "write", "read", "random", "tell", "wait"),
    *("shape", "zeros"),
)
PREDICATES = ("fed", "fed of unknown shape", "computed", "variable")


def functions(deeper: int) -> st.SearchStrategy[list[Line]]:
    picks = st.integers(0, 7)
    lines = st.builds(Line, st.sampled_from(SIMPLE), picks, picks, st.none())
    if deeper:
        branches = st.tuples(functions(deeper - 1), functions(deeper - 1))
        conditionals = st.builds(Line, st.sampled_from(PREDICATES), picks, picks, branches)
        lines = st.one_of(lines, conditionals, conditionals)
    return st.lists(lines, min_size=1, max_size=4)


class World:
    """What a random function has to do with: placeholders, variables, a list of what was told."""

    def __init__(self) -> None:
        self.x = tf.placeholder(tf.float32, SHAPE, name="x")
        self.p = tf.placeholder(tf.bool, [], name="p")
        self.q = tf.placeholder(tf.bool, name="q")
        self.v = tf.Variable(np.full(SHAPE, 0.5, np.float32), name="v")
        self.r = tf.get_variable("r", SHAPE, use_resource=True, initializer=tf.ones_initializer())
        self.b = tf.Variable(True, name="b", trainable=False)
        self.told: list[float] = []
        self.merged: list[Any] = []

    def built(self, function: list[Line], seen: list[Any]) -> Any:
        """The value of the function's last line."""
        seen = list(seen)
        for line in function:
            seen.append(self.value(line, seen))
        return seen[-1]

    def value(self, line: Line, seen: list[Any]) -> Any:
        a, b = (seen[-1 - pick % len(seen)] for pick in (line.first, line.second))
        if line.branches is not None:
            if_true, if_false = line.branches
            result = tf.cond(
                self.predicate(line.does, a),
                lambda: self.built(if_true, seen),
                lambda: self.built(if_false, seen),
            )
            self.merged.append(result)
            return result
        return getattr(self, line.does)(a, b)

    def predicate(self, kind: str, a: Any) -> Any:
        if kind == "computed":
            return tf.reduce_sum(a) > 0.1
        return {"fed": self.p, "fed of unknown shape": self.q, "variable": self.b}[kind]

    def tanh(self, a: Any, b: Any) -> Any:
        return tf.tanh(a) * 2.0

    def add(self, a: Any, b: Any) -> Any:
        return a + b

    def multiply(self, a: Any, b: Any) -> Any:
        return tf.tanh(a * b)

    def matmul(self, a: Any, b: Any) -> Any:
        return tf.matmul(a, tf.tanh(b), transpose_b=True) @ a * 0.1

    def constant(self, a: Any, b: Any) -> Any:
        return tf.constant(0.25, shape=SHAPE)

    def zeros(self, a: Any, b: Any) -> Any:
        return tf.zeros_like(a)

    def write(self, a: Any, b: Any) -> Any:
        with tf.control_dependencies([self.v.assign_add(tf.tanh(a))]):
            return tf.identity(b)

    def read(self, a: Any, b: Any) -> Any:
        return self.v * 0.5 + self.r

    def random(self, a: Any, b: Any) -> Any:
        return a + tf.random_uniform(SHAPE, seed=3)

    def tell(self, a: Any, b: Any) -> Any:
        def told(array: Any) -> Any:
            self.told.append(float(array.sum()))
            return array

        result = tf.py_func(told, [a], tf.float32)
        result.set_shape(SHAPE)
        return result + b

    def wait(self, a: Any, b: Any) -> Any:
        with tf.control_dependencies([a]):
            return tf.negative(b)

    def shape(self, a: Any, b: Any) -> Any:
        return tf.reshape(tf.reshape(a, [-1]), tf.shape(b))


def both_engines(world: World, fetches: list[Any], large: bool) -> None:
    """Compares two runs in a row of every combination of the fed predicates."""
    feed = {world.x: np.linspace(-1.0, 1.0, 6, dtype=np.float32).reshape(SHAPE)}
    variables = [world.v, world.r, world.b]
    for p, q in itertools.product((False, True), repeat=2):
        found = []
        for engine in ("numpy", "reference"):
            del world.told[:]
            with pytest.MonkeyPatch.context() as patch, tf.Session(engine=engine) as session:
                if large:
                    treat_as_large(patch)
                session.run(tf.global_variables_initializer())
                feed |= {world.p: p, world.q: q}
                values = [*session.run(fetches, feed), *session.run(fetches[-1:], feed)]
                values += session.run(variables)
                found.append((values, list(world.told)))
        (own, told), (expected, also_told) = found
        assert_same(own, expected, [*fetches, fetches[-1], *variables])
        np.testing.assert_allclose(told, also_told, 1e-4, 1e-4)


@examples(50)
@given(functions(2), st.booleans())
def test_engines_agree_on_conditionals(function: list[Line], large: bool) -> None:
    with tf.Graph().as_default():
        world = World()
        result = world.built(function, [world.x, world.v * 1.0])
        outer = [t for t in world.merged if t.graph.is_fetchable(t)]
        both_engines(world, [*outer, result], large)


@examples(35)
@given(functions(2), st.booleans())
def test_engines_agree_on_gradients_through_conditionals(function: list[Line], large: bool) -> None:
    with tf.Graph().as_default():
        world = World()
        result = world.built(function, [world.x, world.v * 1.0])
        loss = tf.reduce_sum(tf.tanh(result))
        slopes = tf.gradients(loss, [world.x, world.v, world.r])
        step = tf.train.GradientDescentOptimizer(0.1)
        pairs = [(g, v) for g, v in zip(slopes[1:], [world.v, world.r]) if g is not None]
        fetches = [loss, *(tf.convert_to_tensor(g) for g in slopes if g is not None)]
        if pairs:
            with tf.control_dependencies([step.apply_gradients(pairs)]):
                fetches.append(tf.identity(loss))
        both_engines(world, fetches, large)


@ON_ENGINES
@pytest.mark.parametrize("shape", [[], None])
def test_what_a_branch_leaves_behind(engine: str, shape: Any) -> None:
    """Dead values that are fetched, and the number of the input that a Merge passed on."""
    p = tf.placeholder(tf.bool, shape)
    x = tf.placeholder(tf.float32, [2])
    off, on = raw.Switch(x, p)
    once, negated = tf.square(on), tf.negative(off)
    merged, number = raw.Merge([negated, once])
    with tf.Session(engine=engine) as session:
        for taken in (True, False):
            values = session.run([merged, number], {p: taken, x: [2.0, 3.0]})
            assert values[1] == int(taken) and values[1].dtype == np.int32
            np.testing.assert_array_equal(values[0], [4.0, 9.0] if taken else [-2.0, -3.0])
            there, gone = ((on, once), (off, negated))[:: 1 if taken else -1]
            assert len(session.run(there, {p: taken, x: [2.0, 3.0]})) == 2
            for tensor in gone:
                with pytest.raises(tf.errors.InvalidArgumentError, match=r"Retval\[1\] does not"):
                    session.run([x, tensor], {p: taken, x: [2.0, 3.0]})


@ON_ENGINES
def test_a_predicate_that_is_no_scalar_is_refused_at_its_switch(engine: str) -> None:
    p = tf.placeholder(tf.bool)
    y = tf.cond(p, lambda: tf.constant(1.0), lambda: tf.constant(2.0), name="c")
    with tf.Session(engine=engine) as session:
        assert session.run(y, {p: True}) == 1.0
        with pytest.raises(tf.errors.InvalidArgumentError, match="The second input must be a sca"):
            session.run(y, {p: [True]})


@ON_ENGINES
def test_a_predicate_that_changes_in_the_run(engine: str) -> None:
    """A variable as predicate is looked at by every Switch anew."""
    b = tf.Variable(True)
    v = tf.Variable(1.0)
    first = tf.cond(b, lambda: v + 1.0, lambda: v - 1.0)
    with tf.control_dependencies([b.assign(tf.less(first, 0.0))]):
        second = tf.cond(tf.identity(b), lambda: first * 10.0, lambda: first * 100.0)
    with tf.Session(engine=engine) as session:
        session.run(tf.global_variables_initializer())
        assert session.run([first, second]) == [2.0, 200.0]
        assert session.run([first, second]) == [0.0, 0.0]


@ON_ENGINES
def test_many_cases_in_one_another(engine: str) -> None:
    n = tf.placeholder(tf.int32, [])

    def case(number: int) -> tuple[Any, Callable[[], Any]]:
        return tf.equal(n, number), lambda: tf.constant(number * 10)

    y = tf.case([case(number) for number in range(30)], default=lambda: tf.constant(-1))
    with tf.Session(engine=engine) as session:
        assert [session.run(y, {n: k}) for k in (0, 20, 29, 30)] == [0, 200, 290, -1]


@ON_ENGINES
def test_an_error_in_a_branch_names_its_node(engine: str) -> None:
    p = tf.placeholder(tf.bool, [])
    x = tf.placeholder(tf.float32, [None])
    y = tf.cond(p, lambda: tf.square(x) + tf.reshape(x, [3]), lambda: -tf.reshape(x, [4]), name="c")
    with tf.Session(engine=engine) as session:
        with pytest.raises(tf.errors.InvalidArgumentError, match="node c/Reshape "):
            session.run(y, {p: True, x: [1.0]})
        with pytest.raises(tf.errors.InvalidArgumentError, match="node c/Reshape_1 "):
            session.run(y, {p: False, x: [1.0]})


def test_branches_are_written_as_blocks() -> None:
    p = tf.placeholder(tf.bool, [], name="p")
    x = tf.placeholder(tf.float32, [200, 300], name="x")

    def if_true() -> Any:
        return tf.exp(x * 2.0) + 1.0

    y = tf.cond(p, if_true, lambda: tf.negative(x), name="c")
    image = tf.placeholder(tf.float32, [2, 8, 8, 1], name="image")
    layer = tf.nn.relu(
        tf.nn.bias_add(tf.nn.conv2d(image, tf.ones([3, 3, 1, 2]), 1, "SAME"), tf.ones([2]))
    )
    feed = {x: np.zeros([200, 300]), p: True, image: np.zeros([2, 8, 8, 1])}
    with tf.Session() as session:
        source = session.compilation([tf.tanh(y), layer], feed).source
    assert "        if p:\n" in source
    assert "        else:\n            c_Neg = np.negative(x, out=memory_" in source
    assert "c_Merge = c_add if p else c_Neg" in source
    # What is large is kept and worked through in blocks, and a layer is one step, as elsewhere.
    assert "np.exp(c_mul, out=memory_" in source and "ConvolutionLayer_" in source
    assert "DEAD" not in source
