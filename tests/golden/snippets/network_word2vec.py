tf.set_random_seed(777)
centers = tf.placeholder(tf.int32, [None], name="centers")
contexts = tf.placeholder(tf.int32, [None, 1], name="contexts")
embeddings = tf.Variable(tf.random_uniform([50, 8], -1.0, 1.0), name="embeddings")
nce_weights = tf.Variable(tf.truncated_normal([50, 8], stddev=0.35), name="nce_weights")
nce_biases = tf.Variable(tf.zeros([50]), name="nce_biases")
embedded = tf.nn.embedding_lookup(embeddings, centers)
loss = tf.reduce_mean(
    tf.nn.nce_loss(
        weights=nce_weights,
        biases=nce_biases,
        labels=contexts,
        inputs=embedded,
        num_sampled=10,
        num_classes=50,
    )
)
step = tf.train.GradientDescentOptimizer(1.0).minimize(loss)
length = tf.sqrt(tf.reduce_sum(tf.square(embeddings), 1, keep_dims=True))
similarity = tf.matmul(embeddings / length, embeddings / length, transpose_b=True)
words = np.arange(16) * 7 % 50
BATCH = {centers: words, contexts: np.roll(words, 1)[:, None]}
FETCHES = [("init", tf.global_variables_initializer(), None)]
FETCHES += [(f"step_{i}", [step, loss], BATCH) for i in range(3)]
FETCHES += [("trained", [embeddings, nce_weights, nce_biases], None)]
FETCHES += [("similar", similarity[:3], None)]
