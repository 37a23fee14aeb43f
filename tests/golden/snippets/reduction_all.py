x = tf.constant(np.linspace(-2.0, 3.5, 24).reshape(2, 3, 4), tf.float32, name="x")
b = tf.constant([[True, False], [True, True]], name="b")
n = tf.constant([[1, 2], [3, 4]], name="n")
results = [
    f(x, **arguments)
    for f in (
        tf.reduce_sum,
        tf.reduce_mean,
        tf.reduce_max,
        tf.reduce_min,
        tf.reduce_prod,
        tf.reduce_logsumexp,
    )
    for arguments in (
        {},
        {"axis": 1},
        {"axis": [0, -1]},
        {"axis": -1, "keepdims": True},
        {"axis": []},
    )
]
other = [
    tf.reduce_all(b),
    tf.reduce_any(b, 0),
    tf.reduce_all(b, [1], keepdims=True),
    tf.reduce_sum(n),
    tf.reduce_mean(n, 0),
    tf.reduce_prod(n, 1),
    tf.reduce_max(n),
    tf.count_nonzero(n),
    tf.count_nonzero(x, 1, dtype=tf.int32),
    tf.norm(x),
    tf.norm(x, axis=1),
    tf.norm(x, 1, axis=-1, keepdims=True),
    tf.math.reduce_std(x, 0),
    tf.math.reduce_variance(x),
    tf.norm(x, np.inf),
    tf.math.reduce_euclidean_norm(x, 1),
    tf.reduce_sum(n, axis=np.array([0, 1])),
    tf.reduce_sum(x, tf.constant(1)),
]
FETCHES = [("results", results, None), ("other", other, None)]
