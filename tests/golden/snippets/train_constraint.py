w = tf.get_variable(
    "w", initializer=[1.0, -2.0], constraint=lambda t: tf.clip_by_value(t, -1.0, 0.95)
)
r = tf.get_variable("r", initializer=[1.0, -2.0], constraint=tf.abs, use_resource=True)
train = tf.train.GradientDescentOptimizer(0.01).minimize(
    tf.reduce_sum(w * w) + tf.reduce_sum(r * r)
)
FETCHES = [("train", train, None), ("after", [w, r], None)]
