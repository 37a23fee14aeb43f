x = tf.placeholder(tf.float32, [2, 3, 3, 4], name="x")
fine = tf.placeholder(tf.float64, [2, 3, 3, 4], name="fine")
loose = tf.placeholder(tf.float32, name="loose")
counts, mean_ss, variance_ss, shift = tf.nn.sufficient_statistics(x, [0, 1], shift=0.5)
scale, offset = tf.constant([1.0, 2.0, 0.5, 1.5]), tf.constant([0.0, 1.0, -1.0, 0.5])
trained = tf.nn.fused_batch_norm(x, scale, offset, epsilon=0.01)
fixed = tf.nn.fused_batch_norm(
    x, scale, offset, mean=offset * 0.1, variance=scale, is_training=False, name="fixed"
)
held = tf.ensure_shape(loose, [None, 2])
product = tf.sparse_matmul([[1.0, 0.0], [2.0, 3.0]], [[0.0, 4.0], [5.0, 6.0]], a_is_sparse=True)
wide = tf.constant([[1.0, 0.0, 2.0]], name="wide")
results = [
    tf.nn.normalize_moments(counts, mean_ss, variance_ss, shift),
    tf.nn.normalize_moments(counts, mean_ss, variance_ss, None, name="unshifted"),
    trained,
    fixed[0],
    tf.nn.lrn(x),
    tf.nn.local_response_normalization(x, 2, 1.5, alpha=0.1, beta=0.75, name="local"),
    tf.nn.max_pool2d(x, 2, 1, "SAME"),
    tf.nn.max_pool2d(x, [2, 3], [1, 2], "VALID", name="pool"),
    tf.linalg.normalize(fine, axis=3),
    tf.linalg.normalize(fine[0, 0], ord=1, axis=1, name="sums"),
    tf.linalg.normalize(x[0, 0], ord=np.inf),
    tf.parallel_stack([[1, 2], [3, 4], [5, 6]]),
    product,
    tf.sparse_matmul(wide, wide, transpose_b=True, b_is_sparse=True),
]
weights = tf.constant(np.cos(np.arange(72)).reshape(2, 3, 3, 4), tf.float32, name="weights")
gradients = tf.gradients(trained[0] * weights, [x, scale, offset])
gradients += [tf.gradients(r * r, x)[0] for r in [fixed[0], *results[4:8]]]
gradients += [tf.gradients(results[i][0] ** 3, fine)[0] for i in (8, 9)]
gradients += tf.gradients(tf.sparse_matmul(wide, wide, transpose_b=True, a_is_sparse=True), wide)
gradients += tf.gradients(held * held, loose)
pixels = np.sin(np.arange(72)).reshape(2, 3, 3, 4)
feed = {x: pixels, fine: pixels}
FETCHES = [
    ("results", results, feed),
    ("gradients", gradients[:-1], feed),
    ("held", [held, gradients[-1]], {loose: [[1.0, 2.0]]}),
]
