table = tf.Variable(np.arange(12.0).reshape(6, 2), dtype=tf.float32, name="table")
other = tf.Variable(np.arange(6.0).reshape(3, 2), dtype=tf.float32, name="other")
ids = tf.placeholder(tf.int64, [None], name="ids")
plain = tf.nn.embedding_lookup(table, ids)
matrix = tf.nn.embedding_lookup(table, tf.constant([[0, 1], [5, 5]]), name="matrix")
clipped = tf.nn.embedding_lookup(table, ids, max_norm=3.0)
both = tf.nn.embedding_lookup([table, other], ids, partition_strategy="mod")
divided = tf.nn.embedding_lookup([table, other], ids, partition_strategy="div")
gradients = tf.gradients([plain, matrix * 2.0], table)
partitioned = tf.gradients(both * both, [table, other])
feed = {ids: [0, 2, 2]}
FETCHES = [
    ("values", [plain, matrix, clipped, both, divided], feed),
    ("gradients", gradients, feed),
    ("partitioned", partitioned, feed),
]
