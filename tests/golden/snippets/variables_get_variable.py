a = tf.get_variable("a", [2, 3])
b = tf.get_variable("b", [4], tf.float64, tf.zeros_initializer())
c = tf.get_variable("c", initializer=tf.constant([1.0, 2.0]))
d = tf.get_variable("d", initializer=[[1, 2]])
e = tf.get_variable("e", [2], trainable=False, initializer=tf.ones_initializer)
f = tf.get_variable("f", [3], tf.int32)
g = tf.get_variable("g", [2], tf.bool)
h = tf.get_variable("dir/h", shape=(), initializer=tf.constant_initializer(7.0))
i = tf.get_local_variable("i", [2], initializer=tf.zeros_initializer())
j = tf.get_variable(
    "j", [2], collections=["mine", tf.GraphKeys.GLOBAL_VARIABLES], initializer=tf.ones_initializer()
)
k = tf.get_variable(
    "k", [2], regularizer=lambda t: tf.reduce_sum(t * t), initializer=tf.ones_initializer()
)
m = tf.get_variable(
    "m", [2], constraint=tf.abs, initializer=tf.zeros_initializer(), caching_device="/cpu:0"
)
with tf.name_scope("ignored"):
    n = tf.get_variable("n", [1], initializer=tf.zeros_initializer())
o = tf.get_variable("o", initializer=lambda: tf.fill([2], 3.0))
losses = tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
FETCHES = [
    ("values", [b, c, d, e, f, g, h, j, k, m, n, o] + losses, None),
    ("i", i, None),
    ("init", tf.local_variables_initializer(), None),
    ("i_2", i, None),
]
