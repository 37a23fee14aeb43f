x = tf.constant(np.sin(np.arange(64.0)).reshape(2, 32), tf.float32, name="x")
y = tf.constant(np.cos(np.arange(60.0)).reshape(2, 10, 3), tf.float64, name="y")
f = tf.constant(np.sin(np.arange(40.0)).reshape(2, 5, 4), tf.float32, name="f")
n = tf.placeholder(tf.int32, [], name="n")
u = tf.placeholder(tf.float32, [None, None], name="u")
v = tf.placeholder(tf.float32, None, name="v")
windows = [
    tf.signal.hann_window(16),
    tf.signal.hann_window(15, periodic=False, dtype=tf.float64),
    tf.signal.hamming_window(8, name="named"),
    tf.signal.hamming_window(8, periodic=False),
    tf.signal.hann_window(1),
]
framed = [
    tf.signal.frame(x, 4, 2),
    tf.signal.frame(x, 5, 3, pad_end=True, pad_value=1.0),
    tf.signal.frame(y, 4, 3, axis=1),
    tf.signal.frame(x, 40, 3),
    tf.signal.overlap_and_add(f, 2),
    tf.signal.overlap_and_add(f, 3, name="odd"),
    tf.signal.overlap_and_add(f, 4),
    tf.signal.overlap_and_add(f, 6),
]
unknown = [
    tf.signal.hann_window(n),
    tf.signal.frame(u, 4, 2),
    tf.signal.frame(u, 4, 3, pad_end=True),
    tf.signal.frame(v, 4, 2),
    tf.signal.overlap_and_add(u, 2),
]
gradients = [[g for g in tf.gradients(r * r, [x, y, f]) if g is not None] for r in framed]
of_unknown = [tf.gradients(r * r, [u, v])[i] for r, i in zip(unknown[1:], (0, 0, 1, 0))]
numbers = np.arange(16.0).reshape(2, 8)
feed = {n: 5, u: numbers, v: numbers[0]}
FETCHES = [
    ("windows", windows, None),
    ("framed", framed, None),
    ("unknown", unknown, feed),
    ("one", unknown[0], {n: 1}),
    ("gradients", gradients, None),
    ("of unknown", of_unknown, feed),
]
