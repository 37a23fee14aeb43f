logits = tf.constant([[1.0, 2.0, 4.0], [0.5, -1.0, 3.0]], name="logits")
labels = tf.constant([[0.0, 1.0, 0.0], [0.25, 0.25, 0.5]], name="labels")
classes = tf.constant([2, 0], name="classes")
wide = tf.constant(np.arange(12.0).reshape(2, 2, 3) / 5.0, tf.float32, name="wide")
results = [
    tf.nn.softmax_cross_entropy_with_logits(labels=labels, logits=logits),
    tf.nn.softmax_cross_entropy_with_logits_v2(labels=labels, logits=logits),
    tf.nn.sparse_softmax_cross_entropy_with_logits(labels=classes, logits=logits),
    tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits),
    tf.nn.weighted_cross_entropy_with_logits(labels=labels, logits=logits, pos_weight=2.0),
    tf.nn.softmax_cross_entropy_with_logits_v2(
        labels=tf.nn.softmax(wide), logits=wide, name="wide_loss"
    ),
    tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[[0, 1], [2, 1]], logits=wide),
    tf.nn.softmax_cross_entropy_with_logits_v2(labels=labels, logits=logits, axis=0),
    tf.nn.sparse_softmax_cross_entropy_with_logits(
        labels=tf.constant([1, 1], tf.int64), logits=logits, name="long"
    ),
]
gradients = [[g for g in tf.gradients(r, [logits, labels, wide]) if g is not None] for r in results]
second = [tf.gradients(gradients[i][0] ** 2, logits)[0] for i in (1, 3)]
FETCHES = [("results", results, None), ("gradients", gradients, None), ("second", second, None)]
