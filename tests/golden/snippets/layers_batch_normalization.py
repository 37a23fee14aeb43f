tf.set_random_seed(7)
x = tf.placeholder(tf.float32, [None, 3], name="x")
image = tf.placeholder(tf.float32, [None, 4, 5, 3], name="image")
training = tf.placeholder_with_default(False, [], name="training")
results = [
    tf.layers.batch_normalization(x),
    tf.layers.batch_normalization(x, training=True, momentum=0.9, epsilon=1e-5),
    tf.layers.batch_normalization(x, training=training, gamma_regularizer=tf.nn.l2_loss),
    tf.layers.batch_normalization(x, training=True, scale=False),
    tf.layers.batch_normalization(x, training=True, center=False),
    tf.layers.batch_normalization(x, training=True, center=False, scale=False),
    tf.layers.batch_normalization(x, training=True, name="shared"),
    tf.layers.batch_normalization(x + 1.0, training=True, name="shared", reuse=True),
    tf.layers.batch_normalization(image),
    tf.layers.batch_normalization(image, training=True),
    tf.layers.batch_normalization(image, training=training, center=False, scale=False),
    tf.layers.batch_normalization(image, training=True, fused=False),
    tf.layers.batch_normalization(image, training=True, fused=False, axis=1),
    tf.layers.batch_normalization(image, training=True, axis=[2, 3]),
    tf.layers.batch_normalization(image, trainable=False, moving_mean_initializer="ones"),
    tf.layers.batch_normalization(tf.cast(image, tf.float16), training=True),
    tf.layers.batch_normalization(tf.cast(image, tf.float16), training=True, fused=False),
    tf.layers.batch_normalization(tf.cast(x, tf.float64), training=True),
    tf.layers.batch_normalization(x, training=True, renorm=True),
    tf.layers.batch_normalization(
        image,
        training=training,
        renorm=True,
        renorm_clipping={"rmin": 0.3, "rmax": 3.0, "dmax": 5.0},
    ),
    tf.layers.batch_normalization(image, training=True, virtual_batch_size=2),
    tf.layers.batch_normalization(
        x, training=training, adjustment=lambda shape: (2.0 * tf.ones([1, 3]), tf.ones([1, 3]))
    ),
    tf.layers.batch_normalization(x, training=None),
]
layer = tf.layers.BatchNormalization(name="object")
results += [layer(x, training=True), layer(x * 2.0, training=True), layer(x)]
with tf.variable_scope("resource", use_resource=True):
    results.append(tf.layers.batch_normalization(x, training=True))
    results.append(tf.layers.batch_normalization(x, training=training))
tf.layers.batch_normalization(image, axis=1)
# Of several updates of one variable, which nothing orders, only the first.
updates = [
    update
    for update in tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    if not update.name.startswith(
        ("shared_1", "object/AssignMovingAvg_2", "object/AssignMovingAvg_3")
    )
]
averages = [v for v in tf.global_variables() if "moving" in v.name or "renorm" in v.name]
values = {
    x: 0.3 + np.sin(np.arange(12)).reshape(4, 3),
    image: 0.5 + np.cos(np.arange(4 * 4 * 5 * 3)).reshape(4, 4, 5, 3),
}
sums = [tf.reduce_sum(tf.exp(results[i])) for i in (1, 2, 9, 10)]
gradients = tf.gradients(sums, [x, image] + tf.trainable_variables())
gradients = [g for g in gradients if g is not None]
FETCHES = [
    ("results", results, values),
    ("while training", results, {**values, training: True}),
    ("gradients", gradients, values),
    ("gradients while training", gradients, {**values, training: True}),
    ("updates", updates, values),
    ("averages", averages, None),
    ("updates while training", updates, {**values, training: True}),
    ("averages after training", averages, None),
]
