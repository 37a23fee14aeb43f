a = tf.constant(1.0, name="a")
with tf.device("/cpu:0"):
    b = tf.constant(1.0, name="b")
    with tf.device("/job:worker/task:1"):
        c = tf.constant(1.0, name="c")
        with tf.device(None):
            d = tf.constant(1.0, name="d")
    with tf.device("/device:CPU:0"):
        e = tf.constant(1.0, name="e")
with tf.device("/job:ps"):
    with tf.device("/gpu:3"):
        f = tf.constant(1.0, name="f")
    with tf.device("/job:local/replica:0/task:0/device:GPU:1"):
        g = tf.placeholder(tf.float32, name="g")


def by_type(op):
    return "/cpu:0" if op.type == "Const" else "/job:other"


with tf.device(by_type):
    h = tf.constant(1.0, name="h")
    i = tf.negative(h, name="i")
    with tf.device("/task:2"):
        j = tf.negative(h, name="j")
with tf.device("/cpu:0"):
    v = tf.Variable(2.0, name="v")
    w = tf.get_variable("w", [2])
seen = tf.constant([t.device for t in (a, b, c, d, e, f, g, h, i, j, v, w)], name="seen")
tf.add_to_collection("seen", seen)
