tf.set_random_seed(1234)
results = [
    tf.random_normal([3, 2]),
    tf.random_normal([5], 10.0, 0.1),
    tf.random_normal([3], dtype=tf.float64),
    tf.random_normal([3], dtype=tf.float16),
    tf.random_normal([3], seed=9),
    tf.truncated_normal([4, 3]),
    tf.truncated_normal([5], -1.0, 2.0, seed=2),
    tf.truncated_normal([5], dtype=tf.float64),
    tf.random_normal([], name="named"),
    tf.truncated_normal([3], dtype=tf.float16),
    tf.random_normal([300])[290:],
    tf.truncated_normal([300])[290:],
    tf.random.normal([2], stddev=tf.constant(2.0)),
]
FETCHES = [("run_1", results, None), ("run_2", results, None), ("run_3", results, None)]
