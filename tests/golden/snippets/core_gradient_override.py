@tf.RegisterGradient("GoldenTenfold")
def tenfold(op, dy):
    return tf.multiply(dy, 10.0, name="tenfold") + op.inputs[0]


x = tf.constant([1.0, 2.0], name="x")
graph = tf.get_default_graph()
with graph.gradient_override_map({"Square": "GoldenTenfold"}):
    y = tf.square(x)
    with graph.gradient_override_map({"Exp": "GoldenTenfold"}):
        z = tf.exp(tf.square(x))
    w = tf.exp(x)
u = tf.square(x)
gradients = tf.gradients([y, z, w, u], x)
FETCHES = [("gradients", gradients, None)]
