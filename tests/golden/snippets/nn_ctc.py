x = tf.constant(np.sin(np.arange(40.0) * 1.7).reshape(5, 2, 4), tf.float32, name="x")
d = tf.constant(np.cos(np.arange(60.0) * 0.9).reshape(3, 5, 4), tf.float64, name="d")
u = tf.placeholder(tf.float32, [None, None, 4], name="u")
labels = tf.SparseTensor([[0, 0], [0, 1], [1, 0], [1, 1]], tf.constant([0, 1, 2, 2]), [2, 2])
three = tf.SparseTensor([[0, 0], [1, 0], [1, 1], [2, 0]], tf.constant([1, 0, 0, 2]), [3, 2])
losses = [
    tf.nn.ctc_loss(labels, x, [5, 4]),
    tf.nn.ctc_loss(labels, x, [5, 4], preprocess_collapse_repeated=True),
    tf.nn.ctc_loss(labels, x, [5, 4], ctc_merge_repeated=False),
    tf.nn.ctc_loss(labels, x, [1, 4], ignore_longer_outputs_than_inputs=True),
    tf.nn.ctc_loss(three, d, [5, 3, 4], time_major=False),
    tf.nn.ctc_loss(labels=labels, logits=x, sequence_length=[3, 3]),
]
unknown = tf.nn.ctc_loss(labels, u, [5, 4])
greedy, sums = tf.nn.ctc_greedy_decoder(x, [5, 4])
apart, _ = tf.nn.ctc_greedy_decoder(d, [3, 2, 1, 3, 3], merge_repeated=False)
paths, scores = tf.nn.ctc_beam_search_decoder(x, [5, 4], beam_width=3, top_paths=2)
wide, wide_scores = tf.nn.ctc_beam_search_decoder(d, [3, 2, 3, 3, 3], top_paths=3)
plain, _ = tf.nn.ctc_beam_search_decoder_v2(x, [5, 4])
decoded = [[s.indices, s.values, s.dense_shape] for s in greedy + apart + paths + wide + plain]
gradients = [g for loss in losses for g in tf.gradients(loss, [x, d]) if g is not None]
weighted = tf.gradients(unknown * [0.5, 2.0], u)
feed = {u: np.cos(np.arange(40.0)).reshape(5, 2, 4)}
FETCHES = [
    ("losses", losses, None),
    ("unknown", [unknown, weighted], feed),
    ("decoded", decoded, None),
    ("scores", [sums, scores, wide_scores], None),
    ("gradients", gradients, None),
]
