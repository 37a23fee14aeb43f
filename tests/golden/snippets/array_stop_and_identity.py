x = tf.constant([1.0, 2.0], name="x")
y = tf.stop_gradient(x * x) * x
z = tf.identity(y, name="renamed")
q = tf.stop_gradient(tf.constant(3.0))
d = tf.placeholder_with_default(x, [None], name="d")
gradient = tf.gradients([z, d * d], [x, d])
blocked = tf.gradients(tf.stop_gradient(x), x)
prevented = tf.constant([str(b) for b in blocked], name="blocked")
FETCHES = [("values", [y, z, q, d, prevented], None), ("gradient", gradient, None)]
