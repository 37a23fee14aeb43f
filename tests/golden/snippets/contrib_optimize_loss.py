tf.set_random_seed(7)
slim = tf.contrib.slim
L = tf.contrib.layers
x = tf.placeholder(tf.float32, [None, 8, 8, 2], name="x")
labels = tf.placeholder(tf.int64, [None], name="labels")
with tf.variable_scope("net"):
    y = L.fully_connected(slim.flatten(x), 3)
    logits = slim.fully_connected(
        y,
        2,
        activation_fn=None,
        normalizer_fn=slim.batch_norm,
        normalizer_params={"is_training": True, "center": False},
    )
loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
step = tf.train.get_or_create_global_step()


def decay(rate, step):
    return tf.train.exponential_decay(rate, step, 10, 0.5)


ups = []
a = L.optimize_loss(loss, step, 0.1, "SGD", update_ops=ups)
b = L.optimize_loss(
    loss,
    step,
    0.1,
    "Adam",
    clip_gradients=1.0,
    gradient_noise_scale=0.1,
    update_ops=ups,
    name="b",
    summaries=L.OPTIMIZER_SUMMARIES,
)
c = L.optimize_loss(
    loss,
    step,
    tf.constant(0.1),
    "Momentum",
    learning_rate_decay_fn=decay,
    update_ops=ups,
    name="c",
    clip_gradients=lambda gv: [(g * 2.0, v) for g, v in gv],
    gradient_multipliers={"net/fully_connected/weights": 0.5},
    summaries=["gradients"],
)
d = L.optimize_loss(
    loss,
    None,
    0.1,
    tf.train.AdamOptimizer,
    update_ops=ups,
    name="d",
    variables=tf.trainable_variables()[:2],
    colocate_gradients_with_ops=True,
    summaries=[],
)
e = L.optimize_loss(
    loss,
    step,
    None,
    tf.train.AdamOptimizer(0.1),
    update_ops=ups,
    name="e",
    increment_global_step=False,
)
f = L.optimize_loss(
    loss,
    step,
    0.1,
    lambda r: tf.train.RMSPropOptimizer(r),
    update_ops=[tf.get_collection("update_ops")[0]],
    name="f",
)
g = L.optimize_loss(
    loss, step, None, lambda: tf.train.GradientDescentOptimizer(0.1), name="g", update_ops=ups
)
feed = {x: np.sin(np.arange(4 * 128)).reshape(4, 8, 8, 2), labels: [0, 1, 1, 0]}
FETCHES = [
    (n, [t], feed)
    for n, t in (("a", a), ("c", c), ("d", d), ("e", e), ("f", f), ("g", g), ("step", step))
]
