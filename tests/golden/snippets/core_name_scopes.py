with tf.name_scope("outer") as outer:
    a = tf.constant(1.0, name="a")
    with tf.name_scope("inner"):
        b = tf.constant(2.0, name="a")
        c = tf.add(a, b, name="sum")
    with tf.name_scope("inner"):
        d = c * 2.0
    with tf.name_scope(None):
        e = tf.constant(3.0, name="a")
    with tf.name_scope("/".join(["x", "y"])):
        f = tf.negative(e)
with tf.name_scope("outer"):
    g = tf.constant(4.0, name="a")
with tf.name_scope(outer):
    h = tf.constant(5.0, name="a")
with tf.name_scope("outer/"):
    i = tf.constant(6.0, name="fresh")
with tf.name_scope(None, "fallback", [a, b]) as scope:
    j = tf.identity(a, name=scope)
with tf.name_scope("given", "fallback", [a, b]) as scope:
    k = tf.multiply(a, b, name=scope)
with tf.name_scope(""):
    m = tf.constant(7.0, name="a")
names = tf.constant([t.name for t in (a, b, c, d, e, f, g, h, i, j, k, m)], name="names")
FETCHES = [("names", names, None), ("sum", [c, d, f, j, k], None)]
