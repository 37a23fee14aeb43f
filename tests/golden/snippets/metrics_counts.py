y = tf.constant([[1.0, 0.0], [1.0, 1.0]], name="y")
x = tf.constant([[1.0, 0.0], [0.0, 0.7]], name="x")
labels = tf.constant([[1, 0], [2, 1]], name="labels")
predictions = tf.constant([[1, 0], [1, 1]], name="predictions")
batch = tf.placeholder(tf.int32, [None, None], name="batch")
kept = []
for weights in (None, tf.constant([[1.0, 0.5], [2.0, 1.0]], name="weights")):
    kept += [
        tf.metrics.true_positives(y, x, weights),
        tf.metrics.true_negatives(y, x, weights),
        tf.metrics.false_positives(y, x, weights),
        tf.metrics.false_negatives(y, x, weights),
        tf.metrics.precision(y, x, weights),
        tf.metrics.recall(y, x, weights),
        tf.metrics.mean_iou(labels, predictions, 4, weights),
        tf.metrics.mean_per_class_accuracy(labels, predictions, 4, weights),
    ]
kept.append(tf.metrics.mean_iou(batch, batch, 4))
updates, values = [u for _, u in kept], [v for v, _ in kept]
FETCHES = [
    ("init", tf.local_variables_initializer(), None),
    ("empty", values, None),
    ("updates", updates, {batch: [[1, 2], [3, 3]]}),
    ("values", values, None),
    ("updates_2", updates, {batch: [[0, 2, 1]]}),
    ("values_2", values, None),
    ("outside", updates[-1], {batch: [[4]]}),
]
