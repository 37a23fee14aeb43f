v = tf.Variable(np.arange(8.0).reshape(4, 2), dtype=tf.float32, name="v")
rows = tf.constant([0, 2, 0], name="rows")
updates = tf.constant([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]], name="updates")
steps = [
    ("add", tf.scatter_add(v, rows, updates)),
    ("sub", tf.scatter_sub(v, rows, updates)),
    ("mul", tf.scatter_mul(v, [1], [[2.0, 3.0]])),
    ("div", tf.scatter_div(v, [1, 3], [[2.0, 2.0], [4.0, 4.0]])),
    ("update", tf.scatter_update(v, [3], [[9.0, 8.0]])),
    ("max", tf.scatter_max(v, [0], [[5.0, -5.0]])),
    ("min", tf.scatter_min(v, 1, [0.0, 100.0])),
    ("nd_add", tf.scatter_nd_add(v, [[0, 1], [3, 0]], [10.0, 20.0])),
    ("nd_update", tf.scatter_nd_update(v, [[2]], [[0.5, 0.25]])),
    ("nd_sub", tf.scatter_nd_sub(v, [[1, 1]], [1.0])),
    ("slices", v.scatter_sub(tf.IndexedSlices(tf.constant([[1.0, 1.0]]), tf.constant([2])))),
    ("scalar", tf.scatter_update(v, [0, 1], 3.0)),
]
bad = tf.scatter_add(v, [4], [[1.0, 1.0]])
FETCHES = [(label, op, None) for label, op in steps] + [
    ("out_of_range", bad, None),
    ("after", v, None),
]
