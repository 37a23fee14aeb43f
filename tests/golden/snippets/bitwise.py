x = tf.constant([1, 5, 127, 100, -1, 3], tf.int32, name="x")
y = tf.constant([0, 1, 7, 40, 3, -1], tf.int32, name="y")
b = tf.constant([[1], [200]], tf.uint8, name="b")
c = tf.constant([0, 1, 9], tf.uint8, name="c")
results = [
    tf.bitwise.bitwise_and(x, y),
    tf.bitwise.bitwise_or(x, y),
    tf.bitwise.bitwise_xor(x, y, name="named"),
    tf.bitwise.left_shift(x, y),
    tf.bitwise.right_shift(x, y),
    tf.bitwise.invert(x),
    tf.bitwise.bitwise_and(b, c),
    tf.bitwise.bitwise_or(b, 3),
    tf.bitwise.left_shift(b, c),
    tf.bitwise.right_shift(b, c),
    tf.bitwise.invert(b),
]
FETCHES = [("results", results, None)]
