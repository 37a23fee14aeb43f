x = tf.constant([[1.5, -2.0, 3.0], [0.5, 4.0, -1.0]], name="x")
y = tf.constant([2.0, 3.0, -1.5], name="y")
z = tf.abs(x, name="z") + 0.5
results = [
    tf.add(x, y),
    tf.subtract(x, y),
    tf.multiply(x, y),
    tf.divide(x, y),
    tf.div(x, y),
    tf.truediv(x, y),
    tf.realdiv(x, y),
    tf.floordiv(x, y),
    tf.floormod(x, y),
    tf.mod(x, y),
    tf.pow(z, y),
    tf.maximum(x, y),
    tf.minimum(x, y),
    tf.squared_difference(x, y),
    tf.atan2(x, z),
    tf.div_no_nan(x, y),
    tf.math.xdivy(x, y),
    tf.math.xlogy(x, z),
    tf.multiply(2.0, x, name="named"),
    tf.math.divide_no_nan(x, [[1.0], [0.0]]),
]
gradients = [tf.gradients(r, [x, y, z], name="grad") for r in results]
present = [[g for g in row if g is not None] for row in gradients]
FETCHES = [("results", results, None), ("gradients", present, None)]
