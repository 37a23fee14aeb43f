a = tf.constant(np.arange(6.0).reshape(2, 3), tf.float32, name="a")
b = tf.constant(np.arange(12.0).reshape(3, 4) - 5.0, tf.float32, name="b")
c = tf.constant(np.arange(24.0).reshape(2, 3, 4), tf.float32, name="c")
d = tf.constant(np.arange(16.0).reshape(2, 4, 2), tf.float32, name="d")
u = tf.placeholder(tf.float32, [None, 3], name="u")
results = [
    tf.matmul(a, b),
    a @ b,
    tf.matmul(a, a, transpose_b=True),
    tf.matmul(a, a, transpose_a=True),
    tf.matmul(b, a, True, True),
    tf.matmul(c, d),
    tf.matmul(c, c, transpose_b=True),
    tf.matmul(d, c, True, True),
    tf.matmul(u, b),
    tf.matmul([[1, 2], [3, 4]], [[5], [6]]),
    tf.matmul(c, d[:1]),
    tf.matmul(a, b, name="named"),
    tf.matmul(a, b, a_is_sparse=True),
    tf.linalg.matvec(a, [1.0, 2.0, 3.0]),
    tf.matmul(c, c, adjoint_a=True),
]
inputs = [a, b, c, d, u]
gradients = [
    [g for g in tf.gradients(r * r, inputs) if g is not None]
    for r in results
    if r.dtype.is_floating
]
feed = {u: np.ones([2, 3])}
FETCHES = [("results", results, feed), ("gradients", gradients, feed)]
