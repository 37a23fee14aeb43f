tf.set_random_seed(42)
a = tf.random_uniform([3], name="a")
b = tf.random_uniform([3], seed=7, name="b")
c = tf.random_normal([3], name="c")
with tf.name_scope("scope"):
    d = tf.random_normal([3], name="d")
tf.set_random_seed(43)
e = tf.random_uniform([3], name="e")
f = tf.random_uniform([3], seed=7, name="f")
tf.set_random_seed(None)
g = tf.random_uniform([3], name="g")
h = tf.random_uniform([3], seed=7, name="h")
i = tf.random_uniform([3], seed=0, name="i")
tf.set_random_seed(0)
j = tf.random_uniform([3], seed=0, name="j")
FETCHES = [
    ("first", [a, b, c, d, e, f, h, i, j], None),
    ("second", [a, b, c, d, e, f, h, i, j], None),
]
