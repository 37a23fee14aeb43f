x = tf.constant([[1.0, 2.0], [3.0, 4.0]], name="x")
y = tf.constant([[5.0, 6.0], [7.0, 8.5]], name="y")
results = [
    x + y,
    x - y,
    x * y,
    x / y,
    x // y,
    x % y,
    x**y,
    -x,
    abs(-x),
    x @ y,
    x + 1,
    x - 1.5,
    x * np.float32(2),
    x / 2,
    x // 2,
    x % 2,
    x**2,
    x @ np.ones([2, 1], np.float32),
    x + [1.0, 2.0],
    x * np.array([[1.0], [2.0]], np.float32),
    x**0.5,
    x + (1, 2),
]
FETCHES = [("results", results, None)]
