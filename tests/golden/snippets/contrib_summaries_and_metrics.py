tf.set_random_seed(7)
L = tf.contrib.layers
slim = tf.contrib.slim
x = tf.constant(np.sin(np.arange(2 * 4 * 4 * 3)).reshape(2, 4, 4, 3), tf.float32)
m = tf.constant(np.cos(np.arange(12)).reshape(4, 3), tf.float32)
y = slim.conv2d(x, 2, 1)
sums = [
    L.summarize_activation(y),
    L.summarize_tensor(y),
    L.summarize_tensor(tf.constant(1.0), "tag"),
    L.summarize_tensors([y, m]),
    L.summarize_collection("variables"),
    slim.summarize_biases(),
    slim.summarize_weights("Conv"),
    slim.summarize_variables("Conv/w"),
]
a1 = slim.summaries.add_scalar_summary(tf.constant(2.0), "sc", prefix="pre")
a2 = slim.summaries.add_scalar_summary(tf.constant(3.0))
a3 = slim.summaries.add_histogram_summary(m, "h")
a4 = slim.summaries.add_image_summary(x)
a5 = slim.summaries.add_zero_fraction_summary(m)
a6 = slim.summaries.add_scalar_summary(tf.constant(2.0), "p", print_summary=False)
slim.summaries.add_histogram_summaries([m], "q")
slim.summaries.add_scalar_summaries([a2.op.inputs[1]], "z")
slim.summaries.add_image_summaries([x])
slim.summaries.add_zero_fraction_summaries([m], "zf")
L.summarize_activation(tf.nn.relu6(y))
L.summarize_activation(tf.nn.softplus(y))
L.summarize_activation(m)
tf.add_to_collection("activations", m)
L.summarize_activations()
slim.summaries.add_scalar_summary(tf.constant(1.0, name="s2"), "n", "p", print_summary=True)
preds = tf.constant([0.0, 1.0, 1.0])
labels = tf.constant([0.0, 0.0, 1.0])
M = slim.metrics
values, updates = M.aggregate_metric_map(
    {
        "mean": M.streaming_mean(preds),
        "accuracy": M.streaming_accuracy(preds, labels),
        "mse": M.streaming_mean_squared_error(preds, labels, name="mse"),
        "mae": M.streaming_mean_absolute_error(preds, labels),
        "rmse": M.streaming_root_mean_squared_error(preds, labels),
        "p": M.streaming_precision(preds, labels),
        "r": M.streaming_recall(preds, labels, tf.constant([1.0, 2.0, 1.0])),
    }
)
names = tf.constant([s.name for s in tf.get_collection("summaries")])
FETCHES = [
    ("names", names, None),
    ("local", tf.local_variables_initializer(), None),
    ("updates", list(updates.values()), None),
    ("values", list(values.values()), None),
]
