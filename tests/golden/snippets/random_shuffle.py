tf.set_random_seed(1)
x = tf.constant(np.arange(12).reshape(6, 2), name="x")
results = [
    tf.random_shuffle(x),
    tf.random_shuffle(tf.range(10), seed=3),
    tf.random_shuffle(tf.constant(["a", "b", "c"])),
    tf.random.shuffle([1.0]),
    tf.random_shuffle(tf.range(10), name="named"),
]
FETCHES = [("run_1", results, None), ("run_2", results, None)]
