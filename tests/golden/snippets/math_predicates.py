x = tf.constant([1.0, np.nan, np.inf, -np.inf, 0.0], name="x")
results = [
    tf.is_nan(x),
    tf.is_inf(x),
    tf.is_finite(x),
    tf.sign(tf.constant([-2, 0, 5])),
    tf.floor(tf.constant([-1.5, 1.5])),
    tf.round(tf.constant([0.5, 1.5, 2.5, -0.5])),
    tf.rint(tf.constant([0.5, 1.5, -2.5])),
    tf.round(tf.constant([1, 2])),
    tf.abs(tf.constant([-1, 2])),
    tf.square([2, 3]),
    tf.maximum(1, 2),
    tf.negative([1, -2]),
    tf.sqrt(tf.constant([-1.0, 4.0])),
    tf.log(tf.constant([0.0, -1.0])),
]
FETCHES = [("results", results, None)]
