values = [
    tf.constant(1.0),
    tf.Variable(1.0),
    tf.get_variable("v", [2]),
    tf.SparseTensor([[0, 0]], [1], [1, 1]),
    tf.IndexedSlices(tf.constant([1.0]), tf.constant([0])),
    3,
    np.ones(2),
    [tf.constant(2.0)],
    tf.get_default_graph(),
    tf.no_op(),
]
answers = tf.constant([tf.is_tensor(v) for v in values])
FETCHES = [("answers", answers, None)]
