x = tf.Variable(2.0, name="x")
y = x**2
z = y * x + tf.sin(x)
u = tf.constant(5.0, name="u")
g1 = tf.gradients(y, x)
g2 = tf.gradients(z, [x, y])
g3 = tf.gradients([y, z], [x])
g4 = tf.gradients(z, x, name="named")
with tf.name_scope("scope"):
    g5 = tf.gradients(y, x)
g6 = tf.gradients(y, [x, u])
g7 = tf.gradients(x, x)
facts = tf.constant([str(g6[1]), str(tf.gradients(u, x)), str(len(g3))], name="facts")
shared = tf.gradients(y * y + y, x)
FETCHES = [("gradients", [g1, g2, g3, g4, g5, g6[0], g7, shared], None), ("facts", facts, None)]
