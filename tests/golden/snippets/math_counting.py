x = tf.constant([3, 1, 0, 3, 7], tf.int32, name="x")
w = tf.constant([0.5, 1.0, 2.0, -1.0, 3.0], tf.float32, name="w")
v = tf.constant([-1.0, 0.0, 1.5, 2.0, 5.0, 15.0], tf.float32, name="v")
s = tf.constant([[1.0, 3.0, 5.0, 5.0, 9.0], [0.0, 1.0, 2.0, 3.0, 4.0]], name="s")
p = tf.placeholder(tf.float32, name="p")
results = [
    tf.bincount(x),
    tf.math.bincount(x, minlength=3, maxlength=5, dtype=tf.int64),
    tf.bincount(x, weights=w),
    tf.histogram_fixed_width(v, [0.0, 5.0], nbins=5),
    tf.histogram_fixed_width(x, [0, 8], nbins=4, dtype=tf.int64, name="named"),
    tf.searchsorted(s, [[5.0, 0.0, 10.0], [2.0, 2.5, 9.0]]),
    tf.searchsorted(s[0], [5.0, 2.0], side="right", out_type=tf.int64, name="right"),
    tf.unravel_index([22, 41, 37], [7, 6]),
    tf.unravel_index(tf.constant(22, tf.int64), tf.constant([7, 6], tf.int64)),
]
unknown = [tf.searchsorted(p, p), tf.histogram_fixed_width(p, [0.0, 5.0])]
FETCHES = [("results", results, None), ("unknown", unknown, {p: [1.0, 2.0, 2.0]})]
