n = tf.placeholder(tf.int32, [], name="n")
x = tf.placeholder(tf.float32, [3, 4, None], name="x")
values = [
    tf.constant([1, 2]),
    tf.shape(tf.zeros([2, 3])),
    tf.size(tf.zeros([2, 3])),
    tf.rank(tf.zeros([2, 3])),
    tf.range(2, 8, 2),
    tf.cast(tf.constant([1.7, 2.2]), tf.int32),
    tf.concat([[1], [2, 3]], 0),
    tf.fill([2], 3),
    tf.stack([1, 2]),
    tf.equal(1, 2),
    tf.not_equal([1, 2], [1, 3]),
    n,
    tf.stack([n, 2]),
    tf.shape(x),
    tf.constant("a"),
    tf.concat([n[None], [2]], 0),
    tf.constant(1) + 1,
]
reshaped = [tf.reshape(x, [v, -1]).shape for v in (tf.rank(x), tf.size(tf.shape(x)), n)]
static = tf.constant([str(s) for s in reshaped], name="static")
filled = [
    tf.zeros(v).shape
    for v in (values[0], values[1], values[4], values[6], values[7], values[12], values[13])
]
FETCHES = [
    ("static", static, None),
    ("filled", tf.constant([str(s) for s in filled], name="filled"), None),
]
