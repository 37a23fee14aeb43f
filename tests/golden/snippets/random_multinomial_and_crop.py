tf.set_random_seed(8)
logits = tf.constant([[0.0, 1.0, 2.0], [3.0, 0.0, 0.0]], name="logits")
a = tf.multinomial(logits, 6)
b = tf.random.categorical(logits, 4, seed=2)
c = tf.random_crop(tf.reshape(tf.range(36), [6, 6]), [3, 2])
FETCHES = [("run_1", [a, b, c], None), ("run_2", [a, b, c], None)]
