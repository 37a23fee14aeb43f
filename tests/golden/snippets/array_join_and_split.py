x = tf.constant(np.arange(6.0).reshape(2, 3), tf.float32, name="x")
y = tf.constant(np.arange(6.0).reshape(2, 3) * -1.0, tf.float32, name="y")
p = tf.placeholder(tf.float32, [None, 3], name="p")
axis = tf.placeholder(tf.int32, [], name="axis")
joined = [
    tf.concat([x, y], 0),
    tf.concat([x, y, x], 1),
    tf.concat([x, y], -1),
    tf.concat(x, 0),
    tf.concat([x, p], 0),
    tf.concat([x, y], axis),
    tf.stack([x, y]),
    tf.stack([x, y], axis=1),
    tf.stack([x, y], axis=-1),
    tf.stack([1, 2, 3]),
    tf.concat([p, p], 1),
]
cut = [
    tf.split(x, 3, 1),
    tf.split(x, [1, 2], 1),
    tf.split(x, 2),
    tf.split(p, 3, axis=1),
    tf.split(x, [1, -1], axis=1, name="cut"),
    tf.unstack(x),
    tf.unstack(x, axis=1),
    tf.unstack(p, axis=1),
    tf.split(x, axis=0, num_or_size_splits=1),
]
weighted = [j * j for j in joined if j.dtype.is_floating]
weighted += [c * float(i + 2) for parts in cut for i, c in enumerate(parts)]
gradients = [[g for g in tf.gradients(w, [x, y, p]) if g is not None] for w in weighted]
feed = {p: [[7.0, 8.0, 9.0]], axis: 1}
FETCHES = [("joined", joined, feed), ("cut", cut, feed), ("gradients", gradients, feed)]
