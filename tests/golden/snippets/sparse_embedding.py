table = tf.get_variable("t", initializer=np.arange(10).reshape(5, 2).astype(np.float32))
ids = tf.SparseTensor([[0, 0], [0, 1], [2, 0]], tf.constant([1, 3, 1], tf.int64), [3, 2])
w = tf.SparseTensor([[0, 0], [0, 1], [2, 0]], tf.constant([1.0, 2.0, 0.5]), [3, 2])
e1 = tf.nn.embedding_lookup_sparse(table, ids, None, combiner="mean")
e2 = tf.nn.embedding_lookup_sparse(table, ids, None, combiner="sum", name="e2")
e3 = tf.nn.embedding_lookup_sparse(table, ids, None, combiner="sqrtn", max_norm=2.0)
e4 = tf.nn.embedding_lookup_sparse(table, ids, w)
e5 = tf.nn.embedding_lookup_sparse([table, table + 1], ids, w, combiner="sum")
e6 = tf.nn.embedding_lookup_sparse(table, ids, w, combiner="sqrtn")
g = tf.gradients([e1, e4], [table])
s1 = tf.nn.safe_embedding_lookup_sparse([table], ids)
s2 = tf.nn.safe_embedding_lookup_sparse(table, ids, w, combiner="sum", default_id=2, name="s2")

FETCHES = [
    ("e", [e1, e2, e3, e4, e5, e6], None),
    ("s", [s1, s2], None),
    ("g", [tf.convert_to_tensor(x) for x in g], None),
]
