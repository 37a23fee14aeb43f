x = tf.placeholder(tf.float32, [None, 4], name="x")
u = tf.placeholder(tf.float32, name="u")
n = tf.placeholder(tf.int32, [], name="n")
batch = tf.shape(x)[0]
results = [
    tf.reshape(x, [batch, 2, 2]),
    tf.reshape(x, [-1, 2]),
    tf.reshape(x, tf.stack([batch, 4])),
    tf.zeros([batch, 3]),
    tf.fill(tf.stack([2, n]), 1.0),
    tf.tile(x, [2, 1]),
    tf.tile(x, [n, 2]),
    tf.concat([x, x], 0),
    tf.concat([x, x], 1),
    tf.reshape(u, [2, -1]),
    tf.reshape(u, tf.shape(x)),
    tf.zeros_like(x),
    tf.ones(tf.shape(x)),
    tf.range(n),
    tf.random_uniform([n, 5]),
    tf.slice(x, [0, 1], [-1, 2]),
    tf.slice(x, [0, 1], [n, 2]),
    tf.expand_dims(x, -1),
    tf.reduce_sum(x, 0),
    tf.reduce_sum(x, 1, keepdims=True),
    tf.reduce_sum(u, 0),
    tf.reduce_sum(u),
    tf.transpose(x),
    tf.transpose(u),
    tf.squeeze(x, [0]),
    tf.one_hot(n, 3),
    tf.pad(x, [[1, 1], [0, 2]]),
    tf.matmul(x, x, transpose_b=True),
    tf.broadcast_to(x, tf.concat([[2], tf.shape(x)], 0)),
    x + u,
    x * 2.0,
    tf.shape(x)[1:],
    tf.size(x),
    tf.rank(u),
]
u2 = tf.placeholder(tf.float32, name="u2")
u2.set_shape([None, 3])
u2.set_shape([2, None])
merged = tf.identity(u2)
shapes = tf.constant([str(r.shape) for r in results + [merged, u2]], name="static_shapes")
FETCHES = [("shapes", shapes, None)]
