w = tf.Variable([[3.0, -4.0]], name="w")
unused = tf.Variable(1.0, name="unused")
step = tf.Variable(0, trainable=False, name="step")
loss = tf.reduce_sum(w**2)
optimizer = tf.train.GradientDescentOptimizer(0.1)
pairs = optimizer.compute_gradients(loss)
clipped = [(tf.clip_by_norm(g, 1.0), v) for g, v in pairs if g is not None]
train = optimizer.apply_gradients(clipped, global_step=step, name="train")
gradients, variables = zip(*[p for p in pairs if p[0] is not None])
by_norm, norm = tf.clip_by_global_norm(gradients, 5.0)
second = optimizer.apply_gradients(zip(by_norm, variables))
weighted = optimizer.compute_gradients(loss, grad_loss=tf.constant(2.0))
facts = tf.constant(
    [str(g is None) + " " + v.name for g, v in pairs] + [train.name, second.name], name="facts"
)
FETCHES = [
    ("facts", facts, None),
    ("weighted", weighted[0][0], None),
    ("step_1", train, None),
    ("after_1", [w, step, norm], None),
    ("step_2", second, None),
    ("after_2", [w, step], None),
]
