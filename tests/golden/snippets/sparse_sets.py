a = tf.SparseTensor([[0, 0, 0], [0, 0, 1], [0, 1, 0], [1, 1, 0]], [9, 2, 5, 4], [2, 2, 2])
b = tf.SparseTensor([[0, 0, 0], [1, 0, 0], [1, 1, 0], [1, 1, 1]], [9, 3, 4, 7], [2, 2, 2])
dense = tf.constant([[3, 1, 3], [4, 4, 4]], name="dense")
other = tf.constant([[1, 5], [4, 6]], name="other")
pairs = [(a, b), (dense, other)]
results = [f(x, y) for f in (tf.sets.union, tf.sets.intersection) for x, y in pairs]
results += [tf.sets.difference(x, y, aminusb) for x, y in pairs for aminusb in (True, False)]
mixed = tf.sets.intersection(dense, tf.sparse.from_dense(other))
texts = tf.sets.set_union([["b", "a"]], [["c", "a"]], validate_indices=False)
sizes = [tf.sets.size(r) for r in results] + [tf.sets.set_size(a), tf.sets.size(mixed, False)]
FETCHES = [
    ("results", results, None),
    ("mixed", mixed, None),
    ("texts", texts, None),
    ("older_names", [tf.sets.set_difference(dense, other), tf.sets.set_intersection(a, b)], None),
    ("sizes", sizes, None),
]
