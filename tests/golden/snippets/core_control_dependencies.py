a = tf.constant(1.0, name="a")
b = tf.constant(2.0, name="b")
c = tf.constant(3.0, name="c")
with tf.control_dependencies([a]):
    d = tf.identity(b, name="d")
    with tf.control_dependencies([b, c.op]):
        e = tf.add(a, b, name="e")
        f = tf.constant(4.0, name="f")
        with tf.control_dependencies(None):
            g = tf.identity(c, name="g")
            with tf.control_dependencies([d]):
                h = tf.identity(e, name="h")
        i = tf.square(f, name="i")
        j = tf.no_op(name="j")
    with tf.control_dependencies([]):
        k = tf.identity(c, name="k")
with tf.control_dependencies([d, d, d.op, e]):
    m = tf.add(d, e, name="m")
with tf.get_default_graph().control_dependencies([h]):
    n = tf.placeholder_with_default(1.0, [], name="n")
v = tf.Variable(0.0, name="v")
with tf.control_dependencies([v]):
    p = tf.identity(a, name="p")
with tf.control_dependencies([tf.assign_add(v, 1.0)]):
    q = v + 0.0
FETCHES = [
    ("values", [d, e, f, g, h, i, k, m, n, p], None),
    ("ordered", q, None),
    ("again", q, None),
]
