x = tf.constant(np.sin(np.arange(2 * 7 * 6 * 4)).reshape(2, 7, 6, 4), tf.float32, name="x")
s = tf.constant(np.cos(np.arange(2 * 9 * 4)).reshape(2, 9, 4), tf.float32, name="s")
v = tf.constant(np.cos(np.arange(2 * 5 * 4 * 3 * 2)).reshape(2, 5, 4, 3, 2), tf.float32, name="v")
u = tf.placeholder(tf.float32, name="u")
volumes = [
    tf.nn.max_pool3d(v, [1, 2, 2, 2, 1], [1, 2, 2, 2, 1], "SAME"),
    tf.nn.max_pool3d(v, [2, 3, 2], [1], "VALID", name="named"),
    tf.nn.avg_pool3d(v, 2, 2, "SAME"),
    tf.nn.avg_pool3d(v, [2, 2, 2], [1, 1, 2, 1, 1], "VALID", name="mean"),
]
others = [
    tf.nn.pool(x, [2, 2], "MAX", "SAME"),
    tf.nn.pool(x, [2, 2], "AVG", "VALID", strides=[2, 2], name="strided"),
    tf.nn.pool(x, [2, 2], "MAX", "VALID", dilation_rate=[2, 2]),
    tf.nn.pool(x, [2, 2], "AVG", "VALID", dilations=[1, 2]),
    tf.nn.pool(s, [2], "MAX", "VALID", strides=[2]),
    tf.nn.pool(s, [3], "AVG", "VALID", dilation_rate=[2]),
    tf.nn.pool(v, [2, 2, 1], "AVG", "VALID"),
    tf.nn.pool(v, [2, 2, 1], "MAX", "SAME", dilation_rate=[1, 1, 1]),
    tf.nn.pool(u, [2, 2], "MAX", "SAME"),
    tf.nn.max_pool_v2(x, 2, 2, "SAME"),
    tf.nn.max_pool_v2(s, 2, 2, "SAME", name="of_lines"),
    tf.nn.max_pool_v2(v, 2, 2, "SAME"),
    tf.nn.avg_pool_v2(x, 2, 1, "VALID"),
    tf.nn.avg_pool_v2(s, 2, 2, "SAME"),
    tf.nn.avg_pool_v2(v, 2, 2, "SAME"),
    tf.nn.max_pool_with_argmax(x, [1, 2, 2, 1], [1, 2, 2, 1], "SAME")[0],
    tf.nn.max_pool_with_argmax(x, [1, 3, 2, 1], [1, 1, 1, 1], "VALID", include_batch_in_index=True)[
        0
    ],
]
feed = {u: np.sin(np.arange(9.0)).reshape(1, 3, 3, 1)}
gradients = [[g for g in tf.gradients(r * r, [x, s, v]) if g is not None] for r in volumes + others]
second = [tf.gradients(g[0] * g[0], v)[0] for g in gradients[:4]]
FETCHES = [
    ("volumes", volumes, None),
    ("others", others, feed),
    ("gradients", gradients, feed),
    ("second", second, None),
]
