x = tf.constant([[1.0, 2.0], [3.0, 4.5]], tf.float64, name="x")
w = tf.constant([[0.5, -1.0], [2.0, 0.25]], tf.float64, name="w")
b = tf.constant([[[1.0, 2.0], [0.5, 1.0]], [[2.0, 1.0], [1.5, -1.0]]], tf.float64, name="b")
y = tf.matmul(tf.matmul(x, w, transpose_b=True), x)
first = tf.gradients(y * y, [x, w])
second = tf.gradients([tf.reduce_sum(first[0] ** 2), tf.reduce_sum(first[1] ** 2)], [x, w])
batched = tf.gradients(tf.matmul(b, b, transpose_a=True) ** 2, b)
batched_second = tf.gradients(batched[0] ** 2, b)
FETCHES = [
    ("first", first, None),
    ("second", second, None),
    ("batched", batched + batched_second, None),
]
