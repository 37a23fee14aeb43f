@tf.RegisterGradient("GoldenScaled")
def scaled(op, dy):
    return dy * 5.0


@tf.RegisterGradient("GoldenPair")
def paired(op, dy):
    return [dy * op.inputs[1], None]


x = tf.constant([2.0, 3.0], name="x")
y = tf.constant([4.0, 5.0], name="y")
graph = tf.get_default_graph()
with graph.gradient_override_map({"Identity": "GoldenScaled", "Mul": "GoldenPair"}):
    a = tf.identity(x)
    b = tf.multiply(x, y)
gradients = tf.gradients([a, b], [x, y])
facts = tf.constant(str(gradients[1]), name="facts")
FETCHES = [("gradients", gradients[:1], None), ("facts", facts, None)]
