tf.set_random_seed(1)
x = tf.constant(np.cos(np.arange(12.0)).reshape(6, 2), tf.float32, name="x")
y = tf.constant([[0.0], [1.0], [1.0], [0.0], [1.0], [0.0]], name="y")


def dense(inputs, units, name):
    with tf.variable_scope(name, regularizer=lambda w: 0.01 * tf.nn.l2_loss(w)):
        w = tf.get_variable(
            "w", [inputs.shape[-1].value, units], initializer=tf.glorot_uniform_initializer()
        )
        b = tf.get_variable(
            "b", [units], initializer=tf.constant_initializer(0.1), regularizer=tf.no_regularizer
        )
        return tf.nn.xw_plus_b(inputs, w, b)


hidden = dense(x, 5, "hidden")
mean, variance = tf.nn.moments(hidden, [0])
gamma = tf.get_variable("gamma", [5], initializer=tf.ones_initializer())
normalized = tf.nn.relu(tf.nn.batch_normalization(hidden, mean, variance, None, gamma, 1e-5))
logits = dense(normalized, 1, "logits")
data_loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=logits))
loss = data_loss + tf.add_n(tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES))
step = tf.train.get_or_create_global_step()
optimizer = tf.train.MomentumOptimizer(0.1, 0.9, use_nesterov=True)
gradients, variables = zip(*optimizer.compute_gradients(loss))
clipped, norm = tf.clip_by_global_norm(gradients, 0.5)
train = optimizer.apply_gradients(zip(clipped, variables), global_step=step)
FETCHES = (
    [("start", [loss, norm], None)]
    + [(f"step_{i}", train, None) for i in range(3)]
    + [("end", [loss, data_loss, step, list(variables)], None)]
)
