tf.set_random_seed(7)
L = tf.contrib.layers
line = tf.constant(np.sin(np.arange(2 * 8 * 3)).reshape(2, 8, 3), tf.float32, name="line")
image = tf.constant(np.sin(np.arange(2 * 6 * 5 * 3)).reshape(2, 6, 5, 3), tf.float32, name="image")
cube = tf.constant(np.sin(np.arange(2 * 4**3 * 2)).reshape(2, 4, 4, 4, 2), tf.float32, name="cube")
ids = tf.constant([[3, 1], [3, 3]], name="ids")
table = tf.get_variable("table", [4, 2])
results = [
    L.conv1d(line, 2, 3),
    tf.contrib.slim.conv1d(line, 2, 3, 2, "VALID", scope="line_2", activation_fn=None),
    L.conv3d(cube, 2, 2, biases_initializer=None),
    L.conv3d_transpose(cube, 3, 2, 2, scope="up"),
    L.convolution(image, 2, [3, 3], rate=2),
    tf.contrib.slim.convolution(image, 2, 2, normalizer_fn=L.layer_norm, scope="general"),
    L.embedding_lookup_unique(table, ids),
]
names = [v.name for v in tf.trainable_variables()]
FETCHES = [
    ("names", tf.constant(names), None),
    ("results", results, None),
    ("gradients", tf.gradients([tf.reduce_sum(r * r) for r in results], [line, image, cube]), None),
    ("rows", tf.gradients(results[6] ** 2, table), None),
]
