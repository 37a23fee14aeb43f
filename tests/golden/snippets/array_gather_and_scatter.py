x = tf.constant(np.arange(12.0).reshape(4, 3), tf.float32, name="x")
i = tf.constant([2, 0, 2], name="i")
p = tf.placeholder(tf.int64, [None], name="p")
results = [
    tf.gather(x, i),
    tf.gather(x, 1),
    tf.gather(x, i, axis=1),
    tf.gather(x, [[0, 1], [2, 3]]),
    tf.gather(x, p),
    tf.gather_nd(x, [[0, 1], [3, 2]]),
    tf.gather_nd(x, [[1]]),
    tf.batch_gather(x, tf.constant([[0], [1], [2], [0]])),
]
dense = [
    tf.scatter_nd(tf.constant([[1], [3], [1]]), tf.constant([1.0, 2.0, 4.0]), tf.constant([5]))
]
rest = [
    tf.invert_permutation([2, 0, 1]),
    tf.dynamic_partition([1.0, 2.0, 3.0], [1, 0, 1], 2),
    tf.dynamic_stitch([[0, 2], [1]], [[1.0, 3.0], [2.0]]),
    tf.unique([3, 1, 3]),
    tf.unique_with_counts([3, 1, 3]),
    tf.setdiff1d([1, 2, 3], [2]),
    tf.unsorted_segment_sum(x, [0, 1, 0, 1], 2),
    tf.segment_sum(x, [0, 0, 1, 1]),
    tf.sequence_mask([1, 3]),
    tf.meshgrid([1, 2], [3, 4, 5]),
    tf.where([[True, False], [True, True]]),
    tf.nn.top_k([3.0, 1.0, 2.0], 2),
    tf.unsorted_segment_max(x, [0, 1, 0, 1], 2),
    tf.unsorted_segment_mean(x, [0, 1, 0, 1], 2),
]
gradients = [tf.convert_to_tensor(tf.gradients(r * r, x)[0]) for r in results]
FETCHES = [
    ("results", results, {p: [3, 3]}),
    ("rest", dense + rest, None),
    ("gradients", gradients, {p: [3, 3]}),
]
