step = tf.placeholder(tf.int64, [], name="step")
time = tf.placeholder(tf.float32, [], name="time")
rates = [
    tf.train.piecewise_constant(step, [10, 20], [1.0, 0.5, 0.1]),
    tf.train.piecewise_constant_decay(time, [1.0, 2.5], [1, 2, 3], name="PC"),
    tf.train.polynomial_decay(0.1, step, 10, cycle=True),
    tf.train.polynomial_decay(0.1, step, 8, 0.01, 0.5, True, name="PD"),
    tf.train.cosine_decay_restarts(0.1, step, 10),
    tf.train.cosine_decay_restarts(0.1, step, 10, 1.0, 0.5, 0.1, name="C"),
    tf.train.cosine_decay_restarts(0.1, time, tf.constant(5), tf.constant(2.0), tf.constant(0.9)),
]
FETCHES = [
    (f"step_{i}", rates, {step: i, time: i}) for i in (0, 1, 3, 9, 10, 11, 20, 21, 29, 31, 70)
]
