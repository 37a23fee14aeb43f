x = tf.constant(np.arange(6.0).reshape(2, 3), tf.float32, name="x")
p = tf.placeholder(tf.float32, [None, 3], name="p")
n = tf.placeholder(tf.int32, [], name="n")
results = [
    tf.slice(x, [0, 1], [2, 2]),
    tf.slice(x, [1, 0], [-1, -1]),
    tf.slice(p, [0, 1], [n, 2]),
    tf.tile(x, [2, 1]),
    tf.tile(p, [n, 2]),
    tf.strided_slice(x, [0, 0], [2, 3], [1, 2]),
    tf.strided_slice(x, [1], [2]),
    tf.strided_slice(x, [0, 2], [2, 0], [1, -1]),
    tf.pad(x, [[1, 0], [0, 2]]),
    tf.pad(x, [[1, 1], [1, 1]], constant_values=9.0),
    tf.pad(x, [[1, 1], [2, 2]], "REFLECT"),
    tf.pad(x, [[1, 1], [0, 2]], mode="SYMMETRIC"),
    tf.reverse(x, [1]),
    tf.reverse(x, axis=[0, -1]),
    tf.strided_slice(x, [0, 0], [0, 2], begin_mask=1, end_mask=1),
    tf.strided_slice(x, [1, 0], [2, 3], shrink_axis_mask=1),
    tf.roll(x, 1, 0),
    tf.roll(x, [1, -1], [0, 1]),
]
feed = {p: np.ones([2, 3]), n: 2}
gradients = [[g for g in tf.gradients(r * r, [x, p]) if g is not None] for r in results]
FETCHES = [("results", results, feed), ("gradients", gradients, feed)]
