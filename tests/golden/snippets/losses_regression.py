x = tf.Variable([[1.0, 2.0], [3.0, -4.0]], name="x")
y = tf.constant([[1.0, 0.0], [1.0, 1.0]], name="y")
z = tf.placeholder(tf.float32, [None, 3], name="z")
u = tf.placeholder(tf.float32, None, name="u")
losses = [
    tf.losses.absolute_difference(y, x, 2.0),
    tf.losses.cosine_distance(y, x, 1, scope="angle"),
    tf.losses.cosine_distance(y, x, dim=0, reduction="none"),
    tf.losses.huber_loss(y, x, weights=[[1.0], [0.5]]),
    tf.losses.huber_loss(y, x, delta=3.0),
    tf.losses.mean_squared_error(y, x, reduction="weighted_sum"),
    tf.losses.mean_squared_error([1, 2], [3, 5], [2, 0], loss_collection="mine"),
    tf.losses.mean_pairwise_squared_error(y, x),
    tf.losses.mean_pairwise_squared_error(y, x, [[1.0], [0.0]]),
]
dynamic = [
    tf.losses.mean_pairwise_squared_error(z, 2 * z, 0.5),
    tf.losses.mean_squared_error(z, u),
    tf.losses.mean_pairwise_squared_error(u, z),
]
grads = tf.gradients(losses[0] + losses[1] + losses[3] + losses[7], x)
FETCHES = [
    ("losses", losses, None),
    ("grads", grads, None),
    ("dynamic", dynamic, {z: [[1, 2, 4], [0, 1, 0]], u: [[1, 1, 1], [2, 2, 1]]}),
]
