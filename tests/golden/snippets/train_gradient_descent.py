x = tf.placeholder(tf.float32, [None, 2], name="x")
w = tf.Variable([[1.0], [2.0]], name="w")
b = tf.Variable([0.5], name="b")
loss = tf.reduce_mean(tf.square(tf.matmul(x, w) + b))
train = tf.train.GradientDescentOptimizer(0.05).minimize(loss)
named = tf.train.GradientDescentOptimizer(tf.constant(0.1), name="SGD").minimize(
    loss, var_list=[w], name="only_w"
)
locking = tf.train.GradientDescentOptimizer(0.1, use_locking=True).minimize(loss, var_list=[b])
feed = {x: [[1.0, 2.0], [3.0, -1.0]]}
FETCHES = [
    ("step_1", train, feed),
    ("after_1", [w, b], None),
    ("named", named, feed),
    ("locking", locking, feed),
    ("after_2", [w, b, loss], feed),
]
