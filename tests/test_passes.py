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
    y = tf.cond(
        p, lambda: tf.negative(before + tf.zeros([2])), lambda: tf.identity(before), name="c"
    )
    after = tf.reshape(y, tf.shape(y), name="after") * 1.0
    found = done([after], {x: (3, 2), p: ()})
    assert operations(found["unused"]) == ["c/add/Switch", "c/Neg", "c/Merge"]
    assert found["unused"].program.fetches[0].name == "c/Merge:0"
    for engine in ("numpy", "reference"):
        with tf.Session(engine=engine) as session:
            for value in (True, False):
                given = session.run(after, {x: [[1, 2]], p: value})
                np.testing.assert_array_equal(given, [[-1, -2] if value else [1, 2]])
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
    for rows in (9000, 9001):
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


@pytest.mark.parametrize("shape", ([300_000], [5000, 60]))
def test_sums_over_what_a_group_makes_are_taken_in_its_blocks(shape: list[int]) -> None:
    x = tf.placeholder(tf.float64, shape, name="x")
    bias = tf.Variable(np.linspace(-1, 1, shape[-1]))
    y = tf.exp(x + bias) * x
    z = tf.sin(y)
    fetches = [
        tf.reduce_mean(z),
        tf.reduce_sum(y, keepdims=True),
        tf.reduce_mean(y, axis=list(range(len(shape))), keepdims=True),
        # Over all axes only of vectors; of something else than what the group makes.
        tf.reduce_sum(z, axis=0),
        tf.reduce_sum(tf.reshape(x, [-1])),
    ]
    given = np.random.default_rng(3).normal(size=shape)
    found = []
    for engine in ("numpy", "reference"):
        with tf.Session(engine=engine) as session:
            session.run(bias.initializer)
            found.append(session.run(fetches, {x: given}))
            if engine == "numpy":
                source = session.compilation(fetches, {x: given}).source
                assert source.count("sum_of_parts(") == (4 if len(shape) == 1 else 3)
    for one, other in zip(*found, strict=True):
        assert np.shape(one) == np.shape(other) and one.dtype == other.dtype
        np.testing.assert_allclose(one, other, rtol=1e-12)


def test_blocks_leave_what_is_fed_and_held_alone() -> None:
    x = tf.placeholder(tf.float32, [200_000], name="x")
    v = tf.Variable(np.ones(200_000, np.float32))
    y = (x + v) * 2.0
    z = tf.exp(y) - y
    given = np.zeros(200_000, np.float32)
    with tf.Session() as session:
        session.run(v.initializer)
        assert "run_blocks(" in session.compilation([y, z], {x: given}).source
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


def same_on_both_engines(fetches: list, feed: dict | None = None, rtol: float = 1e-6) -> list:
    values = []
    for engine in ("numpy", "reference"):
        with tf.Session(engine=engine) as session:
            session.run(tf.global_variables_initializer())
            values.append(session.run(fetches, feed))
    for one, other in zip(*values, strict=True):
        assert one.dtype == other.dtype
        np.testing.assert_allclose(one, other, rtol=rtol)
    return values[0]


def types(stage: object) -> list[str]:
    return [step.definition.op_type for step in stage.program.steps]


@pytest.mark.parametrize(
    ("shape", "build"),
    [
        ([64, 32, 128], lambda x: tf.transpose(x, [2, 0, 1])),
        ([4, 32, 32, 16], lambda x: tf.nn.avg_pool(x, [1, 2, 2, 1], [1, 2, 2, 1], "SAME")),
        ([4, 9, 9, 2], lambda x: tf.nn.avg_pool(x, [1, 3, 3, 1], [1, 2, 2, 1], "SAME")),
        ([200, 300], lambda x: tf.reduce_mean(x, 1)),
        ([200, 300], lambda x: tf.reduce_mean(tf.transpose(x)[3:], 0, keepdims=True)),
        ([200, 300], lambda x: tf.slice(x, [3, 4], [190, 200])),
        ([200, 300], lambda x: tf.identity(x[::2, 1:])),
        ([200, 300], lambda x: tf.pad(x, [[1, 2], [3, 4]])),
        ([200, 300], lambda x: tf.reverse(x, [1])),
        ([20, 300], lambda x: tf.tile(x, [5, 2])),
        ([200, 300], lambda x: tf.concat([x, x], 1)),
        ([200, 300], lambda x: tf.reshape(tf.stack(tf.unstack(x, axis=1)), [-1])),
        ([200, 300], lambda x: tf.reduce_sum(tf.expand_dims(x, 1) * 3.0 - 1.0)),
    ],
)
def test_a_gradient_that_is_the_same_for_every_input_is_constant(
    shape: list[int], build: object
) -> None:
    x = tf.placeholder(tf.float32, [None] * len(shape), name="x")
    x.set_shape([None, *shape[1:]])
    (slope,) = tf.gradients(build(x), [x])
    assert operations(done([slope], {x: tuple(shape)})["unused"]) == []
    same_on_both_engines([slope], {x: np.zeros(shape, np.float32)})


def test_a_splat_is_known_by_its_number_where_it_is_too_large_to_keep() -> None:
    x = tf.placeholder(tf.float32, [None, 1024], name="x")
    (slope,) = tf.gradients(tf.reduce_mean(tf.transpose(x)), [x])
    step = done([slope], {x: (512, 1024)})["unused"]
    assert operations(step) == ["gradients/transpose_grad/transpose"]
    assert types(step)[-1] == "Fill"
    step = done([slope * x], {x: (512, 1024)})["unused"]
    assert types(step) == ["Const", "Mul"]
    assert step.program.steps[0].outputs[0].shape == ()
    given = np.ones((512, 1024), np.float32)
    (value, _) = same_on_both_engines([slope, slope * x], {x: given})
    np.testing.assert_array_equal(value, np.full((512, 1024), np.float32(2.0**-19)))


def test_no_constant_that_is_computed_is_larger_than_a_megabyte() -> None:
    x = tf.placeholder(tf.float32, [None, 512], name="x")
    large = tf.pad(tf.ones([tf.shape(x)[0], 512]), [[1, 1], [0, 0]]) + tf.range(512.0) * 2.0
    small = tf.cumsum(tf.ones([tf.shape(x)[0] // 2, 512]))
    for stage in done([large, small], {x: (512, 512)}).values():
        for step in stage.program.steps:
            if step.definition.op_type == "Const":
                assert step.definition.value.nbytes <= 1 << 20
    step = done([large, small], {x: (512, 512)})["unused"]
    assert {"Pad", "Const"} <= set(types(step)) and "Cumsum" not in types(step)
    same_on_both_engines([large, small], {x: np.zeros((512, 512))})


def test_a_splat_that_does_not_fit_fails_as_it_does_in_a_run() -> None:
    n = tf.placeholder(tf.int32, [None], name="n")
    ones = tf.fill([tf.size(n), 1000], 1.0)
    reshaped = tf.reshape(ones, [3000], name="reshaped")
    for engine in ("numpy", "reference"):
        with tf.Session(engine=engine) as session:
            with pytest.raises(tf.errors.InvalidArgumentError, match="node reshaped"):
                session.run(reshaped * 2.0, {n: np.zeros(300)})


def test_zeros_of_both_signs_are_not_one_number() -> None:
    x = tf.placeholder(tf.float32, [2], name="x")
    (value,) = same_on_both_engines([x * tf.constant([0.0, -0.0])], {x: [1, 1]})
    assert np.signbit(value).tolist() == [False, True]


def test_a_product_with_zero_keeps_what_is_not_a_number() -> None:
    x = tf.placeholder(tf.float32, [3], name="x")
    fetches = [x * tf.zeros_like(x), x * 2.0 * 0.0, tf.add_n([x * 0.0, tf.zeros_like(x)])]
    for value in same_on_both_engines(fetches, {x: [np.nan, np.inf, 1]}):
        assert np.isnan(value).tolist() == [True, True, False]


@pytest.mark.parametrize(
    ("first", "second", "one"),
    [
        *((2.0, 0.1, True), (0.3, -0.25, True), (0.3, 0.7, False), (2.0, 0.0, False)),
        *((2.0, 3e38, False), (0.5, 1.2e-38, False), (2.0, np.inf, False), (2.0, np.nan, False)),
    ],
)
def test_two_factors_become_one_where_no_bit_is_lost(
    first: float, second: float, one: bool
) -> None:
    x = tf.placeholder(tf.float32, [4], name="x")
    y = np.float32(first) * (x * np.float32(second))
    assert types(done([y], {x: (4,)})["unused"]).count("Mul") == (1 if one else 2)
    given = np.array([1.1, -3e-7, 5e12, 0.0], np.float32)
    with tf.Session() as session, np.errstate(all="ignore"):
        expected = np.float32(first) * (given * np.float32(second))
        np.testing.assert_array_equal(session.run(y, {x: given}), expected)


def test_the_gradient_of_slices_side_by_side_is_put_together() -> None:
    x = tf.placeholder(tf.float32, [5, 4], name="x")
    top, bottom = tf.slice(x, [0, 0], [2, -1]), tf.slice(x, [2, 0], [-1, -1])
    (slope,) = tf.gradients(tf.reduce_sum(tf.exp(bottom)) + tf.reduce_sum(tf.tanh(top)), [x])
    found = types(done([slope], {x: (5, 4)})["unused"])
    assert "ConcatV2" in found and not {"Pad", "AddN"} & set(found)
    gap = tf.slice(x, [3, 0], [-1, -1])
    (holed,) = tf.gradients(tf.reduce_sum(tf.exp(gap)) + tf.reduce_sum(tf.tanh(top)), [x])
    assert "AddN" in types(done([holed], {x: (5, 4)})["unused"])
    twice = tf.slice(x, [1, 0], [-1, -1])
    (lapped,) = tf.gradients(tf.reduce_sum(tf.exp(twice)) + tf.reduce_sum(tf.tanh(top)), [x])
    assert "AddN" in types(done([lapped], {x: (5, 4)})["unused"])
    given = np.linspace(-1, 1, 20, dtype=np.float32).reshape(5, 4)
    same_on_both_engines([slope, holed, lapped], {x: given})


def test_a_sum_of_what_is_zero_elsewhere_is_a_choice() -> None:
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    y = tf.placeholder(tf.float32, [None, 3], name="y")
    loss = tf.reduce_sum(tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=x))
    (slope,) = tf.gradients(loss, [x])
    planned, left = (types(done([slope], {x: (4, 3), y: (4, 3)})[n]) for n in ("plan", "unused"))
    # One for the exponent, and two of the four in its gradient and that of what is not negative.
    assert (planned.count("Select"), left.count("Select")) == (5, 3)
    given = np.linspace(-2, 2, 12, dtype=np.float32).reshape(4, 3)
    (value,) = same_on_both_engines([slope], {x: given, y: np.ones((4, 3))})
    np.testing.assert_allclose(value, 1 / (1 + np.exp(-given)) - 1, rtol=1e-5, atol=1e-6)


def test_summands_that_are_zero_or_negative_go() -> None:
    x = tf.placeholder(tf.float32, [None], name="x")
    zeros = tf.zeros_like(x)
    sums = [tf.add_n([zeros, x]), tf.add_n([x, zeros, x * x]), tf.add_n([zeros, zeros])]
    sums += [tf.add_n([x, -tf.exp(x)]), tf.add_n([-tf.tanh(x), x])]
    left = done(sums, {x: (3,)})["unused"]
    assert left.program.fetches[0].name == "x:0"
    wanted = ["Mul", "AddN", "Exp", "Sub", "Tanh", "Sub"]
    assert [t for t in types(left) if t != "Const"] == wanted
    same_on_both_engines(sums, {x: [1, 2, 3]})


def test_what_is_repeated_is_computed_once_and_read_over_and_over() -> None:
    x = tf.placeholder(tf.float32, [None, 30], name="x")
    centred = x - tf.reduce_mean(x, 0)
    (slope,) = tf.gradients(tf.reduce_mean(tf.square(centred) * x, 0), [x])
    column = tf.tile(tf.reduce_sum(x, 1, keepdims=True), [1, 30])
    fetches = [slope, column * x, column * 2.0 / x, tf.tile(x, [2, 1]) * 3.0]
    left = done(fetches[1:3], {x: (7, 30)})["unused"]
    assert "Tile" not in types(left)
    given = np.linspace(1, 2, 210, dtype=np.float32).reshape(7, 30)
    same_on_both_engines(fetches, {x: given}, rtol=1e-4)


def test_a_shape_may_become_sharper_more_than_once() -> None:
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    total = tf.reduce_sum(tf.gather(tf.tanh(x), [0], axis=1))
    fetches = [total, *tf.gradients(total, x)]
    with tf.Session() as session:
        for rows in (0, 3):
            given = np.ones((rows, 2), np.float32)
            for stage in session.compilation(fetches, {x: given}).stages:
                stage.program.verify()
            value, grad = session.run(fetches, {x: given})
            assert value == pytest.approx(rows * np.tanh(1.0))
            np.testing.assert_allclose(grad, [[1 - np.tanh(1.0) ** 2, 0]] * rows or given, 1e-6)


def test_a_look_at_a_variable_is_left_to_the_next_line_that_reads_it() -> None:
    w = tf.Variable(tf.ones([3]), name="w")
    doubled = tf.multiply(w, 2.0, name="doubled")
    with tf.control_dependencies([w.read_value()]):
        zeroed = tf.assign(w, tf.zeros([3]))
    with tf.Session() as session:
        assert ".read()  #" not in session.compilation(doubled).source
        # An assignment would hide that there was nothing to look at.
        assert ".read()  #" in session.compilation(zeroed).source
        for fetch in (doubled, w.value(), zeroed):
            with pytest.raises(tf.errors.FailedPreconditionError, match="uninitialized") as caught:
                session.run(fetch)
            assert caught.value.op is not None and caught.value.op.type == "Identity"
        session.run(w.initializer)
        np.testing.assert_array_equal(session.run(doubled), [2, 2, 2])
        np.testing.assert_array_equal(session.run(zeroed), [0, 0, 0])
