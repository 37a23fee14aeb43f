image = tf.constant(np.sin(np.arange(4 * 4 * 2)).reshape(1, 4, 4, 2), tf.float64, name="image")
kernel = tf.constant(
    np.cos(np.arange(2 * 2 * 2 * 2)).reshape(2, 2, 2, 2), tf.float64, name="kernel"
)
y = tf.nn.conv2d(image, kernel, [1, 2, 2, 1], "SAME")
first = tf.gradients(y * y, [image, kernel])
second = tf.gradients([tf.reduce_sum(first[0] ** 2), tf.reduce_sum(first[1] ** 2)], [image, kernel])
FETCHES = [("first", first, None), ("second", second, None)]
