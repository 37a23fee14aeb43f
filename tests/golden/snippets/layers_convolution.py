tf.set_random_seed(7)
line = tf.constant(np.sin(np.arange(2 * 9 * 3)).reshape(2, 9, 3), tf.float32, name="line")
image = tf.constant(
    0.7 + np.sin(np.arange(2 * 8 * 7 * 3)).reshape(2, 8, 7, 3), tf.float32, name="image"
)
volume = tf.constant(np.sin(np.arange(6**3 * 2)).reshape(1, 6, 6, 6, 2), tf.float32, name="volume")
unknown = tf.placeholder(tf.float32, [None, None, None, 3], name="unknown")
results = [
    tf.layers.conv1d(line, 4, 3),
    tf.layers.conv1d(line, 4, [2], strides=2, padding="same", activation=tf.nn.relu),
    tf.layers.conv1d(line, 4, 3, dilation_rate=2, use_bias=False),
    tf.layers.conv1d(line, 4, 3, padding="causal"),
    tf.layers.conv2d(image, 4, 3),
    tf.layers.conv2d(image, 4, (3, 2), strides=(2, 2), padding="SAME", activation=tf.nn.relu),
    tf.layers.conv2d(image, 4, 3, dilation_rate=2, padding="same", name="spread"),
    tf.layers.conv2d(image, 4, 3, dilation_rate=(2, 1), use_bias=False),
    tf.layers.conv2d(unknown, 2, 5, padding="same", kernel_initializer=tf.ones_initializer()),
    tf.layers.conv2d(
        unknown,
        2,
        3,
        kernel_regularizer=tf.keras.regularizers.l2(0.1),
        activity_regularizer=tf.reduce_mean,
    ),
    tf.layers.conv2d(unknown, 2, 3, dilation_rate=2),
    tf.layers.conv3d(volume, 3, 3),
    tf.layers.conv3d(volume, 3, (1, 2, 3), strides=2, padding="same"),
    tf.layers.conv3d(volume, 2, 2, dilation_rate=2),
]
layer = tf.layers.Conv2D(2, 3, padding="same")
results += [layer(image), layer(image * 2.0), layer(unknown)]
# What a CPU has no kernel for is defined all the same.
tf.layers.conv1d(tf.transpose(line, [0, 2, 1]), 2, 3, data_format="channels_first")
tf.layers.conv2d(tf.transpose(image, [0, 3, 1, 2]), 2, 3, data_format="channels_first")
first = tf.layers.conv3d(
    tf.transpose(volume, [0, 4, 1, 2, 3]), 2, 3, data_format="channels_first", name="first"
)
feed = {unknown: np.cos(np.arange(5 * 6 * 3)).reshape(1, 5, 6, 3)}
losses = tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
gradients = tf.gradients(results[4] * 2.0, tf.trainable_variables())
FETCHES = [
    ("results", results, feed),
    ("losses", losses, feed),
    ("gradients", [g for g in gradients if g is not None], feed),
]
