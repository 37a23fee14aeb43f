step = tf.train.get_or_create_global_step()
same = tf.constant(
    [str(tf.train.get_global_step() is step), step.name, str(step.dtype), str(step.trainable)],
    name="facts",
)
rate = tf.train.exponential_decay(0.1, step, 2, 0.5, staircase=True)
smooth = tf.train.exponential_decay(0.1, step, 2, 0.5, name="smooth")
w = tf.Variable(1.0, name="w")
train = tf.train.GradientDescentOptimizer(rate).minimize(w * w, global_step=step)
FETCHES = [("facts", same, None)]
for i in range(3):
    FETCHES += [
        (f"rates_{i}", [rate, smooth], None),
        (f"step_{i}", train, None),
        (f"after_{i}", [w, step], None),
    ]
