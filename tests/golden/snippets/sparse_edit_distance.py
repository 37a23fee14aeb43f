sa = tf.SparseTensor([[0, 0], [0, 1], [1, 0]], [1, 2, 3], [2, 2])
sb = tf.SparseTensor([[0, 0], [1, 0], [1, 1]], [2, 3, 7], [2, 3])
ed = tf.edit_distance(sa, sb)
ed2 = tf.edit_distance(
    tf.SparseTensor([[0, 0], [0, 1]], ["a", "b"], [1, 2]),
    tf.SparseTensor([[0, 0], [0, 1], [0, 2]], ["a", "x", "b"], [1, 3]),
    normalize=False,
    name="ed2",
)
FETCHES = [("ed", [ed, ed2], None)]
