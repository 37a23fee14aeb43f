tf.set_random_seed(777)
data = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)
target = np.array([[0], [1], [1], [0]], np.float32)
x = tf.placeholder(tf.float32, [None, 2], name="x")
y = tf.placeholder(tf.float32, [None, 1], name="y")
with tf.name_scope("Layer1"):
    w1 = tf.Variable(tf.random_normal([2, 4]), name="weight_1")
    b1 = tf.Variable(tf.random_normal([4]), name="bias_1")
    layer1 = tf.sigmoid(tf.matmul(x, w1) + b1)
    tf.summary.histogram("W1", w1)
    tf.summary.histogram("Layer1", layer1)
with tf.name_scope("Layer2"):
    w2 = tf.Variable(tf.random_normal([4, 1]), name="weight_2")
    b2 = tf.Variable(tf.random_normal([1]), name="bias_2")
    hypothesis = tf.sigmoid(tf.matmul(layer1, w2) + b2)
with tf.name_scope("Cost"):
    cost = -tf.reduce_mean(y * tf.log(hypothesis) + (1 - y) * tf.log(1 - hypothesis))
    tf.summary.scalar("Cost", cost)
with tf.name_scope("Train"):
    train = tf.train.AdamOptimizer(learning_rate=0.01).minimize(cost)
predicted = tf.cast(hypothesis > 0.5, dtype=tf.float32)
accuracy = tf.reduce_mean(tf.cast(tf.equal(predicted, y), dtype=tf.float32))
merged = tf.summary.merge_all()
feed = {x: data, y: target}
FETCHES = [("start", [cost, w1, w2], feed)] + [(f"step_{i}", train, feed) for i in range(5)]
FETCHES += [("end", [cost, accuracy, hypothesis, w1, b1, w2, b2], feed)]
