x = tf.constant(1.0, name="x")
tf.constant(1.0, name="x")
tf.constant(1.0, name="X")
tf.constant(1.0, name="x_1")
tf.constant(1.0, name="x")
tf.constant(1.0, name="y/z")
tf.constant(1.0, name="y")
tf.constant(1.0, name="y/z")
with tf.name_scope("y"):
    tf.constant(1.0, name="z")
graph = tf.get_default_graph()
peeked = [graph.unique_name("x", mark_as_used=False), graph.unique_name("x", mark_as_used=False)]
taken = [
    graph.unique_name("x"),
    graph.unique_name("x"),
    graph.unique_name("new"),
    graph.unique_name("new"),
]
tf.constant(peeked + taken, name="unique")
tf.constant(2.0, name="new")
x + x
x + x
x - x
tf.placeholder(tf.float32)
tf.placeholder(tf.float32)
tf.placeholder(tf.float32)
tf.constant(1.0)
tf.constant(1.0)
FETCHES = [("unique", "unique:0", None)]
