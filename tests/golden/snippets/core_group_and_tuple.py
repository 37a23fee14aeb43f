a = tf.constant([1.0, 2.0], name="a")
b = tf.constant(3, name="b")
empty = tf.group(name="empty")
single = tf.group(a, name="single")
several = tf.group(a.op, b.op, name="several")
nested = tf.group([a, [b, single]], name="nested")
with tf.device("/cpu:0"):
    c = tf.constant(1.0, name="c")
with tf.device("/job:localhost/cpu:0"):
    d = tf.constant(1.0, name="d")
devices = tf.group(a, c, d, b, name="devices")
with tf.control_dependencies([b]):
    inside = tf.group(a, name="inside")
t1, t2 = tf.tuple([a, b], name="pair")
t3, none, t4 = tf.tuple([a, None, b], control_inputs=[several])
slices = tf.tuple([tf.IndexedSlices(a, tf.constant([0, 4])), a])
unnamed = tf.group(a, b)
FETCHES = [
    ("group", [several, nested, inside, empty, unnamed], None),
    ("tuple", [t1, t2, t3, t4], None),
]
