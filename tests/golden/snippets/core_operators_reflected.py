x = tf.constant([[1.0, 2.0], [3.0, 4.0]], name="x")
n = tf.constant([3, -5, 7], name="n")
p = tf.constant([True, False], name="p")
results = [
    1 + x,
    1.5 - x,
    2 * x,
    2.0 / x,
    7 // x,
    7 % x,
    2**x,
    np.ones([2, 2], np.float32) @ x,
    [1.0, 2.0] + x,
    [[1.0], [2.0]] - x,
    np.float32(3) * x,
    (8, 9) / x,
    20 // n,
    20 % n,
    20 / n,
    20 - n,
    3 * n,
    1 + n,
    True & p,
    [True, True] ^ p,
    False | p,
    1.0 < x,
    2 >= x,
]
FETCHES = [("results", results, None)]
