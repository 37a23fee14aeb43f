x = tf.constant([0.3, 0.7, -0.4], tf.float64, name="x")
big = tf.constant([1.5, 2.5, 3.25], tf.float64, name="big")
both = [
    tf.abs,
    tf.negative,
    tf.sign,
    tf.reciprocal,
    tf.square,
    tf.exp,
    tf.expm1,
    tf.sin,
    tf.cos,
    tf.tan,
    tf.asin,
    tf.acos,
    tf.atan,
    tf.sinh,
    tf.cosh,
    tf.tanh,
    tf.asinh,
    tf.atanh,
    tf.floor,
    tf.ceil,
    tf.round,
    tf.rint,
    tf.sigmoid,
    tf.log_sigmoid,
]
positive = [tf.sqrt, tf.rsqrt, tf.log, tf.log1p, tf.acosh]
results = [f(x) for f in both] + [f(big) for f in positive]
gradients = [g for r in results for g in tf.gradients(r, [x, big]) if g is not None]
second = [g for r in gradients for g in tf.gradients(r, [x, big]) if g is not None]
FETCHES = [("results", results, None), ("gradients", gradients, None), ("second", second, None)]
