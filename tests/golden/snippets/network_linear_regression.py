tf.set_random_seed(777)
x_train = [1, 2, 3]
y_train = [1, 2, 3]
w = tf.Variable(tf.random_normal([1]), name="weight")
b = tf.Variable(tf.random_normal([1]), name="bias")
hypothesis = x_train * w + b
cost = tf.reduce_mean(tf.square(hypothesis - y_train))
train = tf.train.GradientDescentOptimizer(learning_rate=0.01).minimize(cost)
FETCHES = (
    [("start", [cost, w, b], None)]
    + [(f"step_{i}", train, None) for i in range(5)]
    + [("end", [cost, w, b, hypothesis], None)]
)
