nothing = tf.losses.get_regularization_loss()
x = tf.constant([1.0, 2.0], name="x")
with tf.variable_scope("model", regularizer=lambda v: tf.reduce_sum(v * v)):
    w = tf.get_variable("w", initializer=[3.0, 4.0])
with tf.name_scope("first"):
    tf.losses.add_loss(x[0] * 2)
tf.losses.add_loss(x[1], "others")
tf.losses.add_loss(x[1], None)
tf.losses.mean_squared_error(x, w)
sums = [
    tf.losses.get_regularization_loss(),
    tf.losses.get_regularization_loss("model", name="of_model"),
    tf.losses.get_total_loss(),
    tf.losses.get_total_loss(False, name="only"),
    tf.losses.get_total_loss(scope="first"),
]
sums += tf.losses.get_losses() + tf.losses.get_losses("first")
sums += tf.losses.get_losses(loss_collection="others") + tf.losses.get_regularization_losses()
train = tf.train.GradientDescentOptimizer(0.1).minimize(tf.losses.get_total_loss())
FETCHES = [("nothing", nothing, None), ("sums", sums, None), ("train", train, None), ("w", w, None)]
