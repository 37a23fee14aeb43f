x = tf.placeholder(tf.float32, [None], name="x")
condition = tf.reduce_all(x < 10.0)
asserted = tf.Assert(condition, ["too large", x], summarize=4)
with tf.control_dependencies([asserted]):
    y = tf.identity(x)
FETCHES = [("passes", y, {x: [1.0, 2.0]}), ("fails", y, {x: [1.0, 20.0, 30.0, 40.0, 50.0]})]
