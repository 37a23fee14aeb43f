x = tf.constant([[1.0, -2.0], [3.0, -4.0]], name="x")
y = tf.zeros([2, 2], name="y")
rows = tf.constant([True, False], name="rows")
results = [
    tf.where(x > 0.0, x, y),
    tf.where(rows, x, y),
    tf.where(x > 0.0),
    tf.where(tf.constant(True), x, y),
    tf.cast(x, tf.int32),
    tf.cast(x > 0.0, tf.float32),
    tf.cast(x, tf.float32),
    tf.cast([0, 1, 2], tf.bool),
    tf.to_float([1, 2]),
    tf.to_int32(x),
    tf.to_double(x),
    tf.to_int64([1.5]),
    tf.saturate_cast([300.0, -5.0], tf.uint8),
    tf.cast(x, tf.float64, name="named"),
    tf.cast([-1.5, 1.5], tf.int64),
    tf.cast([257], tf.uint8),
    tf.bitcast([1.0], tf.int32),
    tf.cast(x, tf.float16),
]
gradients = tf.gradients([results[0], results[1], results[13], results[3]], [x, y])
FETCHES = [("results", results, None), ("gradients", gradients, None)]
