x = tf.reshape(tf.range(24.0), [2, 3, 4], name="x")
v = tf.range(10, name="v")
results = [
    v[3],
    v[-1],
    v[2:5],
    v[:3],
    v[7:],
    v[::2],
    v[::-1],
    v[8:2:-2],
    v[-3:-1],
    v[:],
    v[5:2],
    v[20:],
    v[np.int64(4)],
    x[0],
    x[1, 2, 3],
    x[:, 1],
    x[..., 0],
    x[0, ..., 1:3],
    x[:, :, ::-1],
    x[tf.newaxis],
    x[:, None, 1],
    x[..., None],
    x[1, ..., None, 2],
    x[0:1, 1:, :-1],
    x[-1, -2:, -3:-1],
    x[...],
    x[:, tf.newaxis, ..., tf.newaxis, 0],
]
shapes = tf.constant([str(r.shape) for r in results], name="static_shapes")
FETCHES = [("results", results, None), ("shapes", shapes, None)]
