table = tf.Variable(np.arange(8.0).reshape(4, 2), dtype=tf.float32, name="table")
a = tf.gather(table, [0, 2, 0])
b = tf.nn.embedding_lookup(table, [1, 1])
only = tf.gradients(a * 2.0, table)[0]
two = tf.gradients([a, b * b], table)[0]
mixed = tf.gradients([a, table * 3.0], table)[0]
dense = tf.convert_to_tensor(two)
further = tf.gradients(tf.gather(table * 2.0, [0, 0]), table)[0]
second = tf.gradients(tf.gradients(b * b, table)[0].values ** 2, table)[0]
nd = tf.gradients(tf.gather_nd(table, [[0, 1], [2, 0]]), table)[0]
scaled = only.values * 2.0
facts = tf.constant(
    [type(g).__name__ for g in (only, two, mixed, further, second, nd)], name="facts"
)
FETCHES = [
    ("only", only, None),
    ("two", two, None),
    ("mixed", mixed, None),
    ("dense", [dense, further, second, nd, scaled], None),
    ("facts", facts, None),
]
