x = tf.constant([[[[1.0], [1.0], [0.0]], [[1.0], [2.0], [2.0]], [[2.0], [2.0], [2.0]]]], name="x")
pooled = tf.nn.max_pool(x, [1, 2, 2, 1], [1, 1, 1, 1], "VALID")
gradient = tf.gradients(pooled, x)
with_argmax = tf.nn.max_pool_with_argmax(x, [1, 2, 2, 1], [1, 1, 1, 1], "VALID")
FETCHES = [("values", [pooled, gradient, with_argmax], None)]
