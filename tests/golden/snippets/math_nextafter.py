x = tf.constant([[1.0], [0.0], [-1.0]], tf.float64, name="x")
y = tf.constant([2.0, -1.0, np.inf], tf.float64, name="y")
f = tf.constant([1.0, 0.0, np.inf], tf.float32, name="f")
results = [tf.math.nextafter(x, y), tf.math.nextafter(f, 0.5, name="named")]
gradients = tf.gradients(results[0] * 3.0, [x, y])
FETCHES = [("results", results, None), ("gradients", gradients, None)]
