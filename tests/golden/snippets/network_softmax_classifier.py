tf.set_random_seed(777)
x = tf.placeholder("float", [None, 4])
y = tf.placeholder("float", [None, 3])
w = tf.Variable(tf.random_normal([4, 3]), name="weight")
b = tf.Variable(tf.random_normal([3]), name="bias")
logits = tf.matmul(x, w) + b
hypothesis = tf.nn.softmax(logits)
cost = tf.reduce_mean(-tf.reduce_sum(y * tf.log(hypothesis), axis=1))
fused = tf.reduce_mean(
    tf.nn.softmax_cross_entropy_with_logits_v2(logits=logits, labels=tf.stop_gradient([y]))
)
train = tf.train.GradientDescentOptimizer(learning_rate=0.1).minimize(cost)
second = tf.train.AdagradOptimizer(0.1).minimize(fused)
prediction = tf.argmax(hypothesis, 1)
accuracy = tf.reduce_mean(tf.cast(tf.equal(prediction, tf.argmax(y, 1)), tf.float32))
data = [[1, 2, 1, 1], [2, 1, 3, 2], [3, 1, 3, 4], [4, 1, 5, 5], [1, 7, 5, 5]]
classes = [[0, 0, 1], [0, 0, 1], [0, 0, 1], [0, 1, 0], [1, 0, 0]]
feed = {x: data, y: classes}
FETCHES = [("start", [cost, fused], feed)] + [(f"step_{i}", train, feed) for i in range(3)]
FETCHES += [(f"fused_{i}", second, feed) for i in range(3)] + [
    ("end", [cost, fused, w, b, hypothesis, prediction, accuracy], feed)
]
