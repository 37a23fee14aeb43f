x = tf.constant(np.linspace(-1.0, 2.0, 24).reshape(2, 2, 2, 3), tf.float32, name="x")
scale = tf.constant([1.0, 2.0, 0.5], name="scale")
offset = tf.constant([0.0, 0.1, -0.1], name="offset")
mean, variance = tf.nn.moments(x, [0, 1, 2])
kept = tf.nn.moments(x, [0], keep_dims=True, name="kept")
y = tf.nn.batch_normalization(x, mean, variance, offset, scale, 1e-3)
plain = tf.nn.batch_normalization(x, mean, variance, None, None, 1e-3)
normalized = tf.nn.batch_norm_with_global_normalization(
    x, mean, variance, offset, scale, 1e-3, True
)
weighted = tf.nn.weighted_moments(x, [0], tf.constant(0.5))
sufficient = tf.nn.sufficient_statistics(x, [1, 2])
gradients = tf.gradients(y * y, [x, scale, offset])
half = tf.nn.moments(tf.cast(x, tf.float16), [1])
FETCHES = [
    ("moments", [mean, variance, kept, weighted, half], None),
    ("results", [y, plain, normalized], None),
    ("sufficient", [s for s in sufficient if s is not None], None),
    ("gradients", gradients, None),
]
