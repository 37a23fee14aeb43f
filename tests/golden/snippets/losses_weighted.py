losses = tf.constant([[1.0, 2.0], [3.0, 4.0]], name="losses")
p = tf.placeholder(tf.float32, None, name="p")
w = tf.placeholder(tf.float32, None, name="w")
columns = tf.placeholder(tf.float32, [None, 2], name="columns")
compute = tf.losses.compute_weighted_loss
static = [
    compute(losses, weights, reduction=reduction)
    for weights in (1.0, [[1.0], [0.0]], [[1, 2], [3, 4]])
    for reduction in sorted(set(tf.losses.Reduction.all()))
]
others = [
    compute(tf.constant([1, 2]), 2.5, scope="whole", loss_collection=None),
    compute(tf.constant([1.0, 2.0], tf.float64), 0.0),
]
dynamic = [compute(p, w), compute(columns, w, reduction="weighted_mean")]
dynamic += [compute(p, columns, reduction="weighted_sum_over_batch_size")]
gradient = tf.gradients(dynamic[0], [p, w])
FETCHES = [
    ("static", static, None),
    ("others", others, None),
    (
        "dynamic",
        dynamic + gradient,
        {p: [[1, 2], [3, 4]], w: [[0], [2]], columns: [[2, 3], [4, 5]]},
    ),
    ("scalar", dynamic[:2], {p: [1, 2], w: 3, columns: [[2, 3]]}),
    ("wrong_rank", dynamic[0], {p: [1, 2], w: [[3, 4]]}),
    ("wrong_size", dynamic[1], {columns: [[2, 3]], w: [[3, 4, 5]]}),
]
