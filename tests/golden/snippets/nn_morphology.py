x = tf.constant(np.sin(np.arange(2 * 5 * 6 * 2)).reshape(2, 5, 6, 2), tf.float32, name="x")
kernel = tf.constant(np.cos(np.arange(12)).reshape(3, 2, 2), tf.float32, name="kernel")
flat = tf.zeros([2, 2, 2])
u = tf.placeholder(tf.float32, [None, None, 4, 2], name="u")
results = [
    tf.nn.dilation2d(x, kernel, [1, 1, 1, 1], [1, 1, 1, 1], "SAME"),
    tf.nn.dilation2d(
        x, filters=kernel, strides=[1, 2, 1, 1], dilations=[1, 1, 2, 1], padding="VALID", name="far"
    ),
    tf.nn.dilation2d(tf.ones([1, 3, 3, 2]), flat, [1, 1, 1, 1], [1, 1, 1, 1], "SAME"),
    tf.nn.dilation2d(u, kernel, [1, 1, 1, 1], [1, 2, 1, 1], "SAME"),
    tf.nn.erosion2d(x, kernel, [1, 1, 1, 1], [1, 1, 1, 1], "SAME"),
    tf.nn.erosion2d(x, kernel, [1, 2, 2, 1], [1, 1, 1, 1], "VALID", name="thin"),
]
integers = tf.nn.dilation2d(
    -np.arange(9).reshape(1, 3, 3, 1), np.zeros([2, 2, 1], int), [1, 1, 1, 1], [1, 1, 1, 1], "SAME"
)
feed = {u: np.sin(np.arange(24)).reshape(1, 3, 4, 2)}
gradients = [
    [g for g in tf.gradients(r * r, [x, kernel, flat, u]) if g is not None] for r in results
]
FETCHES = [("results", [results, integers], feed), ("gradients", gradients, feed)]
