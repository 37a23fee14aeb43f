"""Optimizers: their numbers, what they keep beside variables, their errors; the global step."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import tflite_edu as tf

START = np.array([[1.0, -2.0], [3.0, 0.5], [0.25, 4.0]])
GRADIENTS = [
    np.array([[0.5, -1.0], [2.0, 0.25], [0.0, 1.0]]) * scale for scale in (1.0, -0.5, 3.0, 0.1)
]


def gradient_descent() -> Iterator[np.ndarray]:
    w = START.copy()
    for g in GRADIENTS:
        w -= 0.1 * g
        yield w


def momentum(nesterov: bool = False) -> Iterator[np.ndarray]:
    w, a = START.copy(), np.zeros_like(START)
    for g in GRADIENTS:
        a = 0.9 * a + g
        w -= 0.1 * (g + 0.9 * a if nesterov else a)
        yield w


def adam() -> Iterator[np.ndarray]:
    w, m, v = START.copy(), np.zeros_like(START), np.zeros_like(START)
    for t, g in enumerate(GRADIENTS, 1):
        m = 0.8 * m + 0.2 * g
        v = 0.95 * v + 0.05 * g * g
        w -= 0.1 * math.sqrt(1 - 0.95**t) / (1 - 0.8**t) * m / (np.sqrt(v) + 1e-3)
        yield w


def adagrad() -> Iterator[np.ndarray]:
    w, a = START.copy(), np.full_like(START, 0.3)
    for g in GRADIENTS:
        a += g * g
        w -= 0.1 * g / np.sqrt(a)
        yield w


def rmsprop(centered: bool = False) -> Iterator[np.ndarray]:
    w, mean = START.copy(), np.zeros_like(START)
    square, step = np.ones_like(START), np.zeros_like(START)
    for g in GRADIENTS:
        square = 0.8 * square + 0.2 * g * g
        mean = 0.8 * mean + 0.2 * g
        spread = square - mean * mean if centered else square
        step = 0.5 * step + 0.1 * g / np.sqrt(spread + 1e-2)
        w -= step
        yield w


def adadelta() -> Iterator[np.ndarray]:
    w, a, u = START.copy(), np.zeros_like(START), np.zeros_like(START)
    for g in GRADIENTS:
        a = 0.9 * a + 0.1 * g * g
        delta = np.sqrt(u + 1e-3) / np.sqrt(a + 1e-3) * g
        u = 0.9 * u + 0.1 * delta * delta
        w -= 0.5 * delta
        yield w


def shrunk(w: np.ndarray, l1: Any, l2: Any) -> np.ndarray:
    return np.sign(w) * np.maximum(np.abs(w) - l1, 0) / (1 + l2)


def proximal() -> Iterator[np.ndarray]:
    w = START.copy()
    for g in GRADIENTS:
        w = shrunk(w - 0.1 * g, 0.1 * 3, 0.1 * 0.5)
        yield w


def proximal_adagrad() -> Iterator[np.ndarray]:
    w, a = START.copy(), np.full_like(START, 0.3)
    for g in GRADIENTS:
        a += g * g
        rate = 0.1 / np.sqrt(a)
        w = shrunk(w - rate * g, rate * 2, rate * 0.5)
        yield w


def ftrl(power: float = 0.5, shrinkage: float = 0.0) -> Iterator[np.ndarray]:
    w, a, z = START.copy(), np.full_like(START, 0.3), np.zeros_like(START)
    for g in GRADIENTS:
        z += g + 2 * shrinkage * w - ((a + g * g) ** power - a**power) / 0.1 * w
        a += g * g
        # Where the derivative of z w + ½ (aᵖ/η + 2 l2) w² + l1 |w| is zero.
        w = np.where(np.abs(z) > 0.2, (np.sign(z) * 0.2 - z) / (a**power / 0.1 + 2 * 0.5), 0.0)
        yield w


def adagrad_da() -> Iterator[np.ndarray]:
    s, a = np.zeros_like(START), np.full_like(START, 0.3)
    for g in GRADIENTS:
        s, a = s + g, a + g * g
        yield -0.1 * np.sign(s) * np.maximum(np.abs(s) - 0.2, 0) / (0.5 * 0.1 + np.sqrt(a))


OPTIMIZERS: dict[str, tuple[Callable[[], Any], Callable[[], Iterator[np.ndarray]]]] = {
    "sgd": (lambda: tf.train.GradientDescentOptimizer(0.1), gradient_descent),
    "momentum": (lambda: tf.train.MomentumOptimizer(0.1, 0.9), momentum),
    "nesterov": (
        lambda: tf.train.MomentumOptimizer(0.1, 0.9, use_nesterov=True),
        lambda: momentum(True),
    ),
    "adam": (lambda: tf.train.AdamOptimizer(0.1, 0.8, 0.95, 1e-3), adam),
    "adagrad": (lambda: tf.train.AdagradOptimizer(0.1, 0.3), adagrad),
    "rmsprop": (lambda: tf.train.RMSPropOptimizer(0.1, 0.8, 0.5, 1e-2), rmsprop),
    "centered": (
        lambda: tf.train.RMSPropOptimizer(0.1, 0.8, 0.5, 1e-2, centered=True),
        lambda: rmsprop(True),
    ),
    "adadelta": (lambda: tf.train.AdadeltaOptimizer(0.5, 0.9, 1e-3), adadelta),
    "proximal": (lambda: tf.train.ProximalGradientDescentOptimizer(0.1, 3.0, 0.5), proximal),
    "proximal_adagrad": (
        lambda: tf.train.ProximalAdagradOptimizer(0.1, 0.3, 2.0, 0.5),
        proximal_adagrad,
    ),
    "ftrl": (lambda: tf.train.FtrlOptimizer(0.1, -0.5, 0.3, 0.2, 0.5), ftrl),
    "ftrl_power": (
        lambda: tf.train.FtrlOptimizer(0.1, -0.7, 0.3, 0.2, 0.5),
        lambda: ftrl(0.7),
    ),
    "ftrl_shrinkage": (
        lambda: tf.train.FtrlOptimizer(
            0.1, -0.5, 0.3, 0.2, 0.5, l2_shrinkage_regularization_strength=0.4
        ),
        lambda: ftrl(shrinkage=0.4),
    ),
    "adagrad_da": (
        lambda: tf.train.AdagradDAOptimizer(
            0.1, tf.train.get_or_create_global_step(), 0.3, 0.2, 0.5
        ),
        adagrad_da,
    ),
}


@pytest.mark.parametrize("engine", ["numpy", "reference"])
@pytest.mark.parametrize("use_resource", [False, True])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_steps_are_the_papers(
    name: str, use_resource: bool, engine: str, engine_session: Callable[[str], tf.Session]
) -> None:
    make, expected = OPTIMIZERS[name]
    w = tf.Variable(START, dtype=tf.float64, use_resource=use_resource)
    given = tf.placeholder(tf.float64, START.shape)
    step = make().apply_gradients([(given, w)])
    with engine_session(engine) as sess:
        sess.run(tf.global_variables_initializer())
        for gradient, after in zip(GRADIENTS, expected(), strict=True):
            sess.run(step, {given: gradient})
            np.testing.assert_allclose(sess.run(w), after, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("use_resource", [False, True])
@pytest.mark.parametrize("name", [n for n in OPTIMIZERS if n not in ("rmsprop", "centered")])
def test_sparse_gradients_sum_rows_that_come_twice(name: str, use_resource: bool) -> None:
    """All rows get a gradient, so the dense rule says what comes out."""
    make, expected = OPTIMIZERS[name]
    w = tf.Variable(START, dtype=tf.float64, use_resource=use_resource)
    rows = tf.placeholder(tf.float64, [None, 2])
    slices = tf.IndexedSlices(rows, tf.constant([2, 0, 1, 0]), tf.constant([3, 2]))
    step = make().apply_gradients([(slices, w)])
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for gradient, after in zip(GRADIENTS, expected(), strict=True):
            half = gradient[0] / 2
            sess.run(step, {rows: [gradient[2], half, gradient[1], gradient[0] - half]})
            np.testing.assert_allclose(sess.run(w), after, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("use_resource", [False, True])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_sparse_gradients_leave_other_rows(name: str, use_resource: bool) -> None:
    w = tf.Variable(START, dtype=tf.float64, use_resource=use_resource)
    step = OPTIMIZERS[name][0]().minimize(tf.reduce_sum(tf.gather(w, [1, 1]) ** 2))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(step)
        after = sess.run(w)
    assert np.array_equal(after[[0, 2]], START[[0, 2]])
    assert (after[1] != START[1]).all()


@pytest.mark.parametrize("rate", [lambda: 0.1, lambda: lambda: 0.1, lambda: tf.constant(0.1)])
def test_rate_may_be_a_number_a_function_or_a_tensor(rate: Callable[[], Any]) -> None:
    x = tf.Variable(2.0)
    step = tf.train.GradientDescentOptimizer(rate()).minimize(x * x)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(step)
        assert sess.run(x) == pytest.approx(1.6)


def test_rate_may_be_fed() -> None:
    x = tf.Variable(1.0)
    rate = tf.placeholder(tf.float32, [])
    step = tf.train.GradientDescentOptimizer(rate).minimize(x)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(step, {rate: 0.25})
        sess.run(step, {rate: 0.5})
        assert sess.run(x) == pytest.approx(0.25)


@pytest.mark.parametrize("use_resource", [False, True])
def test_global_step_grows_after_the_update(use_resource: bool) -> None:
    x = tf.Variable(1.0)
    count = tf.get_variable(
        "count", shape=[], dtype=tf.int64, initializer=tf.zeros_initializer(),
        use_resource=use_resource, trainable=False,
    )  # fmt: skip
    step = tf.train.GradientDescentOptimizer(0.1).minimize(x * x, global_step=count)
    assert step.type == ("AssignAddVariableOp" if use_resource else "AssignAdd")
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(3):
            sess.run(step)
        assert sess.run(count) == 3
        assert tf.train.global_step(sess, count) == 3


def test_gating_ties_gradients_together() -> None:
    x, y = tf.Variable(2.0, name="x"), tf.Variable(3.0, name="y")
    optimizer = tf.train.GradientDescentOptimizer(0.1)
    gated = optimizer.compute_gradients(x * y, gate_gradients=optimizer.GATE_GRAPH)
    assert [g.op.type for g, _ in gated] == ["Identity", "Identity"]
    gates = {tuple(c.name for c in g.op.control_inputs) for g, _ in gated}
    assert len(gates) == 1
    loose = optimizer.compute_gradients(x * y, gate_gradients=optimizer.GATE_NONE)
    assert all(not g.op.control_inputs for g, _ in loose)


@pytest.mark.parametrize("use_resource", [False, True])
def test_constraint_is_applied_after_the_update(use_resource: bool) -> None:
    w = tf.get_variable(
        "w", initializer=[1.0, -1.0], constraint=lambda v: tf.clip_by_value(v, -0.5, 0.5),
        use_resource=use_resource,
    )  # fmt: skip
    step = tf.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_sum(w))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(step)
        assert sess.run(w).tolist() == [0.5, -0.5]


def test_slots() -> None:
    x = tf.Variable([1.0, 2.0], name="x")
    other = tf.Variable(0.0, name="other", trainable=False)
    optimizer = tf.train.AdamOptimizer()
    assert optimizer.get_slot_names() == [] and optimizer.variables() == []
    optimizer.minimize(tf.reduce_sum(x * x))
    assert optimizer.get_slot_names() == ["m", "v"]
    assert [v.name for v in optimizer.variables()] == [
        "beta1_power:0", "beta2_power:0", "x/Adam:0", "x/Adam_1:0",
    ]  # fmt: skip
    assert optimizer.get_slot(x, "v").name == "x/Adam_1:0"
    assert optimizer.get_slot(x, "v").shape.as_list() == [2]
    assert optimizer.get_slot(other, "v") is None and optimizer.get_slot(x, "none") is None
    assert not any(v in tf.trainable_variables() for v in optimizer.variables())
    assert optimizer.get_name() == "Adam"
    with tf.Graph().as_default():
        assert optimizer.variables() == []


def test_minimizing_twice_keeps_the_slots() -> None:
    x = tf.Variable(1.0, name="x")
    optimizer = tf.train.MomentumOptimizer(0.1, 0.9)
    first, second = optimizer.minimize(x * x), optimizer.minimize(x, name="again")
    assert [v.name for v in optimizer.variables()] == ["x/Momentum:0"]
    assert (first.name, second.name) == ("Momentum", "again")
    assert tf.get_collection("train_op") == [first, second]


def test_several_optimizers_keep_slots_of_their_own() -> None:
    x = tf.Variable(1.0, name="x")
    first, second = tf.train.AdamOptimizer(), tf.train.AdamOptimizer()
    first.minimize(x * x)
    second.minimize(x * x)
    assert [v.name for v in second.variables()] == [
        "beta1_power_1:0", "beta2_power_1:0", "x/Adam_2:0", "x/Adam_3:0",
    ]  # fmt: skip
    assert not set(first.variables()) & set(second.variables())


def test_gradients_may_be_changed_between() -> None:
    x = tf.Variable([3.0, 4.0], name="x")
    unused = tf.Variable(1.0, name="unused")
    optimizer = tf.train.GradientDescentOptimizer(1.0)
    pairs = optimizer.compute_gradients(tf.reduce_sum(x * x) / 2)
    assert pairs[1] == (None, unused)
    clipped = [(g if g is None else tf.clip_by_norm(g, 1.0), v) for g, v in pairs]
    step = optimizer.apply_gradients(clipped)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(step)
        np.testing.assert_allclose(sess.run(x), [2.4, 3.2], rtol=1e-6)
        assert sess.run(unused) == 1.0


def test_an_optimizer_of_ones_own() -> None:
    class SignDescent(tf.train.Optimizer):
        def __init__(self) -> None:
            super().__init__(False, "SignDescent")

        def _create_slots(self, var_list: Any) -> None:
            for v in var_list:
                self._zeros_slot(v, "steps", self._name)

        def _apply_dense(self, grad: Any, var: Any) -> Any:
            count = self.get_slot(var, "steps").assign_add(tf.ones_like(grad))
            return tf.assign_sub(var, tf.sign(grad) / count).op

        def _resource_apply_dense(self, grad: Any, handle: Any) -> Any:
            return handle.assign_sub(tf.sign(grad), read_value=False)

    x, y = tf.Variable(5.0, name="x"), tf.Variable(-5.0, name="y", use_resource=True)
    step = SignDescent().minimize(x * x + y * y)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(step)
        sess.run(step)
        assert sess.run([x, y]) == [3.5, -3.0]


def test_what_a_subclass_does_not_say_is_refused() -> None:
    class Nothing(tf.train.Optimizer):
        def __init__(self) -> None:
            super().__init__(False, "Nothing")

    x = tf.Variable([1.0])
    with pytest.raises(NotImplementedError):
        Nothing().minimize(x * x)
    with pytest.raises(NotImplementedError):
        Nothing().minimize(tf.gather(x, [0]))


def of_three(action: Callable[..., Any]) -> Any:
    """`action(x, c, optimizer)` with a float and an int variable."""
    x, c = tf.Variable(1.0, name="x"), tf.Variable(1, name="c")
    return action(x, c, tf.train.GradientDescentOptimizer(0.1))


FLOATS = "[tf.float32, tf.float64, tf.float16, tf.bfloat16]"
X = "<tf.Variable 'x:0' shape=() dtype=float32_ref>"

ERRORS: list[tuple[Callable[..., Any], type[Exception], str]] = [
    (lambda x, c, o: tf.train.Optimizer(False, ""), ValueError, "Must specify the optimizer name"),
    (lambda x, c, o: o.minimize(x * x, var_list=[]), ValueError, "No variables to optimize."),
    (
        lambda x, c, o: o.minimize(tf.constant(1.0), var_list=[x]),
        ValueError,
        "No gradients provided for any variable, check your graph for ops that do not support "
        f'gradients, between variables ["{X}"] and loss '
        'Tensor("Const:0", shape=(), dtype=float32).',
    ),
    (
        lambda x, c, o: o.minimize(c * c),
        ValueError,
        f"Invalid type tf.int32 for mul:0, expected: {FLOATS}.",
    ),
    (
        lambda x, c, o: o.minimize(x * x, grad_loss=tf.constant(1)),
        ValueError,
        f"Invalid type tf.int32 for Const:0, expected: {FLOATS}.",
    ),
    (
        lambda x, c, o: o.minimize(x * x, gate_gradients=5),
        ValueError,
        "gate_gradients must be one of: Optimizer.GATE_NONE, Optimizer.GATE_OP, "
        "Optimizer.GATE_GRAPH.  Not 5",
    ),
    (lambda x, c, o: o.apply_gradients([]), ValueError, "No variables provided."),
    (
        lambda x, c, o: o.apply_gradients([(None, x)]),
        ValueError,
        f'No gradients provided for any variable: ["{X}"].',
    ),
    (
        lambda x, c, o: o.apply_gradients([("a" * 3, x)]),
        TypeError,
        "Input 'delta' of 'ApplyGradientDescent' Op has type string that does not match type "
        "float32 of argument 'var'.",
    ),
    (
        lambda x, c, o: o.apply_gradients([(x, 3)]),
        AttributeError,
        "'int' object has no attribute 'op'",
    ),
    (
        lambda x, c, o: o.apply_gradients([(tf.constant([1.0, 2.0]), x)]),
        ValueError,
        "Shapes must be equal rank, but are 0 and 1 for "
        "'GradientDescent/update_x/ApplyGradientDescent' (op: 'ApplyGradientDescent') with input "
        "shapes: [], [], [2].",
    ),
    (
        lambda x, c, o: tf.train.AdagradOptimizer(0.1, 0.0),
        ValueError,
        "initial_accumulator_value must be positive: 0.0",
    ),
    (
        lambda x, c, o: tf.train.GradientDescentOptimizer(None).minimize(x * x),
        ValueError,
        "None values not supported.",
    ),
]


@pytest.mark.parametrize(("action", "kind", "message"), ERRORS)
def test_errors(action: Callable[..., Any], kind: type[Exception], message: str) -> None:
    with pytest.raises(kind) as caught:
        of_three(action)
    assert str(caught.value).split("\n")[0] == message


def test_a_sparse_gradient_has_no_constraint() -> None:
    w = tf.get_variable("w", [3, 2], constraint=lambda v: v)
    with pytest.raises(RuntimeError, match="Cannot use a constraint function on a sparse variable"):
        tf.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_sum(tf.gather(w, [0])))


RUN_ERRORS = [
    ({"g": np.ones((4, 3))}, "var and grad do not have the same shape[4,2] [4,3]"),
    ({"g": 1.0}, "var and grad do not have the same shape[4,2] []"),
    ({"rate": [0.1]}, "lr is not a scalar: [1]"),
]


@pytest.mark.parametrize("engine", ["numpy", "reference"])
@pytest.mark.parametrize("use_resource", [False, True])
@pytest.mark.parametrize(("fed", "message"), RUN_ERRORS)
def test_shapes_that_only_a_run_knows(
    engine: str,
    fed: dict[str, Any],
    message: str,
    use_resource: bool,
    engine_session: Callable[[str], tf.Session],
) -> None:
    w = tf.Variable(np.ones((4, 2), np.float32), use_resource=use_resource)
    g, rate = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
    step = tf.train.MomentumOptimizer(rate, 0.9).apply_gradients([(g, w)])
    with engine_session(engine) as sess:
        sess.run(tf.global_variables_initializer())
        with pytest.raises(tf.errors.InvalidArgumentError) as caught:
            sess.run(step, {g: fed.get("g", np.ones((4, 2))), rate: fed.get("rate", 0.1)})
        assert caught.value.message.split("\n")[0] == message
        assert (sess.run(w) == 1).all()
        sess.run(step, {g: np.ones((4, 2)), rate: 0.5})
        assert (sess.run(w) == 0.5).all()


@pytest.mark.parametrize("engine", ["numpy", "reference"])
@pytest.mark.parametrize("use_resource", [False, True])
@pytest.mark.parametrize(
    ("rows", "indices", "message"),
    [
        (np.ones((1, 2)), [4], "Index 4 at offset 0 in indices is out of range"),
        (np.ones((2, 2)), [1, -1], "Index -1 at offset 1 in indices is out of range"),
        (np.ones((1, 3)), [1], "var and grad must match in dimension 1"),
    ],
)
def test_sparse_steps_that_do_not_fit_change_nothing(
    rows: Any,
    indices: Any,
    message: str,
    use_resource: bool,
    engine: str,
    engine_session: Callable[[str], tf.Session],
) -> None:
    w = tf.Variable(np.ones((4, 2), np.float32), use_resource=use_resource)
    g, i = tf.placeholder(tf.float32), tf.placeholder(tf.int64)
    step = tf.train.AdagradOptimizer(0.1).apply_gradients([(tf.IndexedSlices(g, i), w)])
    with engine_session(engine) as sess:
        sess.run(tf.global_variables_initializer())
        with pytest.raises(tf.errors.InvalidArgumentError) as caught:
            sess.run(step, {g: rows, i: indices})
        assert caught.value.message.split("\n")[0] == message
        assert (sess.run(w) == 1).all()


def test_an_uninitialized_slot_is_named() -> None:
    x = tf.Variable(1.0, name="x")
    step = tf.train.MomentumOptimizer(0.1, 0.9).minimize(x * x)
    with tf.Session() as sess:
        sess.run(x.initializer)
        with pytest.raises(tf.errors.FailedPreconditionError, match="value x/Momentum"):
            sess.run(step)
        assert sess.run(x) == 1.0


def test_slots_of_a_variable_whose_shape_may_change() -> None:
    start = tf.placeholder_with_default(np.float32([1.0, 2.0]), [None])
    x = tf.Variable(start, validate_shape=False, name="x")
    steps = [
        make().minimize(tf.reduce_sum(x * x))
        for make, _ in (OPTIMIZERS[n] for n in ("momentum", "adam", "adagrad", "centered"))
    ]
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer(), {start: [1.0, 2.0, 3.0]})
        before = sess.run(x)
        for step in steps:
            sess.run(step)
        assert sess.run(x).shape == (3,) and (sess.run(x) < before).all()


def test_global_step_of_a_graph() -> None:
    assert tf.train.get_global_step() is None
    step = tf.train.get_or_create_global_step()
    assert step is tf.train.get_global_step() is tf.train.get_or_create_global_step()
    assert (step.name, step.dtype.base_dtype, step.trainable) == ("global_step:0", tf.int64, False)
    with pytest.raises(ValueError, match='"global_step" already exists.'):
        tf.train.create_global_step()
    other = tf.Graph()
    assert tf.train.create_global_step(other).graph is other


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (1.0, "Existing \"global_step\" does not have integer type: <dtype: 'float32'>"),
        ([1], 'Existing "global_step" is not scalar: (1,)'),
    ],
)
def test_what_is_no_global_step(value: Any, message: str) -> None:
    tf.constant(value, name="global_step")
    with pytest.raises(TypeError) as caught:
        tf.train.get_global_step()
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: tf.train.FtrlOptimizer(0.1, 0.5), "learning_rate_power 0.500000 needs to be neg"),
        (
            lambda: tf.train.FtrlOptimizer(0.1, l1_regularization_strength=-1.0),
            "l1_regularization_strength -1.000000 needs to be positive or zero",
        ),
        (
            lambda: tf.train.ProximalAdagradOptimizer(0.1, 0.0),
            "initial_accumulator_value must be positive: 0.0",
        ),
        (
            lambda: tf.train.AdagradDAOptimizer(0.1, None, 0.0),
            "initial_gradient_squared_accumulator_value must be positive: 0.0",
        ),
    ],
)
def test_numbers_that_make_no_optimizer(make: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_penalty_makes_weights_that_do_not_help_zero() -> None:
    random = np.random.default_rng(2)
    inputs = random.normal(size=(200, 6)).astype(np.float32)
    labels = inputs[:, :2] @ np.array([1.0, -2.0], np.float32)
    w = tf.Variable(tf.ones([6]))
    loss = tf.losses.mean_squared_error(labels, tf.tensordot(inputs, w, 1))
    step = tf.train.FtrlOptimizer(0.5, l1_regularization_strength=10.0).minimize(loss)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(200):
            sess.run(step)
        found = sess.run(w)
    assert (found[2:] == 0).all()
    assert found[0] > 0.3
    assert found[1] < -0.8
