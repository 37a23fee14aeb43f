x = tf.placeholder(tf.float32, shape=[None, 10])
w = tf.Variable(tf.random_normal([10, 20], seed=1), name="w")
b = tf.Variable(tf.zeros([20]), name="b")
y = x @ w
activated = tf.nn.relu(y + b)
three = [tf.placeholder(tf.float32) for _ in range(3)]
variable = tf.Variable(2.0, name="x")
f = variable**2
train = tf.train.GradientDescentOptimizer(0.1).minimize(f)
text = [
    str(y),
    str(activated),
    str([t.op.name for t in three]),
    str(tf.trainable_variables()),
    str(train.name),
    str([o.name for o in tf.get_default_graph().get_operations()][:3]),
]
FETCHES = [("text", tf.constant(text, name="text"), None), ("y", activated, {x: np.ones([1, 10])})]
for i in range(10):
    FETCHES.append((f"step_{i}", train, None))
FETCHES.append(("end", [variable, f], None))
