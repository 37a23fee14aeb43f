"""The lines of an introductory TensorFlow 1 course, and what TensorFlow 1.15 printed for each.

The lines stand as a student types them, so a few are written as nobody would write a library.
"""

import os
import re

import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

import tflite_edu as tf


@pytest.fixture
def printed(capsys):
    """What was printed since the last call, as lines."""
    return lambda: capsys.readouterr().out.splitlines()


def test_nodes_of_a_graph(printed):
    print(tf.get_default_graph().get_operations())
    x = tf.placeholder(tf.float32, (None, 10))
    w = tf.Variable(initial_value=np.ones((10, 20)), name="w", dtype=tf.float32)
    print(x)
    print(w)
    print(x @ w)
    print(x.graph is tf.get_default_graph(), x.op.name, x.op.type, x.dtype, x.shape)
    print([op.name for op in tf.get_default_graph().get_operations()])
    assert printed() == [
        "[]",
        'Tensor("Placeholder:0", shape=(?, 10), dtype=float32)',
        "<tf.Variable 'w:0' shape=(10, 20) dtype=float32_ref>",
        'Tensor("matmul:0", shape=(?, 20), dtype=float32)',
        "True Placeholder Placeholder <dtype: 'float32'> (?, 10)",
        "['Placeholder', 'w/initial_value', 'w', 'w/Assign', 'w/read', 'matmul']",
    ]


def test_the_default_graph_grows_until_it_is_reset(printed):
    for _ in range(3):
        tf.placeholder(tf.float32)
    print(tf.get_default_graph().get_operations())
    tf.reset_default_graph()
    tf.placeholder(tf.float32, name="x")
    print(tf.get_default_graph().get_operations())
    with tf.Graph().as_default():
        print(tf.get_default_graph().get_operations())
    assert printed() == [
        "[<tf.Operation 'Placeholder' type=Placeholder>, "
        "<tf.Operation 'Placeholder_1' type=Placeholder>, "
        "<tf.Operation 'Placeholder_2' type=Placeholder>]",
        "[<tf.Operation 'x' type=Placeholder>]",
        "[]",
    ]


def test_constants_and_operators(printed):
    a = tf.constant(3.0)
    b = tf.constant([1, 2, 3], name="b")
    print(a, b)
    print(a + 2, a - 1, 2 * a, a / 2, -a, a**2, sep="\n")
    print([a, b])
    print(a.get_shape(), b.shape, b.shape.as_list(), b.get_shape().ndims, b.name)
    print(b[0], b[1:], b[..., None])
    with tf.Session() as s:
        print(s.run(a * 2 + 1), *s.run([a, b]), s.run({"sum": tf.reduce_sum(b)})["sum"])
        print(b.eval(), tf.cast(b, tf.float32).eval() / 2)
    assert printed() == [
        'Tensor("Const:0", shape=(), dtype=float32) Tensor("b:0", shape=(3,), dtype=int32)',
        'Tensor("add:0", shape=(), dtype=float32)',
        'Tensor("sub:0", shape=(), dtype=float32)',
        'Tensor("mul:0", shape=(), dtype=float32)',
        'Tensor("truediv:0", shape=(), dtype=float32)',
        'Tensor("Neg:0", shape=(), dtype=float32)',
        'Tensor("pow:0", shape=(), dtype=float32)',
        "[<tf.Tensor 'Const:0' shape=() dtype=float32>, <tf.Tensor 'b:0' shape=(3,) dtype=int32>]",
        "() (3,) [3] 1 b:0",
        'Tensor("strided_slice:0", shape=(), dtype=int32) '
        'Tensor("strided_slice_1:0", shape=(2,), dtype=int32) '
        'Tensor("strided_slice_2:0", shape=(3, 1), dtype=int32)',
        "7.0 3.0 [1 2 3] 6",
        "[1 2 3] [0.5 1.  1.5]",
    ]


def test_a_session_runs_the_graph():
    a = tf.placeholder(tf.float32, (2, 2))
    b = tf.Variable(tf.ones((2, 2)))
    c = a @ b
    s = tf.InteractiveSession()
    s.run(tf.global_variables_initializer())
    np.testing.assert_array_equal(s.run(c, feed_dict={a: np.ones((2, 2))}), [[2, 2], [2, 2]])
    np.testing.assert_array_equal(c.eval({a: np.eye(2)}), [[1, 1], [1, 1]])
    s.close()
    with pytest.raises(RuntimeError, match="Attempted to use a closed Session."):
        s.run(c, feed_dict={a: np.ones((2, 2))})


def first_line(error):
    return str(error.value).splitlines()[0]


def test_what_a_student_forgets():
    a = tf.placeholder(tf.float32, (None, 2), name="a")
    b = tf.Variable(tf.ones((2, 2)))
    c = a @ b
    with tf.Session() as s:
        with pytest.raises(tf.errors.FailedPreconditionError) as error:
            s.run(c, {a: np.ones((1, 2))})
        assert first_line(error) == "Attempting to use uninitialized value Variable"
        s.run(tf.global_variables_initializer())
        with pytest.raises(tf.errors.InvalidArgumentError) as error:
            s.run(c)
        assert first_line(error) == (
            "You must feed a value for placeholder tensor 'a' with dtype float and shape [?,2]"
        )
        with pytest.raises(ValueError) as error:
            s.run(c, {a: np.ones((2, 3))})
        assert first_line(error) == (
            "Cannot feed value of shape (2, 3) for Tensor 'a:0', which has shape '(?, 2)'"
        )
        with pytest.raises(TypeError) as error:
            s.run(c, {"b": 1})
        assert first_line(error) == (
            "Cannot interpret feed_dict key as Tensor: The name 'b' looks like an (invalid) "
            "Operation name, not a Tensor. Tensor names must be of the form "
            '"<op_name>:<output_index>".'
        )
        with pytest.raises(TypeError) as error:
            s.run(None)
        assert first_line(error) == ("Fetch argument None has invalid type <class 'NoneType'>")
        np.testing.assert_array_equal(s.run(c, {a: np.ones((1, 2))}), [[2, 2]])
    with pytest.raises(ValueError) as error:
        tf.ones((2, 3)) @ tf.ones((4, 5))
    assert first_line(error).startswith("Dimensions must be equal, but are 3 and 4 for ")
    with pytest.raises(TypeError) as error:
        if a > 0:
            pass
    assert first_line(error).startswith("using a `tf.Tensor` as a Python `bool` is not allowed")
    with pytest.raises(ValueError) as error:
        c.eval()
    assert first_line(error).startswith("Cannot evaluate tensor using `eval()`: No default session")


def test_gradients_of_an_expression(printed):
    x = tf.placeholder(tf.float32, ())
    squared = x**2
    print(tf.gradients(squared, [x]))
    with tf.Session() as s:
        points = [s.run([squared, tf.gradients(squared, x)[0]], {x: p}) for p in (-1.0, 0.5, 3.0)]
    assert points == [[1, -2], [0.25, 1], [9, 6]]
    assert printed() == ["[<tf.Tensor 'gradients/pow_grad/mul_1:0' shape=() dtype=float32>]"]


def minimize_square():
    x = tf.get_variable("x", shape=(), dtype=tf.float32)
    f = x**2
    optimizer = tf.train.GradientDescentOptimizer(0.1)
    return x, f, optimizer.minimize(f, var_list=[x])


def test_gradient_descent(printed):
    x, f, step = minimize_square()
    print(tf.trainable_variables())
    print(step.name, step.type)
    assert printed() == [
        "[<tf.Variable 'x:0' shape=() dtype=float32_ref>]",
        "GradientDescent NoOp",
    ]
    with tf.Session() as s:
        s.run(tf.global_variables_initializer())
        before = s.run(x)
        assert before != 0
        for _ in range(10):
            nothing, current_x, current_f = s.run([step, x, f])
            assert nothing is None
            np.testing.assert_allclose(current_x, 0.8 * before, rtol=1e-6)
            np.testing.assert_allclose(current_f, (current_x / 0.8) ** 2, rtol=1e-6)
            before = current_x


def test_print_of_intermediate_values(capfd):
    x = tf.Variable(1.5879565)
    f = x**2
    f = tf.Print(f, [x, f], "x, f:")
    with tf.Session() as s:
        s.run(tf.global_variables_initializer())
        assert s.run(f) == np.float32(2.521606)
    # The course's TensorFlow prints [1.5879565][2.521606], 1.15 the same floats as
    # [1.58795655][2.52160597].
    line = capfd.readouterr().err
    values = re.fullmatch(r"x, f:\[([0-9.]+)\]\[([0-9.]+)\]\n", line).groups()
    assert [np.float32(v) for v in values] == [np.float32(1.5879565), np.float32(2.521606)]


def test_print_happens_when_its_node_runs(capfd):
    x = tf.get_variable("x", (), initializer=tf.constant_initializer(1.0))
    f = tf.Print(x**2, [x, x**2], "x, f:")
    step = tf.train.GradientDescentOptimizer(0.1).minimize(f)
    with tf.Session() as s:
        s.run(tf.global_variables_initializer())
        s.run(step)
        assert capfd.readouterr().err == ""
        s.run(x.assign(0.5))
        s.run([f, f + 1])
        assert capfd.readouterr().err == "x, f:[0.5][0.25]\n"


def test_summaries_for_tensorboard(tmp_path):
    x, f, step = minimize_square()
    tf.summary.scalar("curr_x", x)
    tf.summary.scalar("curr_f", f)
    tf.summary.histogram("all", tf.stack([x, f]))
    summaries = tf.summary.merge_all()
    with tf.Session() as s:
        writer = tf.summary.FileWriter(str(tmp_path), s.graph)
        s.run(tf.global_variables_initializer())
        values = [s.run(x)]
        for i in range(10):
            _, current_summaries = s.run([step, summaries])
            assert isinstance(current_summaries, bytes)
            writer.add_summary(current_summaries, i)
            writer.flush()
            values.append(s.run(x))
        writer.close()
    events = EventAccumulator(str(tmp_path)).Reload()
    assert events.Tags()["scalars"] == ["curr_x", "curr_f"]
    assert events.Tags()["histograms"] == ["all"]
    assert events.Tags()["graph"]
    assert [e.step for e in events.Scalars("curr_f")] == list(range(10))
    np.testing.assert_allclose(
        [e.value for e in events.Scalars("curr_f")], np.square(values[:10]), rtol=1e-6
    )
    nodes = {node.name for node in events.Graph().node}
    assert {"x", "pow", "gradients/pow_grad/mul", "GradientDescent"} <= nodes


def regression(count=1000, dimensions=3):
    random = np.random.RandomState(7)
    x = random.random_sample((count, dimensions))
    w = random.random_sample((dimensions, 1))
    y = x @ w + random.randn(count, 1) * 0.2
    features = tf.placeholder(tf.float32, shape=(None, dimensions))
    target = tf.placeholder(tf.float32, shape=(None, 1))
    weights = tf.get_variable("weights", shape=(dimensions, 1), dtype=tf.float32)
    predictions = features @ weights
    loss = tf.reduce_mean((target - predictions) ** 2)
    return x, y, w, features, target, weights, predictions, loss


def test_linear_regression_with_checkpoints(tmp_path, printed):
    x, y, w, features, target, weights, predictions, loss = regression()
    print(target.shape, loss.shape)
    step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    saver = tf.train.Saver(tf.trainable_variables())
    prefix = os.path.join(str(tmp_path), "model.ckpt")
    losses = []
    with tf.Session() as s:
        s.run(tf.global_variables_initializer())
        for i in range(301):
            feed = {features: x, target: y}
            _, current_loss, current_weights = s.run([step, loss, weights], feed)
            losses.append(current_loss)
            if i % 50 == 0:
                assert saver.save(s, prefix, global_step=i) == f"{prefix}-{i}"
        trained = s.run(predictions, {features: x})
    assert losses[-1] < 0.05 < losses[0]
    np.testing.assert_allclose(current_weights, w, atol=0.1)
    kept = [f"{prefix}-{i}" for i in (100, 150, 200, 250, 300)]
    assert saver.last_checkpoints == kept
    assert tf.train.latest_checkpoint(str(tmp_path)) == kept[-1]
    assert not tf.train.checkpoint_exists(prefix + "-50")
    assert tf.train.list_variables(kept[0]) == [("weights", [3, 1])]
    np.testing.assert_array_equal(tf.train.load_variable(kept[-1], "weights"), current_weights)

    with tf.Session() as s:
        saver.restore(s, kept[-1])
        np.testing.assert_array_equal(s.run(weights), current_weights)
        np.testing.assert_array_equal(s.run(predictions, {features: x}), trained)
        saver.restore(s, kept[0])
        assert not np.array_equal(s.run(weights), current_weights)
    assert printed() == ["(?, 1) ()"]


def test_a_model_is_restored_into_a_graph_made_anew(tmp_path):
    x, _, _, features, _, _, predictions, _ = regression()
    with tf.Session() as s:
        s.run(tf.global_variables_initializer())
        path = tf.train.Saver().save(s, os.path.join(str(tmp_path), "model"))
        before = s.run(predictions, {features: x})
    tf.reset_default_graph()
    x, _, _, features, _, _, predictions, _ = regression()
    with tf.Session() as s:
        tf.train.Saver().restore(s, path)
        np.testing.assert_array_equal(s.run(predictions, {features: x}), before)


def test_vectors_and_a_sum_of_squares(printed):
    n = tf.placeholder("int64", name="input_to_your_function")
    result = tf.reduce_sum(tf.range(n) ** 2)
    vector = tf.placeholder("float32", shape=(None,))
    other = tf.placeholder("float32", shape=(None,))
    print(vector * 2)
    print(tf.cos(vector))
    print(vector**2 - vector + 1)
    transformed = vector * other / (tf.sin(vector) + 1)
    print(transformed)
    mse = tf.reduce_mean((vector - other) ** 2)
    numbers = np.arange(5).astype("float32")
    with tf.Session():
        assert result.eval({n: 10**6}) == 333332833333500000
        np.testing.assert_allclose(
            transformed.eval({vector: numbers, other: numbers[::-1]}),
            [0.0, 1.629, 2.0949, 2.62897, 0.0],
            rtol=1e-4,
        )
        assert mse.eval({vector: numbers, other: numbers[::-1]}) == 8
    assert printed() == [
        'Tensor("mul:0", shape=(?,), dtype=float32)',
        'Tensor("Cos:0", shape=(?,), dtype=float32)',
        'Tensor("add:0", shape=(?,), dtype=float32)',
        'Tensor("truediv:0", shape=(?,), dtype=float32)',
    ]


def test_variables_keep_values_between_runs(printed):
    shared = tf.Variable(initial_value=np.ones(5), name="example_variable")
    print(shared, shared.dtype, shared.initializer.name, shared.value())
    counter = tf.Variable(0, trainable=False)
    increment = counter.assign_add(1)
    print(tf.global_variables(), tf.trainable_variables(), sep="\n")
    with tf.Session() as s:
        s.run(tf.global_variables_initializer())
        np.testing.assert_array_equal(s.run(shared), np.ones(5))
        s.run(shared.assign(np.arange(5)))
        np.testing.assert_array_equal(s.run(shared), np.arange(5))
        assert [s.run(increment) for _ in range(3)] == [1, 2, 3]
        with tf.Session() as another:
            another.run(counter.initializer)
            assert another.run(counter) == 0
        assert s.run(counter) == 3
    assert printed() == [
        "<tf.Variable 'example_variable:0' shape=(5,) dtype=float64_ref> <dtype: 'float64_ref'> "
        'example_variable/Assign Tensor("example_variable/read:0", shape=(5,), dtype=float64)',
        "[<tf.Variable 'example_variable:0' shape=(5,) dtype=float64_ref>, "
        "<tf.Variable 'Variable:0' shape=() dtype=int32_ref>]",
        "[<tf.Variable 'example_variable:0' shape=(5,) dtype=float64_ref>]",
    ]


def test_a_classifier(printed):
    tf.set_random_seed(1)
    random = np.random.RandomState(0)
    images = random.rand(60, 8).astype(np.float32)
    digits = (images @ random.randn(8, 3)).argmax(axis=1)
    x = tf.placeholder(tf.float32, shape=(None, 8))
    y = tf.placeholder(tf.float32, shape=(None, 3))
    with tf.variable_scope("hidden"):
        w = tf.get_variable("W", (8, 16))
        b = tf.get_variable("b", (16,), initializer=tf.zeros_initializer())
        hidden = tf.nn.sigmoid(x @ w + b)
    with tf.variable_scope("output"):
        logits = hidden @ tf.get_variable("W", (16, 3)) + tf.get_variable("b", (3,))
    classes = tf.argmax(tf.nn.softmax(logits), 1)
    loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=y, logits=logits))
    step = tf.train.AdamOptimizer(0.05).minimize(loss)
    print(hidden, logits, classes, sep="\n")
    print([v.name for v in tf.trainable_variables()])
    with tf.Session() as s:
        s.run(tf.global_variables_initializer())
        feed = {x: images, y: np.eye(3)[digits]}
        first = s.run(loss, feed)
        for _ in range(60):
            _, last = s.run([step, loss], feed)
        assert last < 0.5 * first
        assert np.mean(s.run(classes, {x: images}) == digits) > 0.9
    assert printed() == [
        'Tensor("hidden/Sigmoid:0", shape=(?, 16), dtype=float32)',
        'Tensor("output/add:0", shape=(?, 3), dtype=float32)',
        'Tensor("ArgMax:0", shape=(?,), dtype=int64)',
        "['hidden/W:0', 'hidden/b:0', 'output/W:0', 'output/b:0']",
    ]
