tf.set_random_seed(777)
with tf.variable_scope("layer"):
    w = tf.get_variable("w", [3, 2], initializer=tf.random_normal_initializer())
    u = tf.get_variable("u", [2], initializer=tf.random_uniform_initializer(seed=5))
v = tf.Variable(tf.random_normal([2, 2]), name="v")
t = tf.Variable(tf.truncated_normal([3], stddev=0.1), name="t")
x = tf.random_uniform([2])
FETCHES = [
    ("variables", [w, u, v, t], None),
    ("x", x, None),
    ("again", [tf.global_variables_initializer()], None),
    ("after", [w, u, v, t, x], None),
]
