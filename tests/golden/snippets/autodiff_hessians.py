# TensorFlow builds a loop here, node by node an implementation detail.
VALUES_ONLY = True
x = tf.Variable([1.0, 2.0], dtype=tf.float64, name="x")
w = tf.constant([[1.0, 2.0], [3.0, 4.0]], tf.float64, name="w")
y = tf.reduce_sum(x**3) + x[0] * x[1]
z = tf.reduce_sum(tf.matmul(w, w) ** 2)
FETCHES = [("hessians", tf.hessians(y, x), None), ("matrix", tf.hessians(z, w, name="of_z"), None)]
