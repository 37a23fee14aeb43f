tf.set_random_seed(3)
tall = tf.get_variable("tall", [4, 2], initializer=tf.orthogonal_initializer())
wide = tf.get_variable("wide", [2, 4], initializer=tf.orthogonal_initializer(gain=2.0, seed=5))
deep = tf.get_variable("deep", [2, 2, 3], initializer=tf.initializers.orthogonal())
FETCHES = [("values", [tall, wide, deep], None)]
