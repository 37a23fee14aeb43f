"""The classes of `tf.layers`, templates, regularizers and contrib's initializers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tflite_edu as tf


def names(variables: list[Any]) -> list[str]:
    return [variable.name for variable in variables]


def test_a_layer_is_built_once_and_shares_its_variables() -> None:
    x = tf.placeholder(tf.float32, [None, 3])
    layer = tf.layers.Dense(2, kernel_regularizer="l2")
    assert not layer.built and layer.weights == [] and layer.dtype is None
    with pytest.raises(ValueError, match="has not been used yet"):
        assert layer.scope_name
    first, second = layer(x), layer.apply(x)
    assert (first.op.name, second.op.name) == ("dense/BiasAdd", "dense/BiasAdd_1")
    assert (layer.name, layer.scope_name, layer.dtype) == ("dense_1", "dense", "float32")
    assert names(layer.variables) == ["dense/kernel:0", "dense/bias:0"]
    assert layer.count_params() == 8
    assert repr(layer.input_spec) == "InputSpec(min_ndim=2, axes={-1: 3})"
    with pytest.raises(ValueError, match=r"expected axis -1 of input shape to have value 3"):
        layer(tf.ones([1, 4]))
    assert [loss.name for loss in layer.losses] == ["kernel/Regularizer/add:0"]
    assert layer.get_losses_for(x) == [] and len(layer.get_losses_for(None)) == 1


def test_a_layer_that_is_not_trainable() -> None:
    layer = tf.layers.BatchNormalization(trainable=False)
    layer(tf.ones([2, 3]), training=True)
    assert layer.trainable_weights == [] and layer.updates == []
    assert len(layer.non_trainable_weights) == len(layer.variables) == 4
    assert tf.trainable_variables() == []
    layer.trainable = True
    assert len(layer.updates) == 2


def test_updates_and_losses_by_inputs() -> None:
    x, other = tf.placeholder(tf.float32, [None, 3]), tf.placeholder(tf.float32, [None, 3])
    layer = tf.layers.BatchNormalization()
    layer(x, training=True)
    layer(other, training=True)
    assert len(layer.updates) == 4
    assert layer.get_updates_for(x) == layer.updates[:2]
    assert layer.get_updates_for(other) == layer.updates[2:]
    assert layer.get_updates_for(None) == []
    assert tf.get_collection(tf.GraphKeys.UPDATE_OPS) == layer.updates


def test_names_are_counted_by_graph() -> None:
    assert tf.layers.Dense(1).name == "dense_1"
    assert tf.layers.Dense(1).name == "dense_2"
    assert tf.layers.Conv2DTranspose(1, 1).name == "conv2d_transpose_1"
    assert tf.layers.BatchNormalization().name == "batch_normalization_1"
    with tf.Graph().as_default():
        assert tf.layers.Dense(1).name == "dense_1"


def test_weights_are_read_and_set() -> None:
    layer = tf.layers.Dense(2, kernel_initializer="ones")
    y = layer(tf.ones([1, 2]))
    with pytest.raises(ValueError, match="default session"):
        layer.get_weights()
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        kernel, bias = layer.get_weights()
        np.testing.assert_array_equal(kernel, np.ones((2, 2)))
        np.testing.assert_array_equal(bias, np.zeros(2))
        layer.set_weights([np.eye(2), [3.0, 4.0]])
        np.testing.assert_array_equal(session.run(y), [[4.0, 5.0]])
        with pytest.raises(ValueError, match="was expecting 2 weights"):
            layer.set_weights([np.eye(2)])
        with pytest.raises(ValueError, match="not compatible"):
            layer.set_weights([np.zeros((2, 2)), np.ones(3)])
        # A refused list changes nothing.
        np.testing.assert_array_equal(session.run(y), [[4.0, 5.0]])


@pytest.mark.parametrize(
    ("layer", "shape", "wanted"),
    [
        (lambda: tf.layers.Dense(2), (5, 3), (5, 2)),
        (lambda: tf.layers.Conv2D(4, 3, 2), (None, 9, 8, 3), (None, 4, 3, 4)),
        (lambda: tf.layers.Conv1D(4, 3, padding="causal"), (2, 8, 3), (2, 8, 4)),
        (lambda: tf.layers.Conv3D(4, 3, padding="same"), (2, 8, 7, 6, 3), (2, 8, 7, 6, 4)),
        (
            lambda: tf.layers.Conv2D(4, 3, data_format="channels_first"),
            (None, 3, 9, None),
            (None, 4, 7, None),
        ),
        (lambda: tf.layers.Conv2DTranspose(4, 3, 2), (1, 5, 6, 3), (1, 11, 13, 4)),
        (lambda: tf.layers.SeparableConv2D(4, 3), (1, 5, 6, 3), (1, 3, 4, 4)),
        (lambda: tf.layers.MaxPooling2D(2, 2), (1, 5, 6, 3), (1, 2, 3, 3)),
        (lambda: tf.layers.AveragePooling1D(2, 2, "same"), (1, 5, 3), (1, 3, 3)),
        (lambda: tf.layers.Flatten(), (None, 5, 3), (None, 15)),
        (lambda: tf.layers.Dropout(), (2, 3), (2, 3)),
        (lambda: tf.layers.BatchNormalization(), (2, 3), (2, 3)),
    ],
)
def test_output_shapes(layer: Any, shape: tuple[Any, ...], wanted: tuple[Any, ...]) -> None:
    made = layer()
    assert tuple(tf.TensorShape(made.compute_output_shape(shape)).as_list()) == wanted
    known = [8 if size is None else size for size in shape]
    assert made(tf.ones(known)).shape == made.compute_output_shape(known)


def test_a_layer_is_made_again_from_its_configuration() -> None:
    layer = tf.layers.Conv2D(
        3, (2, 1), 2, "same", activation="relu", kernel_regularizer="l2", name="c"
    )
    config = layer.get_config()
    assert config["kernel_size"] == (2, 1) and config["activation"] == "relu"
    assert config["kernel_regularizer"] == {
        "class_name": "L1L2",
        "config": {"l1": 0.0, "l2": float(np.float32(0.01))},
    }
    again = tf.layers.Conv2D.from_config(config)
    assert again.get_config() == config
    assert tf.layers.BatchNormalization.from_config({"axis": 1, "name": "n"}).axis == 1


@pytest.mark.parametrize(
    "layer",
    [
        lambda: tf.layers.Dense(2, activation=tf.nn.relu, bias_regularizer="l1"),
        lambda: tf.layers.Conv1D(2, 3, padding="causal"),
        lambda: tf.layers.Conv3D(2, 3, dilation_rate=2, use_bias=False),
        lambda: tf.layers.Conv2DTranspose(2, 3, 2, kernel_initializer="he_normal"),
        lambda: tf.layers.Conv3DTranspose(2, 3, padding="same"),
        lambda: tf.layers.SeparableConv1D(2, 3, depth_multiplier=2),
        lambda: tf.layers.SeparableConv2D(2, 3, pointwise_initializer="zeros"),
        lambda: tf.layers.MaxPooling1D(2, 1),
        lambda: tf.layers.AveragePooling3D(2, (1, 2, 3), "same"),
        lambda: tf.layers.BatchNormalization(1, 0.9, renorm=True, renorm_clipping={"rmin": 0.5}),
        lambda: tf.layers.Dropout(0.25, [None, 1], 3),
        lambda: tf.layers.Flatten("channels_first", name="f"),
    ],
)
def test_every_configuration_makes_an_equal_layer(layer: Any) -> None:
    made = layer()
    config = made.get_config()
    assert type(made).from_config(config).get_config() == config


def test_input_specifications() -> None:
    spec = tf.layers.InputSpec(shape=(None, 3), dtype="float32")
    assert repr(spec) == "InputSpec(dtype=float32, shape=(None, 3), ndim=2)"
    assert repr(tf.layers.InputSpec.from_config(spec.get_config())) == repr(spec)
    with pytest.raises(ValueError, match="Axis 3 is greater than the maximum allowed value: 1"):
        tf.layers.InputSpec(max_ndim=2, axes={3: 3})
    with pytest.raises(TypeError, match="The keys in axes must be integers"):
        tf.layers.InputSpec(axes={"a": 3})


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"ndim": 3}, "expected ndim=3, found ndim=2. Full shape received: [None, 3]"),
        ({"max_ndim": 1}, "expected max_ndim=1, found ndim=2"),
        ({"min_ndim": 3}, ": expected min_ndim=3, found ndim=2. Full shape received: [None, 3]"),
        ({"dtype": "float64"}, "expected dtype=float64, found dtype=<dtype: 'float32'>"),
        (
            {"axes": {-1: 5}},
            "expected axis -1 of input shape to have value 5 but received input with shape "
            "[None, 3]",
        ),
    ],
)
def test_inputs_that_are_not_what_a_layer_asks_for(spec: dict[str, Any], message: str) -> None:
    layer = tf.layers.Layer(name="own")
    layer.input_spec = tf.layers.InputSpec(**spec)
    with pytest.raises(ValueError) as caught:
        layer(tf.placeholder(tf.float32, [None, 3]))
    wanted = f"Input 0 of layer own is incompatible with the layer: {message}"
    assert str(caught.value) == wanted


def test_shapes_and_counts_of_inputs() -> None:
    layer = tf.layers.Layer(name="own")
    layer.input_spec = tf.layers.InputSpec(shape=(2, 5))
    x = tf.placeholder(tf.float32, [None, 3])
    with pytest.raises(ValueError) as caught:
        layer(x)
    assert str(caught.value) == (
        "Input 0 is incompatible with layer own: expected shape=(2, 5), found shape=[None, 3]"
    )
    with pytest.raises(ValueError, match="Layer own expects 1 inputs, but it received 2"):
        layer([x, x])
    with pytest.raises(TypeError, match="must be an instance of InputSpec. Got: 3"):
        layer.input_spec = 3


class Scale(tf.layers.Layer):
    """Multiplies by a variable; `options` are those of `add_weight`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(name="scale")
        self.options = options

    def build(self, input_shape: Any) -> None:
        self.w = self.add_weight("w", [2], **self.options)

    def call(self, inputs: Any) -> Any:
        return inputs


def test_weights_of_own_layers() -> None:
    sync = tf.VariableSynchronization.ON_READ
    for options, kind, message in [
        ({"foo": 1}, TypeError, "('Unknown keyword argument:', 'foo')"),
        (
            {"synchronization": sync, "trainable": True},
            ValueError,
            "Synchronization value can be set to VariableSynchronization.ON_READ only for "
            "non-trainable variables. You have specified trainable=True and "
            "synchronization=VariableSynchronization.ON_READ.",
        ),
        (
            {"dtype": tf.complex64},
            ValueError,
            "An initializer for variable w of type <dtype: 'complex64'> is required for layer "
            "scale",
        ),
    ]:
        with pytest.raises(kind) as caught:
            Scale(**options)(tf.ones([2]))
        assert str(caught.value) == message
    layer = Scale(synchronization=sync, dtype="float16")
    layer(tf.ones([2]))
    assert layer.trainable_weights == [] and layer.weights[0].dtype.base_dtype == tf.float16
    with pytest.raises(TypeError, match="Keyword argument not understood"):
        tf.layers.Dense(2, foo=1)


def test_a_call_without_a_result() -> None:
    class Nothing(tf.layers.Layer):
        def call(self, inputs: Any) -> Any:
            return None

    with pytest.raises(ValueError, match=r"not None \(layer: nothing_1\)"):
        Nothing()(tf.ones([2]))


def test_layers_inside_a_layer_keep_their_variables() -> None:
    class Outer(tf.layers.Layer):
        def __init__(self) -> None:
            super().__init__()
            self.inner = tf.layers.Dense(2)
            self.more = [tf.layers.Flatten()]

        def call(self, inputs: Any) -> Any:
            return self.more[0](self.inner(inputs))

    outer = Outer()
    outer(tf.ones([1, 3]))
    assert outer.weights == [] and outer.submodules == (outer.inner, outer.more[0])
    assert names(outer.inner.weights) == ["outer/dense/kernel:0", "outer/dense/bias:0"]


def test_inputs_of_another_graph() -> None:
    with tf.Graph().as_default():
        x = tf.ones([1, 3])
    with pytest.raises(ValueError, match="must be from the same graph"):
        tf.layers.dense(x, 2)


def test_templates() -> None:
    def weighted(x: Any, name: str = "w") -> Any:
        return x * tf.get_variable(name, [])

    template = tf.make_template("t", weighted)
    assert template.variables == [] and template.variable_scope_name is None
    template(1.0)
    template(2.0)
    assert names(template.variables) == names(template.trainable_weights) == ["t/w:0"]
    assert (template.name, template.variable_scope_name) == ("t", "t/")
    assert template.func is weighted and template.var_scope is template.variable_scope
    assert template.local_variables == template.non_trainable_variables == []
    with pytest.raises(ValueError, match="Variable t/v does not exist"):
        template(1.0, name="v")
    with pytest.raises(ValueError, match="name cannot be None"):
        tf.make_template(None, weighted)
    with pytest.raises(ValueError, match="Variable u/w already exists"):
        for _ in range(2):
            tf.make_template("q", weighted, unique_name_="u")(1.0)
    made = tf.make_template("v", lambda: tf.Variable(1.0))
    made()
    with pytest.raises(ValueError, match="perhaps you used tf.Variable when you meant"):
        made()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda c: c.l1_regularizer(1), "scale cannot be an integer: 1"),
        (lambda c: c.l2_regularizer(1), "scale cannot be an integer: 1"),
        (lambda c: c.l1_regularizer(-1.0), "Setting a scale less than 0 on a regularizer: -1"),
        (lambda c: c.l2_regularizer(-1.0), "Setting a scale less than 0 on a regularizer: -1."),
        (lambda c: c.l1_l2_regularizer(1.0, 2), "scale_l2 cannot be an integer: 2"),
        (lambda c: c.apply_regularization(c.l1_regularizer(0.1)), "No weights to regularize."),
        (
            lambda c: c.apply_regularization(lambda w: w, [tf.get_variable("v", [2, 3])]),
            "regularizer must return a scalar Tensor instead of a Tensor with rank 2.",
        ),
    ],
)
def test_regularizers_refuse(make: Any, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        make(tf.contrib.layers)
    assert str(caught.value) == message


def test_regularizers_of_nothing() -> None:
    layers = tf.contrib.layers
    assert layers.sum_regularizer([None]) is None
    assert layers.l1_regularizer(0.0)(tf.ones([2])) is None
    assert tf.keras.regularizers.Regularizer()(tf.ones([2])) == 0.0
    with pytest.raises(ValueError, match="Could not interpret regularizer identifier"):
        tf.keras.regularizers.get(3)


def test_contrib_initializers_refuse() -> None:
    with pytest.raises(TypeError, match="Unknown mode"):
        tf.contrib.layers.variance_scaling_initializer(mode="x")
    with pytest.raises(TypeError, match="non-floating point type"):
        tf.contrib.layers.xavier_initializer(dtype=tf.int32)
    with pytest.raises(TypeError, match="non-floating point type"):
        tf.contrib.layers.xavier_initializer()([2, 3], dtype=tf.int32)
