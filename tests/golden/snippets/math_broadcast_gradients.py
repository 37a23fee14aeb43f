a = tf.constant(np.arange(6.0).reshape(2, 1, 3), tf.float64, name="a")
b = tf.constant(np.arange(8.0).reshape(4, 2)[:, :1] + 1.0, tf.float64, name="b")
c = tf.constant(2.5, tf.float64, name="c")
u = tf.placeholder(tf.float64, name="u")
p = tf.placeholder(tf.float64, [None, 3], name="p")
results = [
    a + b,
    a - c,
    a * b,
    c / b,
    b**c,
    tf.maximum(a, b),
    a + u,
    p * c,
    p / tf.reduce_sum(p, 0),
    u - p,
]
gradients = [[g for g in tf.gradients(r, [a, b, c, u, p]) if g is not None] for r in results]
feed = {u: [[[2.0], [3.0], [4.0], [5.0]]], p: np.arange(1.0, 7.0).reshape(2, 3)}
single = {u: [1.0, 2.0, 3.0], p: np.arange(1.0, 7.0).reshape(2, 3)}
FETCHES = [
    ("gradients", gradients[:6] + gradients[7:9], feed),
    ("fed", [results[9], gradients[9], gradients[6]], single),
]
