x = tf.constant([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], name="x")
y = tf.constant(0.5, shape=[2, 3], name="y")
results = [
    tf.add_n([x]),
    tf.add_n([x, y, x]),
    tf.accumulate_n([x, y, x]),
    tf.cumsum(x),
    tf.cumsum(x, axis=1, exclusive=True),
    tf.cumsum(x, axis=-1, reverse=True),
    tf.cumprod(x, axis=1),
    tf.cumprod(x, exclusive=True, reverse=True),
    tf.cumsum([1, 2, 3], name="integers"),
    tf.tensordot(x, y, [[1], [1]]),
    tf.tensordot(x, y, 0),
    tf.einsum("ij,kj->ik", x, y),
]
gradients = [
    [g for g in tf.gradients(r * r, [x, y]) if g is not None]
    for r in results
    if r.dtype.is_floating
]
FETCHES = [("results", results, None), ("gradients", gradients, None)]
