import sys

x = tf.placeholder(tf.float32, [None], name="x")
printed = tf.Print(x, [x, tf.shape(x)], "x: ", first_n=2, summarize=5)
checked = tf.check_numerics(x * 2.0, "not finite", name="checked")
verified = tf.verify_tensor_all_finite(x, "verify", name="verified")
asserted = tf.Assert(tf.reduce_all(x < 10.0), ["too large", tf.constant(3)], name="plain_assert")
with tf.control_dependencies([asserted]):
    y = printed + checked
gradient = tf.gradients(tf.reduce_sum(printed * checked), x)
line = tf.print("x", x, output_stream=sys.stderr, name="line")
checks = tf.add_check_numerics_ops()
FETCHES = [
    ("y", [y, gradient, verified], {x: [1.0, 2.0]}),
    ("nan", checked, {x: [1.0, np.nan]}),
    ("infinite", checked, {x: [1.0, np.inf]}),
    ("both", checked, {x: [np.inf, np.nan]}),
    ("assert", y, {x: [1.0, 20.0]}),
    ("line", line, {x: [1.0]}),
    ("checks", checks, {x: [1.0]}),
]
