t = tf.constant([[0.0, 1.0, 2.5]], name="t")
rate = tf.constant([[0.1, -1.0, 0.5]], name="rate")
poisson = tf.nn.log_poisson_loss(t, rate)
full = tf.nn.log_poisson_loss(t, rate, compute_full_loss=True, name="full")
grads = tf.gradients(full, [t, rate])
p = tf.placeholder(tf.int64, None, name="p")
q = tf.placeholder(tf.int32, [None], name="q")
known = [
    tf.confusion_matrix([1, 2, 4], [2, 2, 4]),
    tf.math.confusion_matrix([[1], [0]], [1, 1], 2, tf.float32, name="cm", weights=[0.5, 2]),
]
dynamic = [tf.confusion_matrix(p, q), tf.confusion_matrix(q, p, num_classes=tf.constant(3))]
FETCHES = [
    ("poisson", [poisson, full, grads], None),
    ("known", known, None),
    ("dynamic", dynamic, {p: [1, 0, 2], q: [1, 1, 2]}),
    ("squeezed", dynamic, {p: [[1], [0], [2]], q: [1, 1, 2]}),
    ("negative", dynamic[0], {p: [1, 0, -2], q: [1, 1, 2]}),
    ("outside", dynamic[1], {p: [1, 0, 3], q: [1, 1, 2]}),
]
