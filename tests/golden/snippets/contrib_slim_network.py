tf.set_random_seed(7)
slim = tf.contrib.slim
x = tf.placeholder(tf.float32, [None, 8, 8, 2], name="x")
labels = tf.placeholder(tf.int64, [None], name="labels")
training = tf.placeholder(tf.bool, [], name="training")
with slim.arg_scope(
    [slim.conv2d, slim.fully_connected], weights_regularizer=slim.l2_regularizer(0.01)
):
    net = slim.conv2d(x, 4, [3, 3], scope="conv1", outputs_collections="ends")
    net = slim.max_pool2d(net, [2, 2], scope="pool1", outputs_collections="ends")
    with slim.arg_scope([slim.batch_norm], is_training=training, decay=0.8):
        net = slim.batch_norm(net, scope="norm")
    net = slim.repeat(net, 2, slim.conv2d, 4, [3, 3], scope="conv2")
    net = slim.flatten(net)
    net = slim.fully_connected(net, 8)
    net = slim.dropout(net, 0.8, is_training=training)
    logits = slim.fully_connected(net, 2, activation_fn=None, scope="logits")
predictions = slim.softmax(logits)
tf.losses.sparse_softmax_cross_entropy(labels, logits)
loss = tf.losses.get_total_loss()
updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
with tf.control_dependencies(updates):
    after = tf.identity(loss)
train = slim.learning.create_train_op(
    after,
    tf.train.GradientDescentOptimizer(0.1),
    update_ops=updates[:1],
    clip_gradient_norm=2.0,
    summarize_gradients=True,
)
other = slim.learning.create_train_op(
    loss,
    tf.train.MomentumOptimizer(0.1, 0.9),
    update_ops=updates[1:],
    variables_to_train=slim.get_variables("logits"),
    gradient_multipliers={"logits/weights": 0.5},
    check_numerics=False,
    global_step=None,
)
step = slim.get_or_create_global_step()
batch = {x: np.sin(np.arange(4 * 128) * 0.7).reshape(4, 8, 8, 2), labels: [0, 1, 1, 0]}
names = (
    [v.name for v in slim.get_model_variables()]
    + [v.name for v in slim.get_variables_to_restore(exclude=["logits"])]
    + list(slim.utils.convert_collection_to_dict("ends"))
)
FETCHES = [
    ("before", [loss, predictions], {**batch, training: False}),
    ("train", [train, step], {**batch, training: True}),
    ("again", [train, step], {**batch, training: True}),
    ("other", [other, step], {**batch, training: True}),
    ("after", [loss, predictions], {**batch, training: False}),
    ("names", tf.constant(names), None),
]
