tf.set_random_seed(7)
L = tf.contrib.layers
slim = tf.contrib.slim
x = tf.constant(np.sin(np.arange(2 * 6 * 6 * 3)).reshape(2, 6, 6, 3), tf.float32)
m = tf.constant(np.cos(np.arange(12)).reshape(4, 3), tf.float32)
u = tf.placeholder(tf.float32, [None, None, 3])
v = tf.constant(np.sin(np.arange(2 * 4 * 4 * 4 * 3)).reshape(2, 4, 4, 4, 3), tf.float32)
t = tf.placeholder(tf.bool, [])
outs = [
    L.max_pool2d(x, 2, outputs_collections="e"),
    L.avg_pool2d(x, [3, 2], stride=1, padding="SAME", scope="p"),
    L.max_pool3d(v, 2),
    L.avg_pool3d(v, 2),
    L.max_pool2d(x, 2),
    L.flatten(x, outputs_collections="e"),
    L.flatten(m, scope="f"),
    L.dropout(m, 0.7),
    L.dropout(m, is_training=False, scope="dr", outputs_collections=["e", "k"]),
    L.dropout(m, 0.5, is_training=t, noise_shape=[4, 1], seed=3),
    L.one_hot_encoding(tf.constant([1, 2]), 3),
    L.one_hot_encoding(tf.constant([1, 2], tf.int64), 3, scope="oh"),
    slim.softmax(m),
    slim.softmax(u, scope="sm"),
    L.bias_add(x),
    L.bias_add(m, activation_fn=tf.nn.relu, scope="ba"),
    L.bias_add(tf.transpose(x, [0, 3, 1, 2]), data_format="NCHW"),
    L.repeat(x, 2, L.conv2d, 4, 3),
    L.repeat(x, 2, slim.conv2d, 4, [3, 3], scope="conv"),
    L.stack(m, L.fully_connected, [4, 5]),
    L.stack(x, slim.conv2d, [(4, [3, 3]), (2, [1, 1])], scope="core"),
    L.repeat(m, 2, L.linear, 4),
    L.repeat(m, 1, lambda a, scope: a + 1.0),
    L.stack(m, L.relu, [4]),
    L.embed_sequence(tf.constant([[1, 2], [1, 0]]), 4, 3),
    L.embed_sequence(tf.constant([[1, 2], [1, 0]]), 4, 3, unique=True, scope="es"),
    L.embed_sequence(tf.constant([[1]]), scope="es", reuse=True),
    L.relu6(m, 2),
    L.elu(m, 2),
    L.relu(m, 2, scope="r"),
]
with slim.arg_scope(
    [slim.conv2d, slim.fully_connected],
    weights_regularizer=slim.l2_regularizer(0.01),
    activation_fn=tf.nn.tanh,
):
    with slim.arg_scope([slim.conv2d], padding="VALID") as sc:
        outs.append(slim.conv2d(x, 2, 3, scope="sc"))
    outs.append(slim.fully_connected(m, 2, activation_fn=None, scope="sf"))
with slim.arg_scope(sc):
    outs.append(slim.conv2d(x, 2, 3))
with slim.arg_scope([slim.model_variable, slim.variable], device="/cpu:0"):
    outs.append(slim.conv2d(x, 2, 1))
g = tf.gradients(outs[:20], [x, m])
ends = slim.utils.convert_collection_to_dict("e")
names = tf.constant(list(ends) + [a.name for a in ends.values()])
FETCHES = [(str(i), o, {t: False, u: np.ones([2, 2, 3])}) for i, o in enumerate(outs)]
