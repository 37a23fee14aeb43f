"""tf.teach.gradcheck, jacobian, jacobian_chain, paths and matmul_derivative."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tflite_edu as tf

ENGINES = ("numpy", "reference")


def network(dtype: Any = tf.float64, resource: bool = False) -> tuple[Any, ...]:
    """(inputs, weights, bias, loss) of a layer of sigmoids."""
    x = tf.placeholder(dtype, [None, 3], name="x")
    start = np.random.RandomState(0).randn(3, 2).astype(dtype.as_numpy_dtype)
    w = tf.get_variable("w", initializer=start, use_resource=resource)
    b = tf.get_variable("b", initializer=np.array([0.5, -0.5], start.dtype), use_resource=resource)
    hidden = tf.sigmoid(tf.matmul(x, w) + b, name="hidden")
    return x, w, b, tf.reduce_mean(tf.square(hidden), name="loss")


def inputs(rows: int = 4) -> Any:
    return np.random.RandomState(1).randn(rows, 3)


def text_of_graph() -> str:
    return str(tf.get_default_graph().as_graph_def(add_shapes=True))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("resource", [False, True])
@pytest.mark.parametrize(("dtype", "most"), [(tf.float64, 1e-9), (tf.float32, 1e-3)])
def test_gradcheck(engine: str, resource: bool, dtype: Any, most: float) -> None:
    x, w, b, loss = network(dtype, resource)
    init = tf.global_variables_initializer()
    before = text_of_graph()
    with tf.Session(engine=engine) as session:
        session.run(init)
        values = session.run([w, b])
        found = tf.teach.gradcheck(loss, [w, b], {x: inputs()})
        assert found.passed and [c.name for c in found.comparisons] == ["w", "b"]
        assert found.forward_passes == 2 * 8 + 2
        for comparison, value in zip(found.comparisons, values):
            assert comparison.gradient.shape == value.shape
            assert abs(comparison.analytic).min() > 0
            assert comparison.difference.max() < most
        for value, after in zip(values, session.run([w, b])):
            np.testing.assert_array_equal(value, after)
    assert text_of_graph() == before


def test_gradcheck_prints() -> None:
    x, w, b, loss = network()
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        text = str(tf.teach.gradcheck(loss, [w, b], {x: inputs()}))
    assert "w  float64 (3, 2)" in text and "[2, 1]" in text and "<- worst" in text
    assert "1 forward and 1 backward pass give all 8 derivatives" in text
    assert "18 forward passes, 2 for each derivative and 2 at the point itself" in text
    assert text.endswith("verdict:       the gradients are right")
    assert max(map(len, text.splitlines())) <= 100


@pytest.mark.parametrize("dtype", [tf.float32, tf.float64])
def test_gradcheck_finds_a_wrong_gradient(dtype: Any) -> None:
    @tf.custom_gradient
    def square(x: Any) -> Any:
        return x * x, lambda dy: dy * x

    v = tf.Variable([1.0, 0.0, 3.0], dtype=dtype)
    loss = tf.reduce_sum(square(v))
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        found = tf.teach.gradcheck(loss, v, session=session)
    (comparison,) = found.comparisons
    assert not found.passed and found.worst is comparison and comparison.worst == (2,)
    assert comparison.agrees.tolist() == [False, True, False]
    rough = dtype == tf.float32
    np.testing.assert_allclose(comparison.numeric, [2, 0, 6], atol=1e-2 if rough else 1e-8)
    np.testing.assert_allclose(comparison.relative_error[[0, 2]], 0.5, rtol=0.02 if rough else 1e-6)
    assert "WRONG in 2 of 3 elements" in str(found)


def test_gradcheck_by_what_is_fed_and_of_some_elements() -> None:
    x, w, _, loss = network()
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        found = tf.teach.gradcheck(loss, [x, w], {x: inputs(50)}, session, elements=5)
        again = tf.teach.gradcheck(loss, [x, w], {x: inputs(50)}, session, elements=5)
    assert found.passed and found.forward_passes == 2 * 10 + 2
    assert [len(c.indices) for c in found.comparisons] == [5, 5]
    assert [c.indices for c in found.comparisons] == [c.indices for c in again.comparisons]
    assert found.comparisons[0].gradient.shape == (50, 3)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("seed", [None, 3])
def test_gradcheck_of_dropout(engine: str, seed: int | None) -> None:
    """Every run has the same mask, and the masks of later runs are as if nothing had been run."""
    if seed is not None:
        tf.set_random_seed(seed)
    v = tf.Variable(np.arange(1.0, 41.0))
    dropped = tf.nn.dropout(v, rate=0.5)
    loss = tf.reduce_sum(tf.square(dropped)) / 1000.0
    with tf.Session(engine=engine) as session, tf.Session(engine=engine) as other:
        for one in (session, other):
            one.run(tf.global_variables_initializer())
        for _ in range(2):
            found = tf.teach.gradcheck(loss, v, session=session)
            assert found.passed
            zeros = int((found.comparisons[0].analytic == 0).sum())
            assert 5 < zeros < 35
            if seed is not None:
                np.testing.assert_array_equal(session.run(dropped), other.run(dropped))


@pytest.mark.parametrize("seed", range(3))
def test_gradcheck_of_a_convolution_in_float32(seed: int) -> None:
    """Large steps reach over corners of ReLU and max pooling; smaller ones do not."""
    tf.set_random_seed(seed)
    rng = np.random.RandomState(seed)
    images = tf.constant(rng.randn(8, 10, 10, 1).astype("f"))
    kernel = tf.get_variable("kernel", [3, 3, 1, 4])
    weights = tf.get_variable("weights", [100, 5])
    maps = tf.nn.relu(tf.nn.conv2d(images, kernel, [1, 1, 1, 1], "SAME"))
    pooled = tf.nn.max_pool(maps, [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
    logits = tf.matmul(tf.reshape(pooled, [8, 100]), weights)
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(
        labels=rng.randint(0, 5, 8), logits=logits
    )
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        found = tf.teach.gradcheck(tf.reduce_mean(losses), [kernel, weights], elements=36)
    assert found.passed and found.forward_passes > 2 * 72 + 2
    assert found.comparisons[0].agrees.mean() > 0.7
    assert "with smaller steps at doubtful elements" in str(found)


def test_gradcheck_at_a_corner() -> None:
    v = tf.Variable([-1.0, 0.0, 2.0], dtype=tf.float64)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        found = tf.teach.gradcheck(tf.reduce_sum(tf.nn.relu(v)), v)
    assert found.passed and found.comparisons[0].is_corner.tolist() == [False, True, False]


def test_gradcheck_of_a_loss_that_counts() -> None:
    """What a run of the loss assigns is put back before the next."""
    steps = tf.Variable(0.0, dtype=tf.float64)
    v = tf.Variable(2.0, dtype=tf.float64)
    with tf.control_dependencies([steps.assign_add(1.0)]):
        loss = tf.square(v) * tf.identity(steps.read_value())
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        assert tf.teach.gradcheck(loss, v).passed
        assert session.run([steps, v]) == [0.0, 2.0]


def test_gradcheck_of_looked_up_rows_and_of_nothing() -> None:
    table = tf.Variable(np.arange(8.0).reshape(4, 2))
    empty = tf.Variable(np.zeros((0, 2)))
    rows = tf.nn.embedding_lookup(table, [3, 1, 3])
    loss = tf.reduce_sum(tf.square(rows)) + tf.reduce_sum(empty)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        found = tf.teach.gradcheck(loss, [table, empty])
    assert found.passed and "no elements" in str(found)
    np.testing.assert_allclose(found.comparisons[0].gradient[:, 0], [0, 4, 0, 24])


def test_state_is_as_before_after_an_error() -> None:
    class Fails(tf.teach.Layer):
        def forward(self, x: Any) -> Any:
            calls.append(x)
            if len(calls) > 5:
                raise ValueError("enough")
            return x * 2

        def backward(self, dz: Any) -> Any:
            return dz * 2

    calls: list[Any] = []
    v = tf.Variable([1.0, 2.0], dtype=tf.float64)
    loss = tf.reduce_sum(Fails()(v))
    init = tf.global_variables_initializer()
    before = text_of_graph()
    calls.clear()
    with tf.Session() as session:
        session.run(init)
        with pytest.raises(tf.errors.InvalidArgumentError, match="Fails.forward raised ValueError"):
            tf.teach.gradcheck(loss, v)
        assert len(calls) == 6
        assert session.run(v).tolist() == [1, 2]
    assert text_of_graph() == before


def test_later_nodes_and_numbers_are_as_if_nothing_was_looked_at() -> None:
    def numbers(look: bool) -> tuple[list[str], Any]:
        with tf.Graph().as_default() as graph:
            tf.set_random_seed(5)
            x, w, _, loss = network()
            with tf.Session() as session:
                session.run(tf.global_variables_initializer())
                if look:
                    feeds = {x: inputs(2)}
                    tf.teach.gradcheck(loss, w, feeds)
                    tf.teach.jacobian(loss, w, feeds)
                    tf.teach.paths(loss, w, feeds)
                tf.gradients(loss, w)
                drawn = tf.random_normal([3])
                return [op.name for op in graph.get_operations()], session.run(drawn)

    (names, drawn), (expected_names, expected) = numbers(True), numbers(False)
    assert names == expected_names
    np.testing.assert_array_equal(drawn, expected)


def test_a_finalized_graph_can_be_looked_at() -> None:
    x, w, _, loss = network()
    init = tf.global_variables_initializer()
    tf.get_default_graph().finalize()
    with tf.Session() as session:
        session.run(init)
        assert tf.teach.gradcheck(loss, w, {x: inputs()}).passed
    assert tf.get_default_graph().finalized


@pytest.mark.parametrize(
    "function", [tf.teach.gradcheck, tf.teach.jacobian, tf.teach.jacobian_chain, tf.teach.paths]
)
def test_what_is_asked_for_badly(function: Callable[..., Any]) -> None:
    x, w, _, loss = network()
    other = tf.Variable(1.0, dtype=tf.float64, name="other")
    whole = tf.Variable(1, name="whole")
    with pytest.raises(ValueError, match="There is no session: pass session="):
        function(loss, w, {x: inputs()})
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        with pytest.raises(ValueError, match="does not depend on other"):
            function(loss, other, {x: inputs()})
        with pytest.raises(TypeError, match="whole"):
            function(loss, whole, {x: inputs()})
        with pytest.raises(tf.errors.InvalidArgumentError, match="You must feed a value for .*'x'"):
            function(loss, w)
        with pytest.raises(TypeError, match="argmax.* is int64; a (gradient|derivative) needs a?"):
            function(tf.argmax(w, name="argmax"), w)
        stopped = tf.reduce_sum(tf.stop_gradient(w))
        with pytest.raises(ValueError, match="does not depend on w"):
            function(stopped, w)
    with tf.Graph().as_default(), tf.Session() as elsewhere:
        tf.constant(1.0)
        with pytest.raises(ValueError, match="runs another graph"):
            function(loss, w, session=elsewhere)


def test_gradcheck_by_the_parts_of_a_variable() -> None:
    parts = tf.get_variable(
        "parts", [4, 2], tf.float64, partitioner=tf.fixed_size_partitioner(2), trainable=True
    )
    loss = tf.reduce_sum(tf.square(tf.convert_to_tensor(parts)))
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        found = tf.teach.gradcheck(loss, parts)
    assert found.passed
    assert [(c.name, c.shape) for c in found.comparisons] == [
        ("parts/part_0", (2, 2)),
        ("parts/part_1", (2, 2)),
    ]


def test_gradcheck_wants_one_number() -> None:
    v = tf.Variable([1.0, 2.0])
    with tf.Session() as session:
        with pytest.raises(tf.errors.FailedPreconditionError, match="uninitialized"):
            tf.teach.gradcheck(tf.reduce_sum(v), v)
        session.run(tf.global_variables_initializer())
        with pytest.raises(ValueError, match=r"The loss .* has shape \[2\], and gradcheck needs"):
            tf.teach.gradcheck(v * 2.0, v)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("resource", [False, True])
def test_jacobian(engine: str, resource: bool) -> None:
    x, w, b, _ = network(resource=resource)
    hidden = tf.get_default_graph().get_tensor_by_name("hidden:0")
    with tf.Session(engine=engine) as session:
        session.run(tf.global_variables_initializer())
        at = inputs(2)
        value = session.run(hidden, {x: at})
        slope = value * (1 - value)
        by_w = tf.teach.jacobian(hidden, w, {x: at})
        expected = np.einsum("nj,na,jb->njab", slope, at, np.eye(2))
        assert by_w.shape == (2, 2, 3, 2)
        np.testing.assert_allclose(by_w, expected, rtol=1e-12)
        by_b = tf.teach.jacobian(hidden, b, {x: at}, session)
        np.testing.assert_allclose(by_b, np.einsum("nj,jb->njb", slope, np.eye(2)), rtol=1e-12)
        assert (
            tf.teach.jacobian(x, x, {x: at[:1]}).tolist() == np.eye(3).reshape(1, 3, 1, 3).tolist()
        )


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("resource", [False, True])
def test_jacobian_chain(engine: str, resource: bool) -> None:
    x, w, _, loss = network(resource=resource)
    with tf.Session(engine=engine) as session:
        session.run(tf.global_variables_initializer())
        at = {x: inputs(2)}
        for place in (x, w):
            chain = tf.teach.jacobian_chain(loss, place, at)
            whole = tf.teach.jacobian(loss, place, at)
            np.testing.assert_allclose(chain.product.reshape(whole.shape), whole, rtol=1e-12)
            assert len(chain.steps) >= 5
            for step, following in zip(chain.steps, chain.steps[1:]):
                assert step.target is following.source
        text = str(chain)
        assert ": the identity" in text and "∂loss/∂w = ∂loss/∂Square · ∂Square/∂hidden" in text


def test_chain_goes_past_where_paths_part() -> None:
    x = tf.placeholder(tf.float64, [2], name="x")
    start = tf.exp(x, name="start")
    end = tf.add(start, tf.sin(start) * start, name="end")
    last = tf.multiply(end, 3.0, name="last")
    with tf.Session():
        chain = tf.teach.jacobian_chain(last, x, {x: [0.0, 1.0]})
        assert [s.target.op.name for s in chain.steps] == ["start", "end", "last"]
        at = np.exp([0.0, 1.0])
        middle = np.diag(1 + np.sin(at) + at * np.cos(at))
        np.testing.assert_allclose(chain.steps[1].jacobian, middle, rtol=1e-12)
        alone = tf.teach.jacobian_chain(x, x, {x: [0.0, 1.0]})
        assert alone.steps == [] and alone.product.tolist() == [[1, 0], [0, 1]]
        assert "x = [0., 1.]" in str(alone)


def three_paths() -> tuple[Any, Any]:
    x = tf.placeholder(tf.float64, [], name="x")
    a, b = tf.multiply(x, 3.0, name="a"), tf.add(x, 1.0, name="b")
    d = tf.square(tf.multiply(a, b, name="c"), name="d")
    return tf.add(d, a, name="f"), x


@pytest.mark.parametrize("engine", ENGINES)
def test_paths(engine: str) -> None:
    f, x = three_paths()
    with tf.Session(engine=engine):
        found = tf.teach.paths(f, x, {x: 2.0})
    listed = [[t.op.name for t in p.tensors] for p in found.paths]
    assert sorted(listed) == [
        ["x", "a", "c", "d", "f"],
        ["x", "a", "f"],
        ["x", "b", "c", "d", "f"],
    ]
    products = {tuple(names): p.product.item() for names, p in zip(listed, found.paths)}
    # f = (3x(x + 1))^2 + 3x, c = 18 at 2.
    assert products["x", "a", "c", "d", "f"] == 3 * 3 * 36
    assert products["x", "b", "c", "d", "f"] == 1 * 6 * 36
    assert products["x", "a", "f"] == 3
    assert found.total == found.gradient == 543 and found.agrees
    assert found.multiplications == (3 + 1 + 3, 5, 5) and found.multiplications.saved == 2
    text = str(found)
    assert "∂f/∂d · ∂d/∂c · ∂c/∂b · ∂b/∂x\n   = 1 · 36 · 6 · 1\n   = 216" in text
    assert "= 543\ntf.gradients: 543" in text and "29% saved" in text
    assert max(map(len, text.splitlines())) <= 100


def test_paths_by_two_edges_between_two_nodes() -> None:
    x = tf.placeholder(tf.float64, [], name="x")
    y = tf.multiply(x, x, name="y")
    with tf.Session():
        found = tf.teach.paths(y, x, {x: 3.0})
        assert [p.product.item() for p in found.paths] == [3, 3] and found.total == 6
        assert "x -> y (input 1)" in str(found)
        alone = tf.teach.paths(x, x, {x: 3.0})
        assert (len(alone.paths), alone.total, alone.multiplications) == (1, 1, (0, 0, 0))
        assert "x" in str(alone)


@pytest.mark.parametrize("resource", [False, True])
def test_paths_between_arrays(resource: bool) -> None:
    x, w, _, _ = network(resource=resource)
    hidden = tf.get_default_graph().get_tensor_by_name("hidden:0")
    loss = tf.reduce_sum(hidden * tf.nn.softmax(hidden), name="total")
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        at = {x: inputs(2)}
        found = tf.teach.paths(loss, w, at)
        expected = session.run(tf.gradients(loss, w)[0], at)
    assert len(found.paths) == 2 and found.agrees
    np.testing.assert_allclose(found.total, expected, rtol=1e-10)
    assert found.total.shape == (3, 2)
    by_hand = 0
    for path in found.paths:
        size = path.factors[-1].shape[0]
        by_hand += sum(size * f.size for f in path.factors[:-1])
    assert found.multiplications.path_by_path == by_hand
    assert found.multiplications.reverse_mode < by_hand < found.multiplications.forward_mode


def test_paths_through_layers_and_random_nodes() -> None:
    class Multiply(tf.teach.Layer):
        def forward(self, x: Any, y: Any) -> Any:
            self.x, self.y = x, y
            return x * y

        def backward(self, dz: Any) -> Any:
            return [dz * self.y, dz * self.x]

    x = tf.placeholder(tf.float64, [6])
    y = tf.nn.dropout(Multiply()(x, tf.exp(x)), rate=0.5)
    with tf.Session():
        found = tf.teach.paths(tf.reduce_sum(y), x, {x: np.linspace(0, 1, 6)})
    assert len(found.paths) == 2 and found.total.shape == (6,)
    full = 2 * np.exp(np.linspace(0, 1, 6)) * (1 + np.linspace(0, 1, 6))
    kept = found.total != 0
    np.testing.assert_allclose(found.total[kept], full[kept], rtol=1e-12)
    # tf.gradients, in other runs, had the same mask.
    assert found.agrees


@pytest.mark.parametrize("seed", [None, 3])
def test_all_rows_of_a_jacobian_have_the_same_random_numbers(seed: int | None) -> None:
    x = tf.placeholder(tf.float64, [20])
    total = tf.reduce_sum(tf.nn.dropout(x, rate=0.5, seed=seed))
    y = tf.stack([total, 2.0 * total, 3.0 * total])
    with tf.Session():
        rows = tf.teach.jacobian(y, x, {x: np.ones(20)})
        chain = tf.teach.jacobian_chain(y, x, {x: np.ones(20)})
    np.testing.assert_array_equal(rows, np.outer([1, 2, 3], rows[0]))
    np.testing.assert_array_equal(chain.product, rows)
    assert 0 < rows[0].sum() < 40


def test_too_many_paths_too_large_arrays_and_conditionals() -> None:
    x = tf.placeholder(tf.float64, [], name="x")
    y = x
    for _ in range(20):
        y = y + tf.sin(y)
    with tf.Session() as session:
        with pytest.raises(ValueError, match="1,048,576 paths lead from x to add_19, more than"):
            tf.teach.paths(y, x, {x: 1.0})
        # Reverse mode does not mind.
        slope = tf.teach.jacobian(y, x, {x: 1.0})
        assert tf.teach.jacobian_chain(y, x, {x: 1.0}).product.item() == pytest.approx(slope)
        big = tf.ones([3000], tf.float64) * x
        with pytest.raises(ValueError, match="that of .* alone has 9,000,000 numbers"):
            tf.teach.paths(tf.exp(big), x, {x: 1.0})
        with pytest.raises(ValueError, match="has 9,000 · 9,000 numbers, which is too many"):
            wide = tf.placeholder(tf.float32, [9000])
            tf.teach.jacobian(wide * 2.0, wide, {wide: np.zeros(9000)}, session)
        chosen = tf.cond(x > 0.0, lambda: x * 2.0, lambda: x * 3.0)
        with pytest.raises(ValueError, match="is part of a conditional"):
            tf.teach.paths(chosen, x, {x: 1.0})
        assert tf.teach.jacobian(chosen, x, {x: 1.0}) == 2


def test_node_without_a_gradient() -> None:
    x = tf.placeholder(tf.float64, [])
    y = tf.py_func(lambda a: a, [tf.floor(x)], tf.float64)
    with tf.Session():
        with pytest.raises(ValueError, match="does not depend on"):
            tf.teach.paths(y, x, {x: 1.0})
        z = tf.bitcast(tf.bitcast(x, tf.int64), tf.float64)
        with pytest.raises(ValueError, match="does not depend on"):
            tf.teach.paths(z, x, {x: 1.0})


def test_two_threads_look_at_one_graph() -> None:
    f, x = three_paths()
    totals: list[Any] = []

    def look() -> None:
        with f.graph.as_default(), tf.Session() as session:
            for value in range(5):
                found = tf.teach.paths(f, x, {x: float(value)}, session)
                totals.append(bool(found.agrees))

    threads = [threading.Thread(target=look) for _ in range(2)]
    before = text_of_graph()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert totals == [True] * 10 and text_of_graph() == before


def test_another_thread_runs_the_same_session() -> None:
    f, x = three_paths()
    others = [x * float(i) for i in range(40)]
    session = tf.Session()
    values: list[bool] = []

    def run() -> None:
        for i, tensor in enumerate(others):
            values.append(session.run(tensor, {x: 2.0}) == 2.0 * i)

    def look() -> None:
        for _ in range(5):
            values.append(tf.teach.gradcheck(f, x, {x: 2.0}, session).passed)

    threads = [threading.Thread(target=work, daemon=True) for work in (run, look)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive(), "the threads wait for one another"
    session.close()
    assert values == [True] * (len(others) + 5)


def test_matmul_derivative() -> None:
    rng = np.random.RandomState(0)
    x, w, dz = rng.randn(3, 2), rng.randn(2, 4), rng.randn(3, 4)
    found = tf.teach.matmul_derivative(x, w, dz)
    np.testing.assert_allclose(found.dX, dz @ w.T)
    np.testing.assert_allclose(found.dW, x.T @ dz)
    assert found.dZ_dX.shape == (3, 4, 3, 2) and found.dZ_dW.shape == (3, 4, 2, 4)
    for i, j, a, b in np.ndindex(3, 4, 3, 2):
        assert found.dZ_dX[i, j, a, b] == (w[b, j] if a == i else 0)
    for i, j, a, b in np.ndindex(3, 4, 2, 4):
        assert found.dZ_dW[i, j, a, b] == (x[i, a] if b == j else 0)
    assert found.agrees
    found.dW_in_full[0, 0] += 1
    assert not found.agrees and "NOT the same" in str(found)


def test_matmul_derivative_prints() -> None:
    text = str(tf.teach.matmul_derivative([[1, 2], [3, 4], [5, 6]], [[1, 0, -1], [2, 1, 0]]))
    assert "∂Z/∂X in full: [3, 3, 3, 2], 54 numbers, 42 of them 0" in text
    assert "dW = Xᵀ·dZ = [[ 9.,  9.,  9.],\n" in text and "the same" in text
    lines = [line.split() for line in text.splitlines()[-2:]]
    assert lines == [["in", "full", "108", "108"], ["two", "products", "12", "36"]]
    large = str(tf.teach.matmul_derivative(np.ones((8, 8)), np.ones((8, 8))))
    assert "a row for each element" not in large and max(map(len, large.splitlines())) <= 100


@pytest.mark.parametrize(
    ("x", "w", "dz", "message"),
    [
        (np.ones((2, 3)), np.ones((2, 3)), None, r"they have shapes \[2, 3\] and \[2, 3\]"),
        (np.ones(3), np.ones((3, 1)), None, r"they have shapes \[3\] and \[3, 1\]"),
        (np.ones((2, 3)), np.ones((3, 4)), np.ones((4, 2)), r"the shape of Z, \[2, 4\], not"),
        (np.ones((50, 50)), np.ones((50, 50)), None, "has 12,500,000 numbers. Take smaller"),
    ],
)
def test_matmul_derivative_refuses(x: Any, w: Any, dz: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        tf.teach.matmul_derivative(x, w, dz)
