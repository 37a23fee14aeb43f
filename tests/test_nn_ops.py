"""Operations of neural networks: values against their formulas, messages as TensorFlow's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tflite_edu as tf
from tflite_edu.core import raw

Array = Any


def run(fetch: Any, feed: Any = None) -> Any:
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(fetch, feed)


def refused(make: Callable[[], Any], error: type[Exception]) -> str:
    with pytest.raises(error) as caught:
        make()
    return str(caught.value).splitlines()[0]


def wave(*shape: int, start: float = 0.0) -> Array:
    return np.sin(start + 1.3 * np.arange(np.prod(shape))).reshape(shape).astype(np.float32)


NAN, INF = float("nan"), float("inf")
FEATURES = [NAN, INF, -INF, 0.0, 1e-8, -1e-8, 20.0, -20.0, -13.0, 5.99, 7.0]


# TensorFlow 1.15's float32 results for FEATURES.
@pytest.mark.parametrize(
    ("activation", "expected"),
    [
        (tf.nn.relu, [NAN, INF, 0, 0, 1e-8, 0, 20, 0, 0, 5.99, 7]),
        (tf.nn.relu6, [NAN, 6, 0, 0, 1e-8, 0, 6, 0, 0, 5.99, 6]),
        (tf.nn.elu, [NAN, INF, -1, 0, 1e-8, 0, 20, -1, -0.99999774, 5.99, 7]),
        (
            tf.nn.selu,
            [NAN, INF, -1.7580993, 0, 1.0507e-8, 0, 21.01402, -1.7580993]
            + [-1.7580953, 6.2936988, 7.354907],
        ),
        (tf.nn.leaky_relu, [NAN, INF, -INF, 0, 1e-8, -2e-9, 20, -4, -2.6, 5.99, 7]),
        (
            tf.nn.softplus,
            [NAN, INF, 0, 0.6931472, 0.6931472, 0.6931472, 20, 2.0611537e-9]
            + [2.264974e-6, 5.9925003, 7.0009117],
        ),
        (
            tf.nn.softsign,
            [NAN, NAN, NAN, 0, 1e-8, -1e-8, 0.95238096, -0.95238096]
            + [-0.9285714, 0.8569385, 0.875],
        ),
    ],
)
def test_activations_far_out(activation: Any, expected: list[float]) -> None:
    values = run(activation(tf.constant(FEATURES)))
    assert values.dtype == np.float32
    np.testing.assert_allclose(values, expected, rtol=2e-5, atol=1e-12)


def test_activations_of_integers() -> None:
    assert run(tf.nn.relu([-2, 3])).tolist() == [0, 3]
    assert run(tf.nn.relu6(tf.constant([-2, 3, 9], tf.int64))).tolist() == [0, 3, 6]
    leaky = run(tf.nn.leaky_relu([-2, 3], 0.5))
    assert leaky.dtype == np.float32 and leaky.tolist() == [-1, 3]


def test_leaky_relu_with_a_slope_over_one() -> None:
    assert run(tf.nn.leaky_relu([-1.0, 1.0], 2.0)).tolist() == [-2, 1]


def test_crelu_keeps_both_signs() -> None:
    assert run(tf.nn.crelu([[1.0, -2.0]])).tolist() == [[1, 0, 0, 2]]
    assert run(tf.nn.crelu([[1.0, -2.0]], axis=0)).tolist() == [[1, 0], [0, 2]]


def test_swish_and_its_gradient() -> None:
    x = tf.constant([1.0, -2.0], tf.float64)
    y = tf.nn.swish(x)
    value, gradient = run([y, tf.gradients(y, x)[0]])
    gate = 1 / (1 + np.exp([-1.0, 2.0]))
    np.testing.assert_allclose(value, [gate[0], -2 * gate[1]])
    np.testing.assert_allclose(gradient, gate * (1 + np.array([1.0, -2.0]) * (1 - gate)))


def test_shapes_of_a_gradient_and_its_features_must_agree() -> None:
    x, y = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
    message = refused(
        lambda: run(raw.ReluGrad(x, y), {x: [1.0, 2.0], y: [1.0, 2.0, 3.0]}),
        tf.errors.InvalidArgumentError,
    )
    assert message == (
        "Inputs to operation ReluGrad of type ReluGrad must have the same size and shape.  "
        "Input 0: [2] != input 1: [3]"
    )
    assert "Dimension 0 in both shapes must be equal, but are 1 and 2" in refused(
        lambda: raw.ReluGrad([1.0], [1.0, 2.0]), ValueError
    )


@pytest.mark.parametrize("axis", [0, 1, 2, -1, -2, -3])
def test_softmax_along_any_axis(axis: int) -> None:
    x = wave(2, 3, 4) * 50
    powers = np.exp(x.astype(np.float64) - x.max(axis, keepdims=True))
    expected = powers / powers.sum(axis, keepdims=True)
    u = tf.placeholder(tf.float32, [None, 3, None])
    softmax, logarithm = tf.nn.softmax(u, axis), tf.nn.log_softmax(u, axis=axis)
    assert softmax.shape.as_list() == [None, 3, None]
    values = run([softmax, logarithm, tf.nn.softmax(x, dim=axis)], {u: x})
    np.testing.assert_allclose(values[0], expected, rtol=2e-5, atol=1e-30)
    np.testing.assert_allclose(np.exp(values[1]), expected, rtol=2e-4, atol=1e-30)
    np.testing.assert_array_equal(values[2], values[0])


def test_softmax_along_an_axis_known_only_in_a_run() -> None:
    axis, x = tf.placeholder(tf.int32, []), wave(3, 4, 2)
    y = tf.nn.softmax(x, axis)
    for along in (0, 1, -2, -3):
        powers = np.exp(x)
        expected = powers / powers.sum(along, keepdims=True)
        np.testing.assert_allclose(run(y, {axis: along}), expected, rtol=1e-5)


def test_softmax_of_what_is_not_finite() -> None:
    rows = [[1.0, NAN], [INF, 1.0], [-INF, -INF]]
    assert np.isnan(run(tf.nn.softmax(rows))).all()
    assert run(tf.nn.softmax([[-INF, 0.0]])).tolist() == [[0, 1]]
    assert run(tf.nn.softmax(tf.zeros([3, 0]))).shape == (3, 0)
    assert run(tf.nn.log_softmax(tf.zeros([0, 3]))).shape == (0, 3)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (
            lambda: tf.nn.softmax(tf.zeros([2, 3]), 2),
            tf.errors.InvalidArgumentError,
            "Dimension (2) must be in the range [-2, 2) where 2 is the number of dimensions in "
            "the input.",
        ),
        (
            lambda: tf.nn.softmax(tf.zeros([2]), axis=0, dim=0),
            ValueError,
            "Cannot specify both 'dim' and 'axis'",
        ),
        (
            lambda: tf.nn.softmax(tf.constant(1.0)),
            ValueError,
            "Shape must be at least rank 1 but is rank 0 for 'Softmax' (op: 'Softmax') with input "
            "shapes: [].",
        ),
        (
            lambda: tf.nn.softmax_cross_entropy_with_logits([1.0], [1.0]),
            ValueError,
            "Only call `softmax_cross_entropy_with_logits` with named arguments (labels=..., "
            "logits=..., ...)",
        ),
        (
            lambda: tf.nn.softmax_cross_entropy_with_logits(labels=[1.0]),
            ValueError,
            "Both labels and logits must be provided.",
        ),
        (
            lambda: tf.nn.softmax_cross_entropy_with_logits_v2([[1.0, 2.0, 3.0]], [[1.0, 2.0]]),
            ValueError,
            "Dimensions must be equal, but are 2 and 3 for 'softmax_cross_entropy_with_logits' "
            "(op: 'SoftmaxCrossEntropyWithLogits') with input shapes: [1,2], [1,3].",
        ),
        (
            lambda: tf.nn.sparse_softmax_cross_entropy_with_logits([1], [1.0]),
            ValueError,
            "Only call `sparse_softmax_cross_entropy_with_logits` with named arguments "
            "(labels=..., logits=..., ...)",
        ),
        (
            lambda: tf.nn.sparse_softmax_cross_entropy_with_logits(
                labels=[[1]], logits=[[1.0, 2.0]]
            ),
            ValueError,
            "Rank mismatch: Rank of labels (received 2) should equal rank of logits minus 1 "
            "(received 2).",
        ),
        (
            lambda: tf.nn.sparse_softmax_cross_entropy_with_logits(
                labels=[1, 1], logits=[[1.0, 2.0]]
            ),
            ValueError,
            "Shape mismatch: The shape of labels (received (2,)) should equal the shape of logits "
            "except for the last dimension (received (1, 2)).",
        ),
        (
            lambda: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=1, logits=1.0),
            ValueError,
            "Logits cannot be scalars - received shape ().",
        ),
        (
            lambda: tf.nn.sigmoid_cross_entropy_with_logits(labels=[1.0, 2.0], logits=[1.0]),
            ValueError,
            "logits and labels must have the same shape ((1,) vs (2,))",
        ),
        (
            lambda: tf.nn.weighted_cross_entropy_with_logits(
                labels=[1.0], targets=[1.0], logits=[1.0], pos_weight=1
            ),
            ValueError,
            "Cannot specify both 'targets' and 'labels'",
        ),
        (
            lambda: tf.nn.bias_add(tf.zeros([2, 3]), tf.zeros([2])),
            ValueError,
            "Dimensions must be equal, but are 3 and 2 for 'BiasAdd' (op: 'BiasAdd') with input "
            "shapes: [2,3], [2].",
        ),
        (
            lambda: tf.nn.bias_add(tf.zeros([2, 3]), tf.zeros([3]), data_format="HWC"),
            ValueError,
            "data_format must be of the form `N...C` or `NC...`",
        ),
        (
            lambda: tf.nn.l2_normalize([1.0], 0, dim=0),
            ValueError,
            "Cannot specify both 'dim' and 'axis'",
        ),
        (
            lambda: tf.nn.dropout([1.0], keep_prob=0.0),
            ValueError,
            "rate must be a scalar tensor or a float in the range [0, 1), got 1",
        ),
        (
            lambda: tf.nn.dropout([1.0], rate=-0.1),
            ValueError,
            "rate must be a scalar tensor or a float in the range [0, 1), got -0.1",
        ),
        (
            lambda: tf.nn.dropout([1.0], keep_prob=0.5, rate=0.5),
            ValueError,
            "Cannot specify both 'keep_prob' and 'rate'",
        ),
        (
            lambda: tf.nn.dropout([1.0]),
            ValueError,
            "You must provide a rate to dropout.",
        ),
        (
            lambda: tf.nn.dropout([1], 0.5),
            ValueError,
            "x has to be a floating point tensor since it's going to be scaled. Got a "
            "<dtype: 'int32'> tensor instead.",
        ),
        (
            lambda: tf.nn.moments(tf.zeros([1]), 0, keep_dims=True, keepdims=True),
            ValueError,
            "Cannot specify both 'keep_dims' and 'keepdims'",
        ),
        (
            lambda: tf.nn.fused_batch_norm(
                tf.zeros([1, 1, 1, 3]), tf.ones([3]), tf.ones([3]), mean=tf.ones([3])
            ),
            ValueError,
            "Both 'mean' and 'variance' must be None if is_training is True.",
        ),
        (
            lambda: tf.nn.fused_batch_norm(tf.zeros([1, 1, 1, 3]), tf.ones([2]), tf.ones([3])),
            ValueError,
            "Dimensions must be equal, but are 3 and 2 for 'FusedBatchNormV3' (op: "
            "'FusedBatchNormV3') with input shapes: [1,1,1,3], [2], [3], [0], [0].",
        ),
        (
            lambda: tf.nn.lrn(tf.zeros([2, 3])),
            ValueError,
            "Shape must be rank 4 but is rank 2 for 'LRN' (op: 'LRN') with input shapes: [2,3].",
        ),
        (lambda: tf.nn.embedding_lookup(None, [1]), ValueError, "params must be specified"),
        (lambda: tf.nn.embedding_lookup([], [1]), ValueError, "Need at least one param"),
        (
            lambda: tf.nn.embedding_lookup([tf.zeros([2])] * 2, [1], partition_strategy="x"),
            ValueError,
            "Unrecognized partition strategy: x",
        ),
    ],
)
def test_refusals_at_definition(make: Any, error: type[Exception], message: str) -> None:
    assert refused(make, error) == message


def feed_two(op: Callable[..., Any], first: Any, second: Any, dtype: Any = tf.float32) -> Any:
    a, b = tf.placeholder(tf.float32), tf.placeholder(dtype)
    return lambda: run(op(a, b)[0], {a: first, b: second})


@pytest.mark.parametrize(
    ("attempt", "message"),
    [
        (
            (raw.SparseSoftmaxCrossEntropyWithLogits, [[1, 2, 3], [3, 4, 5]], [0, 3], tf.int32),
            "Received a label value of 3 which is outside the valid range of [0, 3).  "
            "Label values: 0 3",
        ),
        (
            (raw.SparseSoftmaxCrossEntropyWithLogits, [[1, 2, 3], [3, 4, 5]], [-1, 7], tf.int64),
            "Received a label value of -1 which is outside the valid range of [0, 3).  "
            "Label values: -1 7",
        ),
        (
            (raw.SparseSoftmaxCrossEntropyWithLogits, [[1, 2, 3]], [0, 1], tf.int32),
            "logits and labels must have the same first dimension, got logits shape [1,3] and "
            "labels shape [2]",
        ),
        (
            (raw.SparseSoftmaxCrossEntropyWithLogits, [1, 2, 3], [0], tf.int32),
            "logits must be 2-D, but got shape [3]",
        ),
        (
            (raw.SparseSoftmaxCrossEntropyWithLogits, [[1, 2, 3]], [[0]], tf.int32),
            "labels must be 1-D, but got shape [1,1]",
        ),
        (
            (raw.SparseSoftmaxCrossEntropyWithLogits, np.zeros([2, 0]), [0, 1], tf.int32),
            "Must have at least one class, but got logits shape [2,0]",
        ),
        (
            (raw.SoftmaxCrossEntropyWithLogits, [[1, 2, 3], [3, 4, 5]], [[1, 0], [1, 0]]),
            "logits and labels must be broadcastable: logits_size=[2,3] labels_size=[2,2]",
        ),
        (
            (raw.SoftmaxCrossEntropyWithLogits, [1, 2, 3], [1, 2, 3]),
            "logits and labels must be either 2-dimensional, or broadcasted to be 2-dimensional",
        ),
        (
            (lambda a, b: [raw.BiasAdd(a, b)], [[1, 2]], [1, 2, 3]),
            "Must provide as many biases as the last dimension of the input tensor: [3] vs. [1,2]",
        ),
        (
            (lambda a, b: [raw.BiasAdd(a, b)], [1, 2], [1, 2]),
            "Input tensor must be at least 2D: [2]",
        ),
        ((lambda a, b: [raw.BiasAdd(a, b)], [[1, 2]], [[1, 2]]), "Biases must be 1D: [1,2]"),
        (
            (lambda a, b: raw.FusedBatchNorm(a, b, b, [], []), [[1, 2]], [1]),
            "input must be 4-dimensional[1,2]",
        ),
        (
            (lambda a, b: raw.FusedBatchNorm(a, [1.0], [1.0], b, b), [[[[1]]]], [1]),
            "estimated_mean must be empty for training[1]",
        ),
    ],
)
def test_refusals_in_a_run(attempt: tuple[Any, ...], message: str) -> None:
    assert refused(feed_two(*attempt), tf.errors.InvalidArgumentError) == message


def log_softmax(x: Array) -> Array:
    x = x - x.max(-1, keepdims=True)
    return x - np.log(np.exp(x).sum(-1, keepdims=True))


def test_cross_entropies_against_their_formulas() -> None:
    logits = wave(2, 2, 3).astype(np.float64) * 8
    labels = np.exp(log_softmax(np.cos(logits)))
    classes = np.array([[0, 2], [1, 1]])
    dense = tf.nn.softmax_cross_entropy_with_logits_v2(labels, logits)
    sparse = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=classes, logits=logits)
    sigmoid = tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits)
    weighted = tf.nn.weighted_cross_entropy_with_logits(labels, logits, 3.0)
    values = run([dense, sparse, sigmoid, weighted])
    np.testing.assert_allclose(values[0], -(labels * log_softmax(logits)).sum(-1))
    np.testing.assert_allclose(
        values[1], -np.take_along_axis(log_softmax(logits), classes[..., None], -1)[..., 0]
    )
    yes, no = np.log1p(np.exp(-logits)), np.log1p(np.exp(logits))
    np.testing.assert_allclose(values[2], labels * yes + (1 - labels) * no)
    np.testing.assert_allclose(values[3], 3 * labels * yes + (1 - labels) * no)


def test_cross_entropies_of_huge_logits_stay_finite() -> None:
    logits = [[1000.0, -1000.0], [-1000.0, 1000.0]]
    one_hot = [[1.0, 0.0], [1.0, 0.0]]
    dense = tf.nn.softmax_cross_entropy_with_logits_v2(one_hot, logits)
    sparse = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[0, 0], logits=logits)
    sigmoid = tf.nn.sigmoid_cross_entropy_with_logits(labels=one_hot, logits=logits)
    values = run([dense, sparse, sigmoid])
    assert values[0].tolist() == values[1].tolist() == [0, 2000]
    assert values[2].tolist() == [[0, 0], [1000, 1000]]


def test_half_precision_cross_entropies_are_computed_as_float32() -> None:
    logits = tf.constant([[1.0, 2.0, 8.0]], tf.float16)
    dense = tf.nn.softmax_cross_entropy_with_logits_v2([[1.0, 0.0, 0.0]], logits)
    sparse = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[0], logits=logits)
    assert dense.dtype == sparse.dtype == tf.float16
    np.testing.assert_allclose(run([dense, sparse]), [[7.0034], [7.0034]], rtol=1e-3)


def test_labels_get_a_gradient_from_the_second_version_alone() -> None:
    labels, logits = tf.constant([[0.25, 0.75]]), tf.constant([[1.0, 2.0]])
    first = tf.nn.softmax_cross_entropy_with_logits(labels=labels, logits=logits)
    second = tf.nn.softmax_cross_entropy_with_logits_v2(labels, logits)
    assert tf.gradients(first, labels) == [None]
    gradients = run(tf.gradients(second, [labels, logits]))
    np.testing.assert_allclose(gradients[0], -log_softmax(np.array([[1.0, 2.0]])), rtol=1e-6)
    share = np.exp(log_softmax(np.array([[1.0, 2.0]])))
    np.testing.assert_allclose(gradients[1], share - [[0.25, 0.75]], rtol=1e-5)


def test_sparse_cross_entropy_has_no_second_derivative() -> None:
    logits = tf.constant([[1.0, 2.0]])
    loss = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[0], logits=logits)
    with pytest.raises(LookupError, match="no way to take the second derivative of sparse_softmax"):
        tf.gradients(tf.gradients(loss, logits), logits)


def test_labels_of_a_shape_known_only_in_a_run_are_checked_then() -> None:
    logits, labels = tf.placeholder(tf.float32), tf.placeholder(tf.int32)
    loss = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
    cube = wave(2, 2, 3)
    values = run(loss, {logits: cube, labels: [[0, 1], [2, 0]]})
    expected = np.take_along_axis(-log_softmax(cube), np.array([[[0], [1]], [[2], [0]]]), -1)
    np.testing.assert_allclose(values, expected[..., 0], rtol=1e-5)
    message = refused(
        lambda: run(loss, {logits: cube, labels: [[0, 1]]}), tf.errors.InvalidArgumentError
    )
    assert message.startswith("assertion failed: [Condition x == y did not hold element-wise:]")


def test_bias_add_by_format() -> None:
    image, bias = wave(2, 2, 3, 4), np.array([1.0, -1.0], np.float32)
    x = tf.placeholder(tf.float32, [None, 2, None, 4])
    first = tf.nn.bias_add(x, bias, "NCHW")
    last = tf.nn.bias_add(x, [1.0, 2.0, 3.0, 4.0], data_format="NWC")
    assert first.shape.as_list() == [None, 2, None, 4]
    gradient = tf.gradients(first * first, first.op.inputs[1])[0]
    values = run([first, last, gradient], {x: image})
    np.testing.assert_array_equal(values[0], image + bias[:, None, None])
    np.testing.assert_array_equal(values[1], image + np.arange(1, 5, dtype=np.float32))
    np.testing.assert_allclose(values[2], 2 * values[0].sum((0, 2, 3)), rtol=1e-5)


@pytest.mark.parametrize("data_format", ["NHWC", "NCHW"])
def test_second_derivative_by_a_bias(data_format: str) -> None:
    x = tf.constant(wave(2, 3, 3, 3), tf.float64)
    bias = tf.constant([1.0, 2.0, 3.0], tf.float64)
    y = tf.nn.bias_add(x, bias, data_format)
    first = tf.gradients(y * y * y, bias)[0]
    of_bias, of_x, value = run([*tf.gradients(first, [bias, x]), y])
    axes = (0, 2, 3) if data_format == "NCHW" else (0, 1, 2)
    np.testing.assert_allclose(of_bias, 6 * value.sum(axes))
    np.testing.assert_allclose(of_x, 6 * value)


def test_layers_of_a_product_and_a_bias() -> None:
    x, w, b = wave(2, 3), wave(3, 4, start=1), wave(4, start=2)
    linear, rectified = run([tf.nn.xw_plus_b(x, w, b), tf.nn.relu_layer(x, w, b)])
    np.testing.assert_allclose(linear, x @ w + b, rtol=1e-5)
    np.testing.assert_array_equal(rectified, np.maximum(linear, 0))


def test_lengths() -> None:
    x = wave(3, 4)
    loss, rows, whole, zero = run(
        [
            tf.nn.l2_loss(x),
            tf.nn.l2_normalize(x, 1),
            tf.nn.l2_normalize(x),
            tf.nn.l2_normalize(tf.zeros([2, 2]), 1),
        ]
    )
    np.testing.assert_allclose(loss, (x * x).sum() / 2, rtol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, rtol=1e-6)
    np.testing.assert_allclose(whole, x / np.linalg.norm(x), rtol=1e-5)
    assert zero.tolist() == [[0, 0], [0, 0]]
    assert run(tf.nn.l2_loss(tf.constant([3.0, 4.0], tf.float16))) == 12.5


def test_dropout_scales_what_it_keeps() -> None:
    tf.set_random_seed(1)
    keep = tf.placeholder(tf.float32, [])
    y = tf.nn.dropout(tf.ones([100, 100]), keep)
    for share in (0.5, 0.9):
        values = run(y, {keep: share})
        assert set(np.unique(values)) <= {np.float32(0), values.max()}
        assert abs(values.max() - 1 / share) < 1e-6
        assert abs((values > 0).mean() - share) < 0.02


def test_dropout_by_rows_and_its_gradient() -> None:
    x = tf.placeholder(tf.float32, [None, 3])
    y = tf.nn.dropout(x, rate=0.5, noise_shape=[20, 1], seed=1)
    assert y.shape.as_list() == [20, 3]
    values, gradient = run([y, tf.gradients(y, x)[0]], {x: np.ones([20, 3])})
    assert set(map(tuple, values)) == {(0, 0, 0), (2, 2, 2)}
    np.testing.assert_array_equal(gradient, values)


def test_dropout_of_nothing_is_its_input() -> None:
    x = tf.ones([3])
    assert tf.nn.dropout(x, 1.0) is x
    assert tf.nn.dropout(x, rate=0.0) is x
    assert tf.nn.dropout(x, rate=tf.constant(0.0)) is x


def test_moments_plain_and_weighted() -> None:
    x = wave(4, 5, 3)
    weights = np.abs(wave(4, 1, 1, start=3))
    mean, variance = tf.nn.moments(tf.constant(x), [0, 1])
    kept = tf.nn.moments(tf.constant(x), [1], keep_dims=True)
    by_weight = tf.nn.weighted_moments(x, [0], weights)
    values = run([mean, variance, kept, by_weight])
    np.testing.assert_allclose(values[0], x.mean((0, 1)), rtol=1e-5)
    np.testing.assert_allclose(values[1], x.var((0, 1)), rtol=1e-5)
    np.testing.assert_allclose(values[2][1], x.var(1, keepdims=True), rtol=1e-5)
    average = np.average(x, 0, weights=weights[:, 0, 0])
    spread = np.average((x - average) ** 2, 0, weights=weights[:, 0, 0])
    np.testing.assert_allclose(values[3][0], average, rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(values[3][1], spread, rtol=1e-5)


@pytest.mark.parametrize("shift", [None, 0.5])
def test_statistics_of_parts_make_the_moments_of_the_whole(shift: float | None) -> None:
    x = wave(6, 3)
    u = tf.placeholder(tf.float32, [None, 3])
    count, total, squares, _ = tf.nn.sufficient_statistics(u, [0], shift=shift)
    parts = [run([count, total, squares], {u: part}) for part in (x[:2], x[2:])]
    sums = [sum(p) for p in zip(*parts)]
    mean, variance = run(tf.nn.normalize_moments(*sums, shift))
    np.testing.assert_allclose(mean, x.mean(0), rtol=1e-5)
    np.testing.assert_allclose(variance, x.var(0), rtol=1e-4)
    known = tf.nn.sufficient_statistics(tf.zeros([2, 3]), [0, 1])[0]
    assert known.op.type == "Const" and run(known) == 6


@pytest.mark.parametrize("data_format", ["NHWC", "NCHW"])
def test_fused_batch_norm_is_batch_normalization(data_format: str) -> None:
    images = wave(2, 3, 3, 4) if data_format == "NHWC" else wave(2, 4, 3, 3)
    axes, shape = ([0, 1, 2], [4]) if data_format == "NHWC" else ([0, 2, 3], [4, 1, 1])
    x = tf.constant(images)
    scale, offset = tf.constant([1.0, 2.0, 3.0, 4.0]), tf.constant([0.1, 0.2, 0.3, 0.4])
    weights = wave(*images.shape, start=5)
    y, mean, variance = tf.nn.fused_batch_norm(x, scale, offset, data_format=data_format)
    kept = tf.nn.moments(x, axes, keep_dims=True)
    plain = tf.nn.batch_normalization(
        x, *kept, tf.reshape(offset, shape), tf.reshape(scale, shape), 1e-3
    )
    values = run([y, plain, mean, variance])
    np.testing.assert_allclose(values[0], values[1], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(values[2], images.mean(tuple(axes)), rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(values[3], images.var(tuple(axes), ddof=1), rtol=1e-5)
    by = [x, scale, offset]
    fused_gradients, gradients = run([tf.gradients(t * weights, by) for t in (y, plain)])
    for fused, expected in zip(fused_gradients, gradients):
        np.testing.assert_allclose(fused, expected, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("data_format", ["NHWC", "NCHW"])
def test_fused_batch_norm_with_given_moments(data_format: str) -> None:
    images = wave(2, 3, 3, 4) if data_format == "NHWC" else wave(2, 4, 3, 3)
    shape = [4] if data_format == "NHWC" else [4, 1, 1]
    x, scale, offset = tf.constant(images), tf.constant([1.0, 2.0, 3.0, 4.0]), tf.zeros([4])
    mean, variance = tf.constant([0.1, 0.2, 0.3, 0.4]), tf.constant([1.0, 2.0, 1.0, 0.5])
    y, *_ = tf.nn.fused_batch_norm(
        *(x, scale, offset, mean, variance), is_training=False, data_format=data_format
    )
    vectors = [tf.reshape(v, shape) for v in (mean, variance, offset, scale)]
    plain = tf.nn.batch_normalization(x, *vectors, 1e-3)
    by = [x, scale, offset]
    fused = run([y, *tf.gradients(y * y, by)])
    expected = run([plain, *tf.gradients(plain * plain, by)])
    for own, other in zip(fused, expected):
        np.testing.assert_allclose(own, other, rtol=1e-4, atol=1e-5)


def test_fused_batch_norm_of_half_floats_and_of_one_pixel() -> None:
    ones = tf.ones([2])
    y, mean, _ = tf.nn.fused_batch_norm(tf.constant(wave(4, 2, 2, 2), tf.float16), ones, ones)
    assert y.dtype == tf.float16 and mean.dtype == tf.float32
    np.testing.assert_allclose(run(y).mean((0, 1, 2)), 1, atol=2e-3)
    one = run(tf.nn.fused_batch_norm(tf.fill([1, 1, 1, 2], 3.0), ones, ones))
    assert [v.ravel().tolist() for v in one] == [[1, 1], [3, 3], [0, 0]]


def test_response_normalization_and_its_gradient() -> None:
    x = wave(1, 2, 3, 5)
    u = tf.placeholder(tf.float32, [None, 2, 3, 5])
    y = tf.nn.lrn(u, depth_radius=1, bias=1.5, alpha=0.3, beta=0.75)
    weights = wave(1, 2, 3, 5, start=2)
    value, gradient = run([y, tf.gradients(y * weights, u)[0]], {u: x})

    def expected(x: Array) -> Array:
        padded = np.pad(x * x, [(0, 0)] * 3 + [(1, 1)])
        near = padded[..., :-2] + padded[..., 1:-1] + padded[..., 2:]
        return x * (1.5 + 0.3 * near) ** -0.75

    np.testing.assert_allclose(value, expected(x), rtol=1e-5)
    step = 1e-6
    for place in np.ndindex(x.shape):
        moved = np.zeros(x.shape)
        moved[place] = step
        change = (expected(x + moved) - expected(x - moved)) * weights
        assert abs(gradient[place] - change.sum() / (2 * step)) < 1e-4


def test_embedding_lookup_and_its_sparse_gradient() -> None:
    table = tf.Variable(wave(6, 2), name="table")
    ids = tf.placeholder(tf.int32, [None, 2])
    rows = tf.nn.embedding_lookup(table, ids)
    assert rows.shape.as_list() == [None, 2, 2]
    gradient = tf.gradients(rows, table)[0]
    assert isinstance(gradient, tf.IndexedSlices)
    values, indices, change = run(
        [rows, gradient.indices, gradient.values], {ids: [[0, 5], [5, 1]]}
    )
    np.testing.assert_array_equal(values, wave(6, 2)[[[0, 5], [5, 1]]])
    assert indices.tolist() == [0, 5, 5, 1] and change.tolist() == [[1, 1]] * 4


def test_a_resource_variable_is_read_at_the_rows_alone() -> None:
    table = tf.get_variable("table", [6, 2], use_resource=True, initializer=tf.ones_initializer())
    rows = tf.nn.embedding_lookup(table, [1, 2])
    assert rows.op.inputs[0].op.inputs[0].op.type == "ResourceGather"
    assert run(rows).tolist() == [[1, 1], [1, 1]]


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("strategy", ["mod", "div"])
def test_rows_are_spread_over_tables(strategy: str, known: bool) -> None:
    whole = wave(8, 2)
    parts = [whole[i::3] for i in range(3)]
    if strategy == "div":
        parts = [whole[:3], whole[3:6], whole[6:]]
    tables = [tf.placeholder(tf.float32, p.shape if known else [None, 2]) for p in parts]
    ids = [[7, 0, 3], [6, 5, 2]]
    rows = tf.nn.embedding_lookup(tables, ids, partition_strategy=strategy)
    assert rows.shape.as_list() == [2, 3, 2]
    np.testing.assert_array_equal(run(rows, dict(zip(tables, parts))), whole[ids])


@pytest.mark.parametrize("tables", [1, 2])
def test_long_rows_are_scaled_down(tables: int) -> None:
    whole = np.array([[3.0, 4.0], [0.3, 0.4], [0.0, 0.0], [6.0, 8.0]], np.float32)
    params = [tf.constant(whole[i::tables]) for i in range(tables)]
    rows = tf.nn.embedding_lookup(params, [0, 1, 2, 3], max_norm=1.0)
    np.testing.assert_allclose(run(rows), [[0.6, 0.8], [0.3, 0.4], [0, 0], [0.6, 0.8]], rtol=1e-6)


def test_a_row_that_is_not_there() -> None:
    rows = tf.nn.embedding_lookup(tf.zeros([3, 2]), [1, 3])
    message = refused(lambda: run(rows), tf.errors.InvalidArgumentError)
    assert message == "indices[1] = 3 is not in [0, 3)"


def test_zero_fraction() -> None:
    x = tf.placeholder(tf.float32)
    share = tf.nn.zero_fraction(tf.nn.relu(x))
    assert run(share, {x: [[-1.0, 0.0], [2.0, -3.0]]}) == 0.75
    assert run(share, {x: 1.0}) == 0
    assert np.isnan(run(share, {x: []}))
