"""`tf.teach.explain`: values, gradients and rules of nodes, and a graph that stays as it was."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

import tflite_edu as tf
from tflite_edu.core import raw
from tflite_edu.core.op import resolve
from tflite_edu.teach import rules
from tflite_edu.teach.diagram import Kind, verify
from tflite_edu.teach.explanation_text import WIDTH


def three_products(resource: bool = False) -> tuple[tf.Tensor, dict]:
    """sigmoid(w0·x0 + w1·x1 + w2), the small network of the lesson."""
    with tf.variable_scope("", use_resource=resource):
        w0, w1, w2 = (
            tf.get_variable(f"w{i}", initializer=v) for i, v in enumerate((2.0, -3.0, -3.0))
        )
    x0 = tf.placeholder(tf.float32, [], name="x0")
    x1 = tf.placeholder(tf.float32, [], name="x1")
    return tf.sigmoid(w0 * x0 + w1 * x1 + w2, name="y"), {x0: -1.0, x1: -2.0}


def explained(loss: tf.Tensor, feeds: dict | None = None):
    """The explanation in a new session, after the initializers."""
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return tf.teach.explain(loss, feeds, session)


# Worked by hand: the sum is 2·-1 + -3·-2 - 3 = 1, its sigmoid 0.73, the slope 0.73·0.27 = 0.20.
BY_HAND = {
    "y": (0.73, 1.00),
    "add_1": (1.00, 0.20),
    "add": (4.00, 0.20),
    "mul": (-2.00, 0.20),
    "mul_1": (6.00, 0.20),
    "w0": (2.00, -0.20),
    "x0": (-1.00, 0.39),
    "w1": (-3.00, -0.39),
    "x1": (-2.00, -0.59),
    "w2": (-3.00, 0.20),
}


@pytest.mark.parametrize("resource", [False, True])
def test_the_sigmoid_of_three_products_gives_the_numbers_worked_by_hand(resource: bool) -> None:
    explanation = explained(*three_products(resource))
    assert {node.name.removesuffix("/ReadVariableOp") for node in explanation} == BY_HAND.keys()
    for name, (value, gradient) in BY_HAND.items():
        assert explanation[name].value == pytest.approx(value, abs=0.005), name
        assert explanation[name].gradient == pytest.approx(gradient, abs=0.005), name
    local = {
        n.name: {k: round(float(v), 2) for k, v in n.local_gradients.items()} for n in explanation
    }
    assert local["y"] == {"add_1": 0.20}
    assert local["add_1"] == {"add": 1, "w2": 1}
    assert local["mul"] == {"w0": -1, "x0": 2}
    assert local["mul_1"] == {"w1": -2, "x1": -3}
    assert local["w0"] == {}


def test_nodes_come_in_forward_order_and_are_found_by_name_tensor_and_variable() -> None:
    y, feeds = three_products()
    explanation = explained(y, feeds)
    names = [node.name for node in explanation]
    for node in explanation:
        assert all(names.index(one.name) < names.index(node.name) for one in node.inputs)
    assert len(explanation) == len(names) == 10
    w0 = tf.global_variables()[0]
    assert explanation[w0] is explanation["w0"] is explanation["w0:0"] is explanation["w0/read"]
    assert explanation[y] is explanation["y"] is explanation[y.op] is explanation.nodes[-1]
    assert "w0" in explanation and y in explanation and "w9" not in explanation
    assert explanation["w0"].kind is Kind.VARIABLE and explanation["x0"].kind is Kind.INPUT
    assert explanation["y"].operation is y.op
    with pytest.raises(KeyError, match="'w9' is not on the way to y; there are: .*w0"):
        explanation["w9"]


def test_the_page_says_both_passes_in_words() -> None:
    page = str(explained(*three_products()))
    assert "L = y = 0.7311. 10 nodes lead to it." in page
    for line in (
        "  mul    Mul(w0, x0)        ()     -2",
        "      -> w0  0.1966 · -1 = -0.1966",
        "      -> add_1  1 · 0.1966 = 0.1966",
    ):
        assert line in page.splitlines()
    assert "Addition passes the gradient on to both, unchanged." in page
    assert "The sigmoid multiplies the gradient by z(1 − z)" in page
    assert page.index("FORWARD") < page.index("BACKWARD") < page.index("WHERE IT BEGINS")
    backward = page[page.index("BACKWARD") :]
    assert (
        backward.index("y  Sigmoid") < backward.index("add_1  AddV2") < backward.index("mul  Mul")
    )


def perceptron(examples: int = 6) -> tuple[tf.Tensor, dict]:
    x = tf.placeholder(tf.float32, [None, 4], name="x")
    labels = tf.placeholder(tf.int32, [None], name="labels")
    h = x
    for i, units in enumerate((5, 3)):
        with tf.variable_scope(f"layer{i}"):
            w = tf.get_variable("w", [int(h.shape[1]), units])
            b = tf.get_variable("b", [units], initializer=tf.zeros_initializer())
            h = tf.add(tf.matmul(h, w), b, name="z")
            h = tf.nn.relu(h) if i == 0 else h
    entropy = tf.nn.sparse_softmax_cross_entropy_with_logits(
        labels=labels, logits=h, name="entropy"
    )
    feeds = {x: np.random.RandomState(0).rand(examples, 4), labels: np.arange(examples) % 3}
    return tf.reduce_mean(entropy, name="loss"), feeds


def test_gradients_are_those_of_tf_gradients() -> None:
    tf.set_random_seed(3)
    loss, feeds = perceptron()
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        explanation = tf.teach.explain(loss, feeds)
        tensors = [n.operation.outputs[0] for n in explanation if n.gradient is not None]
        values, gradients = session.run([tensors, tf.gradients(loss, tensors)], feeds)
    assert len(tensors) == len(explanation) - 1 == 12
    for tensor, value, gradient in zip(tensors, values, gradients, strict=True):
        np.testing.assert_allclose(explanation[tensor].value, value, rtol=1e-6)
        np.testing.assert_allclose(explanation[tensor].gradient, gradient, rtol=1e-5, atol=1e-8)
    assert explanation["labels"].gradient is None
    assert explanation["labels"].value.tolist() == [0, 1, 2, 0, 1, 2]


def test_what_is_passed_adds_up_to_the_gradient() -> None:
    explanation = explained(*perceptron())
    total: dict[str, np.ndarray] = {}
    for node in explanation:
        for one in node.inputs:
            if one.gradient is not None:
                total[one.name] = total.get(one.name, 0) + one.gradient
    assert len(total) == 11
    for name, passed in total.items():
        np.testing.assert_allclose(passed, explanation[name].gradient, rtol=1e-6)


def test_local_gradients_of_arrays_are_element_by_element_or_left_out() -> None:
    explanation = explained(*perceptron())
    relu = explanation["layer0/Relu"]
    np.testing.assert_array_equal(
        relu.local_gradients["layer0/z"], explanation["layer0/z"].value > 0
    )
    assert explanation["layer0/MatMul"].local_gradients == {"x": None, "layer0/w": None}
    bias = explanation["layer0/z"].inputs[1]
    assert bias.name == "layer0/b" and bias.summed
    assert bias.local_gradient.tolist() == [6] * 5
    assert "layer0/b was broadcast: its gradient is summed back" in explanation["layer0/z"].rule
    mean = explanation["loss"].inputs[0]
    assert not mean.summed
    np.testing.assert_allclose(mean.local_gradient, [1 / 6] * 6, rtol=1e-6)


LOCAL = {
    "Sigmoid": (tf.sigmoid, lambda x, z: z * (1 - z)),
    "Tanh": (tf.tanh, lambda x, z: 1 - z**2),
    "Relu": (tf.nn.relu, lambda x, z: x > 0),
    "Exp": (tf.exp, lambda x, z: z),
    "Log": (tf.log, lambda x, z: 1 / x),
    "Square": (tf.square, lambda x, z: 2 * x),
    "Sqrt": (tf.sqrt, lambda x, z: 1 / (2 * z)),
    "Neg": (tf.negative, lambda x, z: -1 + 0 * x),
    "Abs": (tf.abs, lambda x, z: np.sign(x)),
    "Softplus": (tf.nn.softplus, lambda x, z: 1 / (1 + np.exp(-x))),
    "Reciprocal": (tf.reciprocal, lambda x, z: -(z**2)),
    "Rsqrt": (tf.rsqrt, lambda x, z: -(z**3) / 2),
    "Softsign": (tf.nn.softsign, lambda x, z: 1 / (1 + abs(x)) ** 2),
    "Sin": (tf.sin, lambda x, z: np.cos(x)),
    "Asinh": (tf.asinh, lambda x, z: 1 / np.cosh(z)),
    "Atanh": (tf.atanh, lambda x, z: 1 / (1 - x**2)),
}


@pytest.mark.parametrize("op_type", LOCAL)
def test_local_gradients_are_as_the_rule_says(op_type: str) -> None:
    function, formula = LOCAL[op_type]
    x = tf.placeholder(tf.float64, [4], name="x")
    given = np.array([0.25, 0.5, 0.75, 0.9])
    explanation = explained(function(x, name="z"), {x: given})
    node = explanation["z"]
    assert node.op_type == op_type and not node.inputs[0].summed
    expected = np.broadcast_to(formula(given, node.value), given.shape)
    np.testing.assert_allclose(node.local_gradients["x"], expected, rtol=1e-12)


def test_large_arrays_are_drawn_by_shape_and_norm() -> None:
    loss, feeds = perceptron()
    explanation = explained(loss, feeds)
    edges = {(e.source, e.target): (e.above, e.under) for e in explanation.diagram().edges}
    norm = np.linalg.norm(explanation["layer0/w"].gradient)
    assert edges["layer0/w", "layer0/MatMul"] == ("(4, 5)", f"norm {norm:.3g}")
    assert edges["labels", "entropy/entropy"] == ("(6)", "")


def test_a_square_by_multiplication_has_twice_the_value_as_local_gradient() -> None:
    x = tf.placeholder(tf.float32, [], name="x")
    explanation = explained(tf.multiply(x, x, name="z"), {x: 3.0})
    assert [one.gradient for one in explanation["z"].inputs] == [3.0, 3.0]
    assert explanation["z"].local_gradients == {"x": 6.0}
    assert explanation["x"].gradient == 6.0


def test_the_graph_and_what_comes_after_are_as_without() -> None:
    def script(look: bool) -> tuple[list, list]:
        graph = tf.Graph()
        with graph.as_default(), tf.Session() as session:
            tf.set_random_seed(7)
            loss, feeds = perceptron()
            w = tf.trainable_variables()[0]
            w = tf.cond(loss > 0.0, lambda: w * [1.0, 2.0, 3.0, 4.0, 5.0], lambda: w + 1.0)
            loss += tf.reduce_mean(tf.nn.dropout(w, rate=0.5))
            session.run(tf.global_variables_initializer())
            if look:
                before = graph.as_graph_def()
                tf.teach.explain(loss, feeds)
                assert graph.as_graph_def() == before
            noise = tf.random_normal([3])
            step = tf.train.GradientDescentOptimizer(0.1).minimize(loss + tf.reduce_sum(noise))
            session.run(tf.global_variables_initializer())
            session.run(step, feeds)
            values = session.run([noise, *tf.trainable_variables()], feeds)
            nodes = [
                (op.name, op.type, op.node_def.SerializeToString(), [c.name for c in t.consumers()])
                for op in graph.get_operations()
                for t in op.outputs
            ]
        return nodes, values

    (nodes, values), (looked_nodes, looked_values) = script(False), script(True)
    assert nodes == looked_nodes
    for one, other in zip(values, looked_values, strict=True):
        np.testing.assert_array_equal(one, other)


def test_variables_stay_and_nothing_is_kept_by_the_session() -> None:
    loss, feeds = perceptron()
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        before = session.run(tf.trainable_variables())
        kept = len(session._calls), len(session._programs._found)
        explanation = tf.teach.explain(loss, feeds)
        explanation["layer0/w"].value[...] = 7.0
        feeds_before = {k: np.copy(v) for k, v in feeds.items()}
        explanation["x"].value[...] = 7.0
        assert (len(session._calls), len(session._programs._found)) == kept
        for one, other in zip(before, session.run(tf.trainable_variables()), strict=True):
            np.testing.assert_array_equal(one, other)
        for key, value in feeds_before.items():
            np.testing.assert_array_equal(feeds[key], value)


def test_the_graph_is_restored_when_the_run_fails() -> None:
    x = tf.placeholder(tf.float32, [None], name="x")
    loss = tf.reduce_sum(tf.reshape(x, [2, 2]) * 3.0)
    graph = tf.get_default_graph()
    before = graph.as_graph_def()
    with tf.Session() as session:
        with pytest.raises(tf.errors.InvalidArgumentError):
            tf.teach.explain(loss, {x: [1.0, 2.0, 3.0]}, session)
        assert graph.as_graph_def() == before
        assert tf.teach.explain(loss, {x: [1.0] * 4}, session)["x"].gradient.tolist() == [3.0] * 4


def test_a_finalized_graph_can_be_explained_and_stays_finalized() -> None:
    y, feeds = three_products()
    initialize = tf.global_variables_initializer()
    with tf.Session() as session:
        session.run(initialize)
        y.graph.finalize()
        assert tf.teach.explain(y, feeds, session)["w1"].gradient == pytest.approx(-0.39, abs=0.005)
    assert y.graph.finalized


def test_dropout_shows_the_noise_of_the_run_that_it_shows() -> None:
    x = tf.ones([20], name="x")
    loss = tf.reduce_sum(tf.nn.dropout(x, rate=0.5, name="drop"), name="loss")
    explanation = explained(loss)
    np.testing.assert_array_equal(explanation["x"].gradient, explanation["drop/mul_1"].value)
    assert set(explanation["x"].gradient) == {0.0, 2.0}


def test_the_next_run_draws_the_noise_that_was_shown() -> None:
    w = tf.get_variable("w", initializer=1.0)
    loss = tf.multiply(w, tf.random_normal([], seed=4, name="noise"), name="loss")
    with tf.Session() as session, tf.Session() as other:
        for each in (session, other):
            each.run(w.initializer)
            each.run(loss)
        shown = [tf.teach.explain(loss, session=session)["loss"].value for _ in range(2)]
        assert shown[0] == shown[1] == session.run(loss) == other.run(loss)
        assert session.run(loss) == other.run(loss) != shown[0]


def test_rows_that_were_looked_up_get_the_gradient() -> None:
    for resource in (False, True):
        with tf.variable_scope(f"r{resource}", use_resource=resource):
            table = tf.get_variable("table", initializer=np.ones((4, 2), np.float32))
            rows = tf.nn.embedding_lookup(table, [1, 3, 1])
        node = explained(tf.reduce_sum(rows))[table]
        assert node.gradient.tolist() == [[0, 0], [2, 2], [0, 0], [1, 1]]
        assert node.value.tolist() == [[1, 1]] * 4


@pytest.mark.parametrize(("taken", "gradient"), [(True, 6.0), (False, 1.0)])
def test_only_the_branch_that_was_taken_passes_a_gradient(taken: bool, gradient: float) -> None:
    p = tf.placeholder(tf.bool, [], name="p")
    x = tf.placeholder(tf.float32, [], name="x")
    loss = tf.cond(p, lambda: tf.square(x, name="sq"), lambda: tf.identity(x, name="id"))
    before = tf.get_default_graph().as_graph_def()
    explanation = explained(loss, {p: taken, x: 3.0})
    assert explanation["x"].gradient == gradient
    skipped = explanation["cond/id" if taken else "cond/sq"]
    assert skipped.value is None
    assert "not computed: its branch was not taken" in str(explanation)
    del before.node[len(tf.get_default_graph().get_operations()) :]
    assert [n.name for n in before.node] == [
        op.name for op in tf.get_default_graph().get_operations()[: len(before.node)]
    ]


def test_several_outputs_are_listed() -> None:
    x = tf.placeholder(tf.float32, [4], name="x")
    a, b = tf.split(x, 2, name="parts")
    explanation = explained(tf.reduce_sum(a * b), {x: [1.0, 2.0, 3.0, 4.0]})
    parts = explanation["parts"]
    assert [v.tolist() for v in parts.value] == [[1, 2], [3, 4]]
    assert [g.tolist() for g in parts.gradient] == [[3, 4], [1, 2]]
    assert [one.name for one in explanation["mul"].inputs] == ["parts", "parts:1"]
    assert explanation["x"].gradient.tolist() == [3, 4, 1, 2]
    verify(explanation.diagram())


def test_own_gradients_are_used_and_named() -> None:
    @tf.custom_gradient
    def halved(x):
        inside = x * 2.0
        return inside, lambda dy: dy * tf.identity(inside) / 2.0

    x = tf.placeholder(tf.float32, [], name="x")
    explanation = explained(tf.square(halved(x)), {x: 5.0})
    assert explanation["x"].gradient == 20.0 * 5.0
    assert "own gradient" in explanation["IdentityN"].rule


class Multiply(tf.teach.Layer):
    """Hands each input the value of the other.

    The second paragraph is not part of the rule.
    """

    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dz):
        return [dz * self.y, dz * self.x]


def test_a_layer_is_explained_by_its_own_words() -> None:
    x = tf.placeholder(tf.float32, [], name="x")
    y = tf.placeholder(tf.float32, [], name="y")
    explanation = explained(tf.exp(Multiply()(x, y)), {x: 0.5, y: 2.0})
    node = explanation["Multiply"]
    assert node.op_type == "Multiply" and node.rule == "Hands each input the value of the other."
    assert node.local_gradients == {"x": 2.0, "y": 0.5}
    assert explanation["x"].gradient == pytest.approx(2 * np.e)
    assert "Multiply(x, y)" in str(explanation)


def test_a_fed_tensor_ends_the_way() -> None:
    x = tf.placeholder(tf.float32, [], name="x")
    middle = tf.square(x, name="middle")
    explanation = explained(tf.multiply(middle, 3.0, name="z"), {middle: 2.0})
    assert explanation["middle"].value == 2.0 and explanation["middle"].gradient == 3.0
    assert "x" not in explanation and explanation["middle"].inputs == ()


def deep(layers: int) -> tf.Tensor:
    x = tf.placeholder(tf.float32, [3], name="x")
    for i in range(layers):
        with tf.name_scope(f"layer{i}"):
            x = tf.tanh(x * 1.5 + 0.1)
    return tf.reduce_sum(x, name="loss")


def test_large_graphs_fold_by_name_scope() -> None:
    loss = deep(30)
    explanation = explained(loss, {"x:0": [0.1, 0.2, 0.3]})
    assert len(explanation) == 30 * 5 + 2
    folded, whole = str(explanation), explanation.text(most_nodes=None)
    assert len(folded.splitlines()) < 150 < len(whole.splitlines())
    assert "layer7/Tanh" in whole and "layer7/Tanh" not in folded
    lines = [line.split() for line in folded.splitlines()]
    assert ["layer7/", "scope", "(3)", "5", "nodes:", "Mul,", "AddV2,", "Tanh"] in lines
    assert "are folded" in folded and "are folded" not in whole


@pytest.mark.parametrize("most_nodes", [5, None])
def test_pages_are_at_most_a_hundred_columns_wide(most_nodes: int | None) -> None:
    with tf.name_scope("a_scope_with_a_long_name/and_another_long_one_inside_of_it"):
        loss, feeds = perceptron(500)
        loss = tf.reduce_sum(tf.identity(loss, "a_rather_long_name_for_an_identity") * [1e-9, 1e9])
    page = explained(loss, feeds).text(most_nodes)
    assert max(len(line) for line in page.splitlines()) <= WIDTH
    assert ", mean " in page and len(page) < 30_000


def test_the_picture_has_values_above_and_gradients_under_its_edges() -> None:
    explanation = explained(*three_products())
    diagram = explanation.diagram()
    verify(diagram)
    edges = {(e.source, e.target): (e.above, e.under) for e in diagram.edges}
    assert edges["w0", "mul"] == ("2", "-0.1966")
    assert edges["x0", "mul"] == ("-1", "0.3932")
    assert edges["y", "y:0"] == ("0.7311", "1")
    assert diagram.forward[-1] == diagram.backward[0] == "y:0"
    assert set(diagram.forward) == {n.name for n in diagram.nodes}


def test_saved_as_picture_page_and_text(tmp_path: Path) -> None:
    explanation = explained(*three_products())
    for ending in ("svg", "html", "txt"):
        path = tmp_path / f"y.{ending}"
        explanation.save(path)
        text = path.read_text("utf-8")
        assert "0.7311" in text and "0.1966" in text
    assert explanation._repr_svg_().lstrip().startswith("<svg")
    assert (tmp_path / "y.txt").read_text("utf-8") == f"{explanation}\n"
    with pytest.raises(ValueError, match=r"y\.png: the name must end in \.svg, \.html or \.txt"):
        explanation.save(str(tmp_path / "y.png"))
    assert not (tmp_path / "y.png").exists()
    assert repr(explanation) == "<tf.teach.Explanation of 'y': 10 nodes>"


def test_arrays_of_several_elements_and_of_none() -> None:
    x = tf.placeholder(tf.float32, [None], name="x")
    loss = tf.square(x, name="z")
    explanation = explained(loss, {x: [1.0, -2.0]})
    assert "the gradients are those of their sum" in str(explanation)
    assert explanation["x"].gradient.tolist() == [2.0, -4.0]
    empty = explained(loss, {x: []})
    assert empty["x"].gradient.shape == (0,) and "no elements" in str(empty)


def test_values_that_are_no_numbers_are_shown() -> None:
    x = tf.placeholder(tf.float32, [2], name="x")
    explanation = explained(tf.reduce_sum(tf.log(x)), {x: [0.0, -1.0]})
    assert "nan" in str(explanation) and "inf" in str(explanation)
    assert np.isinf(explanation["x"].gradient[0])


def test_complex_values_are_shown() -> None:
    x = tf.placeholder(tf.complex64, [5], name="x")
    loss = tf.reduce_sum(tf.square(tf.real(x * (1 + 1j))), name="loss")
    given = np.arange(5) * (1 - 2j)
    explanation = explained(loss, {x: given})
    np.testing.assert_allclose(explanation["x"].gradient, 6 * np.arange(5) * (1 - 1j), rtol=1e-6)
    assert "1-2i" in str(explanation) and "norm" in str(explanation.diagram())


def test_bad_input_is_answered_by_a_sentence() -> None:
    y, feeds = three_products()
    with pytest.raises(ValueError, match="There is no session"):
        tf.teach.explain(y, feeds)
    with pytest.raises(TypeError, match="needs the loss as a tensor of the graph, not 3"):
        tf.teach.explain(3, feeds)
    with pytest.raises(TypeError, match="Shape holds int32: only a loss of floats has gradients"):
        tf.teach.explain(tf.shape(y), feeds)
    with pytest.raises(TypeError, match="session must be a tf.Session, not 5"):
        tf.teach.explain(y, feeds, 5)
    with tf.Graph().as_default(), tf.Session() as other:
        with pytest.raises(ValueError, match="another graph"):
            tf.teach.explain(y, feeds, other)
    with tf.Session() as session:
        with pytest.raises(
            ValueError, match=r"y needs values in feed_dict for: x0 \(float32, shape"
        ):
            tf.teach.explain(y, {"x1:0": 1.0})
        with pytest.raises(tf.errors.FailedPreconditionError, match="uninitialized value w"):
            tf.teach.explain(y, feeds)
    with pytest.raises(RuntimeError, match="closed Session"):
        tf.teach.explain(y, feeds, session)


def test_no_way_to_a_variable_is_said_with_the_place_where_it_ends() -> None:
    w = tf.get_variable("w", [3], initializer=tf.ones_initializer())
    guess = tf.cast(tf.argmax(w * 2.0), tf.float32, name="guess")
    before = tf.get_default_graph().as_graph_def()
    with tf.Session() as session:
        session.run(w.initializer)
        with pytest.raises(ValueError) as found:
            tf.teach.explain(guess * 2.0, session=session)
        assert str(found.value) == (
            "No gradient gets from mul_1 to a variable before it (w): it stops at guess (Cast)."
        )
        stopped = tf.reduce_sum(tf.stop_gradient(w, name="stop"))
        with pytest.raises(ValueError, match="to a variable before it .w.: it stops at stop"):
            tf.teach.explain(stopped, session=session)
        with pytest.raises(ValueError, match="There is nothing to differentiate: c .Const."):
            tf.teach.explain(tf.constant(1.0, name="c"), session=session)
    assert len(before.node) + 6 == len(tf.get_default_graph().get_operations())


def test_variables_without_a_gradient_are_noted() -> None:
    a = tf.get_variable("a", initializer=2.0)
    b = tf.get_variable("b", initializer=3.0)
    explanation = explained(a * tf.stop_gradient(b), {})
    assert explanation.notes == (
        "No gradient gets to the variables b, though the loss depends on them.",
    )
    assert explanation.notes[0] in str(explanation)


def test_where_no_gradient_is_defined_the_page_says_so() -> None:
    x = tf.placeholder(tf.float32, [2, 2], name="x")
    undefined = tf.py_func(lambda v: v, [x], tf.float32, name="python")
    undefined.op._set_attr("_gradient_op_type", "NoSuchGradient")
    undefined.set_shape([2, 2])
    explanation = explained(tf.reduce_sum(undefined * x), {x: np.ones((2, 2))})
    assert explanation.notes == ("No gradient is defined for python (PyFunc): it ends there.",)
    assert explanation["x"].gradient.tolist() == [[1, 1], [1, 1]]


def test_two_threads_explain_the_same_graph() -> None:
    loss, feeds = perceptron()
    before = loss.graph.as_graph_def()
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        before = loss.graph.as_graph_def()
        found: list = []

        def work() -> None:
            for _ in range(3):
                found.append(tf.teach.explain(loss, feeds, session)["layer0/w"].gradient)

        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for _ in range(5):
            session.run(loss, feeds)
        for thread in threads:
            thread.join()
    assert len(found) == 6 and loss.graph.as_graph_def() == before
    for one in found[1:]:
        np.testing.assert_array_equal(one, found[0])


def test_every_rule_is_of_an_op_type_that_exists() -> None:
    for op_type in rules.RULES:
        assert resolve(op_type).op_type == op_type


def test_rules_speak_of_constants_and_admit_what_they_do_not_know() -> None:
    x = tf.placeholder(tf.float32, [2, 2], name="x")
    assert "scales the gradient by the same number" in rules.describe((x * 2.0).op)
    assert "divides the gradient by the same number" in rules.describe((x / 2.0).op)
    assert "hands each input" in rules.describe((x * x).op)
    assert rules.describe(raw.Polygamma(x, x).op).startswith("There is no sentence for the op type")
    assert "passes no gradient on" in rules.describe(tf.equal(x, x).op)
