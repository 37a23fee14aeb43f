x = tf.constant([-1.5, 0.0, 0.25, 3.0, 100.0], name="x")
a = tf.summary.histogram("values", x)
b = tf.summary.histogram("integers", tf.constant([1, 2, 2, 3]), family="group")
c = tf.summary.histogram("empty", tf.zeros([0]))
d = tf.summary.histogram("constant", tf.ones([10], tf.float64))
bad = tf.summary.histogram("bad", tf.constant([1.0, np.nan]))
FETCHES = [
    ("values", a, None),
    ("integers", b, None),
    ("empty", c, None),
    ("constant", d, None),
    ("bad", bad, None),
]
