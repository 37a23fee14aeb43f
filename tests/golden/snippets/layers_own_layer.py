tf.set_random_seed(7)
x = tf.placeholder(tf.float32, [None, 3], name="x")


class Mixed(tf.layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.inner = tf.layers.Dense(units, kernel_regularizer=tf.nn.l2_loss)
        self.many = [tf.layers.Dense(2), tf.layers.BatchNormalization()]

    def build(self, input_shape):
        self.w = self.add_weight(
            "w",
            [int(input_shape[-1]), self.units],
            initializer=tf.ones_initializer(),
            regularizer=lambda v: 0.5 * tf.reduce_sum(v),
        )
        self.count = self.add_weight("count", [], trainable=False, dtype=tf.int32)
        self.add_variable("b", [2], dtype=tf.bool)
        self.add_loss(tf.reduce_sum(self.w))
        super().build(input_shape)

    def call(self, inputs):
        y = tf.matmul(inputs, self.w) + self.inner(inputs)
        self.add_loss(tf.reduce_mean(y), inputs=inputs)
        self.add_loss(lambda: tf.constant(3.0))
        self.add_update(tf.assign_add(self.count, 1))
        for layer in self.many:
            y = layer(y)
        return y


class Pair(tf.layers.Layer):
    def call(self, inputs, weight=1.0):
        return [inputs[0] + inputs[1], inputs[0] * weight]


layer = Mixed(4)
results = [layer(x), layer(x * 2.0), Pair()([x, x], weight=3.0), Pair(name="named")([x, x])]
losses = layer.losses + layer.inner.losses
losses += layer.get_losses_for(None) + layer.get_losses_for(x)
feed = {x: np.sin(np.arange(6)).reshape(2, 3)}
kept = tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
FETCHES = [
    ("results", results, feed),
    ("losses", losses, feed),
    ("kept", kept, feed),
    ("updates", tf.get_collection(tf.GraphKeys.UPDATE_OPS), feed),
    ("count", layer.weights, None),
]
