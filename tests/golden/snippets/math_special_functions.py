x = tf.constant([0.3, 0.7, 2.4], tf.float64, name="x")
results = [tf.erf(x), tf.erfc(x), tf.lgamma(x), tf.digamma(x)]
gradients = [tf.gradients(r, x)[0] for r in results[:3]]
second = [tf.gradients(g, x)[0] for g in gradients[:2]]
FETCHES = [("results", results, None), ("gradients", gradients, None), ("second", second, None)]
