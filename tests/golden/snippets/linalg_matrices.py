m = tf.constant([[4.0, 1.0], [1.0, 3.0]], tf.float64, name="m")
results = [
    tf.eye(2),
    tf.eye(2, 3, batch_shape=[2]),
    tf.diag([1.0, 2.0]),
    tf.diag_part(m),
    tf.matrix_diag([[1.0, 2.0]]),
    tf.matrix_diag_part(m),
    tf.trace(m),
    tf.matrix_transpose(m),
    tf.cross([1.0, 2.0, 3.0], [0.0, 1.0, 0.5]),
    tf.matrix_band_part(m, 0, -1),
    tf.linalg.set_diag(m, tf.constant([7.0, 8.0], tf.float64)),
]
gradients = tf.gradients(
    [tf.trace(m), tf.diag_part(m), tf.matrix_band_part(m, -1, 0), tf.matrix_transpose(m) * m], m
)
FETCHES = [("results", results, None), ("gradients", gradients, None)]
