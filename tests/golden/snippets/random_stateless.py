uniform = tf.random.stateless_uniform([2, 3], [1, 2])
bounded = tf.random.stateless_uniform([4], [1, 2], 1.0, 3.0, name="bounded")
integers = tf.random.stateless_uniform([4], [7, 2], 0, 9, tf.int32)
double = tf.random.stateless_uniform([2], tf.constant([1, 2]), dtype=tf.float64)
normal = tf.random.stateless_normal([3], [1, 2], 1.0, 2.0, name="n")
truncated = tf.random.stateless_truncated_normal([3], [3, 4])
draws = tf.random.stateless_multinomial(tf.zeros([2, 3]), 4, [1, 2])
classes = tf.random.stateless_categorical(tf.zeros([2, 3]), 4, [1, 2], tf.int32)
seed = tf.placeholder(tf.int64, [2], name="seed")
fed = tf.random.stateless_normal([2], seed)
FETCHES = [
    ("drawn", [uniform, bounded, integers, double, normal, truncated, draws, classes], None),
    ("again", [uniform, normal], None),
    ("one seed", fed, {seed: [1, 2]}),
    ("another seed", fed, {seed: [2, 1]}),
]
