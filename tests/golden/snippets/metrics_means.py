y = tf.constant([[1.0, 0.0], [1.0, 1.0]], name="y")
x = tf.constant([[1.0, 0.5], [0.25, 0.7]], name="x")
p = tf.placeholder(tf.float32, None, name="p")
q = tf.placeholder(tf.float32, [None, 1], name="q")
w = tf.placeholder(tf.float32, None, name="w")
kept = []
for weights in (None, [[1.0], [0.5]], 2.0):
    kept += [
        tf.metrics.mean(x, weights),
        tf.metrics.mean_tensor(x, weights),
        tf.metrics.accuracy(y, x, weights),
        tf.metrics.percentage_below(x, 0.6, weights),
        tf.metrics.mean_absolute_error(y, x, weights),
        tf.metrics.mean_squared_error(y, x, weights),
        tf.metrics.root_mean_squared_error(y, x, weights),
        tf.metrics.mean_relative_error(y, x, y, weights),
        tf.metrics.mean_cosine_distance(y, x, 1, weights),
    ]
with tf.variable_scope("scope"):
    collections = {"metrics_collections": ["values"], "updates_collections": ["updates"]}
    kept.append(tf.metrics.accuracy([1, 2], [1.0, 3.0], name="whole", **collections))
dynamic = [tf.metrics.accuracy(p, q, w), tf.metrics.mean(p, w), tf.metrics.mean_squared_error(q, p)]
updates = [update for _, update in kept + dynamic] + tf.get_collection("updates")
values = [value for value, _ in kept + dynamic] + tf.get_collection("values")
feed = {p: [[1.0], [0.0]], q: [[1.0], [2.0]]}
FETCHES = [
    ("init", tf.local_variables_initializer(), None),
    ("empty", values, None),
    ("updates", updates, {**feed, w: [[1.0], [3.0]]}),
    ("values", values, None),
    ("updates_2", updates, {**feed, w: 0.5}),
    ("updates_3", updates, {**feed, w: [1.0, 2.0]}),
    ("values_3", values, None),
]
