tf.set_random_seed(9)
step = tf.placeholder(tf.int64, [], name="step")
time = tf.placeholder(tf.float32, [], name="time")
smooth = [
    tf.train.natural_exp_decay(0.1, step, 10, 0.5),
    tf.train.natural_exp_decay(0.1, time, 10, 0.5, staircase=True, name="stairs"),
    tf.train.inverse_time_decay(0.1, step, 4, 0.5),
    tf.train.inverse_time_decay(0.1, time, 4, 0.5, True, name="I"),
    tf.train.cosine_decay(0.1, step, 10),
    tf.train.cosine_decay(tf.constant(0.2), time, 10, alpha=0.1, name="C"),
    tf.train.linear_cosine_decay(0.1, step, 10),
    tf.train.linear_cosine_decay(0.1, time, 10, 2.0, 0.1, 0.01, name="L"),
    tf.train.exponential_decay(0.1, step, 10, 0.5, True, name="E"),
    tf.train.polynomial_decay(0.1, step, 8, 0.01, 2.0),
]
noisy = [
    tf.train.noisy_linear_cosine_decay(0.1, step, 10),
    tf.train.noisy_linear_cosine_decay(0.1, time, 10, 0.5, 0.3, 1.5, 0.1, 0.01, name="N"),
]
FETCHES = [(f"step_{i}", smooth + noisy, {step: i, time: i}) for i in (0, 1, 5, 9, 10, 25)]
