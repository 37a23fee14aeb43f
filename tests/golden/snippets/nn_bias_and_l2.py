x = tf.constant(np.arange(12.0).reshape(2, 2, 3), tf.float32, name="x")
b = tf.constant([0.5, -0.5, 1.0], name="b")
m = tf.constant([[1.0, 2.0, 3.0]], name="m")
w = tf.constant(np.ones([3, 2]), tf.float32, name="w")
results = [
    tf.nn.bias_add(x, b),
    tf.nn.bias_add(m, b, name="named"),
    tf.nn.l2_loss(x),
    tf.nn.l2_normalize(x, -1),
    tf.nn.l2_normalize(m, 1),
    tf.nn.xw_plus_b(m, w, tf.constant([1.0, 2.0])),
    tf.nn.relu_layer(m, w, tf.constant([-20.0, 2.0])),
    tf.nn.zero_fraction([0.0, 1.0]),
]
gradients = [[g for g in tf.gradients(r, [x, b, m, w]) if g is not None] for r in results]
second = tf.gradients(gradients[0][1] ** 2 + gradients[1][0][0] ** 2, [x, b])
present = tf.constant([str(g is None) for g in second], name="absent")
FETCHES = [
    ("results", results, None),
    ("gradients", gradients[:7], None),
    ("absent", present, None),
]
