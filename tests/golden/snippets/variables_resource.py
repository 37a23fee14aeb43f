v = tf.Variable([1.0, 2.0], name="v", use_resource=True)
w = tf.get_variable("w", [2, 2], initializer=tf.ones_initializer(), use_resource=True)
with tf.variable_scope("scope", use_resource=True):
    u = tf.get_variable("u", [], initializer=tf.constant_initializer(3.0))
y = tf.reduce_sum(v * w) * u
gradients = tf.gradients(y, [v, w, u])
set_v = v.assign([5.0, 6.0])
add_v = v.assign_add([1.0, 1.0])
sub_v = tf.assign_sub(v, [0.5, 0.5])
operation = w.assign(w * 2.0, read_value=False)
with tf.control_dependencies([set_v]):
    after = v + 0.0
    value = v.read_value()
gathered = tf.gather(w, [1, 1])
sparse = tf.gradients(gathered * 3.0, w)
initialized = tf.is_variable_initialized(v)
scattered = w.scatter_add(tf.IndexedSlices(tf.constant([[1.0, 1.0]]), tf.constant([0])))
facts = [
    repr(v),
    str(v),
    v.name,
    v.op.name,
    str(v.dtype),
    v.handle.name,
    v.initializer.name,
    repr(v.shape),
    v.value().name,
    v.op.type,
]
FETCHES = [
    ("y", y, None),
    ("gradients", gradients, None),
    ("variables", [v, w, u, v.value(), initialized], None),
    ("set", set_v, None),
    ("add", add_v, None),
    ("sub", sub_v, None),
    ("operation", operation, None),
    ("w", w, None),
    ("after", [after, value], None),
    ("sparse", sparse, None),
    ("scattered", scattered, None),
    ("gathered", gathered, None),
    ("facts", tf.constant(facts, name="facts"), None),
]
