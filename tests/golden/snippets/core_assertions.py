x = tf.placeholder(tf.float32, [None], name="x")
n = tf.placeholder(tf.int32, [None, 2], name="n")
checks = [
    tf.assert_equal(x, [1.0, 2.0], message="equal"),
    tf.assert_positive(x),
    tf.assert_less(x, 3.0, data=["bound", x]),
    tf.assert_greater_equal(x, 1.0, summarize=2),
    tf.assert_rank(n, 2),
    tf.assert_rank_at_least(x, 1),
    tf.assert_non_negative(n),
]
with tf.control_dependencies(checks):
    y = tf.identity(x)
FETCHES = [
    ("passes", y, {x: [1.0, 2.0], n: [[1, 2]]}),
    ("equal", checks[0], {x: [1.0, 5.0], n: [[1, 2]]}),
    ("less", checks[2], {x: [1.0, 5.0]}),
]
