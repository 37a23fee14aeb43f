# TensorFlow looks for graphics cards the first time that channels come first, in the open graph.
with tf.Graph().as_default():
    tf.layers.conv2d_transpose(tf.ones([1, 3, 4, 4]), 2, 3, data_format="channels_first")
tf.set_random_seed(7)
image = tf.constant(
    0.7 + np.sin(np.arange(2 * 4 * 5 * 3)).reshape(2, 4, 5, 3), tf.float32, name="image"
)
volume = tf.constant(np.sin(np.arange(3**3 * 2)).reshape(1, 3, 3, 3, 2), tf.float32, name="volume")
unknown = tf.placeholder(tf.float32, [None, None, 5, 3], name="unknown")
results = [
    tf.layers.conv2d_transpose(image, 4, 3),
    tf.layers.conv2d_transpose(
        image, 4, 3, strides=2, padding="same", use_bias=False, activation=tf.nn.relu
    ),
    tf.layers.conv2d_transpose(image, 2, (3, 2), strides=(1, 1), padding="valid"),
    tf.layers.conv2d_transpose(unknown, 2, 2, strides=3, name="larger"),
    tf.layers.conv2d_transpose(
        tf.transpose(image, [0, 3, 1, 2]), 2, 3, strides=2, data_format="channels_first"
    ),
    tf.layers.conv3d_transpose(volume, 2, 3),
    tf.layers.conv3d_transpose(volume, 2, 2, strides=2, padding="same", use_bias=False),
]
tf.layers.conv3d_transpose(
    tf.transpose(volume, [0, 4, 1, 2, 3]), 2, 2, data_format="channels_first", name="first"
)
feed = {unknown: np.cos(np.arange(2 * 5 * 3)).reshape(1, 2, 5, 3)}
gradients = tf.gradients(results[0] * 2.0, tf.trainable_variables()[:2])
FETCHES = [("results", results, feed), ("gradients", gradients, feed)]
