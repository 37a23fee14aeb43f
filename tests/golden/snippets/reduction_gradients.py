x = tf.constant(np.linspace(-2.0, 3.5, 12).reshape(2, 3, 2), tf.float64, name="x")
p = tf.placeholder(tf.float64, name="p")
q = tf.placeholder(tf.float64, [None, 3], name="q")
axis = tf.placeholder(tf.int32, [], name="axis")
functions = (tf.reduce_sum, tf.reduce_mean, tf.reduce_max, tf.reduce_prod)
static = [
    tf.gradients(f(x, **arguments) ** 2, x)[0]
    for f in functions
    for arguments in ({}, {"axis": [0, -1]}, {"axis": 1, "keepdims": True})
]
dynamic = [
    tf.gradients(f(t, a) ** 2, t)[0] for f in functions for t, a in ((p, None), (q, 0), (q, axis))
]
tied = tf.constant([[1.0, 1.0, 0.0]], name="tied")
ties = tf.gradients(tf.reduce_max(tied), tied)
feed = {p: [[1.0, 2.0], [3.0, 5.0]], q: [[1.0, 2.0, 4.0], [3.0, 0.5, 1.0]], axis: 1}
least = [
    tf.gradients(tf.reduce_min(x, 1) ** 2, x)[0],
    tf.gradients(tf.reduce_logsumexp(x, 1), x)[0],
]
FETCHES = [
    ("static", static, None),
    ("dynamic", dynamic, feed),
    ("least", least, None),
    ("ties", ties, None),
]
