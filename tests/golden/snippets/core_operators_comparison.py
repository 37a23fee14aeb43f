x = tf.constant([1.0, 2.0, 3.0], name="x")
y = tf.constant([3.0, 2.0, 1.0], name="y")
p = tf.constant([True, False, True], name="p")
q = tf.constant([True, True, False], name="q")
results = [x < y, x <= y, x > y, x >= y, x < 2, x >= 2.0, tf.equal(x, 2.0), tf.not_equal(x, y)]
logic = [
    p & q,
    p | q,
    p ^ q,
    ~p,
    tf.logical_and(p, q),
    tf.logical_or(p, q),
    tf.logical_xor(p, q),
    tf.logical_not(p),
]
python = tf.constant([x == y, x == x, x != y], name="python_equality")
FETCHES = [("results", results, None), ("logic", logic, None), ("python", python, None)]
