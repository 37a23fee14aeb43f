labels = tf.placeholder(tf.bool, [None, 2], name="labels")
scores = tf.placeholder(tf.float32, [None, 2], name="scores")
weights = tf.placeholder(tf.float32, [None, 1], name="weights")
kinds = [
    tf.metrics.true_positives_at_thresholds,
    tf.metrics.false_positives_at_thresholds,
    tf.metrics.true_negatives_at_thresholds,
    tf.metrics.false_negatives_at_thresholds,
]
values, updates = tf.contrib.metrics.aggregate_metrics(
    *[kind(labels, scores, [0.2, 0.5, 0.5, 0.9]) for kind in kinds],
    *[kind(labels, scores, [0.5], weights, ["kept"], ["renewed"], "one") for kind in kinds],
)
batch = {
    labels: [[True, False], [False, True]],
    scores: [[0.5, 0.1], [0.7, 0.95]],
    weights: [[0.5], [2.0]],
}
empty = {labels: np.zeros([0, 2]), scores: np.zeros([0, 2]), weights: np.zeros([0, 1])}
kept = [tensor.name for key in ("kept", "renewed") for tensor in tf.get_collection(key)]
FETCHES = [
    ("kept", tf.constant(kept), None),
    ("start", tf.local_variables_initializer(), None),
    ("before", values, None),
    ("first", updates, batch),
    ("empty", updates, empty),
    ("second", updates, batch),
    ("after", values, None),
]
