tf.set_random_seed(7)
x = tf.placeholder(tf.float32, [None, 4, 3], name="x")
training = tf.placeholder_with_default(False, [], name="training")
results = [
    tf.layers.dropout(x),
    tf.layers.dropout(x, training=True),
    tf.layers.dropout(x, 0.3, seed=3, training=training, noise_shape=[None, 1, 3]),
    tf.layers.dropout(x, rate=tf.constant(0.25), training=1),
    tf.layers.dropout(x, rate=0.0, training=training),
    tf.layers.dropout(x, 0.5, noise_shape=(2, 1, 3), training=True, name="whole"),
    tf.layers.dropout(x, 0.5, training=None),
    tf.layers.Dropout(0.5, seed=5)(x, training=training),
    tf.layers.flatten(x),
    tf.layers.flatten(x, data_format="channels_first"),
    tf.layers.flatten(tf.placeholder_with_default([1.0, 2.0], [None])),
    tf.layers.flatten(tf.placeholder_with_default([[[1.0, 2.0]]], [None, None, 2])),
    tf.layers.flatten(tf.placeholder_with_default([[[1.0, 2.0]]], [1, None, 2]), name="known"),
]
values = np.sin(np.arange(24)).reshape(2, 4, 3)
gradients = tf.gradients([tf.reduce_sum(results[2]), tf.reduce_sum(results[8] ** 2)], x)
FETCHES = [
    ("results", results, {x: values}),
    ("while training", results, {x: values, training: True}),
    ("gradients", gradients, {x: values, training: True}),
]
