x = tf.constant(3.0, name="x")
y = x * x
z = y * x
p, q = tf.constant(1.0, name="p"), tf.constant(2.0, name="q")
r = p * 2.0
s = r * q + r
results = [
    tf.gradients(z, [x, y], stop_gradients=[y]),
    tf.gradients(z, x, stop_gradients=y),
    tf.gradients(s, [p, q, r], stop_gradients=[r])[1:],
    tf.gradients(tf.stop_gradient(y) * x, x),
    tf.gradients(s, [q, r], stop_gradients=[q, r]),
]
none = tf.gradients(s, [p], stop_gradients=[r])
FETCHES = [("results", results, None), ("none", tf.constant(str(none), name="none"), None)]
