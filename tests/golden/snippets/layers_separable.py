tf.set_random_seed(7)
line = tf.constant(np.sin(np.arange(2 * 9 * 3)).reshape(2, 9, 3), tf.float32, name="line")
image = tf.constant(
    0.7 + np.sin(np.arange(2 * 8 * 7 * 3)).reshape(2, 8, 7, 3), tf.float32, name="image"
)
results = [
    tf.layers.separable_conv1d(line, 4, 3),
    tf.layers.separable_conv1d(
        line, 4, 3, strides=2, padding="same", depth_multiplier=2, activation=tf.nn.relu
    ),
    tf.layers.separable_conv1d(line, 4, 3, dilation_rate=2, padding="same"),
    tf.layers.separable_conv1d(line, 4, 3, padding="causal", use_bias=False),
    tf.layers.separable_conv2d(image, 4, 3),
    tf.layers.separable_conv2d(
        image,
        4,
        3,
        strides=2,
        padding="same",
        depth_multiplier=2,
        activation=tf.nn.relu,
        depthwise_regularizer=tf.nn.l2_loss,
        pointwise_regularizer=tf.nn.l2_loss,
        pointwise_initializer=tf.ones_initializer(),
        bias_initializer=tf.ones_initializer(),
    ),
    tf.layers.separable_conv2d(image, 4, 3, dilation_rate=2, padding="same", use_bias=False),
]
tf.layers.separable_conv2d(
    tf.transpose(image, [0, 3, 1, 2]), 2, 3, data_format="channels_first", name="first"
)
tf.layers.separable_conv1d(
    tf.transpose(line, [0, 2, 1]), 2, 3, data_format="channels_first", name="first_line"
)
gradients = tf.gradients(results[4], tf.trainable_variables())
FETCHES = [
    ("results", results, None),
    ("losses", tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES), None),
    ("gradients", [g for g in gradients if g is not None], None),
]
