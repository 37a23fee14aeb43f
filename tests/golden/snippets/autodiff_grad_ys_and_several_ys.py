x = tf.constant([1.0, 2.0], name="x")
w = tf.constant([[1.0, 0.5], [2.0, -1.0]], name="w")
a = x * x
b = tf.matmul(w, w)
c = tf.reduce_sum(a)
weights = tf.constant([3.0, 4.0], name="weights")
results = [
    tf.gradients(a, x, grad_ys=weights),
    tf.gradients([a, c], x, grad_ys=[weights, None]),
    tf.gradients([a, c], [x], grad_ys=[None, tf.constant(2.0)]),
    tf.gradients([a, b], [x, w]),
    tf.gradients([c, a, c], x),
    tf.gradients(a, [x, a]),
    tf.gradients([b], w, grad_ys=[tf.ones_like(b)]),
    tf.gradients(a, x, grad_ys=[[1.0, 10.0]]),
]
FETCHES = [("results", results, None)]
