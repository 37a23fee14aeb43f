tf.set_random_seed(7)
images = tf.placeholder(tf.float32, [None, 6, 6, 1], name="images")
labels = tf.placeholder(tf.int64, [None], name="labels")
training = tf.placeholder(tf.bool, [], name="training")
regularizer = tf.contrib.layers.l2_regularizer(0.01)
net = tf.layers.conv2d(images, 4, 3, padding="same", activation=tf.nn.relu, name="conv")
net = tf.layers.max_pooling2d(net, 2, 2)
net = tf.layers.batch_normalization(net, training=training, momentum=0.8)
net = tf.layers.flatten(net)
net = tf.layers.dense(net, 8, use_bias=False, kernel_regularizer=regularizer)
net = tf.layers.batch_normalization(net, training=training, momentum=0.8)
net = tf.nn.relu(net)
net = tf.layers.dropout(net, 0.25, training=training)
logits = tf.layers.dense(net, 2, kernel_regularizer=regularizer, name="logits")
loss = tf.reduce_mean(
    tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
) + tf.add_n(tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES))
with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
    train = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
batch = {
    images: np.sin(np.arange(8 * 36) * 0.7).reshape(8, 6, 6, 1),
    labels: [0, 1, 0, 1, 1, 1, 0, 0],
}
FETCHES = [
    ("first loss", loss, {**batch, training: False}),
    *[(f"step {i}", [train, loss], {**batch, training: True}) for i in range(1)],
    ("last loss", loss, {**batch, training: False}),
    ("averages", [v for v in tf.global_variables() if "moving" in v.name], None),
]
