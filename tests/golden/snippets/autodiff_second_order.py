x = tf.constant([0.5, 1.5], tf.float64, name="x")
w = tf.constant([[0.1, 0.2], [0.3, 0.4]], tf.float64, name="w")
h = tf.tanh(tf.matmul([x], w))
y = tf.reduce_sum(tf.nn.softmax(h) * tf.sigmoid(h))
(dx,) = tf.gradients(y, x)
penalty = (tf.sqrt(tf.reduce_sum(dx**2)) - 1.0) ** 2
first = tf.gradients(penalty, [x, w])
third = tf.gradients(tf.gradients(tf.gradients(x**4, x), x), x)
directional = tf.gradients(tf.reduce_sum(dx * [1.0, 2.0]), x)
FETCHES = [
    ("first", [y, dx, penalty, first], None),
    ("third", third, None),
    ("directional", directional, None),
]
