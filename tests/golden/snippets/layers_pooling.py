with tf.Graph().as_default():
    tf.layers.max_pooling1d(tf.ones([1, 3, 4]), 2, 2, data_format="channels_first")
line = tf.constant(np.sin(np.arange(2 * 9 * 3)).reshape(2, 9, 3), tf.float32, name="line")
image = tf.constant(np.sin(np.arange(2 * 8 * 7 * 3)).reshape(2, 8, 7, 3), tf.float32, name="image")
volume = tf.constant(np.sin(np.arange(6**3 * 2)).reshape(1, 6, 6, 6, 2), tf.float32, name="volume")
unknown = tf.placeholder(tf.float32, [None, None, None, 3], name="unknown")
results = []
for one, two, three in [
    (tf.layers.max_pooling1d, tf.layers.max_pooling2d, tf.layers.max_pooling3d),
    (tf.layers.average_pooling1d, tf.layers.average_pooling2d, tf.layers.average_pooling3d),
]:
    results += [
        one(line, 2, 2),
        one(line, [3], [1], padding="same", name="slow"),
        one(line, 2, 2, data_format="channels_first"),
        two(image, 2, 2),
        two(image, (3, 2), (2, 1), padding="SAME"),
        two(unknown, 2, 2, name="unknown_sizes"),
        three(volume, 2, 2),
        three(volume, (2, 3, 1), (1, 2, 2), padding="same"),
        three(volume, 2, 2, data_format="channels_first"),
    ]
    two(image, 2, 2, data_format="channels_first")
feed = {unknown: np.cos(np.arange(4 * 5 * 3)).reshape(1, 4, 5, 3)}
FETCHES = [
    ("results", results, feed),
    ("gradients", tf.gradients(results[:4], [line, image]), feed),
]
