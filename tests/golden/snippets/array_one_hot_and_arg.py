x = tf.constant([[3.0, 1.0, 2.0], [0.5, 7.0, -1.0]], name="x")
i = tf.constant([0, 2, -1, 1], name="i")
results = [
    tf.one_hot(i, 3),
    tf.one_hot(i, 3, on_value=5, off_value=-5),
    tf.one_hot(i, 3, axis=0),
    tf.one_hot(i, 3, dtype=tf.int32),
    tf.one_hot(1, 4),
    tf.one_hot([[0], [1]], 2, 2.0, 0.5),
    tf.one_hot(i, 3, True, False, dtype=tf.bool),
    tf.argmax(x),
    tf.argmax(x, 1),
    tf.argmax(x, -1, output_type=tf.int32),
    tf.argmin(x, 1),
    tf.arg_max(x, 0),
    tf.nn.in_top_k(x, [0, 0], 2),
    tf.equal(tf.argmax(x, 1), [0, 1]),
    tf.one_hot(i, tf.constant(2)),
    tf.argsort(x),
    tf.sort(x, direction="DESCENDING"),
]
FETCHES = [("results", results, None)]
