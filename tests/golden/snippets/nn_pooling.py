x = tf.constant(np.sin(np.arange(2 * 5 * 4 * 2) * 1.7).reshape(2, 5, 4, 2), tf.float32, name="x")
u = tf.placeholder(tf.float32, [None, None, None, 1], name="u")
results = [
    pool(x, **arguments)
    for pool in (tf.nn.max_pool, tf.nn.avg_pool)
    for arguments in (
        {"ksize": [1, 2, 2, 1], "strides": [1, 2, 2, 1], "padding": "SAME"},
        {"ksize": [1, 2, 2, 1], "strides": [1, 2, 2, 1], "padding": "VALID"},
        {"ksize": [1, 3, 2, 1], "strides": [1, 1, 2, 1], "padding": "SAME", "name": "named"},
    )
]
dynamic = [
    tf.nn.max_pool(u, [1, 2, 2, 1], [1, 1, 1, 1], "SAME"),
    tf.nn.avg_pool(u, [1, 2, 2, 1], [1, 1, 1, 1], "SAME"),
]
gradients = [tf.gradients(r * r, x)[0] for r in results]
second = [tf.gradients(g * g, x)[0] for g in gradients[:2] + gradients[3:5]]
feed = {u: np.arange(9.0).reshape(1, 3, 3, 1)}
FETCHES = [
    ("results", results, None),
    ("dynamic", dynamic + [tf.gradients(d, u)[0] for d in dynamic], feed),
    ("gradients", gradients, None),
    ("second", second, None),
]
