a = tf.random_uniform([3], seed=1)
b = tf.random_normal([3], seed=1)
c = tf.truncated_normal([3], seed=2)
d = tf.random_uniform([3], seed=1)
e = tf.random_shuffle(tf.range(5), seed=1)
FETCHES = [("run_1", [a, b, c, d, e], None), ("only_a", a, None), ("run_3", [a, b, c, d, e], None)]
