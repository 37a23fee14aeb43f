tf.set_random_seed(5)
ids = tf.placeholder(tf.int32, [None, 3], name="ids")
labels = tf.placeholder(tf.int32, [None], name="labels")
table = tf.get_variable("table", [7, 4], initializer=tf.random_uniform_initializer(-1.0, 1.0))
w = tf.get_variable("w", [4, 2])
averaged = tf.reduce_mean(tf.nn.embedding_lookup(table, ids), axis=1)
logits = tf.matmul(averaged, w)
loss = tf.reduce_mean(
    tf.nn.softmax_cross_entropy_with_logits_v2(labels=tf.one_hot(labels, 2), logits=logits)
)
train = tf.train.AdamOptimizer(0.05).minimize(loss)
feed = {ids: [[0, 1, 1], [5, 6, 0]], labels: [0, 1]}
FETCHES = (
    [("start", loss, feed)]
    + [(f"step_{i}", train, feed) for i in range(3)]
    + [("end", [loss, table, w], feed)]
)
