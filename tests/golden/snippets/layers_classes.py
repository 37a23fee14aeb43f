tf.set_random_seed(3)
line = tf.constant(np.sin(np.arange(2 * 8 * 3)).reshape(2, 8, 3), tf.float64, name="line")
image = tf.constant(np.sin(np.arange(2 * 6 * 5 * 3)).reshape(2, 6, 5, 3), tf.float64, name="image")
cube = tf.constant(np.sin(np.arange(2 * 4**3 * 2)).reshape(2, 4, 4, 4, 2), tf.float32, name="cube")
layers = [
    (tf.layers.Conv1D(2, 3, dilation_rate=2, activation=tf.nn.relu), line),
    (tf.layers.Conv2D(2, (3, 2), (2, 1), padding="same", use_bias=False), image),
    (tf.layers.Conv3D(2, 2, name="volume"), cube),
    (tf.layers.Conv2DTranspose(2, 3, 2, "same", kernel_regularizer=tf.nn.l2_loss), image),
    (tf.layers.Conv3DTranspose(2, 2, 2, activation=tf.tanh), cube),
    (tf.layers.SeparableConv1D(4, 3, depth_multiplier=2), line),
    (
        tf.layers.SeparableConv2D(4, 3, padding="same", bias_initializer=tf.ones_initializer()),
        image,
    ),
    (tf.layers.AveragePooling1D(2, 2), line),
    (tf.layers.MaxPooling1D(3, 1, "same"), line),
    (tf.layers.AveragePooling2D(2, 2), image),
    (tf.layers.MaxPooling2D((2, 3), 1, name="widest"), image),
    (tf.layers.AveragePooling3D(2, 2), cube),
    (tf.layers.MaxPooling3D(3, 1, "same"), cube),
    (tf.layers.Flatten(), cube),
    (tf.layers.Flatten(data_format="channels_first"), image),
    (tf.layers.Dense(3, activation=tf.sigmoid), image),
    (tf.layers.BatchNormalization(momentum=0.9, fused=False), image),
    (tf.layers.Dropout(0.4, seed=5), line),
]
once = [layer(x) for layer, x in layers]
twice = [layer(x * 2.0) for layer, x in layers]
specs = [
    tf.layers.InputSpec(ndim=2, axes={-1: 4}),
    tf.layers.InputSpec(dtype=tf.float64, shape=(None, 3), max_ndim=4, min_ndim=1),
]
texts = [repr(spec) for spec in specs] + [layer.name for layer, _ in layers]
texts += [v.name for layer, _ in layers for v in layer.variables]
texts += [str(layer.compute_output_shape(x.shape)) for layer, x in layers[:14]]
weights = tf.trainable_variables()
FETCHES = [
    ("texts", tf.constant(texts), None),
    ("once", once, None),
    ("twice", twice, None),
    ("gradients", tf.gradients([tf.reduce_sum((y + 1.0) ** 2) for y in once], weights), None),
    ("losses", tf.losses.get_regularization_losses(), None),
]
