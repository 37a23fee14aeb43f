v = tf.constant(np.sin(np.arange(2 * 5 * 4 * 3 * 2)).reshape(2, 5, 4, 3, 2), tf.float32, name="v")
kernel = tf.constant(np.cos(np.arange(36)).reshape(3, 2, 1, 2, 3), tf.float32, name="kernel")
back = tf.constant(np.cos(np.arange(36)).reshape(3, 2, 1, 3, 2), tf.float32, name="back")
u = tf.placeholder(tf.float32, [None, None, None, None, 2], name="u")
sizes = tf.placeholder(tf.int32, [5], name="sizes")
results = [
    tf.nn.conv3d(v, kernel, [1, 1, 1, 1, 1], "SAME"),
    tf.nn.conv3d(v, kernel, [1, 2, 1, 2, 1], "SAME", name="named"),
    tf.nn.conv3d(v, filters=kernel, strides=[1, 1, 2, 1, 1], padding="VALID"),
    tf.nn.conv3d(u, kernel, [1, 1, 1, 1, 1], "SAME"),
    tf.nn.conv3d_transpose(v, back, [2, 10, 4, 3, 3], [1, 2, 1, 1, 1]),
    tf.nn.conv3d_transpose(u, back, sizes, [2, 1, 1], name="turned"),
]
out = tf.constant(np.cos(np.arange(2 * 5 * 4 * 3 * 3)).reshape(2, 5, 4, 3, 3), tf.float32)
by_filter = tf.nn.conv3d_backprop_filter_v2(v, [3, 2, 1, 2, 3], out, [1, 1, 1, 1, 1], "SAME")
feed = {u: np.sin(np.arange(24)).reshape(1, 2, 2, 3, 2), sizes: [1, 4, 2, 3, 3]}
gradients = [
    [g for g in tf.gradients(r * r, [v, u, kernel, back]) if g is not None] for r in results
]
second = [
    tf.gradients(gradients[0][0], [v, kernel]),
    tf.gradients(gradients[1][1], [v, kernel]),
    tf.gradients(gradients[4][0], [v, back]),
    tf.gradients(by_filter, [v, out]),
]
FETCHES = [
    ("results", [results, by_filter], feed),
    ("gradients", gradients, feed),
    ("second", second, None),
]
