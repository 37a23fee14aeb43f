x = tf.constant((1.5 + np.sin(np.arange(2 * 7 * 6 * 4))).reshape(2, 7, 6, 4), tf.float32, name="x")
s = tf.constant((1.5 + np.cos(np.arange(2 * 9 * 4))).reshape(2, 9, 4), tf.float32, name="s")
v = tf.constant(
    (1.5 + np.cos(np.arange(2 * 5 * 4 * 3 * 2))).reshape(2, 5, 4, 3, 2), tf.float32, name="v"
)
u = tf.placeholder(tf.float32, [None, None, None, 4], name="u")
wide = tf.placeholder(tf.float32, [None, None, None, 4], name="wide")
some = tf.placeholder(tf.float32, [None, 8, 8, 4], name="some")
sizes = tf.placeholder(tf.int32, [4], name="sizes")
rate = tf.placeholder(tf.int32, [2], name="rate")
kernel = tf.constant((1.5 + np.cos(np.arange(48))).reshape(3, 2, 4, 2), tf.float32, name="kernel")
back = tf.constant((1.5 + np.cos(np.arange(72))).reshape(3, 3, 2, 4), tf.float32, name="back")


def greatest(input, spatial, padding):
    return tf.nn.max_pool(input, [1, 2, 2, 1], [1, 1, 1, 1], padding)


results = [
    tf.nn.convolution(x, kernel, "SAME"),
    tf.nn.convolution(x, kernel, "VALID", strides=[2, 1], name="named"),
    tf.nn.convolution(x, kernel, "SAME", dilation_rate=[2, 1]),
    tf.nn.convolution(x, kernel, "VALID", dilations=[2, 2], name="spread"),
    tf.nn.convolution(some, kernel, "SAME", dilation_rate=[2, 2]),
    tf.nn.convolution(s, kernel[0], "SAME", strides=[2]),
    tf.nn.convolution(s, kernel[:, 0], "SAME", dilation_rate=[2]),
    tf.nn.convolution(v, tf.ones([3, 1, 1, 2, 2]), "SAME", data_format="NDHWC"),
    tf.nn.convolution(v, tf.ones([2, 1, 1, 2, 2]), "SAME", dilation_rate=[2, 1, 1]),
    tf.nn.atrous_conv2d(x, kernel, 2, "SAME"),
    tf.nn.atrous_conv2d(wide, kernel, 2, "VALID", name="holes"),
    tf.nn.atrous_conv2d(x, kernel, 1, "SAME"),
    tf.nn.atrous_conv2d_transpose(x, back, [2, 7, 6, 2], 2, "SAME"),
    tf.nn.atrous_conv2d_transpose(x, back, [2, 11, 10, 2], 2, "VALID", name="turned"),
    tf.nn.atrous_conv2d_transpose(x, back, [2, 9, 8, 2], 1, "VALID"),
    tf.nn.atrous_conv2d_transpose(u, back, sizes, 2, "SAME"),
    tf.nn.atrous_conv2d_transpose(u, back, [1, 8, 8, 2], 2, "VALID"),
    tf.nn.with_space_to_batch(x, [2, 2], "VALID", greatest),
    tf.nn.with_space_to_batch(x, [2, 1], "SAME", greatest, filter_shape=[2, 2]),
    tf.nn.with_space_to_batch(x, rate, "VALID", greatest),
    tf.nn.with_space_to_batch(x, [1, 1], "SAME", greatest),
    tf.nn.with_space_to_batch(
        x, [2], "SAME", lambda i, n, p: tf.nn.relu(i), filter_shape=[3], spatial_dims=[2]
    ),
    tf.nn.with_space_to_batch(x, rate, "VALID", lambda i, n, p: tf.nn.relu(i), spatial_dims=[1, 3]),
    tf.nn.with_space_to_batch(x, [2], "VALID", lambda i, n, p: tf.nn.relu(i), spatial_dims=[3]),
]
feed = {
    u: (1.5 + np.sin(np.arange(1 * 4 * 4 * 4))).reshape(1, 4, 4, 4),
    wide: np.ones([1, 7, 6, 4]),
    some: np.ones([1, 8, 8, 4]),
    sizes: [1, 4, 4, 2],
    rate: [2, 2],
}
gradients = [
    [g for g in tf.gradients(r * r, [x, s, v, u, wide, kernel, back]) if g is not None]
    for r in results
]
FETCHES = [("results", results, feed), ("gradients", gradients, feed)]
