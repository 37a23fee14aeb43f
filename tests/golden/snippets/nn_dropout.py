tf.set_random_seed(5)
x = tf.ones([4, 5], name="x")
keep = tf.placeholder(tf.float32, [], name="keep")
a = tf.nn.dropout(x, 0.5)
b = tf.nn.dropout(x, keep)
c = tf.nn.dropout(x, rate=0.25, seed=3, name="named")
d = tf.nn.dropout(x, 0.8, noise_shape=[4, 1])
e = tf.nn.dropout(x, 1.0)
gradient = tf.gradients([a, b, c], x)
feed = {keep: 0.6}
FETCHES = [
    ("run_1", [a, b, c, d, e], feed),
    ("run_2", [a, b, c, d, e], feed),
    ("gradient", [gradient, a, b, c], feed),
]
