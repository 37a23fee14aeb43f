x = tf.Variable(tf.constant(2.0), name="x")
f = x**2
opt = tf.train.GradientDescentOptimizer(0.1)
grads_and_vars = opt.compute_gradients(f, [x])
step = opt.apply_gradients(grads_and_vars)
with tf.control_dependencies([f]):
    ordered = tf.no_op(name="ordered")
FETCHES = (
    [("before", [x, f], None)]
    + [(f"step_{i}", step, None) for i in range(5)]
    + [("after", [x, f, grads_and_vars[0][0]], None)]
)
