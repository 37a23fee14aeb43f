tf.set_random_seed(777)
pixels = np.sin(np.arange(4 * 8 * 8)).reshape(4, 64).astype(np.float32)
keep = tf.placeholder(tf.float32, name="keep")
x = tf.placeholder(tf.float32, [None, 64], name="x")
image = tf.reshape(x, [-1, 8, 8, 1])
y = tf.placeholder(tf.int64, [None], name="y")
with tf.variable_scope("conv1"):
    kernel = tf.get_variable("kernel", [3, 3, 1, 4])
    bias = tf.get_variable("bias", [4], initializer=tf.zeros_initializer())
    conv1 = tf.nn.relu(
        tf.nn.bias_add(tf.nn.conv2d(image, kernel, strides=[1, 1, 1, 1], padding="SAME"), bias)
    )
    pool1 = tf.nn.max_pool(conv1, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding="SAME")
with tf.variable_scope("conv2"):
    kernel2 = tf.Variable(tf.random_normal([3, 3, 4, 3], stddev=0.1), name="kernel")
    conv2 = tf.nn.relu(tf.nn.conv2d(pool1, kernel2, strides=[1, 1, 1, 1], padding="VALID"))
flat = tf.nn.dropout(tf.reshape(conv2, [-1, 2 * 2 * 3]), keep_prob=keep)
with tf.variable_scope("dense"):
    w = tf.get_variable("w", [12, 3], initializer=tf.glorot_normal_initializer())
    b = tf.Variable(tf.zeros([3]))
logits = tf.matmul(flat, w) + b
cost = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
train = tf.train.AdamOptimizer(learning_rate=0.001).minimize(cost)
feed = {x: pixels, y: [0, 2, 1, 1], keep: 0.7}
test = {x: pixels, y: [0, 2, 1, 1], keep: 1.0}
FETCHES = (
    [("start", [cost, kernel, w], test)]
    + [(f"step_{i}", train, feed) for i in range(3)]
    + [("end", [cost, logits, kernel, b], test)]
)
