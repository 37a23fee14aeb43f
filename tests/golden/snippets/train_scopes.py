with tf.variable_scope("model"):
    w = tf.get_variable("w", initializer=[1.0, 2.0])
    with tf.name_scope("loss"):
        loss = tf.reduce_sum(w * w)
    with tf.name_scope("train"):
        train = tf.train.AdamOptimizer(0.1).minimize(loss)
    momentum = tf.train.MomentumOptimizer(0.1, 0.5).minimize(loss)
with tf.variable_scope("model", reuse=True):
    again = tf.train.AdamOptimizer(0.1, name="Again")
with tf.variable_scope("elsewhere"):
    third = again.minimize(loss)
facts = tf.constant([v.name for v in tf.global_variables()], name="facts")
FETCHES = [
    ("facts", facts, None),
    ("adam", train, None),
    ("momentum", momentum, None),
    ("third", third, None),
    ("w", w, None),
]
