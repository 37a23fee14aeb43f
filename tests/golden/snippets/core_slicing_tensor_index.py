x = tf.reshape(tf.range(24.0), [2, 3, 4], name="x")
i = tf.placeholder(tf.int32, [], name="i")
j = tf.placeholder(tf.int64, [], name="j")
unknown = tf.placeholder(tf.float32, name="unknown")
partly = tf.placeholder(tf.float32, [None, 4], name="partly")
results = [
    x[i],
    x[:, i],
    x[i:, 0],
    x[:, :i],
    x[0, i, 1:i],
    x[j],
    x[..., j],
    x[i:2:1],
    x[tf.constant(1)],
    unknown[0],
    unknown[i, ..., None],
    unknown[:, 1:],
    partly[0],
    partly[1:],
    partly[:, 1:3],
    partly[i, 2],
    partly[::2],
]
shapes = tf.constant([str(r.shape) for r in results], name="static_shapes")
feed = {i: 1, j: 1, unknown: np.arange(6.0).reshape(2, 3), partly: np.arange(12.0).reshape(3, 4)}
FETCHES = [("results", results, feed), ("shapes", shapes, None)]
