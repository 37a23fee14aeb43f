tf.set_random_seed(7)
x = tf.placeholder(tf.float32, [None, 3], name="x")
deep = tf.placeholder(tf.float64, [None, 4, 3], name="deep")
several = tf.placeholder(tf.float32, [None, 2, 3], name="several")
plain = tf.layers.dense(x, 2)
regularized = tf.layers.dense(
    plain,
    2,
    activation=tf.nn.relu,
    kernel_initializer=tf.ones_initializer(),
    bias_initializer=tf.constant_initializer(0.5),
    kernel_regularizer=tf.nn.l2_loss,
    bias_regularizer=tf.keras.regularizers.l1(0.25),
    activity_regularizer=lambda y: tf.reduce_sum(tf.abs(y)),
    kernel_constraint=tf.abs,
)
results = [
    plain,
    regularized,
    tf.layers.dense(deep, 2, name="deep_layer"),
    tf.layers.dense(tf.placeholder_with_default([[1.0, 2.0]], [1, 2]), 3, use_bias=False),
    tf.layers.dense(np.ones((2, 3), np.float32), 2, name="of_array"),
    tf.layers.Dense(2, dtype=tf.float64)(x),
]
tf.layers.dense(tf.cast(x, tf.float16), 2, name="half")
names = ["elu", "exponential", "hard_sigmoid", "linear", "relu", "selu", "sigmoid", "softmax"]
for name in [*names, "softplus", "softsign", "tanh"]:
    results.append(tf.layers.dense(x, 2, activation=name, name=name))
results.append(tf.layers.dense(several, 2, activation="softmax", name="softmax_of_three"))
layer = tf.layers.Dense(2, kernel_regularizer="l2", kernel_initializer="zeros", name="twice")
results += [layer(x), layer(x + 1.0)]
with tf.name_scope("elsewhere"):
    results += [layer(x), *layer.losses]
losses = tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
feed = {
    x: np.sin(np.arange(6)).reshape(2, 3),
    deep: np.cos(np.arange(24)).reshape(2, 4, 3),
    several: np.cos(np.arange(12)).reshape(2, 2, 3),
}
total = tf.add_n(losses)
gradients = tf.gradients(total, tf.trainable_variables()[2:4])
FETCHES = [("results", results, feed), ("losses", losses, feed), ("gradients", gradients, feed)]
