tf.set_random_seed(11)
weights = tf.constant(np.sin(np.arange(36.0)).reshape(12, 3), tf.float32, name="weights")
biases = tf.constant(np.cos(np.arange(12.0)), tf.float32, name="biases")
halves = [
    tf.constant(np.cos(np.arange(18.0) + k).reshape(6, 3), tf.float32, name=f"half_{k}")
    for k in range(2)
]
inputs = tf.constant(np.sin(np.arange(12.0) * 2.0).reshape(4, 3), tf.float32, name="inputs")
one = tf.constant([[0], [1], [5], [11]], tf.int64, name="one")
two = tf.constant([[0, 1], [1, 1], [5, 0], [11, 2]], name="two")
classes = tf.constant([[2], [7]], name="classes")
rows = tf.placeholder_with_default(
    np.array([[0.5, -1.0, 2.0], [1.0, 0.25, -0.5]], np.float32), [None, 3], name="rows"
)
uniform = tf.nn.uniform_candidate_sampler(one, 1, 5, True, 12, seed=5)
fixed = tf.nn.fixed_unigram_candidate_sampler(
    tf.cast(two, tf.int64), 2, 6, False, 12, distortion=0.75, unigrams=list(range(1, 13)), seed=2
)
every = tf.random.all_candidate_sampler(one, 1, 12, True)
drawn = tf.random.log_uniform_candidate_sampler(one, 1, 5, unique=True, range_max=12, name="drawn")
hits = tf.nn.compute_accidental_hits(one, drawn[0], 1, seed=4)
doubles = [tf.cast(drawn[0], tf.int32), *[tf.cast(count, tf.float64) for count in drawn[1:]]]
losses = [
    tf.nn.nce_loss(weights, biases, two, inputs, 5, 12, 2, remove_accidental_hits=True, name="n"),
    tf.nn.nce_loss(halves, biases, one, inputs, 5, 12, 1, uniform, False, "div"),
    tf.nn.sampled_softmax_loss(
        halves, biases, tf.cast(two, tf.int64), inputs, 6, 12, num_true=2, sampled_values=fixed
    ),
    tf.nn.sampled_softmax_loss(weights, biases, classes, rows, 4, 12, seed=3),
    tf.nn.sampled_softmax_loss(
        weights, biases, one, tf.cast(inputs, tf.float64), 5, 12, 1, doubles, False, name="d"
    ),
]
gradients = [
    [g for g in tf.gradients(loss, [weights, biases, inputs, rows, *halves]) if g is not None]
    for loss in losses
]
dense = tf.sparse_to_dense([[0, 1], [1, 2]], [2, 3], biases[:2], biases[3])
slopes = tf.gradients(dense**2, biases)
FETCHES = [
    ("samplers", [list(uniform), list(fixed), list(every), list(drawn), list(hits)], None),
    ("losses", losses, None),
    ("gradients", gradients, None),
    ("dense", [dense, slopes], None),
]
