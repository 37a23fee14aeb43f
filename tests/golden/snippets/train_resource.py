with tf.variable_scope("scope", use_resource=True):
    w = tf.get_variable("w", initializer=[1.0, 2.0])
    u = tf.get_variable("u", initializer=[0.5, 0.25])
step = tf.train.create_global_step()
loss = tf.reduce_sum(w * w + u)
cases = [
    tf.train.GradientDescentOptimizer(0.1),
    tf.train.MomentumOptimizer(0.1, 0.9),
    tf.train.MomentumOptimizer(0.1, 0.9, use_nesterov=True, name="Nesterov"),
    tf.train.AdamOptimizer(0.1),
]
FETCHES = []
for optimizer in cases:
    train = optimizer.minimize(loss, global_step=step)
    FETCHES += [(optimizer.get_name() + f"_{i}", train, None) for i in range(2)]
    FETCHES.append((optimizer.get_name(), [w, u, step] + optimizer.variables(), None))
