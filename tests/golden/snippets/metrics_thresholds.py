y = tf.constant([[1.0, 0.0], [1.0, 1.0]], name="y")
x = tf.constant([[0.9, 0.5], [0.25, 0.7]], name="x")
score = tf.placeholder(tf.float32, [None], name="score")
right = tf.placeholder(tf.bool, [None], name="right")
kept = []
for weights in (None, [[1.0], [0.5]]):
    for name in ("true_positives", "true_negatives", "false_positives", "false_negatives"):
        kept.append(getattr(tf.metrics, name + "_at_thresholds")(y, x, [0.3, 0.6], weights))
kept += [
    tf.metrics.precision_at_thresholds(y, x, [0.3, 0.6]),
    tf.metrics.recall_at_thresholds(y, x, [0.3, 0.6]),
    tf.metrics.auc(right, score),
    tf.metrics.auc(y, x, [[1.0], [0.5]], num_thresholds=5),
    tf.metrics.auc(y, x, curve="PR", num_thresholds=5, summation_method="careful_interpolation"),
    tf.metrics.auc(y, x, curve="PR", thresholds=[0.6, 0.3]),
    tf.metrics.auc(y, x, num_thresholds=3, summation_method="minoring"),
    tf.metrics.auc(y, x, num_thresholds=3, summation_method="majoring"),
    tf.metrics.sensitivity_at_specificity(y, x, 0.5, num_thresholds=5),
    tf.metrics.specificity_at_sensitivity(y, x, 0.5, num_thresholds=5),
]
updates, values = [u for _, u in kept], [v for v, _ in kept]
FETCHES = [
    ("init", tf.local_variables_initializer(), None),
    ("updates", updates, {score: [0.1, 0.9, 0.4], right: [False, True, True]}),
    ("updates_2", updates, {score: [0.6], right: [False]}),
    ("values", values, None),
    ("outside", updates[10], {score: [1.5], right: [False]}),
]
