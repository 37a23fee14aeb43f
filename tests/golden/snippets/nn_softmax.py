x = tf.constant([[1.0, 2.0, 4.0], [0.5, -1.0, 30.0]], tf.float64, name="x")
c = tf.constant(np.arange(12.0).reshape(2, 3, 2) / 3.0, tf.float64, name="c")
u = tf.placeholder(tf.float64, [None, None, 2], name="u")
results = [
    tf.nn.softmax(x),
    tf.nn.log_softmax(x),
    tf.nn.softmax(x, axis=0),
    tf.nn.softmax(c),
    tf.nn.softmax(c, axis=1),
    tf.nn.log_softmax(c, axis=1),
    tf.nn.softmax(x, name="probabilities"),
    tf.nn.softmax(u),
    tf.nn.softmax(u, 1),
    tf.nn.log_softmax(x, -1),
]
feed = {u: np.arange(4.0).reshape(1, 2, 2)}
gradients = [[g for g in tf.gradients(r * r, [x, c, u]) if g is not None] for r in results]
second = [tf.gradients(gradients[i][0] ** 2, x)[0] for i in (0, 1)]
FETCHES = [("results", results, feed), ("gradients", gradients, feed), ("second", second, feed)]
