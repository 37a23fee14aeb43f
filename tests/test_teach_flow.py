"""tf.teach.flow: numbers of each layer, what is said to be wrong with it, and no trace left."""

from __future__ import annotations

import builtins
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tflite_edu as tf
from tflite_edu.teach import flow_advice


def network(
    activation: Callable[[Any], Any] | None,
    initializer: Any,
    depth: int = 6,
    units: int = 40,
    resource: bool = False,
) -> tuple[Any, Any]:
    """A perceptron of `depth` hidden layers and its loss: the placeholder and the loss."""
    tf.set_random_seed(3)
    x = tf.placeholder(tf.float32, [None, units], name="x")
    h = x
    with tf.variable_scope("", use_resource=resource):
        for i in range(depth):
            with tf.variable_scope(f"layer{i}"):
                w = tf.get_variable("w", [units, units], initializer=initializer)
                b = tf.get_variable("b", [units], initializer=tf.zeros_initializer())
                h = tf.matmul(h, w) + b
                h = h if activation is None else activation(h)
        with tf.variable_scope("out"):
            w = tf.get_variable("w", [units, 2], initializer=tf.initializers.glorot_uniform())
            y = tf.matmul(h, w)
    return x, tf.reduce_mean(tf.square(y - 1.0), name="loss")


def batch(units: int = 40, mean: float = 0.0) -> Any:
    return (np.random.RandomState(0).randn(30, units) + mean).astype(np.float32)


def measured(x: Any, loss: Any, given: Any, **more: Any) -> Any:
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return tf.teach.flow(loss, {x: given}, session, **more)


def normal(deviation: float) -> Any:
    return tf.random_normal_initializer(stddev=deviation)


def problems(flow: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for finding in flow.findings:
        found.setdefault(finding.problem, []).append(finding.layer)
    return found


@pytest.mark.parametrize("resource", [False, True])
def test_numbers_are_those_worked_out_by_hand(resource: bool) -> None:
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    with tf.variable_scope("layer", use_resource=resource):
        w = tf.get_variable("w", initializer=[[1.0, -1.0, 0.5], [0.0, -2.0, 0.25]])
        b = tf.get_variable("b", initializer=[0.0, -1.0, 0.0])
    y = tf.nn.relu(tf.matmul(x, w) + b, name="y")
    loss = tf.reduce_sum(tf.square(y), name="loss")
    given = np.array([[1.0, 2.0], [3.0, 1.0]], np.float32)
    flow = measured(x, loss, given, learning_rate=0.5)
    z = given @ [[1.0, -1.0, 0.5], [0.0, -2.0, 0.25]] + [0.0, -1.0, 0.0]
    expected = np.maximum(z, 0)
    weights = given.T @ (2 * expected)
    (layer,) = flow.layers
    assert (layer.weights, layer.activation) == ("layer/w", "Relu")
    assert layer.mean == pytest.approx(expected.mean())
    assert layer.deviation == pytest.approx(expected.std())
    assert layer.dead == pytest.approx(1 / 3)
    assert layer.saturated is None
    assert layer.output_gradient == pytest.approx(np.linalg.norm(2 * expected))
    assert layer.weight_gradient == pytest.approx(np.linalg.norm(weights))
    norm = math.sqrt(1 + 1 + 0.25 + 4 + 0.0625)
    assert layer.update_ratio == pytest.approx(0.5 * np.linalg.norm(weights) / norm)
    assert (layer.fan_in, layer.fan_out) == (2, 3)
    assert flow.loss == pytest.approx(np.square(expected).sum())


def test_a_network_as_he_starts_it_has_nothing_wrong() -> None:
    flow = measured(*network(tf.nn.relu, tf.initializers.he_normal()), batch())
    assert flow.findings == () and str(flow).endswith("Nothing looks wrong.")
    assert [layer.name for layer in flow.layers] == [*(f"layer{i}" for i in range(6)), "out"]
    assert [layer.activation for layer in flow.layers] == ["Relu"] * 6 + ["linear"]
    deviations = [layer.deviation for layer in flow.layers[:-1]]
    assert max(deviations) < 3 * min(deviations)


def test_sigmoids_make_gradients_vanish() -> None:
    flow = measured(*network(tf.nn.sigmoid, tf.initializers.glorot_normal(), depth=9), batch())
    gradients = [layer.gradient_of_an_output for layer in flow.layers[:-1]]
    for front, back in zip(gradients, gradients[1:]):
        assert front < back / 2
    assert problems(flow)["vanishing gradient"][:2] == ["layer0", "layer1"]
    assert "out" not in problems(flow)["vanishing gradient"]
    assert "ReLU" in next(f for f in flow.findings if f.problem == "vanishing gradient").advice


def test_large_weights_make_gradients_explode_and_the_scale_drift() -> None:
    flow = measured(*network(tf.nn.relu, normal(1.5), depth=8), batch())
    found = problems(flow)
    assert found["exploding gradient"][0] == "layer0"
    assert len(found["scale drift"]) == 1
    advice = next(f for f in flow.findings if f.problem == "scale drift").advice
    assert f"sqrt(2 / 40) = {math.sqrt(2 / 40):.3g}" in advice


def test_small_weights_make_the_scale_drift_to_nothing() -> None:
    flow = measured(*network(None, normal(0.01)), batch())
    finding = next(f for f in flow.findings if f.problem == "scale drift")
    assert "shrinks" in finding.what and "Glorot" in finding.advice


@pytest.mark.parametrize("activation", [tf.nn.sigmoid, tf.nn.tanh, tf.nn.softsign])
def test_large_weights_saturate(activation: Any) -> None:
    flow = measured(*network(activation, normal(30.0), depth=2), batch())
    name = {"sigmoid": "sigmoids", "tanh": "tanhs", "softsign": "softsigns"}[activation.__name__]
    assert problems(flow)[f"saturated {name}"] == ["layer0", "layer1"]
    assert all(layer.saturated > 0.5 for layer in flow.layers[:2])


@pytest.mark.parametrize(
    ("activation", "z", "share"),
    [
        (tf.nn.sigmoid, [-4.0, 0.0, 2.0, 4.0], 0.5),
        (tf.nn.tanh, [-3.0, 0.0, 1.0, 3.0], 0.5),
        (tf.nn.softplus, [-9.0, -2.0, 2.0, 9.0], 0.25),
        (tf.nn.elu, [-9.0, -1.0, 2.0, 9.0], 0.25),
        (tf.nn.selu, [-9.0, -1.0, 2.0, 9.0], 0.25),
        (tf.nn.relu6, [-9.0, -1.0, 2.0, 9.0], 0.25),
        (tf.nn.softsign, [-30.0, -1.0, 2.0, 30.0], 0.5),
    ],
)
def test_what_counts_as_flat(activation: Any, z: Any, share: float) -> None:
    x = tf.placeholder(tf.float32, [None, 1])
    w = tf.get_variable("w", [1, 1], initializer=tf.ones_initializer())
    flow = measured(x, tf.reduce_sum(activation(tf.matmul(x, w))), np.transpose([z]))
    assert flow.layers[0].saturated == share


def test_negative_biases_kill_relus() -> None:
    x = tf.placeholder(tf.float32, [None, 40])
    w = tf.get_variable("w", [40, 10], initializer=tf.initializers.he_normal(seed=1))
    b = tf.get_variable("b", [10], initializer=tf.constant_initializer([-100.0] * 6 + [0.1] * 4))
    flow = measured(x, tf.reduce_sum(tf.nn.relu(tf.matmul(x, w) + b)), batch())
    assert flow.layers[0].dead == pytest.approx(0.6)
    assert list(problems(flow)) == ["dead ReLUs"]


def test_equal_weights_are_identical_units() -> None:
    x, loss = network(tf.nn.tanh, tf.constant_initializer(0.01), depth=2)
    found = problems(measured(x, loss, batch()))
    # The units of the last hidden layer are told apart by the weights behind them.
    assert found["identical units"] == ["layer0"]


def test_a_logistic_regression_may_start_at_zero() -> None:
    x = tf.placeholder(tf.float32, [None, 4])
    w = tf.get_variable("w", [4, 3], initializer=tf.zeros_initializer())
    labels = [0, 1, 2] * 10
    logits = tf.matmul(x, w)
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
    flow = measured(x, tf.reduce_mean(losses), batch(4), learning_rate=0.1)
    assert flow.findings == () and flow.layers[0].update_ratio is None


def test_inputs_that_are_not_centred_are_told_of_the_first_layer_alone() -> None:
    x, loss = network(tf.nn.relu, tf.initializers.he_normal())
    assert problems(measured(x, loss, batch(mean=5.0)))["inputs not centred"] == ["layer0"]


@pytest.mark.parametrize(
    ("rate", "problem"), [(1e3, "large update"), (0.01, None), (1e-9, "small update")]
)
def test_updates_against_the_weights(rate: float, problem: str | None) -> None:
    x, loss = network(tf.nn.relu, tf.initializers.he_normal(), depth=1)
    flow = measured(x, loss, batch(), learning_rate=rate)
    assert (problem in problems(flow)) if problem else not flow.findings


def test_the_update_of_an_optimizer_is_measured_and_undone() -> None:
    x, loss = network(tf.nn.relu, tf.initializers.he_normal(), depth=2)
    step = tf.train.AdamOptimizer(0.01).minimize(loss)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        before = session.run(tf.global_variables())
        flow = tf.teach.flow(loss, {x: batch()}, updates=step)
        for one, other in zip(before, session.run(tf.global_variables()), strict=True):
            np.testing.assert_array_equal(one, other)
        weights = session.run("layer0/w:0")
        session.run(step, {x: batch()})
        change = np.linalg.norm(session.run("layer0/w:0") - weights) / np.linalg.norm(weights)
        assert flow.layers[0].update_ratio == pytest.approx(change)


def test_graph_seeds_and_streams_stay_as_they_are() -> None:
    def numbers(look: bool) -> list[Any]:
        with tf.Graph().as_default() as graph:
            x, loss = network(lambda h: tf.nn.dropout(tf.nn.relu(h), rate=0.5), normal(0.2))
            with tf.Session() as session:
                session.run(tf.global_variables_initializer())
                found = []
                for _ in range(2):
                    if look:
                        nodes, version = graph.get_operations(), graph.version
                        collections = graph.get_all_collection_keys()
                        tf.teach.flow(loss, {x: batch()}, learning_rate=0.1)
                        assert graph.get_operations() == nodes
                        assert graph.version == version
                        assert graph.get_all_collection_keys() == collections
                    found.append(session.run(loss, {x: batch()}))
                later = tf.random_uniform([2])
                assert later.op.name == "random_uniform"
                return [*found, *session.run(later)]

    assert numbers(True) == numbers(False)


def test_a_finalized_graph_can_be_looked_at() -> None:
    x, loss = network(tf.nn.relu, tf.initializers.he_normal(), depth=1)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.graph.finalize()
        assert len(tf.teach.flow(loss, {x: batch()}).layers) == 2
        assert session.graph.finalized


def test_layers_of_convolutions() -> None:
    x = tf.placeholder(tf.float32, [None, 6, 6, 2], name="x")
    with tf.variable_scope("conv"):
        w = tf.get_variable("w", [3, 3, 2, 4], initializer=tf.initializers.he_normal(seed=1))
        b = tf.get_variable("b", [4], initializer=tf.zeros_initializer())
        h = tf.nn.relu(tf.nn.bias_add(tf.nn.conv2d(x, w, [1, 1, 1, 1], "SAME"), b))
    with tf.variable_scope("out"):
        v = tf.get_variable("w", [144, 1], initializer=tf.initializers.he_normal(seed=2))
        loss = tf.reduce_mean(tf.sigmoid(tf.matmul(tf.reshape(h, [-1, 144]), v)))
    conv, out = measured(x, loss, np.random.RandomState(0).randn(3, 6, 6, 2)).layers
    assert (conv.name, conv.activation, conv.from_data) == ("conv", "Relu", True)
    assert (conv.fan_in, conv.fan_out) == (18, 36)
    assert (out.name, out.activation, out.from_data) == ("out", "Sigmoid", False)
    assert out.input_mean == pytest.approx(conv.mean)


def test_a_weight_that_is_used_turned_or_twice() -> None:
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    w = tf.get_variable("w", [5, 3], initializer=tf.initializers.he_normal(seed=1))
    h = tf.nn.relu(tf.matmul(x, w, transpose_b=True), name="code")
    y = tf.matmul(h, w, name="again")
    code, again = measured(x, tf.reduce_sum(tf.square(x - y)), batch(3)).layers
    assert (code.name, code.fan_in, code.fan_out) == ("code", 3, 5)
    assert (again.name, again.fan_in, again.fan_out) == ("again", 5, 3)
    # One variable has one gradient.
    assert code.weight_gradient == again.weight_gradient


def test_weights_that_are_made_of_several_variables() -> None:
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    v = tf.get_variable("v", [3, 2], initializer=tf.initializers.he_normal(seed=1))
    g = tf.get_variable("g", [2], initializer=tf.ones_initializer())
    w = tf.multiply(g, tf.nn.l2_normalize(v, axis=0), name="normalized")
    (layer,) = measured(x, tf.reduce_sum(tf.matmul(x, w)), batch(3)).layers
    assert layer.weights == "normalized" and layer.weight_norm == pytest.approx(math.sqrt(2))


def test_a_network_of_numbers() -> None:
    x = tf.placeholder(tf.float32, [None], name="x")
    w = tf.get_variable("w", initializer=2.0)
    b = tf.get_variable("b", initializer=0.0)
    loss = tf.reduce_mean(tf.square(tf.sigmoid(w * x + b, name="y") - 1.0))
    (layer,) = measured(x, loss, [0.5, -0.5]).layers
    assert (layer.name, layer.weights, layer.activation) == ("y", "w", "Sigmoid")


def test_a_layer_that_no_gradient_gets_to() -> None:
    x, loss = network(tf.nn.relu, tf.initializers.he_normal(), depth=1)
    h = tf.get_default_graph().get_tensor_by_name("layer0/Relu:0")
    w = tf.get_variable("v", [40, 1], initializer=tf.initializers.he_normal(seed=1))
    cut = tf.reduce_sum(tf.matmul(tf.stop_gradient(h), w, name="after"))
    flow = measured(x, cut, batch())
    assert flow.layers[0].output_gradient is None and flow.layers[1].output_gradient is not None
    assert problems(flow) == {"no gradient": ["layer0"]}
    assert " - " in str(flow)


def test_numbers_that_are_not_finite_are_told() -> None:
    x = tf.placeholder(tf.float32, [None, 2])
    w = tf.get_variable("w", [2, 2], initializer=tf.ones_initializer())
    flow = measured(x, tf.reduce_sum(tf.log(tf.nn.relu(tf.matmul(x, w)))), [[-1.0, -1.0]])
    assert "not finite" in problems(flow)


def test_a_table_is_narrow_and_tells_problems_once() -> None:
    flow = measured(*network(tf.nn.sigmoid, normal(0.01), depth=9), batch(), learning_rate=0.1)
    text = str(flow)
    lines = text.splitlines()
    assert max(map(len, lines)) <= 100
    assert lines[2].split() == [
        *("layer", "y", "mean", "deviation", "dead", "flat", "|dL/dy|", "|dL/dW|", "|dW|/|W|")
    ]
    assert text.count("Vanishing gradient in layer0, layer1") == 1


def test_summaries_are_written_over_time(tmp_path: Path) -> None:
    x, loss = network(tf.nn.relu, tf.initializers.he_normal(), depth=1)
    with tf.Session() as session, tf.summary.FileWriter(str(tmp_path)) as writer:
        session.run(tf.global_variables_initializer())
        for step in range(3):
            flow = tf.teach.flow(loss, {x: batch()})
            made = flow.summaries(step, writer)
    assert isinstance(made, tf.Summary)
    tags = {value.tag: value.simple_value for value in made.value}
    assert tags["flow/layer0/mean"] == pytest.approx(flow.layers[0].mean)
    assert "flow/layer0/dead_share" in tags and "flow/out/dead_share" not in tags
    (path,) = tmp_path.iterdir()
    events = [e for e in tf.train.summary_iterator(str(path)) if e.summary.value]
    assert [e.step for e in events] == [0, 1, 2]


def test_a_plot_is_drawn_without_a_display(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    flow = measured(*network(tf.nn.sigmoid, normal(1.0)), batch(), learning_rate=0.1)
    figure = flow.plot(tmp_path / "flow.png")
    assert len(figure.axes) == 4
    assert (tmp_path / "flow.png").read_bytes().startswith(b"\x89PNG")
    gradients = figure.axes[2].lines[0].get_ydata()
    np.testing.assert_allclose(gradients, [layer.output_gradient for layer in flow.layers])


def test_without_matplotlib_a_plot_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    flow = measured(*network(tf.nn.relu, normal(0.1), depth=1), batch())
    real = builtins.__import__

    def without(name: str, *arguments: Any, **more: Any) -> Any:
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return real(name, *arguments, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportError, match=r"pip install 'tflite_edu\[plot\]'"):
        flow.plot()


def test_bad_input_is_a_sentence_each() -> None:
    x, loss = network(tf.nn.relu, normal(0.1), depth=1)
    feed = {x: batch()}
    with pytest.raises(ValueError, match="There is no session"):
        tf.teach.flow(loss, feed)
    with tf.Session() as session:
        with pytest.raises(tf.errors.FailedPreconditionError, match="has no value yet: run"):
            tf.teach.flow(loss, feed)
        session.run(tf.global_variables_initializer())
        with pytest.raises(ValueError, match="loss needs values in feed_dict for: x"):
            tf.teach.flow(loss)
        with pytest.raises(ValueError, match="Give learning_rate or updates, not both"):
            tf.teach.flow(loss, feed, learning_rate=0.1, updates=loss)
        with pytest.raises(ValueError, match="There is no layer before Sum: nothing is multiplied"):
            tf.teach.flow(tf.reduce_sum(x, name="Sum"), feed)
        with pytest.raises(ValueError, match="Cast is of type int32: only the gradients of"):
            tf.teach.flow(tf.cast(loss, tf.int32, name="Cast"), feed)
        with pytest.raises(ValueError, match="loss is fed: nothing flows to it"):
            tf.teach.flow(loss, {loss: 1.0})
        with pytest.raises(ValueError, match="Cannot feed value of shape"):
            tf.teach.flow(loss, {x: batch(3)})
        checked = tf.check_numerics(loss, "loss is", name="checked")
        with pytest.raises(tf.errors.InvalidArgumentError, match="loss is : Tensor had NaN"):
            tf.teach.flow(checked, {x: batch() * np.nan})
        with tf.Graph().as_default():
            other = network(tf.nn.relu, normal(0.1), depth=1)[1]
        with pytest.raises(ValueError, match="The session runs another graph"):
            tf.teach.flow(other, feed)


def test_limits_say_where_they_are_from() -> None:
    source = Path(flow_advice.__file__).read_text(encoding="utf-8")
    for name in ("Glorot", "Pascanu", "He, Zhang", "LeCun", "CS231n"):
        assert name in source
