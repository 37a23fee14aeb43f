"""Rewrites of programs: what each does, what none may do, and programs as people read them."""

from __future__ import annotations

import numpy as np
import pytest

import tflite_edu as tf
from tflite_edu.core import raw
from tflite_edu.engines import memory
from tflite_edu.plan.branches import branches
from tflite_edu.plan.planner import plan, stages


def done(fetches: list, feeds: dict) -> dict[str, object]:
    """The stages of compiling, by name; feeds map tensors to shapes."""
    tensors = [f for f in fetches if isinstance(f, tf.Tensor)]
    targets = [f for f in fetches if isinstance(f, tf.Operation)]
    found = stages(plan(tensors, targets, list(feeds)), list(feeds.values()))
    for stage in found:
        stage.program.verify()
    return {stage.name: stage for stage in found}


def operations(stage: object) -> list[str]:
    return [
        step.operation.name for step in stage.program.steps if step.definition.op_type != "Const"
    ]


def test_shape_arithmetic_folds_away_once_the_feeds_shapes_are_known() -> None:
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    y = tf.reshape(x, [tf.shape(x)[0] * 3], name="y")
    found = done([y], {x: (4, 3)})
    assert operations(found["unused"]) == ["y"]
    assert found["unused"].program.fetches[0].shape == (12,)
    assert len(operations(done([y], {x: (None, 3)})["unused"])) > 1


def test_what_is_computed_twice_is_computed_once() -> None:
    x = tf.placeholder(tf.float32, [2], name="x")
    a, b = tf.exp(x, name="a"), tf.exp(x, name="b")
    assert operations(done([a + b], {x: (2,)})["unused"]) == ["a", "add"]
    with tf.Session() as session:
        first, second = session.run([a, b], {x: [0, 1]})
    first[...] = 7
    np.testing.assert_allclose(second, [1, np.e], rtol=1e-6)


def test_random_and_printing_steps_are_neither_shared_nor_dropped(
    capfd: pytest.CaptureFixture,
) -> None:
    a = tf.random_uniform([2], seed=1)
    b = tf.random_uniform([2], seed=1)
    assert len([n for n in operations(done([a, b], {})["unused"]) if "RandomUniform" in n]) == 2
    printed = tf.Print(tf.constant(1.0), [tf.constant(2.0)], "seen ")
    with tf.Session() as session:
        session.run([printed + 1.0, printed + 1.0])
    assert capfd.readouterr().err.count("seen") == 1


def test_reads_of_a_variable_around_a_write_stay_apart() -> None:
    v = tf.Variable([1.0, 2.0])
    before = tf.exp(v)
    with tf.control_dependencies([before, v.assign([3.0, 4.0])]):
        after = tf.exp(v)
    with tf.Session() as session:
        session.run(v.initializer)
        first, second = session.run([before, after])
    np.testing.assert_allclose(first, np.exp([1, 2]), rtol=1e-6)
    np.testing.assert_allclose(second, np.exp([3, 4]), rtol=1e-6)


def test_an_uninitialized_variable_is_noticed_even_if_its_value_is_not_needed() -> None:
    v = tf.Variable([1.0, 2.0], name="v")
    with tf.Session() as session, pytest.raises(tf.errors.FailedPreconditionError, match="value v"):
        session.run(v.read_value().op)


@pytest.mark.parametrize(
    "build",
    [
        lambda x: x * 1.0,
        lambda x: x / 1.0,
        lambda x: tf.ones_like(x) * x,
        lambda x: tf.reshape(x, tf.shape(x)),
        lambda x: tf.reduce_sum(x, []),
        lambda x: tf.transpose(x, [0, 1]),
        lambda x: tf.tile(x, [1, 1]),
        lambda x: tf.stop_gradient(tf.identity(x)),
    ],
)
def test_steps_that_change_nothing_go(build: object) -> None:
    x = tf.placeholder(tf.float32, [2, 3], name="x")
    found = done([build(x)], {x: (2, 3)})
    assert operations(found["unused"]) == []
    given = np.arange(6, dtype=np.float32).reshape(2, 3)
    with tf.Session() as session:
        value = session.run(build(x), {x: given})
    np.testing.assert_array_equal(value, given)
    value[...] = 9
    assert given[0, 1] == 1


def test_a_product_with_one_that_broadcasts_stays() -> None:
    x = tf.placeholder(tf.float32, [1, 3])
    y = x * tf.ones([2, 3])
    with tf.Session() as session:
        assert session.run(y, {x: [[1, 2, 3]]}).shape == (2, 3)


def test_steps_that_may_not_run_stay_and_others_are_rewritten() -> None:
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    p = tf.placeholder(tf.bool, [], name="p")
    before = tf.identity(x * 1.0, name="before")
    y = tf.cond(p, lambda: before + tf.zeros([2]), lambda: tf.identity(before), name="c")
    after = tf.reshape(y, tf.shape(y), name="after") * 1.0
    found = done([after], {x: (3, 2), p: ()})
    assert operations(found["unused"]) == [
        *("c/Switch", "c/switch_t", "c/add/Switch", "c/add", "c/Identity", "c/Merge"),
    ]
    assert found["unused"].program.fetches[0].name == "c/Merge:0"
    for engine in ("numpy", "reference"):
        with tf.Session(engine=engine) as session:
            for value in (True, False):
                given = session.run(after, {x: [[1, 2]], p: value})
                np.testing.assert_array_equal(given, [[1, 2]])
                assert session.run(y, {x: np.ones((0, 2)), p: value}).shape == (0, 2)


def test_a_conditional_of_constants_is_not_folded() -> None:
    p = tf.placeholder(tf.bool, [], name="p")
    y = tf.cond(p, lambda: tf.constant([1.0]), lambda: tf.constant([2.0]))
    for engine in ("numpy", "reference"):
        with tf.Session(engine=engine) as session:
            assert [session.run(y, {p: value})[0] for value in (True, False)] == [1.0, 2.0]


def test_a_conditional_counts_as_sure_only_where_both_branches_are_there() -> None:
    p = tf.placeholder(tf.bool, [], name="p")
    q = tf.placeholder(tf.bool, [], name="q")
    x = tf.placeholder(tf.float32, [], name="x")
    nested = tf.cond(p, lambda: tf.cond(q, lambda: x, lambda: -x, name="in"), lambda: x + 1.0)
    one_sided = raw.Merge([raw.Switch(x, p)[1], raw.Switch(x, q)[1]])[0]
    program = plan([nested * 2.0, one_sided * 2.0], [], [p, q, x])
    unsure = {step.operation.name for step in branches(program).steps}
    assert {"cond/in/Merge", "cond/in/Neg"} <= unsure
    assert not {"cond/Merge", "mul"} & unsure
    assert "mul_1" in unsure
    with tf.Session() as session:
        for first in (True, False):
            for second in (True, False):
                feed = {p: first, q: second, x: 3.0}
                expected = (3.0 if second else -3.0) if first else 4.0
                assert session.run(nested * 2.0, feed) == 2 * expected
        assert session.run(one_sided * 2.0, {p: True, q: False, x: 1.0}) == 2.0
        with pytest.raises(tf.errors.InvalidArgumentError, match="does not have value"):
            session.run(one_sided * 2.0, {p: False, q: False, x: 1.0})


def test_programs_for_shapes_are_bounded() -> None:
    x = tf.placeholder(tf.float32, [None])
    y = tf.reduce_sum(x * 2.0)
    with tf.Session() as session:
        for size in range(1, 30):
            assert session.run(y, {x: np.ones(size)}) == 2 * size
        (program,) = session._programs._found.values()
        assert len(program._by_shapes) == 8 and program._general is not None


def mlp() -> tuple[tf.Operation, tf.Tensor, dict]:
    x = tf.placeholder(tf.float32, [None, 4], name="x")
    y = tf.placeholder(tf.float32, [None, 1], name="y")
    w = tf.get_variable("w", [4, 5], initializer=tf.ones_initializer())
    b = tf.get_variable("b", [5], initializer=tf.zeros_initializer())
    v = tf.get_variable("v", [5, 1], initializer=tf.ones_initializer())
    hidden = tf.nn.relu(tf.matmul(x, w) + b, name="hidden")
    loss = tf.reduce_sum(tf.square(tf.matmul(hidden, v) - y), name="loss")
    step = tf.train.GradientDescentOptimizer(0.01).minimize(loss)
    return step, loss, {x: np.ones((3, 4)), y: np.zeros((3, 1))}


PROGRAM = """\
def program(x, y):
    with errstate(all="ignore"):
        w.read()  # w/read
        b.read()  # b/read
        v.read()  # v/read
        MatMul = np.dot(x, w.read())  # MatMul
        add = MatMul + b.read()  # add
        hidden = np.maximum(add, 0)  # hidden
        MatMul_1 = np.dot(hidden, v.read())  # MatMul_1
        sub = MatMul_1 - y  # sub
        Square = np.square(sub)  # Square
        loss = np.add.reduce(Square, axis=None)  # loss
        gradients_Square_grad_Mul = sub * gradients_Square_grad_Const  # gradients/Square_grad/Mul
"""


def test_a_training_step_reads_like_numpy_by_hand() -> None:
    step, loss, feed = mlp()
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        compilation = session.compilation([step, loss], feed)
        assert compilation.source.startswith(PROGRAM)
        lines = compilation.source.splitlines()
        # The three matrix products of each layer, less the one by the input that nobody needs. One
        # is of a column and a row.
        assert sum("np.dot(" in line for line in lines) == 4
        assert "np.multiply(gradients_Square_grad_Mul, v.read().T)" in compilation.source
        assert "np.dot(x.T, gradients_hidden_grad_ReluGrad)" in compilation.source
        assert len(lines) < 25 < len(compilation.stages[0].program.steps)
        assert "fold: gradients/Fill is constant" in str(compilation)


def test_results_in_kept_memory_are_the_reference_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "WORTH_KEEPING_BYTES", 1)
    step, loss, feed = mlp()
    x = next(iter(feed))
    chain = tf.sigmoid(tf.tanh(x) * x + 1.0) * (1.0 - x) / (2.0 + x * x)
    view = tf.reshape(chain, [-1]) + 1.0
    values = []
    for engine in ("numpy", "reference"):
        with tf.Session(engine=engine) as session:
            session.run(tf.global_variables_initializer())
            runs = []
            for scale in (1.0, 2.0, 0.5):
                scaled = {t: v * scale for t, v in feed.items()}
                runs.append(session.run([step, loss, chain, view, "w:0"], scaled)[1:])
            values.append(runs)
            if engine == "numpy":
                assert "memory.take()" in session.compilation([view], feed).source
    for ours, judge in zip(*values, strict=True):
        for one, other in zip(ours, judge, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


def test_kept_memory_is_not_handed_to_python_functions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "WORTH_KEEPING_BYTES", 1)
    held = []

    def hold(value: np.ndarray) -> np.ndarray:
        held.append(value)
        return value

    x = tf.placeholder(tf.float32, [3])
    y = tf.py_func(hold, [tf.exp(x) * 2.0], tf.float32)
    with tf.Session() as session:
        session.run(y, {x: [0, 0, 0]})
        kept = held[0].copy()
        session.run(y, {x: [1, 1, 1]})
    np.testing.assert_array_equal(held[0], kept)


def test_large_elementwise_steps_run_in_blocks_as_the_reference_engine_computes() -> None:
    x = tf.placeholder(tf.float32, [None, 37], name="x")
    b = tf.Variable(np.linspace(0, 1, 37, dtype=np.float32), name="b")
    y = tf.tanh(x + b) * tf.sigmoid(x) * (1.0 - x)
    z = tf.exp(-y * y)
    total = tf.reduce_sum(z)
    fetches = [total, y, *tf.gradients(total, [x, b])]
    for rows in (3000, 3001):
        given = np.linspace(-2, 2, rows * 37, dtype=np.float32).reshape(rows, 37)
        values = []
        for engine in ("numpy", "reference"):
            with tf.Session(engine=engine) as session:
                session.run(b.initializer)
                session.run(fetches, {x: given})
                values.append(session.run(fetches, {x: given}))
                if engine == "numpy":
                    source = session.compilation(fetches, {x: given}).source
                    assert source.count("run_blocks(") == 2
        for one, other in zip(*values, strict=True):
            np.testing.assert_allclose(one, other, rtol=2e-5, atol=1e-6)


def test_blocks_leave_what_is_fed_and_held_alone() -> None:
    x = tf.placeholder(tf.float32, [100_000], name="x")
    v = tf.Variable(np.ones(100_000, np.float32))
    y = (x + v) * 2.0
    z = tf.exp(y) - y
    given = np.zeros(100_000, np.float32)
    with tf.Session() as session:
        session.run(v.initializer)
        first = session.run([y, z], {x: given})
        kept = [a.copy() for a in first]
        given[...] = 1
        session.run([y, z], {x: given})
        for one, other in zip(first, kept, strict=True):
            np.testing.assert_array_equal(one, other)
        assert (given == 1).all() and (session.run(v) == 1).all()


def test_an_error_in_a_block_names_its_step(monkeypatch: pytest.MonkeyPatch) -> None:
    from tflite_edu.engines import source

    x = tf.placeholder(tf.float32, [200_000], name="x")
    y = tf.exp(tf.square(x, name="squared") * 2.0, name="y")

    def failing(function: object, size: int, block: int, *operands: object) -> None:
        function(0, 1, *[None] * len(operands))

    monkeypatch.setattr(source, "run_blocks", failing)
    with tf.Session() as session, pytest.raises(tf.errors.InvalidArgumentError) as caught:
        session.run(y, {x: np.zeros(200_000)})
    assert "[[node squared (defined at" in str(caught.value)


@pytest.mark.parametrize(
    "name",
    [
        *("memory", "memory_0", "arrays", "scratch", "run_blocks", "start", "stop", "value_0"),
        *("value_1", "block_0", "group_2", "group_2_kind", "blas", "matmul", "all", "x_all"),
    ],
)
def test_no_name_of_the_graph_hides_one_of_the_engines(name: str) -> None:
    x = tf.placeholder(tf.float32, [None], name="x")
    y = tf.exp(x, name=name)
    z = tf.tanh(y * x) + y
    given = np.linspace(-1, 1, 200_000, dtype=np.float32)
    fetches = [z, tf.reduce_sum(y), y]
    values = []
    for engine in ("numpy", "reference"):
        with tf.Session(engine=engine) as session:
            values.append(session.run(fetches, {x: given}))
    for one, other in zip(*values, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5)
