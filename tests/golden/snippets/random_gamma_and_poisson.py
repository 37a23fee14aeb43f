tf.set_random_seed(8)
a = tf.random_gamma([4], 2.0)
b = tf.random_gamma([2], [0.5, 3.0], beta=2.0, seed=4)
c = tf.random_poisson(3.0, [4])
FETCHES = [("run_1", [a, b, c], None), ("run_2", [a, b, c], None)]
