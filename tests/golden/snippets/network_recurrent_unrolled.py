tf.set_random_seed(2)
x = tf.constant(np.sin(np.arange(2 * 4 * 3)).reshape(2, 4, 3), tf.float32, name="x")
state = tf.zeros([2, 5])
with tf.variable_scope("rnn") as scope:
    for t, step_input in enumerate(tf.unstack(x, axis=1)):
        if t > 0:
            scope.reuse_variables()
        w = tf.get_variable("w", [8, 5], initializer=tf.orthogonal_initializer())
        b = tf.get_variable("b", [5], initializer=tf.zeros_initializer())
        gate, candidate = tf.split(
            tf.matmul(tf.concat([step_input, state], 1), tf.concat([w, w], 1)) + tf.tile(b, [2]),
            2,
            1,
        )
        state = tf.sigmoid(gate) * state + (1.0 - tf.sigmoid(gate)) * tf.tanh(candidate)
loss = tf.nn.l2_loss(state - 0.5)
optimizer = tf.train.RMSPropOptimizer(0.01)
train = optimizer.minimize(loss)
FETCHES = (
    [("start", [loss, state], None)]
    + [(f"step_{i}", train, None) for i in range(2)]
    + [("end", [loss, w, b], None)]
)
