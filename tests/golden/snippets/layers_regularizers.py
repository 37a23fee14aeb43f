tf.set_random_seed(7)
keras, contrib = tf.keras.regularizers, tf.contrib.layers
v = tf.get_variable("v", initializer=[[1.0, -2.0, 3.0], [0.5, 0.0, -1.0]])
w = tf.get_variable("w", initializer=[4.0, -5.0])
l1, l2 = contrib.l1_regularizer(0.1), contrib.l2_regularizer(0.1)
losses = [
    r(v)
    for r in [
        keras.l1(),
        keras.l2(0.5),
        keras.l1_l2(0.1, 0.2),
        keras.L1L2(),
        keras.get("l2"),
        keras.get({"class_name": "L1L2", "config": {"l1": 0.5, "l2": 0.0}}),
        l1,
        l2,
        contrib.l1_l2_regularizer(0.1, 0.2),
        contrib.l1_l2_regularizer(),
        contrib.l1_l2_regularizer(0.0, 1.0),
        contrib.l1_l2_regularizer(1.0, 0.0),
        contrib.l1_l2_regularizer(0.1, 0.2, scope="scope"),
        contrib.l1_regularizer(0.1, scope="scope"),
        contrib.l2_regularizer(0.1, scope="scope"),
        contrib.sum_regularizer([l1, l2]),
        contrib.sum_regularizer([l1, None, lambda _: None], scope="sum"),
    ]
]
tf.add_to_collection(tf.GraphKeys.WEIGHTS, v)
losses += [contrib.apply_regularization(l1), contrib.apply_regularization(l2, [v, w])]
losses.append(contrib.apply_regularization(lambda _: None, [w]))
with tf.variable_scope("scoped", regularizer=l2):
    tf.get_variable("z", initializer=[1.0, 2.0])
FETCHES = [
    ("losses", losses, None),
    ("kept", tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES), None),
    ("gradients", [tf.gradients(loss, v) for loss in losses[:2] + losses[4:9]], None),
]
