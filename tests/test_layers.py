"""`tf.layers` functions: what they train, update, share and refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from conftest import ENGINES

import tflite_edu as tf

Open = Callable[[str], tf.Session]


def two_classes(count: int = 64) -> tuple[np.ndarray, np.ndarray]:
    """Images [count, 6, 6, 1] with stripes down or across, and which they have."""
    random = np.random.default_rng(3)
    labels = random.integers(0, 2, count)
    stripes = np.where(np.arange(6) % 2, 1.0, -1.0)
    images = np.where(labels[:, None, None], stripes[None, :, None], stripes[None, None, :])
    noise = random.normal(0.0, 0.5, images.shape)
    return (images + noise)[..., None].astype(np.float32), labels


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("fused", [True, False])
def test_a_net_of_every_kind_of_layer_learns(
    engine: str, fused: bool, engine_session: Open
) -> None:
    tf.set_random_seed(1)
    images, labels = two_classes()
    x = tf.placeholder(tf.float32, [None, 6, 6, 1])
    y = tf.placeholder(tf.int64, [None])
    training = tf.placeholder(tf.bool, [])
    net = tf.layers.conv2d(x, 4, 3, padding="same")
    net = tf.nn.relu(tf.layers.batch_normalization(net, training=training, fused=fused))
    net = tf.layers.flatten(tf.layers.max_pooling2d(net, 2, 2))
    net = tf.layers.dense(net, 8, tf.nn.relu, kernel_regularizer=tf.keras.regularizers.l2(1e-3))
    net = tf.layers.dropout(net, 0.3, training=training)
    logits = tf.layers.dense(net, 2)
    errors = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits)
    penalty = tf.add_n(tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES))
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        train = tf.train.AdamOptimizer(0.02).minimize(tf.reduce_mean(errors) + penalty)
    right = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1), y), tf.float32))
    with engine_session(engine) as session:
        session.run(tf.global_variables_initializer())
        feed = {x: images, y: labels}
        before = session.run(right, {**feed, training: False})
        for _ in range(25):
            session.run(train, {**feed, training: True})
        after = session.run(right, {**feed, training: False})
        assert before < 0.9 < 0.97 < after
        # Without training nothing is dropped and no average moves.
        first = session.run(logits, {**feed, training: False})
        np.testing.assert_array_equal(first, session.run(logits, {**feed, training: False}))


@pytest.mark.parametrize("engine", ENGINES)
def test_moving_averages_follow_the_batches(engine: str, engine_session: Open) -> None:
    x = tf.placeholder(tf.float32, [None, 2])
    training = tf.placeholder(tf.bool, [])
    y = tf.layers.batch_normalization(x, training=training, momentum=0.5, epsilon=1e-6)
    updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    mean, variance = tf.global_variables()[2:]
    assert [v.op.name for v in tf.trainable_variables()] == [
        "batch_normalization/gamma",
        "batch_normalization/beta",
    ]
    batch = np.array([[1.0, -4.0], [3.0, 8.0], [5.0, 2.0]], np.float32)
    with engine_session(engine) as session:
        session.run(tf.global_variables_initializer())
        session.run(updates, {x: batch, training: False})
        np.testing.assert_array_equal(session.run(mean), [0.0, 0.0])
        wanted_mean, wanted_variance = np.zeros(2), np.ones(2)
        for _ in range(3):
            session.run(updates, {x: batch, training: True})
            wanted_mean += 0.5 * (batch.mean(0) - wanted_mean)
            wanted_variance += 0.5 * (batch.var(0) - wanted_variance)
        np.testing.assert_allclose(session.run(mean), wanted_mean, rtol=1e-6)
        np.testing.assert_allclose(session.run(variance), wanted_variance, rtol=1e-6)
        found = session.run(y, {x: batch, training: True})
        np.testing.assert_allclose(found, (batch - batch.mean(0)) / batch.std(0), rtol=1e-4)
        found = session.run(y, {x: batch, training: False})
        usual = (batch - wanted_mean) / np.sqrt(wanted_variance)
        np.testing.assert_allclose(found, usual, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("engine", ENGINES)
def test_renormalization_uses_its_averages(engine: str, engine_session: Open) -> None:
    x = tf.placeholder(tf.float32, [None, 1])
    y = tf.layers.batch_normalization(x, training=True, renorm=True, epsilon=0.0)
    batch = np.array([[1.0], [2.0], [6.0]], np.float32)
    with engine_session(engine) as session:
        session.run(tf.global_variables_initializer())
        # The averages are 0 and 1 at first: r and d undo the batch's own normalization.
        np.testing.assert_allclose(session.run(y, {x: batch}), batch, rtol=1e-5)


def test_virtual_batches_are_normalized_by_themselves(engine_session: Open) -> None:
    x = tf.constant([[0.0], [100.0], [2.0], [300.0]])
    y = tf.layers.batch_normalization(x, training=True, virtual_batch_size=2, epsilon=0.0)
    with engine_session("numpy") as session:
        session.run(tf.global_variables_initializer())
        # TensorFlow's parts are every other row.
        np.testing.assert_allclose(session.run(y), [[-1.0], [-1.0], [1.0], [1.0]], rtol=1e-5)


def test_reuse_shares_variables(engine_session: Open) -> None:
    x = tf.placeholder(tf.float32, [None, 3])
    first = tf.layers.dense(x, 2, name="shared", kernel_regularizer=tf.nn.l2_loss)
    second = tf.layers.dense(x, 2, name="shared", reuse=True, kernel_regularizer=tf.nn.l2_loss)
    assert [v.op.name for v in tf.global_variables()] == ["shared/kernel", "shared/bias"]
    # A weight that is shared is not regularized again.
    assert len(tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)) == 1
    with engine_session("numpy") as session:
        session.run(tf.global_variables_initializer())
        a, b = session.run([first, second], {x: np.ones((1, 3))})
        np.testing.assert_array_equal(a, b)


def test_regularization_losses_add_up(engine_session: Open) -> None:
    x = tf.constant([[1.0, 2.0]])
    ones = tf.ones_initializer()
    tf.layers.dense(
        x,
        3,
        kernel_initializer=ones,
        bias_initializer=ones,
        kernel_regularizer=tf.keras.regularizers.l2(0.5),
        bias_regularizer=tf.contrib.layers.l1_regularizer(0.25),
        activity_regularizer=tf.reduce_sum,
    )
    losses = tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
    with engine_session("numpy") as session:
        session.run(tf.global_variables_initializer())
        assert session.run(losses) == [3.0, 0.75, 12.0]


def test_constraints_hold_after_a_step(engine_session: Open) -> None:
    x = tf.constant([[1.0, 1.0]])
    y = tf.layers.dense(
        x, 1, kernel_initializer="ones", kernel_constraint=lambda w: tf.clip_by_value(w, 0.0, 9.0)
    )
    train = tf.train.GradientDescentOptimizer(5.0).minimize(tf.reduce_sum(y))
    with engine_session("numpy") as session:
        session.run(tf.global_variables_initializer())
        session.run(train)
        np.testing.assert_array_equal(session.run(tf.trainable_variables()[0]), [[0.0], [0.0]])


@pytest.mark.parametrize("engine", ENGINES)
def test_a_causal_convolution_sees_only_what_was(engine: str, engine_session: Open) -> None:
    x = tf.placeholder(tf.float32, [None, None, 1])
    y = tf.layers.conv1d(x, 1, 2, padding="causal", dilation_rate=2, kernel_initializer="ones")
    with engine_session(engine) as session:
        session.run(tf.global_variables_initializer())
        found = session.run(y, {x: np.arange(1.0, 6.0).reshape(1, 5, 1)})
        np.testing.assert_array_equal(found[0, :, 0], [1.0, 2.0, 4.0, 6.0, 8.0])


@pytest.mark.parametrize("engine", ENGINES)
def test_empty_batches(engine: str, engine_session: Open) -> None:
    x = tf.placeholder(tf.float32, [None, 4, 4, 2])
    results = [
        tf.layers.conv2d(x, 3, 3),
        tf.layers.conv2d_transpose(x, 3, 3),
        tf.layers.max_pooling2d(x, 2, 2),
        tf.layers.dense(x, 5),
        tf.layers.flatten(x),
        tf.layers.dropout(x, training=True),
    ]
    shapes = [(0, 2, 2, 3), (0, 6, 6, 3), (0, 2, 2, 2), (0, 4, 4, 5), (0, 32), (0, 4, 4, 2)]
    with engine_session(engine) as session:
        session.run(tf.global_variables_initializer())
        found = session.run(results, {x: np.zeros((0, 4, 4, 2))})
        assert [array.shape for array in found] == shapes


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("name", "sizes", "message"),
    [
        ("conv2d", (1, 2, 5, 5), "NHWC"),
        ("conv3d", (1, 2, 5, 5, 5), "only supports the NHWC"),
        ("separable_conv2d", (1, 2, 5, 5), "NHWC"),
    ],
)
def test_a_run_refuses_channels_that_come_first(
    name: str, sizes: tuple[int, ...], message: str, engine: str, engine_session: Open
) -> None:
    y = getattr(tf.layers, name)(tf.ones(sizes), 3, 2, data_format="channels_first")
    assert y.shape.as_list() == [1, 3] + [4] * (len(sizes) - 2)
    with engine_session(engine) as session:
        session.run(tf.global_variables_initializer())
        with pytest.raises(
            (tf.errors.UnimplementedError, tf.errors.InvalidArgumentError), match=message
        ):
            session.run(y)


def test_sparse_inputs_of_dense(engine_session: Open) -> None:
    sparse = tf.SparseTensor([[0, 0], [1, 2]], [1.0, 2.0], [2, 3])
    y = tf.layers.dense(sparse, 2, kernel_initializer="ones")
    assert y.op.inputs[0].op.type == "SparseTensorDenseMatMul"
    with engine_session("numpy") as session:
        session.run(tf.global_variables_initializer())
        np.testing.assert_array_equal(session.run(y), [[1.0, 1.0], [2.0, 2.0]])


def placeholder(*sizes: int | None, dtype: Any = tf.float32) -> tf.Tensor:
    return tf.placeholder(dtype, sizes)


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (
            lambda: tf.layers.dense(tf.placeholder(tf.float32), 2),
            ValueError,
            "Input 0 of layer dense_1 is incompatible with the layer: its rank is undefined, but "
            "the layer requires a defined rank.",
        ),
        (
            lambda: tf.layers.dense(placeholder(3), 2),
            ValueError,
            "Input 0 of layer dense_1 is incompatible with the layer: : expected min_ndim=2, found "
            "ndim=1. Full shape received: [3]",
        ),
        (
            lambda: tf.layers.dense(placeholder(None, None), 2),
            ValueError,
            "The last dimension of the inputs to `Dense` should be defined. Found `None`.",
        ),
        (
            lambda: tf.layers.dense(placeholder(None, 3, dtype=tf.int32), 2),
            TypeError,
            "Unable to build `Dense` layer with non-floating point dtype <dtype: 'int32'>",
        ),
        (
            lambda: tf.layers.dense(placeholder(None, 3), 2, name="b", reuse=True),
            ValueError,
            "Variable b/kernel does not exist, or was not created with tf.get_variable(). Did you "
            "mean to set reuse=tf.AUTO_REUSE in VarScope?",
        ),
        (
            lambda: tf.layers.dense(placeholder(None, 3), 2, activation="foo"),
            ValueError,
            "Unknown activation function:foo",
        ),
        (
            lambda: tf.layers.dense(placeholder(None, 3), 2, kernel_initializer="foo"),
            ValueError,
            "Unknown initializer:foo",
        ),
        (
            lambda: tf.layers.dense(placeholder(None, 3), 2, kernel_regularizer="foo"),
            ValueError,
            "Unknown regularizer:foo",
        ),
        (
            lambda: tf.layers.dense(placeholder(None, 3), -1),
            ValueError,
            "Dimension -1 must be >= 0",
        ),
        (
            lambda: tf.layers.conv2d(placeholder(None, 3), 2, 3),
            ValueError,
            "Input 0 of layer conv2d_1 is incompatible with the layer: expected ndim=4, found "
            "ndim=2. Full shape received: [None, 3]",
        ),
        (
            lambda: tf.layers.conv2d(placeholder(None, 8, 8, 3), 2, (3, 3, 3)),
            ValueError,
            "The `kernel_size` argument must be a tuple of 2 integers. Received: (3, 3, 3)",
        ),
        (
            lambda: tf.layers.conv2d(placeholder(None, 8, 8, 3), 2, [3, "b"]),
            ValueError,
            "The `kernel_size` argument must be a tuple of 2 integers. Received: [3, 'b'] "
            "including element b of type <class 'str'>",
        ),
        (
            lambda: tf.layers.conv2d(placeholder(None, 8, 8, 3), 2, 3, padding="foo"),
            ValueError,
            'The `padding` argument must be a list/tuple or one of "valid", "same" (or "causal", '
            "only for `Conv1D). Received: foo",
        ),
        (
            lambda: tf.layers.conv2d(placeholder(None, 8, 8, 3), 2, 3, padding="causal"),
            ValueError,
            "Causal padding is only supported for `Conv1D`and ``SeparableConv1D`.",
        ),
        (
            lambda: tf.layers.conv2d(placeholder(None, 8, 8, 3), 2, 3, data_format="foo"),
            ValueError,
            'The `data_format` argument must be one of "channels_first", "channels_last". '
            "Received: foo",
        ),
        (
            lambda: tf.layers.conv2d(placeholder(None, 8, 8, 3), 2, 3, 2, dilation_rate=2),
            ValueError,
            "strides > 1 not supported in conjunction with dilation_rate > 1",
        ),
        (
            lambda: tf.layers.conv2d(placeholder(None, 8, 8, 3), 2, 3, 0),
            ValueError,
            "all values of strides must be positive",
        ),
        (
            lambda: tf.layers.conv2d_transpose(placeholder(None, 8, 8, None), 2, 3),
            ValueError,
            "The channel dimension of the inputs should be defined. Found `None`.",
        ),
        (
            lambda: tf.layers.max_pooling2d(placeholder(None, 8, 8, 3), 2, None),
            ValueError,
            "Argument `strides` must not be None.",
        ),
        (
            lambda: tf.layers.flatten(placeholder()),
            ValueError,
            "Input 0 of layer flatten_1 is incompatible with the layer: : expected min_ndim=1, "
            "found ndim=0. Full shape received: []",
        ),
        (
            lambda: tf.layers.dropout(placeholder(2), 1.0, training=True),
            ValueError,
            "rate must be a scalar tensor or a float in the range [0, 1), got 1",
        ),
        (
            lambda: tf.layers.dropout(placeholder(2), training="a"),
            TypeError,
            "`pred` must be a Tensor, or a Python bool, or 1 or 0. Found instead: <class 'str'>",
        ),
        (
            lambda: tf.layers.batch_normalization(placeholder(None, 3), axis=3),
            ValueError,
            "Invalid axis: 3",
        ),
        (
            lambda: tf.layers.batch_normalization(placeholder(None, 3), axis=[0, 0]),
            ValueError,
            "Duplicate axis: [0, 0]",
        ),
        (
            lambda: tf.layers.batch_normalization(placeholder(None, 3), axis="a"),
            TypeError,
            "axis must be int or list, type given: <class 'str'>",
        ),
        (
            lambda: tf.layers.batch_normalization(
                placeholder(None, 3), renorm=True, renorm_clipping={"foo": 1}
            ),
            ValueError,
            "renorm_clipping {'foo': 1} contains keys not in ['rmax', 'rmin', 'dmax']",
        ),
        (
            lambda: tf.layers.batch_normalization(placeholder(None, 3), virtual_batch_size=0),
            ValueError,
            "virtual_batch_size must be a positive integer that divides the true batch size of the "
            "input Tensor",
        ),
    ],
)
def test_what_is_refused(make: Callable[[], Any], kind: type[Exception], message: str) -> None:
    with pytest.raises(kind) as caught:
        make()
    assert str(caught.value).splitlines()[0] == message


def test_a_channel_axis_of_unknown_size() -> None:
    for x in (tf.placeholder(tf.float32), placeholder(None, None)):
        with pytest.raises(ValueError, match="undefined") as caught:
            tf.layers.batch_normalization(x)
        assert caught.value.args[1] == x.shape


def test_the_learning_phase_is_one_node_a_graph(engine_session: Open) -> None:
    x = tf.ones([1, 1000])
    with tf.name_scope("inside"):
        y = tf.layers.dropout(x, training=None)
    tf.layers.dropout(x, training=None)
    phase = tf.keras.backend.learning_phase()
    assert phase.name == "keras_learning_phase:0"
    assert [op.name for op in tf.get_default_graph().get_operations()].count(phase.op.name) == 1
    with engine_session("numpy") as session:
        assert np.all(session.run(y) == 1.0)
        assert set(np.unique(session.run(y, {phase: True}))) == {0.0, 2.0}
