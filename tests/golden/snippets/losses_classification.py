x = tf.Variable([[1.0, 2.0], [3.0, -4.0]], name="x")
y = tf.constant([[1.0, 0.0], [1.0, 1.0]], name="y")
labels = tf.placeholder(tf.int32, None, name="labels")
logits = tf.placeholder(tf.float32, None, name="logits")
weights = tf.placeholder(tf.float32, None, name="weights")
known = [
    tf.losses.hinge_loss(y, x, [[2.0], [1.0]]),
    tf.losses.log_loss(y, tf.nn.sigmoid(x)),
    tf.losses.log_loss(y, tf.nn.sigmoid(x), epsilon=0.1, reduction="none"),
    tf.losses.sigmoid_cross_entropy([[1, 0], [1, 1]], x),
    tf.losses.sigmoid_cross_entropy(y, x, 0.5, label_smoothing=0.2),
    tf.losses.softmax_cross_entropy([[1, 0], [0, 1]], x, weights=[1, 0]),
    tf.losses.softmax_cross_entropy(y, x, label_smoothing=0.1, scope="smooth"),
    tf.losses.sparse_softmax_cross_entropy([0, 1], x),
    tf.losses.sparse_softmax_cross_entropy([[0], [1]], x, [[1.0], [2.0]]),
    tf.losses.sparse_softmax_cross_entropy([0, 1], x, weights=2),
]
dynamic = [
    tf.losses.sparse_softmax_cross_entropy(labels, x, weights),
    tf.losses.sparse_softmax_cross_entropy(labels, logits),
    tf.losses.softmax_cross_entropy(logits, x, label_smoothing=0.2),
]
grads = tf.gradients(tf.add_n([known[0], known[1], known[4], known[6], known[8]]), x)
total = tf.losses.get_total_loss(scope="s")
FETCHES = [
    ("known", known + grads, None),
    ("total", total, {labels: [1, 0], weights: 1.0, logits: [[1.0, 0.0], [0.5, 0.5]]}),
    (
        "dynamic",
        dynamic,
        {labels: [[1], [0]], weights: [[1.0], [3.0]], logits: [[1.0, 0.0], [0.5, 0.5]]},
    ),
]
