a = tf.constant([7, -7, 8, -8], name="a")
b = tf.constant([3, 3, -3, -3], name="b")
c = tf.constant([7, 250], tf.uint8, name="c")
d = tf.constant([7, -7], tf.int64, name="d")
results = [
    a + b,
    a - b,
    a * b,
    a / b,
    a // b,
    a % b,
    a ** tf.constant([2, 3, 2, 1]),
    -a,
    abs(a),
    c + 3,
    c // 2,
    c * 2,
    c / 2,
    d / 2,
    d // 2,
    d % 3,
    tf.constant([2], tf.int8) / tf.constant([3], tf.int8),
    tf.div(a, b),
    tf.truediv(a, b),
    tf.floordiv(a, b),
    tf.truncatediv(a, b),
    tf.truncatemod(a, b),
    tf.mod(a, b),
]
FETCHES = [("results", results, None)]
