x = tf.constant([-7.0, -1.5, -0.2, 0.0, 0.3, 2.0, 8.0], tf.float64, name="x")
results = [
    tf.nn.relu(x),
    tf.nn.relu6(x),
    tf.nn.elu(x),
    tf.nn.selu(x),
    tf.nn.leaky_relu(x),
    tf.nn.leaky_relu(x, 0.1),
    tf.nn.sigmoid(x),
    tf.nn.tanh(x),
    tf.nn.softplus(x),
    tf.nn.softsign(x),
    tf.nn.crelu(x),
    tf.nn.swish(x),
    tf.nn.relu(x, name="named"),
    tf.log_sigmoid(x),
]
gradients = [tf.gradients(r, x)[0] for r in results]
second = [tf.gradients(g * g, x)[0] for i, g in enumerate(gradients) if i != 9]
FETCHES = [("results", results, None), ("gradients", gradients, None), ("second", second, None)]
