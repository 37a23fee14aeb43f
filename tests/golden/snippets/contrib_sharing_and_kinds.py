tf.set_random_seed(7)
slim = tf.contrib.slim
L = tf.contrib.layers
x = tf.constant(np.sin(np.arange(2 * 6 * 6 * 3)).reshape(2, 6, 6, 3), tf.float32)
m = tf.reshape(x, [2, 108])
outs = []
for reuse in (False, True):
    with tf.variable_scope("net", reuse=reuse):
        y = slim.conv2d(
            x,
            4,
            [3, 3],
            scope="c",
            normalizer_fn=slim.batch_norm,
            normalizer_params={"scope": "bn"},
            weights_regularizer=slim.l2_regularizer(0.1),
        )
        outs += [
            y,
            slim.fully_connected(slim.flatten(y), 2, scope="fc"),
            slim.separable_conv2d(y, 2, [3, 3], 1, scope="sep"),
            L.layer_norm(m, scope="ln"),
        ]
for _ in range(2):
    outs.append(slim.conv2d(x, 4, 3, scope="auto", reuse=tf.AUTO_REUSE))
outs.append(slim.conv2d(x, 4, 3, scope="auto", reuse=True, rate=2, stride=1))
outs.append(
    slim.conv2d(
        x,
        4,
        3,
        rate=2,
        padding="VALID",
        activation_fn=None,
        biases_initializer=tf.ones_initializer(),
        weights_initializer=tf.truncated_normal_initializer(stddev=0.1),
        trainable=False,
    )
)
with tf.variable_scope("parts", partitioner=tf.fixed_size_partitioner(2)):
    outs.append(slim.fully_connected(m, 4, variables_collections=["col"]))
with tf.variable_scope("resource", use_resource=True):
    outs.append(slim.fully_connected(m, 4, normalizer_fn=slim.batch_norm))
with slim.arg_scope([slim.batch_norm], is_training=False, updates_collections=None):
    outs.append(slim.conv2d(x, 2, [1, 3], stride=2, normalizer_fn=slim.batch_norm))
outs += [
    L.convolution(x, 2, 3),
    L.conv3d(tf.ones([1, 3, 3, 3, 1]), 2, 2),
    L.conv1d(tf.ones([1, 5, 2]), 2, 2),
    slim.conv3d_transpose(tf.ones([1, 2, 2, 2, 1]), 2, 2, 2),
    slim.conv2d_transpose(x, 3, [4, 4], stride=2, normalizer_fn=slim.batch_norm, padding="VALID"),
]
names = tf.constant(
    [
        v.name
        for k in ("col", "model_variables", "trainable_variables")
        for v in tf.get_collection(k)
    ]
    + [loss.name for loss in tf.losses.get_regularization_losses()]
)
FETCHES = [("a", outs, None), ("n", names, None)]
