x = tf.reshape(tf.range(12.0), [3, 4], name="x")
rows = tf.constant([True, False, True], name="rows")
v = tf.constant([1.0, -2.0, 3.0, -4.0], name="v")
unknown = tf.placeholder(tf.bool, [None], name="unknown")
a = tf.boolean_mask(x, rows)
b = tf.boolean_mask(x, x > 5.0)
c = v[v > 0.0]
d = tf.boolean_mask(x, [True, False, False, True], axis=1)
e = tf.boolean_mask(v, unknown, name="masked")
gradient = tf.gradients([a, b], x)
FETCHES = [
    ("masked", [a, b, c, d], None),
    ("fed", e, {unknown: [False, True, True, False]}),
    ("gradient", gradient, None),
]
