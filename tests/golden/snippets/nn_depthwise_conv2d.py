image = tf.constant(np.sin(np.arange(2 * 7 * 6 * 4)).reshape(2, 7, 6, 4), tf.float32, name="image")
kernel = tf.constant(
    np.cos(np.arange(3 * 2 * 4 * 2)).reshape(3, 2, 4, 2), tf.float32, name="kernel"
)
mixing = tf.constant(np.sin(np.arange(40) * 0.7).reshape(1, 1, 8, 5), tf.float32, name="mixing")
u = tf.placeholder(tf.float32, [None, None, None, 4], name="u")
w = tf.placeholder(tf.float32, [None, 2, 4, 2], name="w")
results = [
    tf.nn.depthwise_conv2d(image, kernel, [1, 1, 1, 1], "SAME"),
    tf.nn.depthwise_conv2d(image, kernel, [1, 2, 2, 1], "VALID", name="named"),
    tf.nn.depthwise_conv2d(image, kernel, [1, 1, 1, 1], "SAME", rate=[2, 2]),
    tf.nn.depthwise_conv2d(image, kernel, [1, 1, 1, 1], "VALID", dilations=[2, 1]),
    tf.nn.depthwise_conv2d(u, kernel, [1, 1, 1, 1], "SAME", rate=[2, 2]),
    tf.nn.depthwise_conv2d(u, w, [1, 1, 1, 1], "VALID", rate=[1, 2]),
    tf.nn.depthwise_conv2d_native(image, kernel, [1, 2, 2, 1], "SAME"),
    tf.nn.depthwise_conv2d_native(image, kernel, [1, 1, 1, 1], "VALID", dilations=[1, 2, 2, 1]),
    tf.nn.separable_conv2d(image, kernel, mixing, [1, 1, 1, 1], "SAME"),
    tf.nn.separable_conv2d(image, kernel, mixing, [1, 1, 1, 1], "VALID", rate=[2, 2], name="both"),
]
out = tf.constant(np.cos(np.arange(2 * 7 * 6 * 8) * 0.3).reshape(2, 7, 6, 8), tf.float32)
native = [
    tf.nn.depthwise_conv2d_native_backprop_input(
        [2, 7, 6, 4], kernel, out, [1, 1, 1, 1], "SAME", name="by_input"
    ),
    tf.nn.depthwise_conv2d_native_backprop_filter(
        image, [3, 2, 4, 2], out, [1, 1, 1, 1], "SAME", name="by_filter"
    ),
]
feed = {u: np.sin(np.arange(1 * 5 * 4 * 4)).reshape(1, 5, 4, 4), w: np.ones([3, 2, 4, 2])}
gradients = [
    [g for g in tf.gradients(r * r, [image, kernel, mixing, u, w]) if g is not None]
    for r in results
]
second = [
    tf.gradients(gradients[0][0], [image, kernel]),
    tf.gradients(gradients[1][1], [image, kernel]),
]
FETCHES = [
    ("results", results, feed),
    ("native", native, None),
    ("gradients", gradients, feed),
    ("second", second, None),
]
