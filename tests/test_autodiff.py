"""tf.gradients and what belongs to it: nodes as TensorFlow 1.15 makes them, and numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tflite_edu as tf
from tflite_edu.autodiff import registry
from tflite_edu.autodiff.registry import get_gradient_function


@pytest.fixture(autouse=True)
def own_registrations(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test registers is gone after it."""
    monkeypatch.setattr(registry, "_registered", dict(registry._registered))


def nodes(prefix: str = "") -> list[str]:
    """The nodes whose names start with `prefix`, as "type name <- inputs"."""
    return [
        f"{op.type} {op.name} <- {' '.join(t._as_node_def_input() for t in op.inputs)}".rstrip()
        for op in tf.get_default_graph().get_operations()
        if op.name.startswith(prefix)
    ]


def run(fetches: Any, feed: Any = None) -> Any:
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(fetches, feed)


def colocations(tensor: tf.Tensor) -> list[bytes]:
    return tensor.op.get_attr("_class")


def test_nodes_of_a_small_graph() -> None:
    x = tf.constant([1.0, 2.0], name="x")
    y = tf.tanh(x) * x
    (gradient,) = tf.gradients(y, x)
    assert nodes("gradients/") == [
        "Const gradients/Shape <-",
        "Const gradients/grad_ys_0 <-",
        "Fill gradients/Fill <- gradients/Shape gradients/grad_ys_0",
        "Mul gradients/mul_grad/Mul <- gradients/Fill x",
        "Mul gradients/mul_grad/Mul_1 <- gradients/Fill Tanh",
        "TanhGrad gradients/Tanh_grad/TanhGrad <- Tanh gradients/mul_grad/Mul",
        "AddN gradients/AddN <- gradients/mul_grad/Mul_1 gradients/Tanh_grad/TanhGrad",
    ]
    assert gradient.name == "gradients/AddN:0"
    assert colocations(gradient) == [b"loc:@gradients/mul_grad/Mul_1"]
    points = np.array([1.0, 2.0])
    expected = np.tanh(points) + points / np.cosh(points) ** 2
    np.testing.assert_allclose(run(gradient), expected, rtol=1e-6)


def test_new_nodes_remember_the_operation_they_belong_to() -> None:
    x = tf.constant(1.0, name="x")
    tf.gradients(tf.tanh(x), x)
    graph = tf.get_default_graph()
    assert graph.get_operation_by_name("gradients/Tanh_grad/TanhGrad")._original_op.name == "Tanh"
    assert graph.get_operation_by_name("gradients/Fill")._original_op is None


def test_an_operation_waits_for_all_that_uses_it() -> None:
    x = tf.constant(0.5, name="x")
    a = tf.tanh(x, name="a")
    b = tf.sigmoid(a, name="b")
    c = tf.exp(a, name="c")
    (gradient,) = tf.gradients(b * c + a, x)
    order = [line.split()[1] for line in nodes("gradients/") if not line.startswith("Const")]
    assert order[-4:] == [
        "gradients/b_grad/SigmoidGrad",
        "gradients/c_grad/mul",
        "gradients/AddN",
        "gradients/a_grad/TanhGrad",
    ]
    t = np.tanh(0.5)
    s = 1 / (1 + np.exp(-t))
    expected = (s * (1 - s) * np.exp(t) + s * np.exp(t) + 1) * (1 - t * t)
    np.testing.assert_allclose(run(gradient), expected, rtol=1e-6)


def test_several_ys_and_xs() -> None:
    x = tf.constant([1.0, 2.0])
    w = tf.constant(3.0)
    a, b = x * x, tf.reduce_sum(x) * w
    dx, dw, da, none = tf.gradients([a, b], [x, w, a, tf.constant(1.0)])
    assert none is None
    values = run([dx, dw, da])
    for value, expected in zip(values, ([5.0, 7.0], 3.0, [1.0, 1.0])):
        np.testing.assert_allclose(value, expected)
    twice = tf.gradients([x, x], [x, x])
    np.testing.assert_allclose(run(twice), [[2.0, 2.0]] * 2)


def test_grad_ys() -> None:
    x = tf.constant([1.0, 2.0], name="x")
    a = x * x
    b = tf.reduce_sum(a)
    (gradient,) = tf.gradients([a, b], x, grad_ys=[[3.0, 4.0], None])
    assert "Identity gradients/grad_ys_0 <- gradients/grad_y_0" in nodes("gradients/")
    assert "Fill gradients/Fill <- gradients/Shape gradients/grad_ys_1" in nodes("gradients/")
    np.testing.assert_allclose(run(gradient), [8.0, 20.0])


def test_grad_y_may_be_sliced() -> None:
    x = tf.ones([3, 2])
    start = tf.IndexedSlices(tf.constant([[5.0, 6.0]]), tf.constant([1]), tf.constant([3, 2]))
    (gradient,) = tf.gradients(tf.identity(x), x, grad_ys=start)
    assert isinstance(gradient, tf.IndexedSlices)
    assert gradient.values.name == "gradients/grad_ys_0_values:0"
    assert gradient.indices.name == "gradients/grad_ys_0_indices:0"
    assert gradient.dense_shape.name == "gradients/grad_ys_0_shape:0"


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda x: tf.gradients(x, x, [None, None]), ValueError, "Passed 2 grad_ys for 1 ys"),
        (
            lambda x: tf.gradients(x, x, tf.constant([True, True])),
            TypeError,
            'Gradient type bool generated for real or integer-valued tensor Tensor("x:0", '
            "shape=(2,), dtype=float32) with type float32 must be real or integer",
        ),
        (
            lambda x: tf.gradients(tf.constant("a"), x, tf.constant(1.0)),
            TypeError,
            'Tensor Tensor("Const:0", shape=(), dtype=string) with type string must be numeric to '
            "obtain a default gradient",
        ),
        (
            lambda x: tf.gradients(tf.cast(x, tf.complex64), x),
            TypeError,
            "Gradients of complex tensors must set grad_ys (y.dtype = tf.complex64)",
        ),
        (
            lambda x: tf.gradients(x, x, unconnected_gradients="bad"),
            ValueError,
            "Unknown value for unconnected_gradients: 'bad'",
        ),
        (
            lambda x: tf.gradients(x, x, aggregation_method=9),
            ValueError,
            "Invalid aggregation_method specified 9.",
        ),
        (
            lambda x: tf.gradients(x.op, x),
            TypeError,
            "Can't convert Operation 'x' to Tensor (target dtype=None, name='y_0', as_ref=False)",
        ),
    ],
)
def test_arguments_that_do_not_fit(
    make: Callable[[tf.Tensor], Any], error: type[Exception], message: str
) -> None:
    x = tf.constant([1.0, 2.0], name="x")
    with pytest.raises(error) as raised:
        make(x)
    assert str(raised.value) == message


def test_stop_gradients_count_as_constants() -> None:
    p, q = tf.constant(3.0), tf.constant(5.0)
    r = p * 2.0
    s = r * q + r
    dp, dq, dr = tf.gradients(s, [p, q, r], stop_gradients=[r])
    assert dp is None
    np.testing.assert_allclose(run([dq, dr]), [6.0, 6.0])
    assert tf.gradients(s, p, stop_gradients=s) == [None]
    (through,) = tf.gradients(tf.stop_gradient(r) * p, p)
    np.testing.assert_allclose(run(through), 6.0)


def test_an_x_may_depend_on_another_x() -> None:
    a = tf.constant(2.0)
    b = 3.0 * a
    np.testing.assert_allclose(run(tf.gradients(a + b, [a, b])), [4.0, 1.0])
    np.testing.assert_allclose(run(tf.gradients(a + b, [a, b], stop_gradients=[a, b])), [1.0, 1.0])


def test_unconnected_gradients() -> None:
    x = tf.constant([1.0, 2.0])
    y = tf.placeholder(tf.float32, [None], name="y")
    n = tf.constant([1, 2])
    v = tf.Variable([[1.0]], use_resource=True)
    assert tf.gradients(x * 2.0, [y, n, v]) == [None] * 3
    zeros = tf.gradients(x * 2.0, [y, n, v], unconnected_gradients="zero")
    assert [z.dtype for z in zeros] == [tf.float32, tf.int32, tf.float32]
    # They are made outside of the gradients' scope.
    assert [z.name for z in zeros] == ["zeros_like:0", "zeros_like_1:0", "zeros:0"]
    values = run(zeros, {y: [3.0, 4.0, 5.0]})
    for value, expected in zip(values, ([0.0] * 3, [0, 0], [[0.0]])):
        np.testing.assert_array_equal(value, expected)
    assert tf.UnconnectedGradients("none") is tf.UnconnectedGradients.NONE


def test_outputs_that_nothing_uses_count_as_zeros() -> None:
    x = tf.constant([[1.0, 2.0], [3.0, 4.0]])
    first, second = tf.unstack(x)
    dx, dsecond = tf.gradients(first * 2.0, [x, second])
    assert dsecond.name == "gradients/zeros_like:0"
    np.testing.assert_allclose(run(dx), [[2.0, 2.0], [0.0, 0.0]])


@pytest.mark.parametrize("through", [tf.argmax, lambda x: tf.cast(x, tf.int32), tf.stop_gradient])
def test_nothing_flows_through_integers(through: Callable[[tf.Tensor], tf.Tensor]) -> None:
    x = tf.constant([1.0, 2.0])
    assert tf.gradients(tf.cast(through(x), tf.float32), x) == [None]


def test_variables_as_xs() -> None:
    v = tf.Variable([1.0, 2.0], name="v")
    r = tf.Variable([3.0, 4.0], name="r", use_resource=True)
    dv, dr = tf.gradients(v * v * r, [v, r])
    np.testing.assert_allclose(run([dv, dr]), [[6.0, 16.0], [1.0, 4.0]])
    assert tf.gradients(v * r, v, stop_gradients=[v])[0] is not None
    assert tf.gradients(tf.identity(v) * 2.0, r) == [None]


def test_gate_gradients() -> None:
    x, w = tf.constant(2.0, name="x"), tf.constant(3.0, name="w")
    gradients = tf.gradients(x * w, [x, w], gate_gradients=True)
    scope = "gradients/mul_grad/tuple/"
    assert [t.name for t in gradients] == [
        f"{scope}control_dependency:0",
        f"{scope}control_dependency_1:0",
    ]
    assert colocations(gradients[0]) == [b"loc:@gradients/mul_grad/Mul"]
    gate = tf.get_default_graph().get_operation_by_name(f"{scope}group_deps")
    assert [c.name for c in gate.control_inputs] == [
        "gradients/mul_grad/Mul",
        "gradients/mul_grad/Mul_1",
    ]
    np.testing.assert_allclose(run(gradients), [3.0, 2.0])


def test_colocate_gradients_with_ops() -> None:
    x = tf.constant(2.0, name="x")
    with tf.device("/gpu:1"):
        h = tf.tanh(x, name="h")
    with tf.device("/cpu:0"):
        (near,) = tf.gradients(h * x, x, colocate_gradients_with_ops=True)
        (here,) = tf.gradients(h * x, x)
    graph = tf.get_default_graph()
    node = graph.get_operation_by_name("gradients/h_grad/TanhGrad")
    assert node.device == "/device:GPU:1"
    assert node.get_attr("_class") == [b"loc:@h"]
    assert graph.get_operation_by_name("gradients_1/h_grad/TanhGrad").device == "/device:CPU:0"
    assert colocations(near) == [b"loc:@x"]
    assert colocations(here)[0].startswith(b"loc:@gradients_1/")


@pytest.mark.parametrize(
    ("method", "last"),
    [
        (None, "AddN gradients/AddN"),
        (tf.AggregationMethod.ADD_N, "AddN gradients/AddN"),
        (tf.AggregationMethod.EXPERIMENTAL_TREE, "AddN gradients/x_gradient_sum/AddN_1"),
        (tf.AggregationMethod.EXPERIMENTAL_ACCUMULATE_N, "AccumulateNV2 gradients/AccumulateNV2"),
    ],
)
def test_aggregation_methods(method: int | None, last: str) -> None:
    x = tf.constant([1.0, 2.0], name="x")
    (gradient,) = tf.gradients(x * x + tf.exp(x), x, aggregation_method=method)
    assert f"{gradient.op.type} {gradient.op.name}" == last
    expected = [2 + np.e, 4 + np.e**2]
    np.testing.assert_allclose(run(gradient), expected, rtol=1e-6)


def test_sums_on_several_devices() -> None:
    x = tf.constant(1.0, name="x")
    with tf.device("/cpu:0"):
        a, b = tf.sin(x), tf.tanh(x)
    with tf.device("/gpu:0"):
        c = tf.cos(x)
    (gradient,) = tf.gradients([a, b, c], x, colocate_gradients_with_ops=True)
    on_cpu, on_gpu = gradient.op.inputs
    assert (on_cpu.op.type, len(on_cpu.op.inputs), on_cpu.device) == ("AddN", 2, "/device:CPU:0")
    assert (on_gpu.op.type, on_gpu.device) == ("Mul", "/device:GPU:0")


def dense(slices: tf.IndexedSlices, rows: int) -> np.ndarray:
    values, indices, _ = run(slices)
    total = np.zeros((rows, *values.shape[1:]), values.dtype)
    np.add.at(total, indices, values)
    return total


def test_gradients_of_gathers_are_sliced() -> None:
    table = tf.Variable(np.arange(8.0).reshape(4, 2), dtype=tf.float32, name="table")
    (gradient,) = tf.gradients(tf.gather(table, [0, 2, 0]) * 2.0, table)
    assert isinstance(gradient, tf.IndexedSlices)
    np.testing.assert_allclose(dense(gradient, 4), [[4, 4], [0, 0], [2, 2], [0, 0]])


def test_sliced_gradients_are_concatenated() -> None:
    table = tf.Variable(np.zeros((4, 2)), dtype=tf.float32, name="table")
    a = tf.gather(table, [0, 2, 0])
    b = tf.gather(table, tf.constant([3], tf.int64))
    (gradient,) = tf.gradients([a, b], table)
    assert nodes("gradients/Cast") == ["Cast gradients/Cast <- gradients/GatherV2_grad/Reshape_1"]
    assert gradient.values.op.type == gradient.indices.op.type == "ConcatV2"
    assert gradient.indices.dtype == tf.int64
    np.testing.assert_allclose(dense(gradient, 4)[:, 0], [2, 0, 1, 1])


def test_a_dense_gradient_makes_sliced_ones_dense() -> None:
    table = tf.Variable(np.zeros((4, 2)), dtype=tf.float32, name="table")
    (gradient,) = tf.gradients([tf.gather(table, [1]), table * 3.0], table)
    assert nodes("gradients/AddN")[-2:] == [
        "UnsortedSegmentSum gradients/AddN/inputs_0 <- gradients/GatherV2_grad/Reshape "
        "gradients/GatherV2_grad/Reshape_1 gradients/AddN/strided_slice",
        "AddN gradients/AddN <- gradients/AddN/inputs_0 gradients/mul_grad/Mul",
    ]
    np.testing.assert_allclose(run(gradient)[:, 0], [3, 4, 3, 3])


def test_gradients_of_gradients() -> None:
    x = tf.constant(1.5, tf.float64)
    y = x**4 * tf.sin(x)
    first = tf.gradients(y, x)
    second = tf.gradients(first, x)
    (third,) = tf.gradients(second, x)
    assert third.name.startswith("gradients_2/")
    v = 1.5
    expected = 24 * v * np.sin(v) + 36 * v**2 * np.cos(v) - 12 * v**3 * np.sin(v) - v**4 * np.cos(v)
    np.testing.assert_allclose(run(third), expected, rtol=1e-12)


def test_hessians() -> None:
    x = tf.constant([1.0, 2.0], tf.float64)
    (hessian,) = tf.hessians(tf.reduce_sum(x**3) + x[0] * x[1], x)
    np.testing.assert_allclose(run(hessian), [[6.0, 1.0], [1.0, 12.0]])
    w = tf.constant([[1.0, 2.0], [3.0, 4.0]])
    (of_matrix,) = tf.hessians(tf.reduce_sum(tf.matmul(w, w) ** 2), [w])
    value = run(of_matrix)
    assert value.shape == (2, 2, 2, 2)
    np.testing.assert_allclose(value.reshape(4, 4), value.reshape(4, 4).T)
    with pytest.raises(ValueError, match="None values not supported"):
        tf.hessians(x * 2.0, x)
    with pytest.raises(ValueError, match="hessians needs the static shape"):
        p = tf.placeholder(tf.float32, [None])
        tf.hessians(p * p, p)


def test_default_graph_follows_the_tensors() -> None:
    x = tf.constant(1.0)
    y = tf.tanh(x)
    with tf.Graph().as_default():
        (gradient,) = tf.gradients(y, x)
        other = tf.constant(1.0)
        with pytest.raises(ValueError, match="must be from the same graph as"):
            tf.gradients(y, other)
    assert gradient.graph is x.graph


def test_register_gradient_for_overrides() -> None:
    @tf.RegisterGradient("TimesFive")
    def times_five(op: tf.Operation, gradient: tf.Tensor) -> tf.Tensor:
        return gradient * 5.0

    x = tf.constant([1.0, 2.0])
    with tf.get_default_graph().gradient_override_map({"Identity": "TimesFive"}):
        y = tf.identity(x)
    assert y.op.get_attr("_gradient_op_type") == b"TimesFive"
    (gradient,) = tf.gradients([y, tf.identity(x)], x)
    np.testing.assert_allclose(run(gradient), [6.0, 6.0])
    with pytest.raises(KeyError, match="Registering two gradient with name 'TimesFive'!"):
        tf.RegisterGradient("TimesFive")(times_five)


def test_registering_what_is_no_name_or_taken() -> None:
    for register in (tf.RegisterGradient, tf.NotDifferentiable, tf.NoGradient):
        with pytest.raises(TypeError, match="op_type must be a string"):
            register(3)
    with pytest.raises(KeyError, match="Registering two gradient with name 'Tanh'!"):
        tf.NotDifferentiable("Tanh")


def test_not_differentiable() -> None:
    tf.NotDifferentiable("Opaque")
    x = tf.constant(1.0)
    with tf.get_default_graph().gradient_override_map({"Tanh": "Opaque", "Exp": "Unheard"}):
        y, z = tf.tanh(x), tf.exp(x)
    assert tf.gradients(y, x) == [None]
    assert get_gradient_function(x.op) is None
    with pytest.raises(LookupError) as raised:
        tf.gradients(z, x)
    assert str(raised.value) == "No gradient defined for operation 'Exp' (op type: Exp)"


def returning(*gradients: Any) -> Callable[..., tuple[Any, ...]]:
    return lambda op, *_: gradients


@pytest.mark.parametrize(
    ("function", "error", "message"),
    [
        (lambda op, g: [g, g], ValueError, 'Num gradients 2 generated for op name: "Tanh"'),
        (
            lambda op, g: tf.ones([3]),
            ValueError,
            "Incompatible shapes between op input and calculated input gradient.  Forward "
            "operation: Tanh.  Input index: 0. Original input shape: (2,).  Calculated input "
            "gradient shape: (3,)",
        ),
        (returning(3.0), AttributeError, "'float' object has no attribute 'name'"),
    ],
)
def test_gradient_functions_are_checked(
    function: Callable[..., Any], error: type[Exception], message: str
) -> None:
    tf.RegisterGradient("Checked")(function)
    x = tf.constant([1.0, 2.0])
    with tf.get_default_graph().gradient_override_map({"Tanh": "Checked"}):
        y = tf.tanh(x)
    with pytest.raises(error) as raised:
        tf.gradients(y, x)
    assert str(raised.value).splitlines()[0] == message


def test_gradients_learn_the_shape_of_their_inputs() -> None:
    tf.RegisterGradient("Shapeless")(lambda op, g: tf.py_func(lambda v: v, [g], tf.float32))
    x = tf.constant([1.0, 2.0])
    with tf.get_default_graph().gradient_override_map({"Tanh": "Shapeless"}):
        (gradient,) = tf.gradients(tf.tanh(x), x)
    assert gradient.shape == (2,)
