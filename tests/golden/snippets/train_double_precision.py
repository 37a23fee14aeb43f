w = tf.Variable([1.0, 2.0], dtype=tf.float64, name="w")
loss = tf.reduce_sum(w**3)
FETCHES = []
for optimizer in (
    tf.train.GradientDescentOptimizer(0.01),
    tf.train.MomentumOptimizer(0.01, 0.9),
    tf.train.AdamOptimizer(0.01),
    tf.train.AdagradOptimizer(0.01),
    tf.train.RMSPropOptimizer(0.01),
):
    train = optimizer.minimize(loss)
    FETCHES += [
        (optimizer.get_name() + "_1", train, None),
        (optimizer.get_name() + "_2", train, None),
        (optimizer.get_name(), w, None),
    ]
