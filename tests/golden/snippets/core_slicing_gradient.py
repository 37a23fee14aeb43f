x = tf.reshape(tf.range(24.0), [2, 3, 4], name="x")
p = tf.placeholder(tf.float32, [None, 3], name="p")
i = tf.placeholder(tf.int32, [], name="i")
parts = [x[0], x[:, 1:3], x[..., ::-1], x[:, None, 1], p[1:], p[i], p[:, i:]]
weighted = [tf.reduce_sum(part * part) for part in parts]
first = tf.gradients(weighted, [x, p])
second = tf.gradients(tf.reduce_sum(first[0] ** 2), x)
feed = {p: np.arange(6.0).reshape(2, 3), i: 1}
FETCHES = [("first", first, feed), ("second", second, feed)]
