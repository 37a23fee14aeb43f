"""tf.teach.Layer: operations written by hand in numpy."""

from __future__ import annotations

import gc
import threading
import weakref
from typing import Any

import numpy as np
import pytest

import tflite_edu as tf

ENGINES = ("numpy", "reference")


class Multiply(tf.teach.Layer):
    def forward(self, x: Any, y: Any) -> Any:
        self.x, self.y = x, y
        return x * y

    def backward(self, dz: Any) -> Any:
        return [dz * self.y, dz * self.x]


class Dense(tf.teach.Layer):
    def forward(self, x: Any, w: Any, b: Any) -> Any:
        self.x, self.w = x, w
        return x @ w + b

    def backward(self, dz: Any) -> Any:
        return dz @ self.w.T, self.x.T @ dz, dz.sum(axis=0)


class Split(tf.teach.Layer):
    """Two outputs and a third that is no float."""

    def forward(self, x: Any) -> Any:
        self.shape = x.shape
        return x[:, :1], x[:, 1:] * 2, np.argmax(x, axis=1)

    def backward(self, da: Any, db: Any, dindex: Any) -> Any:
        assert dindex is None
        return np.concatenate([da, 2 * db], axis=1)


def one(function: Any, **facts: Any) -> Any:
    """A layer of one input whose backward is `function`."""
    methods = {"forward": lambda self, x: x + 0, "backward": lambda self, dz: function(dz), **facts}
    return type("Odd", (tf.teach.Layer,), methods)()


@pytest.mark.parametrize("engine", ENGINES)
def test_is_a_node_with_a_gradient(engine: str) -> None:
    x, y = tf.placeholder(tf.float32, [3]), tf.constant([2.0, 3.0, 4.0])
    z = Multiply()(x, y)
    assert (z.name, z.dtype, z.shape.as_list()) == ("Multiply:0", tf.float32, [3])
    assert z.op.type == "PyFunc" and list(z.op.inputs) == [x, y]
    loss = tf.reduce_sum(tf.exp(z) + x)
    dx, dy = tf.gradients(loss, [x, y])
    assert dx.shape.as_list() == dy.shape.as_list() == [3]
    value = np.array([0.5, -1.0, 0.25], np.float32)
    with tf.Session(engine=engine) as session:
        got = session.run([z, dx, dy], {x: value})
    weights = np.array([2.0, 3.0, 4.0], np.float32)
    slope = np.exp(value * weights)
    np.testing.assert_allclose(got[0], value * weights)
    np.testing.assert_allclose(got[1], slope * weights + 1, rtol=1e-6)
    np.testing.assert_allclose(got[2], slope * value, rtol=1e-6)


def test_names_and_numbers() -> None:
    x = tf.placeholder(tf.float64, [2])
    layer = Multiply()
    with tf.name_scope("net"):
        first, second = layer(x, 2.0), layer(3, x, name="second")
    assert (first.name, second.name) == ("net/Multiply:0", "net/second:0")
    assert first.dtype == second.dtype == tf.float64
    with tf.Session() as session:
        assert session.run([first, second], {x: [1.0, 4.0]})[1].tolist() == [3.0, 12.0]


@pytest.mark.parametrize("engine", ENGINES)
def test_trains_beside_other_operations(engine: str) -> None:
    """Two layers written by hand learn what the graph's own operations learn, number for number."""
    rng = np.random.RandomState(0)
    inputs = rng.randn(20, 4).astype(np.float32)
    targets = inputs @ rng.randn(4, 2).astype(np.float32)

    def losses(dense: Any) -> list[float]:
        with tf.Graph().as_default():
            x = tf.placeholder(tf.float32, [None, 4])
            w = tf.Variable(np.full((4, 3), 0.1, "f") * np.arange(3, dtype="f"))
            v = tf.get_variable("v", initializer=np.full((3, 2), 0.2, "f"), use_resource=True)
            b = tf.Variable(tf.zeros([3]))
            hidden = tf.tanh(dense(x, w, b))
            output = dense(hidden, v, tf.zeros([2]))
            loss = tf.reduce_mean(tf.square(output - targets))
            step = tf.train.AdamOptimizer(0.1).minimize(loss)
            with tf.Session(engine=engine) as session:
                session.run(tf.global_variables_initializer())
                return [session.run([loss, step], {x: inputs})[0] for _ in range(30)]

    by_hand = losses(Dense())
    np.testing.assert_allclose(by_hand, losses(lambda x, w, b: tf.matmul(x, w) + b), rtol=1e-4)
    assert by_hand[-1] < by_hand[0] / 4


@pytest.mark.parametrize("engine", ENGINES)
def test_several_outputs(engine: str) -> None:
    x = tf.placeholder(tf.float32, [None, 3])
    a, b, index = Split()(x)
    assert [t.shape.as_list() for t in (a, b, index)] == [[None, 1], [None, 2], [None]]
    assert index.dtype == tf.int64
    gradients = [tf.gradients(y, x)[0] for y in (a * 3, b, [a, b], index)]
    with tf.Session(engine=engine) as session:
        got = session.run([index, *gradients], {x: [[1.0, 5.0, 2.0]]})
    assert [g.tolist() for g in got] == [[1], [[3, 0, 0]], [[0, 2, 2]], [[1, 2, 2]], [[0, 0, 0]]]


def test_inputs_that_are_no_floats() -> None:
    class Rows(tf.teach.Layer):
        def forward(self, table: Any, rows: Any) -> Any:
            self.shape, self.rows = table.shape, rows
            return table[rows]

        def backward(self, dz: Any) -> Any:
            dtable = np.zeros(self.shape, dz.dtype)
            np.add.at(dtable, self.rows, dz)
            return [dtable, None]

    table, rows = tf.constant(np.eye(3)), tf.placeholder(tf.int32, [None])
    z = Rows()(table, rows)
    assert z.shape.as_list() == [None, 3]
    gradients = tf.gradients(z, [table, rows])
    assert gradients[1] is None
    with tf.Session() as session:
        assert session.run(gradients[0], {rows: [2, 2, 0]})[:, 0].tolist() == [1, 0, 2]


def test_texts() -> None:
    class Length(tf.teach.Layer):
        def forward(self, text: Any) -> Any:
            return np.array([len(t) for t in text]), np.array([t.upper() for t in text])

    count, upper = Length()(tf.constant(["a", "bcd"]))
    assert (count.dtype, upper.dtype) == (tf.int64, tf.string)
    with tf.Session() as session:
        assert session.run(count).tolist() == [1, 3]
        assert session.run(upper).tolist() == [b"A", b"BCD"]


def test_none_stands_for_zeros_and_numbers_take_the_dtype() -> None:
    layer = type(
        "Half",
        (tf.teach.Layer,),
        {
            "forward": lambda self, x, y, s: 2.0,
            "backward": lambda self, dz: [None, dz * 0 + 1, 3.0],
        },
    )(output_dtypes=tf.float32, output_shapes=[])
    x, y, s = tf.ones([2]), tf.constant(1.0), tf.constant(1.0)
    z = layer(x, y, s)
    with tf.Session() as session:
        got = session.run([z, *tf.gradients(z, [x, y, s])])
    assert got[0] == 2 and got[0].dtype == np.float32
    assert (got[1].tolist(), got[2], got[3]) == ([0, 0], 1, 3)


def test_one_instance_at_many_nodes() -> None:
    layer = Multiply()
    x = tf.placeholder(tf.float64, [])
    cube = layer(layer(x, x), x)
    other = layer(x, 10.0)
    gradients = tf.gradients(cube, x) + tf.gradients(other, x) + tf.gradients(cube + other, x)
    with tf.Session() as session:
        assert session.run(gradients, {x: 2.0}) == [12.0, 10.0, 22.0]
    assert vars(layer) == {}


def test_two_sessions_and_two_threads() -> None:
    """What one run keeps, no other run sees, though all forwards run before any backward."""
    together = threading.Barrier(2)

    class Waiting(Multiply):
        def forward(self, x: Any, y: Any) -> Any:
            product = super().forward(x, y)
            if running:
                together.wait(10)
            return product

        def backward(self, dz: Any) -> Any:
            together.wait(10)
            return super().backward(dz)

    running = False
    x = tf.placeholder(tf.float64, [4])
    gradient = tf.gradients(Waiting()(x, x), x)[0]
    running = True
    wrong: list[Any] = []

    def work(session: Any, value: float) -> None:
        for i in range(20):
            at = np.full(4, value + i)
            got = session.run(gradient, {x: at})
            if (got != 2 * at).any():
                wrong.append((got, at))

    with tf.Session() as one_session, tf.Session() as another:
        for pair in ((one_session, one_session), (one_session, another)):
            threads = [
                threading.Thread(target=work, args=(session, 1000.0 * i))
                for i, session in enumerate(pair)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
                assert not thread.is_alive()
    assert not wrong


@pytest.mark.parametrize("engine", ENGINES)
def test_nothing_is_kept_after_a_run(engine: str) -> None:
    copies: weakref.WeakSet[Any] = weakref.WeakSet()

    class Watched(Multiply):
        def forward(self, x: Any, y: Any) -> Any:
            copies.add(self)
            return super().forward(x, y)

    x = tf.placeholder(tf.float32, [None])
    z = Watched()(x, x)
    gradient = tf.gradients(z, x)[0]
    with tf.Session(engine=engine) as session:
        for fetched in (z, gradient):
            for _ in range(3):
                session.run(fetched, {x: [1.0, 2.0]})
        gc.collect()
        assert not copies


def test_arrays_are_the_layers_own() -> None:
    kept = np.array([1.0, 2.0])

    class Changes(tf.teach.Layer):
        def forward(self, x: Any) -> Any:
            x += 1
            self.x = x
            return kept

        def backward(self, dz: Any) -> Any:
            dz *= 5
            return kept

    v = tf.Variable([3.0, 4.0], dtype=tf.float64)
    x = v + 0.0
    y = Changes()(x)
    step = tf.train.MomentumOptimizer(1.0, 0.9).minimize(tf.reduce_sum(y * 2.0))
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for _ in range(3):
            assert session.run([x, y, step])[1].tolist() == [1, 2]
        assert kept.tolist() == [1, 2]


def test_inside_a_conditional() -> None:
    x, choose = tf.placeholder(tf.float64, []), tf.placeholder(tf.bool, [])
    y = tf.cond(choose, lambda: Multiply()(x, x), lambda: 7.0 * x)
    gradient = tf.gradients(y, x)[0]
    with tf.Session() as session:
        assert session.run([y, gradient], {x: 3.0, choose: True}) == [9.0, 6.0]
        assert session.run([y, gradient], {x: 3.0, choose: False}) == [21.0, 7.0]


def test_traced_run() -> None:
    x = tf.placeholder(tf.float32, [2])
    gradient = tf.gradients(Multiply()(x, x), x)[0]
    metadata = tf.RunMetadata()
    options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)
    with tf.Session() as session:
        session.run(gradient, {x: [1.0, 2.0]}, options, metadata)
    names = [n.node_name for d in metadata.step_stats.dev_stats for n in d.node_stats]
    assert "Multiply" in names and "gradients/Multiply_grad/MultiplyGrad" in names


def test_nodes_are_not_saved_with_the_graph() -> None:
    Multiply()(tf.ones([2]), 2.0)
    definition = tf.get_default_graph().as_graph_def()
    with tf.Graph().as_default(), tf.Session() as session:
        (z,) = tf.import_graph_def(definition, return_elements=["Multiply:0"])
        with pytest.raises(tf.errors.InvalidArgumentError, match="callback Multiply_[0-9]* is not"):
            session.run(z)


def test_shapes_are_tried_or_declared() -> None:
    class Sum(tf.teach.Layer):
        def forward(self, x: Any) -> Any:
            return x.sum(axis=0)

    def shape_for(shape: Any, **declared: Any) -> Any:
        return Sum(**declared)(tf.placeholder(tf.float32, shape)).shape

    assert shape_for([None, 4]).as_list() == [4]
    assert shape_for([4, None]).as_list() == [None]
    assert shape_for(None, output_dtypes=tf.float32).ndims is None
    assert shape_for(None, output_dtypes=tf.float32, output_shapes=[2, None]).as_list() == [2, None]
    assert shape_for([None, 4], output_shapes=[None]).as_list() == [4]
    Sum.output_dtypes, Sum.output_shapes = [tf.float32], [[5]]
    (declared,) = Sum()(tf.placeholder(tf.float32))
    assert declared.shape.as_list() == [5]


def test_rank_that_depends_on_the_input() -> None:
    class Squeeze(tf.teach.Layer):
        def forward(self, x: Any) -> Any:
            return x if len(x) == 2 else x.sum()

    assert Squeeze()(tf.placeholder(tf.float32, [None])).shape.ndims is None


@pytest.mark.parametrize(
    ("inputs", "facts", "error", "message"),
    [
        ([], {}, TypeError, r"Odd.forward\(x\) does not take 0 inputs: missing a required"),
        ([1.0, 2.0], {}, TypeError, r"Odd.forward\(x\) does not take 2 inputs: too many"),
        ([1.0], {"forward": None}, TypeError, "Odd has no method forward: write def forward"),
        (
            [[1.0]],
            {"forward": lambda self, x: x @ np.ones((3, 3))},
            ValueError,
            r"Odd.forward failed in a trial run on ones of shape \(1,\): ValueError: matmul.*"
            r"test_teach_layer.py:[0-9]*\). Declare output_dtypes",
        ),
        ([1.0], {"forward": lambda self, x: None}, ValueError, "it returned None; return the out"),
        (
            [1.0],
            {"output_dtypes": tf.int32},
            ValueError,
            "Odd.forward returned float32 in a trial run, and not int32",
        ),
        (
            [1.0],
            {"output_shapes": [[], []]},
            ValueError,
            "returned 1 outputs in a trial run, and output_shapes declares 2",
        ),
        (
            [1.0],
            {"output_shapes": [[], []], "output_dtypes": tf.float32},
            ValueError,
            "Odd declares 1 output_dtypes and 2 output_shapes",
        ),
        ([1.0], {"output_shapes": [3]}, ValueError, "(?i)shapes must be equal rank"),
    ],
)
def test_refused_while_defining(inputs: Any, facts: Any, error: Any, message: str) -> None:
    before = len(tf.get_default_graph().get_operations())
    with pytest.raises(error, match=message):
        one(lambda dz: dz, **facts)(*inputs)
    names = [op.type for op in tf.get_default_graph().get_operations()[before:]]
    assert set(names) <= {"Const"}


def test_unknown_rank_needs_a_declaration() -> None:
    with pytest.raises(ValueError, match="the rank of p:0 is unknown. Declare output_dtypes"):
        one(lambda dz: dz)(tf.placeholder(tf.float32, name="p"))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("gradient", "kind", "message"),
    [
        (
            lambda dz: [dz, dz],
            tf.errors.InvalidArgumentError,
            "Odd.backward returned 2 gradients, and the layer has 1 input. Return a list with",
        ),
        (lambda dz: [], tf.errors.InvalidArgumentError, "returned 0 gradients"),
        (
            lambda dz: dz[:1],
            tf.errors.InvalidArgumentError,
            "The gradient of input 0 (x) that Odd.backward returned has shape [1], and x has [2]. "
            "The layer is node Odd, defined at",
        ),
        (
            lambda dz: np.stack([dz, dz]),
            tf.errors.InvalidArgumentError,
            "has shape [2,2], and x has [2]. x was repeated to that shape: sum over the repeated",
        ),
        (
            lambda dz: dz.astype(np.float64),
            tf.errors.InvalidArgumentError,
            "is float64, and it must be float32. Make it so: .astype(np.float32).",
        ),
        (lambda dz: "text", tf.errors.InvalidArgumentError, "is string, and it must be float32"),
        (
            lambda dz: 1 / 0,
            tf.errors.UnknownError,
            "Odd.backward raised ZeroDivisionError: division by zero (",
        ),
        (
            lambda dz: dz @ np.ones((5, 5)),
            tf.errors.InvalidArgumentError,
            "Odd.backward raised ValueError: matmul",
        ),
    ],
)
def test_backward_that_does_not_fit(engine: str, gradient: Any, kind: Any, message: str) -> None:
    x = tf.ones([2])
    dx = tf.gradients(one(gradient)(x), x)[0]
    with tf.Session(engine=engine) as session, pytest.raises(kind) as raised:
        session.run(dx)
    assert type(raised.value) is kind and message in str(raised.value).splitlines()[0]
    assert raised.value.op.name == "gradients/Odd_grad/OddGrad"
    assert f"[[node gradients/Odd_grad/OddGrad (defined at {__file__}:" in raised.value.message


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([np.float32(1), np.float32(2)], "Odd.forward returned 2 outputs, and the node has 1."),
        (None, "Output 0 of Odd.forward is None."),
        (np.ones(3, np.float32), "Output 0 of Odd.forward has shape [3], and the graph has []"),
        (np.float64(1), "Output 0 of Odd.forward is float64, and it must be float32."),
        ("2", "Output 0 of Odd.forward is string, and it must be float32."),
        ([[[1.0], [2.0, 3.0]]], "Output 0 of Odd.forward is no array: "),
    ],
)
def test_forward_that_does_not_fit(value: Any, message: str) -> None:
    facts = {"output_dtypes": tf.float32, "output_shapes": [], "forward": lambda self, x: value}
    z = one(lambda dz: dz, **facts)(1.0)
    with tf.Session() as session, pytest.raises(tf.errors.InvalidArgumentError) as raised:
        session.run(z)
    assert message in str(raised.value).splitlines()[0] and raised.value.op is z.op


def test_gradients_that_are_not_there() -> None:
    x = tf.constant(1.0)
    with pytest.raises(LookupError, match=r"operation 'Odd' \(op type: PyFunc\): Odd has no meth"):
        tf.gradients(one(None, backward=None)(x), x)
    with pytest.raises(TypeError, match=r"Odd.backward\(a, b\) does not take 1 gradient: missing"):
        tf.gradients(one(None, backward=lambda self, a, b: a)(x), x)
    (first,) = tf.gradients(Multiply()(x, x), x)
    with pytest.raises(LookupError, match="Multiply has no second derivative, because its backwa"):
        tf.gradients(first, x)


def test_check() -> None:
    found = tf.teach.check(Dense(), np.ones((2, 3), "f"), np.arange(6.0).reshape(3, 2), [0.5, 1])
    assert found.passed and [c.name for c in found.comparisons] == ["x", "w", "b"]
    assert all(c.difference.max() < 1e-8 and c.dtype == np.float64 for c in found.comparisons)
    assert found.forward_passes == 2 * (6 + 6 + 2) + 2
    assert tf.teach.check(Split(), [[1.0, 2.0, 4.0]]).passed
    assert len(tf.get_default_graph().get_operations()) == 0


def test_check_finds_what_is_wrong() -> None:
    class Wrong(Multiply):
        def backward(self, dz: Any) -> Any:
            return [dz * self.y, dz * self.y]

    found = tf.teach.check(Wrong(), [1.0, 2.0], [3.0, 2.5])
    assert not found.passed
    x, y = found.comparisons
    assert x.passed and not y.passed and found.worst is y and y.worst == (0,)
    np.testing.assert_allclose(y.analytic / y.numeric, [3, 1.25], rtol=1e-6)
    text = str(found)
    assert "WRONG <- worst" in text and "verdict:       WRONG: y" in text
    assert max(map(len, text.splitlines())) <= 100


def test_check_of_whole_numbers_random_numbers_and_corners() -> None:
    class Drop(tf.teach.Layer):
        def forward(self, x: Any) -> Any:
            self.mask = np.random.random_sample(x.shape) < 0.5
            return x * self.mask

        def backward(self, dz: Any) -> Any:
            return dz * self.mask

    before = np.random.get_state()[1].copy()
    assert tf.teach.check(Drop(), np.arange(1.0, 20.0)).passed
    assert (np.random.get_state()[1] == before).all()

    class Relu(tf.teach.Layer):
        def forward(self, x: Any) -> Any:
            self.positive = x > 0
            return np.maximum(x, 0)

        def backward(self, dz: Any) -> Any:
            return dz * self.positive

    found = tf.teach.check(Relu(), [-1.0, 0.0, 2.0])
    assert found.passed and found.comparisons[0].is_corner.tolist() == [False, True, False]
    assert "at a corner" in str(found)

    class Own(Drop):
        def forward(self, x: Any) -> Any:
            self.mask = generator.random(x.shape) < 0.5
            return x * self.mask

    generator = np.random.default_rng(0)
    with pytest.raises(ValueError, match="in one run and .* in the next, though variables and ran"):
        tf.teach.check(Own(), np.arange(1.0, 20.0))


def test_check_refuses() -> None:
    with pytest.raises(TypeError, match="check is given a tf.teach.Layer and its inputs"):
        tf.teach.check(abs, 1.0)
    with pytest.raises(TypeError, match="Multiply was given no input that is a float"):
        tf.teach.check(Multiply(), 1, 2)
    with pytest.raises(TypeError, match="does not take 1 input"):
        tf.teach.check(Multiply(), 1.0)
    with pytest.raises(tf.errors.InvalidArgumentError, match="Odd.backward returned 2 gradients"):
        tf.teach.check(one(lambda dz: [dz, dz]), 1.0)
