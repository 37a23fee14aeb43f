a = tf.constant(1.0, name="a")
with tf.device("/cpu:0"):
    b = tf.constant(2.0, name="b")
with tf.colocate_with(a):
    c = tf.constant(3.0, name="c")
    with tf.colocate_with(b):
        d = tf.constant(4.0, name="d")
    with tf.colocate_with(b, ignore_existing=True):
        e = tf.add(c, d, name="e")
    with tf.colocate_with(None, ignore_existing=True):
        f = tf.constant(5.0, name="f")
    with tf.device("/cpu:0"):
        g = tf.constant(6.0, name="g")
with tf.get_default_graph().colocate_with(c.op):
    h = tf.identity(a, name="h")
    v = tf.Variable(1.0, name="v")
with tf.colocate_with(v):
    i = tf.zeros([2], name="i")
FETCHES = [("values", [c, d, e, f, g, h, i], None)]
