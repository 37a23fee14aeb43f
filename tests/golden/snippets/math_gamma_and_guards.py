x = tf.constant([0.5, 1.5, 2.25, 4.0], tf.float64, name="x")
zero = tf.constant([0.0, 2.0, 0.0, -4.0], tf.float64, name="zero")
order = tf.constant([0.0, 1.0, 2.0, 3.0], tf.float64, name="order")
scalar = tf.constant(3.0, tf.float64, name="scalar")
results = [
    tf.lbeta([[1.0, 2.0, 3.5], [0.5, 0.5, 4.0]]),
    tf.math.lbeta(x, name="one_row"),
    tf.polygamma(order, x),
    tf.math.zeta(x + 1.0, order + 1.0),
    tf.zeta(2.0, 1.0),
    tf.math.multiply_no_nan(x / zero, zero),
    tf.math.reciprocal_no_nan(zero),
    tf.math.polyval([x, scalar, order], x),
    tf.math.polyval([], x),
    tf.scalar_mul(scalar, x),
    tf.scalar_mul(2, tf.IndexedSlices(x, tf.constant([0, 2, 3, 1]))),
    tf.floor_div([7, -7], [2, 2]),
    tf.less(x, 2.25),
    tf.less_equal(x, 2.25),
    tf.greater(x, 2.25),
    tf.greater_equal(x, 2.25, name="at_least"),
    tf.arg_min([[3.0, 1.0, 1.0], [0.0, 2.0, -1.0]], 1),
    tf.arg_max([[3, 1], [3, 2]], 0, output_type=tf.int32),
    tf.to_bfloat16([1.0, 2.7182818]),
    tf.to_complex64([1.0, -2.0]),
    tf.to_complex128(x),
    tf.where_v2([True, False], [[1], [2]], [3, 4]),
    tf.where_v2(x > 1.0, x, scalar, name="chosen"),
    tf.where_v2([False, True, True]),
]
pairs = [(1, x), (3, x), (3, order), (5, zero), (6, zero), (7, x), (7, order), (9, x), (9, scalar)]
gradients = [tf.gradients(results[i], source)[0] for i, source in pairs if i != 3]
gradients += tf.gradients(results[22], [x, scalar])
FETCHES = [("results", results, None), ("gradients", gradients, None)]
