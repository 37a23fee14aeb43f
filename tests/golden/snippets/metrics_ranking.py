s = tf.constant([[0.1, 0.5, 0.3, 0.2], [0.6, 0.2, 0.9, 0.1]], name="s")
w = tf.constant([1.0, 0.5], name="w")
dense = tf.constant([[1, 2], [0, 3]], tf.int64, name="dense")
single = tf.constant([1, 2], tf.int64, name="single")
sparse = tf.SparseTensor([[0, 0], [1, 0], [1, 1]], tf.constant([1, 2, 0], tf.int64), [2, 2])
kept = []
for labels in (dense, single, sparse):
    kept += [
        tf.metrics.recall_at_k(labels, s, 2),
        tf.metrics.recall_at_k(labels, s, 1, 2, w),
        tf.metrics.precision_at_k(labels, s, 2),
        tf.metrics.precision_at_k(labels, s, 1, 2, w),
        tf.metrics.average_precision_at_k(labels, s, 2),
        tf.metrics.average_precision_at_k(labels, s, 1, w),
    ]
kept += [
    tf.metrics.precision_at_top_k(dense, tf.constant([[1, 2], [2, 0]])),
    tf.metrics.recall_at_top_k(dense, tf.constant([[1, 2], [2, 0]]), name="R"),
    tf.metrics.sparse_precision_at_k(dense, s, 2, name="Q"),
    tf.metrics.sparse_average_precision_at_k(dense, s, 2, name="A"),
]
updates, values = [u for _, u in kept], [v for v, _ in kept]
FETCHES = [
    ("init", tf.local_variables_initializer(), None),
    ("updates", updates, None),
    ("updates_2", updates, None),
    ("values", values, None),
]
