x = tf.constant([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], tf.float64, name="x")
rows = tf.constant([[2], [0], [2]], name="rows")
updates = tf.constant([[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]], tf.float64, name="updates")
cells = tf.constant([[0, 1], [2, 0]], tf.int64, name="cells")
single = tf.constant([7.0, 8.0], tf.float64, name="single")
results = [
    tf.tensor_scatter_nd_add(x, rows, updates),
    tf.tensor_scatter_add(x, cells, single),
    tf.tensor_scatter_nd_sub(x, rows, updates),
    tf.tensor_scatter_sub(x, cells, single, name="less"),
    tf.tensor_scatter_nd_update(x, rows[:2], updates[:2]),
    tf.tensor_scatter_update(x, cells, single),
]
sources = [x, updates, single]
gradients = [g for r in results for g in tf.gradients(r * r, sources) if g is not None]
fed = tf.placeholder(tf.int32, [None, 1], name="fed")
FETCHES = [
    ("results", results, None),
    ("gradients", gradients, None),
    ("outside", tf.tensor_scatter_nd_add(x, fed, updates), {fed: [[0], [3], [1]]}),
]
