x = tf.constant([[1.0, 8.0], [2.0, -3.0], [0.5, 4.0], [0.0, 2.0], [3.0, 0.0]], name="x")
ids = tf.constant([0, 0, 1, 3, 3], name="ids")
mixed = tf.constant([2, 0, 2, -1, 0], name="mixed")
rows = tf.constant([4, 0, 3, 3], name="rows")
of_rows = tf.constant([0, 0, 2, 2], name="of_rows")
sorted_ones = [
    f(x, ids)
    for f in (
        tf.segment_sum,
        tf.segment_mean,
        tf.segment_max,
        tf.segment_min,
        tf.segment_prod,
    )
]
unsorted = [
    f(x, mixed, 4)
    for f in (
        tf.unsorted_segment_sum,
        tf.unsorted_segment_mean,
        tf.unsorted_segment_sqrt_n,
        tf.unsorted_segment_max,
        tf.unsorted_segment_min,
        tf.unsorted_segment_prod,
    )
]
sparse = [
    f(x, rows, of_rows, num_segments=n)
    for f in (tf.sparse_segment_sum, tf.sparse_segment_mean, tf.sparse_segment_sqrt_n)
    for n in (None, 5)
]
everything = sorted_ones + unsorted + sparse
differentiable = [r for i, r in enumerate(everything) if i != 4]
gradients = [tf.gradients(r, x)[0] for r in differentiable]
ends = tf.placeholder(tf.int32, [None], name="ends")
FETCHES = [
    ("sorted", sorted_ones, None),
    ("unsorted", unsorted, None),
    ("sparse", sparse, None),
    ("gradients", gradients, None),
    ("named", tf.math.segment_sum([5, 6, 7], [0, 0, 1], name="whole"), None),
    ("unordered", tf.segment_sum(x, ends), {ends: [1, 0, 0, 0, 0]}),
    ("outside", tf.unsorted_segment_sum(x, ends, 2), {ends: [0, 2, 0, 0, 0]}),
    ("short", tf.segment_max(x, ends), {ends: [0]}),
]
