halves = tf.fixed_size_partitioner(2)
x = tf.placeholder(tf.float32, [None, 4])
with tf.variable_scope("net"):
    p = tf.get_variable("p", [4, 2], initializer=tf.ones_initializer(), partitioner=halves)
    r = tf.get_variable(
        "r", [2, 3], initializer=tf.ones_initializer(), partitioner=halves, use_resource=True
    )
y = tf.matmul(tf.matmul(x, tf.convert_to_tensor(p)), tf.convert_to_tensor(r))
loss = tf.reduce_sum(y)
with tf.variable_scope("training"):
    train = tf.train.AdamOptimizer().minimize(loss)
tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss)
tf.train.AdagradOptimizer(0.1).minimize(loss)
tf.train.Saver()
parts = [v._get_save_slice_info() for v in tf.global_variables()]
names = ["" if part is None else part.full_name + " " + part.spec for part in parts]
FETCHES = [("parts", tf.constant(names), None)]
