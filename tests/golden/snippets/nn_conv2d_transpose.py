x = tf.constant(np.sin(np.arange(2 * 3 * 2)).reshape(1, 2, 3, 2), tf.float32, name="x")
kernel = tf.constant(
    np.cos(np.arange(3 * 3 * 1 * 2)).reshape(3, 3, 1, 2), tf.float32, name="kernel"
)
y = tf.nn.conv2d_transpose(x, kernel, [1, 4, 6, 1], [1, 2, 2, 1])
z = tf.nn.conv2d_transpose(x, kernel, [1, 4, 5, 1], [1, 1, 1, 1], padding="VALID", name="named")
raw = [
    tf.nn.conv2d_backprop_input([1, 4, 6, 1], kernel, x, [1, 2, 2, 1], "SAME"),
    tf.nn.conv2d_backprop_filter(y, [3, 3, 1, 2], x, [1, 2, 2, 1], "SAME"),
]
gradients = tf.gradients([y * y, z], [x, kernel])
FETCHES = [("results", [y, z] + raw, None), ("gradients", gradients, None)]
