image = tf.constant(np.sin(np.arange(2 * 5 * 6 * 2)).reshape(2, 5, 6, 2), tf.float32, name="image")
kernel = tf.constant(
    np.cos(np.arange(3 * 2 * 2 * 3)).reshape(3, 2, 2, 3), tf.float32, name="kernel"
)
u = tf.placeholder(tf.float32, [None, None, None, 2], name="u")
results = [
    tf.nn.conv2d(image, kernel, [1, 1, 1, 1], "SAME"),
    tf.nn.conv2d(image, kernel, [1, 2, 2, 1], "SAME"),
    tf.nn.conv2d(image, kernel, strides=[1, 1, 1, 1], padding="VALID"),
    tf.nn.conv2d(image, kernel, [1, 2, 3, 1], padding="VALID", name="named"),
    tf.nn.conv2d(u, kernel, [1, 2, 1, 1], "SAME"),
    tf.nn.conv2d(image, filters=kernel, strides=2, padding="SAME"),
    tf.nn.conv2d(image, kernel, [1, 1, 1, 1], "SAME", dilations=[1, 1, 1, 1]),
]
feed = {u: np.ones([1, 4, 3, 2])}
gradients = [[g for g in tf.gradients(r * r, [image, kernel, u]) if g is not None] for r in results]
FETCHES = [("results", results, feed), ("gradients", gradients, feed)]
