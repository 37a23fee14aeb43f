tf.set_random_seed(7)
x = tf.placeholder(tf.float32, [None, 3], name="x")


def frozen(getter, name, *args, **kwargs):
    kwargs["trainable"] = False
    return getter(name, *args, **kwargs)


results = []
with tf.variable_scope("a") as scope:
    results += [tf.layers.dense(x, 2), tf.layers.dense(x, 2)]
    with tf.variable_scope(
        "b", reuse=tf.AUTO_REUSE, initializer=tf.zeros_initializer(), regularizer=tf.nn.l2_loss
    ):
        results += [tf.layers.dense(x, 2, name="q"), tf.layers.dense(x, 2, name="q")]
        results.append(tf.layers.dense(x, 2))
with tf.variable_scope(scope, reuse=True):
    results.append(tf.layers.dense(x, 2))
with tf.variable_scope("a", reuse=True):
    results.append(tf.layers.dense(x, 2, name="dense_1"))
with tf.variable_scope("a"):
    results.append(tf.layers.dense(x, 2, name="dense", reuse=True))
with tf.variable_scope("parts", partitioner=tf.fixed_size_partitioner(2)):
    results.append(tf.layers.dense(tf.ones([1, 4]), 2, kernel_regularizer=tf.nn.l2_loss))
    results.append(tf.layers.batch_normalization(x, training=True))
with tf.variable_scope("resource", use_resource=True):
    results.append(tf.layers.dense(x, 2, kernel_regularizer=tf.nn.l2_loss))
with tf.variable_scope("frozen", custom_getter=frozen):
    results.append(tf.layers.dense(x, 2))
results.append(tf.layers.dense(x, 2, trainable=False))
results.append(tf.layers.dense(x, 2, name="in/side"))
for _ in range(2):
    results.append(tf.layers.dense(x, 2, reuse=tf.AUTO_REUSE, name="either"))
with tf.control_dependencies([x]):
    results.append(tf.layers.dense(x, 2, name="controlled"))
with tf.name_scope("names"):
    results += [tf.layers.dense(x, 2), tf.layers.dense(x, 2, name="either", reuse=True)]
for _ in range(2):
    results.append(tf.layers.Dense(2, name="object")(x))
results.append(tf.layers.Dense(2)(x, scope="told"))
trained = tf.constant([v.name for v in tf.trainable_variables()])
losses = tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
feed = {x: np.sin(np.arange(6)).reshape(2, 3)}
FETCHES = [("results", results, feed), ("trained", trained, None), ("losses", losses, feed)]
