s = tf.constant(np.sin(np.arange(2 * 9 * 4)).reshape(2, 9, 4), tf.float32, name="s")
kernel = tf.constant(np.cos(np.arange(24)).reshape(3, 4, 2), tf.float32, name="kernel")
back = tf.constant(np.cos(np.arange(24)).reshape(3, 2, 4), tf.float32, name="back")
u = tf.placeholder(tf.float32, [None, None, 4], name="u")
sizes = tf.placeholder(tf.int32, [3], name="sizes")
results = [
    tf.nn.conv1d(s, kernel, 2, "SAME"),
    tf.nn.conv1d(s, kernel, 1, "VALID", data_format="NWC", name="named", dilations=1),
    tf.nn.conv1d(s, kernel, stride=1, padding="VALID", dilations=2),
    tf.nn.conv1d(u, kernel, [1, 2, 1], "VALID"),
    tf.nn.conv1d_transpose(s, back, [2, 18, 2], 2),
    tf.nn.conv1d_transpose(s, back, (2, 11, 2), [1], "VALID", name="turned"),
    tf.nn.conv1d_transpose(u, back, sizes, 2),
    tf.nn.conv_transpose(s, back, [2, 18, 2], 2),
    tf.nn.conv_transpose(tf.ones([1, 4, 4, 2]), tf.ones([3, 2, 3, 2]), [1, 4, 4, 3], 1),
    tf.nn.conv_transpose(
        tf.ones([1, 2, 2, 2, 2]), tf.ones([2, 1, 1, 3, 2]), [1, 4, 2, 2, 3], [2, 1, 1], name="deep"
    ),
    tf.nn.max_pool1d(s, 2, 2, "SAME"),
    tf.nn.max_pool1d(s, [1, 3, 1], [2], "VALID", name="most"),
    tf.nn.avg_pool1d(s, 2, 2, "SAME"),
    tf.nn.avg_pool1d(u, 3, 1, "SAME", name="mean"),
]
feed = {u: np.sin(np.arange(1 * 5 * 4)).reshape(1, 5, 4), sizes: [1, 10, 2]}
# TensorFlow's CPU has no gradients of dilated filters.
gradients = [
    [g for g in tf.gradients(r * r, [s, u, kernel, back]) if g is not None]
    for r in results[:2] + results[3:]
]
FETCHES = [("results", results, feed), ("gradients", gradients, feed)]
