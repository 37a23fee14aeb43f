logits = tf.placeholder(tf.float32, [None, 3], name="logits")
labels = tf.placeholder(tf.float32, [None, 3], name="labels")
classes = tf.placeholder(tf.int64, [None], name="classes")
loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=labels, logits=logits))
sparse = tf.reduce_mean(
    tf.nn.sparse_softmax_cross_entropy_with_logits(labels=classes, logits=logits)
)
sigmoid = tf.reduce_mean(
    tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits), name="sigmoid"
)
feed = {
    logits: [[1.0, 2.0, 3.0], [30.0, -20.0, 0.0]],
    labels: [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    classes: [1, 2],
}
accuracy = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1), classes), tf.float32))
wrong = {logits: [[1.0, 2.0, 3.0]], labels: [[0.0, 1.0, 0.0]], classes: [3]}
FETCHES = [
    ("losses", [loss, sparse, sigmoid, accuracy], feed),
    ("gradients", [tf.gradients(t, logits) for t in (loss, sparse, sigmoid)], feed),
    ("label_out_of_range", sparse, wrong),
]
