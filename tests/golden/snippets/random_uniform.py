tf.set_random_seed(1234)
results = [
    tf.random_uniform([3, 2]),
    tf.random_uniform([5], -1.0, 1.0),
    tf.random_uniform([4], 5, 50, tf.int32),
    tf.random_uniform([4], 0, 10**12, tf.int64),
    tf.random_uniform([3], dtype=tf.float64),
    tf.random_uniform([3], dtype=tf.float16),
    tf.random_uniform([3], seed=9),
    tf.random_uniform([], name="named"),
    tf.random_uniform([0]),
    tf.random.uniform([2], maxval=3.0),
    tf.random_uniform([300], name="many")[290:],
    tf.random_uniform(tf.constant([2, 2]), -5, 5, tf.int32, seed=1),
]
FETCHES = [("run_1", results, None), ("run_2", results, None), ("run_3", results, None)]
