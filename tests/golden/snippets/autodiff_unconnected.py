x = tf.constant([1.0, 2.0], name="x")
y = tf.constant(3.0, name="y")
n = tf.constant([1, 2], name="n")
z = x * 2.0
v = tf.Variable([1.0, 1.0], name="v")
r = tf.Variable([1.0, 1.0], name="r", use_resource=True)
zero = tf.gradients(z, [x, y, v, r], unconnected_gradients=tf.UnconnectedGradients.ZERO)
text = tf.gradients(z, [x, y], unconnected_gradients="zero")
none = tf.gradients(z, [x, y, n, v])
through = [
    tf.gradients(tf.cast(tf.cast(x, tf.int32), tf.float32), x),
    tf.gradients(tf.cast(tf.argmax(x), tf.float32), x),
    tf.gradients(tf.floor(x), x),
]
facts = tf.constant(
    [str(g is None) for g in none] + [str(g[0] is None) for g in through], name="facts"
)
FETCHES = [("zero", zero, None), ("text", text, None), ("facts", facts, None)]
