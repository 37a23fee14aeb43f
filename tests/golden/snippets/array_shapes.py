x = tf.constant(np.arange(24.0).reshape(2, 3, 4), tf.float32, name="x")
u = tf.placeholder(tf.float32, name="u")
p = tf.placeholder(tf.float32, [None, 2], name="p")
results = [
    tf.shape(x),
    tf.shape(x, out_type=tf.int64),
    tf.size(x),
    tf.rank(x),
    tf.shape_n([x, x[0]]),
    tf.shape(p),
    tf.size(p),
    tf.rank(u),
    tf.shape(u),
    tf.reshape(x, [6, 4]),
    tf.reshape(x, [-1]),
    tf.reshape(x[0, 0, 0], []),
    tf.expand_dims(x, 0),
    tf.expand_dims(x, -1),
    tf.squeeze(tf.ones([1, 3, 1])),
    tf.squeeze(tf.ones([1, 3, 1]), [2]),
    tf.transpose(x),
    tf.transpose(x, [0, 2, 1]),
    tf.transpose(u),
    tf.transpose(p),
    tf.identity(x),
    tf.stop_gradient(x),
    tf.reshape(u, tf.shape(p)),
    tf.broadcast_to([1.0, 2.0], [3, 2]),
    tf.reshape(p, [2, -1]),
    tf.identity_n([x, p]),
    tf.broadcast_dynamic_shape([2, 1], [3]),
    tf.constant(tf.broadcast_static_shape(tf.TensorShape([2, 1]), tf.TensorShape([3])).as_list()),
    tf.size(u, out_type=tf.int64),
    tf.shape(x[:, 0]),
    tf.guarantee_const(x[0]),
]
feed = {u: [[1.0, 2.0]], p: [[3.0, 4.0]]}
gradients = tf.gradients(
    [results[9], results[12], results[15], results[17], results[23], results[24], results[19]],
    [x, p],
)
FETCHES = [("results", results, feed), ("gradients", gradients, feed)]
