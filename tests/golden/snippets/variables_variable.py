a = tf.Variable(1.0, name="a")
b = tf.Variable([[1, 2], [3, 4]])
c = tf.Variable(tf.zeros([2, 3]), trainable=False, name="c")
d = tf.Variable(lambda: tf.ones([2]), name="d", dtype=tf.float32)
e = tf.Variable("text", name="e")
f = tf.Variable(tf.placeholder_with_default([1.0], [None]), validate_shape=False, name="f")
g = tf.Variable(a.initialized_value() * 2.0, name="g")
h = tf.Variable(3.0, name="h", collections=["mine"], expected_shape=[])
with tf.name_scope("scope"):
    i = tf.Variable(0.5, name="i", constraint=lambda t: t)
    j = tf.Variable(0.5)
k = tf.Variable(np.float64(2.0), name="k", use_resource=False)
m = tf.Variable(True, name="m", caching_device=None)
facts = [
    a.name,
    a.op.name,
    str(a.shape),
    repr(b),
    str(c.trainable),
    a.initializer.name,
    a.initial_value.name,
    a.value().name,
    str(f.shape),
    str([v.name for v in tf.trainable_variables()]),
    str(a.graph is tf.get_default_graph()),
    str(a.dtype),
    str(i.constraint is not None),
    str([v.name for v in tf.get_collection("mine")]),
    a.device,
    str(b.get_shape().as_list()),
    str(a.read_value().name),
    a._ref().name,
]
total = a + g * 2.0
init = tf.variables_initializer([h])
nothing = tf.variables_initializer([], name="nothing")
FETCHES = [
    ("values", [a, b, c, d, e, f, g, i, j, k, m, total], None),
    ("uninitialized", h, None),
    ("init", [init, nothing], None),
    ("h", h, None),
    ("facts", tf.constant(facts, name="facts"), None),
]
